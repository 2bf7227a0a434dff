//! Applications and resources that people use, as logs name them.

/// An application or resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct App {
    /// Application id, as the record spells it.
    pub id: &'static str,
    /// Display name.
    pub name: &'static str,
}

/// Microsoft's tenant that owns its applications, and somebody's that owns another.
const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";
const SOMEBODY: &str = "5c3b7c1e-6d0f-4f5e-9f5a-1d2c3b4a5e6f";

/// An application that is none of Microsoft's.
pub(super) const MAIL_UPGRADE: App = app("5f1cbd0a-9c0e-4b5e-8f0c-2b7f43f0d6a1", "Mail Upgrade Assistant");

impl App {
    /// The tenant that it belongs to.
    pub(super) fn owner(&self) -> &'static str {
        if self.id == MAIL_UPGRADE.id { SOMEBODY } else { MICROSOFT }
    }
}

const fn app(id: &'static str, name: &'static str) -> App {
    App { id, name }
}

pub(super) const OFFICE: App = app("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office");
pub(super) const TEAMS: App = app("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams");
pub(super) const TEAMS_WEB: App = app("5e3ce6c0-2b1f-4285-8d4b-75ee78787346", "Microsoft Teams Web Client");
pub(super) const ONEDRIVE: App = app("ab9b8c07-8f02-4f72-87fa-80105867a763", "OneDrive SyncEngine");
pub(super) const EDGE: App = app("ecd6b820-32c2-49b6-98a6-444530e5a77a", "Microsoft Edge");
pub(super) const OUTLOOK_WEB: App = app("9199bf20-a13f-4107-85dc-02114787ef48", "One Outlook Web");
pub(super) const OUTLOOK_MOBILE: App = app("27922004-5251-4030-b22d-91ecd9a37ea4", "Outlook Mobile");
pub(super) const AUTHENTICATOR: App = app("4813382a-8fa7-425e-ab75-3b753aab3abb", "Microsoft Authenticator App");
pub(super) const OFFICE_HOME: App = app("4765445b-32c6-49b0-83e6-1d93765276ca", "OfficeHome");
pub(super) const SHAREPOINT_WEB: App =
    app("08e18876-6177-487e-b8b5-cf950c1e598c", "SharePoint Online Web Client Extensibility");
pub(super) const POWER_BI: App = app("871c010f-5e61-4fb1-83ac-98610a7e9110", "Microsoft Power BI");
pub(super) const AZURE_PORTAL: App = app("c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal");
pub(super) const AZURE_CLI: App = app("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI");
pub(super) const AZURE_POWERSHELL: App = app("1950a258-227b-4e31-a9cf-717495945fc2", "Microsoft Azure PowerShell");
pub(super) const OFFICE_MANAGEMENT: App = app("00b41c95-dab0-4487-9791-b9d2c32c80f2", "Office 365 Management");
pub(super) const VS_CODE: App = app("aebc6443-996d-45c2-90f0-388ff96faa56", "Visual Studio Code");
pub(super) const DEVOPS: App = app("499b84ac-1321-427f-aa17-267ca6975798", "Azure DevOps");
pub(super) const BROKER: App = app("29d9ed98-a469-4536-ade2-f981bc1d605e", "Microsoft Authentication Broker");
pub(super) const TEAMS_ROOM: App = app("eb20f3e3-3dce-4d2c-b721-ebb8d4414067", "Managed Meeting Rooms");
pub(super) const MY_SIGNINS: App = app("19db86c3-b2b9-44cc-b339-36da233a3be2", "My Signins");

pub(super) const GRAPH: App = app("00000003-0000-0000-c000-000000000000", "Microsoft Graph");
pub(super) const EXCHANGE: App = app("00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online");
pub(super) const SHAREPOINT: App = app("00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online");
pub(super) const AAD_GRAPH: App = app("00000002-0000-0000-c000-000000000000", "Windows Azure Active Directory");
pub(super) const AZURE_MANAGEMENT: App =
    app("797f4846-ba00-4fd7-ba43-dac1f8f63013", "Windows Azure Service Management API");
pub(super) const TEAMS_SERVICE: App = app("cc15fd57-2c6c-4117-a88c-83b1d56b4bbe", "Microsoft Teams Services");
pub(super) const DEVICE_REGISTRATION: App = app("01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9", "Device Registration Service");
pub(super) const KEY_VAULT: App = app("cfa8b339-82a2-471a-a3c9-0fc0be7a4093", "Azure Key Vault");
pub(super) const STORAGE: App = app("e406a681-f3d4-42a8-90b6-c2b029497af1", "Azure Storage");

/// Template id of the Global Administrator role.
pub(super) const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
/// A client and the resource it asks for, with the scopes it gets.
pub(super) type Use = (App, App, &'static str);

/// What runs on a person's machine all day.
pub(super) const DESK: [Use; 8] = [
    (TEAMS, GRAPH, "Calendars.ReadWrite Chat.ReadWrite openid profile User.Read"),
    (TEAMS, TEAMS_SERVICE, "user_impersonation"),
    (OFFICE, EXCHANGE, "Calendars.ReadWrite Mail.ReadWrite Mail.Send"),
    (OFFICE, SHAREPOINT, "AllSites.Write MyFiles.Write"),
    (OFFICE, GRAPH, "Files.ReadWrite.All openid profile User.Read"),
    (ONEDRIVE, SHAREPOINT, "MyFiles.Write"),
    (EDGE, GRAPH, "openid profile User.Read"),
    (OFFICE, AAD_GRAPH, "user_impersonation"),
];

/// What people open in a browser.
pub(super) const WEB: [Use; 6] = [
    (OFFICE_HOME, GRAPH, "openid profile User.Read"),
    (OUTLOOK_WEB, EXCHANGE, "Mail.ReadWrite Mail.Send"),
    (SHAREPOINT_WEB, SHAREPOINT, "AllSites.Write"),
    (TEAMS_WEB, TEAMS_SERVICE, "user_impersonation"),
    (POWER_BI, GRAPH, "openid profile User.Read"),
    (MY_SIGNINS, GRAPH, "UserAuthenticationMethod.Read"),
];

/// What runs on a phone.
pub(super) const PHONE: [Use; 4] = [
    (OUTLOOK_MOBILE, EXCHANGE, "Calendars.ReadWrite Mail.ReadWrite Mail.Send"),
    (TEAMS, TEAMS_SERVICE, "user_impersonation"),
    (OUTLOOK_MOBILE, GRAPH, "openid profile User.Read"),
    (AUTHENTICATOR, AAD_GRAPH, "user_impersonation"),
];

/// What developers and administrators open beside.
pub(super) const TECHNICAL: [Use; 3] = [
    (AZURE_PORTAL, AZURE_MANAGEMENT, "user_impersonation"),
    (DEVOPS, AZURE_MANAGEMENT, "user_impersonation"),
    (VS_CODE, AZURE_MANAGEMENT, "user_impersonation"),
];

/// What only Azure's command line asks for.
pub(super) const COMMAND_LINE: [Use; 3] = [
    (AZURE_CLI, AZURE_MANAGEMENT, "user_impersonation"),
    (AZURE_CLI, GRAPH, "AuditLog.Read.All Directory.AccessAsUser.All"),
    (AZURE_CLI, KEY_VAULT, "user_impersonation"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::guid::Guid;
    use crate::knowledge::{apps, foci};

    #[test]
    fn ids_are_those_of_the_knowledge() {
        for (app, known) in [
            (AZURE_CLI, apps::AZURE_CLI),
            (AZURE_POWERSHELL, apps::AZURE_POWERSHELL),
            (OFFICE_MANAGEMENT, apps::OFFICE_365_MANAGEMENT),
            (BROKER, apps::AUTHENTICATION_BROKER),
            (GRAPH, apps::MICROSOFT_GRAPH),
            (EXCHANGE, apps::EXCHANGE_ONLINE),
            (SHAREPOINT, apps::SHAREPOINT_ONLINE),
            (AAD_GRAPH, apps::AZURE_AD_GRAPH),
            (AZURE_MANAGEMENT, apps::AZURE_MANAGEMENT),
            (DEVICE_REGISTRATION, apps::DEVICE_REGISTRATION_SERVICE),
            (OFFICE_HOME, apps::OFFICE_HOME),
            (VS_CODE, apps::VISUAL_STUDIO_CODE),
            (MY_SIGNINS, apps::MY_SIGNINS),
        ] {
            assert_eq!(Guid::parse(app.id), Some(known), "{}", app.name);
        }
        assert_eq!(Guid::parse(GLOBAL_ADMINISTRATOR), Some(apps::GLOBAL_ADMINISTRATOR));
        for app in [OFFICE, TEAMS, ONEDRIVE, EDGE, OUTLOOK_MOBILE, AUTHENTICATOR, AZURE_CLI, TEAMS_ROOM] {
            assert!(foci::is_family_client_text(app.id), "{}", app.name);
        }
        for app in [OUTLOOK_WEB, OFFICE_HOME, VS_CODE, BROKER, AZURE_PORTAL] {
            assert!(!foci::is_family_client_text(app.id), "{}", app.name);
        }
    }
}

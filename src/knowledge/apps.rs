//! Applications by id: their names, and the ids that detections ask for.

use std::sync::OnceLock;

use super::{foci, public_clients, table};
use crate::events::guid::Guid;

/// Microsoft Authentication Broker.
pub const AUTHENTICATION_BROKER: Guid = Guid::from_u128(0x29d9ed98_a469_4536_ade2_f981bc1d605e);
/// Microsoft Azure CLI.
pub const AZURE_CLI: Guid = Guid::from_u128(0x04b07795_8ddb_461a_bbee_02f9e1bf7b46);
/// Microsoft Azure PowerShell.
pub const AZURE_POWERSHELL: Guid = Guid::from_u128(0x1950a258_227b_4e31_a9cf_717495945fc2);
/// Azure Active Directory PowerShell, the retired module.
pub const AZURE_AD_POWERSHELL: Guid = Guid::from_u128(0x1b730954_1685_4b74_9bfd_dac224a7b894);
/// Office 365 Management, the client (not the API of that name).
pub const OFFICE_365_MANAGEMENT: Guid = Guid::from_u128(0x00b41c95_dab0_4487_9791_b9d2c32c80f2);
/// Device Registration Service.
pub const DEVICE_REGISTRATION_SERVICE: Guid = Guid::from_u128(0x01cb2876_7ebd_4aa4_9cc9_d28bd4d359a9);
/// Microsoft Graph, the resource.
pub const MICROSOFT_GRAPH: Guid = Guid::from_u128(0x00000003_0000_0000_c000_000000000000);
/// Microsoft Graph Command Line Tools, the client behind Graph PowerShell.
pub const GRAPH_COMMAND_LINE: Guid = Guid::from_u128(0x14d82eec_204b_4c2f_b7e8_296a70dab67e);
/// Graph Explorer.
pub const GRAPH_EXPLORER: Guid = Guid::from_u128(0xde8bc8b5_d9f9_48b1_a8ad_b748da725064);
/// Exchange Online, the resource.
pub const EXCHANGE_ONLINE: Guid = Guid::from_u128(0x00000002_0000_0ff1_ce00_000000000000);
/// SharePoint Online, the resource; OneDrive too.
pub const SHAREPOINT_ONLINE: Guid = Guid::from_u128(0x00000003_0000_0ff1_ce00_000000000000);
/// Azure AD Graph, the retired directory API. Its name in logs is Windows Azure Active Directory.
pub const AZURE_AD_GRAPH: Guid = Guid::from_u128(0x00000002_0000_0000_c000_000000000000);
/// Azure Resource Manager, shown in logs as Windows Azure Service Management API.
pub const AZURE_MANAGEMENT: Guid = Guid::from_u128(0x797f4846_ba00_4fd7_ba43_dac1f8f63013);
/// OfficeHome, the start page of Microsoft 365.
pub const OFFICE_HOME: Guid = Guid::from_u128(0x4765445b_32c6_49b0_83e6_1d93765276ca);
/// Visual Studio Code.
pub const VISUAL_STUDIO_CODE: Guid = Guid::from_u128(0xaebc6443_996d_45c2_90f0_388ff96faa56);
/// Visual Studio, the legacy client.
pub const VISUAL_STUDIO: Guid = Guid::from_u128(0x872cd9fa_d31f_45e0_9eab_6e460a02d1f1);
/// Microsoft Edge Enterprise New Tab Page.
pub const EDGE_NEW_TAB: Guid = Guid::from_u128(0xd7b530a4_7680_4c23_a8bf_c52c121d2e87);
/// Copilot App.
pub const COPILOT_APP: Guid = Guid::from_u128(0x14638111_3389_403d_b206_a6a71d9f8f16);
/// Windows Sign In.
pub const WINDOWS_SIGN_IN: Guid = Guid::from_u128(0x38aa3b87_a06d_4817_b275_7a316988d93b);
/// Microsoft Intune Company Portal.
pub const COMPANY_PORTAL: Guid = Guid::from_u128(0x9ba1a5c7_f17a_4de9_a1f1_6178c8d51223);
/// My Signins, the page where people see and change their own methods.
pub const MY_SIGNINS: Guid = Guid::from_u128(0x19db86c3_b2b9_44cc_b339_36da233a3be2);
/// Template id of the Global Administrator role; as `wids` in tokens, and in the audit log.
pub const GLOBAL_ADMINISTRATOR: Guid = Guid::from_u128(0x62e90394_69f5_4237_9190_012177145e10);

/// The tenant that owns most of Microsoft's first-party applications.
pub const MICROSOFT_SERVICES_TENANT: Guid = Guid::from_u128(0xf8cdef31_a31e_4b4a_93e4_5f571e91255a);
/// Microsoft's own corporate tenant, which owns a few first-party applications.
pub const MICROSOFT_CORPORATE_TENANT: Guid = Guid::from_u128(0x72f988bf_86f1_41af_91ab_2d7cd011db47);

/// Applications that act for the user from Microsoft's servers, so that their address and agent
/// are not the user's. Sorted.
const SERVER_SIDE: [Guid; 10] = [
    Guid::from_u128(0x394866fc_eedb_4f01_8536_3ff84b16be2a),
    Guid::from_u128(0x4354e225_50c9_4423_9ece_2d5afd904870),
    Guid::from_u128(0x66a88757_258c_4c72_893c_3e8bed4d6899),
    Guid::from_u128(0x6f7e0f60_9401_4f5b_98e2_cf15bd5fd5e3),
    Guid::from_u128(0x9ea1ad79_fdb6_4f9a_8bc3_2b70f96e34c7),
    Guid::from_u128(0xab9b8c07_8f02_4f72_87fa_80105867a763),
    Guid::from_u128(0xcc15fd57_2c6c_4117_a88c_83b1d56b4bbe),
    Guid::from_u128(0xd7b530a4_7680_4c23_a8bf_c52c121d2e87),
    Guid::from_u128(0xe8be65d6_d430_4289_a665_51bf2a194bda),
    Guid::from_u128(0xecd6b820_32c2_49b6_98a6_444530e5a77a),
];

/// Whether an application with this owner (`appOwnerTenantId`) is Microsoft's own. Microsoft also
/// publishes through other tenants, so `false` does not prove the contrary.
#[must_use]
pub fn is_microsoft_first_party(owner_tenant: Guid) -> bool {
    owner_tenant == MICROSOFT_SERVICES_TENANT || owner_tenant == MICROSOFT_CORPORATE_TENANT
}

/// Whether the application calls from servers on the user's behalf: context, not a handover.
#[must_use]
pub fn is_server_side(app: Guid) -> bool {
    SERVER_SIDE.binary_search(&app).is_ok()
}

/// The application's name, where it is one that investigations meet often. Names change; the id
/// is the fact.
#[must_use]
pub fn app_name(app: Guid) -> Option<&'static str> {
    match foci::family_client(app) {
        Some(client) => Some(client.name),
        None => table::find(apps(), &app)
            .map(|row| row.name)
            .or_else(|| public_clients::public_client(app).map(|client| client.name).filter(|name| !name.is_empty())),
    }
}

/// Whether this is a third-party application that intruders are known to consent to, to read or
/// copy a mailbox. Each of them has honest users too.
#[must_use]
pub fn is_often_abused(app: Guid) -> bool {
    table::find(apps(), &app).is_some_and(|row| row.often_abused)
}

#[derive(Clone, Copy)]
struct Row {
    name: &'static str,
    often_abused: bool,
}

fn apps() -> &'static [(Guid, Row)] {
    static APPS: OnceLock<Vec<(Guid, Row)>> = OnceLock::new();
    APPS.get_or_init(|| {
        table::rows(include_str!("apps.tsv"))
            .filter_map(|row| {
                let mut columns = row.split('\t');
                let id = Guid::parse(table::column(&mut columns))?;
                let often_abused = table::column(&mut columns) == "t";
                let name = table::column(&mut columns);
                Some((id, Row { name, often_abused }))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_sorted() {
        assert_eq!(apps().len(), table::rows(include_str!("apps.tsv")).count());
        assert!(apps().is_sorted_by(|(a, _), (b, _)| a < b));
        assert!(apps().iter().all(|(id, row)| !row.name.is_empty() && !id.is_zero()));
        assert!(SERVER_SIDE.is_sorted_by(|a, b| a < b));
        let family = foci::family_clients().map(|client| client.id);
        assert_eq!(family.filter(|id| table::find(apps(), id).is_some()).count(), 0);
    }

    #[test]
    fn every_constant_names_what_it_says() {
        for (id, name) in [
            (AUTHENTICATION_BROKER, "Microsoft Authentication Broker"),
            (AZURE_CLI, "Microsoft Azure CLI"),
            (AZURE_POWERSHELL, "Microsoft Azure PowerShell"),
            (AZURE_AD_POWERSHELL, "Azure Active Directory PowerShell"),
            (OFFICE_365_MANAGEMENT, "Office 365 Management"),
            (DEVICE_REGISTRATION_SERVICE, "Device Registration Service"),
            (MICROSOFT_GRAPH, "Microsoft Graph"),
            (GRAPH_COMMAND_LINE, "Microsoft Graph Command Line Tools"),
            (GRAPH_EXPLORER, "Graph Explorer"),
            (EXCHANGE_ONLINE, "Office 365 Exchange Online"),
            (SHAREPOINT_ONLINE, "Office 365 SharePoint Online"),
            (AZURE_AD_GRAPH, "Windows Azure Active Directory"),
            (AZURE_MANAGEMENT, "Azure Resource Manager"),
            (OFFICE_HOME, "OfficeHome"),
            (VISUAL_STUDIO_CODE, "Visual Studio Code"),
            (VISUAL_STUDIO, "Visual Studio"),
            (EDGE_NEW_TAB, "Microsoft Edge Enterprise New Tab Page"),
            (COPILOT_APP, "Copilot App"),
            (WINDOWS_SIGN_IN, "Windows Sign In"),
            (COMPANY_PORTAL, "Microsoft Intune Company Portal"),
            (MY_SIGNINS, "My Signins"),
        ] {
            assert_eq!(app_name(id), Some(name), "{id}");
        }
        assert_eq!(app_name(Guid::ZERO), None);
        // A role is not an application.
        assert_eq!(app_name(GLOBAL_ADMINISTRATOR), None);
    }

    #[test]
    fn tells_whose_applications_they_are() {
        assert!(is_microsoft_first_party(MICROSOFT_SERVICES_TENANT));
        assert!(is_microsoft_first_party(MICROSOFT_CORPORATE_TENANT));
        assert!(!is_microsoft_first_party(Guid::ZERO));
        assert!(is_server_side(EDGE_NEW_TAB));
        assert!(!is_server_side(AZURE_CLI));
        assert!(SERVER_SIDE.iter().all(|id| app_name(*id).is_some()));
        let em_client = Guid::from_u128(0xe9a7fea1_1cc0_4cd9_a31b_9137ca5deedd);
        assert!(is_often_abused(em_client));
        assert_eq!(app_name(em_client), Some("eM Client"));
        assert!(!is_often_abused(MICROSOFT_GRAPH));
    }
}

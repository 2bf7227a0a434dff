//! What an export of each format holds, how to make it, and which fields it can never supply.
//!
//! The README's tables, the page's guides and the hints of coverage are written from here.

use serde::Serialize;

use crate::events::field::Field;
use crate::order::Arrange;
use crate::words::list;

use super::{ALL, Column, Format};

macro_rules! holds {
    ($($(#[$doc:meta])* $name:ident = $words:literal, $tab:literal, $kind:literal, $category:literal, $table:literal;)*) => {
        /// A kind of record that an export holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        #[serde(rename_all = "kebab-case")]
        pub enum Holds { $($(#[$doc])* $name,)* }

        impl Holds {
            /// As sentences name it.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }

            /// The tab of the admin center's sign-in logs.
            const fn tab(self) -> &'static str {
                match self { $(Self::$name => $tab,)* }
            }

            /// The value of Graph's `signInEventTypes`.
            const fn event_type(self) -> &'static str {
                match self { $(Self::$name => $kind,)* }
            }

            /// The category of a diagnostic setting.
            const fn category(self) -> &'static str {
                match self { $(Self::$name => $category,)* }
            }

            /// The table of Log Analytics.
            const fn table(self) -> &'static str {
                match self { $(Self::$name => $table,)* }
            }
        }
    };
}

holds! {
    /// Sign-ins in which a person took part.
    Interactive = "interactive sign-ins", "User sign-ins (interactive)", "interactiveUser", "SignInLogs", "SigninLogs";
    /// Sign-ins that a client made for a person.
    NonInteractive = "non-interactive sign-ins", "User sign-ins (non-interactive)", "nonInteractiveUser",
        "NonInteractiveUserSignInLogs", "AADNonInteractiveUserSignInLogs";
    /// Sign-ins of applications.
    ServicePrincipal = "service-principal sign-ins", "Service principal sign-ins", "servicePrincipal",
        "ServicePrincipalSignInLogs", "AADServicePrincipalSignInLogs";
    /// Sign-ins of managed identities.
    ManagedIdentity = "managed-identity sign-ins", "Managed identity sign-ins", "managedIdentity",
        "ManagedIdentitySignInLogs", "AADManagedIdentitySignInLogs";
    /// Acts in the directory.
    Directory = "directory audit log", "", "", "AuditLogs", "AuditLogs";
    /// Acts in mailboxes and with files.
    Activity = "acts in mailboxes and files", "", "", "", "OfficeActivity";
    /// Calls of Microsoft Graph.
    Calls = "calls of Microsoft Graph", "", "", "MicrosoftGraphActivityLogs", "MicrosoftGraphActivityLogs";
    /// What Identity Protection detected.
    Risk = "risk detections", "", "", "UserRiskEvents, ServicePrincipalRiskEvents",
        "union isfuzzy=true AADUserRiskEvents, AADServicePrincipalRiskEvents";
    /// Steps of authentication of sign-ins that another export holds.
    Steps = "steps of authentication", "", "", "", "";
    /// What says more of networks and users that other exports name.
    Beside = "what is known of networks and users", "", "", "", "";
}

impl Holds {
    /// The sign-ins of people.
    pub const USERS: &'static [Self] = &[Self::Interactive, Self::NonInteractive];
    /// The sign-ins of all four streams.
    pub const SIGN_INS: &'static [Self] =
        &[Self::Interactive, Self::NonInteractive, Self::ServicePrincipal, Self::ManagedIdentity];

    /// The sign-ins of applications.
    pub const WORKLOADS: &'static [Self] = &[Self::ServicePrincipal, Self::ManagedIdentity];

    /// Several, as sentences name them.
    #[must_use]
    pub fn list(all: &[Self]) -> String {
        match all {
            Self::USERS => "interactive and non-interactive sign-ins".to_owned(),
            Self::WORKLOADS => "service-principal and managed-identity sign-ins".to_owned(),
            Self::SIGN_INS => "sign-ins of all four streams".to_owned(),
            [sign_ins @ .., last] if sign_ins == Self::SIGN_INS => {
                format!("{} and {}", Self::list(sign_ins), last.words())
            }
            _ => list(&all.iter().map(|one| one.words()).collect::<Vec<_>>()),
        }
    }
}

/// A way to make an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Where: a portal, a shell, a query.
    pub by: &'static str,
    /// What to press, or the line to run. `{tab}`, `{filter}`, `{category}`, `{table}` and `{file}` stand
    /// for what the kinds of records are called there.
    pub how: &'static str,
}

impl Way {
    /// What to do for these kinds of records.
    #[must_use]
    pub fn how(&self, holds: &[Holds]) -> String {
        let join = |name: fn(Holds) -> &'static str, with: &str| {
            holds.iter().map(|one| name(*one)).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(with)
        };
        let types: Vec<String> = holds.iter().map(|one| format!("t eq '{}'", one.event_type())).collect();
        let union = if holds.len() > 1 { "union isfuzzy=true " } else { "" };
        let file = match holds {
            [one] => one.words().replace(' ', "-"),
            _ => "sign-ins".to_owned(),
        };
        let tab =
            if holds == Holds::SIGN_INS { "each of the four tabs".to_owned() } else { join(Holds::tab, ", then ") };
        self.how
            .replace("{file}", &file)
            .replace("{tab}", &tab)
            .replace("{filter}", &format!("signInEventTypes/any(t: {})", types.join(" or ")))
            .replace("{category}", &join(Holds::category, ", "))
            .replace("{table}", &format!("{union}{}", join(Holds::table, ", ")))
    }
}

/// A table of Log Analytics or Sentinel.
pub(super) const LOG_ANALYTICS: Way =
    Way { by: "KQL", how: "{table} | where TimeGenerated > ago(30d) › Export › CSV (all columns)" };
/// A diagnostic setting of the directory.
pub(super) const DIAGNOSTIC: Way = Way {
    by: "Entra admin center",
    how: "Monitoring & health › Diagnostic settings › {category} › to a storage account or an Event Hub",
};
/// What is said of acts in mailboxes and with files.
pub(super) const ACTS: &str = "whose session an act was done in is told by token id, session id, or address and time.";
/// What is said of calls of Microsoft Graph.
pub(super) const CALLS: &str = "`device-code-then-enumeration`, `directory-enumeration` and `mail-read-by-graph` rest on them; they stand in the story of a session.";

/// What an export of a format holds, how to make it, and what it can never supply.
#[derive(Clone, Copy, Debug)]
pub struct Export {
    /// What it is a record of: `Sign-ins`.
    pub what: &'static str,
    /// Where it comes from: `admin center CSV`.
    pub from: &'static str,
    /// Kinds of records that it can hold.
    pub holds: &'static [Holds],
    /// How to make it, the easiest first.
    pub ways: &'static [Way],
    /// Fields of a person's sign-in that it can never supply.
    pub lacks: &'static [Field],
    /// Order of preference among exports of the same records, the least the best; nothing for files
    /// that are read where somebody has one, and that nobody should make.
    pub worth: Option<u8>,
    /// What else to know of it, in sentences.
    pub note: &'static str,
}

impl Export {
    /// Of a format that says nothing yet: a test fails for it.
    pub const UNTOLD: Self = Self { what: "", from: "", holds: &[], ways: &[], lacks: &[], worth: None, note: "" };

    /// As lists name it.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}, {}", self.what, self.from)
    }

    /// Whether it holds all of these kinds of records.
    #[must_use]
    pub fn holds_all(&self, holds: &[Holds]) -> bool {
        holds.iter().all(|one| self.holds.contains(one))
    }

    /// The names of the fields that it lacks, joined.
    #[must_use]
    pub fn lacking(&self) -> String {
        list(&self.lacks.iter().map(|field| field.words()).collect::<Vec<_>>())
    }
}

impl Format {
    /// Whether a person's sign-in of this format can have a value of this field.
    #[must_use]
    pub fn carries(&self, field: Field) -> bool {
        !self.export.lacks.contains(&field)
    }

    /// Whether a record of this format can fill a column by its table. A path by which another format
    /// is told that is tried before, or of what a module of PowerShell does not know, counts for nothing.
    #[must_use]
    pub fn fills(&self, column: Column) -> bool {
        let claims = |path| {
            let before = ALL.iter().take_while(|other| other.name != self.name);
            before.filter(|other| other.marks == self.marks).any(|other| other.any.contains(&path))
        };
        let paths = self.table.iter().find(|(own, _)| *own == column).map_or(&[][..], |(_, paths)| *paths);
        paths.iter().any(|path| !path.starts_with("AdditionalProperties.") && !claims(*path))
    }
}

/// The formats worth making that hold these kinds of records, those first that lack the fewest of
/// these fields, and of those the best.
#[must_use]
pub fn best(holds: &[Holds], fields: &[Field]) -> Vec<&'static Format> {
    let lacking = |format: &Format| fields.iter().filter(|field| !format.carries(**field)).count();
    let mut found: Vec<&'static Format> =
        ALL.iter().copied().filter(|format| format.export.worth.is_some() && format.export.holds_all(holds)).collect();
    found.arrange_by_key(|format| (lacking(format), format.export.worth));
    found
}

/// Formats in the order in which the README lists them.
fn ordered() -> Vec<&'static Format> {
    let mut all = ALL.to_vec();
    all.arrange_by_key(|format| (format.export.worth.is_none(), format.export.worth));
    all
}

/// The table of exports to make, as Markdown.
#[must_use]
pub fn exports_table() -> String {
    let mut text = String::from("| export | holds | how to make it | lacks |\n|---|---|---|---|\n");
    for format in ordered().into_iter().filter(|format| format.export.worth.is_some()) {
        let export = &format.export;
        let way = |way: &Way| format!("*{}*: {}", way.by, marked(&way.how(export.holds)));
        let ways: Vec<String> = export.ways.iter().map(way).collect();
        let lacks = if export.lacks.is_empty() { "–".to_owned() } else { export.lacking() };
        let holds = Holds::list(export.holds);
        text.push_str(&format!("| {} | {holds} | {} | {lacks} |\n", export.title(), ways.join("<br>")));
    }
    text
}

/// The list of formats that are read, as Markdown.
#[must_use]
pub fn formats_list() -> String {
    let line = |format: &Format| {
        let note = if format.export.note.is_empty() { String::new() } else { format!(": {}", format.export.note) };
        format!("* {} (`{}`){note}\n", format.export.title(), format.name)
    };
    ordered().into_iter().map(line).collect()
}

/// Text for a cell of a table of Markdown.
fn marked(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns that fill a field; of the unified audit log, lists hold what others have in columns.
    fn columns(field: Field, is_unified: bool) -> &'static [Column] {
        use Column as C;
        match (field, is_unified) {
            (Field::Id, true) => &[C::Id, C::Request],
            (Field::UserId, true) => &[C::UserId, C::UserKey, C::InitiatedBy],
            (Field::ResourceId, true) => &[C::Object],
            (Field::Agent, true) => &[C::Agent, C::ExtendedProperties],
            (Field::Protocol, true) => &[C::ExtendedProperties],
            (Field::DeviceId, true) => &[C::DeviceId, C::Device],
            (Field::SessionId, true) => &[C::Session, C::Device],
            // What it has of these is of acts, not of sign-ins.
            (Field::Stream | Field::TokenId, true) => &[],
            (Field::Id, false) => &[C::Id],
            (Field::Stream, false) => &[C::IsInteractive, C::EventTypes, C::Category, C::Table],
            (Field::UserId, false) => &[C::UserId],
            (Field::UserName, _) => &[C::UserName],
            (Field::AppId, _) => &[C::AppId],
            (Field::ResourceId, false) => &[C::ResourceId],
            (Field::HomeTenant, _) => &[C::HomeTenant],
            (Field::ResourceTenant, _) => &[C::ResourceTenant],
            (Field::Address, _) => &[C::Address],
            (Field::Asn, _) => &[C::Asn],
            (Field::Country, _) => &[C::Location, C::Country, C::Place],
            (Field::Coordinates, _) => &[C::Location, C::Latitude],
            (Field::Agent, false) => &[C::Agent],
            (Field::DeviceId, false) => &[C::Device, C::DeviceId],
            (Field::DeviceCompliant, _) => &[C::Device, C::DeviceCompliant],
            (Field::SessionId, false) => &[C::Session],
            (Field::TokenId, false) => &[C::Token],
            (Field::IncomingToken, _) => &[C::Incoming],
            (Field::Protocol, false) => &[C::Protocol],
            (Field::Transfer, _) => &[C::Transfer],
            (Field::Protection, _) => &[C::Protection, C::ProtectionDetails],
            (Field::Result, _) => &[C::Status, C::StatusWord, C::ResultCode],
            (Field::Audiences, _) => &[C::Audiences],
            (Field::Policies, _) => &[C::Policies],
            (Field::Steps, _) => &[C::Steps],
            (Field::Processing, _) => &[C::Processing],
            (Field::Client, _) => &[C::ClientApp],
            (Field::PolicyStatus, _) => &[C::PolicyStatus],
            (Field::Requirement, _) => &[C::Requirement],
            (Field::Risk, _) => &[C::RiskDuring],
            (Field::RiskTypes, _) => &[C::RiskEvents],
            (Field::Correlation, _) => &[C::Correlation],
        }
    }

    fn can_hold(format: &Format, field: Field) -> bool {
        let is_unified = format.name.ends_with("unified-audit-log");
        let by_file_name = field == Field::Stream && format.name == "portal-sign-in-csv";
        let in_table = columns(field, is_unified).iter().any(|wanted| {
            // Columns of a table of their own, each a processing detail.
            let is_composed = *wanted == Column::Processing && !format.flat.is_empty() && !is_unified;
            is_composed || format.fills(*wanted)
        });
        by_file_name || in_table
    }

    #[test]
    fn each_format_lacks_what_its_table_cannot_fill() {
        for format in ALL {
            let people = format.export.holds.contains(&Holds::Interactive);
            for &field in Field::ALL {
                let lacks = people && !can_hold(format, field);
                assert_eq!(!format.carries(field), lacks, "{}: {field:?} is said to be lacking", format.name);
            }
        }
    }

    #[test]
    fn each_format_tells_of_its_exports() {
        for format in ALL {
            let export = &format.export;
            assert!(!export.what.is_empty() && !export.from.is_empty(), "{} has no title", format.name);
            assert!(!export.holds.is_empty(), "{} holds nothing", format.name);
            assert_eq!(export.ways.is_empty(), export.worth.is_none(), "{}: a way for what is worth it", format.name);
            assert!(export.note.is_empty() || export.note.ends_with('.'), "{}: the note is a sentence", format.name);
            for way in export.ways {
                let how = way.how(export.holds);
                assert!(!how.contains(['{', '}']) || how.contains("ForEach-Object"), "{}: {how}", format.name);
            }
        }
        let titles: crate::order::Set<String> = ALL.iter().map(|format| format.export.title()).collect();
        assert_eq!(titles.len(), ALL.len(), "no two formats have the same title");
    }

    #[test]
    fn notes_name_the_detections_that_rest_on_calls() {
        use crate::detections::{ALL as DETECTIONS, Records};
        let rest = DETECTIONS.iter().filter(|detection| detection.records.contains(&Records::Calls));
        let mut rest: Vec<&str> = rest.map(|detection| detection.id).collect();
        rest.arrange();
        let told: Vec<&str> = CALLS.split('`').skip(1).step_by(2).collect();
        assert_eq!(told, rest);
        let made = ALL.iter().filter(|format| format.export.holds == [Holds::Calls] && format.export.worth.is_some());
        assert!(made.into_iter().all(|format| format.export.note == CALLS));
        // No note says that nothing rests on what it holds.
        assert!(ALL.iter().all(|format| !format.export.note.contains("no detection")));
    }

    #[test]
    fn the_best_export_carries_the_most() {
        let names = |holds, fields| -> Vec<&str> { best(holds, fields).iter().map(|format| format.name).collect() };
        let all = names(Holds::USERS, Field::ALL);
        assert_eq!(all[..2], ["graph-sign-in", "powershell-sign-in"]);
        assert_eq!(all.last(), Some(&"defender-sign-in"), "{all:?}");
        let interactive = names(&[Holds::Interactive], &[Field::SessionId]);
        let place = |name| interactive.iter().position(|other| *other == name);
        assert!(place("defender-sign-in") < place("graph-sign-in-v1"), "{interactive:?}");
        assert_eq!(names(&[Holds::Directory], &[])[0], "graph-directory-audit");
        assert!(!all.contains(&"script-sign-in-csv") && !all.contains(&"graph-sign-in-v1"));
    }

    #[test]
    fn a_way_names_the_records_as_each_place_does() {
        let way = |by, how| Way { by, how };
        assert_eq!(
            way("KQL", "{table} | take 1").how(Holds::USERS),
            "union isfuzzy=true SigninLogs, AADNonInteractiveUserSignInLogs | take 1"
        );
        assert_eq!(
            way("Graph", "{filter}, {category}, {file}").how(&[Holds::NonInteractive]),
            "signInEventTypes/any(t: t eq 'nonInteractiveUser'), NonInteractiveUserSignInLogs, non-interactive-sign-ins"
        );
        assert_eq!(
            way("portal", "{tab}").how(Holds::USERS),
            "User sign-ins (interactive), then User sign-ins (non-interactive)"
        );
    }
}

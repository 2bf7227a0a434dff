//! An application was given access to mail, files or the directory.
//!
//! # What it looks for
//! Consents and delegated grants, each with the scopes that are new in it. A user's consent to scopes that
//! read or send what people write, together with `offline_access`; an administrator's for everybody; scopes
//! as public phishing kits ask for; and clients that thieves of mailboxes use. A user's consent weighs more where
//! sign-ins say that the application belongs to another organisation, or where at most `rare-consents` users consented
//! to it and the log reaches `history-days` further back. Where both sides of the
//! record are the same, the scopes are those of the grant with the same correlation id. Consents that were
//! refused as risky are told as information.
//!
//! # Why it matters
//! An application keeps its access when the password is new and the sessions are revoked: consent is all
//! that a phisher needs. The user does it themselves, from their own device: the place says nothing.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * An application that the organisation has approved, or a mail client that a user likes.
//! * An administrator grants for all what a new product needs.
//!
//! # Tuning
//! `apps` are ids of applications that are approved here. `rare-consents` and `history-days` say what is rare.
//!
//! # What to ask
//! * Who makes the application, who asked for it, and how did the user come to the page of consent?
//!
//! # What to do
//! * Remove the grant and the application's identity, then see what it read by its calls and in mailboxes.
//! * Let users consent only to verified publishers and low permissions.
//!
//! # References
//! * ATT&CK T1528, T1098.003
//! * Microsoft, Malicious OAuth applications abuse; Sentinel, Suspicious application consent for offline access

use crate::events::{Guid, Id, Store};
use crate::knowledge::permissions;
use crate::words::list;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::grants::{Grant, app_ids, called, client};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;
/// Scopes that a sentence names.
const NAMED: usize = 6;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[
        Tunable::list("apps", "applications that are approved here"),
        Tunable::number(
            "rare-consents",
            "3",
            "users of the tenant who consented to an application that is rare, at most",
        ),
        Tunable::number(
            "history-days",
            "7",
            "days of the log before a consent, from which on it shows who else consented",
        ),
    ],
    prepare,
    ..asked::detection(
        "application-consent",
        "Application given access to data",
        "application_consent",
        include_str!("application_consent.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "consent", what: "Application given access", is: consents, ask: consented },
        Question { variant: "grant", what: "Permission granted to application", is: grants, ask: granted },
        Question { variant: "blocked", what: "Consent to risky app refused", is: consents, ask: blocked },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn consents(operation: &str) -> bool {
    any(operation, &["Consent to application"])
}

fn grants(operation: &str) -> bool {
    any(operation, &["Add delegated permission grant", "Add OAuth2PermissionGrant"])
}

/// Grants with the same correlation id, a few minutes around.
fn with_grants(asked: &Asked<'_, '_>, act: &Act<'_>) -> Vec<(u32, Grant)> {
    let (from, to) = (act.row.time - 10 * MINUTE, act.row.time + 10 * MINUTE);
    let same = asked
        .acts(grants, from, to)
        .into_iter()
        .filter(|other| act.row.correlation.has_value() && other.row.correlation == act.row.correlation);
    same.map(|other| (other.number, Grant::of_grant(&other))).collect()
}

fn consented(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() {
        return None;
    }
    let mut grant = Grant::of_consent(act);
    let beside = with_grants(asked, act);
    beside.iter().for_each(|(_, other)| grant.add(other));
    let told = weigh(asked, act, &grant)?;
    Some(told.beside(beside.into_iter().map(|(number, _)| number)))
}

fn granted(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let (from, to) = (act.row.time - 10 * MINUTE, act.row.time + 10 * MINUTE);
    let consent = asked.acts(consents, from, to);
    // What a consent tells is told there; some logs give the two no correlation id in common.
    let is_told = |other: &Act<'_>| {
        other.row.correlation == act.row.correlation || other.row.time.abs_diff(act.row.time) <= MINUTE.unsigned_abs()
    };
    if !act.succeeded() || consent.iter().any(is_told) {
        return None;
    }
    let grant = Grant::of_grant(act);
    if grant.scopes.is_empty() { None } else { weigh(asked, act, &grant) }
}

fn weigh(asked: &Asked<'_, '_>, act: &Act<'_>, grant: &Grant) -> Option<Told> {
    let ids = app_ids(act);
    if asked.list("apps").iter().any(|known| ids.iter().any(|id| Id::guid(*id) == *known)) {
        return None;
    }
    let tool = ids.iter().find_map(|id| permissions::tool(*id));
    let has = |wanted: &str| grant.scopes.iter().any(|scope| scope.eq_ignore_ascii_case(wanted));
    let risky: Vec<String> = grant.scopes.iter().filter(|scope| permissions::is_risky(scope)).cloned().collect();
    let noted = format!("{}{}", act.new_value("ConsentAction.Reason"), act.reason()).contains("Risky application");
    let (severity, because) = if let Some(tool) = tool {
        (Severity::High, format!("It is {tool}, which thieves of mailboxes use as often as owners do."))
    } else if permissions::is_of_a_toolkit(&grant.scopes) {
        (Severity::High, "Phishing kits ask for exactly such scopes.".to_owned())
    } else if noted {
        (Severity::High, "Microsoft had called the application risky.".to_owned())
    } else if grant.for_all && !risky.is_empty() {
        (Severity::High, "It holds for all users.".to_owned())
    } else if !risky.is_empty() && (has("offline_access") || risky.iter().any(|scope| permissions::is_ruling(scope))) {
        let lasts = "The access lasts: revoked sessions and a new password do not end it.";
        match (rare(asked, act, &ids), is_foreign(asked, act, &ids)) {
            (_, true) => (Severity::High, format!("{lasts} The application belongs to another organisation.")),
            (Some(users), false) => {
                let who = if users > 1 { format!("{users} users") } else { "Nobody else".to_owned() };
                (Severity::High, format!("{lasts} {who} of the tenant consented to it."))
            }
            (None, false) => (Severity::Medium, lasts.to_owned()),
        }
    } else if !risky.is_empty() || grant.scopes.is_empty() {
        (Severity::Low, String::new())
    } else {
        (Severity::Info, String::new())
    };
    let mut named: Vec<String> = if risky.is_empty() { grant.scopes.clone() } else { risky };
    named.truncate(NAMED);
    let scopes = if named.is_empty() { "permissions that the record does not name".to_owned() } else { list(&named) };
    let whom = if grant.for_all { "for everybody " } else { "" };
    let app = if grants(act.operation()) { client(act) } else { act.app().to_owned() };
    let told = Told::new(severity, format!("gave {app} {whom}access by {scopes}"))?.because(because);
    // The user themselves is phished: the place says nothing where it is no administrator's grant for all.
    Some(if grant.for_all { told } else { told.placed() })
}

/// How many users consented to an application, where they are few and the log reaches back far enough to say so.
fn rare(asked: &Asked<'_, '_>, act: &Act<'_>, ids: &[Guid]) -> Option<usize> {
    let tenant = asked.view().tenant;
    let since = act.row.time.saturating_sub(asked.number("history-days").saturating_mul(DAY));
    let long = tenant.audit_span.is_some_and(|span| span.first <= since);
    let users = tenant.programs.consenting(called(act, ids).iter().map(String::as_str))?;
    (long && users as i64 <= asked.number("rare-consents")).then_some(users)
}

/// Whether sign-ins say that an application is of another organisation.
fn is_foreign(asked: &Asked<'_, '_>, act: &Act<'_>, ids: &[Guid]) -> bool {
    asked.view().tenant.programs.is_foreign(called(act, ids).iter().map(String::as_str))
}

fn blocked(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let values = act.changes().flat_map(|change| [&*change.new, &*change.old]);
    let risky = values.chain([act.reason()]).any(|text| text.to_ascii_lowercase().contains("risky"));
    if act.succeeded() || !risky {
        return None;
    }
    Told::new(Severity::Info, format!("tried to give {} access, which was refused as risky", act.app()))
}

//! Guests were invited, or became members.
//!
//! # What it looks for
//! Invitations of guests, as information, and by an account that invited nobody in the `history-days` before,
//! as a weak sign; guests who are put into a group that may hold roles; and guests whose type becomes member.
//!
//! # Why it matters
//! A guest of the intruder's own survives the cleaning of the accounts that were taken over, and a guest who
//! is a member sees everything that members see.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * Work with partners; a takeover of another company whose people become members.
//!
//! # Tuning
//! `history-days` without an invitation make an inviter new.
//!
//! # What to ask
//! * Who is the guest, and for which work were they invited?
//!
//! # What to do
//! * Block the guest, and see what they were given and did.
//! * Let only some people invite guests.
//!
//! # References
//! * ATT&CK T1136.003, T1078.004
//! * Microsoft Sentinel, Guest users invited to tenant by new inviters; Elastic, Entra ID guest account promoted to member

use crate::events::Store;
use crate::events::change::plain;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const DAY: i64 = 86_400_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[Tunable::number("history-days", "7", "days without an invitation that make an inviter new")],
    prepare,
    ..asked::detection(
        "guest-activity",
        "Guest invited or made a member",
        "guest_activity",
        include_str!("guest_activity.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "invited", what: "Guest invited", is: invites, ask: invited },
        Question { variant: "promoted", what: "Guest made a member", is: updates, ask: promoted },
        Question { variant: "group", what: "Guest put into a group with roles", is: joins, ask: joined },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn invites(operation: &str) -> bool {
    any(operation, &["Invite external user"])
}

fn updates(operation: &str) -> bool {
    any(operation, &["Update user"])
}

fn joins(operation: &str) -> bool {
    any(operation, &["Add member to group", "Add owner to group"])
}

fn invited(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let history = asked.number("history-days").saturating_mul(DAY);
    let since = act.row.time.saturating_sub(history);
    let before = asked.acts(invites, since, act.row.time.saturating_sub(1));
    let long = asked.view().tenant.audit_span.is_some_and(|span| span.first <= since);
    let said = format!("invited {}", act.on());
    if !act.succeeded() || is_colleague(act) {
        return None;
    }
    if long && !before.iter().any(|other| asked.did(other)) {
        return Some(Told::new(Severity::Low, said)?.because("They had invited nobody in the days before."));
    }
    Told::new(Severity::Info, said)
}

/// Whether who is invited has an address of the inviter's own domain: no guest comes of it.
fn is_colleague(act: &Act<'_>) -> bool {
    let domain = |address: &str| address.trim().rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let invited = act.row.detail(act.store, "invitedUserEmailAddress").and_then(|address| domain(&address));
    let user = act.store.user(act.row.user);
    invited.is_some() && invited == domain(act.store.texts.get(user.name))
}

fn promoted(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let change = act.change("UserType")?;
    if !act.succeeded() || plain(&change.old) != "Guest" || plain(&change.new) != "Member" {
        return None;
    }
    Told::new(Severity::Medium, format!("made the guest {} a member", act.on()))
}

fn joined(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let assignable =
        act.change("Group.IsAssignableToRole").is_some_and(|change| plain(&change.new).eq_ignore_ascii_case("true"));
    if !act.succeeded() || !assignable || !act.on().contains("#ext#") {
        return None;
    }
    Told::new(Severity::Medium, format!("put the guest {} into a group that may hold roles", act.on()))
}

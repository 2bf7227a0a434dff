//! An account was made, linked or thrown away in a way that accounts seldom are.
//!
//! # What it looks for
//! An account that is deleted within `hours` of being made; one that was deleted and yet signs in, more than a
//! quarter of an hour later and without having been restored; one whose link to a directory on premises
//! (source anchor) is changed by a person; a member's user name that becomes that of a guest; and an account
//! that is made in another domain than that of whoever makes it, which is told as information.
//!
//! # Why it matters
//! Short-lived accounts do a job and leave no name. Another source anchor lets an account on premises take
//! over one in the cloud, and another user name lets a stranger sign in as a member. Whoever signs in with a deleted
//! account, guest or member, holds on to a session that was to end.
//!
//! # Evidence it needs
//! The directory audit log with modified properties; sign-ins for what goes on after a deletion.
//!
//! # Benign causes
//! * A typing error that is put right; tests; a move of accounts between directories.
//! * Organisations with several domains.
//!
//! # Tuning
//! `hours` that a short-lived account lives at most.
//!
//! # What to ask
//! * Who was the account for, and what did it do?
//!
//! # What to do
//! * Restore the deleted account for a look at its sign-ins, roles and groups; undo the link.
//!
//! # References
//! * ATT&CK T1136.003, T1098
//! * Microsoft Sentinel, Account created and deleted in short timeframe; Splunk, Azure AD user ImmutableId attribute updated
//! * Microsoft Sentinel, Suspicious login from deleted guest account

use crate::events::change::plain;
use crate::events::{Store, Target, TargetKind};

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::evidence::duration;
use super::{Ask, Detection, Severity, Tunable, Tuning};

const HOUR: i64 = 3_600_000_000;
/// How long a deletion may take to be known everywhere.
const QUARTER: i64 = HOUR / 4;
/// Sign-ins of a deleted account that a finding shows.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[Tunable::number("hours", "24", "hours that a short-lived account lives at most")],
    prepare,
    ..asked::detection(
        "account-lifecycle",
        "Account made or linked oddly",
        "account_lifecycle",
        include_str!("account_lifecycle.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Done,
    questions: &[
        Question { variant: "short-lived", what: "Account made and soon deleted", is: deletes, ask: short_lived },
        Question { variant: "deleted-signs-in", what: "Deleted account signed in", is: deletes, ask: signs_in },
        Question { variant: "relinked", what: "Account linked to another one", is: updates, ask: relinked },
        Question { variant: "other-domain", what: "Account made in another domain", is: creates, ask: elsewhere },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn creates(operation: &str) -> bool {
    any(operation, &["Add user"])
}

fn deletes(operation: &str) -> bool {
    any(operation, &["Delete user"])
}

fn updates(operation: &str) -> bool {
    any(operation, &["Update user"])
}

fn short_lived(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let since = act.row.time.saturating_sub(asked.number("hours").saturating_mul(HOUR));
    let made = asked.acts(creates, since, act.row.time).into_iter().find(|made| {
        let same = |one: &Target<'_>| act.targets.iter().any(|other| !one.id.is_empty() && one.id == other.id);
        made.targets.iter().any(same)
    })?;
    if !act.succeeded() {
        return None;
    }
    let told = Told::new(Severity::Medium, format!("deleted the account {}", act.on()))?;
    Some(told.because(format!("{} had made it only hours before.", made.by())).beside([made.number]))
}

fn restores(operation: &str) -> bool {
    any(operation, &["Restore user", "Add user", "Invite external user"])
}

/// Sign-ins of the account after its deletion, before it was there again.
fn signs_in(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let view = asked.view();
    let target = act.target(TargetKind::User)?.object(act.store).value();
    let again = asked.acts(restores, act.row.time, i64::MAX).first().map_or(i64::MAX, |other| other.row.time);
    let after = act.row.time.saturating_add(QUARTER);
    let used: Vec<(u32, i64)> = view
        .sign_ins()
        .filter(|(_, row)| row.stream().is_user() && view.succeeded(row) && row.time > after && row.time < again)
        // Another account may have the name now.
        .filter(|(_, row)| target.is_none_or(|id| view.store.user(row.user).id.value().is_none_or(|own| own == id)))
        .map(|(number, row)| (number, row.time))
        .collect();
    let (_, first) = *used.first().filter(|_| act.succeeded())?;
    let told = Told::new(Severity::Medium, format!("deleted the account {}", act.on()))?.placed();
    let because = format!("It signed in {} later all the same.", duration(first - act.row.time));
    Some(told.because(because).sign_ins(used.into_iter().take(LISTED).map(|(number, _)| number)))
}

fn relinked(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    // What synchronises directories links accounts all day.
    if !act.succeeded() || !act.is_by_user() || asked.is_by_service(act) {
        return None;
    }
    let anchor = ["SourceAnchor", "ImmutableId", "OnPremisesImmutableId"].iter().find_map(|name| act.change(name));
    let anchored =
        anchor.is_some_and(|change| plain(&change.old) != plain(&change.new) && !plain(&change.new).is_empty());
    let renamed = act.change("UserPrincipalName").is_some_and(|change| {
        let external = |name: &str| name.to_ascii_lowercase().contains("#ext#");
        external(&change.new) && !external(&change.old)
    });
    if !anchored && !renamed {
        return None;
    }
    let what = if anchored { "linked it to another account on premises" } else { "gave it the user name of a guest" };
    Told::new(Severity::High, format!("changed {}: {what}", act.on()))
}

fn elsewhere(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let domain = |name: &str| name.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
    let by = domain(act.store.texts.get(act.store.user(act.row.user).name))?;
    let made = domain(&act.target(TargetKind::User)?.user)?;
    let under = |end: &str| made.ends_with(end) || by.ends_with(end);
    if !act.succeeded() || by == made || under(".onmicrosoft.com") || made.ends_with(&format!(".{by}")) {
        return None;
    }
    Told::new(Severity::Info, format!("made the account {} in a domain that is not their own", act.on()))
}

//! The part of *one source that tried the passwords of many users* that tells of a user: a sign-in from such a source
//! that succeeded, or whose code only comes after the right password.

use serde_json::json;

use crate::events::SignIn;
use crate::order::Map;
use crate::sessions::Familiarity;

use super::evidence::{failure, moment, place, sign_ins, who};
use super::password_spray::DETECTION;
use super::sprays::{Burst, BySource, Source};
use super::told::{Told, of};
use super::{Confidence, Finding, Severity, Subject};

/// A sign-in from a source that sprayed.
struct Entry<'a> {
    number: u32,
    row: &'a SignIn,
    entered: bool,
    familiarity: Familiarity,
    burst: &'a Burst,
}

/// One finding a session. Facts: `tried`, how many users the source tried.
pub(super) fn look(subject: &Subject<'_>, sprays: &BySource) -> Vec<Finding> {
    let view = subject.view;
    let mut entries: Map<Option<usize>, Vec<Entry<'_>>> = Map::new();
    for (number, row) in view.sign_ins() {
        let entered = view.is_primary(row) && view.succeeded(row);
        if !row.stream().is_user() || !(entered || view.proves_secret(row)) {
            continue;
        }
        let network = view.network(row);
        let sources = Source::all(network, view.agent(row).family(), view.store.app(row.app).id);
        let known = sources.into_iter().flatten().filter_map(|source| sprays.get(&source)).flatten();
        let burst = known.into_iter().find(|burst| burst.is_followed_by(row.time) && burst.came_from(network));
        let Some(burst) = burst else { continue };
        let familiarity = subject.familiar.network(view, row);
        if familiarity != Familiarity::Familiar {
            let entry = Entry { number, row, entered, familiarity, burst };
            entries.entry(view.session_of(number)).or_default().push(entry);
        }
    }
    entries.into_iter().filter_map(|(session, entries)| finding(subject, session, &entries)).collect()
}

fn finding(subject: &Subject<'_>, session: Option<usize>, entries: &[Entry<'_>]) -> Option<Finding> {
    let view = subject.view;
    let first = entries.iter().find(|entry| entry.entered).or_else(|| entries.first())?;
    let new = first.familiarity == Familiarity::Unfamiliar;
    let confidence = if new { Confidence::High } else { Confidence::Medium };
    let (variant, severity, ended, title, what) = match first.entered {
        true => ("entered", Severity::Critical, "got in", "A password spray got in", "Password spray got in"),
        false => (
            "proven",
            Severity::High,
            "gave the right password and did not get in",
            "A password spray found the password",
            "Password spray found the password",
        ),
    };
    let told = Told {
        variant,
        weight: (severity, confidence),
        why: format!(
            "Somebody {ended} as {} from {} at {}{}. The same source had tried {} users in the hours before{}.",
            who(view),
            place(view.network(first.row)),
            moment(first.row.time),
            failure(view.code(first.row)),
            first.burst.users.len(),
            if new { "; the user had never been there" } else { "" },
        ),
        what,
        evidence: sign_ins("entry", entries.iter().map(|entry| entry.number)).collect(),
        facts: json!({"tried": first.burst.users.len()}),
    };
    let title = title.to_owned();
    Some(Finding { strand: "found", title, ..of(&DETECTION, view, session, first.row.id, told) })
}

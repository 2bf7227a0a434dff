//! What to know before reading on.

mod flows;
mod gaps;
mod kind;
mod limits;
mod sampling;
mod times;

use crate::order::{Map, Set};

pub use kind::NoticeKind;

use crate::analysis::{Case, Input, Refused};
use crate::events::vocabulary::Stream;
use crate::formats::Tally;
use crate::intake::Problem;
use crate::order::Gather;
use crate::words::figure;

use super::schema::Notice;

/// What to know before reading on: of each input, then of all.
#[must_use]
pub fn notices(case: &Case) -> Vec<Notice> {
    let mut notices = Vec::new();
    for (index, input) in case.inputs.iter().enumerate() {
        of_input(input, &mut |kind, text, next| {
            notices.push(Notice { kind, input: Some(index), text, next: next.to_owned() });
        });
    }
    of_all(case, &mut |kind, text, next| {
        notices.push(Notice { kind, input: None, text, next: next.to_owned() });
    });
    notices
}

fn of_input(input: &Input, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    match &input.failure {
        _ if was_stopped(input) => {
            let text = "Reading was stopped before its end: what follows is missing, not empty.";
            add(NoticeKind::Incomplete, text.to_owned(), "Read it to its end.");
        }
        Some(reason) if input.records == 0 => {
            add(
                NoticeKind::Unrecognised,
                format!("Not read: {reason}."),
                "Check that it is an export of sign-ins or audit logs.",
            );
        }
        Some(reason) => {
            let text = format!("Read in part: {reason}. What follows is missing.");
            add(NoticeKind::Incomplete, text, "Get the file again and check that it is whole.");
        }
        None => {}
    }
    if let Some(cut) = cut(input) {
        let text = format!("The end of the file is missing: {}.", cut.reason);
        add(NoticeKind::Incomplete, text, "Get the file again and check that it is whole.");
    }
    if input.format.split('+').any(|format| format.ends_with("-sign-in-v1")) {
        let text =
            "Sign-ins by version 1.0 of Microsoft Graph carry no session id, token type, protocol or user agent.";
        add(
            NoticeKind::Version1,
            text.to_owned(),
            "Export them by the beta version, or from the admin center as JSON.",
        );
    }
    let names = |counts: &Map<&'static str, u64>| {
        let counts = counts.iter().filter(|(name, _)| **name != Tally::TEXT);
        counts.map(|(column, count)| format!("{column} in {} records", figure(*count))).collect::<Vec<_>>().join(", ")
    };
    if let Some(count) = input.damaged.get(Tally::TEXT) {
        let text = format!("{} records have bytes that are no UTF-8; they show as \u{fffd}.", figure(*count));
        add(NoticeKind::Encoding, text, "Export the file again, and save it in no other program.");
    }
    let damaged = names(&input.damaged);
    if !damaged.is_empty() {
        let text = format!(
            "Damaged fields: {damaged}. Their JSON breaks off (a spreadsheet cuts cells at 32,767 characters) or its quotes are not escaped, or a formula gave an error."
        );
        add(NoticeKind::Damaged, text, "Use the file as it was exported, not one saved by a spreadsheet.");
    }
    let flattened = names(&input.flattened);
    if !flattened.is_empty() {
        let text =
            format!("PowerShell wrote the name of a type in place of a value: {flattened}. The values are lost.");
        add(NoticeKind::Flattened, text, "Export again with ConvertTo-Json -Depth 10, not with Export-Csv.");
    }
    let is_at_limit = limits::of_input(input, add);
    sampling::of_input(input, is_at_limit, add);
    times::of_input(input, add);
    of_header(input, add);
    if input.unjoined > 0 {
        let text = format!(
            "{} steps of authentication are of sign-ins that no input holds; they say nothing here.",
            figure(input.unjoined)
        );
        add(NoticeKind::Unjoined, text, "Add the sign-ins that were downloaded with them.");
    }
    of_database(input, add);
    if input.gave.users > 0 {
        let text = format!(
            "Users of whom it says what they are: {}; people of the records among them: {}.",
            figure(input.gave.users),
            figure(input.gave.named)
        );
        add(NoticeKind::Users, text, "Nothing is to be done: sessions of such users say so.");
    }
    if input.gave.networks > 0 {
        let text = format!(
            "Networks that it lists: {}; addresses of the records that lie in them: {}.",
            figure(input.gave.networks),
            figure(input.gave.addresses)
        );
        add(NoticeKind::List, text, "Nothing is to be done: a finding on such an address names the list.");
    }
    if input.gave.trusted > 0 {
        let text = format!(
            "Addresses of its sign-ins that lie in trusted named locations: {}. They count as the organisation's own.",
            figure(input.gave.trusted)
        );
        add(NoticeKind::List, text, "Nothing is to be done; look over the named locations if that surprises you.");
    }
    if !input.other.is_empty() {
        let named = input.other.iter().take(3).map(|(table, count)| format!("{} of {table}", figure(*count)));
        let more = if input.other.len() > 3 { ", and of others" } else { "" };
        let named = named.collect::<Vec<_>>().join(", ");
        let text = format!("Records of tables that are known and not used: {named}{more}.");
        add(NoticeKind::NotUsed, text, "Nothing is to be done: they are counted, and no detection reads them.");
    }
    if input.refused_total > 0 {
        let text = format!(
            "{} of {} records were rejected; all others are counted.",
            figure(input.refused_total),
            figure(input.records)
        );
        add(NoticeKind::Rejected, text, "The list of rejected records says where and why.");
    }
}

/// Whether whoever had it read stopped that.
fn was_stopped(input: &Input) -> bool {
    let stopped = Problem::Stopped.to_string();
    input.failure.iter().chain(input.refused.iter().map(|refused| &refused.reason)).any(|reason| *reason == stopped)
}

/// How the reason begins for which a last record was rejected that the end of its file cuts.
const CUT: [&str; 3] = ["it breaks off at byte ", "the file ends at byte ", "cannot be unpacked from byte "];

/// What was rejected last, where nothing stands behind it and it is cut.
fn cut(input: &Input) -> Option<&Refused> {
    let last = input.refused.last().filter(|last| last.record + 1 == input.records);
    last.filter(|last| CUT.iter().any(|start| last.reason.starts_with(start)))
}

/// What a database of addresses gave.
fn of_database(input: &Input, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    let gave = &input.gave;
    let Some(built) = gave.database else { return };
    let made = day(i64::try_from(built / 86_400).unwrap_or(i64::MAX));
    let filled = [
        (gave.systems, "network number"),
        (gave.countries, "country"),
        (gave.cities, "city"),
        (gave.coordinates, "coordinates"),
    ];
    let filled: Vec<String> = filled
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{what} of {}", figure(*count)))
        .collect();
    let filled = match filled.as_slice() {
        [] => "nothing had to be filled in".to_owned(),
        some => format!("filled in where the exports have none, by records: {}", some.join(", ")),
    };
    let text =
        format!("A database of {made}. Addresses of the records that it knows: {}; {filled}.", figure(gave.addresses));
    add(NoticeKind::IpDatabase, text, "Nothing is to be done: facts of a finding say what was filled in.");
    let (both, others) = gave.compared;
    if both >= 10 && others * 5 > both {
        let text = format!(
            "It names another country than the exports for {} of {} addresses. What the exports say stands.",
            figure(others),
            figure(both)
        );
        add(NoticeKind::DatabaseContradicts, text, "Use a database of the time of the exports.");
    }
}

/// What follows from the language of an input's header.
fn of_header(input: &Input, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    const AGAIN: &str = "Set the admin center's language to English and download the file again.";
    for language in &input.languages {
        let text = match language.as_str() {
            Tally::UNREAD => "Its header is in a language that is not known, and its columns are none that can be told by their place.".to_owned(),
            Tally::BY_PLACE => "Its header is in a language that is not known; the columns were told by their number and order. Words inside them may not be understood.".to_owned(),
            known => format!("Its header is in {known}. Columns whose name is not known in it were left out; words inside others may not be understood."),
        };
        add(NoticeKind::Language, text, AGAIN);
    }
}

fn of_all(case: &Case, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    let has = |stream: Stream| case.summary.streams.contains_key(&stream);
    if has(Stream::Interactive) && !has(Stream::NonInteractive) {
        add(
            NoticeKind::InteractiveOnly,
            "Only interactive sign-ins are here. A thief with a stolen token does not sign in again, so this log alone looks clean."
                .to_owned(),
            "Export the non-interactive sign-ins of the same days.",
        );
    }
    sampling::of_all(case, add);
    gaps::of_all(&case.summary, add);
    flows::of_all(&case.summary, add);
    limits::of_knowledge(&case.summary, add);
    if case.tenancy.count() > 1 {
        let text = format!("The inputs are of {} tenants. Each is looked at on its own.", case.tenancy.count());
        add(NoticeKind::MixedTenants, text, "If they do not belong together, look at one tenant's exports at a time.");
    }
    if !case.conflicts.is_empty() {
        let columns: Set<&str> = case.conflicts.iter().map(|conflict| conflict.column).gather();
        let text = format!(
            "Two exports of one event disagree in {} places ({}); the first in the order of inputs was taken.",
            figure(case.conflicts.len() as u64),
            columns.into_iter().collect::<Vec<_>>().join(", ")
        );
        add(NoticeKind::Conflict, text, "Look at both records where it matters.");
    }
}

/// A day since 1970 as `5 Nov 2026`.
fn day(number: i64) -> String {
    let at = number.checked_mul(86_400).and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    at.map_or_else(String::new, |at| at.format("%-d %b %Y").to_string())
}

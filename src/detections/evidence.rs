//! What several detections say in the same way.

use crate::order::Set;

use serde_json::Value;

use crate::events::time;
use crate::events::vocabulary::{IncomingToken, Stream};
use crate::events::{Guid, SignIn};
use crate::knowledge::results;
use crate::knowledge::roles::{Tier, privileged_role};
use crate::order::Arrange;
use crate::sessions::{EventRef, Likeness, View};
use crate::tenant::Network;
use crate::words::{capital, list};

use super::{Evidence, Role};

/// Evidence in order of time, each event once. Ties: interactive sign-ins first, then by id.
pub(super) fn in_order(view: &View<'_>, mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    let mut seen = Set::new();
    evidence.retain(|item| seen.insert(item.event));
    evidence.arrange_by_cached_key(|item| {
        let sign_in = match item.event {
            EventRef::SignIn(number) => view.store.sign_in(number),
            EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
        };
        let later = sign_in.is_none_or(|row| row.stream() != Stream::Interactive);
        let head = item.event.head(view.store);
        // The number of an id that is a text depends on the order of files: the text does not.
        let id = head.map(|head| head.id.display(&view.store.texts));
        (head.map(|head| head.time), later, id, item.event)
    });
    evidence
}

/// Evidence of one role from sign-ins.
pub(super) fn sign_ins(role: Role, numbers: impl IntoIterator<Item = u32>) -> impl Iterator<Item = Evidence> {
    numbers.into_iter().map(move |number| Evidence { role, event: EventRef::SignIn(number) })
}

/// Evidence of one role from audit events.
pub(super) fn audits(role: Role, numbers: impl IntoIterator<Item = u32>) -> impl Iterator<Item = Evidence> {
    numbers.into_iter().map(move |number| Evidence { role, event: EventRef::Audit(number) })
}

/// Evidence of one role from acts and calls.
pub(super) fn activities(role: Role, numbers: impl IntoIterator<Item = u32>) -> impl Iterator<Item = Evidence> {
    numbers.into_iter().map(move |number| Evidence { role, event: EventRef::Activity(number) })
}

/// Facts from a JSON object.
pub(super) fn facts(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => serde_json::Map::new(),
    }
}

/// The id of a sign-in, as its record has it.
pub(super) fn id_text(view: &View<'_>, sign_in: u32) -> String {
    view.store.sign_in(sign_in).map(|row| row.id.display(&view.store.texts)).unwrap_or_default()
}

/// The user's name, or their id where no record has a name.
pub(super) fn who(view: &View<'_>) -> String {
    let texts = &view.store.texts;
    texts.value(view.person.name).map_or_else(|| view.person.id.display(texts), str::to_owned)
}

/// A network for a sentence.
pub(super) fn place(network: Option<Network>) -> String {
    network.map_or_else(|| "an unknown address".to_owned(), |network| network.label())
}

/// Network and program of a sign-in, for a sentence.
pub(super) fn hand(view: &View<'_>, row: &SignIn) -> String {
    format!("{} by {}", place(view.network(row)), view.agent(row).label())
}

/// What differs between two holders, as a sentence.
pub(super) fn changed(likeness: &Likeness) -> String {
    let names = likeness.changed();
    let names: Vec<&str> = names.into_iter().map(|name| if name == "agent" { "program" } else { name }).collect();
    format!("{} changed.", capital(&list(&names)))
}

/// Where an event came from, for a sentence. What comes from Microsoft's servers tells nothing of who asked for it.
pub(super) fn whence(view: &View<'_>, event: EventRef) -> String {
    match view.network_of(event) {
        None if event.head(view.store).is_some_and(|head| head.address.has_value()) => {
            "a server of Microsoft's".to_owned()
        }
        network => place(network),
    }
}

/// An incoming token for a sentence.
pub(super) fn token(incoming: IncomingToken) -> &'static str {
    let has = |kind: IncomingToken| incoming.0 & kind.0 != 0;
    if has(IncomingToken::PRIMARY_REFRESH_TOKEN) {
        "a primary refresh token"
    } else if has(IncomingToken::REFRESH_TOKEN) {
        "a refresh token"
    } else {
        "a token"
    }
}

/// Roles of administrators that the sign-in's processing details name, the most powerful first.
pub(super) fn roles_in_token(view: &View<'_>, row: &SignIn) -> Vec<&'static str> {
    let ids = guids(view.store.texts.get(row.processing)).filter_map(privileged_role);
    let mut roles: Vec<_> = ids.filter(|role| role.tier <= Tier::High).map(|role| (role.tier, role.name)).collect();
    roles.arrange();
    roles.dedup();
    roles.into_iter().map(|(_, name)| name).collect()
}

/// The GUIDs with dashes that stand anywhere in a text, in any case.
fn guids(text: &str) -> impl Iterator<Item = Guid> {
    let bytes = text.as_bytes();
    let starts = memchr::memchr_iter(b'-', bytes).filter_map(|dash| dash.checked_sub(8));
    starts.filter_map(|start| Guid::parse_bytes(bytes.get(start..start + 36)?))
}

/// A length of time in its two largest units, in words.
pub(super) fn duration(micros: i64) -> String {
    let seconds = micros.saturating_abs() / 1_000_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{} s", seconds % 60),
        (0, 0, minutes) if seconds % 60 == 0 => format!("{minutes} min"),
        (0, 0, minutes) => format!("{minutes} min {} s", seconds % 60),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// A moment as sentences write it: `12 Nov 15:52:31`.
pub(super) fn moment(micros: i64) -> String {
    chrono::DateTime::from_timestamp_micros(micros)
        .map_or_else(|| time::format_rfc3339(micros), |at| at.format("%-d %b %H:%M:%S").to_string())
}

/// What a failed result means, for a sentence; empty on success.
pub(super) fn failure(code: Option<u32>) -> String {
    match code {
        None | Some(0) => String::new(),
        Some(code) => match results::meaning(code) {
            Some(meaning) => format!(" (refused: {code}, {meaning})"),
            None => format!(" (refused: {code})"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_two_units() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (683, "11 min 23 s"),
            (11_400, "3 h 10 min"),
            (7_200, "2 h"),
            (86_400, "1 d"),
            (180_000, "2 d 2 h"),
            (-61, "1 min 1 s"),
        ] {
            assert_eq!(duration(seconds * 1_000_000), text);
        }
        assert_eq!(duration(i64::MIN), "106751991 d 4 h");
    }

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let id = "62e90394-69f5-4237-9190-012177145e10";
        let other = "B79FBF4D-3EF9-4689-8143-76B194E85509";
        for (text, found) in [
            (String::new(), vec![]),
            (id.to_owned(), vec![id]),
            (format!("Roles: [\"{id}\",\"{other}\"]-"), vec![id, other]),
            (format!("a-{id}-{}", &other[..35]), vec![id]),
            (id[1..].to_owned(), vec![]),
            (id.replace('-', ""), vec![]),
        ] {
            let found: Vec<Guid> = found.into_iter().filter_map(Guid::parse).collect();
            assert_eq!(guids(&text).collect::<Vec<_>>(), found, "{text}");
        }
    }

    #[test]
    fn refusals_say_why() {
        assert_eq!(failure(Some(0)), "");
        assert_eq!(failure(None), "");
        assert_eq!(failure(Some(53003)), " (refused: 53003, blocked by conditional access)");
        assert_eq!(failure(Some(1)), " (refused: 1)");
    }

    #[test]
    fn what_changed_is_a_sentence() {
        let likeness = Likeness { agent: Some(false), country: Some(false), device: None, network: Some(true) };
        assert_eq!(changed(&likeness), "Program and country changed.");
        assert_eq!(changed(&Likeness { agent: Some(true), ..likeness }), "Country changed.");
    }
}

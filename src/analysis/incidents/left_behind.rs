//! Ties by what intruders leave behind: where rules and forwarding send mail to, and applications that were
//! consented to.

use crate::order::{Map, Set};

use serde::Deserialize;

use crate::events::{Activity, Audit, Store};
use crate::sessions::EventRef;

use super::super::Case;
use super::Member;
use super::ties::{TieKind, Tied};

/// Parameters that say where mail goes, in lower case.
const SENDS_TO: [&str; 9] = [
    "forwardto",
    "forwardasattachmentto",
    "redirectto",
    "forwardingsmtpaddress",
    "forwardingaddress",
    "blindcopyto",
    "copyto",
    "redirectmessageto",
    "ruleactions",
];
/// Operations by which an application gets rights for a user, in lower case.
const CONSENTS: [&str; 3] = ["consent to application", "add delegated permission grant", "add oauth2permissiongrant"];
/// Things of one member; more are none of a real session.
const MOST: usize = 64;

/// Such ties among members of one realm, by their numbers. An application ties only with a member above the
/// line: many people may consent to one.
pub(super) fn find(case: &Case, own: &[(usize, &Member<'_>)]) -> Vec<Tied> {
    let mut by_thing: Map<(TieKind, String), (Set<usize>, bool)> = Map::new();
    for &(number, member) in own {
        let mut left: Set<(TieKind, String)> = Set::new();
        for item in member.strong().flat_map(|flagged| &flagged.finding.evidence) {
            if left.len() >= MOST {
                break;
            }
            match item.event {
                EventRef::Activity(row) => {
                    let sent = case.store.activity(row).map(|row| sent_to(&case.store, row)).unwrap_or_default();
                    left.extend(sent.into_iter().map(|address| (TieKind::RuleTarget, address)));
                }
                EventRef::Audit(row) => {
                    let apps = case.store.audit(row).map(|row| consented(&case.store, row)).unwrap_or_default();
                    left.extend(apps.into_iter().map(|app| (TieKind::ConsentedApp, app)));
                }
                EventRef::SignIn(_) | EventRef::Risk(_) => {}
            }
        }
        for thing in left {
            let (members, above) = by_thing.entry(thing).or_default();
            members.insert(number);
            *above |= member.is_above();
        }
    }
    by_thing
        .into_iter()
        .filter(|((kind, _), (members, above))| members.len() > 1 && (*above || *kind == TieKind::RuleTarget))
        .map(|((kind, on), (members, _))| Tied { kind, on, members: members.into_iter().collect() })
        .collect()
}

/// Addresses outside the user's own domain that a rule or a mailbox sends to.
fn sent_to(store: &Store, row: &Activity) -> Vec<String> {
    let pairs: Vec<(String, String)> = serde_json::from_str(store.texts.get(row.parameters)).unwrap_or_default();
    let domain = |address: &str| address.rsplit_once('@').map(|(_, domain)| domain.to_owned());
    let home = domain(store.texts.get(store.user(row.user).name));
    let sends = pairs.iter().filter(|(name, _)| SENDS_TO.contains(&name.to_ascii_lowercase().as_str()));
    let words =
        sends.flat_map(|(_, value)| value.split(|mark: char| !mark.is_alphanumeric() && !"@._%+-".contains(mark)));
    let addresses = words.map(|word| word.trim_matches('.').to_lowercase());
    addresses
        .filter(|address| domain(address).is_some_and(|domain| domain.contains('.') && home.as_ref() != Some(&domain)))
        .collect()
}

/// Applications that an act gives rights to: their ids, else their names.
fn consented(store: &Store, row: &Audit) -> Vec<String> {
    #[derive(Deserialize)]
    struct Target {
        kind: String,
        id: String,
        name: String,
    }
    if !CONSENTS.contains(&store.texts.get(row.operation).to_ascii_lowercase().as_str()) {
        return Vec::new();
    }
    let targets: Vec<Target> = serde_json::from_str(store.texts.get(row.targets)).unwrap_or_default();
    let apps = targets.into_iter().filter(|target| target.kind.eq_ignore_ascii_case("ServicePrincipal"));
    apps.map(|target| if target.id.is_empty() { target.name } else { target.id })
        .filter(|app| !app.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_every_form_of_a_rule() {
        let mut store = Store::new(1);
        let row = |store: &mut Store, name: &str, value: &str| {
            let pairs = serde_json::to_string(&[(name, value)]).expect("JSON");
            Activity { parameters: store.texts.intern(&pairs), ..bytemuck::Zeroable::zeroed() }
        };
        for (name, value, expected) in [
            ("ForwardTo", "a@evil.example", vec!["a@evil.example"]),
            ("RedirectTo", "\"A\" [SMTP:A@Evil.example];b@evil.example", vec!["a@evil.example", "b@evil.example"]),
            ("ForwardingSmtpAddress", "smtp:a@evil.example", vec!["a@evil.example"]),
            ("RuleActions", r#"[{"ActionType":"Forward","Recipients":["a@evil.example"]}]"#, vec!["a@evil.example"]),
            ("MoveToFolder", "a@evil.example", vec![]),
            ("ForwardTo", "Somebody", vec![]),
            ("ForwardTo", "a@host", vec![]),
        ] {
            let row = row(&mut store, name, value);
            assert_eq!(sent_to(&store, &row), expected, "{name} {value}");
        }
    }
}

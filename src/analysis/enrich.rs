//! Asks what came beside the exports about the addresses of the records, each once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::detections::Finding;
use crate::enrichment::Lists;
use crate::events::{Store, TextId};
use crate::sessions::{EventRef, View};
use crate::tenant::Summary;

use super::{Case, Input};

/// Addresses of a finding of which it is said who lists them.
const SAID: usize = 8;

/// Looks up every address in the lists. What they say goes into the summary, and how many addresses
/// each list knew into its input.
pub(super) fn look_up(store: &Store, lists: &Lists, summary: &mut Summary, inputs: &mut [Input]) {
    if lists.is_empty() {
        return;
    }
    let mut found = BTreeMap::new();
    for text in addresses(store) {
        // The same address in another spelling says the same.
        let Some(network) = summary.network(store, text, 0).filter(|network| !found.contains_key(&network.address))
        else {
            continue;
        };
        let mut said = BTreeSet::new();
        let listed = lists.find(network.address, network.asn, &mut |input| {
            said.insert(input);
        });
        for input in said {
            if let Some(input) = inputs.get_mut(input as usize) {
                input.gave.addresses += 1;
            }
        }
        found.insert(network.address, listed);
    }
    found.retain(|_, listed| listed.kind().is_some());
    summary.listed = found;
}

/// Says in the facts of a finding which lists name the networks of its records: `lists`, each with
/// `address`, `as`, `name` where it has one, and `by`, the file.
pub(super) fn say(case: &Case, view: &View<'_>, finding: &mut Finding) {
    if case.summary.listed.is_empty() {
        return;
    }
    let network = |event: EventRef| match event {
        EventRef::SignIn(number) => view.network(view.store.sign_in(number)?),
        _ => view.network_of(event),
    };
    let networks: BTreeMap<_, _> = finding
        .evidence
        .iter()
        .filter_map(|item| network(item.event))
        .map(|network| (network.address, network.listed))
        .collect();
    let said: Vec<_> = networks
        .into_iter()
        .filter_map(|(address, listed)| {
            let (input, entry) = case.lists.entry(listed)?;
            let by = case.inputs.get(input as usize).map_or("", |input| input.name.as_str());
            let name = Some(&*entry.name).filter(|name| !name.is_empty());
            Some(json!({"address": address.to_string(), "as": entry.kind.name(), "name": name, "by": by}))
        })
        .take(SAID)
        .collect();
    if !said.is_empty() {
        finding.facts.insert("lists".to_owned(), said.into());
    }
}

/// The addresses of all records, as they are written.
fn addresses(store: &Store) -> BTreeSet<TextId> {
    let sign_ins = store.sign_ins.iter().map(|row| row.address);
    let audits = store.audits.iter().map(|row| row.address);
    let activities = store.activities.iter().map(|row| row.address);
    let risk_events = store.risk_events.iter().map(|row| row.address);
    sign_ins.chain(audits).chain(activities).chain(risk_events).filter(|text| text.has_value()).collect()
}

//! Steps of authentication that stand in a file of their own go to the sign-ins they are of.

use crate::order::Map;

use crate::events::{Id, Store, TextId};
use crate::order::Gather;

use super::Input;

/// Gives each sign-in without steps those that name its id, in the order of their records. Of a file
/// that was dropped twice one counts. Every step is counted as saying more about an event.
pub(super) fn join(store: &mut Store, sign_ins: &[u32], inputs: &mut [Input]) {
    // The steps of a sign-in, from the first input that has any.
    let mut steps: Map<Id, (u32, Vec<TextId>)> = Map::new();
    for row in store.steps.iter() {
        let (input, known) = steps.entry(row.sign_in).or_insert_with(|| (row.input, Vec::new()));
        if *input == row.input {
            known.push(row.step);
        }
    }
    let mut joined: Map<Id, bool> = steps.keys().map(|id| (*id, false)).gather();
    for &number in sign_ins {
        let Some(row) = store.sign_in(number).copied() else { continue };
        let Some((_, known)) = steps.get(&row.id) else { continue };
        if let Some(joined) = joined.get_mut(&row.id) {
            *joined = true;
        }
        if row.steps.has_value() {
            continue;
        }
        let whole = list(store, known);
        let whole = store.texts.intern(&whole);
        if let Some(row) = store.sign_ins.change(number as usize) {
            row.steps = whole;
        }
    }
    for row in store.steps.iter() {
        if let Some(input) = inputs.get_mut(row.input as usize) {
            input.enrichment += 1;
            input.unjoined += u64::from(joined.get(&row.sign_in) != Some(&true));
        }
    }
}

/// One list of lists of one.
fn list(store: &Store, steps: &[TextId]) -> String {
    let inner = |step: &TextId| {
        let text = store.texts.get(*step);
        text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or_default().to_owned()
    };
    let steps: Vec<String> = steps.iter().map(inner).filter(|step| !step.is_empty()).collect();
    format!("[{}]", steps.join(","))
}

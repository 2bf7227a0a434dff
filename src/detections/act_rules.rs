//! Detections that are a list of operations with a condition and a severity: one table each.

use serde_json::json;

use crate::events::parameters::Parameters;

use super::acts::{Act, REGULAR, Told, acts_that, days_of, finding, groups, is_one, many, quoted, some_of};
use super::{Confidence, Detection, Finding, Group, Records, Severity, Subject};

/// What an act must have beside its operation.
#[derive(Debug)]
pub(super) enum When {
    /// One of these parameters with a value.
    Has(&'static [&'static str]),
    /// A parameter, one of these, with one of these texts in it, in any case.
    Says(&'static [&'static str], &'static [&'static str]),
    /// A parameter switched on.
    On(&'static [&'static str]),
    /// A parameter switched off.
    Off(&'static [&'static str]),
    /// None of these texts in what it was done to, in any case.
    NotTo(&'static [&'static str]),
}

/// A line of a table.
#[derive(Debug)]
pub(super) struct Rule {
    pub operations: &'static [&'static str],
    /// All must hold.
    pub when: &'static [When],
    pub severity: Severity,
    pub variant: &'static str,
    /// What was done, behind the user's name.
    pub did: &'static str,
    /// For a row: at most 34 characters.
    pub what: &'static str,
    /// Whether it is milder for somebody who does it on other days, too.
    pub routine: bool,
}

impl When {
    fn holds(&self, object: &str, parameters: &Parameters) -> bool {
        let has = |text: &str, words: &[&str]| {
            let text = text.to_lowercase();
            words.iter().any(|word| text.contains(word))
        };
        match self {
            Self::Has(names) => names.iter().any(|name| parameters.get(name).is_some()),
            Self::Says(names, words) => names.iter().any(|name| parameters.all(name).any(|value| has(value, words))),
            Self::On(names) => names.iter().any(|name| parameters.switch(name) == Some(true)),
            Self::Off(names) => names.iter().any(|name| parameters.switch(name) == Some(false)),
            Self::NotTo(words) => !has(object, words),
        }
    }
}

/// Parameters that say whom or what a setting is about.
const ABOUT: [&str; 14] = [
    "Identity",
    "Name",
    "Mailbox",
    "User",
    "Trustee",
    "MemberUpn",
    "SharedWith",
    "RedirectMessageTo",
    "BlindCopyTo",
    "CopyTo",
    "Role",
    "Setting",
    "Member",
    "Entity",
];

/// Asks a table about a person: the first line that fits an act counts. One finding a variant and session; its words and severity are those of
/// the variant's first line.
///
/// Facts: `operations`; `objects`, what it was done to; `about`, what the parameters name; `days`, on how many
/// days the person did so.
pub(super) fn look(
    detection: &'static Detection,
    table: &'static [Rule],
    subject: &Subject<'_>,
    found: &mut Vec<Finding>,
) {
    let view = subject.view;
    let all = acts_that(view, |operation| table.iter().any(|rule| is_one(operation, rule.operations)));
    if all.is_empty() {
        return;
    }
    let mut fitting: Vec<Vec<Act<'_>>> = table.iter().map(|_| Vec::new()).collect();
    for act in all {
        let (object, parameters) = (act.object(view), act.parameters(view));
        let rule = table.iter().position(|rule| {
            is_one(act.operation, rule.operations) && rule.when.iter().all(|when| when.holds(object, &parameters))
        });
        // Lines of one variant make one finding.
        let variant = rule.and_then(|place| table.get(place)).map(|rule| rule.variant);
        let first = variant.and_then(|variant| table.iter().position(|rule| rule.variant == variant));
        if let Some(acts) = first.and_then(|place| fitting.get_mut(place)) {
            acts.push(act);
        }
    }
    for (rule, acts) in table.iter().zip(fitting) {
        let days = days_of(&acts);
        for group in groups(acts) {
            found.extend(tell(detection, rule, subject, &group, days));
        }
    }
}

/// What detections that are a table of operations have in common.
pub(super) const fn detection(
    id: &'static str,
    title: &'static str,
    file: &'static str,
    records: &'static [Records],
    kql: &'static str,
) -> Detection {
    let helped = &[(Records::UserSignIns, "they show in whose session it was done")];
    Detection {
        helped_by: helped,
        wants: super::TIES,
        ..Detection::of_acts(id, title, file, Group::Mailbox, records, kql)
    }
}

fn tell(
    detection: &'static Detection,
    rule: &'static Rule,
    subject: &Subject<'_>,
    acts: &[Act<'_>],
    days: usize,
) -> Option<Finding> {
    let view = subject.view;
    let routine = rule.routine && days >= REGULAR;
    let operations = some_of(acts.iter().map(|act| act.operation), 20);
    let objects = some_of(acts.iter().map(|act| act.object(view)), 50);
    let parameters: Vec<Parameters> = acts.iter().map(|act| act.parameters(view)).collect();
    let about = parameters.iter().flat_map(|all| ABOUT.into_iter().filter_map(|name| all.get(name)));
    let about = some_of(about, 50);
    let named =
        objects.first().or_else(|| about.first()).map_or_else(String::new, |name| format!(": {}", quoted(name)));
    let times = if acts.len() > 1 { format!(" ({})", many(acts.len(), "time")) } else { String::new() };
    let more =
        if routine { format!("The user does so on {days} of the days in these exports.") } else { String::new() };
    finding(
        subject,
        Told {
            detection,
            variant: rule.variant,
            strand: rule.variant,
            severity: if routine { rule.severity.lower() } else { rule.severity },
            confidence: Confidence::High,
            role: "act",
            acts,
            did: format!("{}{times}{named},", rule.did),
            more,
            what: rule.what,
            facts: json!({"operations": operations, "objects": objects, "about": about, "days": days}),
        },
    )
}

//! What a detection says of some events, and the finding that it makes of it: what all findings have in
//! common is filled in here.

use std::cmp::Reverse;

use serde_json::Value;

use crate::events::Id;
use crate::order::{Arrange, Map};
use crate::sessions::View;

use super::evidence::{facts, in_order, sign_ins};
use super::{Confidence, Detection, Evidence, Finding, Role, Severity};

/// How bad and how sure.
pub(super) type Weight = (Severity, Confidence);

/// What is said of some events. A finding with another title or strand is `Finding { title, ..of(…) }`.
#[derive(Debug)]
pub(super) struct Told {
    /// The finding's variant, and its strand.
    pub(super) variant: &'static str,
    pub(super) weight: Weight,
    pub(super) why: String,
    /// For a row: at most 34 characters.
    pub(super) what: &'static str,
    /// In any order.
    pub(super) evidence: Vec<Evidence>,
    /// An object.
    pub(super) facts: Value,
}

/// The finding of a session, by its number in the view.
pub(super) fn of_session(detection: &Detection, view: &View<'_>, session: usize, told: Told) -> Finding {
    of(detection, view, Some(session), Id::EMPTY, told)
}

/// The finding of a session; where there is none, `own` names it.
pub(super) fn of(detection: &Detection, view: &View<'_>, session: Option<usize>, own: Id, told: Told) -> Finding {
    let anchor = session.and_then(|index| view.sessions.get(index)).map_or(own, |session| session.anchor);
    let finding = of_whole(detection, anchor, told);
    Finding { session, evidence: in_order(view, finding.evidence), ..finding }
}

/// The finding of the tenant as a whole, which `anchor` names; its evidence is in order.
pub(super) fn of_whole(detection: &Detection, anchor: Id, told: Told) -> Finding {
    Finding {
        detection: detection.id,
        variant: told.variant,
        strand: told.variant,
        severity: told.weight.0,
        confidence: told.weight.1,
        session: None,
        anchor,
        title: detection.title.to_owned(),
        why: told.why,
        what: told.what,
        evidence: told.evidence,
        facts: facts(told.facts),
    }
}

/// Of findings the worst of each session, the earliest of equals.
pub(super) fn one_a_session(mut all: Vec<Finding>) -> Vec<Finding> {
    all.arrange_by_key(|finding| (finding.session, Reverse((finding.severity, finding.confidence))));
    all.dedup_by_key(|finding| finding.session);
    all
}

/// What is said of one variant in one session.
struct Said {
    weight: Weight,
    why: String,
    facts: Value,
    sign_ins: Vec<u32>,
}

impl Said {
    fn nothing() -> Self {
        let weight = (Severity::Info, Confidence::Low);
        Self { weight, why: String::new(), facts: Value::Null, sign_ins: Vec::new() }
    }

    fn add(&mut self, numbers: &[u32], weight: Weight, say: impl FnOnce() -> (String, Value)) {
        if self.sign_ins.is_empty() || weight > self.weight {
            self.weight = weight;
            (self.why, self.facts) = say();
        }
        if self.sign_ins.len() < Strands::LISTED {
            self.sign_ins.extend(numbers);
        }
    }
}

/// What is said of each variant in each session while a detection looks: the worst, the earliest of equals, is
/// put in words.
pub(super) struct Strands<'a> {
    view: &'a View<'a>,
    said: Map<(usize, &'static str), Said>,
}

impl<'a> Strands<'a> {
    /// Sign-ins of one variant that a session's finding lists.
    pub(super) const LISTED: usize = 50;

    pub(super) fn new(view: &'a View<'a>) -> Self {
        Self { view, said: Map::new() }
    }

    /// Adds sign-ins to what is said of the last one's session; `say` gives the explanation and the facts.
    pub(super) fn add(
        &mut self,
        variant: &'static str,
        numbers: &[u32],
        weight: Weight,
        say: impl FnOnce() -> (String, Value),
    ) {
        let Some(session) = numbers.last().and_then(|&number| self.view.session_of(number)) else { return };
        self.said.entry((session, variant)).or_insert_with(Said::nothing).add(numbers, weight, say);
    }

    /// One finding a session and variant.
    pub(super) fn findings(self, detection: &Detection, role: Role, what: &'static str) -> Vec<Finding> {
        let Self { view, said } = self;
        let told = said.into_iter().map(|((session, variant), Said { weight, why, facts, sign_ins: numbers })| {
            let evidence = sign_ins(role, numbers).collect();
            of_session(detection, view, session, Told { variant, weight, why, what, evidence, facts })
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const LOW: Weight = (Severity::Low, Confidence::Medium);
    const HIGH: Weight = (Severity::High, Confidence::Low);

    #[test]
    fn the_worst_is_said_and_the_earliest_of_equals() {
        let mut said = Said::nothing();
        for (number, weight, why) in
            [(7, LOW, "first"), (8, LOW, "again"), (9, HIGH, "worse"), (10, HIGH, "as bad"), (11, LOW, "last")]
        {
            said.add(&[number], weight, || (why.to_owned(), json!({"why": why})));
        }
        assert_eq!((said.weight, said.why.as_str(), &said.facts["why"]), (HIGH, "worse", &json!("worse")));
        assert_eq!(said.sign_ins, [7, 8, 9, 10, 11]);
        for number in 12..=200 {
            said.add(&[number], LOW, || unreachable!("it is no worse"));
        }
        assert_eq!(said.sign_ins.len(), Strands::LISTED);
    }

    #[test]
    fn one_a_session_is_the_worst_and_the_earliest_of_equals() {
        let detection = crate::detections::ALL.first().expect("a detection");
        let finding = |session: Option<usize>, weight: Weight, why: &str| {
            let (why, facts) = (why.to_owned(), Value::Null);
            let told = Told { variant: "a", weight, why, what: "", evidence: Vec::new(), facts };
            Finding { session, ..of_whole(detection, Id::EMPTY, told) }
        };
        let all = vec![
            finding(Some(2), LOW, "mild"),
            finding(Some(1), HIGH, "kept"),
            finding(Some(2), HIGH, "bad"),
            finding(Some(2), HIGH, "as bad"),
            finding(None, LOW, "of none"),
        ];
        let kept: Vec<String> = one_a_session(all).into_iter().map(|finding| finding.why).collect();
        assert_eq!(kept, ["of none", "kept", "bad"]);
    }
}

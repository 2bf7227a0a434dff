//! Answers to questions about acts in the directory, and the findings that they make.

use serde_json::{Value, json};

use super::act::Act;
use super::asked::{Asked, Question, Whose};
use super::evidence::{audits, duration, moment, sign_ins, who};
use super::told::{self, of};
use super::{Confidence, Evidence, Finding, Severity};

const HOUR: i64 = 3_600_000_000;
/// Acts that a finding lists; all are counted.
const LISTED: usize = 50;

/// An answer: how bad, and what was done.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) severity: Severity,
    /// Ends the sentence that begins with who did it.
    said: String,
    /// One more sentence, or nothing.
    because: String,
    /// Further records that it rests on.
    beside: Vec<Evidence>,
    /// Whether it says itself how the place counts.
    pub(super) placed: bool,
}

impl Told {
    pub(super) fn new(severity: Severity, said: impl Into<String>) -> Option<Self> {
        Some(Self { severity, said: said.into(), because: String::new(), beside: Vec::new(), placed: false })
    }

    /// With a sentence that says why it is so bad, or mild.
    pub(super) fn because(mut self, why: impl Into<String>) -> Self {
        self.because = why.into();
        self
    }

    /// With further acts that it rests on.
    pub(super) fn beside(mut self, acts: impl IntoIterator<Item = u32>) -> Self {
        self.beside.extend(audits("beside", acts));
        self
    }

    /// With sign-ins that used what the act gave.
    pub(super) fn sign_ins(mut self, numbers: impl IntoIterator<Item = u32>) -> Self {
        self.beside.extend(sign_ins("use", numbers));
        self
    }

    /// The severity counts the place already: a familiar one makes it no milder.
    pub(super) fn placed(mut self) -> Self {
        self.placed = true;
        self
    }
}

/// An answer, judged.
pub(super) struct Item<'a> {
    pub(super) act: Act<'a>,
    pub(super) told: Told,
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    /// Why it is so bad, by who did it and whence.
    pub(super) words: &'static str,
}

/// Answers to one question that follow each other.
pub(super) struct Run<'a> {
    pub(super) question: &'static Question,
    pub(super) items: Vec<Item<'a>>,
}

impl Run<'_> {
    /// Whether an answer to a question follows those of the run.
    pub(super) fn takes(&self, question: &'static Question, item: &Item<'_>) -> bool {
        let last = self.items.last().map_or(i64::MIN, |last| last.act.row.time);
        let first = self.items.first().map(|first| first.act.anchor());
        self.question.variant == question.variant
            && (item.act.row.time.saturating_sub(last) <= HOUR || first == Some(item.act.anchor()))
    }

    /// Facts: `acts`, up to 50, each with `time`, `operation`, `by`, `address`, `agent`, `reason`, `on` (names of
    /// targets) and `changes` (name, old and new value); `count`, how many there are; `taint`, by what it
    /// descends from a session in other hands.
    pub(super) fn finding(&self, asked: &Asked<'_, '_>) -> Option<Finding> {
        let view = asked.view();
        // The earliest of the worst is told.
        let worst = self.items.iter().rev().max_by_key(|item| (item.severity, item.confidence))?;
        let first = self.items.first()?;
        let from = asked.network(&worst.act).map(|network| format!(" from {}", network.label()));
        let mut why = format!(
            "{} {} at {}{}.",
            worst.act.by(),
            worst.told.said,
            moment(worst.act.row.time),
            from.unwrap_or_default()
        );
        if !worst.told.because.is_empty() {
            why.push_str(&format!(" {}", worst.told.because));
        }
        why.push_str(worst.words);
        let last = self.items.last().map_or(0, |last| last.act.row.time - first.act.row.time);
        match self.items.len() {
            0 | 1 => {}
            count => why.push_str(&format!(" There are {count} such acts within {}.", duration(last))),
        }
        if asked.whose() == Whose::Done && worst.act.is_for_another() {
            why.push_str(&format!(" It was done to {}.", who(view)));
        }
        let listed = || self.items.iter().take(LISTED);
        let acts: Vec<Value> = listed().map(|item| item.act.tell()).collect();
        let mut facts = json!({"acts": acts, "count": self.items.len()});
        if let (Some(taint), Some(facts)) = (asked.taint(&worst.act), facts.as_object_mut()) {
            facts.insert("taint".to_owned(), taint.fact(view));
        }
        let told = told::Told {
            variant: self.question.variant,
            weight: (worst.severity, worst.confidence),
            why,
            what: self.question.what,
            evidence: audits("act", listed().map(|item| item.act.number))
                .chain(listed().flat_map(|item| item.told.beside.iter().copied()))
                .collect(),
            facts,
        };
        Some(of(asked.detection(), view, None, first.act.anchor(), told))
    }
}

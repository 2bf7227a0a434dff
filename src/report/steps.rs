//! What to do next, for all sessions together: the same step once, with the sessions that it is for.
//!
//! The catalogue says for each detection what to do, in its own words. What most of them say is said here
//! once, in the order in which it must be done: a new password does not end a session, and a device or a method
//! that is left opens the next one.

use serde::Serialize;

use crate::detections::Severity;
use crate::order::{Arrange, Map};

/// What a step is for, in the order in which they are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Ends what goes on.
    Contain,
    /// Keeps and finds evidence.
    Evidence,
    /// Is asked of people.
    Ask,
    /// Mends, and closes the way that was used.
    Recover,
}

impl Phase {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Contain, Self::Evidence, Self::Ask, Self::Recover];

    /// As a heading.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Contain => "Contain",
            Self::Evidence => "Find evidence",
            Self::Ask => "Ask",
            Self::Recover => "Recover, and close the way in",
        }
    }
}

/// A step, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NextStep {
    /// What it is for.
    pub phase: Phase,
    /// What to do.
    pub text: String,
    /// Keys of the sessions it is for, and ids of findings that belong to none; the worst first.
    pub sessions: Vec<String>,
    /// Names of their users, each once.
    pub users: Vec<String>,
}

/// What a finding advises.
#[derive(Clone, Copy, Debug)]
pub struct Advice<'a> {
    /// Key of its session, or its own id where it belongs to none.
    pub session: &'a str,
    /// Name of the user.
    pub user: &'a str,
    /// How bad it is.
    pub severity: Severity,
    /// What to do.
    pub next: &'a [String],
    /// What to ask.
    pub ask: &'a [String],
}

/// What most findings advise, in the order in which it is done: how it is said here, and the words by which it
/// is known in any one's own; one word of each group must be there.
const COMMON: [(Phase, &str, &[&[&str]]); 6] = [
    (
        Phase::Contain,
        "Disable, then delete, devices that were registered since or that nobody knows.",
        &[&["disable", "delete", "remove"], &["device"]],
    ),
    (
        Phase::Contain,
        "Remove methods of authentication, passkeys and Windows Hello keys that the user does not know.",
        &[&[
            "remove the method",
            "remove the other",
            "methods and devices",
            "windows hello keys",
            "remove it from all",
        ]],
    ),
    (Phase::Contain, "Revoke the user's sessions: a new password alone does not end them.", &[&["revoke"]]),
    (Phase::Contain, "Reset the password, after the sessions are revoked.", &[&["reset"], &["password"]]),
    (
        Phase::Evidence,
        "Look through what was reached and done: calls of Microsoft Graph, the audit log, mailboxes and files.",
        &[&["reached", "session did", "what it did", "was done with", "read: microsoft graph"]],
    ),
    (
        Phase::Evidence,
        "Look for devices and methods registered since, and for inbox rules made.",
        &[&[
            "registered in the hours",
            "registered since",
            "methods registered",
            "what was registered",
            "methods and consents",
        ]],
    ),
];

/// First words of steps that end something.
const CONTAINS: &[&str] = &[
    "Block", "Cancel", "Change", "Delete", "Deny", "Disable", "End", "From", "Make", "Put", "Remove", "Renew",
    "Replace", "Reset", "Revoke", "Set", "Stop", "Switch", "Take", "Treat", "Undo", "Use", "Where",
];
/// First words of steps that find something.
const FINDS: &[&str] = &["Check", "Compare", "Find", "List", "Look", "Open", "Read", "Search", "See"];
/// First words of steps that ask somebody.
const ASKS: &[&str] = &["Ask", "Call"];
/// First words of steps that mend, or close the way.
const RECOVERS: &[&str] = &[
    "Admit", "Allow", "Close", "Demand", "Forbid", "Give", "Let", "Name", "Recover", "Require", "Restore", "Restrict",
];
/// Words of steps that close the way, whatever they begin with.
const CLOSES: &[&str] = &[
    "by conditional access",
    "legacy authentication",
    "azure ad graph for",
    "ask for",
    "known-good.txt",
    "only for a time",
];

/// What a step is for; nothing where it begins with none of the words that are known.
fn phase(text: &str) -> Option<Phase> {
    let first = text.split(' ').next().unwrap_or_default();
    let lower = text.to_lowercase();
    let is = |words: &[&str]| words.contains(&first);
    let acts = lower.contains("revoke") || lower.contains("reset");
    if CLOSES.iter().any(|words| lower.contains(words)) && !acts {
        Some(Phase::Recover)
    } else if first == "Where" && !acts || is(FINDS) {
        Some(Phase::Evidence)
    } else if is(CONTAINS) {
        Some(Phase::Contain)
    } else if is(ASKS) {
        Some(Phase::Ask)
    } else if is(RECOVERS) {
        Some(Phase::Recover)
    } else {
        None
    }
}

/// Numbers of what a step says of [`COMMON`], where that is all of it.
fn common(text: &str, phase: Phase) -> Vec<usize> {
    let lower = text.to_lowercase();
    if phase == Phase::Recover || phase == Phase::Ask {
        return Vec::new();
    }
    let says = |groups: &[&[&str]]| groups.iter().all(|words| words.iter().any(|word| lower.contains(word)));
    let all = COMMON.iter().enumerate().filter(|(_, (_, _, groups))| says(groups));
    all.map(|(number, _)| number).collect()
}

/// Whether a step only says that there is more to look at: among all of it that says nothing.
fn is_empty(text: &str) -> bool {
    text == "Look at what else speaks about the session." || text.starts_with("Read it beside the other findings")
}

/// Whether a step is only for some cases: then it is said in its own words, unless it is said of all anyway.
fn is_conditional(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["where ", " if ", " until ", "from a strange"].iter().any(|word| lower.contains(word))
}

/// What one step is for.
#[derive(Default)]
struct For<'a> {
    severity: Option<Severity>,
    sessions: Vec<&'a str>,
    users: Vec<&'a str>,
    /// Place of the finding that said it first.
    said: usize,
}

impl<'a> For<'a> {
    fn add(&mut self, advice: &Advice<'a>) {
        self.severity = self.severity.max(Some(advice.severity));
        if !self.sessions.contains(&advice.session) {
            self.sessions.push(advice.session);
        }
        if !self.users.contains(&advice.user) {
            self.users.push(advice.user);
        }
    }
}

/// All steps, by phase: what most findings say first, then what is for the most sessions and the worst.
/// Findings come in their order, the worst first.
#[must_use]
pub fn next_steps(findings: &[Advice<'_>]) -> Vec<NextStep> {
    let mut usual: Map<usize, For<'_>> = Map::new();
    let mut own: Map<(Phase, &str), For<'_>> = Map::new();
    let steps = || {
        findings
            .iter()
            .enumerate()
            .flat_map(|(place, advice)| advice.next.iter().map(move |text| (place, advice, text)))
            .filter(|(.., text)| !is_empty(text))
    };
    for (_, advice, text) in steps().filter(|(.., text)| !is_conditional(text)) {
        for number in common(text, phase(text).unwrap_or(Phase::Evidence)) {
            usual.entry(number).or_default().add(advice);
        }
    }
    for (place, advice, text) in steps() {
        let phase = phase(text).unwrap_or(Phase::Evidence);
        let said = common(text, phase);
        let of_all = |number: &usize| usual.get(number).is_some_and(|step| step.sessions.contains(&advice.session));
        if !said.is_empty() && said.iter().all(of_all) {
            continue;
        }
        let step = own.entry((phase, text.as_str())).or_insert_with(|| For { said: place, ..For::default() });
        step.add(advice);
    }
    for (place, advice) in findings.iter().enumerate() {
        for text in advice.ask {
            let step = own.entry((Phase::Ask, text.as_str())).or_insert_with(|| For { said: place, ..For::default() });
            step.add(advice);
        }
    }
    let told = |phase: Phase, text: &str, step: &For<'_>| NextStep {
        phase,
        text: text.to_owned(),
        sessions: step.sessions.iter().map(|key| (*key).to_owned()).collect(),
        users: step.users.iter().map(|user| (*user).to_owned()).collect(),
    };
    let mut own: Vec<((Phase, &str), For<'_>)> = own.into_iter().collect();
    own.arrange_by_key(|((phase, _), step)| {
        (*phase, std::cmp::Reverse((step.sessions.len(), step.severity)), step.said)
    });
    let mut all = Vec::new();
    for of in Phase::ALL {
        let first = COMMON.iter().enumerate().filter(|(_, (phase, ..))| *phase == of);
        all.extend(first.filter_map(|(number, (_, text, _))| Some(told(of, text, usual.get(&number)?))));
        let rest = own.iter().filter(|((phase, _), _)| *phase == of);
        all.extend(rest.map(|((_, text), step)| told(of, text, step)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detections::ALL;

    #[test]
    fn every_step_of_the_catalogue_is_for_something() {
        for detection in ALL {
            for step in detection.doc().next {
                assert!(phase(&step).is_some(), "{}: {step}", detection.id);
            }
        }
    }

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    fn told(findings: &[(&str, &[&str])]) -> Vec<(Phase, String, usize)> {
        let owned: Vec<(&str, Vec<String>)> = findings.iter().map(|(key, next)| (*key, texts(next))).collect();
        let advice = owned.iter().map(|(key, next)| Advice {
            session: key,
            user: key,
            severity: Severity::High,
            next,
            ask: &[],
        });
        let steps = next_steps(&advice.collect::<Vec<_>>());
        steps.into_iter().map(|step| (step.phase, step.text, step.sessions.len())).collect()
    }

    #[test]
    fn what_many_say_in_their_words_is_said_once_in_the_order_in_which_it_is_done() {
        let steps = told(&[
            ("a", &["Revoke the user's sessions, then reset the password.", "Require token protection."]),
            (
                "b",
                &[
                    "Disable the device, revoke the user's sessions, then delete the device.",
                    "Look for what it reached.",
                ],
            ),
        ]);
        let begin: Vec<(Phase, &str, usize)> =
            steps.iter().map(|(phase, text, of)| (*phase, text.split(' ').next().unwrap_or_default(), *of)).collect();
        assert_eq!(
            begin,
            [
                (Phase::Contain, "Disable,", 1),
                (Phase::Contain, "Revoke", 2),
                (Phase::Contain, "Reset", 1),
                (Phase::Evidence, "Look", 1),
                (Phase::Recover, "Require", 1),
            ]
        );
    }

    #[test]
    fn a_step_for_some_cases_keeps_its_words_unless_it_is_said_of_the_session_anyway() {
        const IF: &str = "Revoke the session if nobody knows the device.";
        let alone = told(&[("a", &[IF])]);
        assert_eq!(alone, [(Phase::Contain, IF.to_owned(), 1)]);
        let beside = told(&[("a", &[IF]), ("a", &["Revoke the user's sessions."])]);
        assert_eq!(beside.len(), 1);
        assert!(beside[0].1.starts_with("Revoke the user's sessions:"), "{beside:?}");
        let elsewhere = told(&[("a", &[IF]), ("b", &["Revoke the user's sessions."])]);
        assert_eq!(elsewhere.len(), 2);
    }

    #[test]
    fn closing_a_way_is_no_containment() {
        assert_eq!(phase("Block the source if it is nobody's."), Some(Phase::Contain));
        assert_eq!(phase("Block the device-code flow by conditional access."), Some(Phase::Recover));
        assert_eq!(phase("Ask the user."), Some(Phase::Ask));
        assert_eq!(phase("Ask for a known device or place when methods are registered."), Some(Phase::Recover));
        assert_eq!(phase("Ponder."), None);
    }
}

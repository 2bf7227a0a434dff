//! Second factors of other vendors that were asked for and never given: a part of `mfa-fatigue`.

use serde_json::json;

use crate::events::{Id, SignIn};

use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::mfa_fatigue::ID;
use super::places::strange;
use super::single::LISTED;
use super::windows::runs;
use super::{Confidence, Finding, Severity, Subject};

/// Another vendor's second factor is asked for.
const OTHER_FACTOR: u32 = 50158;

/// Asked for another vendor's second factor, and nothing came of it. Facts: `requests`, how many.
pub(super) fn unfinished(subject: &Subject<'_>, least: usize, window: i64) -> Option<Finding> {
    let view = subject.view;
    let open =
        |row: &SignIn| row.stream().is_user() && view.code(row) == Some(OTHER_FACTOR) && view.outcome_of(row).is_none();
    let asked: Vec<(u32, &SignIn)> = view.sign_ins().filter(|(_, row)| open(row)).collect();
    let times: Vec<i64> = asked.iter().map(|(_, row)| row.time).collect();
    let many = runs(&times, least, window).into_iter().filter_map(|run| asked.get(run)).collect::<Vec<_>>().concat();
    let away = many.iter().find(|(_, row)| strange(subject, row).is_some());
    let (_, first) = away.or_else(|| many.first())?;
    Some(Finding {
        detection: ID,
        variant: "unfinished",
        strand: "unfinished",
        severity: if away.is_some() { Severity::Medium } else { Severity::Low },
        confidence: Confidence::Low,
        session: None,
        anchor: Id::EMPTY,
        title: format!("A second factor was asked for {} times, and no sign-in came of it", many.len()),
        why: format!(
            "{} gave the right password {} times, first from {} at {}, and another vendor's second factor was asked for. No \
             sign-in followed: whether the factor was refused or nobody answered is not in these logs.{}",
            who(view),
            many.len(),
            place(view.network(first)),
            moment(first.time),
            if away.is_some() { " The user had never been there." } else { "" },
        ),
        what: "Second factor never given",
        evidence: in_order(view, sign_ins("unfinished", many.iter().take(LISTED).map(|(number, _)| *number)).collect()),
        facts: facts(json!({"requests": many.len()})),
    })
}

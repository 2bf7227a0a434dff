//! The part of *a session that went on from another hand* that rests on countries, where no sign-in of the
//! exports has a network number (Defender's tables).

use serde_json::json;

use crate::events::{Id, SignIn};
use crate::sessions::{Familiarity, Holder, Likeness, Session};

use super::evidence::{hand, id_text, moment, sign_ins, who};
use super::session_handover::DETECTION;
use super::tokens::weakened;
use super::told::{Told, of_session};
use super::{Finding, Severity, Subject};

/// Places of one session that are compared.
const MOST: usize = 64;

/// Facts: `changed`, what differs from the earlier holder who is most alike; `before` and `at`.
pub(super) fn look(subject: &Subject<'_>, index: usize, session: &Session) -> Option<Finding> {
    let view = subject.view;
    let (before, at, likeness) = step(subject, session)?;
    let (first, second) = view.store.sign_in(before).zip(view.store.sign_in(at))?;
    let told = Told {
        variant: "by-country",
        weight: weakened(Severity::High),
        why: format!(
            "The session of {} was used from {}; at {} it was used from {}, in another country. These exports have no network numbers: country and machine stand for them.",
            who(view),
            hand(view, first),
            moment(second.time),
            hand(view, second),
        ),
        what: "Session in another hand",
        evidence: sign_ins("handover", [at]).chain(sign_ins("before", [before])).collect(),
        facts: json!({"changed": likeness.changed(), "before": id_text(view, before), "at": id_text(view, at)}),
    };
    Some(Finding { strand: "handover", ..of_session(&DETECTION, view, index, told) })
}

/// The first success in another country by another machine than the earlier holder who is most alike, with that
/// holder's first sign-in.
fn step(subject: &Subject<'_>, session: &Session) -> Option<(u32, u32, Likeness)> {
    let view = subject.view;
    let mut earlier: Vec<(Holder, u32)> = Vec::new();
    let rows = view.rows(&session.sign_ins).filter(|(_, row)| view.succeeded(row) && !view.by_server(row));
    for (number, row) in rows {
        let holder = Holder::of(view, row);
        let compared = earlier.iter().map(|(known, before)| (holder.compare(known), *before));
        let alike = compared.min_by_key(|(likeness, _)| likeness.differences());
        match alike.filter(|(likeness, _)| is_elsewhere(&holder, likeness) && !is_known(subject, row)) {
            Some((likeness, before)) => return Some((before, number, likeness)),
            None if earlier.len() < MOST => earlier.push((holder, number)),
            None => {}
        }
    }
    None
}

/// Brokers often leave the device out: that alone is no other machine.
fn is_elsewhere(holder: &Holder, likeness: &Likeness) -> bool {
    let has_device = holder.device.is_some_and(Id::has_value);
    let machine = likeness.agent == Some(false) || has_device && likeness.device == Some(false);
    likeness.network != Some(true) && likeness.country == Some(false) && machine
}

fn is_known(subject: &Subject<'_>, row: &SignIn) -> bool {
    let known = [subject.familiar.country(subject.view, row), subject.familiar.device(subject.view, row)];
    known.contains(&Familiarity::Familiar)
}

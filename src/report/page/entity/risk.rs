//! What Identity Protection said of a user: detections, states, and how risky sign-ins were.

use serde::Serialize;

use crate::analysis::{Bucket, Case};
use crate::events::{RiskEvent, SignIn, TextId};
use crate::order::Arrange;
use crate::report::page::describe;
use crate::report::page::within::Within;
use crate::report::page::words::millis;

/// Lines shown at most, the last ones.
const SHOWN: usize = 60;

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum RiskSource {
    /// A risk detection.
    Detection,
    /// A state of risk of the user.
    State,
    /// A sign-in.
    SignIn,
}

/// What was said of a user's risk at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RiskSaid {
    /// When, milliseconds UTC.
    pub time: i64,
    /// When it was said last, where sign-ins that follow each other say the same.
    pub until: i64,
    /// How many records say it.
    pub count: u32,
    /// Where it stands.
    pub source: RiskSource,
    /// What was detected, in Entra's words; of a sign-in without it what it was.
    pub what: String,
    /// Level, in Entra's words.
    pub level: String,
    /// State, in Entra's words; empty where it is not said.
    pub state: String,
    /// Why the state is what it is, in Entra's words.
    pub detail: String,
    /// Address.
    pub address: String,
}

/// The last lines, how many there are, and whether any sign-in says how risky it was.
pub(super) fn risks(case: &Case, buckets: &[&Bucket], within: Within) -> (Vec<RiskSaid>, usize, bool) {
    let times = within.times();
    let mut said: Vec<RiskSaid> = Vec::new();
    let mut is_said = false;
    for bucket in buckets {
        let rows = bucket.risk_events.iter().filter_map(|&number| case.store.risk_event(number));
        said.extend(rows.filter(|row| times.contains(&row.time)).map(|row| of_event(case, row)));
        let rows = bucket.sign_ins.iter().filter_map(|&number| case.store.sign_in(number));
        let mut last: Option<RiskSaid> = None;
        for row in rows {
            is_said |= case.store.risk(row.risk).during.has_value();
            let Some(next) = of_sign_in(case, row).filter(|_| times.contains(&row.time)) else { continue };
            match &mut last {
                Some(known) if known.same(&next) => {
                    known.until = next.time;
                    known.count += 1;
                }
                _ => said.extend(last.replace(next)),
            }
        }
        said.extend(last);
    }
    said.arrange_by_key(|one| (std::cmp::Reverse(one.time), one.source));
    let total = said.len();
    said.truncate(SHOWN);
    (said, total, is_said)
}

impl RiskSaid {
    fn same(&self, other: &Self) -> bool {
        let words = |one: &Self| [one.level.clone(), one.state.clone(), one.detail.clone(), one.address.clone()];
        self.what == other.what && words(self) == words(other)
    }
}

fn of_event(case: &Case, row: &RiskEvent) -> RiskSaid {
    let text = |id: TextId| word(case, id);
    let source = if row.is_state() { RiskSource::State } else { RiskSource::Detection };
    RiskSaid {
        time: millis(row.time),
        until: millis(row.time),
        count: 1,
        source,
        what: text(row.kind),
        level: text(row.level),
        state: text(row.state),
        detail: text(row.detail),
        address: case.store.texts.get(row.address).to_owned(),
    }
}

/// Of a sign-in that was risky at all.
fn of_sign_in(case: &Case, row: &SignIn) -> Option<RiskSaid> {
    let risk = case.store.risk(row.risk);
    let text = |id: TextId| word(case, id);
    let (during, aggregated, events) = (text(risk.during), text(risk.aggregated), text(risk.events));
    let level = if during.is_empty() { aggregated } else { during };
    if level.is_empty() && events.is_empty() && text(risk.state).is_empty() {
        return None;
    }
    Some(RiskSaid {
        time: millis(row.time),
        until: millis(row.time),
        count: 1,
        source: RiskSource::SignIn,
        what: if events.is_empty() { describe::sign_in(case, row) } else { events },
        level,
        state: text(risk.state),
        detail: text(risk.detail),
        address: case.store.texts.get(row.address).to_owned(),
    })
}

/// A word of Entra that says something: `none` and its like do not.
fn word(case: &Case, id: TextId) -> String {
    let text = case.store.texts.get(id);
    let nothing = ["none", "unknownFutureValue"].iter().any(|word| word.eq_ignore_ascii_case(text));
    if nothing { String::new() } else { text.to_owned() }
}

//! The events of a session in lanes over time.

use crate::order::Map;

use serde::Serialize;

use super::trace::{Lane, Step, Trace};
use super::words::millis;

/// Events of a session over time.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Lanes {
    /// Where they begin, milliseconds UTC.
    pub from: i64,
    /// Where they end.
    pub to: i64,
    /// Lanes that there are records for.
    pub lanes: Vec<Lane>,
    /// Each event; or those that findings rest on, and the rest counted, where there are too many.
    pub marks: Vec<Step>,
    /// The rest, counted.
    pub volumes: Vec<Volume>,
    /// How many events in all.
    pub events: usize,
}

/// Events of one lane and holder within a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Volume {
    /// Which lane.
    pub lane: Lane,
    /// Number of the holder.
    pub hand: Option<usize>,
    /// Where the stretch begins, milliseconds UTC.
    pub from: i64,
    /// Where it ends.
    pub to: i64,
    /// How many.
    pub count: u32,
}

/// Events between two times, each for itself while they are at most `most`.
pub(super) fn lanes(trace: &Trace<'_>, from: Option<i64>, to: Option<i64>, most: usize) -> Lanes {
    let times: Vec<i64> = trace.events.iter().filter_map(|event| trace.time(*event)).map(millis).collect();
    let start = from.or_else(|| times.first().copied()).unwrap_or(0);
    let end = to.or_else(|| times.last().copied()).unwrap_or(start).max(start);
    let within = |time: i64| time >= start && time <= end;
    let steps = trace.events.iter().zip(&times).filter(|(_, time)| within(**time)).map(|(event, _)| *event);
    let events: Vec<_> = steps.collect();
    let mut lanes = crate::order::Set::new();
    let mut marks = Vec::new();
    let mut volumes: Map<(Lane, Option<usize>, i64), u32> = Map::new();
    let few = events.len() <= most;
    let width = ((end - start) / 300).max(1);
    for event in &events {
        let step = trace.step(*event);
        lanes.insert(step.lane);
        if few || !step.findings.is_empty() && marks.len() < most {
            marks.push(step);
        } else {
            let bin = (step.time - start) / width;
            *volumes.entry((step.lane, step.hand, bin)).or_default() += 1;
        }
    }
    let volumes = volumes.into_iter().map(|((lane, hand, bin), count)| Volume {
        lane,
        hand,
        from: start + bin * width,
        to: start + (bin + 1) * width,
        count,
    });
    Lanes {
        from: start,
        to: end,
        lanes: lanes.into_iter().collect(),
        marks,
        volumes: volumes.collect(),
        events: events.len(),
    }
}

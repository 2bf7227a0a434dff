//! Everything that happened in and around a session: the events, who held it then, and which
//! findings rest on each.

use crate::order::{Map, Set};

use serde::Serialize;

use crate::analysis::{Case, Flagged};
use crate::events::Place;
use crate::events::vocabulary::Stream;
use crate::order::{Arrange, Gather};
use crate::sessions::{EventRef, Grounds, Holding, Link, View};

use super::describe;
use super::words::millis;

/// How long after a session's last event acts in the directory still belong to its story.
const AFTER: i64 = 3_600_000_000;

/// A lane of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// A person signed in.
    Interactive,
    /// A client signed in for them.
    NonInteractive,
    /// Acts in the directory, by or upon the user.
    Directory,
    /// What was done with mailboxes, files and Graph, and other records that are no sign-ins.
    Activity,
    /// What Identity Protection detected.
    Risk,
}

/// Where a record stands, so that it can be read again.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecordRef {
    /// Number of the input.
    pub input: u32,
    /// Number of the record in it.
    pub record: u64,
    /// Its first byte.
    pub offset: u64,
}

/// An event, or several alike that follow each other.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Step {
    /// When, milliseconds UTC.
    pub time: i64,
    /// When the last of several was.
    pub until: i64,
    /// How many.
    pub count: usize,
    /// Which lane.
    pub lane: Lane,
    /// Number of the holder; nothing where it cannot be told.
    pub hand: Option<usize>,
    /// In words.
    pub text: String,
    /// Whether it was refused.
    pub refused: bool,
    /// Numbers of the findings that rest on it, from one.
    pub findings: Vec<usize>,
    /// The record of the first.
    pub place: RecordRef,
}

/// Tells whose an event is and what rests on it.
pub(super) struct Trace<'a> {
    case: &'a Case,
    view: &'a View<'a>,
    by_sign_in: Map<u32, usize>,
    grounds: Grounds,
    findings: Map<EventRef, Vec<usize>>,
    /// Events of the session and what belongs to its story, in order of time.
    pub(super) events: Vec<EventRef>,
}

impl<'a> Trace<'a> {
    /// Of a session with its findings in their order; of a finding without session with no holders.
    pub(super) fn new(
        case: &'a Case,
        view: &'a View<'a>,
        holdings: &[Holding],
        sign_ins: &[u32],
        findings: &[&Flagged],
    ) -> Self {
        let mut by_sign_in = Map::new();
        for (number, holding) in holdings.iter().enumerate() {
            by_sign_in.extend(holding.sign_ins.iter().map(|&sign_in| (sign_in, number)));
        }
        let mut numbers: Map<EventRef, Vec<usize>> = Map::new();
        for (index, flagged) in findings.iter().enumerate() {
            for item in &flagged.finding.evidence {
                numbers.entry(item.event).or_default().push(index + 1);
            }
        }
        let grounds = Grounds::of(view, holdings);
        let mut trace = Self { case, view, by_sign_in, grounds, findings: numbers, events: Vec::new() };
        trace.events = trace.story(sign_ins);
        trace
    }

    fn story(&self, sign_ins: &[u32]) -> Vec<EventRef> {
        let mut events: Set<EventRef> = sign_ins.iter().map(|&number| EventRef::SignIn(number)).gather();
        events.extend(self.findings.keys().copied());
        let times = || events.iter().filter_map(|event| self.time(*event));
        let (from, to) = (times().min().unwrap_or(i64::MAX), times().max().unwrap_or(i64::MIN));
        let within = |time: i64| time >= from && time <= to.saturating_add(AFTER);
        let audits = self.view.audits().filter(|(_, row)| within(row.time)).map(|(number, _)| EventRef::Audit(number));
        events.extend(audits);
        // What was done with its tokens or in it, whenever.
        let own = sign_ins.first().and_then(|&number| self.view.session_of(number));
        let acts = self.view.activities().map(|(number, _)| EventRef::Activity(number));
        events.extend(acts.filter(|event| {
            let linked = self.view.linked(*event).filter(|linked| linked.link < Link::Place);
            own.is_some() && linked.is_some_and(|linked| Some(linked.session) == own)
        }));
        let mut events: Vec<EventRef> = events.into_iter().collect();
        events.arrange_by_key(|event| (self.time(*event), *event));
        events
    }

    /// When an event happened, in microseconds.
    pub(super) fn time(&self, event: EventRef) -> Option<i64> {
        event.head(&self.case.store).map(|head| head.time)
    }

    fn place(&self, event: EventRef) -> Place {
        event.head(&self.case.store).map_or_else(Place::default, |head| head.place)
    }

    fn lane(&self, event: EventRef) -> Lane {
        match event {
            EventRef::SignIn(number) => match self.case.store.sign_in(number).map(crate::events::SignIn::stream) {
                Some(Stream::Interactive) => Lane::Interactive,
                _ => Lane::NonInteractive,
            },
            EventRef::Audit(_) => Lane::Directory,
            EventRef::Activity(_) => Lane::Activity,
            EventRef::Risk(_) => Lane::Risk,
        }
    }

    /// Numbers of the findings that rest on an event, from one.
    pub(super) fn findings_of(&self, event: EventRef) -> impl Iterator<Item = usize> {
        self.findings.get(&event).into_iter().flatten().copied()
    }

    /// Who held the session at an event: by the session's own sign-ins, else by the network; where that is
    /// unknown or Microsoft's, by the token it was done with.
    pub(super) fn hand(&self, event: EventRef) -> Option<usize> {
        let here = match event {
            EventRef::SignIn(number) => {
                if let Some(hand) = self.by_sign_in.get(&number) {
                    return Some(*hand);
                }
                self.case.store.sign_in(number).and_then(|row| self.view.network(row))
            }
            EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => self.view.network_of(event),
        };
        let by_token = || {
            let linked = self.view.linked(event).filter(|linked| here.is_none() && linked.link == Link::Token)?;
            self.by_sign_in.get(&linked.sign_in?).copied()
        };
        self.grounds.hand(here).or_else(by_token)
    }

    /// An event as a step of its own.
    pub(super) fn step(&self, event: EventRef) -> Step {
        let time = millis(self.time(event).unwrap_or(0));
        Step {
            time,
            until: time,
            count: 1,
            lane: self.lane(event),
            hand: self.hand(event),
            text: describe::event(self.case, event),
            refused: describe::refused(self.case, event),
            findings: self.findings.get(&event).cloned().unwrap_or_default(),
            place: self.record(event),
        }
    }

    /// Where the record of an event stands.
    pub(super) fn record(&self, event: EventRef) -> RecordRef {
        let place = self.place(event);
        RecordRef { input: place.input, record: place.record, offset: place.offset }
    }

    /// The story: events alike that follow each other are one step, and of very many the first `most`
    /// steps are told. Also how many steps there are.
    pub(super) fn steps(&self, most: usize) -> (Vec<Step>, usize) {
        let mut steps: Vec<Step> = Vec::new();
        let mut told = 0;
        let mut last: Option<Run> = None;
        for &event in &self.events {
            let step = self.step(event);
            let run = self.run(event, &step);
            if let (Some(known), Some(run)) = (&mut last, &run)
                && known.is_like(run)
            {
                known.add(run);
                if told == steps.len()
                    && let Some(shown) = steps.last_mut()
                {
                    shown.count += 1;
                    shown.until = step.time;
                    shown.text = known.text();
                }
                continue;
            }
            told += 1;
            last = run;
            if steps.len() < most {
                steps.push(step);
            }
        }
        (steps, told)
    }

    /// What makes a sign-in or an act like the one before; nothing for what is told on its own.
    fn run(&self, event: EventRef, step: &Step) -> Option<Run> {
        let plain = step.findings.is_empty() && !step.refused;
        let (how, app) = match event {
            EventRef::SignIn(number) => {
                let row = self.case.store.sign_in(number)?;
                (describe::how(row).to_owned(), row.app)
            }
            EventRef::Activity(number) => {
                let row = self.case.store.activity(number)?;
                (self.case.store.texts.get(row.operation).to_owned(), row.app)
            }
            EventRef::Audit(_) | EventRef::Risk(_) => return None,
        };
        plain.then(|| Run { lane: step.lane, hand: step.hand, how, apps: vec![describe::app(self.case, app)] })
    }
}

/// Sign-ins or acts alike that follow each other.
struct Run {
    lane: Lane,
    hand: Option<usize>,
    how: String,
    apps: Vec<String>,
}

impl Run {
    fn is_like(&self, other: &Self) -> bool {
        (self.lane, self.hand, &self.how) == (other.lane, other.hand, &other.how)
    }

    fn add(&mut self, other: &Self) {
        for app in &other.apps {
            if !self.apps.contains(app) {
                self.apps.push(app.clone());
            }
        }
    }

    /// `Refresh token, Microsoft Teams, Microsoft Office and 2 more`.
    fn text(&self) -> String {
        match self.apps.as_slice() {
            [one, two, rest @ ..] if !rest.is_empty() => format!("{}, {one}, {two} and {} more", self.how, rest.len()),
            apps => format!("{}, {}", self.how, apps.join(" and ")),
        }
    }
}

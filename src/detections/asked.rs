//! Questions about acts in the directory: what all detections that rest on the audit log ask in the same way.
//!
//! A detection is a list of questions. Each is asked about the acts of its operations that a person did (or
//! that were done to them) and answers with a severity and a few words; who did it, whence, and how bad that
//! makes it is judged here. Answers to one question that follow each other within an hour are one finding.

use crate::order::{Map, Set};
use std::cell::{OnceCell, RefCell};

use foldhash::quality::FixedState;
use hashbrown::HashMap;

use crate::enrichment::UserClass;
use crate::events::{Id, Target, TargetKind, TextId};
use crate::knowledge::operations;
use crate::sessions::{EventRef, Familiarity, View};
use crate::tenant::{Network, PersonKind};

use super::act::Act;
pub(super) use super::answers::Told;
use super::answers::{Item, Run};
use super::single::DAY;
use super::{Ask, Confidence, Detection, Group, Records, Severity, Subject, Taint, Tuning};

/// Acts that a question looks at beside the one it is asked about.
const LOOKED_AT: usize = 256;

/// Whose finding an act is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Of who did it.
    Doer,
    /// Of the user it was done to, or of who did it where it was done to no user.
    Done,
}

/// A detection's questions.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) detection: &'static Detection,
    pub(super) whose: Whose,
    pub(super) questions: &'static [Question],
}

/// A question about acts of some operations.
#[derive(Debug)]
pub(super) struct Question {
    /// The finding's variant and strand.
    pub(super) variant: &'static str,
    /// For a row: at most 34 characters.
    pub(super) what: &'static str,
    /// Which operations it is about.
    pub(super) is: fn(&str) -> bool,
    /// The answer to an act; acts that failed are asked about too.
    pub(super) ask: fn(&Asked<'_, '_>, &Act<'_>) -> Option<Told>,
}

/// What a question may look at beside the act.
#[derive(Debug)]
pub(super) struct Asked<'s, 'v> {
    pub(super) subject: &'s Subject<'v>,
    spec: &'static Spec,
    tuning: &'s Tuning,
    /// Since when the person looks after the directory by trade, once somebody asked.
    trade: OnceCell<i64>,
    /// Numbers of the acts of the detection's one burst, once somebody asked.
    burst: OnceCell<Set<u32>>,
}

/// Many acts within a window.
#[derive(Debug)]
pub(super) struct Burst {
    pub(super) is: fn(&str) -> bool,
    /// Which of them count.
    pub(super) counts: fn(&Asked<'_, '_>, &Act<'_>) -> bool,
    /// What must differ among them.
    pub(super) name: for<'a> fn(&'a Act<'_>) -> &'a str,
    /// The tunable that says how many are many.
    pub(super) least: &'static str,
    /// The tunable that says how long the window is, inclusive.
    pub(super) window: &'static str,
    /// The unit of that tunable, in microseconds.
    pub(super) unit: i64,
}

impl<'v> Asked<'_, 'v> {
    pub(super) fn view(&self) -> &View<'v> {
        self.subject.view
    }

    /// The detection that asks.
    pub(super) fn detection(&self) -> &'static Detection {
        self.spec.detection
    }

    /// Whose findings its acts are.
    pub(super) fn whose(&self) -> Whose {
        self.spec.whose
    }

    /// A tuned number.
    pub(super) fn number(&self, name: &str) -> i64 {
        self.tuning.number(self.spec.detection.id, name).unwrap_or(i64::MAX)
    }

    /// A tuned list of ids.
    pub(super) fn list(&self, name: &str) -> Vec<Id> {
        self.tuning.list(self.spec.detection.id, name)
    }

    /// Acts of the person's view that succeeded, of some operations and between two moments, both included, in
    /// order of time; of many the last [`LOOKED_AT`], so that the cost of an act does not grow with the log.
    pub(super) fn acts(&self, is: fn(&str) -> bool, from: i64, to: i64) -> Vec<Act<'v>> {
        let places = self.places(is, from, to);
        let last = places.get(places.len().saturating_sub(LOOKED_AT)..).unwrap_or_default();
        last.iter().filter_map(|place| self.at(*place)).filter(Act::succeeded).collect()
    }

    fn at(&self, place: u32) -> Option<Act<'v>> {
        let view = self.view();
        let number = *view.audits.get(place as usize)?;
        Some(Act::read(view.store, number, view.store.audit(number)?))
    }

    /// Places in the view of acts of some operations, between two moments.
    fn places(&self, is: fn(&str) -> bool, from: i64, to: i64) -> Vec<u32> {
        let view = self.view();
        let store = view.store;
        let row = |place: u32| store.audit(*view.audits.get(place as usize)?);
        let time = |place: u32| row(place).map_or(i64::MIN, |row| row.time);
        let mut found: Vec<u32> = Vec::new();
        for (_, own) in view.audits_by_operation().filter(|(operation, _)| is(store.texts.get(*operation))) {
            let start = own.partition_point(|place| time(*place) < from);
            let rest = own.get(start..).unwrap_or_default();
            found.extend(rest.iter().copied().take_while(|place| time(*place) <= to));
        }
        found.sort_unstable();
        found
    }

    /// Whether an act is one of many that the person did, to different things, within the burst's window.
    pub(super) fn is_in_burst(&self, act: &Act<'_>, burst: &Burst) -> bool {
        let found = || {
            let places = self.places(burst.is, i64::MIN, i64::MAX);
            let all: Vec<Act<'_>> = places
                .into_iter()
                .filter_map(|place| self.at(place))
                .filter(|other| other.succeeded() && self.did(other) && (burst.counts)(self, other))
                .collect();
            let window = self.number(burst.window).saturating_mul(burst.unit);
            let least = usize::try_from(self.number(burst.least)).unwrap_or(usize::MAX).max(1);
            let mut inside = Set::new();
            let mut counts: Map<&str, usize> = Map::new();
            let (mut from, mut marked) = (0, 0);
            for (place, item) in all.iter().enumerate() {
                *counts.entry((burst.name)(item)).or_default() += 1;
                while let Some(first) = all.get(from).filter(|first| item.row.time - first.row.time > window) {
                    if let Some(count) = counts.get_mut((burst.name)(first)) {
                        *count -= 1;
                    }
                    from += 1;
                }
                if counts.values().filter(|count| **count > 0).count() >= least {
                    inside.extend(all.get(marked.max(from)..=place).unwrap_or_default().iter().map(|item| item.number));
                    marked = place + 1;
                }
                counts.retain(|_, count| *count > 0);
            }
            inside
        };
        self.burst.get_or_init(found).contains(&act.number)
    }

    /// Whether the person did the act.
    pub(super) fn did(&self, act: &Act<'_>) -> bool {
        let view = self.view();
        if act.is_by_user() {
            let user = act.store.user(act.row.user);
            let principal = matches!(view.person.kind, PersonKind::ServicePrincipal | PersonKind::ManagedIdentity);
            // Of an act in the person's share who is no target did it, under whatever name.
            return !principal
                && (user.id == view.person.id
                    || (user.name.has_value() && user.name == view.person.name)
                    || !act.targets.iter().any(|target| self.is_person(target)));
        }
        act.store.principal(act.row.principal).key() == view.person.id
    }

    /// Whether a target is the person.
    pub(super) fn is_person(&self, target: &Target<'_>) -> bool {
        let view = self.view();
        let id = target.object(view.store);
        let named = || !target.user.is_empty() && view.store.texts.get(view.person.name) == target.user;
        (id.has_value() && id == view.person.id) || (target.kind() == TargetKind::User && named())
    }

    fn is_own(&self, act: &Act<'_>) -> bool {
        let mut users = act.targets.iter().filter(|target| target.kind() == TargetKind::User);
        let nobody = || {
            let by = act.store.principal(act.row.principal);
            !act.is_by_user() && !by.key().has_value()
        };
        match self.spec.whose {
            Whose::Done if users.clone().next().is_some() => users.any(|target| self.is_person(target)),
            Whose::Doer if nobody() => users.next().is_some_and(|target| self.is_person(target)),
            Whose::Done | Whose::Doer => self.did(act),
        }
    }

    pub(super) fn is_privileged(&self) -> bool {
        self.view().person.classes.has(UserClass::Privileged)
    }

    /// The network an act came from; nothing where its record does not tell, or names a server of Microsoft's.
    pub(super) fn network(&self, act: &Act<'_>) -> Option<Network> {
        self.view().network_of_audit(act.row)
    }

    /// Whether the person often was where the act came from. Of acts that others did to them nothing is known.
    pub(super) fn place(&self, act: &Act<'_>) -> Familiarity {
        let network = self.network(act);
        if network.is_some_and(|network| self.view().own.has(&network)) {
            return Familiarity::Familiar;
        }
        if self.did(act) { self.subject.familiar.place(network, act.row.time) } else { Familiarity::Unknown }
    }

    /// Whether one of Microsoft's own services did it, as they do by themselves. An application that only
    /// has the name of one signs in, which the services do not.
    pub(super) fn is_by_service(&self, act: &Act<'_>) -> bool {
        let app = act.store.principal(act.row.principal);
        let signs_in = !self.view().sign_ins.is_empty() && app.key() == self.view().person.id;
        !act.is_by_user() && !signs_in && operations::is_service(act.store.texts.get(app.name))
    }

    /// How the act descends from a session of the person that is in other hands, if it does. What others
    /// did to the person did not come out of the person's session.
    pub(super) fn taint(&self, act: &Act<'_>) -> Option<Taint> {
        self.subject.tainted(EventRef::Audit(act.number)).filter(|_| self.did(act))
    }

    /// Whether the person looks after the directory by trade: has a role with power over others, or did three
    /// acts on other things than themselves, on two days, before.
    fn is_administrator(&self, act: &Act<'_>) -> bool {
        let since = || {
            let (mut count, mut first) = (0, i64::MAX);
            for (number, row) in self.view().audits() {
                let other = Act::read(act.store, number, row);
                if self.did(&other) && !other.targets.iter().any(|target| self.is_person(target)) {
                    count += 1;
                    first = first.min(row.time.div_euclid(DAY));
                    if count >= 3 && row.time.div_euclid(DAY) > first {
                        return row.time;
                    }
                }
            }
            i64::MAX
        };
        self.is_privileged() || *self.trade.get_or_init(since) < act.row.time
    }

    /// How bad and how sure, by who did it and whence; with a sentence that says so.
    fn judge(&self, act: &Act<'_>, told: &Told) -> (Severity, Confidence, &'static str) {
        let place = self.place(act);
        // A session that is only doubtful makes nothing worse that came out of it.
        if let Some(taint) = self.taint(act).filter(|taint| taint.severity >= Severity::High) {
            return (told.severity.raised(), Confidence::High, taint.words());
        }
        if self.is_by_service(act) {
            return (told.severity.lower(), Confidence::Medium, " A service of Microsoft's did it by itself.");
        }
        let familiar = place == Familiarity::Familiar;
        if familiar && !told.placed && self.did(act) && self.is_administrator(act) {
            let words = " An administrator did it, from a network that they often use.";
            return (told.severity.lower(), Confidence::High, words);
        }
        // What rests on the place is no surer than what is known of the place.
        let rests = told.placed && place == Familiarity::Unfamiliar;
        let certain = !rests && (!act.is_by_user() || place != Familiarity::Unknown);
        let confidence = if certain { Confidence::High } else { Confidence::Medium };
        let words = match place {
            Familiarity::Unfamiliar => " The network is not familiar for the user.",
            Familiarity::Familiar | Familiarity::Unknown => "",
        };
        (told.severity, confidence, words)
    }
}

/// Asks a detection's questions about each person.
pub(super) fn ask<'a>(spec: &'static Spec, tuning: &'a Tuning) -> Ask<'a> {
    let known: RefCell<HashMap<TextId, u32, FixedState>> = RefCell::default();
    Box::new(move |subject, found| {
        let asked = Asked { subject, spec, tuning, trade: OnceCell::new(), burst: OnceCell::new() };
        let (view, store) = (subject.view, subject.view.store);
        let mut runs: Vec<Run<'_>> = Vec::new();
        let mut places: Vec<(u32, u32)> = Vec::new();
        for (operation, own) in view.audits_by_operation() {
            let is = |question: &Question| u32::from((question.is)(store.texts.get(operation)));
            let mask = || spec.questions.iter().rev().fold(0, |mask, question| mask << 1 | is(question));
            let mask = *known.borrow_mut().entry(operation).or_insert_with(mask);
            if mask != 0 {
                places.extend(own.iter().map(|place| (*place, mask)));
            }
        }
        if places.is_empty() {
            return;
        }
        // In the order of the view: by time, then by the text of their ids.
        places.sort_unstable();
        for (place, mask) in places {
            let Some(act) = asked.at(place) else { continue };
            // Most acts are none of the kind, which costs less to see than whose they are.
            let mut own: Option<bool> = None;
            for (place, question) in spec.questions.iter().enumerate().filter(|(place, _)| mask >> place & 1 == 1) {
                let Some(told) = (question.ask)(&asked, &act) else { continue };
                if !*own.get_or_insert_with(|| asked.is_own(&act)) {
                    break;
                }
                let (severity, confidence, words) = asked.judge(&act, &told);
                let item = Item { act: act.clone(), told, severity, confidence, words };
                let question = spec.questions.get(place).unwrap_or(question);
                match runs.iter_mut().rev().find(|run| run.takes(question, &item)) {
                    Some(run) => run.items.push(item),
                    None => runs.push(Run { question, items: vec![item] }),
                }
            }
        }
        found.extend(runs.iter().filter_map(|run| run.finding(&asked)));
    })
}

/// What all detections of this kind have in common.
pub(super) const fn detection(
    id: &'static str,
    title: &'static str,
    file: &'static str,
    kql: &'static str,
) -> Detection {
    let helped = &[(Records::UserSignIns, "whether the network is familiar for whoever did it shows only there")];
    Detection {
        helped_by: helped,
        wants: super::TIES,
        ..Detection::of_acts(id, title, file, Group::Directory, &[Records::Audits], kql)
    }
}

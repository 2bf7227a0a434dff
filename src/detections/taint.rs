//! Taint: what was done out of a session that is in other hands.
//!
//! A session is *tainted* by a finding of the groups token, network, device or password that is at least
//! medium. From it descend the events that stand in it, were done with its tokens, carry its id, name its
//! requests or share a correlation id with it; those from a device of the other side, or from a device or
//! by a method that was registered in it; and, as a guess, those from one of its addresses within half an
//! hour. Sessions that begin with such a device or method are tainted in their turn.
//!
//! What came from the owner's own network is not tainted where the session is in two hands and the other
//! hand was never in that network.

use crate::order::{Map, Set};

use serde::Serialize;
use serde_json::{Value, json};

use crate::events::dictionary::TextId;
use crate::events::{Id, SignIn};
use crate::sessions::{DeviceRecord, EventRef, Familiar, Holding, Link, NEAR, Side, View, hands};
use crate::tenant::{Network, same_network};

use super::registrations::registered;
use super::{Confidence, Finding, Severity, find};

/// How an event descends from a tainted session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Taint {
    /// Number of the session in the person's view.
    pub session: usize,
    /// By what the event is tied to it.
    pub link: Link,
    /// The detection whose finding taints the session.
    pub detection: &'static str,
    /// How bad that finding is.
    pub severity: Severity,
    /// Where the session carries no finding itself: by what it descends from one that does.
    pub through: Option<Link>,
}

impl Taint {
    /// The path, as a fact of a finding: `session` (its id, or what stands for it), `link`, `detection`,
    /// and `through` where it is not direct.
    #[must_use]
    pub fn fact(&self, view: &View<'_>) -> Value {
        let session = view.sessions.get(self.session).map(|session| session.anchor.display(&view.store.texts));
        let mut fact = json!({"session": session, "link": self.link.name(), "detection": self.detection});
        if let (Some(map), Some(through)) = (fact.as_object_mut(), self.through) {
            map.insert("through".to_owned(), Value::from(through.name()));
        }
        fact
    }

    /// The path as a sentence, with the blank before it.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.link {
            Link::Own => " It stands in a session that is flagged as being in other hands.",
            Link::Token => " It was done with a token of a session that is flagged as being in other hands.",
            Link::Session => " It carries the id of a session that is flagged as being in other hands.",
            Link::Request | Link::Correlation => {
                " It belongs to a request of a session that is flagged as being in other hands."
            }
            Link::Device => " It came from a device of a session that is flagged as being in other hands.",
            Link::Method => " It used a method registered in a session that is flagged as being in other hands.",
            Link::Place => {
                " It came from the address of a session that is flagged as being in other hands, within half an hour."
            }
        }
    }
}

/// Networks of the two sides of a session: what only the owner's side has is not tainted.
#[derive(Clone, Debug, Default)]
struct Sides {
    owner: Vec<Network>,
    other: Vec<Network>,
}

#[derive(Clone, Debug)]
struct Tainted {
    detection: &'static str,
    severity: Severity,
    through: Option<Link>,
    sides: Sides,
}

/// The tainted sessions of a person, and by what events descend from them.
#[derive(Clone, Debug, Default)]
pub struct Taints {
    sessions: Map<usize, Tainted>,
    /// Devices of the other side, or registered in a tainted session: since when.
    devices: Map<Id, (i64, usize)>,
    /// Methods registered in a tainted session, as authentication steps call them: since when.
    methods: Vec<(&'static str, i64, usize)>,
    /// Times of the sign-ins of tainted sessions by address and session, in order.
    places: Map<TextId, Map<usize, Vec<i64>>>,
}

impl Taints {
    /// Of a person's findings; none where none of them taints.
    #[must_use]
    pub fn new(view: &View<'_>, familiar: &Familiar<'_>, findings: &[Finding]) -> Self {
        let mut strongest: Map<usize, (Severity, Confidence, &'static str)> = Map::new();
        for finding in findings {
            let taints = find(finding.detection).is_some_and(|detection| detection.group.taints());
            if !taints || finding.severity < Severity::Medium {
                continue;
            }
            let events = finding.evidence.iter().map(|item| item.event);
            let attached = || view.linked_by_any(events).map(|linked| linked.session);
            let Some(session) = finding.session.or_else(attached) else { continue };
            let mark = (finding.severity, finding.confidence, finding.detection);
            let known = strongest.entry(session).or_insert(mark);
            *known = mark.max(*known);
        }
        let mut taints = Self::default();
        for (session, (severity, _, detection)) in strongest {
            taints.add(
                view,
                familiar,
                session,
                Tainted { detection, severity, through: None, sides: Sides::default() },
            );
        }
        if !taints.sessions.is_empty() {
            taints.learn_registered(view);
            taints.spread(view, familiar);
        }
        taints
    }

    /// Whether nothing is tainted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }

    /// How an event descends from a tainted session, by its surest link.
    #[must_use]
    pub fn of_event(&self, view: &View<'_>, event: EventRef) -> Option<Taint> {
        if self.is_empty() {
            return None;
        }
        let linked = view.linked(event).filter(|linked| linked.link != Link::Place);
        let own = linked.and_then(|linked| self.taint(view, event, linked.session, linked.link));
        own.or_else(|| self.by_device(view, event)).or_else(|| self.by_place(view, event))
    }

    fn taint(&self, view: &View<'_>, event: EventRef, session: usize, link: Link) -> Option<Taint> {
        let known = self.sessions.get(&session)?;
        let Tainted { detection, severity, through, sides } = known;
        let owners = sides.owns(network(view, event));
        (!owners).then_some(Taint { session, link, detection, severity: *severity, through: *through })
    }

    fn add(&mut self, view: &View<'_>, familiar: &Familiar<'_>, number: usize, mut tainted: Tainted) {
        let Some(session) = view.sessions.get(number) else { return };
        let holdings = hands(view, session, familiar).holdings;
        tainted.sides = Sides::of(view, &holdings);
        for holding in holdings.iter().filter(|holding| holding.side == Side::Other) {
            for (_, row) in view.rows(&holding.sign_ins) {
                if let Some(device) = view.device(row).and_then(Id::value) {
                    self.devices.entry(device).or_insert((row.time, number));
                }
            }
        }
        for (_, row) in view.rows(&session.sign_ins).filter(|(_, row)| row.address.has_value()) {
            self.places.entry(row.address).or_default().entry(number).or_default().push(row.time);
        }
        self.sessions.insert(number, tainted);
    }

    /// Devices and methods that were registered in tainted sessions.
    fn learn_registered(&mut self, view: &View<'_>) {
        for item in registered(view) {
            let Some(taint) = self.of_event(view, EventRef::Audit(item.number)) else { continue };
            let since = item.row.time;
            if item.is_device() {
                for id in DeviceRecord::read(view.store, item.row).ids {
                    self.devices.entry(id).or_insert((since, taint.session));
                }
            } else if let Some(step) = item.what.kind.step() {
                self.methods.push((step, since, taint.session));
            }
        }
    }

    /// Sessions that came about with a tainted device or method.
    fn spread(&mut self, view: &View<'_>, familiar: &Familiar<'_>) {
        let mut spread: Map<usize, Tainted> = Map::new();
        for (number, session) in view.sessions.iter().enumerate() {
            let known = self.sessions.contains_key(&number);
            let mut sign_ins = session.sign_ins.iter().filter(|_| !known);
            let taint = sign_ins.find_map(|&sign_in| self.by_device(view, EventRef::SignIn(sign_in)));
            if let Some(Taint { link, detection, severity, .. }) = taint {
                let sides = Sides::default();
                spread.insert(number, Tainted { detection, severity, through: Some(link), sides });
            }
        }
        for (number, tainted) in spread {
            self.add(view, familiar, number, tainted);
        }
    }

    fn by_device(&self, view: &View<'_>, event: EventRef) -> Option<Taint> {
        let store = view.store;
        let device = match event {
            EventRef::SignIn(number) => store.sign_in(number)?.device,
            EventRef::Activity(number) => store.activity(number)?.device,
            EventRef::Audit(_) | EventRef::Risk(_) => return None,
        };
        let time = view.time_of(event)?;
        let since = |since: i64, session: usize, link: Link| {
            (time >= since).then(|| self.taint(view, event, session, link)).flatten()
        };
        let used = || match event {
            EventRef::SignIn(number) if !self.methods.is_empty() => {
                let steps = store.texts.get(store.sign_in(number)?.steps).to_ascii_lowercase();
                let all = self.methods.iter().filter(|(method, _, _)| steps.contains(method));
                all.into_iter().find_map(|&(_, from, session)| since(from, session, Link::Method))
            }
            _ => None,
        };
        let device = self.devices.get(&store.device(device).id);
        device.and_then(|&(from, session)| since(from, session, Link::Device)).or_else(used)
    }

    fn by_place(&self, view: &View<'_>, event: EventRef) -> Option<Taint> {
        // A sign-in stands in a session of its own.
        if matches!(event, EventRef::SignIn(_)) {
            return None;
        }
        let head = event.head(view.store)?;
        let near = self.places.get(&head.address)?.iter().filter_map(|(session, times)| {
            let after = times.partition_point(|time| *time < head.time);
            let around = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|place| times.get(place));
            let distance = around.map(|time| time.abs_diff(head.time)).min().filter(|distance| *distance <= NEAR)?;
            Some((distance, self.taint(view, event, *session, Link::Place)?))
        });
        near.min_by_key(|(distance, taint)| (*distance, taint.session)).map(|(_, taint)| taint)
    }
}

impl Sides {
    fn of(view: &View<'_>, holdings: &[Holding]) -> Self {
        let mut sides = Self::default();
        let mut seen = Set::new();
        for holding in holdings {
            let owner = holding.side == Side::Owner;
            for (_, row) in view.rows(&holding.sign_ins) {
                let Some(network) = view.network(row).filter(|_| seen.insert((owner, row.address))) else { continue };
                if owner { &mut sides.owner } else { &mut sides.other }.push(network);
            }
        }
        sides
    }

    /// Whether only the owner's side was ever in this network, and there is another side.
    fn owns(&self, network: Option<Network>) -> bool {
        let among = |networks: &[Network]| networks.iter().any(|own| same_network(Some(*own), network) == Some(true));
        !self.other.is_empty() && among(&self.owner) && !among(&self.other)
    }
}

fn network(view: &View<'_>, event: EventRef) -> Option<Network> {
    match event {
        EventRef::SignIn(number) => view.store.sign_in(number).and_then(|row: &SignIn| view.network(row)),
        _ => view.network_of(event),
    }
}

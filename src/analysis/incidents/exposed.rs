//! What an incident exposed: mails and files that were read in its sessions, by whoever may have been the
//! intruder.

use crate::detections::{Exposure, exposes};
use crate::events::{Activity, TextId};
use crate::order::{Gather, Map, Set};
use crate::sessions::{EventRef, Link, Side, View};
use crate::tenant::{Network, same_network};

use super::super::{Case, FlaggedSession};
use super::Member;

/// Of the parts of an incident.
pub(super) fn of(case: &Case, parts: &[&Member<'_>]) -> Exposure {
    let exposing: Set<TextId> = operations(case);
    if exposing.is_empty() {
        return Exposure::default();
    }
    let mut acts: Set<u32> = Set::new();
    let mut buckets: Map<usize, Vec<&FlaggedSession>> = Map::new();
    for member in parts {
        buckets.entry(member.bucket).or_default().extend(member.session);
        // What findings rest on counts, whatever session it is of.
        let evidence = member.strong().flat_map(|flagged| &flagged.finding.evidence);
        acts.extend(evidence.filter_map(|item| match item.event {
            EventRef::Activity(number) => Some(number),
            _ => None,
        }));
    }
    for (number, sessions) in buckets {
        let Some(bucket) = case.bucket(number).filter(|bucket| !bucket.activities.is_empty()) else { continue };
        if sessions.is_empty() {
            continue;
        }
        let view = case.view(bucket);
        let own: Map<usize, Owner> = sessions
            .iter()
            .filter_map(|flagged| {
                let place = view.sessions.iter().position(|session| session.anchor == flagged.session.anchor)?;
                Some((place, Owner::of(&view, flagged)))
            })
            .gather();
        let rows = view.activities().filter(|(_, row)| exposing.contains(&row.operation));
        acts.extend(rows.filter(|(number, row)| is_exposed(&view, &own, *number, row)).map(|(number, _)| number));
    }
    let rows: Vec<&Activity> = acts.iter().filter_map(|number| case.store.activity(*number)).collect();
    Exposure::of(&case.store, &rows)
}

/// Operations of the case that read mails or files.
fn operations(case: &Case) -> Set<TextId> {
    let all: Set<TextId> = case.store.activities.iter().map(|row| row.operation).gather();
    all.into_iter().filter(|operation| exposes(case.store.texts.get(*operation))).gather()
}

fn is_exposed(view: &View<'_>, own: &Map<usize, Owner>, number: u32, row: &Activity) -> bool {
    let event = EventRef::Activity(number);
    let Some(linked) = view.linked(event) else { return false };
    // What carries the id of a session that is not here was done in no other, however near.
    let elsewhere = linked.link == Link::Place && row.session_id(view.store).has_value();
    own.get(&linked.session).is_some_and(|owner| !elsewhere && !owner.alone_at(view.network_of(event)))
}

/// Networks of the owner's side of a session in two hands, and those of the others.
#[derive(Default)]
struct Owner {
    own: Vec<Network>,
    other: Vec<Network>,
}

impl Owner {
    fn of(view: &View<'_>, flagged: &FlaggedSession) -> Self {
        let mut sides = Self::default();
        for holding in &flagged.holders {
            let networks = view.rows(&holding.sign_ins).filter_map(|(_, row)| view.network(row));
            if holding.side == Side::Owner { &mut sides.own } else { &mut sides.other }.extend(networks);
        }
        sides
    }

    /// Whether only the owner was ever in a network.
    fn alone_at(&self, network: Option<Network>) -> bool {
        let among = |all: &[Network]| all.iter().any(|one| same_network(Some(*one), network) == Some(true));
        !self.other.is_empty() && among(&self.own) && !among(&self.other)
    }
}

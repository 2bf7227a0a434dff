//! Ties by what was registered in one session and used in another.

use crate::order::{Map, Set};

use crate::events::{Audit, Id};
use crate::knowledge::operations::{self, RegistrationKind};
use crate::sessions::{DeviceRecord, EventRef};

use super::super::Case;
use super::Member;
use super::ties::{TieKind, Tied};

#[derive(Default)]
struct Registered {
    /// By device: who registered it and when first.
    devices: Map<Id, (Set<usize>, i64)>,
    /// By user and what authentication steps call the method.
    methods: Map<(usize, &'static str), (Set<usize>, i64)>,
}

/// All such ties among members of one realm, by their numbers.
pub(super) fn find(case: &Case, own: &[(usize, &Member<'_>)]) -> Vec<Tied> {
    let mut registered = Registered::default();
    for &(number, member) in own {
        for item in member.strong().flat_map(|flagged| &flagged.finding.evidence) {
            if let EventRef::Audit(audit) = item.event
                && let Some(row) = case.store.audit(audit)
            {
                registered.learn(case, number, member.bucket, row);
            }
        }
    }
    for &(number, member) in own {
        registered.look(case, number, member);
    }
    let devices = registered
        .devices
        .into_iter()
        .map(|(id, (members, _))| (TieKind::RegisteredDevice, id.display(&case.store.texts), members));
    let methods = registered
        .methods
        .into_iter()
        .map(|((_, method), (members, _))| (TieKind::RegisteredMethod, method.to_owned(), members));
    let all = devices.chain(methods).filter(|(_, _, members)| members.len() > 1);
    all.map(|(kind, on, members)| Tied { kind, on, members: members.into_iter().collect() }).collect()
}

impl Registered {
    fn learn(&mut self, case: &Case, number: usize, bucket: usize, row: &Audit) {
        let Some(what) = operations::registration(case.store.texts.get(row.operation)) else { return };
        if what.kind == RegistrationKind::Device {
            for id in DeviceRecord::read(&case.store, row).ids {
                let (members, since) = self.devices.entry(id).or_insert((Set::new(), row.time));
                members.insert(number);
                *since = (*since).min(row.time);
            }
        } else if let Some(method) = what.kind.step() {
            let (members, since) = self.methods.entry((bucket, method)).or_insert((Set::new(), row.time));
            members.insert(number);
            *since = (*since).min(row.time);
        }
    }

    /// Whether a session's sign-ins used what was registered.
    fn look(&mut self, case: &Case, number: usize, member: &Member<'_>) {
        if self.devices.is_empty() && self.methods.is_empty() {
            return;
        }
        let mut methods: Vec<_> = self.methods.iter_mut().filter(|((bucket, _), _)| *bucket == member.bucket).collect();
        let rows = member.session.map(|session| session.session.sign_ins.as_slice()).unwrap_or_default();
        for row in rows.iter().filter_map(|&row| case.store.sign_in(row)) {
            let device = case.store.device(row.device).id;
            if let Some((members, since)) = self.devices.get_mut(&device)
                && row.time >= *since
            {
                members.insert(number);
            }
            for ((_, method), (members, since)) in &mut methods {
                if row.time >= *since && !members.contains(&number) {
                    let steps = case.store.texts.get(row.steps).to_ascii_lowercase();
                    if steps.contains(*method) {
                        members.insert(number);
                    }
                }
            }
        }
    }
}

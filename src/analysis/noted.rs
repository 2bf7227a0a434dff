//! What the summary of a realm says of people, once it is known who is who.

use crate::enrichment::UserClass;
use crate::events::{Id, SignIn};
use crate::tenant::firsts::admin_keys;
use crate::tenant::{Attempts, Firsts, Share, Thing};

use super::Case;

impl Case {
    /// Notes attempts at passwords in each realm, first those that failed, then who succeeded where many did; and
    /// where those with power over others sign in from.
    pub(super) fn note_attempts(&mut self) {
        let mut by_realm: Vec<(Attempts, Firsts)> = Vec::new();
        for realm in 0..self.realms.len() {
            by_realm.push((attempts(self, realm as u32), places_of_admins(self, realm as u32)));
        }
        if let [(attempts, admins)] = by_realm.as_mut_slice() {
            self.summary.attempts = std::mem::take(attempts);
            self.summary.firsts.merge(std::mem::take(admins));
            return;
        }
        for (known, (attempts, admins)) in self.realms.iter_mut().zip(by_realm) {
            if let Some(summary) = &mut known.summary {
                summary.attempts = attempts;
                summary.firsts.merge(admins);
            }
        }
    }
}

/// Networks, devices and countries from which the privileged users of a realm succeed.
fn places_of_admins(case: &Case, realm: u32) -> Firsts {
    let (store, mut firsts) = (&case.store, Firsts::default());
    for bucket in case.buckets.iter().filter(|bucket| bucket.realm == realm) {
        let Some(person) = case.people.get(bucket.person) else { continue };
        if !person.classes.has(UserClass::Privileged) {
            continue;
        }
        let view = case.view(bucket);
        for (_, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user() && view.succeeded(row)) {
            let asn = view.network(row).and_then(|network| network.asn);
            let keys = admin_keys(store, asn, view.device(row).and_then(Id::value), view.country(row));
            firsts.enter(Thing::OfAdmins, "", 0, row.time);
            keys.iter().flatten().for_each(|key| firsts.enter(Thing::OfAdmins, key, 0, row.time));
        }
    }
    firsts
}

/// Attempts at passwords in a realm: first those that failed, then who succeeded where many did.
fn attempts(case: &Case, realm: u32) -> Attempts {
    let shares = || {
        let (store, tenant) = (&case.store, case.summary_of(realm));
        let own = case.buckets.iter().filter(move |bucket| bucket.realm == realm);
        own.map(move |bucket| Share { store, tenant, person: bucket.person, sign_ins: &bucket.sign_ins })
    };
    let scope = case.scope(realm);
    let tenant = |_: &SignIn| scope;
    let mut attempts = Attempts::default();
    shares().for_each(|share| attempts.merge(Attempts::failed(&share, &tenant)));
    attempts.settle();
    let crowded = attempts.crowded();
    if !crowded.is_empty() {
        shares().for_each(|share| attempts.merge(Attempts::succeeded(&share, &tenant, &crowded)));
        attempts.settle();
    }
    attempts
}

//! What the tenant knows of applications: who consented to them, which hold strong permissions, and on which
//! days they signed in. It shows only across people.

use foldhash::quality::FixedState;
use hashbrown::HashSet;
use twox_hash::XxHash3_64;

use crate::events::change::{self, Target, TargetKind};
use crate::events::{Audit, Id, SignIn, Store, TextId};
use crate::knowledge::apps;
use crate::knowledge::operations::alike;
use crate::knowledge::permissions;
use crate::knowledge::results;
use crate::order::{Map, Set};

use super::egress::mark;

const DAY: i64 = 86_400_000_000;
/// Users kept of one application: more than are ever called few.
const USERS: usize = 16;
/// Applications and days kept: more are none of a real tenant.
const PROGRAMS: usize = 50_000;
const DAYS: usize = 400;

/// What is known of applications. Each is known by all ids that records name it by; merges in any order.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// Of each application the users who consented to it.
    consents: Map<u64, Set<u64>>,
    /// Since when an application holds a strong permission.
    strong: Map<u64, i64>,
    /// Days on which an application signed in, counted from 1970.
    days: Map<u64, Set<i64>>,
    /// Of each application the users whom it asked for consent in vain.
    asked: Map<u64, Set<u64>>,
    /// Applications of other organisations than this one and Microsoft.
    foreign: Set<u64>,
}

/// What an operation tells of an application.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tells {
    Consent,
    Grant,
    Permission,
    Nothing,
}

impl Programs {
    /// Of these rows.
    #[must_use]
    pub fn of(store: &Store, sign_ins: &[u32], audits: &[u32]) -> Self {
        let mut programs = Self::default();
        let mut last = None;
        // Numbers of tuples are given out by this program: nobody can prepare ones that collide.
        let mut owned: HashSet<(u32, u32, u32), FixedState> = HashSet::default();
        for row in sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
            if owned.insert((row.app, row.tenants, row.principal)) && is_foreign(store, row) {
                programs.foreign.extend(ids_of_program(store, row));
            }
            if store.outcome(row.outcome).code().is_some_and(results::lacks_consent) {
                programs.asked(store, row);
            }
            let day = row.time.div_euclid(DAY);
            // Programs sign in again and again: most rows repeat the one before.
            if row.stream().is_user()
                || last.replace((row.principal, row.app, day)) == Some((row.principal, row.app, day))
            {
                continue;
            }
            if store.outcome(row.outcome).code() == Some(0) {
                programs.signed_in(store, row, day);
            }
        }
        let mut operations: Map<TextId, Tells> = Map::new();
        for row in audits.iter().filter_map(|&number| store.audit(number)) {
            let operation = store.texts.get(row.operation);
            let tells = *operations.entry(row.operation).or_insert_with(|| Tells::of(operation));
            if tells != Tells::Nothing && !matches!(store.texts.get(row.result), "failure" | "timeout") {
                programs.changed(store, row, tells);
            }
        }
        programs.shorten();
        programs
    }

    fn asked(&mut self, store: &Store, row: &SignIn) {
        if let (Some(app), Some(user)) = (store.app(row.app).id.value(), mark(store, &store.user(row.user))) {
            self.asked.entry(key(&app.display(&store.texts))).or_default().insert(user);
        }
    }

    fn signed_in(&mut self, store: &Store, row: &SignIn, day: i64) {
        for id in ids_of_program(store, row) {
            self.days.entry(id).or_default().insert(day);
        }
    }

    fn changed(&mut self, store: &Store, row: &Audit, tells: Tells) {
        let targets = change::targets(store.texts.get(row.targets));
        let user = store.user(row.user);
        let name = user.id.value().or(Some(Id::text(user.name))).map(|id| id.display(&store.texts));
        let new = |name: &str| {
            let changes = targets.iter().flat_map(|target| &target.changes);
            let values = changes.filter(|change| change.is(name)).flat_map(|change| [&change.new, &change.old]);
            values.map(|value| change::plain(value).to_owned()).find(|value| !value.is_empty())
        };
        let ids: Vec<String> = match tells {
            Tells::Consent => ids_of(&targets).into_iter().chain(row.detail(store, "AppId")).collect(),
            Tells::Grant | Tells::Permission => {
                ["ServicePrincipal.ObjectID", "ServicePrincipal.AppId"].into_iter().filter_map(new).collect()
            }
            Tells::Nothing => Vec::new(),
        };
        let strong =
            tells == Tells::Permission && new("AppRole.Value").is_some_and(|name| permissions::is_strong(&name));
        for id in ids {
            if strong {
                let since = self.strong.entry(key(&id)).or_insert(row.time);
                *since = (*since).min(row.time);
            } else if tells != Tells::Permission
                && let Some(name) = &name
            {
                self.consents.entry(key(&id)).or_default().insert(key(name));
            }
        }
    }

    fn shorten(&mut self) {
        while self.consents.len() > PROGRAMS {
            self.consents.pop_last();
        }
        while self.days.len() > PROGRAMS {
            self.days.pop_last();
        }
        while self.strong.len() > PROGRAMS {
            self.strong.pop_last();
        }
        while self.foreign.len() > PROGRAMS {
            self.foreign.pop_last();
        }
        while self.asked.len() > PROGRAMS {
            self.asked.pop_last();
        }
        for users in self.consents.values_mut().chain(self.asked.values_mut()) {
            while users.len() > USERS {
                users.pop_last();
            }
        }
        for days in self.days.values_mut() {
            while days.len() > DAYS {
                days.pop_last();
            }
        }
    }

    /// Takes another's knowledge in.
    pub fn merge(&mut self, other: Self) {
        self.learn_from(&other);
        for (program, days) in other.days {
            self.days.entry(program).or_default().extend(days);
        }
        for (program, since) in other.strong {
            let known = self.strong.entry(program).or_insert(since);
            *known = (*known).min(since);
        }
        self.shorten();
    }

    /// Takes in what needs no times: who consented to what, and whose applications are.
    pub fn learn_from(&mut self, other: &Self) {
        self.foreign.extend(other.foreign.iter().copied());
        for (program, users) in &other.consents {
            self.consents.entry(*program).or_default().extend(users.iter().copied());
        }
        for (program, users) in &other.asked {
            self.asked.entry(*program).or_default().extend(users.iter().copied());
        }
        self.shorten();
    }

    /// How many users consented to the application that has any of these ids; nothing where none did.
    #[must_use]
    pub fn consenting<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Option<usize> {
        ids.filter_map(|id| self.consents.get(&key(id))).map(Set::len).max()
    }

    /// How many users the application with this id asked for consent in vain, up to a bound above what is called few.
    #[must_use]
    pub fn asking(&self, id: &str) -> usize {
        self.asked.get(&key(id)).map_or(0, Set::len)
    }

    /// Whether the application that has any of these ids belongs to another organisation, as far as sign-ins say.
    #[must_use]
    pub fn is_foreign<'a>(&self, mut ids: impl Iterator<Item = &'a str>) -> bool {
        ids.any(|id| self.foreign.contains(&key(id)))
    }

    /// Whether the application that has any of these ids held a strong permission at a moment.
    #[must_use]
    pub fn is_strong<'a>(&self, mut ids: impl Iterator<Item = &'a str>, time: i64) -> bool {
        ids.any(|id| self.strong.get(&key(id)).is_some_and(|since| *since <= time))
    }

    /// For how many days before a moment the application that has any of these ids had not signed in; nothing where
    /// it never did: it may act for users alone.
    #[must_use]
    pub fn silence<'a>(&self, ids: impl Iterator<Item = &'a str>, time: i64) -> Option<i64> {
        let day = time.div_euclid(DAY);
        let days = ids.filter_map(|id| self.days.get(&key(id)));
        days.flat_map(|days| days.iter().copied()).filter(|known| *known <= day).max().map(|last| day - last)
    }
}

impl Tells {
    fn of(operation: &str) -> Self {
        let is = |names: &[&str]| names.iter().any(|name| alike(operation, name));
        if is(&["Consent to application"]) {
            Self::Consent
        } else if is(&["Add delegated permission grant", "Add OAuth2PermissionGrant"]) {
            Self::Grant
        } else if is(&["Add app role assignment to service principal"]) {
            Self::Permission
        } else {
            Self::Nothing
        }
    }
}

/// Whether the application of a sign-in belongs to another organisation: neither to a tenant that the sign-in is
/// of, nor to Microsoft.
fn is_foreign(store: &Store, row: &SignIn) -> bool {
    let tenants = store.tenants_of(row.tenants);
    let own = [tenants.home, tenants.resource, tenants.log];
    let owner = store.app(row.app).owner.value().filter(|owner| !own.contains(owner));
    owner.is_some_and(|owner| !owner.as_guid().is_some_and(apps::is_microsoft_first_party))
        && own.iter().any(|tenant| tenant.has_value())
}

/// What stands for the ids of the application of a sign-in.
fn ids_of_program(store: &Store, row: &SignIn) -> impl Iterator<Item = u64> {
    let ids = [store.principal(row.principal).id, store.app(row.app).id];
    ids.into_iter().filter(|id| id.has_value()).map(|id| key(&id.display(&store.texts)))
}

/// Ids of applications among targets.
fn ids_of(targets: &[Target<'_>]) -> Vec<String> {
    let programs =
        targets.iter().filter(|target| matches!(target.kind(), TargetKind::Application | TargetKind::ServicePrincipal));
    programs.map(|target| target.id.to_string()).filter(|id| !id.is_empty()).collect()
}

fn key(id: &str) -> u64 {
    XxHash3_64::oneshot(id.trim().to_ascii_lowercase().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(consents: &[(&str, &str)], days: &[(&str, i64)], strong: &[(&str, i64)]) -> Programs {
        let mut programs = Programs::default();
        for (id, user) in consents {
            programs.consents.entry(key(id)).or_default().insert(key(user));
        }
        for (id, day) in days {
            programs.days.entry(key(id)).or_default().insert(*day);
        }
        programs.strong = strong.iter().map(|(id, time)| (key(id), *time)).collect();
        programs
    }

    #[test]
    fn an_application_is_known_by_any_of_its_ids() {
        let known = programs(&[("A", "ada"), ("a ", "bob")], &[("a", 10), ("b", 1)], &[("a", 5)]);
        assert_eq!(known.consenting(["x", "a"].into_iter()), Some(2));
        assert_eq!(known.consenting(["x"].into_iter()), None);
        assert!(known.is_strong(["a"].into_iter(), 5) && !known.is_strong(["a"].into_iter(), 4));
        assert_eq!(known.silence(["a"].into_iter(), 40 * DAY), Some(30));
        assert_eq!(known.silence(["a"].into_iter(), 10 * DAY), Some(0));
        assert_eq!(known.silence(["a"].into_iter(), 9 * DAY), None);
        assert_eq!(known.silence(["x"].into_iter(), 40 * DAY), None);
    }

    #[test]
    fn merging_in_any_order_says_the_same() {
        let parts =
            [programs(&[("a", "ada")], &[("a", 3)], &[("a", 9)]), programs(&[("a", "bob")], &[("a", 7)], &[("a", 4)])];
        let whole = |order: [usize; 2]| {
            let mut all = Programs::default();
            for place in order {
                all.merge(parts[place].clone());
            }
            format!("{all:?}")
        };
        assert_eq!(whole([0, 1]), whole([1, 0]));
    }
}

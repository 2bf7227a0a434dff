//! How rare it is in the tenant that an application asks for a resource, and for these scopes of it.

use crate::order::{Map, Set};

use foldhash::quality::FixedState;
use hashbrown::HashSet;
use twox_hash::XxHash3_128;

use crate::events::guid::Guid;
use crate::events::processing::Processing;
use crate::events::tuples::User;
use crate::events::{SignIn, Store};
use crate::order::Arrange;

/// Users told apart of one kind of request: more than are ever called few.
const USERS: usize = 16;
/// Kinds of request that are kept; more are none of a real tenant.
const KINDS: usize = 50_000;

/// An application, a resource, and a number that stands for the scopes (0: whatever they are).
type Kind = (Guid, Guid, u128);

/// Who succeeded in asking for what. Users are numbers that stand for their ids.
#[derive(Clone, Debug, Default)]
pub struct Rarity {
    /// Of each kind of request the smallest numbers of its users: the same in any order.
    users: Map<Kind, Set<u128>>,
    /// All users who succeeded in anything.
    all: Set<u128>,
}

impl Rarity {
    /// Of these sign-ins.
    #[must_use]
    pub fn of(store: &Store, sign_ins: &[u32]) -> Self {
        let mut rarity = Self::default();
        // Numbers of tuples are given out by this program: nobody can prepare ones that collide.
        let mut seen: HashSet<(u32, u32, u32, u32), FixedState> = HashSet::default();
        for row in sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
            let success = store.outcome(row.outcome).code() == Some(0);
            if success && row.stream().is_user() && seen.insert((row.user, row.app, row.resource, row.processing.0)) {
                rarity.count(row, store);
            }
        }
        rarity
    }

    fn count(&mut self, row: &SignIn, store: &Store) {
        let Some(user) = user(row, store) else { return };
        self.all.insert(user);
        if let Some((app, resource)) = request(row, store) {
            self.enter((app, resource, 0), user);
            if let Some(scopes) = scopes(row, store) {
                self.enter((app, resource, scopes), user);
            }
        }
    }

    fn enter(&mut self, kind: Kind, user: u128) {
        let users = self.users.entry(kind).or_default();
        users.insert(user);
        if users.len() > USERS {
            users.pop_last();
        }
        // Which ones are left out must not depend on the order in which they came.
        if self.users.len() > KINDS {
            self.users.pop_last();
        }
    }

    /// Takes another in.
    pub fn merge(&mut self, other: Self) {
        self.all.extend(other.all);
        for (kind, users) in other.users {
            users.into_iter().for_each(|user| self.enter(kind, user));
        }
    }

    /// Users who succeeded in anything.
    #[must_use]
    pub fn all_users(&self) -> usize {
        self.all.len()
    }

    /// Users whose application succeeded in asking for this resource, sixteen at most; nothing where
    /// the record has no ids.
    #[must_use]
    pub fn users(&self, row: &SignIn, store: &Store) -> Option<usize> {
        let (app, resource) = request(row, store)?;
        self.users.get(&(app, resource, 0)).map(Set::len)
    }

    /// The same for these very scopes.
    #[must_use]
    pub fn users_of_scopes(&self, row: &SignIn, store: &Store) -> Option<usize> {
        let (app, resource) = request(row, store)?;
        self.users.get(&(app, resource, scopes(row, store)?)).map(Set::len)
    }

    /// Whether so few ask for it: at most `most` users, and less than `percent` of all or just one.
    #[must_use]
    pub fn is_rare(&self, row: &SignIn, store: &Store, most: usize, percent: usize) -> bool {
        self.users(row, store).is_some_and(|users| self.are_few(users, most, percent))
    }

    /// Whether so many users are few.
    #[must_use]
    pub fn are_few(&self, users: usize, most: usize, percent: usize) -> bool {
        users <= most && (users <= 1 || users * 100 < percent * self.all.len())
    }
}

fn user(row: &SignIn, store: &Store) -> Option<u128> {
    user_number(&store.user(row.user), store)
}

/// A number that stands for a user's id, or for the name where there is none.
pub(super) fn user_number(user: &User, store: &Store) -> Option<u128> {
    match user.id.as_guid() {
        Some(guid) => Some(guid.to_u128()),
        None => store.texts.value(user.name).map(|name| XxHash3_128::oneshot(name.as_bytes())),
    }
}

fn request(row: &SignIn, store: &Store) -> Option<(Guid, Guid)> {
    store.app(row.app).id.as_guid().zip(store.app(row.resource).id.as_guid())
}

/// A number that stands for the scopes, whatever their order.
fn scopes(row: &SignIn, store: &Store) -> Option<u128> {
    let mut scopes = Processing::read(store.texts.get(row.processing)).scopes();
    scopes.arrange();
    scopes.dedup();
    (!scopes.is_empty()).then(|| XxHash3_128::oneshot(scopes.join(" ").as_bytes()).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_in_any_order_and_stays_bounded() {
        let kind = |number: u128| (Guid::from_u128(number), Guid::from_u128(7), 0);
        let of = |from: u128, to: u128| {
            let mut rarity = Rarity::default();
            for number in from..to {
                rarity.enter(kind(number % 5), number);
                rarity.all.insert(number);
            }
            rarity
        };
        let (mut left, mut right) = (of(0, 60), of(40, 200));
        left.merge(of(40, 200));
        right.merge(of(0, 60));
        assert_eq!((&left.users, &left.all), (&right.users, &right.all));
        assert!(left.users.values().all(|users| users.len() == USERS));
        let mut many = Rarity::default();
        (0..60_000).for_each(|number| many.enter(kind(number), 1));
        assert_eq!(many.users.len(), KINDS);
    }

    #[test]
    fn few_are_few_of_many_or_just_one() {
        let rarity = |users: u128| Rarity { all: (0..users).collect(), ..Rarity::default() };
        for (all, users, few) in
            [(1_000, 3, true), (1_000, 4, false), (300, 3, false), (301, 3, true), (10, 1, true), (10, 2, false)]
        {
            assert_eq!(rarity(all).are_few(users, 3, 1), few, "{users} of {all}");
        }
    }
}

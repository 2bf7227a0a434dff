//! What a person's events are looked up by. Built when first asked for, and once.

use crate::order::Map;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use crate::events::dictionary::TextId;
use crate::events::{Id, SignIn};
use crate::knowledge::agents::Agent;
use crate::order::Gather;
use crate::tenant::Network;

use super::by_operation::ByOperation;
use super::flow::Outcomes;
use super::{Hands, Memo, View};

/// Answers that many rows share, and rows by what they carry.
#[derive(Debug, Default)]
pub(super) struct Index {
    memo: Rc<Memo>,
    recent_networks: Recent<Option<Network>>,
    recent_agents: Recent<Agent>,
    outlines: RefCell<Map<u32, Hands>>,
    sessions: OnceCell<Vec<(u32, usize)>>,
    audits: OnceCell<ByOperation>,
    activities: OnceCell<ByOperation>,
    correlations: OnceCell<Vec<(Id, u32)>>,
    addresses: OnceCell<Vec<(TextId, u32)>>,
    tokens: OnceCell<Vec<(Id, u32)>>,
    requests: OnceCell<Vec<(Id, u32)>>,
    named: OnceCell<Map<Id, usize>>,
    outcomes: OnceCell<Outcomes>,
}

/// Answers given last: rows that follow each other mostly ask the same few questions. There are none until the
/// first question: many people have no rows that ask any.
#[derive(Debug)]
struct Recent<T: Copy>(OnceCell<Box<[Slot<T>; 16]>>);

/// A question and its answer.
type Slot<T> = Cell<Option<((TextId, u32), T)>>;

impl<T: Copy> Default for Recent<T> {
    fn default() -> Self {
        Self(OnceCell::new())
    }
}

impl<T: Copy> Recent<T> {
    fn get(&self, key: (TextId, u32), find: impl FnOnce() -> T) -> T {
        let slots = self.0.get_or_init(|| Box::new(std::array::from_fn(|_| Cell::new(None))));
        let slot = slots.get(((key.0.0 ^ key.1) % 16) as usize);
        match slot.and_then(Cell::get) {
            Some((known, answer)) if known == key => answer,
            _ => {
                let answer = find();
                if let Some(slot) = slot {
                    slot.set(Some((key, answer)));
                }
                answer
            }
        }
    }
}

impl Index {
    /// Answers that others ask for too are taken from here.
    pub(super) fn share(&mut self, memo: &Rc<Memo>) {
        self.memo = Rc::clone(memo);
    }

    /// What is known of texts, for as long as the view lives at least.
    pub(super) fn memo(&self) -> &Memo {
        &self.memo
    }

    /// The agent of a user agent and a device, read once.
    pub(super) fn agent(&self, key: (TextId, u32), read: impl FnOnce() -> Agent) -> Agent {
        self.recent_agents.get(key, || self.memo.agent(key, read))
    }

    /// Audit events by their operation.
    pub(super) fn audits(&self, view: &View<'_>) -> &ByOperation {
        self.audits.get_or_init(|| {
            ByOperation::of(
                view.audits.iter().map(|&number| view.store.audit(number).map_or(TextId::ABSENT, |row| row.operation)),
            )
        })
    }

    /// Activity records by their operation.
    pub(super) fn activities(&self, view: &View<'_>) -> &ByOperation {
        self.activities.get_or_init(|| {
            ByOperation::of(
                view.activities
                    .iter()
                    .map(|&number| view.store.activity(number).map_or(TextId::ABSENT, |row| row.operation)),
            )
        })
    }

    /// The hands of the session that begins with a sign-in, followed once.
    pub(super) fn outline(&self, first: Option<u32>, follow: impl FnOnce() -> Hands) -> Hands {
        self.of_outline(first, follow, Hands::clone)
    }

    /// Whether the session that begins with a sign-in changed hands.
    pub(super) fn changes(&self, first: Option<u32>, follow: impl FnOnce() -> Hands) -> bool {
        self.of_outline(first, follow, |hands| !hands.changes.is_empty())
    }

    fn of_outline<T>(&self, first: Option<u32>, follow: impl FnOnce() -> Hands, take: impl FnOnce(&Hands) -> T) -> T {
        let Some(first) = first else { return take(&follow()) };
        if let Some(known) = self.outlines.borrow().get(&first) {
            return take(known);
        }
        let hands = follow();
        let taken = take(&hands);
        self.outlines.borrow_mut().insert(first, hands);
        taken
    }

    /// The network of an address and a system, looked up once.
    pub(super) fn network(&self, key: (TextId, u32), find: impl FnOnce() -> Option<Network>) -> Option<Network> {
        self.recent_networks.get(key, || self.memo.network(key, find))
    }

    /// Number of the session that a sign-in belongs to.
    pub(super) fn session(&self, view: &View<'_>, sign_in: u32) -> Option<usize> {
        let sessions = self.sessions.get_or_init(|| {
            let members = view.sessions.iter().enumerate();
            let mut all: Vec<(u32, usize)> = members
                .flat_map(|(index, session)| session.sign_ins.iter().map(move |&number| (number, index)))
                .collect();
            all.sort_unstable();
            all
        });
        let place = sessions.binary_search_by_key(&sign_in, |(number, _)| *number).ok()?;
        sessions.get(place).map(|(_, session)| *session)
    }

    /// Successes by what joins them to the steps before.
    pub(super) fn outcomes(&self, view: &View<'_>) -> &Outcomes {
        self.outcomes.get_or_init(|| Outcomes::of(view))
    }

    /// Sign-ins with this correlation id, in order of time.
    pub(super) fn correlated(&self, view: &View<'_>, correlation: Id) -> &[(Id, u32)] {
        let all = self.correlations.get_or_init(|| by(view, |row| row.correlation.value()));
        if correlation.has_value() { range(all, correlation) } else { &[] }
    }

    /// The first success that got this token.
    pub(super) fn issue_of(&self, view: &View<'_>, token: Id) -> Option<u32> {
        let got = |row: &SignIn| row.token_id(view.store).value().filter(|_| view.succeeded(row));
        let all = self.tokens.get_or_init(|| by(view, got));
        token.value().and_then(|token| range(all, token).first()).map(|(_, number)| *number)
    }

    /// The sign-in with this request id.
    pub(super) fn request(&self, view: &View<'_>, id: Id) -> Option<u32> {
        let all = self.requests.get_or_init(|| by(view, |row| row.id.value()));
        id.value().and_then(|id| range(all, id).first()).map(|(_, number)| *number)
    }

    /// The session with this id.
    pub(super) fn session_named(&self, view: &View<'_>, id: Id) -> Option<usize> {
        let named = self.named.get_or_init(|| {
            let sessions = view.sessions.iter().enumerate();
            sessions.filter_map(|(index, session)| Some((session.id.value()?, index))).gather()
        });
        named.get(&id).copied()
    }

    /// The sign-in from this address that is nearest to a moment, the earlier of two.
    pub(super) fn nearest(&self, view: &View<'_>, address: TextId, time: i64) -> Option<u32> {
        let all = self.addresses.get_or_init(|| by(view, |row| Some(row.address).filter(|text| text.has_value())));
        let own = if address.has_value() { range(all, address) } else { &[] };
        let at = |number: u32| view.store.sign_in(number).map_or(i64::MAX, |row| row.time);
        let after = own.partition_point(|(_, number)| at(*number) < time);
        let around = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|place| own.get(place));
        around.map(|(_, number)| *number).min_by_key(|number| at(*number).abs_diff(time))
    }
}

/// A person's sign-ins by a key; those of one key keep their order.
fn by<K: Ord + Copy>(view: &View<'_>, key: impl Fn(&SignIn) -> Option<K>) -> Vec<(K, u32)> {
    let mut all: Vec<(K, u32)> = view.sign_ins().filter_map(|(number, row)| Some((key(row)?, number))).collect();
    #[expect(clippy::disallowed_methods, reason = "one a sign-in")]
    all.sort_by_key(|(key, _)| *key);
    all
}

fn range<K: Ord>(sorted: &[(K, u32)], key: K) -> &[(K, u32)] {
    let from = sorted.partition_point(|(other, _)| *other < key);
    let rest = sorted.get(from..).unwrap_or_default();
    rest.get(..rest.partition_point(|(other, _)| *other == key)).unwrap_or_default()
}

//! Ways to sign in that conditional access can close, and that went through all the same.

use crate::order::Map;

use crate::events::vocabulary::{Protocol, Transfer};
use crate::events::{Guid, SignIn, Store};
use crate::knowledge::clients;
use crate::order::Arrange;

/// Kinds that are kept; more are none of a real tenant.
const KINDS: usize = 1_000;

/// A way to sign in that a policy can close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flow {
    /// By device code.
    DeviceCode,
    /// A program sent the password itself.
    Ropc,
    /// By a protocol that knows no second factor.
    Legacy,
    /// By a QR code of a session elsewhere.
    Transfer,
}

impl Flow {
    /// The flow of a sign-in, if it is one of these. A later token of a session is none of its own.
    fn of(store: &Store, row: &SignIn) -> Option<Self> {
        let begins = !row.incoming.is_token();
        if row.protocol == Protocol::DEVICE_CODE || begins && row.transfer == Transfer::DEVICE_CODE_FLOW {
            Some(Self::DeviceCode)
        } else if row.protocol == Protocol::ROPC {
            Some(Self::Ropc)
        } else if row.protocol == Protocol::AUTHENTICATION_TRANSFER
            || begins && row.transfer == Transfer::AUTHENTICATION_TRANSFER
        {
            Some(Self::Transfer)
        } else {
            clients::is_legacy(store.texts.get(row.client)).then_some(Self::Legacy)
        }
    }
}

/// Successes by flow and application. Merges in any order.
#[derive(Clone, Debug, Default)]
pub struct Flows(Map<(Flow, Option<Guid>), u64>);

impl Flows {
    /// Counts the successes of users among these sign-ins.
    #[must_use]
    pub fn of(store: &Store, sign_ins: &[u32]) -> Self {
        let mut flows = Self::default();
        for row in sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
            let success = row.stream().is_user() && store.outcome(row.outcome).code() == Some(0);
            if let Some(flow) = Flow::of(store, row).filter(|_| success) {
                flows.add((flow, store.app(row.app).id.as_guid()), 1);
            }
        }
        flows
    }

    fn add(&mut self, kind: (Flow, Option<Guid>), count: u64) {
        *self.0.entry(kind).or_default() += count;
        if self.0.len() > KINDS {
            self.0.pop_last();
        }
    }

    /// Takes another's counts in.
    pub fn merge(&mut self, other: Self) {
        other.0.into_iter().for_each(|(kind, count)| self.add(kind, count));
    }

    /// Successes by this flow by application, the most frequent first.
    #[must_use]
    pub fn by_app(&self, flow: Flow) -> Vec<(Option<Guid>, u64)> {
        let own = self.0.iter().filter(|((kind, _), _)| *kind == flow);
        let mut apps: Vec<(Option<Guid>, u64)> = own.map(|((_, app), count)| (*app, *count)).collect();
        apps.arrange_by_key(|(app, count)| (std::cmp::Reverse(*count), *app));
        apps
    }
}

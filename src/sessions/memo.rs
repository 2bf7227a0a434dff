//! Answers that many people's records share: read once for all who are asked about together.

use std::cell::RefCell;

use foldhash::quality::FixedState;
use hashbrown::HashMap;

use crate::events::dictionary::TextId;
use crate::knowledge::agents::Agent;
use crate::tenant::Network;

/// Answers by numbers that this program gave out: nobody can prepare ones that collide.
type Answers<T> = RefCell<HashMap<(u32, u32), T, FixedState>>;

/// What is known of texts and addresses of one realm. It holds as long as what is known of the realm does not change.
#[derive(Debug, Default)]
pub struct Memo {
    agents: Answers<Agent>,
    agents_of_acts: Answers<Agent>,
    tools_of_acts: Answers<Option<&'static str>>,
    networks: Answers<Option<Network>>,
}

fn once<T: Copy>(answers: &Answers<T>, key: (u32, u32), find: impl FnOnce() -> T) -> T {
    if let Some(known) = answers.borrow().get(&key) {
        return *known;
    }
    let found = find();
    answers.borrow_mut().insert(key, found);
    found
}

impl Memo {
    /// The agent of a user agent and a device.
    pub(super) fn agent(&self, (text, device): (TextId, u32), read: impl FnOnce() -> Agent) -> Agent {
        once(&self.agents, (text.0, device), read)
    }

    /// The agent of an act.
    pub(super) fn agent_of_act(&self, text: TextId, read: impl FnOnce() -> Agent) -> Agent {
        once(&self.agents_of_acts, (text.0, 0), read)
    }

    /// The tool that two texts of an act name.
    pub(super) fn tool_of_act(
        &self,
        [one, other]: [TextId; 2],
        read: impl FnOnce() -> Option<&'static str>,
    ) -> Option<&'static str> {
        once(&self.tools_of_acts, (one.0, other.0), read)
    }

    /// The network of an address and a system.
    pub(super) fn network(
        &self,
        (address, system): (TextId, u32),
        find: impl FnOnce() -> Option<Network>,
    ) -> Option<Network> {
        once(&self.networks, (address.0, system), find)
    }
}

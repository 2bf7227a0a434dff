//! What is normal here: a summary of the tenant that merges in any order.

mod bursts;
pub mod device_code;
pub mod devices;
pub mod egress;
pub mod firsts;
mod flows;
mod inputs;
pub mod issuers;
pub mod mailboxes;
pub mod network;
pub mod own;
pub mod people;
mod programs;
pub mod rarity;
mod summary;

pub use bursts::{Attempt, Attempts, Crowded, Ended, Share};
pub(crate) use egress::mark;
pub use egress::{Egress, UsedBlock};
pub use firsts::{Firsts, Thing};
pub use flows::{Flow, Flows};
pub use inputs::InputFields;
pub use issuers::Issuers;
pub use mailboxes::Mailboxes;
pub use network::{Network, same_network};
pub use own::{OwnNetworks, OwnRule, Ownership};
pub use people::{People, Person, PersonKind};
pub use programs::Programs;
pub use summary::{Span, Summary};

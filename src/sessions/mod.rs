//! Which events belong together, who held them, and when they changed hands.

mod by_operation;
mod device_record;
mod event;
mod familiar;
mod flow;
mod group;
mod hands;
mod holder;
mod index;
mod lineage;
mod links;
mod memo;
mod view;

pub use device_record::DeviceRecord;
pub use event::{EventRef, Head};
pub use familiar::{Familiar, Familiarity, HISTORY_DAYS, Settings};
pub use group::{Session, SessionKind};
pub use hands::{Grounds, Hands, Holding, Side, hands};
pub use holder::{Holder, Likeness};
pub use lineage::{DeviceLine, End, Grant, Lineage, Parent, Use, UseKind, lineage, tokens_ended};
pub use links::{Link, Linked, NEAR};
pub use memo::Memo;
pub use view::View;

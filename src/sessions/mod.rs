//! Which events belong together, who held them, and when they changed hands.

mod event;
mod familiar;
mod flow;
mod group;
mod hands;
mod holder;
mod index;
mod links;
mod view;

pub use event::{EventRef, Head};
pub use familiar::{Familiar, Familiarity, HISTORY_DAYS, Settings};
pub use group::{Session, SessionKind};
pub use hands::{Hands, Holding, Side, hands};
pub use holder::{Holder, Likeness};
pub use links::{Link, Linked, NEAR};
pub use view::View;

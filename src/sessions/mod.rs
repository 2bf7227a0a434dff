//! Which events belong together, who held them, and when they changed hands.

mod familiar;
mod group;
mod holder;
mod view;

pub use familiar::{Familiar, Familiarity, Settings};
pub use group::{Session, SessionKind, group};
pub use holder::{Holder, Holding, Side, holders};
pub use view::{EventRef, View};

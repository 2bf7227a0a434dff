//! Findings as a report: JSON, CSV, text, and what the page shows of it.

pub mod ask;
mod csv;
mod from_case;
mod incident;
mod inspection;
mod json;
mod notices;
pub mod page;
pub mod schema;
mod spot;
mod steps;
#[cfg(not(target_arch = "wasm32"))]
mod text;
mod visible;

pub use csv::{evidence_csv, findings_csv};
pub use from_case::{Reporter, VERSION};
pub use inspection::{Filled, GoodFor, Inspection};
pub use json::{json, json_line};
pub use notices::{NoticeKind, notices};
pub use schema::Report;
pub use steps::{Advice, NextStep, Phase, next_steps};
#[cfg(not(target_arch = "wasm32"))]
pub use text::{Layout, Paper, Tone, text};
pub(crate) use visible::shown;
pub use visible::visible;

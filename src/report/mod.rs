//! Findings as a report: JSON, CSV, text, and what the page shows of it.

mod csv;
mod from_case;
pub mod page;
pub mod schema;
mod text;

pub use csv::{evidence_csv, findings_csv};
pub use from_case::{Reporter, VERSION, notices};
pub use schema::Report;
pub use text::text;

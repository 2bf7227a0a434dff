//! Facts about the world outside the logs, as data files. Knows nothing of the crate but its
//! plain [`Guid`](crate::events::guid::Guid).
//!
//! Each data file names its source, date and licence in its first lines; lines that start with
//! `#` are comments. Tables are sorted and searched by halving, so nothing depends on a hash.

/// Day of the facts.
pub const DATE: &str = "2026-11-01";

mod agent_tables;
pub mod agents;
pub mod apps;
pub mod clients;
pub mod countries;
pub mod foci;
pub mod hosting;
pub mod mail;
pub mod microsoft;
pub mod operations;
pub mod permissions;
pub mod portal;
pub mod public_clients;
pub mod results;
pub mod risks;
pub mod roles;
mod table;

//! Sign-in Sleuth reads Microsoft Entra ID exports and says which sessions were stolen or abused,
//! and on what evidence. Data moves one way, and each folder is one step of it:
//!
//! ```text
//!  bytes ──► records ──► events ──► sessions ──► findings ──► report ──► page / file
//!  intake/   intake/     formats/   sessions/    detections/  report/    wasm.rs, main.rs
//!                        events/    tenant/
//!                        enrichment/
//!  └────────────── analysis/ conducts: read │ exchange by user │ detect │ merge ─────────┘
//! ```
//!
//! The core calls no JavaScript, clock, randomness, thread or file: what the page's worker runs
//! and what the native command runs is the same code on the same bytes.
//!
//! # Invariants
//!
//! 1. Same input, same output: whatever the chunk sizes, the order of the files and the number of
//!    parts they were read in.
//! 2. Every record is accounted for:
//!    `records = events + merged + duplicates + rejected + other + enrichment`.
//! 3. No bytes make it panic, and a bad file never stops the others.
//! 4. Text from a log is only ever text.
//! 5. A time whose zone or order of day and month is unknown joins nothing across files until it is known.
//! 6. Users, own networks, rarity, bursts and identity of events are per tenant.
//!
//! The last two are held in one place: events are split into realms (`analysis::realms`) before anything is
//! joined.

pub mod analysis;
pub mod detections;
pub mod enrichment;
pub mod events;
pub mod formats;
pub mod generate;
pub mod knowledge;
pub mod report;
pub mod sessions;
pub mod tenant;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod words;

// Packages of their own: in the page they are compiled for speed, and all else for size.
pub use sleuth_intake as intake;
pub use sleuth_order as order;

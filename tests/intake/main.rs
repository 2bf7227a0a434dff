//! The readers, against `serde_json` and `csv`, whole and in pieces.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it says"
)]

mod differential;
mod excerpt;
mod generate;
mod shapes;
mod tables;
mod taken;

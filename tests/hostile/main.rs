//! Hostile and broken input: nothing panics, every record is accounted for, the others are unaffected.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it says"
)]

mod archives;
mod broken;
mod memory;
mod mutated;
mod rows;
mod support;
mod tables;
mod values;
#[expect(dead_code, reason = "not every kind of cell is broken")]
#[path = "../formats/workbook.rs"]
mod workbook;
mod workbooks;

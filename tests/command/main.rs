//! The command as a person or a script runs it: the real binary, its output and its exit codes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test stops where it is surprised"
)]

mod accounting;
mod archives;
mod asking;
mod endings;
mod fixtures;
mod generating;
mod help;
mod hostile;
mod inputs;
mod inspecting;
mod listing;
mod running;
mod samples;
mod stable;
mod telling;
mod times;
mod tuning;
#[expect(dead_code, reason = "not every kind of cell is needed")]
#[path = "../formats/workbook.rs"]
mod workbook;
mod workbooks;

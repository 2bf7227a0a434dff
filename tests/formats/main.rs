//! Export formats, proven through the real path: bytes to a part, parts to a case.

#![recursion_limit = "256"]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it says, and says what it skips"
)]

mod accounting;
mod activities;
mod adding;
mod azure_monitor;
mod collectors;
mod coverage_of_fields;
mod databases;
mod defender;
mod elastic;
mod findings;
mod formats;
mod identity;
mod lists;
mod loss;
mod loss_of_acts;
mod loss_of_others;
mod merging;
mod mmdb;
mod notices;
mod people;
mod portal;
mod portal_audit;
mod portal_languages;
mod same_tenant;
mod samples;
mod sampling;
mod siem;
mod splunk;
mod support;
mod traps_of_tables;
mod traps_of_times;
mod traps_of_values;
mod unified;
mod user_lists;
mod vocabularies;
mod workbook;
mod workbooks;

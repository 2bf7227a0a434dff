//! What each detection finds and what it leaves alone, and what sessions, scores and coverage say of it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops where something is not as it says, and says what it skips"
)]

mod catalogue;
mod coverage;
mod coverage_of_risk;
mod directory;
mod enrichment;
mod exposed;
mod fixtures;
mod incidents;
mod knowledge;
mod lineage;
mod mailbox;
mod metamorphic;
mod metamorphic_tenants;
mod notices;
mod open_times;
mod ordered;
mod own_networks;
mod owners;
mod panther;
mod peers;
mod playbook;
mod quality;
mod report;
mod samples;
mod scores;
mod sessions;
mod support;
mod taint;
mod tenants;
mod ties;
mod weak_forms;

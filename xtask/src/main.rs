//! Builds, serves and tests: one entry for a person and for CI.
fn main() {}

//! The native command: the same analysis, headless.
fn main() {}

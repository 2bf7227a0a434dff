//! What each detection finds and what it leaves alone, and what sessions, scores and coverage say of it.

mod catalogue;
mod coverage;
mod fixtures;
mod knowledge;
mod metamorphic;
mod scores;
mod sessions;
mod support;

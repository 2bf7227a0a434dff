//! The readers, against `serde_json` and `csv`, whole and in pieces.

mod differential;
mod excerpt;
mod generate;
mod shapes;
mod tables;
mod taken;

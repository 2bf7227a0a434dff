//! What the build and the tests need beyond Rust and Node, fetched when it is absent.

mod browser;
mod npm;
mod python;
mod rust;
mod system;
mod wasm;

pub(crate) use browser::{FIREFOX, WEBKIT, browser};
pub(crate) use npm::packages;
pub(crate) use python::python;
pub(crate) use rust::{component, target};
pub(crate) use wasm::{Tool, tool};

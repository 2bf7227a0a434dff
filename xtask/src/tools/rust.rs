//! The WebAssembly target and the components of the pinned toolchain.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{run, say};

/// The platform of the page.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Adds the WebAssembly target to the toolchain if it lacks it.
pub(crate) fn target(project: &Project) -> Result<()> {
    if sysroot(project)?.join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    add(project, &["target", "add", WASM])
}

/// Adds `clippy` or `rustfmt` if `cargo NAME` does not answer.
pub(crate) fn component(project: &Project, name: &str, subcommand: &str) -> Result<()> {
    if run::answer(project.cargo().args([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    add(project, &["component", "add", name])
}

fn add(project: &Project, words: &[&str]) -> Result<()> {
    let what = words.join(" ");
    if run::which(&["rustup"]).is_none() {
        bail!("this toolchain was not installed by rustup: it needs what `rustup {what}` would add");
    }
    say::step("rust", &format!("rustup {what}"), || {
        run::must(Command::new("rustup").current_dir(&project.root).args(words), &project.log("rustup"))
    })?;
    Ok(())
}

fn sysroot(project: &Project) -> Result<PathBuf> {
    let answer = run::answer(Command::new("rustc").current_dir(&project.root).args(["--print", "sysroot"]));
    answer.map(PathBuf::from).context("rustc does not answer")
}

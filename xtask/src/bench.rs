//! `cargo xtask bench`: the figures of the core and of the page, as tables.

use std::process::Command;

use anyhow::{Result, bail};

use crate::project::Project;
use crate::{build, fresh, say, tools};

pub(crate) fn bench(project: &Project) -> Result<()> {
    let benches = fresh::files(&project.root.join("benches"))?;
    if benches.is_empty() {
        say::note("core", "benches/ is empty");
    } else {
        say::line("── the core, on this machine");
        shown(project.cargo().args(["bench", "--locked", "--package", "signin-sleuth"]))?;
    }
    let script = project.root.join("tests/browser/bench.mjs");
    if !script.is_file() {
        say::note("page", "tests/browser/bench.mjs does not exist yet");
        return Ok(());
    }
    build::build(project)?;
    let browser = tools::browser(project)?;
    say::line("── the page, in Chromium");
    for script in ["tests/browser/bench.mjs", "tests/browser/answers.bench.mjs", "tests/browser/frames.bench.mjs"] {
        let mut command = project.node(script);
        command.env("SLEUTH_PAGE", project.page()).env("SLEUTH_CHROMIUM", &browser.program);
        shown(&mut command)?;
    }
    Ok(())
}

/// Runs a program whose output is what is wanted.
fn shown(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    if status.success() {
        return Ok(());
    }
    bail!("{} ended with {status}", crate::run::line(command))
}

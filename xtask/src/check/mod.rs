//! `cargo xtask check`: format, lints, types, licences, lock files, words.

mod licences;
mod locks;
mod words;

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::project::Project;
use crate::test::{Tally, wasm_targets};
use crate::{run, say, tools};

/// Fails with what is wrong.
type Check = fn(&Project) -> Result<()>;

pub(crate) fn command(project: &Project) -> Result<ExitCode> {
    let tally = check(project)?;
    say::line(&tally.to_string());
    Ok(tally.exit_code())
}

/// Runs every check, also when one fails.
pub(crate) fn check(project: &Project) -> Result<Tally> {
    tools::component(project, "rustfmt", "fmt")?;
    tools::component(project, "clippy", "clippy")?;
    tools::target(project)?;
    tools::packages(project)?;
    let mut tally = Tally::default();
    let mut report = |name: &str, result: Result<()>| {
        tally.count(result.is_ok());
        if let Err(error) = result {
            say::note("", &format!("{name}: {error:#}"));
        }
    };
    let steps: [(&str, &str, Check); 7] = [
        ("format", "cargo fmt", format),
        ("lints", "cargo clippy, this machine", lints),
        ("lints", "cargo clippy, WebAssembly", wasm_lints),
        ("types", "tsc", types),
        ("licences", "of every package", licences::check),
        ("locks", "no address of a registry in a lock file", locks::check),
        ("words", "nothing of one machine, no overlong file", words::check),
    ];
    for (name, what, work) in steps {
        report(name, say::step(name, what, || work(project)));
    }
    Ok(tally)
}

fn format(project: &Project) -> Result<()> {
    must(project, project.cargo().args(["fmt", "--all", "--check"]), "fmt")?;
    // Modules that a macro names are out of its sight.
    let mut files: Vec<_> = fs::read_dir(project.root.join("src/detections"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    let mut command = Command::new("rustfmt");
    command.current_dir(&project.root).args(["--check", "--edition", "2024"]).args(files);
    must(project, &mut command, "rustfmt")
}

fn lints(project: &Project) -> Result<()> {
    let mut command = project.cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-Dwarnings"]);
    must(project, &mut command, "clippy")
}

fn wasm_lints(project: &Project) -> Result<()> {
    let mut command = project.cargo();
    command.args(["clippy", "--lib", "--target", "wasm32-unknown-unknown", "--locked", "--quiet"]);
    command.args(wasm_targets(project)?.iter().flat_map(|target| ["--test", target]));
    command.args(["--", "-Dwarnings"]);
    must(project, &mut command, "clippy-wasm")
}

fn types(project: &Project) -> Result<()> {
    let folders = [".", "www/worker"];
    for folder in folders.iter().filter(|folder| project.root.join(folder).join("tsconfig.json").is_file()) {
        let mut command = project.node("node_modules/typescript/bin/tsc");
        must(project, command.args(["--noEmit", "--project", folder]), "tsc")?;
    }
    Ok(())
}

fn must(project: &Project, command: &mut Command, log: &str) -> Result<()> {
    run::must(command, &project.log(log)).map(drop)
}

/// Fails with one line a problem, or not at all.
fn none(problems: &[String]) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{} found\n  {}", problems.len(), problems.join("\n  "))
}

//! The groups of tests, in the order in which they run.

mod reproducible;
mod smoke;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Outcome, Tally};
use crate::project::Project;
use crate::tools::{self, Tool};
use crate::{build, check, fresh, run, say};

/// Cargo's profile of the native tests: all checks on, and quick enough for large inputs.
const PROFILE: &str = "checked";

/// Seconds that the fuzzer gets, and those it gets when there is time.
const FUZZ: &str = "60";
const FUZZ_LONG: &str = "900";

/// Tests of one kind.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// Runs them; the flag says that there is time for more cases.
    pub(crate) run: fn(&Project, bool) -> Result<Outcome>,
}

pub(crate) const GROUPS: &[Group] = &[
    Group { name: "check", what: "format, lints, types, licences, words", run: checks },
    Group { name: "rust", what: "the core and the command, on this machine", run: rust },
    Group { name: "fuzz", what: "every format, broken at random, for a bounded time", run: fuzz },
    Group { name: "wasm", what: "the wasm face in headless Chromium", run: wasm },
    Group { name: "kql", what: "the KQL twins, executed", run: kql },
    Group { name: "kql-fixtures", what: "the KQL twins, executed on the detections' fixtures", run: kql_fixtures },
    Group { name: "kql-bind", what: "the KQL twins, bound to the tables' schemas", run: kql_bind },
    Group { name: "build", what: "the page, and what must hold for the file", run: page },
    Group { name: "browser", what: "the page in Chromium", run: browser },
    Group { name: "smoke", what: "the page in Firefox and WebKitGTK, its outlines", run: smoke::run },
    Group {
        name: "reproducible",
        what: "two builds of one commit in two folders are the same bytes",
        run: reproducible::run,
    },
];

fn checks(project: &Project, _long: bool) -> Result<Outcome> {
    check::check(project).map(Outcome::Ran)
}

fn rust(project: &Project, long: bool) -> Result<Outcome> {
    let mut command = project.cargo();
    command.args(["test", "--workspace", "--locked", "--no-fail-fast", "--profile", PROFILE]);
    runner(project, "rust", "cargo test", longer(&mut command, long), Tally::of_lines)
}

fn fuzz(project: &Project, long: bool) -> Result<Outcome> {
    let seconds = if long { FUZZ_LONG } else { FUZZ };
    let mut command = project.cargo();
    command
        .args(["test", "--locked", "--package", "signin-sleuth", "--test", "fuzz", "--profile", PROFILE])
        .env("SLEUTH_FUZZ_SECONDS", seconds);
    runner(project, "fuzz", &format!("cargo test, {seconds} s"), &mut command, Tally::of_lines)
}

fn wasm(project: &Project, long: bool) -> Result<Outcome> {
    let targets = wasm_targets(project)?;
    if targets.is_empty() {
        return Ok(Outcome::Skipped("there is no test whose name begins with wasm yet".to_owned()));
    }
    tools::target(project)?;
    let runner_folder = tools::tool(project, Tool::WasmBindgen)?;
    let browser = tools::browser(project)?;
    let mut command = project.cargo();
    command
        .args(["test", "--target", "wasm32-unknown-unknown", "--locked", "--no-fail-fast"])
        .args(targets.iter().flat_map(|target| ["--test", target]))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner_folder.join("wasm-bindgen-test-runner"))
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser.capabilities(project)?)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env("CHROMEDRIVER", &browser.driver);
    runner(project, "wasm", "cargo test in Chromium", longer(&mut command, long), Tally::of_lines)
}

/// Names of the integration tests that run in a browser.
pub(crate) fn wasm_targets(project: &Project) -> Result<Vec<String>> {
    let folder = project.root.join("tests");
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(&folder).into_iter().flatten() {
        let path = entry.with_context(|| format!("list {}", folder.display()))?.path();
        let is_test = path.join("main.rs").is_file() || path.extension().is_some_and(|ending| ending == "rs");
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if is_test && name.starts_with("wasm") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn kql(project: &Project, long: bool) -> Result<Outcome> {
    let script = project.root.join("tests/kql/run.py");
    if !script.is_file() {
        return Ok(Outcome::Skipped("tests/kql/run.py does not exist yet".to_owned()));
    }
    let python = tools::python(project, "tests/kql/requirements.txt")?;
    let mut command = Command::new(python);
    command.current_dir(&project.root).arg(script).env("SLEUTH_BINARY", binary(project)?);
    runner(project, "kql", "tests/kql/run.py", longer(&mut command, long), Tally::of_lines)
}

fn kql_fixtures(project: &Project, long: bool) -> Result<Outcome> {
    let python = tools::python(project, "tests/kql/requirements.txt")?;
    let mut command = Command::new(python);
    command.current_dir(&project.root).arg("tests/kql/fixtures.py").env("SLEUTH_BINARY", binary(project)?);
    runner(project, "kql-fixtures", "tests/kql/fixtures.py", longer(&mut command, long), Tally::of_lines)
}

fn kql_bind(project: &Project, long: bool) -> Result<Outcome> {
    if !project.root.join("tests/kql/bind.mjs").is_file() {
        return Ok(Outcome::Skipped("tests/kql/bind.mjs does not exist yet".to_owned()));
    }
    tools::packages(project)?;
    let mut command = project.node("tests/kql/bind.mjs");
    runner(project, "kql-bind", "tests/kql/bind.mjs", longer(&mut command, long), Tally::of_lines)
}

/// The native command, built as the tests in Rust build it.
fn binary(project: &Project) -> Result<PathBuf> {
    let mut build = project.cargo();
    build.args(["build", "--locked", "--package", "signin-sleuth", "--bin", "signin-sleuth", "--profile", PROFILE]);
    say::step("command", "cargo build", || run::must(&mut build, &project.log("command")))?;
    Ok(project.target.join(PROFILE).join(format!("signin-sleuth{}", std::env::consts::EXE_SUFFIX)))
}

fn page(project: &Project, _long: bool) -> Result<Outcome> {
    Ok(Outcome::Ran(Tally { passed: build::build(project)?, ..Tally::default() }))
}

fn browser(project: &Project, long: bool) -> Result<Outcome> {
    let tests = named(&project.root.join("tests/browser"), ".test.mjs")?;
    if tests.is_empty() {
        return Ok(Outcome::Skipped("tests/browser has no *.test.mjs yet".to_owned()));
    }
    build::build(project)?;
    let browser = tools::browser(project)?;
    let mut command = node_test(project, &tests);
    command.env("SLEUTH_BINARY", binary(project)?).env("SLEUTH_CHROMIUM", &browser.program);
    runner(project, "browser", "node --test", longer(&mut command, long), Tally::of_tap)
}

/// Node's runner of tests over these files, one after the other, with the built page.
fn node_test(project: &Project, tests: &[PathBuf]) -> Command {
    let mut command = Command::new("node");
    command
        .current_dir(&project.root)
        .args(["--test", "--test-concurrency=1", "--test-reporter=tap", "--test-timeout=600000"])
        .args(tests)
        .env("SLEUTH_PAGE", project.page());
    command
}

/// The files of a folder whose names end so, in order.
fn named(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = fresh::files(folder)?;
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    Ok(files)
}

fn longer(command: &mut Command, long: bool) -> &mut Command {
    if long { command.env("SLEUTH_LONG", "1") } else { command }
}

/// Runs a runner of tests, counts, and shows what it wrote when it failed.
fn runner(
    project: &Project,
    name: &str,
    what: &str,
    command: &mut Command,
    count: fn(&str) -> Tally,
) -> Result<Outcome> {
    let ran = say::step(name, what, || run::run(command, &project.log(name)))?;
    let tally = count(&ran.output).ended(ran.ok);
    if tally.failed > 0 {
        say::line(&ran.tail());
    }
    say::note(name, &tally.to_string());
    Ok(Outcome::Ran(tally))
}

//! The built page in browsers other than Chromium. A machine without one of them is told so; Debian has both.

use std::path::PathBuf;

use anyhow::Result;

use super::super::{Outcome, Tally};
use super::{node_test, runner};
use crate::project::Project;
use crate::tools::{FIREFOX, WEBKIT};
use crate::{build, say};

pub(crate) fn run(project: &Project, _long: bool) -> Result<Outcome> {
    let mut tests: Vec<PathBuf> = Vec::new();
    let mut programs = Vec::new();
    let mut missing = Vec::new();
    for (browser, test) in [(FIREFOX, "firefox.smoke.mjs"), (WEBKIT, "webkit.smoke.mjs")] {
        match browser.find(project)? {
            Some(program) => {
                tests.push(project.root.join("tests/browser").join(test));
                programs.push((browser.variable, program));
            }
            None => missing.push(browser.name),
        }
    }
    if tests.is_empty() {
        return Ok(Outcome::Skipped(format!("NOT TESTED: there is no {} here", missing.join(", no "))));
    }
    for name in &missing {
        say::note("smoke", &format!("NOT TESTED in {name}: it is not on the path"));
    }
    build::build(project)?;
    let mut command = node_test(project, &tests);
    command.envs(programs);
    runner(project, "smoke", "node --test", &mut command, Tally::of_tap)
}

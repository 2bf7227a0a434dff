//! Two builds of one commit, in two folders with names of different length, must be the same bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::super::{Outcome, Tally};
use crate::project::Project;
use crate::{build, run, say};

pub(crate) fn run(project: &Project, long: bool) -> Result<Outcome> {
    let git = |words: &[&str]| run::answer(Command::new("git").current_dir(&project.root).args(words));
    let Some(changes) = git(&["status", "--porcelain"]) else {
        return Ok(Outcome::Skipped("there is no git, so no commit to build".to_owned()));
    };
    if !changes.is_empty() && !long {
        return Ok(Outcome::Skipped("files differ from the commit; --long builds the commit itself, twice".to_owned()));
    }
    let folder = project.work().join("reproducible");
    let one = if changes.is_empty() {
        build::build(project)?;
        project.page()
    } else {
        say::note("", "files differ from the commit: it is the commit that is built, twice");
        build_in(project, &folder.join("one"))?
    };
    let two = build_in(project, &folder.join("another-folder-with-a-longer-name"))?;
    let mut tally = Tally::default();
    tally.count(same(&one, &two)?);
    Ok(Outcome::Ran(tally))
}

/// Clones the commit into an empty folder and builds it there with nothing shared but the user's caches.
fn build_in(project: &Project, folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("empty {}", folder.display()))?;
    }
    say::step("clone", "build the commit in a folder of its own", || {
        let mut clone = Command::new("git");
        clone.args(["clone", "--quiet", "--no-hardlinks"]).arg(&project.root).arg(folder);
        run::must(&mut clone, &project.log("clone"))?;
        let mut build = project.cargo();
        build.current_dir(folder).env("CARGO_TARGET_DIR", folder.join("target"));
        build.args(["run", "--quiet", "--locked", "--package", "xtask", "--", "build"]);
        run::must(&mut build, &project.log("clone-build"))
    })?;
    Ok(folder.join("dist/signin-sleuth.html"))
}

fn same(one: &Path, two: &Path) -> Result<bool> {
    let read = |path: &Path| fs::read(path).with_context(|| format!("read {}", path.display()));
    let (first, second) = (read(one)?, read(two)?);
    if first == second {
        return Ok(true);
    }
    let at = first.iter().zip(&second).take_while(|(one, two)| one == two).count();
    say::note("", &format!("{} and {} differ from byte {at}", one.display(), two.display()));
    Ok(false)
}

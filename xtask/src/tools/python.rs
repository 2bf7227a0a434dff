//! A Python of its own for the KQL twins: a virtual environment in the user's cache folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::system;
use crate::fresh::Inputs;
use crate::project::Project;
use crate::{run, say};

const PYTHON: &[&str] = &["python3", "python"];

/// The interpreter of an environment that holds `requirements` (a file below the project's folder).
pub(crate) fn python(project: &Project, requirements: &str) -> Result<PathBuf> {
    let base = match base() {
        Some(base) => base,
        None => {
            system::install(project, &["python3", "python3-venv"], "Install Python 3.10 or later.")?;
            base().context("Python is still missing")?
        }
    };
    let version = run::answer(Command::new(&base).arg("--version")).context("Python does not answer")?;
    let key = Inputs::new().text(&version).paths(&project.root, &[requirements])?.hex();
    let home = project.cache.join("python").join(key.get(..16).unwrap_or(&key));
    let program = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python3" });
    let whole = home.join("whole");
    if whole.is_file() {
        return Ok(program);
    }
    say::step("python", &format!("install {requirements}"), || {
        environment(project, &base, &home)?;
        let mut pip = Command::new(&program);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--requirement"]);
        run::must(pip.arg(project.root.join(requirements)), &project.log("pip"))?;
        fs::write(&whole, &version).with_context(|| format!("write {}", whole.display()))
    })?;
    Ok(program)
}

fn base() -> Option<PathBuf> {
    run::which(PYTHON)
}

fn environment(project: &Project, base: &Path, home: &Path) -> Result<()> {
    let mut venv = Command::new(base);
    venv.args(["-m", "venv", "--clear"]).arg(home);
    let ran = run::run(&mut venv, &project.log("venv"))?;
    if ran.ok {
        return Ok(());
    }
    // Debian keeps the module apart.
    if !ran.output.contains("ensurepip") {
        bail!("{} failed:\n{}", run::line(&venv), ran.tail());
    }
    system::install(project, &["python3-venv"], "Install Python's venv module.")?;
    run::must(&mut venv, &project.log("venv"))?;
    Ok(())
}

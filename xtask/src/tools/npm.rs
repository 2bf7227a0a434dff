//! The npm packages of `package-lock.json`.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fresh::Inputs;
use crate::project::Project;
use crate::{run, say};

/// The oldest Node that runs the tests.
const NODE: u32 = 20;

/// Installs the packages when the lock file changed since the last time.
pub(crate) fn packages(project: &Project) -> Result<()> {
    node()?;
    let folder = project.root.join("node_modules");
    // The stamp lies in the folder itself, so that it goes with it.
    let inputs = Inputs::new().paths(&project.root, &["package.json", "package-lock.json"])?;
    let (kept, now) = (folder.join(".sleuth"), inputs.hex());
    if fs::read_to_string(&kept).is_ok_and(|kept| kept == now) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(npm);
    command.current_dir(&project.root).args(["ci", "--no-progress"]);
    say::step("npm", "install the packages of package-lock.json", || run::must(&mut command, &project.log("npm")))?;
    fs::write(&kept, now).with_context(|| format!("write {}", kept.display()))
}

fn node() -> Result<()> {
    let version = run::answer(Command::new("node").arg("--version"));
    let Some(version) = version else { bail!("Node.js {NODE} or later is needed: install it, then run this again") };
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => Ok(()),
        _ => bail!("Node.js {NODE} or later is needed; this is {version}"),
    }
}

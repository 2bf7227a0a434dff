//! The system's own package manager, for what no language's registry has.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::project::Project;
use crate::{run, say};

/// Installs Debian packages, saying so; on another system says what to install.
pub(crate) fn install(project: &Project, packages: &[&str], elsewhere: &str) -> Result<()> {
    let list = packages.join(" ");
    if run::which(&["apt-get"]).is_none() {
        bail!("{list} cannot be installed from here. {elsewhere}");
    }
    say::step("system", &format!("apt-get install {list}"), || {
        run::must(&mut apt(&["update"]), &project.log("apt-update"))?;
        let mut words = vec!["install", "--yes", "--no-install-recommends"];
        words.extend(packages);
        run::must(&mut apt(&words), &project.log("apt-install"))
    })?;
    Ok(())
}

/// Whether Debian's own packages are to be had; systems that descend from it lack some.
pub(crate) fn is_debian() -> bool {
    let names = fs::read_to_string("/etc/os-release").unwrap_or_default();
    names.lines().any(|line| line == "ID=debian") && run::which(&["apt-get"]).is_some()
}

fn apt(words: &[&str]) -> Command {
    let mut command = if is_root() { Command::new("apt-get") } else { Command::new("sudo") };
    if !is_root() {
        command.args(["--non-interactive", "apt-get"]);
    }
    command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Whether packages can be installed as we are; without `sudo` there is no other way to try.
fn is_root() -> bool {
    run::answer(Command::new("id").arg("-u")).as_deref() == Some("0") || !Path::new("/usr/bin/sudo").exists()
}

//! What a build says of itself: version, commit, Rust. No time and no machine, so that two builds of
//! one commit are the same.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::project::Project;
use crate::run;

pub(crate) struct Stamp {
    /// The crate's version.
    pub(crate) version: String,
    /// The commit's whole hash, `+changed` behind it when files differ from it; `unknown` without git.
    pub(crate) commit: String,
    /// The compiler's version.
    pub(crate) rust: String,
}

impl Stamp {
    pub(crate) fn read(project: &Project) -> Result<Self> {
        let manifest: toml::Table = toml::from_str(&fs::read_to_string(project.root.join("Cargo.toml"))?)?;
        let version = manifest.get("package").and_then(|package| package.get("version")).and_then(toml::Value::as_str);
        let version = version.context("Cargo.toml has a version")?.to_owned();
        let rust = run::answer(Command::new("rustc").current_dir(&project.root).arg("--version"));
        let rust = rust.as_deref().and_then(|line| line.split(' ').nth(1)).context("rustc does not answer")?.to_owned();
        let wanted = &project.recipe.versions.rust;
        if rust != *wanted {
            bail!("this is Rust {rust}, and the page is built with {wanted}: leave the choice to rust-toolchain.toml");
        }
        Ok(Stamp { version, commit: commit(project), rust })
    }

    /// The constant `BUILD` that the scripts see (`www/build.d.ts`), as JSON.
    pub(crate) fn for_scripts(&self) -> Result<String> {
        let Stamp { version, commit, rust } = self;
        Ok(serde_json::to_string(&json!({ "version": version, "commit": commit, "rust": rust }))?)
    }
}

fn commit(project: &Project) -> String {
    let git = |words: &[&str]| run::answer(Command::new("git").current_dir(&project.root).args(words));
    let top = git(&["rev-parse", "--show-toplevel"]).and_then(|top| fs::canonicalize(top).ok());
    if top.is_none() || top != fs::canonicalize(&project.root).ok() {
        return "unknown".to_owned();
    }
    match (git(&["rev-parse", "HEAD"]), git(&["status", "--porcelain"])) {
        (Some(hash), Some(changes)) if changes.is_empty() => hash,
        (Some(hash), _) => format!("{hash}+changed"),
        (None, _) => "unknown".to_owned(),
    }
}

//! Where things stand: the project, its work folder, the cache that all clones of a user share.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::recipe::Recipe;

/// The folders of one clone, and its recipe.
pub(crate) struct Project {
    /// The folder of `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// Per user, outside every clone: installed tools, keyed by version.
    pub(crate) cache: PathBuf,
    pub(crate) recipe: Recipe,
}

impl Project {
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").context("run this as `cargo xtask …`")?;
        let root = Path::new(&manifest).parent().context("xtask lies in the project")?.to_owned();
        let program = env::current_exe().context("where this program lies")?;
        let target = program.ancestors().nth(2).context("this program lies in the target folder")?.to_owned();
        let recipe = Recipe::read(&root)?;
        Ok(Project { root, target, cache: cache()?, recipe })
    }

    /// Logs, stamps and intermediate files of xtask.
    pub(crate) fn work(&self) -> PathBuf {
        self.target.join("xtask")
    }

    pub(crate) fn page(&self) -> PathBuf {
        self.root.join("dist/signin-sleuth.html")
    }

    /// Where the output of the step `name` goes.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.work().join("logs").join(format!("{name}.log"))
    }

    /// `cargo`, the one that started us, in the project's folder.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// Node, running the script at `path` below the project's folder.
    pub(crate) fn node(&self, path: &str) -> Command {
        let mut command = Command::new("node");
        command.current_dir(&self.root).arg(self.root.join(path));
        command
    }
}

fn cache() -> Result<PathBuf> {
    let base = match (env::var_os("XDG_CACHE_HOME"), env::var_os("LOCALAPPDATA")) {
        (Some(folder), _) if Path::new(&folder).is_absolute() => PathBuf::from(folder),
        (_, Some(folder)) if cfg!(windows) => PathBuf::from(folder),
        _ => env::home_dir().context("no home folder is known; set XDG_CACHE_HOME")?.join(".cache"),
    };
    Ok(base.join("signin-sleuth"))
}

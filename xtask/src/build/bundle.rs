//! TypeScript and styles, each entry as one text that can stand inside the page.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::stamp::Stamp;
use super::wasm::Core;
use crate::project::Project;
use crate::run;

/// What esbuild made of `www/`.
pub(crate) struct Bundle {
    /// Runs before everything else: `www/proof/first.ts`.
    pub(crate) first: String,
    /// The worker: wasm-bindgen's glue, and behind it `www/worker/boot.ts`.
    pub(crate) worker: String,
    /// The page: `www/main.tsx`.
    pub(crate) page: String,
    /// All styles that the page imports.
    pub(crate) style: String,
}

const ENTRIES: &[(&str, &str)] =
    &[("first", "www/proof/first.ts"), ("worker", "www/worker/boot.ts"), ("page", "www/main.tsx")];

pub(crate) fn bundle(project: &Project, stamp: &Stamp, core: &Core) -> Result<Bundle> {
    let folder = project.work().join("bundle");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("empty {}", folder.display()))?;
    }
    let entries = ENTRIES.iter().map(|(name, path)| format!("{name}={path}"));
    let mut command = esbuild(project, &folder);
    command.args(entries).args(["--bundle", "--format=iife"]).arg(format!("--define:BUILD={}", stamp.for_scripts()?));
    run::must(&mut command, &project.log("esbuild"))?;
    // Not bundled: its one global name is what the worker calls.
    run::must(esbuild(project, &folder).arg(format!("glue={}", core.glue.display())), &project.log("esbuild-glue"))?;
    let read = |name: &str| {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("esbuild wrote no {}", path.display()))?;
        anyhow::Ok(text.trim_end().to_owned())
    };
    let worker = format!("{}\n{}", read("glue.js")?, read("worker.js")?);
    Ok(Bundle { first: read("first.js")?, worker, page: read("page.js")?, style: read("page.css")? })
}

fn esbuild(project: &Project, folder: &Path) -> Command {
    let mut command = project.node("node_modules/esbuild/bin/esbuild");
    command
        .args(["--minify", "--target=es2023", "--charset=ascii", "--legal-comments=none", "--log-level=warning"])
        .arg(format!("--outdir={}", folder.display()));
    command
}

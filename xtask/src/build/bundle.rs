//! TypeScript and styles, each entry as one text that can stand inside the page.

use std::fs;

use anyhow::{Context, Result};

use super::stamp::Stamp;
use crate::project::Project;
use crate::run;

/// What esbuild made of `www/`.
pub(crate) struct Bundle {
    /// Runs before everything else: `www/proof/first.ts`.
    pub(crate) first: String,
    /// The worker's part behind wasm-bindgen's glue: `www/worker/boot.ts`.
    pub(crate) worker: String,
    /// The page: `www/main.tsx`.
    pub(crate) page: String,
    /// All styles that the page imports.
    pub(crate) style: String,
}

const ENTRIES: &[(&str, &str)] =
    &[("first", "www/proof/first.ts"), ("worker", "www/worker/boot.ts"), ("page", "www/main.tsx")];

pub(crate) fn bundle(project: &Project, stamp: &Stamp) -> Result<Bundle> {
    let folder = project.work().join("bundle");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("empty {}", folder.display()))?;
    }
    let mut command = project.node("node_modules/esbuild/bin/esbuild");
    command
        .args(ENTRIES.iter().map(|(name, path)| format!("{name}={path}")))
        .args(["--bundle", "--format=iife", "--minify", "--target=es2023", "--charset=ascii"])
        .args(["--legal-comments=none", "--log-level=warning"])
        .arg(format!("--define:BUILD={}", stamp.for_scripts()?))
        .arg(format!("--outdir={}", folder.display()));
    run::must(&mut command, &project.log("esbuild"))?;
    let read = |name: &str| {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("esbuild wrote no {}", path.display()))?;
        anyhow::Ok(text.trim_end().to_owned())
    };
    Ok(Bundle {
        first: read("first.js")?,
        worker: read("worker.js")?,
        page: read("page.js")?,
        style: read("page.css")?,
    })
}

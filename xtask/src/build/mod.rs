//! `cargo xtask build`: the one file `dist/signin-sleuth.html`, and its hash beside it.
//!
//! ```text
//!  src/ ─► wasm-pack ─► wasm-opt ─► gzip, base64 ─┐
//!  www/ ─► esbuild ───────────────────────────────┴─► www/index.html filled in ─► inspected
//! ```

mod bundle;
mod document;
mod elements;
mod inspect;
mod notices;
mod stamp;
mod template;
mod wasm;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use self::document::sha256;
use self::inspect::Finding;
use self::stamp::Stamp;
use crate::fresh::Inputs;
use crate::project::Project;
use crate::{say, tools};

/// Builds the page and looks through it. Returns how many things were looked at.
pub(crate) fn build(project: &Project) -> Result<u32> {
    tools::target(project)?;
    tools::packages(project)?;
    let stamp = Stamp::read(project)?;
    let core = wasm::build(project, &stamp)?;
    let page = page(project, &stamp, &core)?;
    inspected(project, &page, &core)
}

/// Puts the page together when anything in it changed.
fn page(project: &Project, stamp: &Stamp, core: &wasm::Core) -> Result<String> {
    let path = project.page();
    let inputs = Inputs::new()
        .text(&stamp.for_scripts()?)
        .paths(&project.root, &["www", "tsconfig.json", "package-lock.json", "Cargo.lock", "xtask/src/build"])?
        .paths(&project.target, &["xtask/wasm"])?;
    if inputs.done(project, "page", &path) {
        say::same("page");
    } else {
        let text = say::step("page", "bundle www/, fill in www/index.html", || {
            let bundle = bundle::bundle(project, stamp, core)?;
            let template = project.root.join("www/index.html");
            let template = fs::read_to_string(&template).with_context(|| format!("read {}", template.display()))?;
            document::fill_in(&template, &bundle, core, &notices::notices(project)?)
        })?;
        write(&path, text.as_bytes())?;
        write(&beside(&path), format!("{}  signin-sleuth.html\n", sha256(text.as_bytes())).as_bytes())?;
        inputs.keep(project, "page")?;
    }
    fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))
}

fn beside(page: &Path) -> PathBuf {
    page.with_extension("html.sha256")
}

fn inspected(project: &Project, page: &str, core: &wasm::Core) -> Result<u32> {
    let sum = fs::read_to_string(beside(&project.page())).unwrap_or_default();
    let size = inspect::gzipped(page.as_bytes())?;
    let findings = inspect::inspect(project, page, core, &sum, size);
    for finding in findings.iter().filter(|finding| !finding.problems.is_empty()) {
        say::note("page", &format!("does not hold: {}", finding.what));
        for problem in &finding.problems {
            say::note("", problem);
        }
    }
    let failed = findings.iter().filter(|finding| !finding.problems.is_empty()).count();
    if failed > 0 {
        bail!("the page fails {failed} of {} inspections", findings.len());
    }
    let core_size = fs::metadata(&core.module).map_or(0, |file| file.len());
    say::note(
        "page",
        &format!(
            "dist/signin-sleuth.html: {}, gzipped {} of {}; the core alone {}",
            say::bytes(page.len() as u64),
            say::bytes(size),
            say::bytes(project.recipe.page.gzipped_at_most),
            say::bytes(core_size),
        ),
    );
    say::note("", &format!("sha256 {}", sha256(page.as_bytes())));
    Ok(count(&findings))
}

fn count(findings: &[Finding]) -> u32 {
    u32::try_from(findings.len()).unwrap_or(u32::MAX)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    fs::write(path, bytes).with_context(|| format!("write {}", path.display()))
}

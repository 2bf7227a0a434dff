//! wasm-pack and wasm-bindgen, in the versions of the recipe, in the user's cache folder.

use std::path::PathBuf;

use anyhow::Result;

use crate::project::Project;
use crate::{run, say};

/// A program that `cargo install` builds.
#[derive(Clone, Copy)]
pub(crate) enum Tool {
    WasmPack,
    WasmBindgen,
}

impl Tool {
    fn package(self) -> &'static str {
        match self {
            Tool::WasmPack => "wasm-pack",
            Tool::WasmBindgen => "wasm-bindgen-cli",
        }
    }

    fn programs(self) -> &'static [&'static str] {
        match self {
            Tool::WasmPack => &["wasm-pack"],
            Tool::WasmBindgen => &["wasm-bindgen", "wasm-bindgen-test-runner"],
        }
    }

    fn version(self, project: &Project) -> &str {
        match self {
            Tool::WasmPack => &project.recipe.versions.wasm_pack,
            Tool::WasmBindgen => &project.recipe.versions.wasm_bindgen,
        }
    }

    /// wasm-bindgen-cli 0.2.130 locks a package that was never published.
    fn locked(self) -> bool {
        matches!(self, Tool::WasmPack)
    }
}

/// The folder that holds the tool's programs; builds them when this version is not there yet.
pub(crate) fn tool(project: &Project, tool: Tool) -> Result<PathBuf> {
    let (package, version) = (tool.package(), tool.version(project));
    let home = project.cache.join("tools").join(format!("{package}-{version}"));
    let bin = home.join("bin");
    let present = |name: &&str| bin.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)).is_file();
    if tool.programs().iter().all(present) {
        return Ok(bin);
    }
    let mut command = project.cargo();
    command.args(["install", package, "--version", &format!("={version}"), "--root"]).arg(&home);
    if tool.locked() {
        command.arg("--locked");
    }
    // A folder of its own: the project's target folder would be littered, and is not kept by a second clone.
    command.env("CARGO_TARGET_DIR", project.cache.join("build").join(format!("{package}-{version}")));
    say::step("tools", &format!("install {package} {version} (once a user, some minutes)"), || {
        run::must(&mut command, &project.log(package))
    })?;
    Ok(bin)
}

//! The Rust core as WebAssembly, and wasm-bindgen's glue.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::stamp::Stamp;
use crate::fresh::{self, Inputs};
use crate::project::Project;
use crate::tools::{self, Tool};
use crate::{run, say};

/// What Rust became.
pub(crate) struct Core {
    /// The optimised module.
    pub(crate) module: PathBuf,
    /// The same as gzip.
    pub(crate) packed: PathBuf,
    /// The script that loads it.
    pub(crate) glue: PathBuf,
}

/// All that the module depends on.
const SOURCES: &[&str] =
    &["src", "build.rs", "Cargo.toml", "Cargo.lock", ".cargo", "rust-toolchain.toml", "wasm-pack.toml"];

pub(crate) fn build(project: &Project, stamp: &Stamp) -> Result<Core> {
    let name = &project.recipe.wasm.out_name;
    let folder = project.work().join("wasm");
    let file = |end: &str| folder.join(format!("{name}.{end}"));
    let core = Core { module: file("wasm"), packed: file("wasm.gz"), glue: file("js") };
    let inputs = Inputs::new()
        .text(&stamp.commit)
        .text(&stamp.rust)
        .paths(&project.root, SOURCES)?
        .paths(&project.root, &["xtask/src/build/wasm.rs"])?;
    if core.glue.is_file() && core.packed.is_file() && inputs.done(project, "wasm", &core.module) {
        say::same("wasm");
        return Ok(core);
    }
    let made = project.root.join(&project.recipe.wasm.out_dir);
    let programs = [tools::tool(project, Tool::WasmPack)?, tools::tool(project, Tool::WasmBindgen)?];
    say::step("wasm", &format!("compile src/ ({})", project.recipe.wasm.profile), || {
        compile(project, stamp, &programs)
    })?;
    fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
    optimise(project, &made.join(format!("{name}_bg.wasm")), &core.module)?;
    pack(project, &core)?;
    fs::copy(made.join(format!("{name}.js")), &core.glue).context("wasm-pack wrote no glue")?;
    inputs.keep(project, "wasm")?;
    Ok(core)
}

fn compile(project: &Project, stamp: &Stamp, programs: &[PathBuf; 2]) -> Result<()> {
    let recipe = &project.recipe.wasm;
    let [pack, _] = programs;
    run::must(project.cargo().args(["fetch", "--locked"]), &project.log("fetch"))?;
    let mut command = Command::new(pack.join(format!("wasm-pack{}", env::consts::EXE_SUFFIX)));
    command
        .current_dir(&project.root)
        .env("PATH", path_with(programs)?)
        .env("CARGO_TARGET_DIR", &project.target)
        .env("SLEUTH_COMMIT", &stamp.commit)
        .args(["build", "--mode", "no-install", "--no-pack", "--no-opt", "--no-typescript"])
        .args(["--target", &recipe.target, "--out-dir", &recipe.out_dir, "--out-name", &recipe.out_name])
        .args(["--profile", &recipe.profile, "."])
        .args(["--", "--locked", "--config"])
        .arg(format!("target.wasm32-unknown-unknown.rustflags={}", serde_json::to_string(&remaps(project)?)?));
    run::must(&mut command, &project.log("wasm-pack"))?;
    Ok(())
}

/// Flags that replace this machine's folders by fixed names wherever the compiler writes a path down.
fn remaps(project: &Project) -> Result<Vec<String>> {
    let ask = |words: &[&str]| run::answer(Command::new("rustc").current_dir(&project.root).args(words));
    let sysroot = ask(&["--print", "sysroot"]).context("rustc does not answer")?;
    let hash = ask(&["-vV"]).context("rustc does not answer")?;
    let hash = hash.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown").to_owned();
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let home = home.context("no home folder is known; set CARGO_HOME")?;
    // rustc takes the last one that fits.
    let mut pairs = vec![
        (project.root.clone(), "signin-sleuth".to_owned()),
        (project.target.clone(), "target".to_owned()),
        (home.clone(), "cargo".to_owned()),
        (Path::new(&sysroot).join("lib/rustlib/src/rust"), format!("/rustc/{hash}")),
    ];
    let registries = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    pairs.extend(registries.map(|registry| (registry.path(), "crates".to_owned())));
    Ok(pairs.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect())
}

/// Runs wasm-opt, unless it was run on the same module before.
fn optimise(project: &Project, from: &Path, to: &Path) -> Result<()> {
    let (wanted, arguments) = (&project.recipe.versions.binaryen, &project.recipe.wasm.optimise);
    let package = fs::read_to_string(project.root.join("node_modules/binaryen/package.json"))?;
    let package: serde_json::Value = serde_json::from_str(&package)?;
    if package.get("version").and_then(serde_json::Value::as_str) != Some(wanted) {
        bail!("wasm-pack.toml wants binaryen {wanted}, and node_modules has another");
    }
    let made = fs::read(from).with_context(|| format!("wasm-pack wrote no {}", from.display()))?;
    let inputs = Inputs::new().text(&fresh::hex(&made)).text(wanted).text(&arguments.join(" "));
    if inputs.done(project, "wasm-opt", to) {
        return Ok(());
    }
    let mut command = project.node("node_modules/binaryen/bin/wasm-opt");
    command.args(arguments).arg("-o").arg(to).arg(from);
    say::step("wasm", &format!("wasm-opt {}", arguments.first().map_or("", String::as_str)), || {
        run::must(&mut command, &project.log("wasm-opt"))
    })?;
    inputs.keep(project, "wasm-opt")
}

/// Packs the module as small as gzip can be, unless the same one was packed before.
fn pack(project: &Project, core: &Core) -> Result<()> {
    let module = fs::read(&core.module).with_context(|| format!("read {}", core.module.display()))?;
    let options = zopfli::Options {
        iteration_count: NonZeroU64::MIN.saturating_add(4),
        maximum_block_splits: 100,
        ..zopfli::Options::default()
    };
    let inputs = Inputs::new().text(&fresh::hex(&Sha256::digest(&module))).text(&format!("{options:?}"));
    if inputs.done(project, "wasm-gzip", &core.packed) {
        return Ok(());
    }
    let mut packed = Vec::new();
    say::step("wasm", "gzip, as small as it can be", || {
        Ok(zopfli::compress(options, zopfli::Format::Gzip, module.as_slice(), &mut packed)?)
    })?;
    fs::write(&core.packed, packed).with_context(|| format!("write {}", core.packed.display()))?;
    inputs.keep(project, "wasm-gzip")
}

fn path_with(first: &[PathBuf]) -> Result<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(first.iter().cloned().chain(env::split_paths(&rest)))?)
}

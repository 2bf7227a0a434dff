//! `wasm-pack.toml`, the recipe of the page. wasm-pack itself reads no such file; this module does.
//!
//! A key that nobody reads cannot stand in it: an unknown one fails to parse, and a field below
//! that no code uses is a compiler warning, which `cargo xtask check` denies.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    pub(crate) wasm: Wasm,
    pub(crate) page: Page,
    pub(crate) versions: Versions,
}

/// How the Rust core becomes WebAssembly.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Wasm {
    /// The kind of glue that wasm-bindgen writes.
    pub(crate) target: String,
    /// Where wasm-pack puts what it made, below the project's folder.
    pub(crate) out_dir: String,
    /// The first part of the names of these files.
    pub(crate) out_name: String,
    /// Cargo's profile.
    pub(crate) profile: String,
    /// Arguments of wasm-opt.
    pub(crate) optimise: Vec<String>,
}

/// What the assembled page may be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Page {
    /// Most bytes of the page after gzip.
    pub(crate) gzipped_at_most: u64,
    /// Hosts that may be named in it: as a link to press or a namespace, never to load from.
    pub(crate) hosts: Vec<String>,
}

/// Exact versions of the tools.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Versions {
    pub(crate) rust: String,
    pub(crate) wasm_pack: String,
    pub(crate) wasm_bindgen: String,
    pub(crate) binaryen: String,
}

impl Recipe {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let path = root.join("wasm-pack.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is no recipe", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde_json::Value;

    use super::Recipe;

    fn read(path: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        fs::read_to_string(root.join(path)).unwrap()
    }

    fn recipe() -> Recipe {
        toml::from_str(&read("wasm-pack.toml")).unwrap()
    }

    #[test]
    fn its_first_line_says_who_reads_it() {
        let text = read("wasm-pack.toml");
        let first = text.lines().next().unwrap();
        assert!(first.starts_with('#') && first.contains("wasm-pack") && first.contains("xtask"), "{first}");
    }

    #[test]
    fn a_key_that_nobody_reads_fails() {
        for table in ["[wasm]", "[page]", "[versions]"] {
            let text = read("wasm-pack.toml").replace(table, &format!("{table}\ndecoration = true"));
            let error = toml::from_str::<Recipe>(&text).err().expect("a key too many").to_string();
            assert!(error.contains("decoration"), "{error}");
        }
        assert!(toml::from_str::<Recipe>(&format!("{}\n[profile]\nlto = true\n", read("wasm-pack.toml"))).is_err());
    }

    #[test]
    fn rust_is_the_toolchain_of_the_project() {
        let file: toml::Table = toml::from_str(&read("rust-toolchain.toml")).unwrap();
        assert_eq!(file["toolchain"]["channel"].as_str(), Some(recipe().versions.rust.as_str()));
    }

    #[test]
    fn wasm_bindgen_is_the_one_in_the_lock_file() {
        let lock: toml::Table = toml::from_str(&read("Cargo.lock")).unwrap();
        let locked: Vec<&str> = lock["package"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|package| package["name"].as_str() == Some("wasm-bindgen"))
            .map(|package| package["version"].as_str().unwrap())
            .collect();
        assert_eq!(locked, [recipe().versions.wasm_bindgen]);
    }

    #[test]
    fn binaryen_is_the_one_that_npm_installs() {
        let wanted = recipe().versions.binaryen;
        let package: Value = serde_json::from_str(&read("package.json")).unwrap();
        assert_eq!(package["devDependencies"]["binaryen"], *wanted);
        let lock: Value = serde_json::from_str(&read("package-lock.json")).unwrap();
        assert_eq!(lock["packages"]["node_modules/binaryen"]["version"], *wanted);
    }

    #[test]
    fn wasm_pack_is_told_nothing_behind_the_recipe() {
        let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
        let metadata = manifest["package"].get("metadata").and_then(|metadata| metadata.get("wasm-pack"));
        assert!(metadata.is_none(), "Cargo.toml sets wasm-pack options that wasm-pack.toml does not show");
    }
}

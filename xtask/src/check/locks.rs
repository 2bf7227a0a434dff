//! Lock files pin versions and contents; where a package is fetched from is each machine's own affair.

use std::fs;

use anyhow::Result;
use serde_json::Value;

use super::none;
use crate::project::Project;

/// Cargo's own name for its registry, not an address that is asked.
const CARGO: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(crate) fn check(project: &Project) -> Result<()> {
    let read = |name: &str| fs::read_to_string(project.root.join(name));
    let mut problems = cargo(&toml::from_str(&read("Cargo.lock")?)?);
    problems.extend(npm(&serde_json::from_str(&read("package-lock.json")?)?));
    none(&problems)
}

fn cargo(lock: &toml::Table) -> Vec<String> {
    let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
    let sources = packages.filter_map(|package| package.get("source")?.as_str());
    sources.filter(|source| *source != CARGO).map(|source| format!("Cargo.lock: {source}")).collect()
}

fn npm(lock: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, package) in lock.get("packages").and_then(Value::as_object).into_iter().flatten() {
        if package.get("resolved").is_some() {
            problems.push(format!("package-lock.json: {name} says where it was fetched from"));
        }
        if !name.is_empty() && package.get("integrity").is_none() {
            problems.push(format!("package-lock.json: {name} has no hash"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{cargo, npm};

    #[test]
    fn an_address_or_a_missing_hash_is_found() {
        let lock = |source: &str| toml::from_str(&format!("[[package]]\nname = \"a\"\nsource = \"{source}\"")).unwrap();
        assert!(cargo(&lock("registry+https://github.com/rust-lang/crates.io-index")).is_empty());
        assert_eq!(cargo(&lock("git+https://a.invalid/b")).len(), 1);
        assert!(npm(&json!({ "packages": { "": {}, "a": { "integrity": "sha512-" } } })).is_empty());
        assert_eq!(npm(&json!({ "packages": { "a": { "resolved": "https://a.invalid/a.tgz" } } })).len(), 2);
    }
}

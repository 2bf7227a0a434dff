//! Whether every package may be used, and in which way.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;
use spdx::{Expression, ParseMode};

use super::none;
use crate::project::Project;
use crate::run;

/// What may be shipped: asks for no more than a notice.
const SHIPPED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Besides, what a tool that is never shipped may have.
const TOOLS: &[&str] = &["MPL-2.0"];

pub(crate) fn check(project: &Project) -> Result<()> {
    let metadata = run::answer(project.cargo().args(["metadata", "--format-version", "1", "--locked"]));
    let metadata: Value = serde_json::from_str(&metadata.context("cargo metadata fails: is Cargo.lock up to date?")?)?;
    let lock: Value = serde_json::from_str(&fs::read_to_string(project.root.join("package-lock.json"))?)?;
    let mut problems = crates(&metadata);
    problems.extend(packages(&lock));
    none(&problems)
}

fn crates(metadata: &Value) -> Vec<String> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let packages = metadata.get("packages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    packages.iter().filter_map(|package| problem(&text(package, "name"), &text(package, "license"), SHIPPED)).collect()
}

fn packages(lock: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let packages = lock.get("packages").and_then(Value::as_object).into_iter().flatten();
    for (name, package) in packages.filter(|(name, _)| !name.is_empty()) {
        let licence = package.get("license").and_then(Value::as_str).unwrap_or_default();
        let tool = package.get("dev").and_then(Value::as_bool) == Some(true);
        let allowed = if tool { [SHIPPED, TOOLS].concat() } else { SHIPPED.to_vec() };
        problems.extend(problem(name, licence, &allowed));
    }
    problems
}

/// Why a package with this licence may not be used, if it may not.
fn problem(name: &str, licence: &str, allowed: &[&str]) -> Option<String> {
    let may = |requirement: &spdx::LicenseReq| requirement.license.id().is_some_and(|id| allowed.contains(&id.name));
    match Expression::parse_mode(licence, ParseMode::LAX) {
        Ok(expression) if expression.evaluate(may) => None,
        Ok(_) => Some(format!("{name} is under {licence}")),
        Err(_) => Some(format!("{name} says {licence:?}, which is no licence")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{SHIPPED, crates, packages, problem};

    #[test]
    fn one_good_choice_is_enough_and_each_demand_counts() {
        assert_eq!(problem("a", "GPL-3.0 OR MIT", SHIPPED), None);
        assert_eq!(problem("a", "MIT/Apache-2.0", SHIPPED), None);
        assert!(problem("a", "(MIT OR Apache-2.0) AND GPL-3.0", SHIPPED).is_some());
        assert!(problem("a", "", SHIPPED).is_some());
    }

    #[test]
    fn a_tool_may_have_what_the_page_may_not() {
        let lock = |dev| json!({ "packages": { "": {}, "a": { "license": "MPL-2.0", "dev": dev } } });
        assert!(packages(&lock(true)).is_empty());
        assert_eq!(packages(&lock(false)), ["a is under MPL-2.0"]);
        assert_eq!(crates(&json!({ "packages": [{ "name": "b", "license": null }] })).len(), 1);
    }
}

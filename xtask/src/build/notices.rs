//! Whose work is inside the page: the copyright lines and the licence of every package that is
//! shipped with it, as the licences ask. One text is written once, with all packages that have it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::project::Project;
use crate::run;

/// A package inside the page.
struct Package {
    name: String,
    licence: String,
    folder: PathBuf,
}

/// Taken in this order where a package lets one choose.
const PREFERRED: &[&str] = &["MIT", "ISC", "Zlib", "BSD-2-Clause", "BSD-3-Clause", "Unicode-3.0", "Apache-2.0"];

pub(crate) fn notices(project: &Project) -> Result<String> {
    let mut packages = crates(project)?;
    packages.extend(scripts(project)?);
    let mut texts: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for package in &packages {
        let (copyright, text) = licence(package)?;
        let entry = texts.entry(words(&text)).or_insert_with(|| (text, Vec::new()));
        entry.1.push(format!("{}\n{copyright}", package.name).trim_end().to_owned());
    }
    let mut sections: Vec<String> = texts
        .into_values()
        .map(|(text, mut packages)| {
            packages.sort();
            format!("{}\n\n{text}", packages.join("\n"))
        })
        .collect();
    sections.sort_by_key(|section| (std::cmp::Reverse(section.matches("Copyright").count()), section.clone()));
    Ok(format!("\nThis page holds the work of others. Thank you.\n\n{}\n", sections.join("\n\n---\n\n")))
}

/// The crates that are linked into the module: none that only runs while building.
fn crates(project: &Project) -> Result<Vec<Package>> {
    let words = ["metadata", "--format-version", "1", "--locked", "--filter-platform", "wasm32-unknown-unknown"];
    let answer = run::answer(project.cargo().args(words)).context("cargo metadata fails: is Cargo.lock up to date?")?;
    let metadata: Value = serde_json::from_str(&answer)?;
    let by_id = |list: &str| -> BTreeMap<String, &Value> {
        let items = metadata.pointer(list).and_then(Value::as_array).into_iter().flatten();
        items.map(|item| (text(item, "id"), item)).collect()
    };
    let (packages, nodes) = (by_id("/packages"), by_id("/resolve/nodes"));
    let root = metadata.pointer("/resolve/root").and_then(Value::as_str).context("the project is a package")?;
    let mut reached = BTreeSet::new();
    let mut open = vec![root.to_owned()];
    while let Some(id) = open.pop() {
        let runs_while_building = packages.get(&id).is_some_and(|package| is_macro(package));
        if !runs_while_building && reached.insert(id.clone()) {
            open.extend(nodes.get(&id).into_iter().flat_map(|node| linked(node)));
        }
    }
    reached.remove(root);
    let package = |id: &String| {
        let package = packages.get(id)?;
        let folder = Path::new(&text(package, "manifest_path")).parent()?.to_owned();
        Some(Package { name: text(package, "name"), licence: text(package, "license"), folder })
    };
    Ok(reached.iter().filter_map(package).collect())
}

fn is_macro(package: &Value) -> bool {
    let targets = package.get("targets").and_then(Value::as_array).into_iter().flatten();
    targets.filter_map(|target| target.get("kind")?.as_array()).flatten().any(|kind| kind == "proc-macro")
}

/// What a package of the graph is linked with.
fn linked(node: &Value) -> Vec<String> {
    let needs = node.get("deps").and_then(Value::as_array).into_iter().flatten();
    let normal = |need: &&Value| {
        let kinds = need.get("dep_kinds").and_then(Value::as_array).into_iter().flatten();
        kinds.into_iter().any(|kind| kind.get("kind").is_none_or(Value::is_null))
    };
    needs.filter(normal).map(|need| text(need, "pkg")).collect()
}

/// The npm packages that the page imports.
fn scripts(project: &Project) -> Result<Vec<Package>> {
    let lock: Value = serde_json::from_str(&fs::read_to_string(project.root.join("package-lock.json"))?)?;
    let packages = lock.get("packages").and_then(Value::as_object).into_iter().flatten();
    let shipped = packages.filter(|(path, package)| !path.is_empty() && package.get("dev").is_none());
    Ok(shipped
        .map(|(path, package)| Package {
            name: path.trim_start_matches("node_modules/").to_owned(),
            licence: text(package, "license"),
            folder: project.root.join(path),
        })
        .collect())
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The copyright lines of a package, and the text of the licence that is chosen.
fn licence(package: &Package) -> Result<(String, String)> {
    let Package { name, licence, folder } = package;
    let expression = Expression::parse_mode(licence, ParseMode::LAX).with_context(|| format!("licence of {name}"))?;
    let enough = |id: &&&str| expression.evaluate(|need| need.license.id().is_some_and(|known| known.name == **id));
    let chosen = PREFERRED.iter().find(enough).copied().unwrap_or(licence.as_str());
    match file(folder, chosen)? {
        Some(file) => Ok(split(&fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?)),
        None => Ok((format!("Copyright: its authors, under {chosen}"), String::new())),
    }
}

/// The file with the text of a licence: `LICENSE-MIT` rather than `LICENSE` when there are both.
fn file(folder: &Path, licence: &str) -> Result<Option<PathBuf>> {
    let first = licence.split('-').next().unwrap_or(licence).to_uppercase();
    let mut files: Vec<(bool, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        if path.is_file() && ["LICENSE", "LICENCE", "COPYING"].iter().any(|start| name.starts_with(start)) {
            files.push((!name.contains(&first), path));
        }
    }
    files.sort();
    Ok(files.into_iter().next().map(|(_, path)| path))
}

/// A text without its line breaks and, if it is the MIT licence, without the title that some give it.
fn words(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let start = words.find("permission is hereby granted").filter(|start| *start < 40).unwrap_or(0);
    words.get(start..).unwrap_or_default().to_owned()
}

/// Parts a licence's file in its copyright lines and the rest.
fn split(file: &str) -> (String, String) {
    let is_copyright = |line: &&str| {
        let line = line.trim().to_lowercase();
        line.starts_with("copyright (c)") || line.starts_with("copyright ©") || {
            let year = line.strip_prefix("copyright ").and_then(|rest| rest.chars().next());
            year.is_some_and(|first| first.is_ascii_digit())
        }
    };
    let (copyright, rest): (Vec<&str>, Vec<&str>) = file.lines().map(str::trim_end).partition(is_copyright);
    let copyright: Vec<&str> = copyright.iter().map(|line| line.trim()).collect();
    (copyright.join("\n"), rest.join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_macro, linked, split, words};

    #[test]
    fn copyright_lines_are_parted_from_the_text() {
        let (copyright, text) =
            split("The MIT License\n\nCopyright (c) 2020 A\n  Copyright 2021 B\r\n\nThe above copyright\n");
        assert_eq!(copyright, "Copyright (c) 2020 A\nCopyright 2021 B");
        assert_eq!(text, "The MIT License\n\n\nThe above copyright");
    }

    #[test]
    fn a_title_makes_no_other_licence() {
        let text = "Permission is hereby\ngranted, free of charge";
        assert_eq!(words(&format!("The MIT License (MIT)\n\n{text}")), words(text));
        assert_ne!(words("Apache License"), words(text));
    }

    #[test]
    fn what_only_builds_is_left_out() {
        let need = |name: &str, kind| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let node = json!({ "deps": [need("a", json!(null)), need("b", json!("dev")), need("c", json!("build"))] });
        assert_eq!(linked(&node), ["a"]);
        assert!(is_macro(&json!({ "targets": [{ "kind": ["proc-macro"] }] })));
        assert!(!is_macro(&json!({ "targets": [{ "kind": ["lib"] }] })));
    }
}

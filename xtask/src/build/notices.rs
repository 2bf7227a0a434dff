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
    let mut tree = project.cargo();
    tree.args(["tree", "--locked", "--package", "signin-sleuth", "--target", "wasm32-unknown-unknown"]);
    tree.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]);
    let tree = run::answer(&mut tree).context("cargo tree fails: is Cargo.lock up to date?")?;
    let mut metadata = project.cargo();
    metadata.args(["metadata", "--format-version", "1", "--locked"]);
    let metadata = run::answer(&mut metadata).context("cargo metadata fails: is Cargo.lock up to date?")?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata.get("packages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let linked: BTreeSet<(&str, &str)> = tree.lines().filter_map(name_and_version).collect();
    // Those of this workspace came from no registry.
    let ours: BTreeSet<String> =
        packages.iter().filter(|package| package["source"].is_null()).map(|package| text(package, "name")).collect();
    let folder = |package: &Value| Some(Path::new(&text(package, "manifest_path")).parent()?.to_owned());
    linked
        .into_iter()
        .filter(|(name, _)| !ours.contains(*name))
        .map(|(name, version)| {
            let same = |package: &&Value| text(package, "name") == name && text(package, "version") == version;
            let package = packages.iter().find(same).with_context(|| format!("cargo metadata lacks {name}"))?;
            let folder = folder(package).with_context(|| format!("{name} lies in no folder"))?;
            Ok(Package { name: name.to_owned(), licence: text(package, "license"), folder })
        })
        .collect()
}

/// `serde v1.0.229 (*)` in its parts.
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    Some((words.next()?, words.next()?.strip_prefix('v')?))
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
    use super::{name_and_version, split, words};

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
    fn a_line_of_the_tree_is_a_package() {
        assert_eq!(name_and_version("serde v1.0.229 (*)"), Some(("serde", "1.0.229")));
        assert_eq!(name_and_version(""), None);
    }
}

//! Whether a step's work is done already: a fingerprint of all that goes in, kept beside what came out.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::project::Project;

/// SHA-256 over the names and contents of what a step reads.
#[derive(Clone)]
pub(crate) struct Inputs {
    hash: Sha256,
}

impl Inputs {
    pub(crate) fn new() -> Self {
        Inputs { hash: Sha256::new() }
    }

    /// A setting, a version.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.put(text.as_bytes());
        self
    }

    /// Files and whole folders below `root`; what is absent counts as absent.
    pub(crate) fn paths(mut self, root: &Path, paths: &[&str]) -> Result<Self> {
        for path in paths {
            for file in files(&root.join(path))? {
                let name = file.strip_prefix(root).unwrap_or(&file);
                self.put(name.to_string_lossy().replace('\\', "/").as_bytes());
                self.put(&fs::read(&file).with_context(|| format!("read {}", file.display()))?);
            }
        }
        Ok(self)
    }

    fn put(&mut self, bytes: &[u8]) {
        self.hash.update((bytes.len() as u64).to_le_bytes());
        self.hash.update(bytes);
    }

    /// The fingerprint itself.
    pub(crate) fn hex(&self) -> String {
        hex(&self.hash.clone().finalize())
    }

    /// Was the step `name` done with exactly these inputs, and is its output still there?
    pub(crate) fn done(&self, project: &Project, name: &str, output: &Path) -> bool {
        output.exists() && fs::read_to_string(stamp(project, name)).is_ok_and(|kept| kept == self.hex())
    }

    /// Remembers that the step `name` was done with these inputs.
    pub(crate) fn keep(&self, project: &Project, name: &str) -> Result<()> {
        let stamp = stamp(project, name);
        fs::create_dir_all(stamp.parent().context("a stamp lies in a folder")?)?;
        fs::write(&stamp, self.hex()).with_context(|| format!("write {}", stamp.display()))
    }
}

fn stamp(project: &Project, name: &str) -> PathBuf {
    project.work().join("stamps").join(name)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All files below a folder in the order of their names, hidden ones left out; a file is itself.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(path)
        .with_context(|| format!("list {}", path.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    entries.retain(|entry| entry.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        found.extend(files(&entry)?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::Inputs;

    #[test]
    fn moving_a_boundary_is_a_change() {
        assert_ne!(Inputs::new().text("ab").text("c").hex(), Inputs::new().text("a").text("bc").hex());
    }
}

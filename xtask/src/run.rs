//! Other programs: started without standard input, their output kept in a file and shown when they fail.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Lines of a failed program's output that are shown; the file has the rest.
const SHOWN: usize = 200;

/// How a program ended, and what it wrote.
pub(crate) struct Ran {
    pub(crate) ok: bool,
    pub(crate) output: String,
    pub(crate) log: PathBuf,
}

impl Ran {
    /// The end of the output, as much of it as a person wants to see.
    pub(crate) fn tail(&self) -> String {
        let lines: Vec<&str> = self.output.lines().collect();
        let skipped = lines.len().saturating_sub(SHOWN);
        let mut shown = lines.get(skipped..).unwrap_or_default().join("\n");
        if skipped > 0 {
            shown = format!("… {skipped} lines before, in {}\n{shown}", self.log.display());
        }
        shown
    }
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command, log: &Path) -> Result<Ran> {
    let program = command.get_program().to_string_lossy().into_owned();
    let folder = log.parent().context("a log lies in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    let file = File::create(log).with_context(|| format!("write {}", log.display()))?;
    let status = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .status()
        .with_context(|| format!("start {program}"))?;
    let output = String::from_utf8_lossy(&fs::read(log)?).into_owned();
    Ok(Ran { ok: status.success(), output, log: log.to_owned() })
}

/// Runs a program that must succeed, and hands back what it wrote.
pub(crate) fn must(command: &mut Command, log: &Path) -> Result<String> {
    let ran = run(command, log)?;
    if ran.ok {
        return Ok(ran.output);
    }
    bail!("{} failed:\n{}", line(command), ran.tail())
}

/// What a program answers on standard output, or nothing if it is absent or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The first of `names` that the search path has.
pub(crate) fn which(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        env::split_paths(&path).map(|folder| folder.join(&name)).find(|file| file.is_file())
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Ran, SHOWN};

    #[test]
    fn only_the_end_of_a_long_output_is_shown() {
        let output = (0..SHOWN + 3).map(|line| format!("line {line}\n")).collect();
        let tail = Ran { ok: false, output, log: PathBuf::from("a.log") }.tail();
        assert!(tail.starts_with("… 3 lines before, in a.log\nline 3\n"));
        assert!(tail.ends_with(&format!("line {}", SHOWN + 2)));
    }
}

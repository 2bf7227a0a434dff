//! What a file of the project may not hold: a folder of one machine, a character that hides what
//! stands there, and more lines than one idea needs.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::none;
use crate::fresh;
use crate::project::Project;
use crate::run;

/// A source file with more lines holds more than one idea. One that is made from Rust says so in its
/// first line, and is as long as it is.
const LINES: usize = 500;

/// A detection with more lines, documentation and tests included, holds a piece that others share or that deserves
/// a name of its own.
const DETECTION_LINES: usize = 250;

/// Endings of files that people write.
const SOURCES: &[&str] = &["rs", "ts", "tsx", "mjs", "css", "html", "py", "kql"];

pub(crate) fn check(project: &Project) -> Result<()> {
    let mut machine: Vec<String> = vec![format!("{}/", project.root.display()), "/home/".to_owned()];
    machine.extend(env::home_dir().map(|home| format!("{}/", home.display())));
    let mut problems = Vec::new();
    for name in names(project)? {
        let path = project.root.join(&name);
        let Ok(text) = fs::read_to_string(&path) else { continue };
        problems.extend(found(&name, &text, most_lines(&path), &machine));
    }
    none(&problems)
}

/// Files under version control, those not yet added too; without git all that build and page are made of.
fn names(project: &Project) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(&project.root).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    if let Some(answer) = run::answer(&mut git) {
        return Ok(answer.lines().map(str::to_owned).collect());
    }
    let mut names = Vec::new();
    for folder in ["src", "www", "tests", "xtask", "benches", ".github", ".ci"] {
        for file in fresh::files(&project.root.join(folder))? {
            names.push(file.strip_prefix(&project.root).unwrap_or(&file).to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// How many lines a file may have. A detection has its twin beside it.
fn most_lines(path: &Path) -> usize {
    let detection = path.extension().is_some_and(|ending| ending == "rs") && path.with_extension("kql").is_file();
    if detection { DETECTION_LINES } else { LINES }
}

fn found(name: &str, text: &str, most: usize, machine: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    let source = Path::new(name).extension().is_some_and(|ending| SOURCES.iter().any(|known| ending == *known));
    let made = text.lines().next().is_some_and(|first| first.contains("from src/"));
    if source && !made && text.lines().count() > most {
        problems.push(format!("{name} has {} lines, {most} at most", text.lines().count()));
    }
    // The words themselves stand in this file.
    for (at, line) in text.lines().enumerate().filter(|_| !name.ends_with("check/words.rs")) {
        let at = at + 1;
        if let Some(folder) = machine.iter().find(|folder| line.contains(folder.as_str())) {
            problems.push(format!("{name}:{at} names {folder}, a folder of one machine"));
        }
        if source && line.contains(hides) {
            problems.push(format!("{name}:{at} holds a character that changes the direction of text: write it as \\u"));
        }
    }
    problems
}

/// Characters that make a line look like another.
fn hides(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{DETECTION_LINES, LINES, found, most_lines};

    #[test]
    fn each_kind_is_found() {
        let machine = ["/home/".to_owned()];
        let count = |name: &str, text: &str| found(name, text, LINES, &machine).len();
        assert_eq!(count("a.rs", "let a = 1;\n"), 0);
        assert_eq!(count("a.md", "see /home/me\n"), 1);
        assert_eq!(count("a.rs", "// \u{202e}\n"), 1);
        assert_eq!(count("a.ndjson", "\u{202e}\n"), 0);
        assert_eq!(count("a.rs", &"\n".repeat(LINES + 1)), 1);
        assert_eq!(count("a.tsv", &"\n".repeat(LINES + 1)), 0);
        assert_eq!(count("a.ts", &format!("// Made from src/a.rs\n{}", "\n".repeat(LINES))), 0);
    }

    #[test]
    fn a_detection_has_fewer_lines_than_what_detections_share() {
        let detections = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/detections");
        assert_eq!(most_lines(&detections.join("foci_pivot.rs")), DETECTION_LINES);
        assert_eq!(most_lines(&detections.join("foci_pivot.kql")), LINES);
        assert_eq!(most_lines(&detections.join("acts.rs")), LINES);
        let count = |lines: usize| found("a.rs", &"\n".repeat(lines), DETECTION_LINES, &[]).len();
        assert_eq!((count(DETECTION_LINES), count(DETECTION_LINES + 1)), (0, 1));
    }
}

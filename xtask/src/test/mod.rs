//! `cargo xtask test`: everything that CI runs, in groups.

mod groups;
mod tally;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

pub(crate) use self::groups::wasm_targets;
use self::groups::{GROUPS, Group};
pub(crate) use self::tally::Tally;
use crate::args::Args;
use crate::project::Project;
use crate::say;

/// What a group came to.
enum Outcome {
    Ran(Tally),
    /// Not run, and why.
    Skipped(String),
}

pub(crate) fn test(project: &Project, mut args: Args) -> Result<ExitCode> {
    let long = args.flag("--long");
    let names = args.names()?;
    let chosen = choose(&names)?;
    let mut total = Tally::default();
    let mut table = Vec::new();
    for group in chosen {
        say::line(&format!("\n── {}: {}", group.name, group.what));
        let began = Instant::now();
        let outcome = match (group.run)(project, long) {
            Ok(outcome) => outcome,
            Err(error) => {
                say::note(group.name, &format!("{error:#}"));
                Outcome::Ran(Tally { failed: 1, ..Tally::default() })
            }
        };
        if let Outcome::Ran(tally) = &outcome {
            total.add(tally);
        }
        table.push(row(group.name, &outcome, began.elapsed()));
    }
    say::line("");
    table.iter().for_each(|row| say::line(row));
    if total.passed + total.failed == 0 {
        bail!("no test ran");
    }
    say::line(&total.to_string());
    Ok(total.exit_code())
}

/// The groups with these names, else all.
fn choose(names: &[String]) -> Result<Vec<&'static Group>> {
    if let Some(unknown) = names.iter().find(|name| GROUPS.iter().all(|group| group.name != name.as_str())) {
        let known: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        bail!("there is no group {unknown:?}, there are {}", known.join(", "));
    }
    let wanted = |group: &&Group| names.is_empty() || names.iter().any(|name| name == group.name);
    Ok(GROUPS.iter().filter(wanted).collect())
}

fn row(name: &str, outcome: &Outcome, time: Duration) -> String {
    let time = say::seconds(time);
    match outcome {
        Outcome::Skipped(why) => format!("{name:14} skipped: {why}"),
        Outcome::Ran(Tally { passed, failed, skipped }) => {
            let aside = if *skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
            format!("{name:14} {passed:5} passed {failed:5} failed {time:>14}{aside}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, choose};

    #[test]
    fn names_choose_and_unknown_ones_are_refused() {
        let names = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            choose(&names).map(|groups| groups.iter().map(|group| group.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&["rust", "check"]).unwrap(), ["check", "rust"]);
        assert!(names(&["rusty"]).is_err());
        assert_eq!(names(&[]).unwrap().len(), GROUPS.len());
    }
}

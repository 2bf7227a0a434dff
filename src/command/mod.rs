//! The command line: one file a subcommand, and beside them what they share.
//!
//! Results go to standard output, errors and progress to standard error. Exit codes: 0 it ran, 1
//! there are findings at or above `--fail-on`, 2 it was called wrongly or could not write, 3 no
//! input could be read.

mod allow;
mod analyze;
mod archives;
mod ask;
mod cut;
mod detect;
mod detections;
mod explain;
mod generate;
mod inspect;
mod out;
mod progress;
mod raw;
mod read;
mod sources;
mod times;
mod tune;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// How the command ended, as its exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It ran.
    Ran,
    /// There are findings at or above `--fail-on`.
    Found,
    /// It was called wrongly, or its output could not be written.
    Usage,
    /// No input could be read.
    NothingRead,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Ran => 0,
            Ending::Found => 1,
            Ending::Usage => 2,
            Ending::NothingRead => 3,
        })
    }
}

/// Why the command could not do what it was asked: what is wrong, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Trouble(pub(crate) String);

/// How a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For a person.
    Text,
    /// For a program.
    Json,
}

/// Finds stolen and abused sessions in Microsoft Entra ID exports. Nothing leaves this machine
#[derive(Debug, Parser)]
#[command(name = "signin-sleuth", version, max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Analyze(analyze::Analyze),
    Ask(ask::Ask),
    Detections(detections::Detections),
    Explain(explain::Explain),
    Generate(generate::Generate),
    Inspect(inspect::Inspect),
}

const AFTER_HELP: &str = "\
Examples:
  signin-sleuth inspect exports.zip
  signin-sleuth analyze exports/
  signin-sleuth analyze exports/ --output json > report.json
  signin-sleuth analyze exports/ --raw 6df22d1e5365b817
  signin-sleuth ask users-of-address 203.0.113.7 exports/
  signin-sleuth explain foci-pivot --kql

Exit codes: 0 it ran, 1 findings at or above --fail-on, 2 called wrongly, 3 no input could be read";

/// Runs the command that the process was called with.
pub(crate) fn run() -> ExitCode {
    let ended = match Cli::parse().task {
        Task::Analyze(task) => task.run(),
        Task::Ask(task) => task.run(),
        Task::Detections(task) => task.run(),
        Task::Explain(task) => task.run(),
        Task::Generate(task) => task.run(),
        Task::Inspect(task) => task.run(),
    };
    match ended {
        Ok(ending) => ending.into(),
        Err(trouble) => {
            out::error(&trouble.to_string());
            Ending::Usage.into()
        }
    }
}

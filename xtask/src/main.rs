//! Builds, serves, tests and measures Sign-in Sleuth: one entry for a person and for CI.
//!
//! Every step looks first whether its work is done already, so a second run takes seconds.

#![expect(clippy::disallowed_methods, reason = "none of this is part of the page")]

mod args;
mod bench;
mod build;
mod check;
mod fresh;
mod fuzz;
mod project;
mod recipe;
mod run;
mod say;
mod serve;
mod test;
mod tools;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::project::Project;

const USAGE: &str = "\
cargo xtask serve [--port N] [--no-build]   build the page and serve it on 127.0.0.1
cargo xtask build                           build dist/signin-sleuth.html
cargo xtask test [--long] [GROUP…]          run every test, or only those groups
cargo xtask fuzz [--minutes N | --hours N]  break every format at random, and keep what fails
cargo xtask check                           format, lints, types, licences, words
cargo xtask bench                           measure reading, parsing and memory";

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(error) => {
            say::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<ExitCode> {
    let mut args = Args::new(std::env::args().skip(1));
    let Some(command) = args.next_word() else {
        say::line(USAGE);
        return Ok(ExitCode::from(2));
    };
    let project = Project::find()?;
    match command.as_str() {
        "serve" => serve::serve(&project, args)?,
        "build" => {
            args.end()?;
            build::build(&project)?;
        }
        "test" => return test::test(&project, args),
        "check" => {
            args.end()?;
            return check::command(&project);
        }
        "fuzz" => fuzz::fuzz(&project, args)?,
        "bench" => {
            args.end()?;
            bench::bench(&project)?;
        }
        "help" | "--help" | "-h" => say::line(USAGE),
        other => bail!("there is no command {other:?}\n{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}

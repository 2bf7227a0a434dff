//! `cargo xtask fuzz`: every format broken at random for as long as one likes.
//!
//! The same driver as the group of tests, begun at another seed each time. The files of a case that fails
//! are kept in `tests/fuzz/found/`: commit them with what mends it.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::project::Project;
use crate::say;

/// Minutes where none are asked for.
const MINUTES: u64 = 10;

pub(crate) fn fuzz(project: &Project, args: Args) -> Result<()> {
    let seconds = seconds(args)?;
    // Far from the seeds of the tests, and room before the next.
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).context("ask the clock")?.as_secs() << 24;
    say::line(&format!("── fuzz: {seconds} s from seed {seed} on"));
    let mut command = project.cargo();
    command
        .args(["test", "--locked", "--package", "signin-sleuth", "--test", "fuzz", "--profile", "checked"])
        .args(["--", "--nocapture"])
        .env("SLEUTH_FUZZ_SECONDS", seconds.to_string())
        .env("SLEUTH_FUZZ_SEED", seed.to_string())
        .env("SLEUTH_FUZZ_SAVE", "1");
    if command.status()?.success() { Ok(()) } else { bail!("a case failed: see tests/fuzz/found") }
}

/// How long it is to run.
fn seconds(mut args: Args) -> Result<u64> {
    let hours = args.value::<u64>("--hours")?;
    let minutes = args.value::<u64>("--minutes")?;
    args.end()?;
    let minutes = match (hours, minutes) {
        (None, None) => MINUTES,
        (hours, minutes) => hours.unwrap_or(0).saturating_mul(60).saturating_add(minutes.unwrap_or(0)),
    };
    if minutes == 0 {
        bail!("no time is no fuzzing");
    }
    Ok(minutes.saturating_mul(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_given_in_hours_minutes_both_or_not_at_all() {
        let of = |line: &str| seconds(Args::new(line.split_whitespace().map(str::to_owned)));
        assert_eq!(of("").unwrap(), 600);
        assert_eq!(of("--minutes 2").unwrap(), 120);
        assert_eq!(of("--hours 3").unwrap(), 10_800);
        assert_eq!(of("--hours 1 --minutes 30").unwrap(), 5_400);
        assert!(of("--minutes 0").is_err());
        assert!(of("--days 1").is_err());
    }
}

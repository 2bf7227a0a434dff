//! Counts of tests, read from what the runners print.

use std::fmt;
use std::process::ExitCode;

/// How many tests passed, failed, were skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Tally {
    pub(crate) fn count(&mut self, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
    }

    pub(crate) fn add(&mut self, other: &Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Adds up lines such as `test result: ok. 12 passed; 0 failed; 1 ignored; …` of Rust's runners,
    /// and `4 passed, 1 failed` of a script.
    pub(crate) fn of_lines(output: &str) -> Self {
        let mut tally = Tally::default();
        for line in output.lines() {
            let line = line.trim();
            let counts = match line.strip_prefix("test result: ") {
                Some(rest) => rest.split_once(". ").map_or("", |(_, counts)| counts),
                None if line.starts_with(|first: char| first.is_ascii_digit()) => line,
                None => continue,
            };
            let line = Tally::of_counts(counts.split([';', ',']));
            tally.add(&line.unwrap_or_default());
        }
        tally
    }

    /// `12 passed`, `0 failed`, `1 ignored`, in any order; both of the first two must be there.
    fn of_counts<'text>(counts: impl Iterator<Item = &'text str>) -> Option<Self> {
        let (mut passed, mut failed, mut skipped) = (None, None, 0);
        for count in counts {
            let Some((number, what)) = count.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u32>() else { continue };
            match what {
                "passed" => passed = Some(number),
                "failed" => failed = Some(number),
                "ignored" | "skipped" => skipped += number,
                _ => {}
            }
        }
        Some(Tally { passed: passed?, failed: failed?, skipped })
    }

    /// The end of Node's TAP output: `# pass 3`, `# fail 0`, `# skipped 1`, `# todo 0`, `# cancelled 0`.
    pub(crate) fn of_tap(output: &str) -> Self {
        let number = |word: &str| {
            let lines = output.lines().rev();
            lines.filter_map(|line| line.strip_prefix(word)?.trim().parse::<u32>().ok()).next().unwrap_or_default()
        };
        Tally {
            passed: number("# pass "),
            failed: number("# fail ") + number("# cancelled "),
            skipped: number("# skipped ") + number("# todo "),
        }
    }

    /// A runner that ended badly is a failure even when it counted none, and so is one that says that
    /// it ended well and ran nothing.
    pub(crate) fn ended(mut self, well: bool) -> Self {
        if self.failed == 0 && (!well || self.passed == 0) {
            self.failed = 1;
        }
        self
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn tally(passed: u32, failed: u32, skipped: u32) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn rust_runners_are_added_up() {
        let output = "running 3 tests\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.01s\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 filtered out\n";
        assert_eq!(Tally::of_lines(output), tally(15, 2, 1));
    }

    #[test]
    fn a_script_says_it_plainly() {
        assert_eq!(Tally::of_lines("twin foci_pivot: 12 pairs\n7 passed, 1 failed\n"), tally(7, 1, 0));
        assert_eq!(Tally::of_lines("7 passed, 0 failed, 2 skipped\n"), tally(7, 0, 2));
        assert_eq!(Tally::of_lines("12 pairs passed\n"), tally(0, 0, 0));
    }

    #[test]
    fn nodes_last_lines_count() {
        let output = "# pass 1\nok 1\n# tests 6\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n";
        assert_eq!(Tally::of_tap(output), tally(3, 2, 1));
    }

    #[test]
    fn a_runner_that_dies_is_a_failure() {
        assert_eq!(tally(3, 0, 0).ended(false), tally(3, 1, 0));
        assert_eq!(tally(3, 2, 0).ended(false), tally(3, 2, 0));
        assert_eq!(tally(3, 0, 0).ended(true), tally(3, 0, 0));
        assert_eq!(tally(0, 0, 2).ended(true), tally(0, 1, 2));
    }
}

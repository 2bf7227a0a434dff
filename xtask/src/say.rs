//! What a person sees: which step runs, how long it took.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this module is the command's voice")]

use std::io::{IsTerminal, Write, stdout};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

const NAME: usize = 10;
const WHAT: usize = 58;

/// One line as it is.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// Why all came to an end, with the causes below.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// A step that needs no work.
pub(crate) fn same(name: &str) {
    println!("{name:NAME$} up to date");
}

/// A word about a step, in the same columns.
pub(crate) fn note(name: &str, text: &str) {
    println!("{name:NAME$} {text}");
}

/// Runs a step: says what it does, and at its end how long that took. On a terminal the seconds run.
pub(crate) fn step<T>(name: &str, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let began = Instant::now();
    let text = format!("{name:NAME$} {what:WHAT$}");
    let result = if stdout().is_terminal() {
        ticking(&text, began, work)
    } else {
        println!("{name:NAME$} {what} …");
        work()
    };
    let word = if result.is_ok() { "" } else { " failed" };
    println!("{text} {:>8}{word}", seconds(began.elapsed()));
    result
}

fn ticking<T>(text: &str, began: Instant, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let (stop, stopped) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            loop {
                print!("\r{text} {:>8}", seconds(began.elapsed()));
                let _ = stdout().flush();
                if stopped.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
                    break print!("\r");
                }
            }
        });
        let result = work();
        drop(stop);
        result
    })
}

/// A duration in words: `0.4 s`, `41.2 s`, `3 min 05 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    if tenths < 1_000 {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let whole = (tenths + 5) / 10;
    format!("{} min {:02} s", whole / 60, whole % 60)
}

/// A size in decimal units: `912 B`, `1.42 MB`.
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{}.{} kB", count / 1_000, count % 1_000 / 100),
        _ => format!("{}.{:02} MB", count / 1_000_000, count % 1_000_000 / 10_000),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{bytes, seconds};

    #[test]
    fn durations_are_rounded_once() {
        assert_eq!(seconds(Duration::from_millis(449)), "0.4 s");
        assert_eq!(seconds(Duration::from_millis(99_949)), "99.9 s");
        assert_eq!(seconds(Duration::from_millis(184_600)), "3 min 05 s");
    }

    #[test]
    fn sizes_are_decimal() {
        assert_eq!(bytes(912), "912 B");
        assert_eq!(bytes(14_250), "14.2 kB");
        assert_eq!(bytes(1_429_999), "1.42 MB");
    }
}

//! A progress bar on standard error, where that is a terminal.

use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Bytes that are read before a bar could be seen.
const SHORT: u64 = 16 << 20;

/// How far reading is. Threads share it.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    records: AtomicU64,
}

impl Progress {
    /// Begins, for this many bytes; not known for a pipe.
    pub(crate) fn new(bytes: Option<u64>) -> Self {
        // A target that is no terminal draws nothing; what is read in a blink needs no bar.
        let is_short = bytes.is_some_and(|bytes| bytes < SHORT);
        let target = if is_short { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(10) };
        let bar = ProgressBar::with_draw_target(bytes, target);
        let template = match bytes {
            Some(_) => "{bar:20} {decimal_bytes} of {decimal_total_bytes}, {msg}, {eta} left",
            None => "{decimal_bytes}, {msg}, {decimal_bytes_per_sec}",
        };
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, records: AtomicU64::new(0) }
    }

    /// Bytes and records were read.
    pub(crate) fn add(&self, bytes: u64, records: u64) {
        let records = self.records.fetch_add(records, Ordering::Relaxed) + records;
        if !self.bar.is_hidden() {
            self.bar.set_message(format!("{} records", HumanCount(records)));
            self.bar.inc(bytes);
        }
    }

    /// So many bytes have to be read once more.
    pub(crate) fn again(&self, bytes: u64) {
        self.bar.inc_length(bytes);
    }

    /// Reading is over, looking begins.
    pub(crate) fn looking(&self) {
        if !self.bar.is_hidden() {
            self.bar.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar
                .set_message(format!("looking through {} records", HumanCount(self.records.load(Ordering::Relaxed))));
            self.bar.tick();
        }
    }

    /// All is done: the bar goes away.
    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}

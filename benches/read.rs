//! How fast bytes become events, beside `serde_json`, in one run: `cargo bench --bench read`.
//!
//! Times are those of the processor, so that what else runs on the machine matters less.
//!
//! `SLEUTH_BENCH_MB` is the size of the input in megabytes (64).

#![allow(clippy::indexing_slicing, clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and stops")]

use std::hint::black_box;
use std::sync::Arc;

use cpu_time::ThreadTime;
use serde::Deserialize;
use serde::de::IgnoredAny;
use signin_sleuth::analysis::{Case, Reading, detect};
use signin_sleuth::detections::Tuning;
use signin_sleuth::formats::Reader;
use signin_sleuth::generate::{Amount, write_large};
use signin_sleuth::intake::{Cell, Intake, Problem, Record, Sink};
use signin_sleuth::order::Arrange;

/// Bytes handed over at a time, as a worker of the page hands them over.
const CHUNK: usize = 4 << 20;
const ROUNDS: usize = 7;

/// Counts records and does nothing with them.
#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn record(&mut self, cells: &[Cell<'_>], _: &Record<'_>) {
        black_box(cells);
        self.0 += 1;
    }
    fn reject(&mut self, _: u64, _: Problem) {}
    fn fail(&mut self, _: Problem) {}
    fn mark(&mut self, _: &str) {}
    fn column(&mut self, _: &str) -> Option<usize> {
        None
    }
}

/// What a program that keeps twenty fields would write.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Typed<'a> {
    id: &'a str,
    created_date_time: &'a str,
    #[serde(default)]
    user_id: Option<&'a str>,
    #[serde(default)]
    user_principal_name: Option<String>,
    #[serde(default)]
    app_id: Option<&'a str>,
    #[serde(default)]
    app_display_name: Option<String>,
    #[serde(default)]
    resource_id: Option<&'a str>,
    #[serde(default)]
    ip_address: Option<&'a str>,
    #[serde(default)]
    user_agent: Option<String>,
    #[serde(default)]
    session_id: Option<&'a str>,
    #[serde(default)]
    unique_token_identifier: Option<&'a str>,
    #[serde(default)]
    incoming_token_type: Option<&'a str>,
    #[serde(default)]
    authentication_protocol: Option<&'a str>,
    #[serde(default)]
    original_transfer_method: Option<&'a str>,
    #[serde(default)]
    correlation_id: Option<&'a str>,
    #[serde(default)]
    home_tenant_id: Option<&'a str>,
    #[serde(default)]
    resource_tenant_id: Option<&'a str>,
    #[serde(default)]
    device_detail: Option<serde_json::Value>,
    #[serde(default)]
    location: Option<serde_json::Value>,
    #[serde(default)]
    status: Option<serde_json::Value>,
}

fn lines(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    input.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

fn read(input: &[u8]) -> signin_sleuth::analysis::Part {
    let mut reading = Reading::new("large.ndjson", 0, 0);
    input.chunks(CHUNK).for_each(|chunk| reading.feed(chunk));
    reading.finish()
}

fn main() {
    let megabytes = std::env::var("SLEUTH_BENCH_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(64_u64);
    let mut input = Vec::new();
    let events = write_large(Amount::Bytes(megabytes * 1_000_000), 5, |piece| input.extend_from_slice(piece));
    let size = input.len() as f64 / 1e6;
    println!(
        "{events} Graph-beta sign-ins, {size:.0} MB, {:.0} bytes a record, one thread",
        size * 1e6 / events as f64
    );

    type Stage<'a> = (&'static str, Box<dyn Fn() -> u64 + 'a>);
    let stages: Vec<Stage<'_>> = vec![
        ("count line breaks", Box::new(|| memchr::memchr_iter(b'\n', &input).count() as u64)),
        (
            "find records and fields (intake)",
            Box::new(|| {
                let mut count = Count::default();
                let mut intake = Intake::new(Arc::clone(&Reader::new(7).layout().keys()), 7);
                input.chunks(CHUNK).for_each(|chunk| intake.feed(chunk, &mut count));
                intake.finish(&mut count);
                count.0
            }),
        ),
        ("bytes to events (whole read step)", Box::new(|| read(&input).records)),
        (
            "serde_json, checked and thrown away",
            Box::new(|| lines(&input).filter(|line| serde_json::from_slice::<IgnoredAny>(line).is_ok()).count() as u64),
        ),
        (
            "serde_json, twenty fields, nothing kept",
            Box::new(|| lines(&input).filter(|line| serde_json::from_slice::<Typed<'_>>(line).is_ok()).count() as u64),
        ),
    ];
    let mut times = vec![Vec::new(); stages.len()];
    for _ in 0..ROUNDS {
        for ((_, stage), times) in stages.iter().zip(&mut times) {
            let start = ThreadTime::now();
            black_box(stage());
            times.push(start.elapsed().as_secs_f64());
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.arrange_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let medians: Vec<f64> = times.iter_mut().map(median).collect();
    println!("{:<42} {:>9} {:>22}", "stage", "MB/s", "times serde_json (20)");
    for ((name, _), time) in stages.iter().zip(&medians) {
        println!("{name:<42} {:>9.0} {:>22.2}", size / time, medians[4] / time);
    }

    let part = read(&input);
    println!("\nwhole records {} · events {}", part.records, part.store.events());
    println!(
        "bytes held per event after reading       {:>6.0}",
        part.store.bytes() as f64 / part.store.events() as f64
    );
    let start = ThreadTime::now();
    let case = Case::gather(vec![part]);
    let gathered = start.elapsed().as_secs_f64();
    println!(
        "bytes held per event in the gathered case {:>5.0}",
        case.store.bytes() as f64 / case.store.events() as f64
    );
    let start = ThreadTime::now();
    let people = detect(&case, 0..case.buckets.len(), &Tuning::default());
    let detected = start.elapsed().as_secs_f64();
    println!(
        "gather {:.2} of the read time, detect {:.2} ({} people)",
        gathered / medians[2],
        detected / medians[2],
        people.len()
    );
}

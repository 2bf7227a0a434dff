//! How fast bytes become events, beside `serde_json`, in one run: `cargo bench --bench read`.
//!
//! Times are those of the processor, so that what else runs on the machine matters less.
//!
//! Then what follows on reading: gathering, each detection, merging, coverage, of that input and of a made-up tenant
//! with all kinds of logs.
//!
//! `SLEUTH_BENCH_MB` is the size of the input in megabytes (64), `SLEUTH_BENCH_LISTED` how many detections are
//! listed, the dearest first (12).

#![allow(clippy::indexing_slicing, clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and stops")]

use std::hint::black_box;
use std::sync::Arc;

use cpu_time::ThreadTime;
use serde::Deserialize;
use serde::de::IgnoredAny;
use signin_sleuth::analysis::{Case, Part, Reading, coverage, detect, merge};
use signin_sleuth::detections::{ALL, Subject, Taints, Tuning};
use signin_sleuth::formats::Reader;
use signin_sleuth::generate::{Amount, Detail, Format, Kind, Settings, tenant, write_large};
use signin_sleuth::intake::{Cell, Intake, Problem, Record, Sink};
use signin_sleuth::order::Arrange;
use signin_sleuth::sessions::{Familiar, Settings as FamiliarSettings, View};

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

fn read(input: &[u8]) -> Part {
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
    drop(part);
    shares("these sign-ins", &|| vec![read(&input)]);
    let files = collection();
    let megabytes = files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() as f64 / 1e6;
    shares(&format!("a made-up tenant with all logs, {megabytes:.0} MB"), &|| {
        let numbered = files.iter().enumerate();
        let parts = numbered.map(|(number, (name, bytes))| {
            let mut reading = Reading::new(name, number as u32, 0);
            bytes.chunks(CHUNK).for_each(|chunk| reading.feed(chunk));
            reading.finish()
        });
        parts.collect()
    });
}

/// The files of a tenant with all logs and incidents.
fn collection() -> Vec<(String, Vec<u8>)> {
    let settings = Settings {
        users: 300,
        days: 14,
        pace: 3,
        detail: Detail::Long,
        incidents: Kind::ALL.to_vec(),
        ..Settings::default()
    };
    tenant(&settings).write(Format::Collection).into_iter().map(|file| (file.name, file.bytes)).collect()
}

/// How long something takes, in seconds of the processor: the median of some rounds.
fn timed<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..ROUNDS.div_ceil(2) {
        drop(last.take());
        let start = ThreadTime::now();
        last = Some(black_box(run()));
        times.push(start.elapsed().as_secs_f64());
    }
    times.arrange_by(f64::total_cmp);
    (times[times.len() / 2], last.unwrap())
}

/// What each step takes of the whole, and each detection of detecting.
fn shares(name: &str, parts: &dyn Fn() -> Vec<Part>) {
    let tuning = Tuning::default();
    let (reading, read) = timed(parts);
    let start = ThreadTime::now();
    let case = Case::gather(read);
    let gathering = start.elapsed().as_secs_f64();
    let (detecting, people) = timed(|| detect(&case, 0..case.buckets.len(), &tuning));
    let (merging, merged) = timed(|| merge(&case, people.clone()));
    let (covering, _) = timed(|| coverage(&case).len());
    let whole = reading + gathering + detecting + merging + covering;
    println!(
        "\nafter reading {name}: {} events, {} people, {} findings, {:.0} bytes held per event",
        case.store.events(),
        people.len(),
        merged.findings.len(),
        case.store.bytes() as f64 / case.store.events() as f64
    );
    println!("{:<42} {:>9} {:>22}", "step", "ms", "per cent of the whole");
    for (step, time) in
        [("read", reading), ("gather", gathering), ("detect", detecting), ("merge", merging), ("coverage", covering)]
    {
        println!("{step:<42} {:>9.1} {:>22.1}", time * 1e3, 100.0 * time / whole);
    }
    let listed = std::env::var("SLEUTH_BENCH_LISTED").ok().and_then(|text| text.parse().ok()).unwrap_or(12_usize);
    let views: Vec<View<'_>> = case.buckets.iter().map(|bucket| case.view(bucket)).collect();
    let familiar: Vec<Familiar<'_>> =
        views.iter().map(|view| Familiar::new(view, Vec::new(), FamiliarSettings::default())).collect();
    let taints = Taints::default();
    let mut dear: Vec<(&str, f64)> = ALL
        .iter()
        .map(|detection| {
            let (time, ()) = timed(|| {
                let ask = (detection.prepare)(&case.store, &tuning);
                for (view, familiar) in views.iter().zip(&familiar) {
                    ask(&Subject { view, familiar, taints: &taints }, &mut Vec::new());
                }
            });
            (detection.id, time)
        })
        .collect();
    let sum: f64 = dear.iter().map(|(_, time)| time).sum();
    dear.arrange_by(|left, right| right.1.total_cmp(&left.1));
    println!("{:<42} {:>9} {:>22}", format!("all {} detections, once", dear.len()), "ms", "per cent of these");
    for (id, time) in dear.iter().take(listed) {
        println!("  {id:<40} {:>9.2} {:>22.1}", time * 1e3, 100.0 * time / sum);
    }
}

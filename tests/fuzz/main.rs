//! One driver for hostile input of every kind, on stable Rust.
//!
//! It mutates exports of a small made-up tenant in every format, cuts them anywhere, reads them, and
//! checks what must hold of any bytes: nothing panics, every record is accounted for, and neither the
//! chunks nor the order of files change the report. `SLEUTH_FUZZ_SECONDS` says how long (5), and
//! `SLEUTH_FUZZ_SEED` where to begin; a failure names the seed of its case, and `SLEUTH_FUZZ_SAVE` keeps
//! its files in `tests/fuzz/found/`, which every later run checks first. `cargo xtask fuzz` sets all three.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it says"
)]

#[path = "../formats/mmdb.rs"]
mod mmdb;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;
use signin_sleuth::analysis::{Case, Part, Reading, detect, merge};
use signin_sleuth::detections::Tuning;
use signin_sleuth::generate::{Format, Settings, tenant};
use signin_sleuth::report::Reporter;

/// SplitMix64: all that follows from a seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, or 0.
    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Pieces that have meant trouble to parsers.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"][",
    b"}{",
    b"\0",
    b"\\u",
    b"\\ud800",
    b"null",
    b"1e999",
    b"-",
    b"\"\"",
    b"'",
    b";",
    b"\t",
    b"\x1F\x8B\x08",
    b"PK\x03\x04",
    b"\xC0\x80",
    b"{\"value\":[",
    b"{\"records\":[",
    b"\"records\":",
    b"[[[[[[[[",
    b"9999-12-31T23:59:59Z",
    b"0001-01-01T00:00:00Z",
    b"00000000-0000-0000-0000-000000000000",
    b"2/30/2025, 9:19:25.391 AM",
    b"=cmd|' /C calc'!A0",
    b"\xE2\x80\xAE",
];

fn mutated(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = corpus[random.below(corpus.len())].clone();
    // Most cases are small, so that there are many.
    if random.below(4) > 0 && bytes.len() > 20_000 {
        let from = if random.below(2) == 0 { 0 } else { random.below(bytes.len()) };
        let length = 1 + random.below(20_000);
        bytes = bytes[from..(from + length).min(bytes.len())].to_vec();
    }
    for _ in 0..random.below(6) {
        let at = random.below(bytes.len() + 1);
        match random.below(7) {
            0 if at < bytes.len() => bytes[at] ^= random.next() as u8,
            1 => {
                let end = (at + random.below(300)).min(bytes.len());
                bytes.drain(at..end);
            }
            2 => bytes.truncate(at),
            3 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len());
                let to = (from + random.below(3_000)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            4 => {
                let from = random.below(bytes.len());
                let to = (from + random.below(2_000)).min(bytes.len());
                let copy = bytes[from..to].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

/// Files that say more about events of others.
fn beside() -> Vec<Vec<u8>> {
    let record = json!({"country": {"iso_code": "NL"}, "city": {"names": {"en": "Amsterdam"}}, "asn": "AS64500",
        "location": {"latitude": 52.4, "longitude": 4.9}, "is_tor_exit_node": true});
    let location = json!({"displayName": "Offices", "isTrusted": true, "ipRanges": [{"cidrAddress": "192.0.2.0/24"}]});
    let role = json!({"roleTemplateId": "62e90394-69f5-4237-9190-012177145e10", "members": [{"id": "x"}]});
    vec![
        b"# Tor\n203.0.113.0/24 a, b\n198.51.100.1-198.51.100.200\nAS64500;x\n2001:db8::/32\n".to_vec(),
        b"network,kind,name\n192.0.2.0/24,known-good,Berlin\n203.0.113.9,hosting,\n".to_vec(),
        b"upn,role,vip\nuser1@contoso.example,Global Administrator,yes\n".to_vec(),
        json!({"value": [location, role]}).to_string().into_bytes(),
        mmdb::database("Test", 28, 6, &[("192.0.2.0/24", record.clone()), ("2001:db8::/32", record)]),
    ]
}

fn read(number: u32, bytes: &[u8], chunk: usize) -> Part {
    let mut reading = Reading::new(&format!("{number}.txt"), number, 0);
    bytes.chunks(chunk.max(1)).for_each(|piece| reading.feed(piece));
    reading.finish()
}

/// The report as its bytes.
fn report(parts: Vec<Part>) -> String {
    let case = Case::gather(parts);
    for input in &case.inputs {
        let other: u64 = input.other.values().sum();
        let accounted = input.events + input.merged + input.duplicates + input.refused_total + other + input.enrichment;
        assert_eq!(input.records, accounted, "records of {input:?}");
        assert!(input.format != "unknown" || input.failure.is_some(), "an unknown input says why: {input:?}");
    }
    let tuning = Tuning::default();
    let people = detect(&case, 0..case.buckets.len(), &tuning);
    let merged = merge(&case, people);
    serde_json::to_string(&Reporter { case: &case, merged: &merged, tuning: &tuning }.report())
        .expect("a report is JSON")
}

/// The files of a case.
fn files(corpus: &[Vec<u8>], random: &mut Random) -> Vec<Vec<u8>> {
    (0..=random.below(3)).map(|_| mutated(corpus, random)).collect()
}

/// What must hold of any files.
fn check(files: &[Vec<u8>], random: &mut Random) {
    let all =
        |chunk: usize| files.iter().zip(0..).map(|(bytes, number)| read(number, bytes, chunk)).collect::<Vec<_>>();
    let whole = report(all(usize::MAX));
    let largest = if random.below(3) == 0 { 16 } else { 5_000 };
    let chunk = 1 + random.below(largest);
    assert_eq!(report(all(chunk)), whole, "in chunks of {chunk}");
    let mut turned = all(usize::MAX);
    turned.reverse();
    assert_eq!(report(turned), whole, "in another order of files");
}

/// Where the files of failures are kept, a folder a case.
fn found() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found")
}

/// Keeps the files of a case that failed, where that is wanted.
fn save(corpus: &[Vec<u8>], seed: u64) {
    if std::env::var_os("SLEUTH_FUZZ_SAVE").is_none() {
        return;
    }
    let folder = found().join(seed.to_string());
    fs::create_dir_all(&folder).expect("the folder can be made");
    for (number, bytes) in files(corpus, &mut Random(seed)).iter().enumerate() {
        fs::write(folder.join(number.to_string()), bytes).expect("the file can be written");
    }
    println!("its files are in {}", folder.display());
}

#[test]
fn what_once_broke_holds() {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(found()).into_iter().flatten().map(|entry| entry.expect("an entry").path()).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    for folder in &folders {
        let mut names: Vec<PathBuf> =
            fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        names.sort();
        let files: Vec<Vec<u8>> = names.iter().map(|name| fs::read(name).expect("a file")).collect();
        assert!(!files.is_empty(), "{} is empty", folder.display());
        println!("{}", folder.display());
        (1..=8).for_each(|seed| check(&files, &mut Random(seed)));
    }
}

#[test]
fn nothing_breaks_on_any_bytes() {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
    };
    let seconds = number("SLEUTH_FUZZ_SECONDS", 5);
    let first = number("SLEUTH_FUZZ_SEED", 1);
    let settings = Settings { users: 3, days: 2, near_misses: true, ..Settings::default() };
    let small = tenant(&settings);
    let exports = Format::ALL.iter().flat_map(|&format| small.write(format)).map(|file| file.bytes);
    let corpus: Vec<Vec<u8>> = exports.chain(beside()).collect();
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut seed = first;
    while seed == first || Instant::now() < end {
        let mut random = Random(seed);
        let files = files(&corpus, &mut random);
        if std::panic::catch_unwind(move || check(&files, &mut random)).is_err() {
            save(&corpus, seed);
            panic!("SLEUTH_FUZZ_SEED={seed} SLEUTH_FUZZ_SECONDS=0 repeats this case");
        }
        seed += 1;
    }
    println!("{} cases in {seconds} s", seed - first);
}

//! Zip archives: written by another program, broken in every way, and made to hurt.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use signin_sleuth::analysis::{Case, Part, Reading};
use signin_sleuth::intake::zip::{Directory, Entry, Listing, Refusal, Unpacker, join};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::{ids, lines, read};

/// An archive of these files.
fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    packed_by(files, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))
}

fn packed_by(files: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        if name.ends_with('/') {
            writer.add_directory(*name, options).expect("memory takes it");
        } else {
            writer.start_file(*name, options).expect("memory takes it");
            writer.write_all(bytes).expect("memory takes it");
        }
    }
    writer.finish().expect("memory takes it").into_inner()
}

fn list(bytes: &[u8]) -> Result<Listing, Refusal> {
    let mut directory = Directory::new(bytes.len() as u64);
    while let Some(range) = directory.wants() {
        directory.give(&bytes[range.start as usize..range.end as usize]);
    }
    directory.finish()
}

fn entries(bytes: &[u8]) -> Vec<Entry> {
    match list(bytes) {
        Ok(Listing::Files(entries)) => entries,
        other => panic!("{other:?}"),
    }
}

/// Reads a file of an archive as the command and the page do.
fn part(bytes: &[u8], entry: &Entry, input: u32, chunk: usize) -> Part {
    let mut reading = Reading::new(&join("a.zip", &entry.name), input, 0);
    if let Some(refusal) = entry.refusal {
        return reading.break_off(refusal.into());
    }
    let mut unpacker = Unpacker::new(entry);
    let mut largest = 0;
    let mut take = |bytes: &[u8]| {
        largest = largest.max(bytes.len());
        reading.feed(bytes);
    };
    let own = &bytes[(entry.from as usize).min(bytes.len())..(entry.to as usize).min(bytes.len())];
    let mut fed = Ok(());
    for piece in own.chunks(chunk) {
        fed = unpacker.feed(piece, &mut take);
        if fed.is_err() {
            break;
        }
    }
    let fed = fed.and_then(|()| unpacker.finish(&mut take));
    assert!(largest <= 64 << 10, "{largest} bytes at once");
    match fed {
        Ok(()) => reading.finish(),
        Err(problem) => reading.break_off(problem),
    }
}

fn case(bytes: &[u8], chunk: usize) -> Case {
    let entries = entries(bytes);
    Case::gather(entries.iter().zip(0..).map(|(entry, input)| part(bytes, entry, input, chunk)).collect())
}

/// What is said of each file, by its name inside.
fn told(case: &Case) -> Vec<(String, u64, Option<String>)> {
    let told = |input: &signin_sleuth::analysis::Input| {
        let inside = input.name.strip_prefix("a.zip!/").expect("a name in the archive");
        (inside.to_owned(), input.events, input.failure.clone())
    };
    case.inputs.iter().map(told).collect()
}

#[test]
fn files_are_read_as_if_they_stood_alone() {
    let text = lines().join("\n");
    let files: [(&str, &[u8]); 5] = [
        ("exports/", b""),
        ("exports/a.ndjson", text.as_bytes()),
        ("__MACOSX/exports/._a.ndjson", b"\0\x05\x16\x07"),
        ("exports/.DS_Store", b"\0\0\0\x01Bud1"),
        ("exports/Transcript.txt", b"a transcript"),
    ];
    let alone = read(text.as_bytes());
    let deflated = packed(&files);
    let stored = packed_by(&files, SimpleFileOptions::default().compression_method(CompressionMethod::Stored));
    let large = packed_by(&files, SimpleFileOptions::default().large_file(true));
    for bytes in [&deflated, &stored, &large] {
        for chunk in [1, 7, 5_000, usize::MAX] {
            let case = case(bytes, chunk);
            assert_eq!(ids(&case), ids(&alone));
            let names: Vec<&str> = case.inputs.iter().map(|input| input.name.as_str()).collect();
            assert_eq!(names, ["a.zip!/exports/Transcript.txt", "a.zip!/exports/a.ndjson"]);
            assert_eq!((case.inputs[1].bytes, case.inputs[1].refused_total), (text.len() as u64, 0));
        }
    }
}

#[test]
fn bytes_around_an_archive_do_not_hide_it() {
    let text = lines().join("\n");
    let plain = packed(&[("a.ndjson", text.as_bytes())]);
    let behind = [plain.as_slice(), &[0; 70_000]].concat();
    let before = [b"#!/bin/sh\n".as_slice(), &[b'x'; 5_000], &plain].concat();
    let mut commented = plain.clone();
    let at = commented.len() - 2;
    commented.splice(at.., [b"\x1A\0".as_slice(), b"PK\x05\x06", &[0; 22]].concat());
    for bytes in [behind, before, commented] {
        assert_eq!(ids(&case(&bytes, 999)), ids(&read(text.as_bytes())));
    }
}

#[test]
fn an_archive_that_cannot_be_read_says_why() {
    let text = lines().join("\n");
    let plain = packed(&[("a.ndjson", text.as_bytes()), ("b.txt", b"b")]);
    let end = plain.len() - 22;
    let changed = |at: usize, bytes: &[u8]| {
        let mut changed = plain.clone();
        changed.splice(at..at + bytes.len(), bytes.iter().copied());
        changed
    };
    let directory = u32::from_le_bytes(plain[end + 16..end + 20].try_into().unwrap()) as usize;
    for (bytes, expected) in [
        (plain[..20].to_vec(), Refusal::NoDirectory),
        (b"PK\x05\x06".to_vec(), Refusal::NoDirectory),
        ([b"PK\x05\x06".as_slice(), &[0; 18]].concat(), Refusal::Nothing),
        (packed(&[("a/", b""), ("a/.hidden", b"x"), ("desktop.ini", b"x")]), Refusal::Nothing),
        (changed(end + 4, b"\x01"), Refusal::Split),
        (changed(end + 12, b"\xFF\xFF\xFF\x7F"), Refusal::TooMany),
        (changed(directory, b"XX"), Refusal::Damaged),
        (changed(directory + 28, b"\xFF\xFF"), Refusal::Damaged),
    ] {
        assert_eq!(list(&bytes), Err(expected), "{} bytes", bytes.len());
        assert!(expected.to_string().len() > 20);
    }
}

/// An archive whose lengths stand behind each file, as what writes to a pipe makes them.
fn streamed(files: &[(&str, &[u8])], has_signature: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, text) in files {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).expect("memory takes it");
        let packed = encoder.finish().expect("memory takes it");
        let mut sum = flate2::Crc::new();
        sum.update(text);
        bytes.extend_from_slice(&[b"PK\x03\x04\x14\0\x08\0\x08\0".as_slice(), &[0; 16]].concat());
        bytes.extend_from_slice(&[name.len() as u8, 0, 0, 0]);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(&packed);
        bytes.extend_from_slice(if has_signature { b"PK\x07\x08" } else { b"" });
        for number in [sum.sum(), packed.len() as u32, text.len() as u32] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    }
    [bytes, b"PK\x01\x02 and so on".to_vec()].concat()
}

#[test]
fn a_cut_archive_gives_the_files_before_the_cut_and_says_that_more_is_missing() {
    let text = lines().join("\n");
    let long = text.repeat(9);
    let files: [(&str, &[u8]); 3] = [("a.ndjson", text.as_bytes()), ("b.txt", b"b"), ("c.ndjson", long.as_bytes())];
    // Without a signature, the note behind the last file is told by the directory that follows it alone.
    for (whole, is_told) in [(packed(&files), true), (streamed(&files, true), true), (streamed(&files, false), false)] {
        let third = memchr::memmem::rfind(&whole, b"PK\x03\x04").expect("a file");
        let directory = third + memchr::memmem::find(&whole[third..], b"PK\x01\x02").expect("a directory");
        for (cut, names, is_whole) in [
            (directory + 12, vec!["a.ndjson", "b.txt", "c.ndjson", "what was cut off"], true),
            (directory, vec!["a.ndjson", "b.txt", "c.ndjson", "what was cut off"], is_told),
            (directory - 60, vec!["a.ndjson", "b.txt", "c.ndjson", "what was cut off"], false),
            (third + 3, vec!["a.ndjson", "b.txt", "what was cut off"], true),
        ] {
            let bytes = &whole[..cut];
            let listed: Vec<String> = entries(bytes).into_iter().map(|entry| entry.name).collect();
            assert_eq!(listed, names, "{cut}");
            let case = case(bytes, 777);
            assert_eq!(ids(&case), ids(&read(text.as_bytes())), "{cut}");
            let cut_off = case.inputs.iter().find(|input| input.name.ends_with("cut off")).expect("it is said");
            assert!(cut_off.failure.as_deref().is_some_and(|why| why.contains("was cut")), "{cut_off:?}");
            let third = case.inputs.iter().find(|input| input.name.ends_with("c.ndjson"));
            let rejected = third.map_or(0, |input| input.refused_total);
            assert_eq!(rejected, u64::from(!is_whole), "{third:?}");
        }
    }
    // A workbook is nothing without its end.
    assert_eq!(
        list(&packed(&[("[Content_Types].xml", b"<x/>"), ("xl/a.xml", b"<x/>")])[..150]),
        Err(Refusal::NoDirectory)
    );
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_others_alone() {
    let text = lines().join("\n");
    let long = text.repeat(6);
    let plain = packed(&[("a.ndjson", long.as_bytes()), ("b.ndjson", text.as_bytes())]);
    let whole = entries(&plain);
    let row = memchr::memmem::rfind_iter(&plain, b"PK\x01\x02").last().expect("a row");
    let set = |at: usize, byte: u8| {
        let mut changed = plain.clone();
        changed[at] ^= byte;
        changed
    };
    for (bytes, expected) in [
        (set(row + 8, 1), "encrypted"),
        (set(row + 10, 8 ^ 9), "Deflate64"),
        (set(row + 10, 8 ^ 12), "bzip2"),
        // The packed bytes, their checksum, their sizes.
        (set(whole[0].from as usize + 30 + 8 + 2_000, 0x55), ""),
        (set(row + 16, 0xFF), "checksum"),
        (set(row + 21, 0x20), ""),
        (set(row + 24, 0x01), "archive says"),
        (set(row + 43, 0x10), ""),
        (set(whole[0].from as usize, 1), "begins here"),
    ] {
        let case = case(&bytes, 4_096);
        assert_eq!(case.inputs[1].events + case.inputs[1].duplicates + case.inputs[1].merged, lines().len() as u64);
        let said: Vec<&str> = case.inputs[0].refused.iter().map(|refused| refused.reason.as_str()).collect();
        let said = said.into_iter().chain(case.inputs[0].failure.as_deref()).collect::<Vec<_>>().join(" ");
        assert!(!said.is_empty() && said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn bombs_are_not_unpacked() {
    let zeros = vec![b' '; 17 << 20];
    let text = lines().join("\n");
    let bomb = packed(&[("bomb.json", &zeros), ("a.ndjson", text.as_bytes())]);
    assert!(bomb.len() < 1 << 20);
    let case = case(&bomb, usize::MAX);
    let told_of = told(&case);
    assert_eq!(told_of[0].1, lines().len() as u64);
    assert!(told_of[1].2.as_deref().is_some_and(|why| why.contains("bomb")), "{told_of:?}");
    // Rows that share the bytes of one file: it is unpacked once.
    let plain = packed(&[("a.ndjson", text.as_bytes()), ("b.ndjson", text.as_bytes())]);
    let end = plain.len() - 22;
    let directory = u32::from_le_bytes(plain[end + 16..end + 20].try_into().unwrap()) as usize;
    let mut shared = plain.clone();
    let second = directory + 46 + 8;
    shared.splice(second + 42..second + 46, [0; 4]);
    let refusals: Vec<Option<Refusal>> = entries(&shared).into_iter().map(|entry| entry.refusal).collect();
    assert_eq!(refusals, [Some(Refusal::Overlap), None]);
    // One that says less than comes out is unpacked no further than it says.
    let mut lying = packed(&[("a.ndjson", &zeros[..1 << 20])]);
    let row = memchr::memmem::rfind(&lying, b"PK\x01\x02").unwrap();
    lying.splice(row + 24..row + 28, 1_000_u32.to_le_bytes());
    let part = part(&lying, &entries(&lying)[0], 0, 77);
    assert_eq!(part.bytes, 1_000);
    assert!(part.refused.iter().any(|refused| refused.reason.contains("longer than")), "{:?}", part.refused);
}

#[test]
fn names_are_text_of_any_kind_and_only_text() {
    let text = lines().join("\n");
    let names = ["../../etc/passwd", "C:\\exports\\a.json", "/abs/a.json", "Gr\u{fc}\u{df}e.json", "\u{202e}nosj.a"];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, text.as_bytes())).collect();
    let listed: Vec<String> = entries(&packed(&files)).into_iter().map(|entry| entry.name).collect();
    assert_eq!(listed.len(), names.len());
    assert!(listed.iter().any(|name| name == "C:/exports/a.json"), "{listed:?}");
    assert!(listed.iter().any(|name| name == "abs/a.json") && listed.contains(&"Gr\u{fc}\u{df}e.json".to_owned()));
    // A name of the time before UTF-8.
    let mut old = packed(&[("GrXXe.json", text.as_bytes())]);
    for at in memchr::memmem::find_iter(&old.clone(), b"GrXXe").collect::<Vec<_>>() {
        old[at + 2] = 0x81;
        old[at + 3] = 0xE1;
    }
    assert_eq!(entries(&old)[0].name, "Gr\u{fc}\u{df}e.json");
}

#[test]
fn more_files_than_sixteen_bits_count_are_listed_and_their_number_is_bounded() {
    let rows = |count: u64| {
        let row = [b"PK\x01\x02".as_slice(), &[0; 24], &[1, 0], &[0; 16], b"a"].concat();
        let rows = row.repeat(count as usize);
        let length = rows.len() as u64;
        let numbers = |numbers: &[u64]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        let end_64 =
            [b"PK\x06\x06".as_slice(), &numbers(&[44]), &[0; 12], &numbers(&[count, count, length, 0])].concat();
        let pointer = [b"PK\x06\x07".as_slice(), &[0; 4], &length.to_le_bytes(), &[1, 0, 0, 0]].concat();
        let end = [b"PK\x05\x06".as_slice(), &[0; 4], &[0xFF; 12], &[0; 2]].concat();
        [rows, end_64, pointer, end].concat()
    };
    // None has bytes of its own: all lie over each other, before the directory.
    assert_eq!(entries(&rows(70_000)).len(), 70_000);
    assert_eq!(list(&rows(100_001)), Err(Refusal::TooMany));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn any_bytes_changed_leave_files_that_are_whole_alone(
        at in any::<usize>(),
        byte in 1..=255_u8,
        cut in proptest::option::of(any::<usize>()),
        chunk in 1..9_000_usize,
    ) {
        let text = lines().join("\n");
        let mut bytes = packed(&[("a.ndjson", text.as_bytes()), ("b.ndjson", text.as_bytes())]);
        let place = at % bytes.len();
        bytes[place] ^= byte;
        if let Some(cut) = cut {
            bytes.truncate(cut % (bytes.len() + 1));
        }
        if let Ok(Listing::Files(entries)) = list(&bytes) {
            let whole = |entry: &Entry| part(&bytes, entry, 0, usize::MAX);
            for entry in &entries {
                let (one, other) = (whole(entry), part(&bytes, entry, 0, chunk));
                prop_assert_eq!((one.bytes, one.records, one.fingerprint), (other.bytes, other.records, other.fingerprint));
                prop_assert_eq!((one.refused, one.failure), (other.refused, other.failure));
            }
            if entries.len() == 2 && cut.is_none() {
                let untouched = if place < entries[1].from as usize { Some(&entries[1]) } else { None };
                if let Some(entry) = untouched.filter(|entry| entry.refusal.is_none()) {
                    let part = whole(entry);
                    prop_assert_eq!((part.records, part.refused_total), (lines().len() as u64, 0));
                }
            }
        }
    }
}

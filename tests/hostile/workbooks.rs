//! Workbooks that are cut, broken, or made to hurt.

use std::fmt::Write as _;

use proptest::prelude::*;
use signin_sleuth::analysis::{Input, Part, Reading};

use crate::support::{ids, lines, read, way};
use crate::workbook::{Workbook, packed, text};

/// A sheet of sign-ins that is read.
fn plain() -> Workbook {
    let cells = ["Date (UTC)", "Request ID", "Username", "Application"].map(text).to_vec();
    let row = |id: &str| ["2025-12-04T08:19:41Z", id, "ada@contoso.example", "Mozilla"].map(text).to_vec();
    Workbook::default().sheet("Sign-ins", 1, &[cells, row("a"), row("b"), row("c")])
}

/// The workbook with something in place of a piece of one of its files.
fn changed(file: &str, from: &str, to: &str) -> Vec<u8> {
    let mut files = plain().files();
    let (_, xml) = files.iter_mut().find(|(name, _)| name == file).expect("a file of the workbook");
    assert!(xml.contains(from), "{file}: {xml}");
    *xml = xml.replacen(from, to, 1);
    packed(&files)
}

fn input(bytes: &[u8]) -> Input {
    way(&[("a.xlsx", bytes)], usize::MAX).case.inputs.remove(0)
}

/// All that is said of an input that is not read, or not in full.
fn said(input: &Input) -> String {
    let reasons = input.refused.iter().map(|refused| refused.reason.as_str());
    reasons.chain(input.failure.as_deref()).collect::<Vec<_>>().join("; ")
}

#[test]
fn the_workbook_that_is_broken_below_is_read() {
    assert_eq!((input(&plain().bytes()).events, said(&input(&plain().bytes()))), (3, String::new()));
}

#[test]
fn a_workbook_that_cannot_be_read_says_why_and_stops_no_other() {
    const SHEET: &str = "xl/worksheets/sheet1.xml";
    let entity = "<!DOCTYPE x [<!ENTITY e \"&#97;&e;&e;\">]><sst>";
    for (bytes, events, expected) in [
        (changed("xl/sharedStrings.xml", "<sst>", entity), 0, "document type"),
        (changed("xl/sharedStrings.xml", "</sst>", ""), 0, "breaks off"),
        (changed("xl/sharedStrings.xml", "<si>", "<si>&bomb;"), 0, "an entity that is not known"),
        (changed("xl/styles.xml", "<cellXfs>", "<cellXfs></x>"), 0, "did not begin"),
        (changed("xl/workbook.xml", "<sheets>", "<sheets"), 0, "ends that did not begin"),
        (changed("xl/workbook.xml", "<?xml", "PK"), 0, "no XML"),
        (changed("xl/workbook.xml", "rId1", "rId7"), 0, "none of whose sheets"),
        (changed(SHEET, "</sheetData>", ""), 3, "did not begin"),
        (changed(SHEET, "<row r=\"3\"", "<row r=\"2\""), 1, "rows out of their order"),
        (changed(SHEET, "<row r=\"3\"", "<row r=\"1048577\""), 1, "a row that no sheet has"),
        (changed(SHEET, "<row r=\"3\"", "<row r=\"-3\""), 1, "a row that no sheet has"),
        (changed(SHEET, "r=\"B3\"", "r=\"A3\""), 1, "cells out of their order"),
        (changed(SHEET, "r=\"B3\"", "r=\"3\""), 1, "a cell that no sheet has"),
        (changed(SHEET, "<v>9</v>", "<v>99</v>"), 1, "a text that the workbook does not have"),
        (changed(SHEET, "r=\"D3\"", "r=\"XFE3\""), 2, "more than 16,384 columns"),
        (packed(&plain().files().split_off(1)), 0, "none of whose sheets"),
        (packed(&[("[Content_Types].xml".to_owned(), "<Types/>".to_owned())]), 0, "no workbook"),
        (packed(&[("a.json".to_owned(), lines().join("\n"))]), 0, "unpack it"),
    ] {
        let text = lines().join("\n");
        let case = way(&[("a.xlsx", &bytes), ("b.ndjson", text.as_bytes())], usize::MAX).case;
        let input = &case.inputs[0];
        assert!(said(input).contains(expected), "{expected}: {}", said(input));
        assert_eq!(input.events, events, "{expected}");
        assert!(ids(&read(text.as_bytes())).is_subset(&ids(&case)), "{expected}");
    }
}

#[test]
fn a_row_of_a_million_columns_is_rejected_alone() {
    let cells = "<c><v>1</v></c>".repeat(1_000_000);
    let wide =
        input(&changed("xl/worksheets/sheet1.xml", "</sheetData>", &format!("<row r=\"9\">{cells}</row></sheetData>")));
    assert_eq!((wide.events, wide.refused_total, said(&wide).as_str()), (3, 1, "more than 16,384 columns"), "{wide:?}");
}

#[test]
fn a_row_longer_than_any_record_is_rejected_alone() {
    let numbers: String = (0..2_000_000).map(|number| format!("{number} x ")).collect();
    assert!(numbers.len() > 16 << 20);
    let long = format!("<row r=\"9\"><c t=\"inlineStr\"><is><t>{numbers}</t></is></c></row></sheetData>");
    let long = input(&changed("xl/worksheets/sheet1.xml", "</sheetData>", &long));
    assert_eq!((long.events, long.refused_total, said(&long).as_str()), (3, 1, "longer than 16 MiB"));
}

#[test]
fn a_text_that_many_cells_share_is_given_a_row_at_a_time() {
    // 32 KiB in each of a thousand cells of a row would be 32 MiB.
    let mut cells = String::new();
    (0..1_000).for_each(|_| cells.push_str("<c t=\"s\"><v>0</v></c>"));
    let mut files = plain().files();
    for (name, xml) in &mut files {
        match name.as_str() {
            "xl/sharedStrings.xml" => *xml = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(32 << 10)),
            "xl/worksheets/sheet1.xml" => {
                let mut rows = String::from(
                    "<row><c t=\"str\"><v>Date (UTC)</v></c><c t=\"str\"><v>Username</v></c><c t=\"str\"><v>Application</v></c></row>",
                );
                (0..50).for_each(|_| write!(rows, "<row>{cells}</row>").expect("memory"));
                *xml = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
            }
            _ => {}
        }
    }
    let mut reading = Reading::new("a.xlsx", 0, 0);
    reading.feed(&packed(&files));
    let part = reading.finish();
    assert_eq!((part.records, part.refused_total), (50, 50));
    assert!(part.refused.iter().all(|refused| refused.reason.contains("16 MiB")));
}

#[test]
fn bombs_are_not_unpacked() {
    let blanks = " ".repeat(17 << 20);
    for (file, from) in [("xl/sharedStrings.xml", "</sst>"), ("xl/worksheets/sheet1.xml", "</sheetData>")] {
        let bomb = changed(file, from, &format!("{blanks}{from}"));
        assert!(bomb.len() < 1 << 20);
        let told = input(&bomb);
        assert!(told.events == 0 && said(&told).contains("bomb"), "{file}: {}", said(&told));
    }
}

#[test]
fn in_a_gzip_or_cut_it_is_named_and_in_an_archive_read() {
    use std::io::Write as _;
    let bytes = plain().bytes();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&bytes).expect("memory");
    let gzip = gzip.finish().expect("memory");
    assert!(
        said(&input(&gzip)).contains("a workbook or an archive that was packed once more"),
        "{}",
        said(&input(&gzip))
    );
    for magic in [b"PAR1".as_slice(), b"Obj\x01"] {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&[magic, &[0; 40]].concat()).expect("memory");
        let told = said(&input(&packed.finish().expect("memory")));
        assert!(told.contains("Parquet") || told.contains("Avro"), "{told}");
    }
    assert!(said(&input(&bytes[..bytes.len() - 30])).contains("it was cut"));
    assert!(said(&input(&bytes[..200])).contains("it was cut"));
}

fn part(bytes: &[u8], chunk: usize) -> Part {
    let mut reading = Reading::new("a.xlsx", 0, 0);
    bytes.chunks(chunk).for_each(|piece| reading.feed(piece));
    reading.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(120) })]

    #[test]
    fn any_change_of_its_xml_is_read_or_said(
        file in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        with in prop::sample::select(vec!["<", ">", "\"", "&", "</row>", "<row>", "<c>", "<v>", "\u{0}", "=", "!", " r=\"ZZZ9\"", ""]),
        length in 0..12_usize,
        chunk in 1..600_usize,
    ) {
        let mut files = plain().files();
        let number = file.index(files.len());
        let xml = &mut files[number].1;
        let at = at.index(xml.len());
        let end = (at + length).min(xml.len());
        xml.replace_range(at..end, with);
        let bytes = packed(&files);
        let (whole, cut) = (part(&bytes, usize::MAX), part(&bytes, chunk));
        prop_assert_eq!((whole.records, whole.fingerprint, &whole.failure), (cut.records, cut.fingerprint, &cut.failure));
        prop_assert_eq!(&whole.refused, &cut.refused);
        prop_assert!(whole.records <= 4);
    }
}

//! Files that are broken as a whole.

use std::io::Write as _;

use crate::support::{exports, ids, lines, read, way};

#[test]
fn a_file_cut_at_any_place_keeps_the_records_before() {
    for (name, bytes) in exports() {
        let whole = read(bytes);
        for at in (0..bytes.len()).step_by(bytes.len() / 40 + 1) {
            let case = read(&bytes[..at]);
            assert!(ids(&case).is_subset(&ids(&whole)), "{name} cut at {at}");
        }
        let last = read(&bytes[..bytes.len() - bytes.len() / 10]);
        if whole.inputs[0].events > 3 && !name.contains("gzip") && !name.contains("strings") {
            assert!(last.inputs[0].events > 0, "{name}: {:?}", last.inputs[0]);
            // Between the two quotes that stand for one inside a cell, a cut leaves a row whose last cell is damaged.
            let [damaged, refused] = [!last.inputs[0].damaged.is_empty(), last.inputs[0].refused_total > 0];
            let tells = refused || damaged || last.inputs[0].failure.is_some();
            assert!(tells, "{name}: that something is missing is said");
        }
    }
}

#[test]
fn a_gzip_stream_that_breaks_off_or_is_damaged_is_said_so() {
    let text = lines().join("\n");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).expect("memory takes it");
    let packed = packer.finish().expect("memory takes it");
    let whole = read(&packed);
    assert_eq!(ids(&whole).len(), lines().len());
    for cut in [0, 1, 2, 5, 10, 18, packed.len() / 2, packed.len() - 4, packed.len() - 1] {
        let case = read(&packed[..cut]);
        assert!(ids(&case).is_subset(&ids(&whole)));
        assert!(
            case.inputs[0].failure.is_some() || case.inputs[0].refused_total > 0,
            "cut at {cut}: {:?}",
            case.inputs[0]
        );
        assert!(case.inputs[0].refused_total <= 1, "one cut is one record: {:?}", case.inputs[0].refused);
    }
    let mut damaged = packed.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xFF;
    let case = read(&damaged);
    assert!(case.inputs[0].failure.is_some() || case.inputs[0].refused_total > 0, "{:?}", case.inputs[0]);
}

#[test]
fn a_wrong_encoding_is_no_log_or_marks_its_records() {
    let text = lines().join("\n");
    // Latin-1 bytes inside a name.
    let latin: Vec<u8> = text.replacen("contoso", "cont\u{f6}so", 1).chars().map(|letter| letter as u8).collect();
    let case = read(&latin);
    assert_eq!(case.inputs[0].events, lines().len() as u64);
    assert_eq!(case.inputs[0].damaged.get("text"), Some(&1));
    // UTF-16 without a mark.
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&wide).inputs[0].events, lines().len() as u64);
    // An odd byte at the end, a lone half of a pair.
    let mut odd = vec![0xFF, 0xFE];
    odd.extend(&wide);
    odd.push(b'x');
    assert_eq!(read(&odd).inputs[0].events, lines().len() as u64);
    let half: Vec<u8> = [0xFF, 0xFE, 0x00, 0xD8].into_iter().chain(wide.iter().copied()).collect();
    assert!(read(&half).inputs[0].records <= lines().len() as u64 + 1);
}

#[test]
fn files_of_other_kinds_have_a_reason() {
    for bytes in [
        b"PK\x03\x04\x14\x00\x00\x00".as_slice(),
        b"PAR1\x15\x04",
        b"Obj\x01\x04\x16avro.schema",
        b"%PDF-1.7\n%\xE2\xE3",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"<html><body>Sign in</body></html>",
        b"\0\0\0\0\0\0\0\0\0\0\0\0",
        b"\xFF\xFF\xFF\xFF\xFF\xFF",
        b"\xEF\xBB\xBF",
        b"\xFF\xFE",
        b"\n\n\n",
        b"}",
        b"]",
        b"\"",
        b"nul",
        b"-",
    ] {
        let case = read(bytes);
        assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].events), ("unknown", 0), "{bytes:?}");
    }
}

#[test]
fn a_bad_file_never_stops_the_others() {
    let good = lines().join("\n");
    let bad: [&[u8]; 4] = [b"{\"a\":", b"\x1f\x8b\x08\x00broken", b"\xFF\xFE\x00", b"name;age\n1;2\n"];
    for bad in bad {
        let outcome = way(&[("a", bad), ("b", good.as_bytes()), ("c", bad)], usize::MAX);
        assert_eq!(outcome.case.inputs[1].events, lines().len() as u64);
        assert!(outcome.report.contains("\"schema\":1"));
    }
}

#[test]
fn documents_run_together_with_anything_between() {
    let lines = lines();
    let [a, b, c] = [&lines[0], &lines[1], &lines[2]];
    for text in [
        format!("[{a}][{b}][{c}]"),
        format!("[{a}]\n\u{feff}[{b}]\n\u{feff}{c}"),
        format!("{a}{b}{c}"),
        format!("[{a},{b}]]\n[{c}]"),
        format!("[{a},,{b},]\n{c}"),
        format!("[{a}\n[{b}\n[{c}"),
        format!("{a}\n}}{b}\n{c}"),
        format!("{a}\ngarbage\n{b}\n\u{0}\n{c}"),
        format!("{a}\n{{\"id\":\"unclosed\n{b}\n{c}"),
        format!("{a}\n{{\"id\": 1, broken}}\n{b}\n{c}\n"),
        format!("{a}\n\"a text\"\n17\nnull\n[]\n{b}\n{c}\n"),
    ] {
        let case = read(text.as_bytes());
        assert_eq!(ids(&case).len(), 3, "{:?}: {text}", case.inputs[0]);
    }
}

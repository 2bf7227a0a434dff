//! What hostile input holds of memory at most: bytes that are allocated at once, counted for the thread
//! that reads.

use std::io::Write as _;

use allocation_counter::measure;
use signin_sleuth::analysis::{Case, Part, Reading};
use signin_sleuth::intake::LONGEST_RECORD;

use crate::support::{ids, lines};

const MEGABYTE: usize = 1 << 20;

/// What one record may take: its bytes, its text, and each once more while they grow.
const MOST: u64 = 6 * LONGEST_RECORD as u64;
/// The same where every byte is a mark of the structure: the place of each is kept, too.
const MOST_MARKS: u64 = 32 * LONGEST_RECORD as u64;

/// Reads pieces, and says how much memory that held at most beside them.
fn peak<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (u64, Part) {
    let mut reading = Reading::new("hostile", 0, 0);
    let mut part = None;
    // As the command and the page feed them: never much at once.
    let pieces: Vec<&[u8]> = pieces.into_iter().flat_map(|piece| piece.chunks(MEGABYTE)).collect();
    let counted = measure(|| {
        pieces.iter().for_each(|piece| reading.feed(piece));
        part = Some(std::mem::replace(&mut reading, Reading::new("hostile", 0, 0)).finish());
    });
    (counted.bytes_max, part.expect("it was read"))
}

/// The part beside a file that is whole: that one is read as if it stood alone.
fn beside(part: Part) -> Case {
    let whole = lines().join("\n");
    let mut reading = Reading::new("whole", 1, 0);
    reading.feed(whole.as_bytes());
    let case = Case::gather(vec![part, reading.finish()]);
    let found = ids(&case);
    let mut alone = Reading::new("whole", 0, 0);
    alone.feed(whole.as_bytes());
    assert!(ids(&Case::gather(vec![alone.finish()])).is_subset(&found), "the other file is unaffected");
    case
}

fn refused(case: &Case) -> u64 {
    case.inputs.iter().find(|input| input.name == "hostile").map_or(0, |input| input.refused_total)
}

#[test]
fn a_cell_of_200_megabytes_is_passed_over_in_bounded_memory() {
    let filler = vec![b'x'; MEGABYTE];
    let record = lines()[1].clone();
    let (head, tail) = record.split_once("\"userAgent\"").expect("the record has an agent");
    let json_head = format!("{}\n{head}\"userAgent\":\"", lines()[0]);
    let json_tail = format!("\",\"nobody\"{}\n{}\n", tail.split_once(':').map_or("", |_| ":1}"), lines()[2]);
    let csv_head = "Date (UTC),Request ID,Username,User ID,Application,Status\r\n2026-11-02T08:00:00Z,a,u,i,p,Success\r\n2026-11-02T08:00:00Z,b,u,i,\"";
    let csv_tail = "\",Success\r\n2026-11-02T08:00:00Z,c,u,i,p,Success\r\n";
    let rows_head = "{\"tables\":[{\"columns\":[{\"name\":\"CreatedDateTime\"},{\"name\":\"Id\"},{\"name\":\"ResultType\"},{\"name\":\"UserId\"},{\"name\":\"AppId\"}],\"rows\":[[\"2026-09-13T01:22:28Z\",\"1\",\"0\",\"u\",\"a\"],[\"2026-09-13T01:22:28Z\",\"2\",\"0\",\"u\",\"";
    let rows_tail = "\"],[\"2026-09-13T01:22:28Z\",\"3\",\"0\",\"u\",\"a\"]]}]}";
    for (name, head, tail) in
        [("json", json_head.as_str(), json_tail.as_str()), ("csv", csv_head, csv_tail), ("rows", rows_head, rows_tail)]
    {
        let filled = std::iter::repeat_n(filler.as_slice(), 200);
        let (most, part) = peak([head.as_bytes()].into_iter().chain(filled).chain([tail.as_bytes()]));
        assert!(most < MOST, "{name}: {most} bytes at once");
        let case = beside(part);
        assert_eq!(refused(&case), 1, "{name}: {:?}", case.inputs[0]);
        assert_eq!(case.inputs[0].records, 3, "{name}: the records before and behind it are read");
    }
}

#[test]
fn nesting_of_any_depth_holds_bounded_memory() {
    for piece in ["[", "{\"a\":", "{\"value\":[", "{\"records\":[", "\"[", "{\"deviceDetail\":"] {
        let filler = piece.repeat(MEGABYTE / piece.len());
        let (most, part) = peak(std::iter::repeat_n(filler.as_bytes(), 40));
        assert!(most < MOST_MARKS, "{piece}: {most} bytes at once");
        assert_eq!(beside(part).inputs[0].events, 0, "{piece}");
    }
}

#[test]
fn a_million_columns_hold_bounded_memory() {
    let names: String = (0..1_000_000).map(|number| format!(",C{number}")).collect();
    let head = format!("Date (UTC),Request ID,Username,User ID,Application,Status{names}\r\n");
    let row = |id: u32| format!("2026-11-02T08:00:00Z,{id},u,i,p,Success{}\r\n", ",".repeat(1_000_000));
    let rows: Vec<String> = (0..2).map(row).collect();
    let (most, part) = peak([head.as_str()].into_iter().chain(rows.iter().map(String::as_str)).map(str::as_bytes));
    // The header, its names, and where each cell ends.
    assert!(most < 2 * MOST, "{most} bytes at once");
    assert_eq!(beside(part).inputs[0].events, 2);
    // More than one record may be long are none.
    let wide = head.replace(",C", ",a column with a name that is as long as a sentence and holds nothing: C");
    let (most, part) = peak([wide.as_bytes(), rows[0].as_bytes()]);
    assert!(most < 2 * MOST, "{most} bytes at once");
    assert_eq!(beside(part).inputs[0].events, 0);
}

#[test]
fn a_gzip_bomb_holds_bounded_memory() {
    for (name, piece) in [("zeros", vec![0; MEGABYTE]), ("blanks", vec![b' '; MEGABYTE])] {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(b"{\"createdDateTime\":\"").expect("memory takes it");
        for _ in 0..256 {
            packer.write_all(&piece).expect("memory takes it");
        }
        let packed = packer.finish().expect("memory takes it");
        let (most, part) = peak([packed.as_slice()]);
        assert!(most < MOST_MARKS, "{name}: {most} bytes at once");
        let case = beside(part);
        assert_eq!(case.inputs[0].events, 0);
        assert!(case.inputs[0].failure.is_some() || case.inputs[0].refused_total > 0, "{name}: {:?}", case.inputs[0]);
    }
}

#[test]
fn bytes_behind_a_gzip_stream_cost_none_of_its_records() {
    let text = lines().join("\n") + "\n";
    let pack = |text: &str| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text.as_bytes()).expect("memory takes it");
        packer.finish().expect("memory takes it")
    };
    let expected = ids(&crate::support::read(text.as_bytes()));
    for (name, tail) in
        [("zeros", vec![0; 1_000]), ("text", b"signature: none".to_vec()), ("half a head", vec![0x1F, 0x8B])]
    {
        let case = crate::support::read(&[pack(&text), tail].concat());
        assert_eq!(ids(&case), expected, "{name}: {:?}", case.inputs[0]);
    }
    // Streams one behind the other are one, as gzip itself has it.
    let (first, second) = text.split_at(text.find('\n').expect("lines") + 1);
    let case = crate::support::read(&[pack(first), pack(second)].concat());
    assert_eq!(ids(&case), expected);
    assert_eq!(case.inputs[0].failure, None);
}

//! One record, read again from its file.

use std::io::Write as _;

use signin_sleuth::intake::Excerpt;

use crate::taken::read;

fn again(file: &[u8], offset: u64, chunk: usize) -> Option<String> {
    let mut excerpt = Excerpt::new(offset);
    for piece in file.chunks(chunk) {
        if excerpt.feed(piece) {
            break;
        }
    }
    excerpt.finish()
}

#[test]
fn every_record_is_found_again_by_its_offset() {
    let text = "[{\"id\":\"ä\"},\n {\"id\":\"😀 }\"}, {\"id\":\"c\",\"list\":[{}]}]";
    let expected = ["{\"id\":\"ä\"}", "{\"id\":\"😀 }\"}", "{\"id\":\"c\",\"list\":[{}]}"];
    let utf16: Vec<u8> = [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    for file in [text.as_bytes(), &utf16, &packed] {
        let offsets = read(file, &[usize::MAX]).offsets();
        assert_eq!(offsets.len(), 3);
        for (offset, expected) in offsets.into_iter().zip(expected) {
            for chunk in [1, 5, 1_000] {
                assert_eq!(again(file, offset, chunk).as_deref(), Some(expected));
            }
        }
    }
}

#[test]
fn a_row_of_a_table_ends_at_its_line() {
    let text = "id,name\r\na,\"x\r\ny\"\r\nb,c\r\n";
    let offsets = read(text.as_bytes(), &[usize::MAX]).offsets();
    assert_eq!(again(text.as_bytes(), offsets[0], 3).as_deref(), Some("a,\"x\r\ny\""));
    assert_eq!(again(text.as_bytes(), offsets[1], 3).as_deref(), Some("b,c"));
}

#[test]
fn reading_can_begin_near_the_record() {
    let text = "{\"id\":\"a\"}\n{\"id\":\"b\"}\n";
    let mut excerpt = Excerpt::starting_at(11, 11);
    assert!(excerpt.feed(&text.as_bytes()[11..]));
    assert_eq!(excerpt.finish().as_deref(), Some("{\"id\":\"b\"}"));
}

#[test]
fn a_record_that_is_not_there_is_nothing() {
    assert_eq!(again(b"{}", 100, 10), None);
    assert_eq!(again(b"", 0, 10), None);
}

//! Cuts a large file of one record a line into slices, so that several threads can read it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// Bytes of the beginning that must look like one record a line.
const HEAD: usize = 1 << 20;
/// A slice smaller than this is not worth a thread.
const SMALLEST: u64 = 256 << 10;
/// Bytes searched for the end of a line before a cut is given up.
const SEARCHED: usize = 16 << 20;

/// From and to, in bytes, of about `count` slices that begin after line ends; one slice where the
/// file does not begin like lines of JSON objects. Whether each line really is a record shows when
/// it is read: a part then says whether its slice was whole.
pub(crate) fn slices(path: &Path, size: u64, count: u64) -> Vec<(u64, u64)> {
    let count = count.min(size / SMALLEST).max(1);
    let cuts = if count == 1 { Vec::new() } else { cuts(path, size, count).unwrap_or_default() };
    let mut slices = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for cut in cuts {
        if cut > from && cut < size {
            slices.push((from, cut));
            from = cut;
        }
    }
    slices.push((from, size));
    slices
}

fn cuts(path: &Path, size: u64, count: u64) -> io::Result<Vec<u64>> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    if !is_lines(&head) {
        return Ok(Vec::new());
    }
    let mut cuts = Vec::new();
    for index in 1..count {
        match line_end(&mut file, size / count * index)? {
            Some(cut) => cuts.push(cut),
            None => break,
        }
    }
    Ok(cuts)
}

/// Whether it begins with an object that ends with its line, and the next line begins another.
fn is_lines(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', text) else { return false };
    let (line, rest) = text.split_at(end);
    text.starts_with(b"{") && line.trim_ascii_end().ends_with(b"}") && rest.trim_ascii_start().starts_with(b"{")
}

/// The byte after the first line end at or behind `from`.
fn line_end(file: &mut File, from: u64) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(from))?;
    let mut buffer = vec![0; 64 << 10];
    let mut passed = 0;
    while passed < SEARCHED {
        let read = file.read(&mut buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(None);
        }
        if let Some(end) = memchr::memchr(b'\n', bytes) {
            return Ok(Some(from + (passed + end) as u64 + 1));
        }
        passed += read;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn file(text: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        file
    }

    #[test]
    fn slices_begin_after_line_ends_and_leave_nothing_out() {
        let line = format!("{{\"pad\":\"{}\"}}\n", "x".repeat(1_000));
        let text = line.repeat(5_000);
        let file = file(text.as_bytes());
        let slices = slices(file.path(), text.len() as u64, 4);
        assert_eq!(slices.len(), 4);
        assert_eq!((slices[0].0, slices[3].1), (0, text.len() as u64));
        for pair in slices.windows(2) {
            assert_eq!(pair[0].1, pair[1].0);
            assert_eq!(text.as_bytes()[pair[0].1 as usize - 1], b'\n');
        }
    }

    #[test]
    fn what_is_no_line_a_record_stays_in_one_piece() {
        for text in ["[\n{\"a\":1},\n{\"a\":2}\n]\n", "{\n \"value\": [\n {}\n ]\n}\n", "a,b\n1,2\n"] {
            let text = text.repeat(200_000);
            let file = file(text.as_bytes());
            assert_eq!(slices(file.path(), text.len() as u64, 4).len(), 1);
        }
    }
}

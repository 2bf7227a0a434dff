//! What an input is, from its first bytes.

/// What kind of text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// JSON of any shape.
    Json,
    /// JSON tables whose columns are named once and whose rows are lists.
    Rows,
    /// Rows of cells, separated by this byte.
    Table(u8),
}

/// What PowerShell's `Export-Clixml` writes, as Hawk does beside its tables.
const CLIXML: &str = "objects of PowerShell as XML (Export-Clixml): choose the JSON or CSV that lies beside it";

/// Kinds of files that are known and not read, by their first bytes.
const UNREADABLE: &[(&[u8], &str)] = &[
    (
        b"PAR1",
        "a Parquet file, as a Log Analytics export job writes it: export the query's result as CSV, or the table by a data-export rule as JSON",
    ),
    (
        b"Obj\x01",
        "an Avro file, as Event Hub Capture writes it: send the same diagnostic setting to a storage account, and choose its PT1H.json files",
    ),
    (b"%PDF", "a PDF, which holds no records"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"ElfFile", "a Windows event log; the records are in Microsoft Entra ID, not on a machine"),
    (b"\xD0\xCF\x11\xE0", "an old Office document: save the sheet as CSV instead"),
    (b"SQLite format 3", "a SQLite database: export the table as CSV instead"),
    (b"\x7FELF", "a program"),
    (b"MZ", "a program"),
    (b"<Objs", CLIXML),
    (b"\xEF\xBB\xBF<Objs", CLIXML),
    (b"\xFF\xFE<\0O\0b\0j\0s\0", CLIXML),
    (b"!BDN", "an Outlook data file, which holds mail and no sign-ins"),
    (b"regf", "a registry hive; the records are in Microsoft Entra ID, not on a machine"),
    (b"7z\xBC\xAF", "a 7z archive: unpack it, then choose the files in it"),
    (b"Rar!", "a RAR archive: unpack it, then choose the files in it"),
    (b"\xFD7zXZ", "an xz archive: unpack it, then choose the files in it"),
    (b"BZh", "a bzip2 archive: unpack it, then choose the files in it"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive: unpack it, then choose the files in it"),
];

/// Bytes that must be there to tell a kind of file.
pub(super) const ENOUGH: usize = 16;

/// Why a file that begins with these bytes is not read, if it is of a kind known for that.
pub(super) fn unreadable(first: &[u8]) -> Option<&'static str> {
    UNREADABLE.iter().find(|(magic, _)| first.starts_with(magic)).map(|(_, reason)| *reason)
}

/// Why a compressed file that holds one which begins with these bytes is not read, if that is so.
pub(super) fn unreadable_within(first: &[u8]) -> Option<&'static str> {
    let is_zip = super::zip::is_zip(first);
    let in_gzip = "a workbook or an archive that was packed once more: unpack it, then choose the file in it";
    unreadable(first)
        .or(is_zip.then_some(in_gzip))
        .or(is_gzip(first).then_some("a file that was packed twice: unpack it once"))
}

/// Whether a gzip stream begins here.
pub(super) fn is_gzip(first: &[u8]) -> bool {
    first.starts_with(&[0x1F, 0x8B])
}

/// What kind of text begins with these bytes; nothing while they do not tell. `last`: no more come.
pub(super) fn kind(text: &[u8], last: bool) -> Option<Kind> {
    let mut text = text.trim_ascii_start();
    while let Some(rest) = text.strip_prefix(b"\xEF\xBB\xBF") {
        text = rest.trim_ascii_start();
    }
    match text {
        [] | [0xEF] | [0xEF, 0xBB] if !last || text.is_empty() => return None,
        [b'{' | b'[', ..] => return is_rows(text, last).map(|rows| if rows { Kind::Rows } else { Kind::Json }),
        [b'"', rest @ ..] => match rest.trim_ascii_start().first() {
            // A body carried as a string.
            Some(b'{' | b'[') => return Some(Kind::Json),
            None if !last => return None,
            _ => {}
        },
        _ => {}
    }
    if is_before_header(text) {
        let behind = memchr::memchr2(b'\n', b'\r', text).and_then(|end| text.get(end..)).unwrap_or_default();
        text = behind.trim_ascii_start();
        if text.is_empty() && !last {
            return None;
        }
    }
    let line_ends = memchr::memchr2(b'\n', b'\r', text);
    let line = match line_ends {
        Some(end) => text.get(..end)?,
        None if last || text.len() > LONGEST_HEADER => text,
        None => return None,
    };
    if is_list(line) {
        return Some(Kind::Table(NO_SEPARATOR));
    }
    let count = |separator: u8| memchr::memchr_iter(separator, line).count();
    let separator = [b',', b';', b'\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',');
    Some(Kind::Table(separator))
}

/// Whether JSON is a query's answer, by its first key; nothing while the bytes do not tell.
fn is_rows(text: &[u8], last: bool) -> Option<bool> {
    let text = text.trim_ascii_start();
    let (text, key): (_, &[u8]) = match text.strip_prefix(b"[") {
        None => (text, b"\"tables\""),
        Some(list) => (list.trim_ascii_start(), b"\"FrameType\""),
    };
    let key_of = |text: &[u8]| text.strip_prefix(b"{").map(|inner| inner.trim_ascii_start().to_owned());
    let first = match key_of(text) {
        None => return if text.is_empty() && !last { None } else { Some(false) },
        Some(first) => first,
    };
    let (head, wanted) =
        (first.get(..first.len().min(key.len())).unwrap_or_default(), key.get(..first.len().min(key.len())));
    match wanted.is_some_and(|wanted| head.eq_ignore_ascii_case(wanted)) {
        false => Some(false),
        true if first.len() >= key.len() => Some(true),
        true if last => Some(false),
        true => None,
    }
}

/// Separates nothing: each line of a list is one cell, whatever stands in it.
const NO_SEPARATOR: u8 = 0x1F;

/// Whether a first line is that of a list of networks, with or without remarks before it, and no header.
fn is_list(line: &[u8]) -> bool {
    const REMARKS: [&[u8]; 4] = [b"#", b";", b"//", b"ExitNode "];
    let line = line.trim_ascii().strip_prefix(b"\"").unwrap_or(line.trim_ascii());
    let end = line.iter().position(|byte| matches!(byte, b'\t' | b' ' | b',' | b';' | b'|' | b'"'));
    let first = line.get(..end.unwrap_or(line.len())).unwrap_or_default();
    let of_address = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'/' | b'-');
    let address = first.iter().all(of_address) && first.iter().any(|byte| matches!(byte, b'.' | b':'));
    let system = matches!(first, [b'A' | b'a', b'S' | b's', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit));
    let remark = REMARKS.iter().any(|begin| line.starts_with(begin));
    address || system || remark
}

/// Whether a line is one before the header of a CSV: the type of the objects, which PowerShell writes, or the
/// separator, which is written for Excel.
pub(super) fn is_before_header(line: &[u8]) -> bool {
    line.starts_with(b"#TYPE ") || line.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case(b"sep="))
}

/// The longest first line that is waited for.
const LONGEST_HEADER: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_json_from_tables() {
        assert_eq!(kind(b" \n[{", false), None);
        assert_eq!(kind(b" \n[{\"id\"", false), Some(Kind::Json));
        assert_eq!(kind(b" \n[", true), Some(Kind::Json));
        assert_eq!(kind(b"{ \"tab", false), None);
        assert_eq!(kind(b"{ \"Tables\":[", false), Some(Kind::Rows));
        assert_eq!(kind(b"[ { \"FrameType\":", false), Some(Kind::Rows));
        assert_eq!(kind(b"[[", false), Some(Kind::Json));
        assert_eq!(kind(b"\"{\\\"records\\\"", false), Some(Kind::Json));
        assert_eq!(kind(b"\"Date (UTC)\",\"User\"\n", false), Some(Kind::Table(b',')));
        assert_eq!(kind(b"a;b;c, d\n", false), Some(Kind::Table(b';')));
        assert_eq!(kind(b"a\tb\r\n", false), Some(Kind::Table(b'\t')));
        assert_eq!(kind(b"#TYPE Selected.System.Object\r\n", false), None);
        assert_eq!(kind(b"#TYPE Selected.System.Object\r\na;b\r\n", false), Some(Kind::Table(b';')));
        assert_eq!(kind(b"sep=;\r\n", false), None);
        assert_eq!(kind(b"sep=;\r\na;b\r\n", false), Some(Kind::Table(b';')));
        assert_eq!(kind(b"separator,b\r\n", false), Some(Kind::Table(b',')));
        assert_eq!(kind(b"a", false), None);
        assert_eq!(kind(b"a", true), Some(Kind::Table(b',')));
        assert_eq!(kind(b"  ", true), None);
        let list = Some(Kind::Table(NO_SEPARATOR));
        for line in ["203.0.113.0/24\n", "203.0.113.7,Berlin;x\n", "\"2001:db8::/32\",a\n", "AS64500 a\n", "# a, b\n"] {
            assert_eq!(kind(line.as_bytes(), false), list, "{line}");
        }
        for line in ["date,address\n", "#TYPE a\na,b\n", "AS,b\n", "2026-11-01 10:00,b\n", "abc,d\n"] {
            assert_eq!(kind(line.as_bytes(), false), Some(Kind::Table(b',')), "{line}");
        }
    }
}

//! A row whose cells hold JSON with quotes that nobody escaped: each comma in it seems to end a cell,
//! and all cells behind seem to stand one column further on.

use std::borrow::Cow;

use crate::json::end_of_value;

/// A row, its JSON followed by brackets and strings where quotes do not tell where it ends.
#[derive(Debug)]
pub(super) struct Mended<'a> {
    /// Its cells.
    pub(super) cells: Vec<Cow<'a, [u8]>>,
    /// Numbers of those whose quotes were not escaped.
    pub(super) mended: Vec<usize>,
    /// Bytes of the row, without the end of its line.
    pub(super) used: usize,
    /// Whether no quote is left whose meaning is open.
    pub(super) is_sure: bool,
}

/// Cuts the first row of `text` into cells.
pub(super) fn mend(text: &[u8], separator: u8) -> Mended<'_> {
    let mut row = Mended { cells: Vec::new(), mended: Vec::new(), used: 0, is_sure: true };
    loop {
        let cell = cell(text, row.used, separator);
        if cell.is_mended {
            row.mended.push(row.cells.len());
        }
        row.is_sure &= cell.is_sure;
        row.cells.push(cell.text);
        row.used = cell.end;
        if text.get(cell.end) != Some(&separator) {
            return row;
        }
        row.used += 1;
    }
}

/// Whether a cell begins like JSON and does not end like it.
pub(super) fn is_torn(cell: &[u8]) -> bool {
    match cell.trim_ascii() {
        [b'{', .., b'}'] | [b'[', .., b']'] => false,
        [first, ..] => matches!(first, b'{' | b'['),
        [] => false,
    }
}

/// Whether the first line of a row has quotes that mean nothing there: within a cell that has none
/// around it, or behind the one that ends a cell.
pub(super) fn has_stray_quotes(text: &[u8], separator: u8) -> bool {
    let mut at = 0;
    loop {
        let end = if text.get(at) == Some(&b'"') {
            match quoted(text, at, separator) {
                Some((_, end)) => end,
                // The line may be one of several of a cell.
                None => return closes(text, at),
            }
        } else {
            let end = plain(text, at, separator);
            if memchr::memchr(b'"', text.get(at..end).unwrap_or_default()).is_some() {
                return true;
            }
            end
        };
        if text.get(end) != Some(&separator) {
            return false;
        }
        at = end + 1;
    }
}

struct OneCell<'a> {
    text: Cow<'a, [u8]>,
    end: usize,
    is_mended: bool,
    is_sure: bool,
}

fn cell(text: &[u8], at: usize, separator: u8) -> OneCell<'_> {
    let is_quoted = text.get(at) == Some(&b'"');
    let inner = at + usize::from(is_quoted);
    let rest = text.get(inner..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_ascii_start().len();
    let json = rest.get(blanks..).filter(|json| matches!(json.first(), Some(b'{' | b'[')));
    let as_written = if is_quoted { quoted(text, at, separator) } else { None };
    if let (Some(json), false) = (json, as_written.as_ref().is_some_and(|(text, _)| is_whole(text)))
        && let Some(length) = end_of_value(json)
    {
        let end = inner + blanks + length;
        let value = text.get(inner..end).unwrap_or_default();
        let behind = end + usize::from(is_quoted);
        let is_closed = !is_quoted || text.get(end) == Some(&b'"');
        if is_closed && ends_cell(text.get(behind), separator) {
            let is_mended = is_quoted || memchr::memchr(separator, value).is_some();
            return OneCell { text: Cow::Borrowed(value), end: behind, is_mended, is_sure: true };
        }
    }
    if let Some((text, end)) = as_written {
        return OneCell { text, end, is_mended: false, is_sure: true };
    }
    let end = plain(text, at, separator);
    let plain = text.get(at..end).unwrap_or_default();
    let is_sure = memchr::memchr(b'"', plain).is_none();
    OneCell { text: Cow::Borrowed(plain), end, is_mended: false, is_sure }
}

/// Whether JSON ends where its cell does.
fn is_whole(cell: &[u8]) -> bool {
    let json = cell.trim_ascii();
    end_of_value(json) == Some(json.len())
}

/// The cell whose quote opens here, its doubled quotes undone, and where it ends; nothing where what
/// follows its last quote is no end of a cell.
fn quoted(text: &[u8], at: usize, separator: u8) -> Option<(Cow<'_, [u8]>, usize)> {
    let start = at + 1;
    let mut from = start;
    let mut has_doubled = false;
    loop {
        let quote = from + memchr::memchr(b'"', text.get(from..)?)?;
        if text.get(quote + 1) == Some(&b'"') {
            has_doubled = true;
            from = quote + 2;
            continue;
        }
        let inner = text.get(start..quote)?;
        let undone = || {
            memchr::memmem::find_iter(inner, b"\"\"").fold((Vec::new(), 0), |(mut undone, from), place| {
                undone.extend_from_slice(inner.get(from..=place).unwrap_or_default());
                (undone, place + 2)
            })
        };
        let cell = if has_doubled {
            let (mut undone, from) = undone();
            undone.extend_from_slice(inner.get(from..).unwrap_or_default());
            Cow::Owned(undone)
        } else {
            Cow::Borrowed(inner)
        };
        return ends_cell(text.get(quote + 1), separator).then_some((cell, quote + 1));
    }
}

/// Whether a quote closes the cell that opens here.
fn closes(text: &[u8], at: usize) -> bool {
    let mut from = at + 1;
    while let Some(place) = memchr::memchr(b'"', text.get(from..).unwrap_or_default()) {
        if text.get(from + place + 1) != Some(&b'"') {
            return true;
        }
        from += place + 2;
    }
    false
}

/// Where a cell without quotes ends.
fn plain(text: &[u8], at: usize, separator: u8) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    memchr::memchr3(separator, b'\n', b'\r', rest).map_or(text.len(), |place| at + place)
}

fn ends_cell(byte: Option<&u8>, separator: u8) -> bool {
    byte.is_none_or(|byte| *byte == separator || matches!(byte, b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> (Vec<String>, Vec<usize>, &str) {
        let row = mend(text.as_bytes(), b',');
        let cells = row.cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        (cells, row.mended, &text[row.used..])
    }

    #[test]
    fn json_is_followed_to_its_end() {
        for (text, expected, mended) in [
            (r#"a,"{"k":"v","l":["x",1]}",b"#, vec!["a", r#"{"k":"v","l":["x",1]}"#, "b"], vec![1]),
            (r#"a,{"k":"v","l":1},b"#, vec!["a", r#"{"k":"v","l":1}"#, "b"], vec![1]),
            (r#""[{"k":"a, b"}]",,"#, vec![r#"[{"k":"a, b"}]"#, "", ""], vec![0]),
            // As it should be.
            (r#"a,"{""k"":""v"",""l"":1}",b"#, vec!["a", r#"{"k":"v","l":1}"#, "b"], vec![]),
            (r#""say ""hi"", bob",{}"#, vec![r#"say "hi", bob"#, "{}"], vec![]),
            // Cut, so that nothing tells where it ends.
            (r#""{""k"":""v"",""l",b"#, vec![r#"{"k":"v","l"#, "b"], vec![]),
            ("", vec![""], vec![]),
        ] {
            let expected = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(cells(text), (expected, mended, ""), "{text}");
            assert_eq!(has_stray_quotes(text.as_bytes(), b','), text.contains("{\"k\""), "{text}");
        }
        assert_eq!(cells("a,{\"k\":\n1}\r\nb").2, "\r\nb");
        // A cell that was cut is no row put right, however many cells it seems to be.
        for (text, is_sure) in
            [(r#"a,"[{""k"":1},{""k"":2},{"#, false), (r#"a,"{"k":1}",b"#, true), (r#"a"b,{}"#, false)]
        {
            assert_eq!(mend(text.as_bytes(), b',').is_sure, is_sure, "{text}");
        }
    }

    #[test]
    fn a_torn_cell_is_told_by_its_ends() {
        for (cell, torn) in [("{}", false), (" [1] ", false), ("", false), ("a", false), ("{", true), ("[}", true)] {
            assert_eq!(is_torn(cell.as_bytes()), torn, "{cell}");
        }
    }
}

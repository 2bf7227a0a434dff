//! Where to go on after a damaged record.

/// Where a damaged record is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mended {
    /// The next record can begin here.
    At(usize),
    /// The next value of the stream can begin here, whatever was open.
    AtLine(usize),
    /// More bytes are needed to tell.
    NeedsMore,
}

/// What a record looks like from outside, to know the next one when one is damaged.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// Blanks before its opening brace on its line; nothing where it does not begin its line.
    pub(super) indent: Option<Vec<u8>>,
    /// From its brace to the colon behind its first key.
    pub(super) head: Vec<u8>,
    /// Its second key, in quotes.
    second: Vec<u8>,
}

/// What is known of the records from outside.
#[derive(Clone, Debug, Default)]
pub(super) struct Outlines {
    /// Of a record.
    pub(super) record: Outline,
    /// Blanks before the stream's own values on their lines, where these begin lines.
    pub(super) stream: Option<Vec<u8>>,
}

/// Longest beginning of a record that is looked at.
const LONGEST_HEAD: usize = 512;

impl Outline {
    /// The outline of the record between two places; `lead` is what [`lead`] says of the bytes
    /// before the buffer.
    pub(super) fn of(bytes: &[u8], from: usize, to: usize, before: Option<&[u8]>) -> Self {
        let indent = lead(before, bytes.get(..from).unwrap_or_default());
        let record = bytes.get(from..to.min(from + LONGEST_HEAD)).unwrap_or_default();
        let head = memchr::memchr(b':', record).and_then(|colon| record.get(..=colon)).unwrap_or_default();
        let second = second_key(record.get(head.len()..).unwrap_or_default()).flatten().unwrap_or_default();
        Self { indent, head: head.to_owned(), second: second.to_owned() }
    }

    /// Whether a record like this one begins here; nothing where the bytes end before one can tell.
    fn begins(&self, bytes: &[u8]) -> Option<bool> {
        let bytes = bytes.get(..LONGEST_HEAD).unwrap_or(bytes);
        let Some(rest) = bytes.strip_prefix(self.head.as_slice()) else {
            return if self.head.starts_with(bytes) { None } else { Some(false) };
        };
        if self.second.is_empty() {
            return Some(true);
        }
        match second_key(rest) {
            Some(key) => Some(key == Some(&self.second)),
            None if bytes.len() == LONGEST_HEAD => Some(false),
            None => None,
        }
    }
}

/// The key behind a first value, in its quotes: inner nothing where the object ends with that value
/// or holds something nested there, outer nothing where the bytes end before one can tell.
fn second_key(rest: &[u8]) -> Option<Option<&[u8]>> {
    let rest = rest.trim_ascii_start();
    let value = match rest.first()? {
        b'"' => end_of_value(rest)?,
        b'{' | b'[' => return Some(None),
        _ => memchr::memchr2(b',', b'}', rest)?,
    };
    let Some(rest) = rest.get(value..)?.trim_ascii_start().strip_prefix(b",") else { return Some(None) };
    let key = rest.trim_ascii_start();
    let end = end_of_value(key)?;
    Some(key.get(..end))
}

/// Longest indent that is remembered.
const LONGEST_INDENT: usize = 256;

/// The blanks between the last line break and the end of `bytes`; nothing where something else
/// stands there too. `before` says the same of what came before `bytes`.
pub(super) fn lead(before: Option<&[u8]>, bytes: &[u8]) -> Option<Vec<u8>> {
    let (before, line) = match memchr::memrchr(b'\n', bytes) {
        Some(place) => (Some(&[][..]), bytes.get(place + 1..).unwrap_or_default()),
        None => (before, bytes),
    };
    let blank = line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
    before.filter(|before| blank && before.len() + line.len() <= LONGEST_INDENT).map(|before| [before, line].concat())
}

/// Looks for the end of a damaged record that begins at `from`: the first of
///
/// * its brackets closing (strings passed over),
/// * a line that begins like the record's own line, or like the lines of the stream's own values,
/// * an object that begins with the first two keys of the records before it.
///
/// A string that a line break cuts is over at the break.
pub(super) fn end_of_damage(bytes: &[u8], from: usize, wrong: usize, outlines: &Outlines, last: bool) -> Mended {
    let outline = &outlines.record;
    let mut depth = 0_u32;
    let mut in_string = false;
    let mut place = from;
    while let Some(&byte) = bytes.get(place) {
        if byte == b'\n' {
            in_string = false;
            let line = bytes.get(place + 1..).unwrap_or_default();
            for (indent, mended) in
                [(&outline.indent, Mended::At(place + 1)), (&outlines.stream, Mended::AtLine(place + 1))]
            {
                match indent.as_ref().map(|indent| begins_record(line, indent)) {
                    Some(Some(true)) => return mended,
                    Some(None) if !last => return Mended::NeedsMore,
                    _ => {}
                }
            }
        } else if place > from && byte == b'{' && outline.head.len() > 3 {
            match outline.begins(bytes.get(place..).unwrap_or_default()) {
                Some(true) => return Mended::At(place),
                None if !last => return Mended::NeedsMore,
                _ => {}
            }
        }
        match byte {
            // A line break ends what is damaged, even behind a backslash.
            b'\\' if in_string && bytes.get(place + 1) != Some(&b'\n') => place += 1,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth = depth.saturating_sub(1);
                if depth == 0 && place >= wrong {
                    return Mended::At(place + 1);
                }
            }
            _ => {}
        }
        place += 1;
    }
    if last { Mended::At(bytes.len()) } else { Mended::NeedsMore }
}

/// Whether a line begins with this indent and a brace; nothing where it ends before one can tell.
fn begins_record(line: &[u8], indent: &[u8]) -> Option<bool> {
    match line.strip_prefix(indent) {
        Some(rest) => rest.first().map(|byte| *byte == b'{'),
        None if indent.starts_with(line) => None,
        None => Some(false),
    }
}

/// The length of the JSON value at the start of `bytes`, its brackets and strings followed but
/// nothing checked; nothing where it does not end.
pub(crate) fn end_of_value(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_u32;
    let mut in_string = false;
    let mut place = 0;
    while let Some(&byte) = bytes.get(place) {
        match byte {
            b'\\' if in_string => place += 1,
            b'"' => {
                in_string = !in_string;
                if !in_string && depth == 0 {
                    return Some(place + 1);
                }
            }
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(place + 1);
                }
            }
            _ => {}
        }
        place += 1;
    }
    None
}

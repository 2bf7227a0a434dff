//! `--raw`: the records of one finding, read again from where they stand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use chrono::DateTime;
use flate2::read::MultiGzDecoder;
use serde::Serialize;
use serde::de::IgnoredAny;
use signin_sleuth::analysis::Case;
use signin_sleuth::intake::{Excerpt, SheetRow};
use signin_sleuth::order::Arrange;
use signin_sleuth::report::schema::{FindingReport, Spot};
use signin_sleuth::report::{Report, json_line, visible};

use super::archives::Unpacked;
use super::sources::{Place, Source, reason};
use super::{Trouble, out};

/// Bytes read at once: records are short.
const CHUNK: usize = 64 << 10;
/// Findings named where none was meant.
const NAMED: usize = 10;

/// Where the bytes of the inputs are.
pub(crate) struct Shelf<'a> {
    /// What was read; its inputs know their sources.
    pub(crate) case: &'a Case,
    /// The sources, by number.
    pub(crate) sources: &'a [Source],
    /// Bytes of pipes, by number of the source.
    pub(crate) spooled: &'a BTreeMap<u32, Vec<u8>>,
}

/// A record as `--output json` writes it, one a line.
#[derive(Serialize)]
struct RawRecord<'a> {
    finding: &'a str,
    role: &'a str,
    event: &'a str,
    time: &'a str,
    input: &'a str,
    record: u64,
    #[serde(flatten)]
    spot: &'a Spot,
    raw: &'a str,
}

/// Writes the records of a finding to standard output: for a person, or a JSON object a line.
///
/// # Errors
/// When there is no such finding, or a record cannot be read again.
pub(crate) fn show(id: &str, as_json: bool, report: &Report, shelf: &Shelf<'_>) -> Result<(), Trouble> {
    let finding = find(id, report)?;
    let places = places(finding);
    let texts = shelf.texts(&places)?;
    let mut written = String::new();
    for place in &places {
        let input = report.inputs.get(place.input as usize).map_or("", |input| input.name.as_str());
        let Some(raw) = texts.get(&(place.input, place.spot.place)) else {
            return Err(Trouble(format!(
                "{input}: record {} is no longer at {}; was the file changed?",
                place.record,
                visible(&place.spot.words())
            )));
        };
        if as_json {
            let Stand { role, event, time, record, spot, .. } = *place;
            written.push_str(&json_line(&RawRecord {
                finding: &finding.id,
                role,
                event,
                time,
                input,
                record,
                spot,
                raw,
            }));
        } else {
            let when = DateTime::parse_from_rfc3339(place.time)
                .map_or_else(|_| place.time.to_owned(), |time| time.format("%-d %b %H:%M:%S").to_string());
            let (input, spot) = (visible(input), visible(&place.spot.words()));
            let head = format!("{}, {when}, {input}, record {}, {spot}", place.role, place.record);
            let _ = writeln!(written, "# {head}\n{}\n", lay_out(raw));
        }
    }
    out::write(written.as_bytes())
}

fn find<'a>(id: &str, report: &'a Report) -> Result<&'a FindingReport, Trouble> {
    let mut meant = report.findings.iter().filter(|finding| !id.is_empty() && finding.id.starts_with(id));
    if let (Some(finding), None) = (meant.next(), meant.next()) {
        return Ok(finding);
    }
    let mut text = format!("--raw {id:?} names none of the {} findings, or several", report.findings.len());
    for finding in report.findings.iter().take(NAMED) {
        let _ = write!(text, "; {} is {} of {}", finding.id, finding.detection, finding.user.name);
    }
    Err(Trouble(text))
}

/// A record of the finding: its part, and where it stands.
#[derive(Clone, Copy)]
struct Stand<'a> {
    role: &'a str,
    event: &'a str,
    time: &'a str,
    input: u32,
    record: u64,
    spot: &'a Spot,
}

/// All records of a finding in order of time, each followed by the other records of its event.
fn places(finding: &FindingReport) -> Vec<Stand<'_>> {
    let mut places = Vec::new();
    for item in &finding.evidence {
        let (role, event, time) = (item.role, item.event.as_str(), item.time.as_str());
        places.push(Stand { role, event, time, input: item.input, record: item.record, spot: &item.spot });
        for also in &item.also {
            places.push(Stand { role: "also", event, time, input: also.input, record: also.record, spot: &also.spot });
        }
    }
    places
}

type Texts = BTreeMap<(u32, u64), String>;

impl Shelf<'_> {
    /// The texts of records by input and offset, each input opened once.
    fn texts(&self, places: &[Stand<'_>]) -> Result<Texts, Trouble> {
        let mut wanted: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        for place in places {
            wanted.entry(place.input).or_default().push(place.spot.place);
        }
        let mut texts = Texts::new();
        for (input, mut offsets) in wanted {
            offsets.arrange();
            offsets.dedup();
            for (offset, text) in self.of_input(input, &offsets)? {
                texts.insert((input, offset), text);
            }
        }
        Ok(texts)
    }

    fn of_input(&self, input: u32, offsets: &[u64]) -> Result<Vec<(u64, String)>, Trouble> {
        let number = self.case.inputs.get(input as usize).map_or(u32::MAX, |input| input.source);
        let Some(source) = self.sources.get(number as usize) else { return Ok(Vec::new()) };
        let trouble = |error: &io::Error| Trouble(format!("{}: {}", source.name, reason(error)));
        match (&source.place, self.spooled.get(&number)) {
            (_, Some(bytes)) => excerpts(Cursor::new(bytes), offsets).map_err(|error| trouble(&error)),
            (Place::File(path, _), None) => {
                File::open(path).and_then(|file| excerpts(file, offsets)).map_err(|error| trouble(&error))
            }
            (Place::Entry(archive, entry), None) => Unpacked::open(archive, entry)
                .and_then(|unpacked| stream(unpacked, offsets))
                .map_err(|error| trouble(&error)),
            _ => Err(Trouble(format!(
                "{}: it was longer than 64 MB and cannot be read again; save it to a file and analyze that",
                source.name
            ))),
        }
    }
}

/// The records at these offsets, in ascending order. A packed file is unpacked once, from its beginning.
fn excerpts(mut bytes: impl Read + Seek, offsets: &[u64]) -> io::Result<Vec<(u64, String)>> {
    let mut magic = [0; 2];
    let is_packed = bytes.read_exact(&mut magic).is_ok() && magic == [0x1F, 0x8B];
    let mut found = Vec::new();
    bytes.seek(SeekFrom::Start(0))?;
    if is_packed {
        return unpacked(MultiGzDecoder::new(bytes), offsets);
    }
    let mut buffer = vec![0; CHUNK];
    for &offset in offsets {
        // A row of a workbook is found in the whole of it.
        let from = if SheetRow::of_offset(offset).is_some() { 0 } else { offset };
        bytes.seek(SeekFrom::Start(from))?;
        let mut excerpt = Excerpt::starting_at(offset, from);
        loop {
            let count = bytes.read(&mut buffer)?;
            if count == 0 || excerpt.feed(buffer.get(..count).unwrap_or_default()) {
                break;
            }
        }
        found.extend(excerpt.finish().map(|text| (offset, text)));
    }
    Ok(found)
}

/// The records at these offsets of bytes that can be read once.
fn stream(mut bytes: impl Read, offsets: &[u64]) -> io::Result<Vec<(u64, String)>> {
    let mut magic = Vec::new();
    bytes.by_ref().take(2).read_to_end(&mut magic)?;
    let is_packed = magic == [0x1F, 0x8B];
    let whole = Cursor::new(magic).chain(bytes);
    if is_packed { unpacked(MultiGzDecoder::new(whole), offsets) } else { unpacked(whole, offsets) }
}

/// One pass over the bytes; excerpts begin when their offset comes by.
fn unpacked(mut bytes: impl Read, offsets: &[u64]) -> io::Result<Vec<(u64, String)>> {
    let is_row = |offset| SheetRow::of_offset(offset).is_some();
    let mut buffer = vec![0; CHUNK];
    let (mut position, mut waiting) = (0, offsets.iter().copied().peekable());
    let mut open: Vec<(u64, Excerpt)> = Vec::new();
    let mut found = Vec::new();
    while waiting.peek().is_some() || !open.is_empty() {
        // A damaged end ends the reading: what came before it was read.
        let count = bytes.read(&mut buffer).unwrap_or(0);
        let chunk = buffer.get(..count).unwrap_or_default();
        while let Some(offset) = waiting.next_if(|offset| is_row(*offset) || *offset < position + count as u64) {
            open.push((offset, Excerpt::starting_at(offset, position)));
        }
        let mut still = Vec::new();
        for (offset, mut excerpt) in open {
            if chunk.is_empty() || excerpt.feed(chunk) {
                found.extend(excerpt.finish().map(|text| (offset, text)));
            } else {
                still.push((offset, excerpt));
            }
        }
        open = still;
        position += count as u64;
        if chunk.is_empty() {
            break;
        }
    }
    Ok(found)
}

/// A JSON record over several lines, its tokens untouched; anything else as it is. Hidden
/// characters are spelled out.
fn lay_out(raw: &str) -> String {
    if serde_json::from_str::<IgnoredAny>(raw).is_err() {
        return raw.lines().map(visible).collect::<Vec<_>>().join("\n");
    }
    let mut laid = String::with_capacity(raw.len() * 2);
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    let mut letters = raw.chars().filter(|letter| *letter != '\r').peekable();
    while let Some(letter) = letters.next() {
        if is_text {
            laid.push(letter);
            is_text = is_escaped || letter != '"';
            is_escaped = letter == '\\' && !is_escaped;
            continue;
        }
        match letter {
            ' ' | '\t' | '\n' => {}
            '"' => {
                laid.push(letter);
                is_text = true;
            }
            '{' | '[' => {
                while letters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                laid.push(letter);
                if let Some(close) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    laid.push(close);
                } else {
                    depth += 1;
                    line(&mut laid, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut laid, depth);
                laid.push(letter);
            }
            ',' => {
                laid.push(letter);
                line(&mut laid, depth);
            }
            ':' => laid.push_str(": "),
            _ => laid.push(letter),
        }
    }
    laid.lines().map(visible).collect::<Vec<_>>().join("\n")
}

fn line(laid: &mut String, depth: usize) {
    laid.push('\n');
    laid.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::lay_out;

    #[test]
    fn json_is_laid_out_and_no_token_changes() {
        let raw = r#"{"a":"x\"{,:}\\","b":[ ],"c":[1.50,{"d" : null}], "e":{ }}"#;
        let laid = lay_out(raw);
        let expected = "{\n  \"a\": \"x\\\"{,:}\\\\\",\n  \"b\": [],\n  \"c\": [\n    1.50,\n    {\n      \"d\": null\n    }\n  ],\n  \"e\": {}\n}";
        assert_eq!(laid, expected);
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        assert_eq!(lay_out("a,\"b\",\u{1b}c"), "a,\"b\",U+001Bc");
    }
}

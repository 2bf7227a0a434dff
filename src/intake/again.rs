//! One record, read again from its file when somebody asks to see it.

use std::io::Write as _;

use flate2::write::MultiGzDecoder;

use super::decode::{Encoding, Utf16};
use super::json::end_of_value;
use super::sniff;
use super::workbook::{self, SheetRow};
use super::zip::is_zip;

/// The longest text that is shown, in bytes.
const LONGEST: usize = 1 << 20;

/// Finds the text of one record again: fed a file's bytes, it is done when the record is.
#[derive(Debug)]
pub struct Excerpt {
    /// Offset of the record in the unpacked input.
    offset: u64,
    /// Offset of the next byte that comes, in the unpacked input.
    next: u64,
    first: Vec<u8>,
    decoder: Option<MultiGzDecoder<Vec<u8>>>,
    /// The file, where it is a workbook: its row is found when all of it has come.
    workbook: Option<Vec<u8>>,
    is_begun: bool,
    found: Vec<u8>,
}

impl Excerpt {
    /// For the record at this offset; the file is fed from its first byte.
    #[must_use]
    pub fn new(offset: u64) -> Self {
        Self::starting_at(offset, 0)
    }

    /// For the record at this offset in a file that is neither compressed nor a workbook, fed from byte
    /// `next` on.
    #[must_use]
    pub fn starting_at(offset: u64, next: u64) -> Self {
        Self { offset, next, first: Vec::new(), decoder: None, workbook: None, is_begun: next > 0, found: Vec::new() }
    }

    /// Takes the next bytes; whether the record is complete.
    pub fn feed(&mut self, bytes: &[u8]) -> bool {
        if !self.is_begun {
            self.first.extend_from_slice(bytes);
            if self.first.len() < 4 {
                return false;
            }
            self.is_begun = true;
            let first = std::mem::take(&mut self.first);
            self.workbook = is_zip(&first).then(Vec::new);
            self.decoder = sniff::is_gzip(&first).then(|| MultiGzDecoder::new(Vec::new()));
            return self.feed(&first);
        }
        if let Some(workbook) = &mut self.workbook {
            workbook.extend_from_slice(bytes);
            return workbook.len() > workbook::LARGEST;
        }
        let Some(mut decoder) = self.decoder.take() else { return self.take(bytes) };
        let mut is_done = false;
        for piece in bytes.chunks(16 << 10) {
            let is_damaged = decoder.write_all(piece).is_err();
            let out = std::mem::take(decoder.get_mut());
            is_done = self.take(&out) || is_damaged;
            if is_done {
                break;
            }
        }
        self.decoder = Some(decoder);
        is_done
    }

    fn take(&mut self, bytes: &[u8]) -> bool {
        let skip = self.offset.saturating_sub(self.next);
        self.next += bytes.len() as u64;
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        self.found.extend_from_slice(bytes.get(skip.min(bytes.len())..).unwrap_or_default());
        self.found.len() >= LONGEST || self.text(false).is_some()
    }

    /// The record's text, cut at 1 MiB; nothing where the file ended before it.
    #[must_use]
    pub fn finish(mut self) -> Option<String> {
        if let Some(workbook) = self.workbook {
            return workbook::again(&workbook, SheetRow::of_offset(self.offset)?);
        }
        if let Some(mut decoder) = self.decoder.take() {
            let _ = decoder.try_finish();
            let out = std::mem::take(decoder.get_mut());
            self.take(&out);
        } else if !self.is_begun {
            let first = std::mem::take(&mut self.first);
            self.take(&first);
        }
        self.text(true)
    }

    fn text(&self, last: bool) -> Option<String> {
        let found = self.found.get(..self.found.len().min(LONGEST)).unwrap_or_default();
        let decoded = decode(found);
        let is_cut = self.found.len() >= LONGEST;
        let end = match decoded.first()? {
            b'{' | b'[' => end_of_value(&decoded),
            _ => end_of_row(&decoded),
        };
        let end = match end {
            Some(end) => end,
            None if last || is_cut => decoded.len(),
            None => return None,
        };
        Some(String::from_utf8_lossy(decoded.get(..end)?).into_owned())
    }
}

/// UTF-8 of what may be UTF-16: a record begins with a letter of ASCII or with a quote.
fn decode(bytes: &[u8]) -> Vec<u8> {
    let decoder = match Encoding::of(bytes).0 {
        Encoding::Utf8 => None,
        Encoding::Utf16Le => Some(Utf16::new(false)),
        Encoding::Utf16Be => Some(Utf16::new(true)),
    };
    let Some(mut decoder) = decoder else { return bytes.to_vec() };
    let mut text = Vec::new();
    decoder.feed(bytes, &mut text);
    text
}

/// Where the first row of a table ends: at a line break outside of quotes.
fn end_of_row(text: &[u8]) -> Option<usize> {
    let mut is_quoted = false;
    text.iter().position(|byte| {
        is_quoted ^= *byte == b'"';
        !is_quoted && matches!(byte, b'\n' | b'\r')
    })
}

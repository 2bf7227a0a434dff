//! An archive without the directory at its end: its files are found one after the other, by the header
//! before each.

use std::ops::Range;

use super::directory::{BOMB, HARMLESS, HEADER, OFFICE, field};
use super::entry::{Entry, Refusal};
use super::names::{decode, is_junk};
use super::{MOST_ENTRIES, eight, four, two};

/// Bytes looked at at once.
const WINDOW: u64 = 1 << 20;
/// Bytes of a window that are looked at again with the next: what tells the end of a file may be cut by
/// the window's.
const OVERLAP: u64 = 64;
/// The note behind a file whose length was not known before: signature, checksum, two lengths.
const NOTE: u64 = 16;
const NOTE_64: u64 = 24;

/// Finds the files of a cut archive: give it the bytes that it wants until it wants no more.
#[derive(Debug)]
pub(super) struct Cut {
    size: u64,
    /// What is looked at next.
    at: u64,
    entries: Vec<Entry>,
    /// A file whose end is looked for, and where its packed bytes begin.
    open: Option<(Entry, u64)>,
    is_done: bool,
}

impl Cut {
    /// For a file of this many bytes.
    pub(super) fn new(size: u64) -> Self {
        Self { size, at: 0, entries: Vec::new(), open: None, is_done: false }
    }

    /// The bytes to give next.
    pub(super) fn wants(&self) -> Option<Range<u64>> {
        (!self.is_done && self.at < self.size).then(|| self.at..self.size.min(self.at + WINDOW))
    }

    /// Takes the bytes it wanted.
    pub(super) fn give(&mut self, bytes: &[u8]) {
        match self.open.take() {
            Some((entry, from)) => self.look_for_end(entry, from, bytes),
            None => self.header(bytes),
        }
    }

    /// The files, those before the cut whole; last what is said of the rest.
    pub(super) fn finish(mut self) -> Result<Vec<Entry>, Refusal> {
        if let Some((mut entry, from)) = self.open.take() {
            // More than there is: so that reading it ends in saying that it is cut.
            entry.packed = self.size - from + 1;
            entry.size = entry.packed.saturating_mul(BOMB);
            entry.to = self.size;
            self.entries.push(entry);
        }
        let is_office = self.entries.iter().any(|entry| entry.name == OFFICE || entry.name.starts_with("xl/"));
        self.entries.retain(|entry| !is_junk(&entry.name));
        if self.entries.is_empty() || is_office {
            return Err(Refusal::NoDirectory);
        }
        let refusal = Some(Refusal::Cut);
        let rest = Entry {
            name: "what was cut off".to_owned(),
            from: 0,
            to: 0,
            method: 0,
            packed: 0,
            size: 0,
            crc: 0,
            refusal,
        };
        self.entries.push(rest);
        Ok(self.entries)
    }

    /// The header of a file, which these bytes begin with.
    fn header(&mut self, bytes: &[u8]) {
        let Some((entry, from)) = header(bytes, self.at).filter(|_| self.entries.len() < MOST_ENTRIES) else {
            self.is_done = true;
            return;
        };
        if entry.to > from || entry.packed == 0 && entry.size == 0 && entry.to == from {
            self.at = entry.to;
            self.entries.push(Entry { to: entry.to.min(self.size), ..entry });
        } else {
            self.at = from;
            self.open = Some((entry, from));
        }
    }

    /// Looks for what stands behind a file whose length is not known.
    fn look_for_end(&mut self, mut entry: Entry, from: u64, bytes: &[u8]) {
        let end = self.at + bytes.len() as u64;
        for place in memchr::memmem::find_iter(bytes, b"PK") {
            let here = self.at + place as u64;
            let after = bytes.get(place..).unwrap_or_default();
            let before = place.checked_sub(12).and_then(|start| bytes.get(start..place)).unwrap_or_default();
            let (packed, size) = (here.saturating_sub(from), |at| four(after, at).map(u64::from));
            let found = if after.starts_with(b"PK\x07\x08") && size(8) == Some(packed) {
                Some((four(after, 4), packed, size(12), here + NOTE))
            } else if after.starts_with(b"PK\x07\x08") && eight(after, 8) == Some(packed) {
                Some((four(after, 4), packed, eight(after, 16), here + NOTE_64))
            } else if after.starts_with(b"PK\x03\x04") || after.starts_with(b"PK\x01\x02") {
                // The note without its signature.
                let packed = packed.saturating_sub(12);
                let is_note = four(before, 4).map(u64::from) == Some(packed);
                is_note.then(|| (four(before, 0), packed, four(before, 8).map(u64::from), here))
            } else {
                None
            };
            if let Some((Some(crc), packed, Some(size), next)) = found {
                (entry.crc, entry.packed, entry.size, entry.to) = (crc, packed, size, from + packed);
                entry.refusal = entry.refusal.or(bomb(packed, size));
                self.entries.push(entry);
                self.at = next;
                return;
            }
        }
        // At the end there is no more to look at.
        self.is_done = bytes.len() as u64 <= OVERLAP;
        self.at = if end == self.size || self.is_done { end } else { end - OVERLAP };
        self.open = Some((entry, from));
    }
}

fn bomb(packed: u64, size: u64) -> Option<Refusal> {
    let times = size / packed.max(1);
    (size > HARMLESS && times > BOMB).then_some(Refusal::Bomb(times))
}

/// The file whose header these bytes begin with, at this place of the archive, and where its packed
/// bytes begin. Its end is at that place where its length is not known.
fn header(bytes: &[u8], at: u64) -> Option<(Entry, u64)> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let (flags, method, crc) = (two(bytes, 6)?, two(bytes, 8)?, four(bytes, 14)?);
    let (mut packed, mut size) = (u64::from(four(bytes, 18)?), u64::from(four(bytes, 22)?));
    let (name_length, extra_length) = (usize::from(two(bytes, 26)?), usize::from(two(bytes, 28)?));
    let start = HEADER as usize;
    let name = bytes.get(start..start + name_length)?;
    let extra = bytes.get(start + name_length..start + name_length + extra_length)?;
    if let Some(large) = field(extra, 1)
        && packed == u64::from(u32::MAX)
    {
        (size, packed) = (eight(large, 0)?, eight(large, 8)?);
    }
    let from = at + HEADER + (name_length + extra_length) as u64;
    let is_known = flags & 8 == 0;
    let refusal = if flags & 0x2041 != 0 || method == 99 {
        Some(Refusal::Encrypted)
    } else if !matches!(method, 0 | 8) {
        Some(Refusal::Method(method))
    } else {
        bomb(packed, size).filter(|_| is_known)
    };
    let to = if is_known { from.saturating_add(packed) } else { from };
    let (packed, size) = if is_known { (packed, size) } else { (0, 1) };
    Some((Entry { name: decode(name), from: at, to, method, packed, size, crc, refusal }, from))
}

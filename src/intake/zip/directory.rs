//! The directory at the end of an archive.

use std::ops::Range;

use super::cut::Cut;
use super::entry::{Entry, Listing, Refusal};
use super::names::{decode, is_junk};
use super::{LONGEST_DIRECTORY, MOST_ENTRIES, eight, four, two};
use sleuth_order::Arrange;

/// Bytes at the end of a file in which the directory's end is looked for: a comment of 64 KiB and as
/// much behind it as copying may have added.
const TAIL: u64 = 1 << 20;
/// The end of a directory without its comment, the same for large archives, and the pointer to that.
const END: usize = 22;
const END_64: usize = 56;
const POINTER_64: usize = 20;
/// A file's row in the directory and its header before its bytes, without name and the rest.
const ROW: usize = 46;
pub(super) const HEADER: u64 = 30;
/// The longest name and the longest extra fields of a header.
const LONGEST_NAME: u64 = 2 * u16::MAX as u64;
/// Where more would come out of packed bytes than so many times as much, it is no log: those stay
/// below a hundred.
pub(super) const BOMB: u64 = 500;
/// Up to this size nobody is hurt.
pub(super) const HARMLESS: u64 = 16 << 20;
/// Names that an archive has which is a document of Office.
pub(super) const OFFICE: &str = "[Content_Types].xml";

/// Finds the files of an archive: give it the bytes that it [wants](Directory::wants) until it wants
/// no more.
#[derive(Debug)]
pub struct Directory {
    size: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The end of the archive is looked for.
    Tail,
    /// The directory was found.
    Rows {
        at: Range<u64>,
        /// Bytes before the archive, such as a program that unpacks it.
        base: u64,
    },
    /// There is none: the files are looked for from the beginning.
    Cut(Cut),
    Done(Result<Listing, Refusal>),
}

impl Directory {
    /// For a file of this many bytes.
    #[must_use]
    pub fn new(size: u64) -> Self {
        Self { size, state: State::Tail }
    }

    /// The bytes of the file to give next; nothing when all is known.
    #[must_use]
    pub fn wants(&self) -> Option<Range<u64>> {
        match &self.state {
            State::Tail => Some(self.size.saturating_sub(TAIL)..self.size),
            State::Rows { at, .. } => Some(at.clone()),
            State::Cut(cut) => cut.wants(),
            State::Done(_) => None,
        }
    }

    /// Takes the bytes it wanted.
    pub fn give(&mut self, bytes: &[u8]) {
        self.state = match &mut self.state {
            State::Cut(cut) => return cut.give(bytes),
            State::Tail => match self.end(bytes) {
                Ok((at, base)) => State::Rows { at, base },
                Err(Refusal::NoDirectory) => State::Cut(Cut::new(self.size)),
                Err(refusal) => State::Done(Err(refusal)),
            },
            State::Rows { at, base } => State::Done(rows(bytes, *base, at.start)),
            State::Done(_) => return,
        };
    }

    /// What it holds.
    ///
    /// # Errors
    /// When it is no archive that can be read.
    pub fn finish(self) -> Result<Listing, Refusal> {
        match self.state {
            State::Done(result) => result,
            State::Cut(cut) => cut.finish().map(Listing::Files),
            State::Tail | State::Rows { .. } => Err(Refusal::NoDirectory),
        }
    }

    /// Where the directory is, and how many bytes stand before the archive.
    fn end(&self, tail: &[u8]) -> Result<(Range<u64>, u64), Refusal> {
        let first = self.size.saturating_sub(tail.len() as u64);
        let mut refusal = Refusal::NoDirectory;
        // One whose comment ends with the file before those with bytes behind them: a comment may
        // hold what looks like an end.
        let fits = |place: &usize| {
            let comment = tail.get(*place..).and_then(|end| two(end, END - 2));
            comment.is_some_and(|length| place + END + usize::from(length) == tail.len())
        };
        let ends = || memchr::memmem::rfind_iter(tail, b"PK\x05\x06");
        for place in ends().filter(fits).chain(ends()) {
            match end_at(tail, place, first) {
                Ok(found) => return Ok(found),
                Err(Refusal::NoDirectory) => {}
                Err(other) => refusal = other,
            }
        }
        Err(refusal)
    }
}

/// The directory whose end stands at this place of the tail.
fn end_at(tail: &[u8], place: usize, first: u64) -> Result<(Range<u64>, u64), Refusal> {
    let end = tail.get(place..).filter(|end| end.len() >= END).ok_or(Refusal::NoDirectory)?;
    let short = |at| two(end, at).unwrap_or_default();
    let long = |at| four(end, at).unwrap_or_default();
    let (disk, disk_of_directory, here, all) = (short(4), short(6), short(8), short(10));
    let (mut length, mut offset) = (u64::from(long(12)), u64::from(long(16)));
    let mut directory_end = first + place as u64;
    let is_large = all == u16::MAX || length == u64::from(u32::MAX) || offset == u64::from(u32::MAX);
    let pointer = place.checked_sub(POINTER_64).and_then(|at| tail.get(at..place));
    if is_large && pointer.is_some_and(|pointer| pointer.starts_with(b"PK\x06\x07")) {
        let at = place.checked_sub(POINTER_64 + END_64).ok_or(Refusal::Damaged)?;
        let end = tail.get(at..).filter(|end| end.starts_with(b"PK\x06\x06")).ok_or(Refusal::Damaged)?;
        let long = |at| eight(end, at).unwrap_or_default();
        (length, offset) = (long(40), long(48));
        directory_end = first + at as u64;
        if four(end, 16) != Some(0) || four(end, 20) != Some(0) {
            return Err(Refusal::Split);
        }
    } else if (disk, disk_of_directory) != (0, 0) || here != all {
        return Err(if disk == u16::MAX { Refusal::NoDirectory } else { Refusal::Split });
    }
    if length > LONGEST_DIRECTORY {
        return Err(Refusal::TooMany);
    }
    let start = directory_end.checked_sub(length).ok_or(Refusal::NoDirectory)?;
    let base = start.checked_sub(offset).ok_or(Refusal::NoDirectory)?;
    Ok((start..directory_end, base))
}

/// The files that the directory's bytes name. `base` is where the archive begins in its file, `limit`
/// where its files end.
fn rows(mut bytes: &[u8], base: u64, limit: u64) -> Result<Listing, Refusal> {
    let mut entries = Vec::new();
    let (mut is_office, mut has_junk) = (false, false);
    while bytes.starts_with(b"PK\x01\x02") {
        let (row, rest) = row(bytes, base, limit).ok_or(Refusal::Damaged)?;
        bytes = rest;
        is_office |= row.name == OFFICE;
        if is_junk(&row.name) {
            has_junk = true;
            continue;
        }
        if entries.len() == MOST_ENTRIES {
            return Err(Refusal::TooMany);
        }
        entries.push(row);
    }
    if !bytes.is_empty() && !bytes.starts_with(b"PK\x05\x05") {
        return Err(Refusal::Damaged);
    }
    if entries.is_empty() && !has_junk && limit > base {
        return Err(Refusal::Damaged);
    }
    if entries.is_empty() {
        return Err(Refusal::Nothing);
    }
    bound(&mut entries, limit);
    Ok(if is_office { Listing::Office(entries) } else { Listing::Files(entries) })
}

/// One row of the directory, and the bytes behind it.
fn row(bytes: &[u8], base: u64, limit: u64) -> Option<(Entry, &[u8])> {
    let (flags, method, crc) = (two(bytes, 8)?, two(bytes, 10)?, four(bytes, 16)?);
    let (mut packed, mut size) = (u64::from(four(bytes, 20)?), u64::from(four(bytes, 24)?));
    let lengths = [two(bytes, 28)?, two(bytes, 30)?, two(bytes, 32)?].map(usize::from);
    let mut offset = u64::from(four(bytes, 42)?);
    let [name_length, extra_length, comment_length] = lengths;
    let name = bytes.get(ROW..ROW + name_length)?;
    let extra = bytes.get(ROW + name_length..ROW + name_length + extra_length)?;
    let rest = bytes.get(ROW + name_length + extra_length + comment_length..)?;
    if let Some(mut large) = field(extra, 1) {
        // Only what does not fit into four bytes stands there, in this order.
        for number in [&mut size, &mut packed, &mut offset] {
            if *number == u64::from(u32::MAX) {
                *number = eight(large, 0)?;
                large = large.get(8..)?;
            }
        }
    }
    let from = base.saturating_add(offset);
    let end = from.saturating_add(HEADER).saturating_add(name_length as u64).saturating_add(packed);
    let times = size / packed.max(1);
    let refusal = if flags & 0x2041 != 0 || method == 99 {
        Some(Refusal::Encrypted)
    } else if !matches!(method, 0 | 8) {
        Some(Refusal::Method(method))
    } else if end > limit {
        Some(Refusal::Outside)
    } else if size > HARMLESS && times > BOMB {
        Some(Refusal::Bomb(times))
    } else {
        None
    };
    let to = end.saturating_add(LONGEST_NAME).min(limit);
    Some((Entry { name: decode(name), from, to, method, packed, size, crc, refusal }, rest))
}

/// The extra field of this number.
pub(super) fn field(mut extra: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let (number, length) = (two(extra, 0)?, usize::from(two(extra, 2)?));
        let value = extra.get(4..4 + length)?;
        if number == wanted {
            return Some(value);
        }
        extra = extra.get(4 + length..)?;
    }
}

/// Each file ends where the next begins. One that would reach into the next is not unpacked: of the
/// many files of a zip bomb that share their bytes, one is left.
fn bound(entries: &mut [Entry], limit: u64) {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.arrange_by_key(|&place| entries.get(place).map_or((0, 0), |entry| (entry.from, entry.packed)));
    for pair in order.windows(2) {
        let &[left, right] = pair else { continue };
        let next = entries.get(right).map_or(limit, |entry| entry.from);
        let Some(entry) = entries.get_mut(left) else { continue };
        let least = entry.from.saturating_add(HEADER).saturating_add(entry.packed);
        entry.to = entry.to.min(next);
        if least > next {
            entry.refusal.get_or_insert(Refusal::Overlap);
        }
    }
}

//! Workbooks (`.xlsx`): an archive of XML, whose sheets are read as tables.
//!
//! What a sheet's cells mean stands in other files of the archive, some of them behind the sheet. So
//! the packed bytes are held until all have come; the sheets themselves are unpacked piece by piece.

mod book;
mod dates;
mod place;
mod rows;
mod sheet;
mod strings;
mod xml;

use super::zip::{Directory, Entry, Listing, Unpacker};
use super::{Problem, Sink};
use book::Book;
pub use place::SheetRow;
use rows::{Found, Rows};
use sheet::Sheet;
use xml::{Take, Xml};

/// The longest workbook that is held, in bytes as it is packed.
pub(super) const LARGEST: usize = 256 << 20;
/// Bytes of a workbook's files that are unpacked at most: a sheet of a million rows has three quarters
/// of it.
const LARGEST_UNPACKED: u64 = 4 << 30;
/// Text of cells that is handed on at most: cells that share a text are as long as it is, each.
const LONGEST_TEXT: u64 = 8 << 30;

/// What is wrong with a file of a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Damage {
    /// Byte of the unpacked file.
    at: u64,
    /// What is wrong there.
    what: &'static str,
}

/// Reads the sheets of a workbook that have the columns of an export.
pub(super) fn read(bytes: &[u8], sink: &mut dyn Sink) {
    let (book, entries) = match open(bytes) {
        Ok(opened) => opened,
        Err(problem) => return sink.fail(problem),
    };
    let mut others: Vec<(u16, u64)> = Vec::new();
    let (mut has_table, mut has_damage) = (false, false);
    let mut text_left = LONGEST_TEXT;
    for (number, sheet) in (1..).zip(&book.sheets) {
        let mut rows = Rows::new(number, &mut *sink);
        let read = entries.get(sheet.entry).map_or(Ok(()), |entry| {
            let mut reader = Sheet::new(&book, &mut rows, text_left);
            let read = file(bytes, entry, &mut |token| reader.take(token));
            text_left = reader.text_left();
            read
        });
        if let Err(problem) = read {
            rows.damaged(problem);
        }
        match rows.finish() {
            Found::Table => {
                has_table = true;
                sink.sheet(number, &sheet.name);
            }
            Found::Other(0) => {}
            Found::Other(count) => others.push((number, count)),
            Found::Damaged(problem) => {
                has_damage = true;
                sink.reject(SheetRow { sheet: number, header: 0, row: 0 }.offset(), problem);
            }
        }
    }
    if !has_table && !has_damage {
        sink.fail(Problem::Unreadable(
            "a workbook, none of whose sheets names columns of a known export in its first ten rows",
        ));
    }
    if !has_table {
        return;
    }
    for (number, count) in others {
        let name = book.sheets.get(usize::from(number) - 1).map_or("", |sheet| &sheet.name);
        sink.other(name, count);
    }
}

/// A row of a workbook again, as JSON: its cells that hold something by the names of their columns.
pub(super) fn again(bytes: &[u8], wanted: SheetRow) -> Option<String> {
    let (book, entries) = open(bytes).ok()?;
    let sheet = book.sheets.get(usize::from(wanted.sheet).checked_sub(1)?)?;
    let mut finder = rows::Finder::new(wanted);
    let mut reader = Sheet::new(&book, &mut finder, LONGEST_TEXT);
    // It stops where the row was found, or at damage: both are an end.
    let _ended = file(bytes, entries.get(sheet.entry)?, &mut |token| reader.take(token));
    finder.finish()
}

/// What a workbook says of its sheets, and its files.
fn open(bytes: &[u8]) -> Result<(Book, Vec<Entry>), Problem> {
    let mut directory = Directory::new(bytes.len() as u64);
    while let Some(range) = directory.wants() {
        directory.give(within(bytes, range.start, range.end));
    }
    let entries = match directory.finish()? {
        Listing::Office(entries) => entries,
        Listing::Files(_) => {
            return Err(Problem::Unreadable("an archive packed once more: unpack it, then choose the files in it"));
        }
    };
    if entries.iter().any(|entry| entry.name.eq_ignore_ascii_case("xl/workbook.bin")) {
        return Err(Problem::Unreadable("a binary workbook (.xlsb): save the sheet as CSV (UTF-8), and choose that"));
    }
    let unpacked: u64 = entries.iter().filter(|entry| entry.refusal.is_none()).map(|entry| entry.size).sum();
    if unpacked > LARGEST_UNPACKED {
        return Err(Problem::Unreadable("a workbook that unpacks to more than 4 GiB: save the sheets as CSV (UTF-8)"));
    }
    let book = Book::read(&entries, &mut |entry, take| file(bytes, entry, take))?;
    Ok((book, entries))
}

/// Reads a file of the workbook.
fn file(bytes: &[u8], entry: &Entry, take: &mut Take<'_>) -> Result<(), Problem> {
    if let Some(refusal) = entry.refusal {
        return Err(refusal.into());
    }
    let wrong = |damage: Damage| Problem::Workbook { at: damage.at, what: damage.what };
    let mut xml = Xml::default();
    let mut damage = None;
    let mut unpacker = Unpacker::new(entry);
    let mut feed = |piece: &[u8]| {
        if damage.is_none() {
            damage = xml.feed(piece, take).err();
        }
    };
    let packed = within(bytes, entry.from, entry.to);
    let mut unpacked = Ok(());
    for piece in packed.chunks(64 << 10) {
        unpacked = unpacker.feed(piece, &mut feed);
        if unpacked.is_err() {
            break;
        }
    }
    let unpacked = unpacked.and_then(|()| unpacker.finish(&mut feed));
    match damage {
        Some(damage) => Err(wrong(damage)),
        None => unpacked.and_then(|()| xml.finish().map_err(wrong)),
    }
}

/// Some bytes of the workbook; those that are not there are none.
fn within(bytes: &[u8], from: u64, to: u64) -> &[u8] {
    let place = |at: u64| usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len()));
    bytes.get(place(from)..place(to)).unwrap_or_default()
}

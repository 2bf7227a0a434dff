//! What a workbook says of its sheets: their names and order, where they are, which numbers are dates,
//! the texts that cells share.

use sleuth_order::Map;

use super::Problem;
use super::dates;
use super::strings::Strings;
use super::xml::{Tag, Take, Token};
use crate::zip::Entry;

/// The most sheets that are read.
const MOST_SHEETS: usize = 1_000;
/// The most formats of numbers and of cells; Excel has 65,490.
const MOST_FORMATS: usize = 1 << 17;

/// A sheet of a workbook.
#[derive(Debug)]
pub(super) struct SheetPart {
    /// As its tab says.
    pub(super) name: String,
    /// The file that it is, by its number.
    pub(super) entry: usize,
}

/// What a workbook says of its sheets.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) sheets: Vec<SheetPart>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
    /// For each style of cells, whether its numbers are dates.
    pub(super) dates: Vec<bool>,
    pub(super) strings: Strings,
}

/// Reads a file of the workbook into a function that takes tokens.
pub(super) type ReadFile<'f> = dyn FnMut(&Entry, &mut Take<'_>) -> Result<(), Problem> + 'f;

impl Book {
    /// Reads all that is beside the sheets.
    pub(super) fn read(entries: &[Entry], file: &mut ReadFile<'_>) -> Result<Self, Problem> {
        let not_one = Problem::Unreadable(
            "a document of Office that is no workbook: export the records as CSV or JSON, and choose that",
        );
        let workbook = entries.iter().find(|entry| is_workbook(&entry.name)).ok_or(not_one)?;
        let mut book = Self::default();
        let mut sheets: Vec<(String, String)> = Vec::new();
        file(workbook, &mut |token| {
            let Token::Open(tag) = token else { return Ok(()) };
            match tag.name {
                b"sheet" if sheets.len() == MOST_SHEETS => return Err("more than 1,000 sheets"),
                b"sheet" => sheets.push((
                    tag.text(b"name").unwrap_or_default().chars().take(64).collect(),
                    tag.text(b"id").unwrap_or_default(),
                )),
                b"workbookPr" => {
                    book.from_1904 = tag.text(b"date1904").is_some_and(|value| matches!(value.as_str(), "1" | "true"));
                }
                _ => {}
            }
            Ok(())
        })?;
        let parts = parts(entries, workbook, file)?;
        let of_kind =
            |kind: &str| parts.values().find(|(known, _)| known == kind).and_then(|(_, entry)| entries.get(*entry));
        if let Some(entry) = of_kind("styles") {
            book.dates = styles(entry, file)?;
        }
        if let Some(entry) = of_kind("sharedStrings") {
            let strings = &mut book.strings;
            file(entry, &mut |token| strings.take(token))?;
        }
        // A sheet that holds nothing but a chart is of another kind.
        book.sheets = sheets
            .into_iter()
            .filter_map(|(name, id)| {
                let (kind, entry) = parts.get(&id)?;
                (kind == "worksheet").then_some(SheetPart { name, entry: *entry })
            })
            .collect();
        Ok(book)
    }
}

/// Whether a file of the archive is the workbook's own: Excel on the web numbers it.
fn is_workbook(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let inner = name.strip_prefix("xl/workbook").and_then(|rest| rest.strip_suffix(".xml"));
    inner.is_some_and(|inner| inner.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The files that belong to the workbook, by their ids: of which kind each is, and its number.
fn parts(
    entries: &[Entry],
    workbook: &Entry,
    file: &mut ReadFile<'_>,
) -> Result<Map<String, (String, usize)>, Problem> {
    let mut parts = Map::new();
    let (folder, name) = workbook.name.rsplit_once('/').unwrap_or_default();
    let list = format!("{folder}/_rels/{name}.rels");
    let Some(list) = entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(&list)) else { return Ok(parts) };
    file(list, &mut |token| {
        let Token::Open(tag) = token else { return Ok(()) };
        if let (b"Relationship", Some(id), Some((kind, path))) = (tag.name, tag.text(b"Id"), target(&tag, folder)) {
            let entry = entries.iter().position(|entry| entry.name.eq_ignore_ascii_case(&path));
            if let Some(entry) = entry.filter(|_| parts.len() < 2 * MOST_SHEETS) {
                parts.insert(id, (kind, entry));
            }
        }
        Ok(())
    })?;
    Ok(parts)
}

/// The kind of a file that belongs to another, and its path in the archive.
fn target(tag: &Tag<'_>, folder: &str) -> Option<(String, String)> {
    let kind = tag.text(b"Type")?.rsplit('/').next()?.to_owned();
    let target = tag.text(b"Target")?;
    let path = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{}", target.strip_prefix("./").unwrap_or(&target)),
    };
    Some((kind, path))
}

/// For each style of cells, whether its numbers are dates.
fn styles(entry: &Entry, file: &mut ReadFile<'_>) -> Result<Vec<bool>, Problem> {
    let mut formats: Map<u32, bool> = Map::new();
    let mut dates = Vec::new();
    let mut is_cells = false;
    file(entry, &mut |token| {
        match token {
            Token::Open(tag) => match tag.name {
                b"numFmt" if formats.len() < MOST_FORMATS => {
                    if let (Some(number), Some(code)) = (tag.number(b"numFmtId"), tag.text(b"formatCode")) {
                        formats.insert(number, dates::is_date(&code));
                    }
                }
                b"cellXfs" => is_cells = true,
                b"xf" if is_cells && dates.len() < MOST_FORMATS => {
                    let number = tag.number(b"numFmtId").unwrap_or(0);
                    dates.push(formats.get(&number).copied().unwrap_or_else(|| dates::is_built_in(number)));
                }
                _ => {}
            },
            Token::Close(b"cellXfs") => is_cells = false,
            _ => {}
        }
        Ok(())
    })?;
    Ok(dates)
}

//! Turns records into rows of a store, remembering spellings it has decoded before.

mod beside;

use std::sync::Arc;

use memchr::memmem::Finder;

use crate::enrichment::{Enrichment, NetworkKind, NoSpan, UserClass};
use crate::events::Store;
use crate::events::vocabulary::Stream;
use crate::intake::{Cell, Embedded};

use self::beside::Beside;
use super::scalar::{Scalar, scalar};
use super::seen::{Known, Seen, Words};
use super::zone::{self, Zone};
use super::{Column, Kind, Layout, Tally, file_name, other_tables, portal_header};

/// Why a record became no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Refusal {
    /// None of the formats knows it.
    #[error("not a sign-in or audit record of a known format")]
    Unknown,
    /// Without a time it cannot be placed.
    #[error("it has no time that can be read")]
    NoTime,
    /// A step of authentication that does not say of which sign-in.
    #[error("it does not say of which sign-in it is a step")]
    NoSignIn,
    /// An audit record that does not say what was done.
    #[error("it does not say what was done")]
    NoOperation,
    /// A row about a user that names none.
    #[error("it names no user")]
    NoUser,
    /// A row of a list of networks that has none.
    #[error(transparent)]
    NoNetwork(NoSpan),
    /// A network of which nobody says what it is.
    #[error(
        "a list of networks that does not say what they are: name the file known-good, hosting, tor or relay, \
         or write that into a first line that begins with #"
    )]
    NoNetworkKind,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is an event now.
    Event,
    /// It belongs to a table that is known and not used, or says more of another record's event.
    Other,
    /// It says more about events or people of other inputs.
    Enrichment,
    /// It is no record: a remark between the rows of a list.
    Remark,
    /// It is none that could be used.
    Refused(Refusal),
}

/// Columns of a table that are looked at.
const MOST_COLUMNS: usize = 1 << 14;

/// Turns records into rows.
#[derive(Debug)]
pub struct Reader {
    /// What was read so far.
    pub store: Store,
    /// What was learned of the input.
    pub tally: Tally,
    /// What was read that says more about events of other inputs.
    pub enrichment: Enrichment,
    /// The list that the table at hand is.
    list: Option<Beside>,
    /// What became of its first line, where that is no header.
    first_row: Option<Outcome>,
    /// What the networks of a list are, by the file's name or a person's word; whether by the latter.
    named_kind: (Option<NetworkKind>, bool),
    /// What the file's name says that its users are.
    named_class: Option<UserClass>,
    layout: Arc<Layout>,
    /// For each slot, the zone that the header of a CSV names for it.
    zones: Vec<Zone>,
    /// For each format, the keys that tell it and were not met yet.
    tells: Vec<Vec<(usize, &'static str)>>,
    last_format: Option<usize>,
    /// The stream that the file's name says its sign-ins are of.
    pub(super) named_stream: Option<Stream>,
    /// Whether times without a zone are UTC, by the word of the format of the record at hand.
    pub(super) is_utc: bool,
    tuples: Vec<Seen>,
    words: Vec<Words>,
    spelling: Vec<u8>,
    /// A field of the record at hand is damaged: what was made of it is not kept for the next.
    pub(super) spoiled: bool,
    pub(super) scratch: String,
    pub(super) step_times: Finder<'static>,
    pub(super) timeless: Vec<u8>,
    /// Reads records that stand in a cell of another.
    pub(super) embedded: Embedded,
}

impl Reader {
    /// A reader whose hashes are keyed by a seed from the input.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let layout = Layout::shared();
        Self {
            store: Store::new(seed),
            tally: Tally::default(),
            enrichment: Enrichment::default(),
            list: None,
            first_row: None,
            named_kind: (None, false),
            named_class: None,
            zones: vec![Zone::default(); layout.slots()],
            embedded: Embedded::new(layout.keys(), seed),
            tells: (0..super::ALL.len()).map(|index| layout.tells(index)).collect(),
            layout,
            last_format: None,
            named_stream: None,
            is_utc: false,
            tuples: (0..Column::COUNT).map(|_| Seen::new(seed)).collect(),
            words: (0..Column::COUNT).map(|_| Words::default()).collect(),
            spelling: Vec::new(),
            spoiled: false,
            scratch: String::new(),
            step_times: Finder::new(b"tepDateTime"),
            timeless: Vec::new(),
        }
    }

    /// Takes the name of the file, which of the admin center's downloads alone tells the stream.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.named_stream = file_name::stream(name);
        let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
        self.named_kind = (NetworkKind::of_text(last), false);
        self.named_class = UserClass::of_text(last);
        self
    }

    /// Takes a person's word for it: a table that is no export is a list of networks of this kind.
    #[must_use]
    pub fn listing(mut self, kind: NetworkKind) -> Self {
        self.named_kind = (Some(kind), true);
        self
    }

    /// The layout that records must follow.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Takes the header of a CSV column: its slot, if any format asks for it. The zone of display
    /// that it names behind the column (` [UTC]`) is that of the column's times from now on.
    pub fn column(&mut self, header: &str) -> Option<usize> {
        let slot = self.layout.slot_of_header(header)?;
        if let Some(zone) = self.zones.get_mut(slot) {
            *zone = zone::of_header(header);
        }
        Some(slot)
    }

    /// Takes the header of a table with its first row: the slots of its columns. A header in another
    /// language is read by what is known of that language, and by its place among the columns of a
    /// header that is known.
    pub fn columns(&mut self, names: &[String], first: &[&[u8]]) -> Vec<Option<usize>> {
        self.list = None;
        // No export has more than a spreadsheet has room for; those behind are looked for by nobody.
        let names = names.get(..MOST_COLUMNS).unwrap_or(names);
        if let Some(header) = self.layout.portal_header(names, first) {
            self.tally.languages.insert(header.language.to_owned());
            return header.names.iter().map(|name| self.column(name)).collect();
        }
        let slots: Vec<Option<usize>> = names.iter().map(|name| self.column(name)).collect();
        if !self.layout.is_told(&slots)
            && let Some((list, is_row)) = self.beside(names, first)
        {
            self.list = Some(list);
            let line: Vec<Cell<'_>> = names.iter().map(|name| Cell::Text(name.as_bytes())).collect();
            self.first_row = is_row.then(|| self.take(&line, 0, 0));
            return (0..names.len()).map(Some).collect();
        }
        if !self.layout.is_told(&slots) && portal_header::may_be(first) {
            self.tally.languages.insert(Tally::UNREAD.to_owned());
        }
        slots
    }

    /// Whether this row of a sheet, before that one, names the columns of an export.
    #[must_use]
    pub fn is_header(&self, names: &[String], first: &[&[u8]]) -> bool {
        let slots: Vec<Option<usize>> = names.iter().map(|name| self.layout.slot_of_header(name)).collect();
        self.layout.is_header(&slots) || self.layout.portal_header(names, first).is_some()
    }

    /// Some cells of the record that was taken last do not hold what they should: counts them by the
    /// columns of its format.
    pub fn note_damage(&mut self, slots: &[usize]) {
        let Some(format) = self.last_format.filter(|_| !slots.is_empty()) else { return };
        let layout = Arc::clone(&self.layout);
        for column in layout.columns_of(format, slots) {
            *self.tally.damaged.entry(column.name()).or_default() += 1;
        }
    }

    /// Takes the name of a sheet whose rows are records.
    pub fn sheet(&mut self, number: u16, name: &str) {
        self.tally.sheets.insert(number, name.to_owned());
    }

    /// Counts rows of a sheet that is no table of an export.
    pub fn other_sheet(&mut self, name: &str, rows: u64) {
        let name = other_tables::plain_name(name.as_bytes()).unwrap_or(other_tables::UNNAMED);
        *self.tally.other.entry(format!("sheet {name}")).or_default() += rows;
    }

    /// Takes one record: its cells by the slots of the layout.
    pub fn take(&mut self, cells: &[Cell<'_>], record: u64, offset: u64) -> Outcome {
        match &mut self.list {
            Some(Beside::Networks(list)) => {
                let row = list.row(cells);
                return self.take_networks(row.map(|entry| entry.map(|entry| vec![entry])));
            }
            Some(Beside::Users(list)) => {
                let row = list.row(cells);
                return self.take_user(row);
            }
            None => {}
        }
        self.take_nested(cells, record, offset, 0)
    }

    /// Takes a record that stands in `depth` others.
    pub(super) fn take_nested(&mut self, cells: &[Cell<'_>], record: u64, offset: u64, depth: u32) -> Outcome {
        let layout = Arc::clone(&self.layout);
        if let Some(outcome) = self.take_inner(&layout, cells, (record, offset), depth) {
            return outcome;
        }
        let Some((index, kind)) = layout.recognise(cells) else {
            return self.take_other(&layout, cells);
        };
        let record = u32::try_from(record).unwrap_or(u32::MAX);
        let composed = layout.compose(cells, index);
        let row = layout.row(cells, index, &composed);
        self.is_utc = layout.format(index).is_some_and(|format| format.is_utc);
        let mut is_enrichment = false;
        let refusal = match kind {
            Kind::NamedLocation | Kind::Identity | Kind::RoleAssignment | Kind::DirectoryRole => {
                self.take_enrichment(kind, &row).map(|gave| is_enrichment = gave).err()
            }
            Kind::SignIn => {
                self.note_location(&row);
                self.sign_in(&row, record, offset).map(|row| self.store.sign_ins.push(row)).err()
            }
            Kind::Audit => self.audit(&row, record, offset).map(|row| self.store.audits.push(row)).err(),
            Kind::Activity => self.activity(&row, record, offset).map(|row| self.store.activities.push(row)).err(),
            Kind::Risk => self.risk_event(&row, record, offset).map(|row| self.store.risk_events.push(row)).err(),
            Kind::Step => self.step(&row, record, offset).map(|row| self.store.steps.push(row)).err(),
            Kind::UnifiedSignIn => {
                self.unified_sign_in(&row, record, offset).map(|row| self.store.sign_ins.push(row)).err()
            }
            Kind::UnifiedAudit => self.unified_audit(&row, record, offset).map(|row| self.store.audits.push(row)).err(),
            Kind::Other => {
                let category = row.cell(Column::Category);
                let name = if category.is_empty() { row.cell(Column::Table) } else { category };
                self.count_other(name);
                None
            }
        };
        if let Some(refusal) = refusal {
            return Outcome::Refused(refusal);
        }
        self.note_marks(index, cells);
        if self.last_format != Some(index)
            && let Some(format) = layout.format(index)
        {
            self.tally.formats.insert(format.name);
            self.last_format = Some(index);
        }
        if is_enrichment {
            return Outcome::Enrichment;
        }
        if matches!(kind, Kind::NamedLocation | Kind::DirectoryRole | Kind::Other | Kind::Step) {
            Outcome::Other
        } else {
            Outcome::Event
        }
    }

    /// What became of the header of a table that is a row itself, once.
    pub fn first_row(&mut self) -> Option<Outcome> {
        self.first_row.take()
    }

    fn take_other(&mut self, layout: &Layout, cells: &[Cell<'_>]) -> Outcome {
        let Some((name, marks)) = layout.other_table(cells).and_then(|index| other_tables::ALL.get(index)) else {
            return Outcome::Refused(Refusal::Unknown);
        };
        if name.is_empty() {
            self.count_other(layout.name_of_table(cells));
        } else {
            *self.tally.other.entry((*name).to_owned()).or_default() += 1;
        }
        for mark in *marks {
            if !self.tally.marks.contains(*mark) {
                self.tally.marks.insert((*mark).to_owned());
            }
        }
        Outcome::Other
    }

    fn count_other(&mut self, name: Cell<'_>) {
        let name = scalar(name, &mut self.scratch).value().and_then(other_tables::plain_name);
        let name = name.unwrap_or(other_tables::UNNAMED);
        match self.tally.other.get_mut(name) {
            Some(count) => *count += 1,
            None => {
                self.tally.other.insert(name.to_owned(), 1);
            }
        }
    }

    /// Notes by which keys a format was told.
    fn note_marks(&mut self, index: usize, cells: &[Cell<'_>]) {
        let (Some(tells), marks) = (self.tells.get_mut(index), &mut self.tally.marks) else { return };
        if tells.is_empty() {
            return;
        }
        tells.retain(|(slot, name)| {
            let there = cells.get(*slot).is_some_and(|cell| !cell.is_absent());
            if there {
                marks.insert((*name).to_owned());
            }
            !there
        });
    }

    /// The zone that the header names for a slot.
    pub(super) fn zone(&self, slot: usize) -> Zone {
        self.zones.get(slot).copied().unwrap_or_default()
    }

    /// A field of this record begins like JSON and is none.
    pub(super) fn damaged(&mut self, column: Column) {
        self.spoiled = true;
        *self.tally.damaged.entry(column.name()).or_default() += 1;
    }

    /// In place of a field of this record stands the name of a type.
    pub(super) fn flattened(&mut self, column: Column) {
        self.spoiled = true;
        *self.tally.flattened.entry(column.name()).or_default() += 1;
    }

    /// A word of a closed vocabulary, its spelling remembered.
    pub(super) fn word(&mut self, column: Column, cell: Cell<'_>, absent: u8, parse: fn(&str) -> u8) -> u8 {
        if cell.is_absent() {
            return absent;
        }
        let Some(words) = self.words.get_mut(column as usize) else { return absent };
        if let Some(seen) = words.find(raw(cell)) {
            return seen;
        }
        let word = match scalar(cell, &mut self.scratch) {
            Scalar::Value(text) => parse(&String::from_utf8_lossy(text)),
            Scalar::Absent | Scalar::Empty => parse(""),
        };
        words.keep(raw(cell), word);
        word
    }

    /// What the text of a cell says, its spelling remembered; a list counts as it stands. Nothing
    /// where the cell holds nothing.
    pub(super) fn spelled(&mut self, column: Column, cell: Cell<'_>, read: impl FnOnce(&str) -> u8) -> Option<u8> {
        if cell.is_empty() {
            return None;
        }
        let words = self.words.get_mut(column as usize)?;
        if let Some(seen) = words.find(raw(cell)) {
            return Some(seen);
        }
        let text = match cell {
            Cell::Json(list @ [b'[', ..]) => list,
            _ => scalar(cell, &mut self.scratch).value()?,
        };
        let word = read(&String::from_utf8_lossy(text));
        words.keep(raw(cell), word);
        Some(word)
    }

    /// What a cell was made into, made once a spelling. Not for a cell that is absent.
    pub(super) fn once(&mut self, column: Column, cell: Cell<'_>, make: impl FnOnce(&mut Self) -> u32) -> u32 {
        self.made(column, raw(cell), make)
    }

    /// The number of a tuple that these cells spell, made once a spelling.
    pub(super) fn tuple(&mut self, column: Column, cells: &[Cell<'_>], make: impl FnOnce(&mut Self) -> u32) -> u32 {
        let mut spelling = std::mem::take(&mut self.spelling);
        spelling.clear();
        for cell in cells {
            // The length keeps neighbours apart; no cell is as long as what stands for an absent one.
            let length = if cell.is_absent() { u32::MAX } else { raw(*cell).len() as u32 };
            spelling.extend_from_slice(&length.to_le_bytes());
            spelling.extend_from_slice(raw(*cell));
        }
        let number = self.made(column, &spelling, make);
        self.spelling = spelling;
        number
    }

    fn made(&mut self, column: Column, spelling: &[u8], make: impl FnOnce(&mut Self) -> u32) -> u32 {
        let Some(seen) = self.tuples.get_mut(column as usize) else { return 0 };
        let hash = match seen.find(spelling) {
            Known::Value(known) => return known,
            Known::Hash(hash) => hash,
        };
        let before = std::mem::replace(&mut self.spoiled, false);
        let number = make(self);
        if !self.spoiled
            && let Some(seen) = self.tuples.get_mut(column as usize)
        {
            seen.keep(spelling, hash, number);
        }
        self.spoiled |= before;
        number
    }
}

/// The bytes of a cell as the file has them.
pub(super) fn raw(cell: Cell<'_>) -> &[u8] {
    match cell {
        Cell::Json(raw) | Cell::Text(raw) => raw,
        Cell::Absent => &[],
    }
}

//! What was learned of an input beside its events.

use crate::order::{Map, Set};

use crate::events::time::DayOrderEvidence;

use super::Column;

/// What was learned of an input beside its events. It does not depend on how the input was cut.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Names of the formats its records had.
    pub formats: Set<&'static str>,
    /// Keys by which they were recognised.
    pub marks: Set<String>,
    /// Records of known tables that are not used, by name.
    pub other: Map<String, u64>,
    /// Fields that begin like JSON and are none, by column.
    pub damaged: Map<&'static str, u64>,
    /// Fields in whose place PowerShell wrote the name of a type, by column.
    pub flattened: Map<&'static str, u64>,
    /// What its times prove of the order of day and month.
    pub days: DayOrderEvidence,
    /// Times whose day and month could be either way round.
    pub ambiguous_days: u64,
    /// Times without a zone.
    pub without_zone: u64,
    /// Those of them whose header says that they are in a local time, and not in which.
    pub local_times: u64,
    /// Pages of Microsoft Graph, and those of them that name a next one.
    pub pages: (u64, u64),
    /// Records that Splunk marks as the preview of a search that is not done.
    pub previews: u64,
    /// The languages of its header, where that is not English: [`Tally::BY_PLACE`] where the language
    /// is not known and the columns were told by their place, [`Tally::UNREAD`] where they were not.
    pub languages: Set<String>,
    /// Names of a workbook's sheets whose rows are records, by number.
    pub sheets: Map<u16, String>,
}

impl Tally {
    /// The name under which records are counted whose bytes are no UTF-8.
    pub const TEXT: &'static str = "text";

    /// Stands for a language that is not known, whose columns were told by their place.
    pub const BY_PLACE: &'static str = "unknown";

    /// Stands for a language that is not known, whose columns were not told.
    pub const UNREAD: &'static str = "unread";

    /// A name under which damage is counted: that of a column, or [`Tally::TEXT`].
    #[must_use]
    pub fn name(name: &str) -> Option<&'static str> {
        let columns = Column::ALL.iter().map(|column| column.name());
        columns.chain([Self::TEXT]).find(|known| *known == name)
    }

    /// Takes in what was learned of another part of the same input.
    pub fn merge(&mut self, other: Self) {
        let Self {
            formats,
            marks,
            other: tables,
            damaged,
            flattened,
            days,
            ambiguous_days,
            without_zone,
            local_times,
            pages,
            previews,
            languages,
            sheets,
        } = other;
        self.formats.extend(formats);
        self.marks.extend(marks);
        add(&mut self.other, tables);
        add(&mut self.damaged, damaged);
        add(&mut self.flattened, flattened);
        self.days = self.days.merge(days);
        self.ambiguous_days += ambiguous_days;
        self.without_zone += without_zone;
        self.local_times += local_times;
        self.pages = (self.pages.0 + pages.0, self.pages.1 + pages.1);
        self.previews += previews;
        self.languages.extend(languages);
        self.sheets.extend(sheets);
    }
}

fn add<K: Ord>(into: &mut Map<K, u64>, from: Map<K, u64>) {
    for (name, count) in from {
        *into.entry(name).or_default() += count;
    }
}

//! Devices, places and outcomes of formats that keep each part in a column of its own.

use crate::events::Step;
use crate::events::dictionary::TextId;
use crate::events::tuples::{Device, Location, Outcome, Stated};
use crate::intake::Cell;

use super::nested;
use super::reader::{Reader, Refusal};
use super::scalar::{self, Scalar, scalar};
use super::{Column, Row, build_nested};

/// Degrees between which a coordinate lies.
const FARTHEST: f64 = 360.0;

impl Reader {
    /// The device of columns of its own; the absent one where the format has none of them.
    pub(super) fn flat_device(&mut self, row: &Row<'_>) -> u32 {
        let cells = [
            Column::DeviceId,
            Column::DeviceName,
            Column::DeviceSystem,
            Column::DeviceBrowser,
            Column::DeviceTrust,
            Column::DeviceCompliant,
            Column::DeviceManaged,
        ]
        .map(|column| row.cell(column));
        if cells.iter().all(Cell::is_absent) {
            return 0;
        }
        self.tuple(Column::DeviceId, &cells, |reader| {
            let [id, name, system, browser, trust, compliant, managed] = cells;
            let trust = match scalar(trust, &mut reader.scratch) {
                Scalar::Absent => TextId::ABSENT,
                Scalar::Empty => TextId::EMPTY,
                Scalar::Value(text) => {
                    let text = String::from_utf8_lossy(text).into_owned();
                    reader.trust(&text)
                }
            };
            let device = Device {
                id: reader.id(id),
                name: reader.plain(name),
                system: reader.plain(system),
                browser: reader.plain(browser),
                trust,
                compliant: scalar::flag(compliant, &mut reader.scratch),
                managed: scalar::flag(managed, &mut reader.scratch),
                pad: [0; 6],
            };
            reader.store.devices.intern(device)
        })
    }

    /// Builds a step of authentication that stands apart from its sign-in.
    pub(super) fn step(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<Step, Refusal> {
        let sign_in = self.id(row.cell(Column::Id)).value().ok_or(Refusal::NoSignIn)?;
        let step = self.canonical_steps(row, build_nested::steps);
        Ok(Step { offset, sign_in, record, input: 0, step, pad: 0 })
    }

    /// Adds what columns of its own say of a place.
    pub(super) fn flat_place(&mut self, row: &Row<'_>, location: &mut Location) {
        match scalar(row.cell(Column::Place), &mut self.scratch) {
            Scalar::Absent => {}
            Scalar::Empty => {
                (location.country, location.state, location.city) = (TextId::EMPTY, TextId::EMPTY, TextId::EMPTY);
            }
            Scalar::Value(text) => {
                let text = String::from_utf8_lossy(text).into_owned();
                self.place(&text, location);
                location.state = location.state.max(TextId::EMPTY);
                location.city = location.city.max(TextId::EMPTY);
            }
        }
        for (column, part) in [(Column::State, &mut location.state), (Column::City, &mut location.city)] {
            if !part.has_value() {
                *part = self.plain(row.cell(column)).max(*part);
            }
        }
        let [north, east] = [Column::Latitude, Column::Longitude].map(|column| row.cell(column));
        if !north.is_absent() && !east.is_absent() {
            location.stated = Stated(location.stated.0 | Stated::COORDINATES.0);
            for (cell, degrees) in [(north, &mut location.latitude), (east, &mut location.longitude)] {
                let text = scalar(cell, &mut self.scratch).value().and_then(|text| std::str::from_utf8(text).ok());
                // A spreadsheet of a country that writes commas writes them here too.
                let number = text.and_then(|text| text.replace(',', ".").parse::<f64>().ok());
                if let Some(number) = number.filter(|number| number.abs() <= FARTHEST) {
                    #[expect(clippy::cast_possible_truncation, reason = "at most 3,600,000")]
                    let whole = (number * 10_000.0).round() as i32;
                    *degrees = whole;
                }
            }
        }
    }

    /// Adds what columns of their own say of an outcome: a status in a word, its details.
    pub(super) fn flat_outcome(&mut self, row: &Row<'_>, outcome: &mut Outcome) {
        let details = row.cell(Column::StatusDetails);
        if !details.is_absent() && !outcome.details.has_value() {
            outcome.details = self.plain(details);
        }
        let word = row.cell(Column::StatusWord);
        if word.is_absent() || outcome.code().is_some() {
            return;
        }
        outcome.known = Outcome::EMPTY_CODE;
        // The admin center leaves the code of a success empty.
        let text = scalar(word, &mut self.scratch).value().unwrap_or_default();
        if nested::is_flattened(&String::from_utf8_lossy(text)) {
            self.flattened(Column::Status);
            outcome.known = Outcome::ABSENT_CODE;
        } else if let Some(code) = if is_success(text) { Some(0) } else { scalar::whole(text) } {
            (outcome.code, outcome.known) = (code, Outcome::CODE);
        }
    }
}

/// Whether a word says that a sign-in succeeded.
fn is_success(word: &[u8]) -> bool {
    let word = String::from_utf8_lossy(word);
    crate::knowledge::portal::canonical(&word).eq_ignore_ascii_case("success")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_is_a_word_in_any_language() {
        for word in ["Success", "success", "Op\u{e9}ration r\u{e9}ussie"] {
            assert!(is_success(word.as_bytes()), "{word}");
        }
        for word in ["Failure", "Interrupted", "\u{c9}chec", "unsuccessful", ""] {
            assert!(!is_success(word.as_bytes()), "{word}");
        }
    }
}

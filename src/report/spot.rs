//! Where a record begins in its input: at a byte, or in a row of a workbook's sheet.

use serde::Serialize;

use crate::analysis::Input;
use crate::intake::SheetRow;
use crate::words::figure;

/// Where a record begins in its input: at a byte, or in a row of a workbook's sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Spot {
    /// Byte offset in the unpacked input; nothing in a workbook.
    pub offset: Option<u64>,
    /// Name of the sheet, in a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub sheet: Option<String>,
    /// Number of the row in the sheet, from one; nothing where the sheet as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub row: Option<u32>,
    /// As events keep it: what the record is read again by.
    #[serde(skip)]
    pub place: u64,
}

impl Spot {
    /// For a place in this input, as events keep it.
    #[must_use]
    pub fn new(input: Option<&Input>, place: u64) -> Self {
        let Some(SheetRow { sheet, row, .. }) = SheetRow::of_offset(place) else {
            return Self { offset: Some(place), sheet: None, row: None, place };
        };
        let name = input.and_then(|input| input.sheets.get(&sheet)).cloned();
        let name = name.unwrap_or_else(|| format!("number {sheet}"));
        Self { offset: None, sheet: Some(name), row: (row > 0).then_some(row), place }
    }

    /// In words; the name of a sheet as its workbook has it.
    #[must_use]
    pub fn words(&self) -> String {
        match (&self.sheet, self.row) {
            (None, _) => format!("byte {}", figure(self.place)),
            (Some(sheet), None) => format!("sheet {sheet}"),
            (Some(sheet), Some(row)) => format!("row {} of sheet {sheet}", figure(u64::from(row))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_and_a_row_are_told_apart() {
        let input = Input { sheets: [(2, "Sign-ins".to_owned())].into(), ..Input::default() };
        let json = |spot: &Spot| serde_json::to_string(spot).unwrap();
        let byte = Spot::new(Some(&input), 12_345);
        assert_eq!((byte.words().as_str(), json(&byte).as_str()), ("byte 12,345", r#"{"offset":12345}"#));
        let row = Spot::new(Some(&input), SheetRow { sheet: 2, header: 1, row: 1_017 }.offset());
        assert_eq!(row.words(), "row 1,017 of sheet Sign-ins");
        assert_eq!(json(&row), r#"{"offset":null,"sheet":"Sign-ins","row":1017}"#);
        let sheet = Spot::new(Some(&input), SheetRow { sheet: 3, header: 0, row: 0 }.offset());
        assert_eq!(sheet.words(), "sheet number 3");
    }
}

//! Where a row of a workbook stands, in the place of a byte offset.

/// Bits of a row's number, of that of its header, of that of its sheet.
const ROW: u32 = 21;
const HEADER: u32 = 4;
const SHEET: u32 = 16;
/// Set in the offset of a row of a sheet: no file has so many bytes, and JavaScript counts as far.
const MARK: u64 = 1 << 51;

/// A row of a sheet, all numbers from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Number of the sheet, in the order of the workbook.
    pub sheet: u16,
    /// Number of the row that names the columns; zero where none was found.
    pub header: u8,
    /// Number of the row; zero where it is not known.
    pub row: u32,
}

impl SheetRow {
    /// As it stands in the place of a byte offset.
    #[must_use]
    pub fn offset(self) -> u64 {
        let (sheet, header) = (u64::from(self.sheet), u64::from(self.header) & ((1 << HEADER) - 1));
        let row = u64::from(self.row) & ((1 << ROW) - 1);
        MARK | sheet << (HEADER + ROW) | header << ROW | row
    }

    /// The row that this stands for; nothing where it is the offset of a byte.
    #[must_use]
    pub fn of_offset(offset: u64) -> Option<Self> {
        let bits = |from: u32, count: u32| (offset >> from) & ((1 << count) - 1);
        (offset >> (ROW + HEADER + SHEET) == MARK >> (ROW + HEADER + SHEET)).then_some(Self {
            sheet: bits(ROW + HEADER, SHEET) as u16,
            header: bits(ROW, HEADER) as u8,
            row: bits(0, ROW) as u32,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_from_its_offset_and_a_byte_is_no_row() {
        for row in [
            SheetRow { sheet: 1, header: 1, row: 2 },
            SheetRow { sheet: u16::MAX, header: 10, row: 1_048_576 },
            SheetRow { sheet: 3, header: 0, row: 0 },
        ] {
            assert_eq!(SheetRow::of_offset(row.offset()), Some(row));
            assert!(row.offset() < 1 << 53);
        }
        for offset in [0, 1 << 50, u64::MAX, (1 << 52) | MARK] {
            assert_eq!(SheetRow::of_offset(offset), None);
        }
        let rows = [(1, 5), (1, 6), (2, 1)].map(|(sheet, row)| SheetRow { sheet, header: 1, row }.offset());
        assert!(rows.is_sorted());
    }
}

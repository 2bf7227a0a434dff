//! Writes small workbooks, as a spreadsheet saves them.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A cell of a sheet.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// There is none.
    Nothing,
    /// Text, shared with other cells.
    Text(String),
    /// Text of its own.
    Inline(String),
    /// What a formula gives.
    Formula(String),
    /// A number as written.
    Number(String),
    /// Days, shown as a date.
    Date(f64),
    /// Yes or no.
    Truth(bool),
    /// An error of a formula.
    Error(&'static str),
}

/// A text cell.
pub(crate) fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// A workbook to write.
#[derive(Default)]
pub(crate) struct Workbook {
    pub(crate) sheets: Vec<(String, String)>,
    pub(crate) shared: Vec<String>,
    /// Whether days are counted from 1904.
    pub(crate) from_1904: bool,
}

impl Workbook {
    /// Adds a sheet whose first row is of this number.
    pub(crate) fn sheet(mut self, name: &str, first: usize, rows: &[Vec<Cell>]) -> Self {
        let mut xml = String::new();
        for (number, row) in (first..).zip(rows) {
            write!(xml, "<row r=\"{number}\" spans=\"1:3\">").unwrap();
            for (column, cell) in row.iter().enumerate() {
                self.cell(&mut xml, &format!("{}{number}", letters(column)), cell);
            }
            xml.push_str("</row>");
        }
        self.raw_sheet(name, &xml)
    }

    /// Adds a sheet of these rows as XML.
    pub(crate) fn raw_sheet(mut self, name: &str, rows: &str) -> Self {
        let xml = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"A1:B2\"/>\
             <sheetData>{rows}</sheetData><pageMargins left=\"0.7\"/></worksheet>"
        );
        self.sheets.push((name.to_owned(), xml));
        self
    }

    fn cell(&mut self, xml: &mut String, place: &str, cell: &Cell) {
        let written = match cell {
            Cell::Nothing => return,
            Cell::Text(text) => {
                self.shared.push(format!("<t xml:space=\"preserve\">{}</t>", escaped(text)));
                format!("<c r=\"{place}\" t=\"s\"><v>{}</v></c>", self.shared.len() - 1)
            }
            Cell::Inline(text) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text)),
            Cell::Formula(text) => {
                format!("<c r=\"{place}\" t=\"str\"><f>A1&amp;\"x\"</f><v>{}</v></c>", escaped(text))
            }
            Cell::Number(text) => format!("<c r=\"{place}\"><v>{text}</v></c>"),
            Cell::Date(days) => format!("<c r=\"{place}\" s=\"1\"><v>{days}</v></c>"),
            Cell::Truth(truth) => format!("<c r=\"{place}\" t=\"b\"><v>{}</v></c>", u8::from(*truth)),
            Cell::Error(error) => format!("<c r=\"{place}\" t=\"e\"><f>1/0</f><v>{error}</v></c>"),
        };
        xml.push_str(&written);
    }

    /// The files of it, by name.
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let mut list = String::new();
        let mut relations = format!(
            "<Relationship Id=\"a\" Type=\"{RELATION}/styles\" Target=\"styles.xml\"/>\
             <Relationship Id=\"b\" Type=\"{RELATION}/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
        );
        let mut files = Vec::new();
        for (number, (name, xml)) in (1..).zip(&self.sheets) {
            write!(list, "<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>", escaped(name)).unwrap();
            write!(
                relations,
                "<Relationship Id=\"rId{number}\" Type=\"{RELATION}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            )
            .unwrap();
            files.push((format!("xl/worksheets/sheet{number}.xml"), xml.clone()));
        }
        let texts: String = self.shared.iter().map(|text| format!("<si>{text}</si>")).collect();
        let properties = if self.from_1904 { "<workbookPr date1904=\"1\"/>" } else { "<workbookPr/>" };
        files.extend([
            ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
            ("_rels/.rels".to_owned(), "<Relationships/>".to_owned()),
            ("xl/workbook.xml".to_owned(), format!("<workbook>{properties}<sheets>{list}</sheets></workbook>")),
            ("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{relations}</Relationships>")),
            (
                "xl/styles.xml".to_owned(),
                "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>\
                 <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
                 <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"
                    .to_owned(),
            ),
            ("xl/sharedStrings.xml".to_owned(), format!("<sst>{texts}</sst>")),
        ]);
        for (_, xml) in &mut files {
            xml.insert_str(0, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n");
        }
        files
    }

    /// As a file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        packed(&self.files())
    }
}

/// Packs the files of a workbook.
pub(crate) fn packed(files: &[(String, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, xml) in files {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(xml.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\r', "_x000D_")
}

/// A column as letters.
pub(crate) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.insert(0, b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    String::from_utf8(letters).unwrap()
}

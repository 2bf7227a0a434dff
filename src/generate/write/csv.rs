//! Comma-separated values as Log Analytics exports them: UTF-8 with a byte order mark, CRLF.

use super::json::Json;

/// A table of columns and rows.
pub(super) fn table(columns: &[String], rows: impl Iterator<Item = Vec<Json>>) -> String {
    let mut text = String::from("\u{feff}");
    line(&mut text, columns.iter().map(String::as_str));
    for row in rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        line(&mut text, cells.iter().map(String::as_str));
    }
    text
}

/// Nested values are JSON text, what is missing is empty.
fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Text(text) => text.clone(),
        other => other.line(),
    }
}

fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\r', '\n']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}

//! A record that is carried as text inside another record.

use std::sync::Arc;

use super::scan::{BLOCK, Marks, Scanner};
use super::walk::{Look, Shape, Spans, Walker};
use crate::keys::Memory;
use crate::{Cell, Keys};

/// How far a text could be read as a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embed {
    /// One whole object.
    Whole,
    /// An object that is cut or damaged; what stands before the damage was read.
    Broken,
    /// No object at all.
    NoObject,
}

/// Reads records that stand as text in a cell of another record.
#[derive(Debug)]
pub struct Embedded {
    keys: Arc<Keys>,
    memory: Vec<Memory>,
    spans: Spans,
    marks: Marks,
}

impl Embedded {
    /// For records with these keys.
    #[must_use]
    pub fn new(keys: Arc<Keys>, seed: u64) -> Self {
        Self { memory: Memory::all(&keys, seed), spans: Spans::new(keys.len()), marks: Marks::default(), keys }
    }

    /// Reads the object that `text` is, and puts its values into the cells of their slots.
    pub fn read<'a>(&mut self, text: &'a [u8], cells: &mut [Cell<'a>]) -> Embed {
        let text = text.trim_ascii();
        if !text.starts_with(b"{") || text.len() > super::super::LONGEST_RECORD {
            return Embed::NoObject;
        }
        self.scan(text);
        self.spans.clear();
        let mut walker = Walker::new(text, &self.marks, text.len(), true);
        walker.at = 1;
        let mut look = Look { keys: &self.keys, memory: &mut self.memory, spans: &mut self.spans };
        let shape = walker.object(&mut look, 0, 0, false);
        for (slot, from, to) in self.spans.filled() {
            if let (Some(cell), Some(value)) = (cells.get_mut(slot), text.get(from..to)) {
                *cell = Cell::Json(value);
            }
        }
        match shape {
            Ok(Shape::Object(end)) if text.get(end..).is_some_and(|rest| rest.trim_ascii().is_empty()) => Embed::Whole,
            _ => Embed::Broken,
        }
    }

    fn scan(&mut self, text: &[u8]) {
        self.marks.clear();
        let mut scanner = Scanner::default();
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut base = 0_u32;
        for block in blocks {
            scanner.block(block, base, &mut self.marks);
            base += BLOCK as u32;
        }
        if !rest.is_empty() {
            let mut block = [b' '; BLOCK];
            block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            scanner.block(&block, base, &mut self.marks);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Embed, Vec<String>) {
        let keys = Arc::new(Keys::new(&["Id", "AppAccessContext", "AppAccessContext.AADSessionId"]));
        let mut embedded = Embedded::new(keys, 7);
        let mut found = (Embed::NoObject, Vec::new());
        // The second time over the same memory reads the same.
        for _ in 0..2 {
            let mut cells = [Cell::Absent; 3];
            let how = embedded.read(text.as_bytes(), &mut cells);
            let told = cells.iter().map(|cell| match cell {
                Cell::Json(raw) | Cell::Text(raw) => String::from_utf8_lossy(raw).into_owned(),
                Cell::Absent => "-".to_owned(),
            });
            found = (how, told.collect());
        }
        found
    }

    #[test]
    fn an_object_in_a_text_is_read_by_its_keys() {
        let (how, cells) = read(r#" {"id":"a","Other":[1,{"Id":2}],"AppAccessContext":{"AADSessionId":"s"}} "#);
        assert_eq!(
            (how, cells),
            (Embed::Whole, ["\"a\"", r#"{"AADSessionId":"s"}"#, "\"s\""].map(str::to_owned).into())
        );
        let long = format!(r#"{{"Other":"{}","Id":"z"}}"#, "x".repeat(500));
        assert_eq!(read(&long).1.first().map(String::as_str), Some("\"z\""));
    }

    #[test]
    fn of_a_text_that_is_cut_what_stands_before_the_cut_is_read() {
        for text in [r#"{"Id":"a","Other":"b"#, r#"{"Id":"a","Other":"#, r#"{"Id":"a",}"#, r#"{"Id":"a"} {"Id":"b"}"#] {
            let (how, cells) = read(text);
            assert_eq!((how, cells.first().map(String::as_str)), (Embed::Broken, Some("\"a\"")), "{text}");
        }
        assert_eq!(read("{").0, Embed::Broken);
        for text in ["", "plain", "[{\"Id\":1}]", "\"{}\"", "null"] {
            assert_eq!(read(text).0, Embed::NoObject, "{text}");
        }
        assert_eq!(read("{}").0, Embed::Whole);
    }
}

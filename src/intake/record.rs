//! One record as its reader hands it on: the values of the paths that some format asks for.

use std::borrow::Cow;

/// A value of a record, not yet decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// The record has no such key or column.
    Absent,
    /// A JSON value as the file has it: a string with its quotes and escapes, a number, an object…
    Json(&'a [u8]),
    /// A CSV cell, quotes removed.
    Text(&'a [u8]),
}

impl<'a> Cell<'a> {
    /// Whether the record has no such key or column.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether it holds nothing: absent, `null`, `""`, `[]`, `{}`, or a cell of blanks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Json(raw) => matches!(*raw, b"null" | b"\"\"" | b"[]" | b"{}"),
            Self::Text(text) => text.trim_ascii().is_empty(),
        }
    }

    /// A scalar as text: a string unescaped, a number or truth value as written. Nothing for null,
    /// objects and lists. `scratch` lends its memory where an escape must be undone.
    #[must_use]
    pub fn text<'s>(&self, scratch: &'s mut String) -> Option<Cow<'s, str>>
    where
        'a: 's,
    {
        match *self {
            Self::Absent => None,
            Self::Text(text) => Some(String::from_utf8_lossy(text)),
            Self::Json(raw) => match raw.first()? {
                b'{' | b'[' => None,
                b'"' => {
                    let inner = raw.get(1..raw.len().saturating_sub(1))?;
                    if memchr::memchr(b'\\', inner).is_none() {
                        return Some(String::from_utf8_lossy(inner));
                    }
                    *scratch = serde_json::from_slice(raw).ok()?;
                    Some(Cow::Borrowed(scratch))
                }
                _ if raw == b"null" => None,
                _ => Some(String::from_utf8_lossy(raw)),
            },
        }
    }
}

/// The paths that are looked for, such as `id` or `properties.id`; keys compare ignoring ASCII case.
#[derive(Debug)]
pub struct Keys {
    pub(super) paths: Vec<String>,
}

impl Keys {
    /// The paths, in the order of the slots of a record.
    #[must_use]
    pub fn new(paths: &[&str]) -> Self {
        Self { paths: paths.iter().map(|path| path.to_ascii_lowercase()).collect() }
    }

    /// The paths in lower case.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// How many slots a record has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
}

//! Nested values: objects and lists, as JSON or as JSON text in a string or a CSV cell.

use serde_json::Value;

use crate::intake::Cell;

/// What a cell holds that should be nested.
#[derive(Debug)]
pub(super) enum Nested {
    /// No such field.
    Absent,
    /// The field is there and empty: null, `""`, `[]`, `{}`.
    Empty,
    /// An object or a list.
    Value(Value),
    /// A plain text where something nested was expected.
    Text(String),
    /// Begins like JSON and is none: cut off at 32,767 characters by a spreadsheet, say.
    Damaged,
}

/// Decodes a cell. JSON text inside a string is decoded too, up to two levels deep.
pub(super) fn decode(cell: &Cell<'_>) -> Nested {
    if cell.is_absent() {
        return Nested::Absent;
    }
    if cell.is_empty() {
        return Nested::Empty;
    }
    let mut scratch = String::new();
    let mut text = match cell {
        Cell::Json(raw) if !raw.starts_with(b"\"") => String::from_utf8_lossy(raw).into_owned(),
        _ => match cell.text(&mut scratch) {
            Some(text) => text.trim().to_owned(),
            None => return Nested::Empty,
        },
    };
    for _ in 0..2 {
        match text.as_bytes().first() {
            Some(b'{' | b'[') => {
                return match serde_json::from_str::<Value>(&text) {
                    Ok(Value::Array(list)) if list.is_empty() => Nested::Empty,
                    Ok(Value::Object(map)) if map.is_empty() => Nested::Empty,
                    Ok(value) => Nested::Value(value),
                    // Scopes were once written as a list without quotes: `[User.Read,openid]`.
                    Err(_) => Nested::Damaged,
                };
            }
            Some(b'"') => match serde_json::from_str::<String>(&text) {
                Ok(inner) => text = inner.trim().to_owned(),
                Err(_) => return Nested::Damaged,
            },
            _ => break,
        }
    }
    if text.is_empty() { Nested::Empty } else { Nested::Text(text) }
}

/// A member of an object, its name compared ignoring case.
pub(super) fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let map = value.as_object()?;
    map.get(name).or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// A scalar member as text; nothing where absent, `Some("")` where null or empty.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    member(value, name).map(|value| match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    })
}

/// The texts of a list member.
pub(super) fn texts(value: &Value, name: &str) -> Vec<String> {
    let list = member(value, name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

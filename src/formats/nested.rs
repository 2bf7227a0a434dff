//! Nested values: objects and lists, as JSON or as JSON text in a string or a CSV cell.

use serde_json::Value;

use crate::intake::Cell;
use crate::order::Arrange;

/// What a cell holds that should be nested.
#[derive(Debug, PartialEq)]
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
    /// The name of a PowerShell type, or a table of it, in place of the value.
    Flattened,
}

/// How often JSON text may stand inside a string inside a string.
const DEPTH: usize = 3;

/// Decodes a cell. JSON text inside a string is decoded too.
pub(super) fn decode(cell: Cell<'_>) -> Nested {
    if cell.is_absent() {
        return Nested::Absent;
    }
    if cell.is_empty() {
        return Nested::Empty;
    }
    let mut scratch = String::new();
    let mut text = match cell {
        Cell::Json(raw @ [b'{' | b'[', ..]) => String::from_utf8_lossy(raw).into_owned(),
        _ => match cell.text(&mut scratch) {
            Some(text) => text.trim().to_owned(),
            None => return Nested::Empty,
        },
    };
    for _ in 0..DEPTH {
        match text.as_bytes().first() {
            Some(b'{' | b'[') => {
                return match serde_json::from_str::<Value>(&text) {
                    Ok(Value::Array(list)) if list.is_empty() => Nested::Empty,
                    Ok(Value::Object(map)) if map.is_empty() => Nested::Empty,
                    Ok(value) => Nested::Value(value),
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
    match text.as_str() {
        "" | "null" | "None" => Nested::Empty,
        flat if is_flattened(flat) => Nested::Flattened,
        _ => Nested::Text(text),
    }
}

/// Whether PowerShell wrote the name of a type, or a table as `@{key=value; …}`, in place of a value.
pub(super) fn is_flattened(text: &str) -> bool {
    const MARKS: [&str; 5] = ["Microsoft.Graph.", "System.Object", "System.Collections.", "System.String[]", "@{"];
    MARKS.iter().any(|mark| text.starts_with(mark))
}

/// A member of an object, its name compared ignoring case and underscores: Elastic writes `error_code`.
pub(super) fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let map = value.as_object()?;
    map.get(name).or_else(|| map.iter().find(|(key, _)| letters(key).eq(letters(name))).map(|(_, value)| value))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}

/// The entries of a list. PowerShell writes a list of one as its entry; Elastic writes an object whose
/// names are the places.
pub(super) fn entries(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        Value::Object(map) => {
            let places: Option<Vec<usize>> = map.keys().map(|name| name.parse().ok()).collect();
            let Some(places) = places.filter(|places| !places.is_empty()) else { return vec![value] };
            let mut placed: Vec<(usize, &Value)> = places.into_iter().zip(map.values()).collect();
            placed.arrange_by_key(|(place, _)| *place);
            placed.into_iter().map(|(_, entry)| entry).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// A scalar member as text; nothing where absent, `Some("")` where null or empty.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    member(value, name).map(scalar_text)
}

/// A scalar as text; empty for null, lists and objects.
pub(super) fn scalar_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// The texts of a list member; a single text counts as a list of one.
pub(super) fn texts(value: &Value, name: &str) -> Vec<String> {
    match member(value, name) {
        Some(Value::Array(list)) => list.iter().map(scalar_text).filter(|text| !text.is_empty()).collect(),
        Some(other) => Some(scalar_text(other)).filter(|text| !text.is_empty()).into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_text_is_decoded_wherever_it_stands() {
        let expected = Nested::Value(json!({"errorCode": 0}));
        for raw in [r#"{"errorCode":0}"#, r#""{\"errorCode\":0}""#, r#""\"{\\\"errorCode\\\":0}\"""#] {
            assert_eq!(decode(Cell::Json(raw.as_bytes())), expected, "{raw}");
        }
        for text in [r#"{"errorCode":0}"#, r#" {"errorCode":0} "#, r#""{\"errorCode\":0}""#] {
            assert_eq!(decode(Cell::Text(text.as_bytes())), expected, "{text}");
        }
    }

    #[test]
    fn empty_absent_damaged_and_flattened_are_told_apart() {
        assert_eq!(decode(Cell::Absent), Nested::Absent);
        for raw in ["null", "\"\"", "[]", "{}", "[\n\n ]", "\"[]\"", "\"{}\"", "\"null\""] {
            assert_eq!(decode(Cell::Json(raw.as_bytes())), Nested::Empty, "{raw}");
        }
        for text in ["", " ", "[]", "{}", "null"] {
            assert_eq!(decode(Cell::Text(text.as_bytes())), Nested::Empty, "{text}");
        }
        for text in [r#"{"deviceId":"#, r#"[{"id":"a"},{"i"#, r#""{\"a"#] {
            assert_eq!(decode(Cell::Text(text.as_bytes())), Nested::Damaged, "{text}");
        }
        for text in [
            "Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus",
            "System.Object[]",
            "System.Collections.Hashtable",
            "@{deviceId=; displayName=}",
        ] {
            assert_eq!(decode(Cell::Text(text.as_bytes())), Nested::Flattened, "{text}");
            assert_eq!(decode(Cell::Json(format!("\"{text}\"").as_bytes())), Nested::Flattened, "{text}");
        }
        assert_eq!(decode(Cell::Text(b"DE")), Nested::Text("DE".to_owned()));
    }

    #[test]
    fn members_are_found_in_any_case_and_scalars_become_text() {
        let value = json!({"ErrorCode": 50126, "succeeded": true, "reason": null, "list": ["a", 1], "one": "x"});
        assert_eq!(text(&value, "errorCode").as_deref(), Some("50126"));
        assert_eq!(text(&value, "succeeded").as_deref(), Some("true"));
        assert_eq!(text(&value, "reason").as_deref(), Some(""));
        assert_eq!(text(&value, "missing"), None);
        assert_eq!(texts(&value, "list"), ["a", "1"]);
        assert_eq!(texts(&value, "one"), ["x"]);
        assert!(texts(&value, "reason").is_empty());
    }
}

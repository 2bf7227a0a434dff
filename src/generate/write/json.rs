//! JSON values whose keys stay in the order in which they were put.

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(i64),
    /// Ten-thousandths, of coordinates.
    Fraction(i32),
    Text(String),
    List(Vec<Self>),
    Object(Object),
}

/// An object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object(pub(super) Vec<(&'static str, Json)>);

impl Object {
    /// Puts a key at the end.
    pub(super) fn put(&mut self, key: &'static str, value: impl Into<Json>) {
        self.0.push((key, value.into()));
    }

    /// Leaves out keys without a value, and those named: as who asks for some fields only.
    pub(super) fn only_needed(mut self, needless: &[&str]) -> Self {
        self.0.retain(|(key, value)| {
            let empty = match value {
                Json::Null => true,
                Json::Text(text) => text.is_empty(),
                Json::List(items) => items.is_empty(),
                _ => false,
            };
            !empty && !needless.contains(key)
        });
        self
    }
}

impl Json {
    /// As text on one line.
    pub(super) fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As text with line breaks and indents.
    pub(super) fn pretty(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// A text, or null where it is empty.
    pub(super) fn text_or_null(text: &str) -> Self {
        if text.is_empty() { Self::Null } else { Self::from(text) }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Fraction(number) => serializer.serialize_f64(f64::from(*number) / 10_000.0),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<bool> for Json {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Option<bool>> for Json {
    fn from(flag: Option<bool>) -> Self {
        flag.map_or(Self::Null, Self::Bool)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

/// An object from keys and values.
macro_rules! object {
    ($($key:literal: $value:expr),* $(,)?) => {{
        let mut object = $crate::generate::write::json::Object::default();
        $(object.put($key, $value);)*
        object
    }};
}
pub(super) use object;

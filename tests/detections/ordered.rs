//! JSON whose objects keep the order of their keys.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

#[derive(Debug)]
pub(crate) enum Ordered {
    Object(Vec<(String, Ordered)>),
    Array(Vec<Ordered>),
    Leaf,
}

impl Ordered {
    /// What stands at a path such as `/sessions/0/user`.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').skip(1).try_fold(self, |value, step| match value {
            Self::Object(fields) => fields.iter().find(|(key, _)| key == step).map(|(_, value)| value),
            Self::Array(items) => items.get(step.parse::<usize>().ok()?),
            Self::Leaf => None,
        })
    }

    /// The keys of an object, in their order.
    pub(crate) fn keys(&self) -> Vec<&str> {
        match self {
            Self::Object(fields) => fields.iter().map(|(key, _)| key.as_str()).collect(),
            Self::Array(_) | Self::Leaf => Vec::new(),
        }
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        macro_rules! leaf {
            ($($name:ident: $type:ty),*) => { $(fn $name<E>(self, _: $type) -> Result<Ordered, E> { Ok(Ordered::Leaf) })* };
        }
        impl<'de> Visitor<'de> for Any {
            type Value = Ordered;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("JSON")
            }
            leaf!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
            fn visit_unit<E>(self) -> Result<Ordered, E> {
                Ok(Ordered::Leaf)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Ordered, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = access.next_element()? {
                    items.push(item);
                }
                Ok(Ordered::Array(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Ordered, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = access.next_entry()? {
                    fields.push(field);
                }
                Ok(Ordered::Object(fields))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

//! Nested values whose members a search engine keeps as columns of their own: `status.errorCode`, and of
//! a list of objects a list of each member (`authenticationDetails{}.succeeded` in Splunk).

use serde_json::{Map, Value};

use super::{Column, Flat};

/// A nested value and its members, each a column of the group with its number.
#[derive(Debug)]
pub(super) struct Nest {
    /// Our column of the value.
    pub(super) column: Column,
    /// Names of the members in the order of the group's columns; a dot leads into an object. The one
    /// without a name is the value itself.
    pub(super) members: &'static [&'static str],
    /// Whether the value is a list of such objects.
    pub(super) is_list: bool,
}

/// An object.
pub(super) const fn object(column: Column, members: &'static [&'static str]) -> Nest {
    Nest { column, members, is_list: false }
}

/// A list of objects.
pub(super) const fn list(column: Column, members: &'static [&'static str]) -> Nest {
    Nest { column, members, is_list: true }
}

/// Composes the values of which a record has any member. The nests are in the order of the groups.
pub(super) fn compose(flat: &Flat<'_>, nests: &[Nest]) -> Vec<(Column, Value)> {
    let values = nests.iter().enumerate().filter_map(|(group, nest)| {
        let value =
            if nest.is_list { list_of(flat, group, nest.members) } else { object_of(flat, group, nest.members) };
        Some((nest.column, value?))
    });
    values.collect()
}

/// The composed values as the text in which records hold them.
pub(super) fn texts(values: Vec<(Column, Value)>) -> Vec<(Column, String)> {
    values.into_iter().map(|(column, value)| (column, value.to_string())).collect()
}

/// An object of the members that the export has; nothing where it has none.
fn object_of(flat: &Flat<'_>, group: usize, members: &[&str]) -> Option<Value> {
    let mut whole = Map::new();
    for (column, path) in members.iter().enumerate().filter(|(column, _)| flat.has(group, *column)) {
        set(&mut whole, path, flat.text(group, column));
    }
    (!whole.is_empty()).then_some(Value::Object(whole))
}

/// A list of objects of lists of their members. Engines leave out what an object lacks: of which objects
/// the entries of a list are that is shorter than the longest cannot be told, so it is left out.
pub(super) fn list_of(flat: &Flat<'_>, group: usize, members: &[&str]) -> Option<Value> {
    if members == [""] {
        return flat.has(group, 0).then(|| flat.texts(group, 0).into());
    }
    let there = (0..members.len()).filter(|column| flat.has(group, *column));
    let mut lists: Vec<(&str, Vec<String>)> =
        there.filter_map(|column| Some((*members.get(column)?, flat.texts(group, column)))).collect();
    if lists.is_empty() {
        return None;
    }
    split(&mut lists);
    let longest = lists.iter().map(|(_, list)| list.len()).max().unwrap_or(0);
    let mut objects = vec![Map::new(); longest];
    for (path, list) in lists.into_iter().filter(|(_, list)| list.len() == longest) {
        for (object, text) in objects.iter_mut().zip(list) {
            set(object, path, text);
        }
    }
    Some(objects.into_iter().map(Value::Object).collect())
}

/// Kibana joins the entries of a list by commas in a CSV: several members that are all as long were such
/// lists.
fn split(lists: &mut [(&str, Vec<String>)]) {
    const JOINED: &str = ", ";
    let count = |list: &[String]| list.iter().map(|text| text.split(JOINED).count()).sum::<usize>();
    let filled = || lists.iter().filter(|(_, list)| !list.is_empty());
    let whole = filled().all(|(_, list)| list.len() == 1);
    let longest = filled().map(|(_, list)| count(list)).max().unwrap_or(0);
    if filled().count() > 1 && whole && filled().all(|(_, list)| count(list) == longest) {
        for (_, list) in lists {
            *list = list.iter().flat_map(|text| text.split(JOINED)).map(str::to_owned).collect();
        }
    }
}

fn set(object: &mut Map<String, Value>, path: &str, text: String) {
    match path.split_once('.') {
        None => {
            object.insert(path.to_owned(), Value::String(text));
        }
        Some((head, rest)) => {
            let inner = object.entry(head).or_insert_with(|| Value::Object(Map::new()));
            if let Some(inner) = inner.as_object_mut() {
                set(inner, rest, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Cell;

    fn listed(cells: &[Cell<'_>]) -> Option<String> {
        let groups = [(0..cells.len()).collect()];
        let flat = Flat { cells, groups: &groups };
        list_of(&flat, 0, &["a", "b.c"]).map(|value| value.to_string())
    }

    #[test]
    fn lists_of_members_become_a_list_of_objects() {
        for (first, second, expected) in [
            (
                Cell::Json(br#"["1","2"]"#),
                Cell::Json(br#"["x",true]"#),
                r#"[{"a":"1","b":{"c":"x"}},{"a":"2","b":{"c":"true"}}]"#,
            ),
            (Cell::Text(b"1\n2"), Cell::Text(b"x\r\ny"), r#"[{"a":"1","b":{"c":"x"}},{"a":"2","b":{"c":"y"}}]"#),
            (Cell::Text(b"1, 2"), Cell::Text(b"x, y"), r#"[{"a":"1","b":{"c":"x"}},{"a":"2","b":{"c":"y"}}]"#),
            (Cell::Json(b"\"1\""), Cell::Json(b"7"), r#"[{"a":"1","b":{"c":"7"}}]"#),
            (Cell::Json(b"\"1\""), Cell::Absent, r#"[{"a":"1"}]"#),
        ] {
            assert_eq!(listed(&[first, second]).as_deref(), Some(expected));
        }
        assert_eq!(listed(&[Cell::Absent, Cell::Absent]), None);
    }

    #[test]
    fn a_list_that_is_shorter_than_the_longest_is_left_out() {
        let both = listed(&[Cell::Json(br#"["1","2"]"#), Cell::Json(br#"["x"]"#)]);
        assert_eq!(both.as_deref(), Some(r#"[{"a":"1"},{"a":"2"}]"#));
        let commas = listed(&[Cell::Text(b"1, 2"), Cell::Text(b"x")]);
        assert_eq!(commas.as_deref(), Some(r#"[{"a":"1, 2","b":{"c":"x"}}]"#));
    }
}

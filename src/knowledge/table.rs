//! Rows of the embedded data files.

/// The rows of a data file, without comments and blank lines.
pub(super) fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The next column of a row, or nothing where the row has ended.
pub(super) fn column(columns: &mut std::str::Split<'static, char>) -> &'static str {
    columns.next().unwrap_or_default()
}

/// The row whose key is `key`, in a table sorted by key.
pub(super) fn find<K: Ord, V: Copy>(table: &[(K, V)], key: &K) -> Option<V> {
    let place = table.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
    table.get(place).map(|(_, value)| *value)
}

//! Rows counted by the numbers that columns give them: what the page asks of two million rows at a time. It stands
//! here because this package is compiled for speed.

use crate::cells::Cells;
use crate::number::{NONE, Pairs};

/// Of rows the user, the time and whether they were refused. Rows of one user stand together.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Whose each is.
    pub users: &'a [u32],
    /// When.
    pub times: &'a [i64],
    /// Whether it was refused.
    pub refused: &'a [bool],
}

/// A column of rows: of each the number of its value, and below which all numbers are.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// Numbers.
    pub cells: &'a Cells,
    /// As many numbers there are.
    pub width: usize,
}

/// Rows that have something in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub records: u64,
    /// How many of them were refused.
    pub refused: u64,
    /// Of how many users, where those of one user came one after the other.
    pub users: u64,
    /// Time of the first, later than any where there is none.
    pub first: i64,
    /// Time of the last, earlier than any where there is none.
    pub last: i64,
    /// The user of the row that was counted last.
    user: u32,
}

impl Default for Count {
    fn default() -> Self {
        Self { records: 0, refused: 0, users: 0, first: i64::MAX, last: i64::MIN, user: NONE }
    }
}

impl Count {
    /// Counts a row.
    #[inline]
    pub fn add(&mut self, user: u32, refused: bool, time: i64) {
        self.users += u64::from(self.user != user);
        self.user = user;
        self.first = self.first.min(time);
        self.last = self.last.max(time);
        self.records += 1;
        self.refused += u64::from(refused);
    }
}

/// A column of rows that may have several values each: cells are places in `values`, at which those of the row begin.
#[derive(Clone, Copy, Debug)]
pub struct Lists<'a> {
    /// Places in `values`.
    pub cells: &'a Cells,
    /// Numbers.
    pub values: &'a [u32],
    /// Where the numbers that begin at a place end.
    pub ends: &'a [u32],
    /// As many numbers there are.
    pub width: usize,
}

impl<'a> Lists<'a> {
    /// The numbers of a row, by its cell.
    #[inline]
    #[must_use]
    pub fn of(&self, cell: u32) -> &'a [u32] {
        let end = self.ends.get(cell as usize).copied().unwrap_or(cell);
        self.values.get(cell as usize..end as usize).unwrap_or_default()
    }
}

/// Combinations of values, in the order in which rows have them first.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// All rows that were counted, and those of combinations after the last.
    pub all: Count,
    /// Of each combination, how many.
    pub groups: Vec<Count>,
    /// Of each combination, a row that has it, and which of the row's values it has where a row may have several.
    pub rows: Vec<(u32, u32)>,
}

impl Counted {
    #[inline]
    fn enter(&mut self, key: u32, row: (u32, u32), (user, refused, time): (u32, bool, i64)) {
        if key as usize == self.groups.len() {
            self.groups.push(Count::default());
            self.rows.push(row);
        }
        if let Some(group) = self.groups.get_mut(key as usize) {
            group.add(user, refused, time);
        }
    }
}

/// What is known of a block of rows, and which of them are counted.
struct Facts<'a> {
    users: &'a [u32],
    times: &'a [i64],
    refused: &'a [bool],
    taken: &'a [bool],
}

impl Facts<'_> {
    fn add(&self, count: &mut Count) {
        let mut own = *count;
        for (((user, time), refused), taken) in self.users.iter().zip(self.times).zip(self.refused).zip(self.taken) {
            if *taken {
                own.add(*user, *refused, *time);
            }
        }
        *count = own;
    }

    fn enter(&self, from: usize, keys: &[u32], counted: &mut Counted) {
        let rows = self.users.iter().zip(self.times).zip(self.refused).zip(keys).zip(self.taken);
        for (((((&user, &time), &refused), &key), &taken), row) in rows.zip(from as u32..) {
            if taken {
                counted.enter(key, (row, 0), (user, refused, time));
            }
        }
    }
}

/// Rows that are looked at together.
const BLOCK: usize = 1_024;
/// Combinations whose numbers are looked up in a table.
const TABLE: usize = 4 << 20;

/// Gives pairs of numbers a number of their own, in the order in which they come.
enum Step {
    /// Few: the numbers of all pairs, the width of the second, and the next number.
    Table(Vec<u32>, usize, u32),
    Many(Pairs),
}

impl Step {
    /// After a step of so many numbers, by a column of so many.
    fn new(before: usize, width: usize, seed: u64) -> Self {
        match before.checked_mul(width).filter(|all| *all <= TABLE) {
            Some(all) => Self::Table(vec![NONE; all], width, 0),
            None => Self::Many(Pairs::new(seed)),
        }
    }

    #[inline]
    fn number(&mut self, before: u32, cell: u32, most: u32) -> u32 {
        match self {
            Self::Table(table, width, next) => in_table(table, *width, next, (before, cell), most),
            Self::Many(pairs) => pairs.number(before, cell, most),
        }
    }

    /// Gives each key that is taken the number of itself and its cell.
    fn go_on(&mut self, keys: &mut [u32], cells: &[u32], taken: &[bool], most: u32) {
        let taken = keys.iter_mut().zip(cells).zip(taken).filter(|(_, taken)| **taken).map(|(pair, _)| pair);
        match self {
            Self::Table(table, width, next) => {
                taken.for_each(|(key, cell)| *key = in_table(table, *width, next, (*key, *cell), most));
            }
            Self::Many(pairs) => taken.for_each(|(key, cell)| *key = pairs.number(*key, *cell, most)),
        }
    }
}

#[inline]
fn in_table(table: &mut [u32], width: usize, next: &mut u32, (before, cell): (u32, u32), most: u32) -> u32 {
    let Some(slot) = table.get_mut(before as usize * width + cell as usize) else { return NONE };
    if *slot == NONE && *next < most {
        *slot = *next;
        *next += 1;
    }
    *slot
}

/// Counts the rows that `takes` takes, by all columns together and by each value of `lists`; `most` combinations at
/// most. The seed is that of [`Pairs`].
#[must_use]
pub fn count(
    rows: Rows<'_>,
    columns: &[Column<'_>],
    lists: Option<Lists<'_>>,
    (most, seed): (u32, u64),
    takes: &mut dyn FnMut(usize, &mut [bool]),
) -> Counted {
    let mut combinations = 1_usize;
    let mut step = |width: usize| {
        let step = Step::new(combinations, width.max(1), seed);
        // So many there are at most, for each row has one.
        combinations = combinations.saturating_mul(width.max(1)).min(rows.users.len().max(1));
        step
    };
    let mut steps: Vec<Step> = columns.iter().map(|column| step(column.width)).collect();
    let mut last = lists.map(|lists| step(lists.width));
    let (mut counted, has_columns) = (Counted::default(), !columns.is_empty());
    let (mut keys, mut cells, mut taken) = ([0_u32; BLOCK], [0_u32; BLOCK], [true; BLOCK]);
    let blocks = rows.users.chunks(BLOCK).zip(rows.times.chunks(BLOCK)).zip(rows.refused.chunks(BLOCK));
    for (block, ((users, times), refused)) in blocks.enumerate() {
        let from = block * BLOCK;
        taken.fill(true);
        let own = taken.get_mut(..users.len()).unwrap_or_default();
        takes(from, own);
        // Rows of one user stand together: what few users have is in few blocks.
        if !own.contains(&true) {
            continue;
        }
        keys.fill(0);
        for ((column, step), left) in columns.iter().zip(&mut steps).zip((0..columns.len()).rev()) {
            column.cells.read(from, &mut cells);
            let taken = taken.get(..users.len()).unwrap_or_default();
            step.go_on(&mut keys, &cells, taken, if left == 0 && last.is_none() { most } else { NONE });
        }
        if let Some(lists) = lists {
            lists.cells.read(from, &mut cells);
        }
        let facts = Facts { users, times, refused, taken: &taken };
        facts.add(&mut counted.all);
        let Some((lists, step)) = lists.zip(last.as_mut()) else {
            if has_columns {
                facts.enter(from, &keys, &mut counted);
            }
            continue;
        };
        let rows = users.iter().zip(times).zip(refused).zip(&keys).zip(&taken).enumerate();
        for (at, ((((&user, &time), &refused), &key), _)) in rows.filter(|(_, (_, taken))| **taken) {
            for value in cells.get(at).map_or(&[] as &[u32], |cell| lists.of(*cell)) {
                let number = step.number(key, *value, most);
                counted.enter(number, ((from + at) as u32, *value), (user, refused, time));
            }
        }
    }
    counted
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::cells::Wanted;

    #[test]
    fn counts_are_what_a_map_counts() {
        let mut state = 11_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % below) as u32
        };
        let len = 3 * BLOCK + 17;
        let users: Vec<u32> = (0..len).map(|place| place as u32 / 50).collect();
        let times: Vec<i64> = (0..len).map(|_| i64::from(random(1_000)) - 500).collect();
        let refused: Vec<bool> = (0..len).map(|_| random(3) == 0).collect();
        let [one, two, wanted]: [Vec<u32>; 3] = [7, 30, 2].map(|width| (0..len).map(|_| random(width)).collect());
        let rows = Rows { users: &users, times: &times, refused: &refused };
        let [ones, twos, wants] = [&one, &two, &wanted].map(|cells| Cells::Four(cells.clone()));
        let columns = [Column { cells: &ones, width: 7 }, Column { cells: &twos, width: 30 }];
        let is_wanted = Wanted::new(vec![false, true]);
        let mut takes = |from: usize, taken: &mut [bool]| wants.keep(from, &is_wanted, taken);
        let counted = count(rows, &columns, None, (1_000, 5), &mut takes);
        let mut expected: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
        for place in (0..len).filter(|place| wanted[*place] == 1) {
            expected.entry((one[place], two[place])).or_default().push(place);
        }
        assert_eq!(counted.groups.len(), expected.len());
        for (group, row) in counted.groups.iter().zip(&counted.rows) {
            let places = &expected[&(one[row.0 as usize], two[row.0 as usize])];
            let times = || places.iter().map(|place| times[*place]);
            let mut people: Vec<u32> = places.iter().map(|place| users[*place]).collect();
            people.dedup();
            assert_eq!(places[0], row.0 as usize);
            assert_eq!(group.records, places.len() as u64);
            assert_eq!(group.users, people.len() as u64);
            assert_eq!(group.refused, places.iter().filter(|place| refused[**place]).count() as u64);
            assert_eq!((Some(group.first), Some(group.last)), (times().min(), times().max()));
        }
        assert!(counted.rows.is_sorted(), "the first that rows have comes first");
        assert_eq!(counted.all.records, expected.values().map(|places| places.len() as u64).sum::<u64>());
        let few = count(rows, &columns, None, (3, 5), &mut takes);
        assert_eq!((few.all, few.rows.as_slice()), (counted.all, &counted.rows[..3]));
        assert_eq!(few.groups, counted.groups[..3]);
        // As many as no table holds.
        let wide = [Column { cells: &ones, width: 1 << 20 }, Column { cells: &twos, width: 30 }];
        let many = count(rows, &wide, None, (1_000, 5), &mut takes);
        assert_eq!((many.all, &many.groups, &many.rows), (counted.all, &counted.groups, &counted.rows));
        assert_eq!(count(rows, &wide, None, (3, 5), &mut takes).groups, counted.groups[..3]);
        // The same values as lists of one each, and of two.
        let (values, ends): (Vec<u32>, Vec<u32>) = ((0..7).collect(), (1..8).collect());
        let alone = count(rows, &columns[..1], None, (1_000, 5), &mut takes);
        let lists = |ends| Some(Lists { cells: &ones, values: &values, ends, width: 7 });
        let listed = count(rows, &[], lists(&ends), (1_000, 5), &mut takes);
        let named: Vec<(u32, u32)> = alone.rows.iter().map(|row| (row.0, one[row.0 as usize])).collect();
        assert_eq!((listed.all, &listed.groups, &listed.rows), (alone.all, &alone.groups, &named));
        let both = count(rows, &columns[1..], lists(&ends), (1_000, 5), &mut takes);
        assert_eq!((both.all, &both.groups), (counted.all, &counted.groups));
        let ends: Vec<u32> = (1..8).map(|end| (end + 1).min(7)).collect();
        let twice = count(rows, &[], lists(&ends), (1_000, 5), &mut takes);
        let of = |counted: &Counted, value: u32| {
            counted.rows.iter().position(|other| other.1 == value).map_or(0, |place| counted.groups[place].records)
        };
        assert_eq!(of(&twice, 3), of(&listed, 2) + of(&listed, 3));
        assert_eq!(twice.all, listed.all);
        let none = count(rows, &[], None, (1_000, 5), &mut takes);
        assert_eq!((none.all.records, none.groups.len()), (counted.all.records, 0));
    }
}

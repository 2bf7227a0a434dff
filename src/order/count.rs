//! Rows counted by the numbers that columns give them: what the page asks of two million rows at a time. It stands
//! here because this package is compiled for speed.

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
pub struct Cells<'a> {
    /// Numbers.
    pub cells: &'a [u32],
    /// As many numbers there are.
    pub width: usize,
}

/// Rows that have something in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub records: u64,
    /// How many of them were refused.
    pub refused: u64,
    /// Of how many users, where those of one user came one after the other.
    pub users: u64,
    /// Time of the first.
    pub first: i64,
    /// Time of the last.
    pub last: i64,
    /// The user of the row that was counted last.
    user: Option<u32>,
}

impl Count {
    /// Counts a row.
    #[inline]
    pub fn add(&mut self, user: u32, refused: bool, time: i64) {
        if self.user != Some(user) {
            self.user = Some(user);
            self.users += 1;
        }
        let none = self.records == 0;
        self.first = if none { time } else { self.first.min(time) };
        self.last = if none { time } else { self.last.max(time) };
        self.records += 1;
        self.refused += u64::from(refused);
    }
}

/// Combinations of values, in the order in which rows have them first.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// All rows that were counted, and those of combinations after the last.
    pub all: Count,
    /// Of each combination, how many.
    pub groups: Vec<Count>,
    /// Of each combination, a row that has it.
    pub rows: Vec<u32>,
}

/// The number of no combination.
const NONE: u32 = u32::MAX;
/// Rows that are looked at together.
const BLOCK: usize = 4_096;
/// Combinations whose numbers are looked up in a table.
const TABLE: usize = 4 << 20;

/// Gives pairs of numbers a number of their own, in the order in which they come.
struct Pairs {
    width: usize,
    table: Vec<u32>,
    next: u32,
    most: u32,
}

impl Pairs {
    fn number(&mut self, before: u32, cell: u32) -> u32 {
        let Some(slot) = self.table.get_mut(before as usize * self.width + cell as usize) else { return NONE };
        if *slot == NONE && self.next < self.most {
            *slot = self.next;
            self.next += 1;
        }
        *slot
    }
}

/// Counts the rows that `takes` takes, by all columns together; `most` combinations at most. Nothing where there are
/// more combinations than a table holds.
#[must_use]
pub fn count(
    rows: Rows<'_>,
    columns: &[Cells<'_>],
    most: u32,
    takes: &mut dyn FnMut(usize, &mut [bool]),
) -> Option<Counted> {
    let mut steps: Vec<Pairs> = Vec::with_capacity(columns.len());
    let mut combinations = 1_usize;
    for column in columns {
        combinations = combinations.checked_mul(column.width.max(1)).filter(|all| *all <= TABLE)?;
        let table = vec![NONE; combinations];
        steps.push(Pairs { width: column.width, table, next: 0, most: u32::try_from(combinations).ok()? });
    }
    if let Some(last) = steps.last_mut() {
        last.most = last.most.min(most);
    }
    let mut counted = Counted::default();
    let (mut keys, mut taken) = ([0_u32; BLOCK], [true; BLOCK]);
    let blocks = rows.users.chunks(BLOCK).zip(rows.times.chunks(BLOCK)).zip(rows.refused.chunks(BLOCK));
    for (block, ((users, times), refused)) in blocks.enumerate() {
        let from = block * BLOCK;
        taken.fill(true);
        takes(from, taken.get_mut(..users.len()).unwrap_or_default());
        keys.fill(0);
        for (column, step) in columns.iter().zip(&mut steps) {
            let cells = column.cells.get(from..).unwrap_or_default();
            for ((key, cell), _) in keys.iter_mut().zip(cells).zip(&taken).filter(|(_, taken)| **taken) {
                *key = if *key == NONE { NONE } else { step.number(*key, *cell) };
            }
        }
        let facts = users.iter().zip(times).zip(refused).zip(&keys).zip(&taken).enumerate();
        for (at, ((((&user, &time), &refused), &key), _)) in facts.filter(|(_, (_, taken))| **taken) {
            counted.all.add(user, refused, time);
            if key == NONE || columns.is_empty() {
                continue;
            }
            if key as usize == counted.groups.len() {
                counted.groups.push(Count::default());
                counted.rows.push((from + at) as u32);
            }
            if let Some(group) = counted.groups.get_mut(key as usize) {
                group.add(user, refused, time);
            }
        }
    }
    Some(counted)
}

/// As [`count`], by one column of several values a row: cells are places in `values`, at which those of the row begin,
/// and `ends` says of each place where they end. Instead of a row, each group has its value.
#[must_use]
pub fn count_lists(
    rows: Rows<'_>,
    column: Cells<'_>,
    (values, ends): (&[u32], &[u32]),
    takes: &mut dyn FnMut(usize, &mut [bool]),
) -> Counted {
    let mut counted = Counted::default();
    let mut numbers = Pairs { width: column.width, table: vec![NONE; column.width], next: 0, most: NONE };
    let mut taken = [true; BLOCK];
    let blocks = rows.users.chunks(BLOCK).zip(rows.times.chunks(BLOCK)).zip(rows.refused.chunks(BLOCK));
    for (block, ((users, times), refused)) in blocks.enumerate() {
        let from = block * BLOCK;
        taken.fill(true);
        takes(from, taken.get_mut(..users.len()).unwrap_or_default());
        let cells = column.cells.get(from..).unwrap_or_default();
        let facts = users.iter().zip(times).zip(refused).zip(cells).zip(&taken);
        for ((((&user, &time), &refused), &cell), _) in facts.filter(|(_, taken)| **taken) {
            counted.all.add(user, refused, time);
            let end = ends.get(cell as usize).copied().unwrap_or(cell);
            for value in values.get(cell as usize..end as usize).unwrap_or_default() {
                let number = numbers.number(0, *value) as usize;
                if number == counted.groups.len() {
                    counted.groups.push(Count::default());
                    counted.rows.push(*value);
                }
                if let Some(group) = counted.groups.get_mut(number) {
                    group.add(user, refused, time);
                }
            }
        }
    }
    counted
}

/// Says of rows from a place on which have a number that is among these.
pub fn keep(cells: &[u32], from: usize, is: &[bool], taken: &mut [bool]) {
    for (taken, cell) in taken.iter_mut().zip(cells.get(from..).unwrap_or_default()) {
        *taken = *taken && is.get(*cell as usize).copied().unwrap_or(false);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

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
        let columns = [Cells { cells: &one, width: 7 }, Cells { cells: &two, width: 30 }];
        let mut takes = |from: usize, taken: &mut [bool]| keep(&wanted, from, &[false, true], taken);
        let counted = count(rows, &columns, 1_000, &mut takes).expect("few combinations");
        let mut expected: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
        for place in (0..len).filter(|place| wanted[*place] == 1) {
            expected.entry((one[place], two[place])).or_default().push(place);
        }
        assert_eq!(counted.groups.len(), expected.len());
        for (group, row) in counted.groups.iter().zip(&counted.rows) {
            let places = &expected[&(one[*row as usize], two[*row as usize])];
            let times = || places.iter().map(|place| times[*place]);
            let mut people: Vec<u32> = places.iter().map(|place| users[*place]).collect();
            people.dedup();
            assert_eq!(places[0], *row as usize);
            assert_eq!(group.records, places.len() as u64);
            assert_eq!(group.users, people.len() as u64);
            assert_eq!(group.refused, places.iter().filter(|place| refused[**place]).count() as u64);
            assert_eq!((Some(group.first), Some(group.last)), (times().min(), times().max()));
        }
        assert!(counted.rows.is_sorted(), "the first that rows have comes first");
        assert_eq!(counted.all.records, expected.values().map(|places| places.len() as u64).sum::<u64>());
        let few = count(rows, &columns, 3, &mut takes).expect("few combinations");
        assert_eq!((few.all, few.rows.as_slice()), (counted.all, &counted.rows[..3]));
        assert_eq!(few.groups, counted.groups[..3]);
        let wide = [Cells { cells: &one, width: 1 << 20 }, Cells { cells: &two, width: 30 }];
        assert!(count(rows, &wide, 1_000, &mut takes).is_none());
        // The same values as lists of one each, and of two.
        let (values, ends): (Vec<u32>, Vec<u32>) = ((0..7).collect(), (1..8).collect());
        let alone = count(rows, &columns[..1], 1_000, &mut takes).expect("few values");
        let listed = count_lists(rows, Cells { cells: &one, width: 7 }, (&values, &ends), &mut takes);
        let named: Vec<u32> = alone.rows.iter().map(|row| one[*row as usize]).collect();
        assert_eq!((listed.all, &listed.groups, &listed.rows), (alone.all, &alone.groups, &named));
        let ends: Vec<u32> = (1..8).map(|end| (end + 1).min(7)).collect();
        let twice = count_lists(rows, Cells { cells: &one, width: 7 }, (&values, &ends), &mut takes);
        let of = |counted: &Counted, value: u32| {
            counted.rows.iter().position(|other| *other == value).map_or(0, |place| counted.groups[place].records)
        };
        assert_eq!(of(&twice, 3), of(&listed, 2) + of(&listed, 3));
        assert_eq!(twice.all, listed.all);
        let none = count(rows, &[], 1_000, &mut takes).expect("no columns");
        assert_eq!((none.all.records, none.groups.len()), (counted.all.records, 0));
    }
}

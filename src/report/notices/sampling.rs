//! Exports that are a part of what there is.
//!
//! No way out writes down that it took a sample. What can be seen is an answer that says itself that more of it
//! follows, a number of records that somebody asked for, and sign-ins that other records name and nobody has.

use crate::analysis::{Case, Input};
use crate::events::Id;
use crate::events::vocabulary::Stream;
use crate::order::Arrange;
use crate::words::{figure, list};

use super::NoticeKind;

const HOUR: i64 = 3_600_000_000;
/// How long a token lives at most, with continuous access evaluation.
const TOKEN: i64 = 28 * HOUR;
/// Sign-ins of one kind that are looked for.
const SOUGHT: usize = 1 << 14;
/// Fewer records are a round number by chance, or on purpose.
const LEAST_ROUND: u64 = 1_000;

/// What asks for records by a number.
const QUERIES: [&str; 6] = ["log-analytics", "office-activity", "defender", "cloud-app-events", "elastic", "splunk"];

pub(super) fn of_input(input: &Input, is_at_limit: bool, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    if input.previews > 0 && input.previews == input.records {
        let text = "Splunk marks all of its records as a preview: its search was not done when they were exported.";
        add(NoticeKind::Partial, text.to_owned(), "Wait until the search is done, then export its results.");
    }
    let is_query = input.format.split('+').any(|format| QUERIES.iter().any(|query| format.starts_with(query)));
    if is_query && !is_at_limit && is_round(input.records) {
        let text = format!(
            "Exactly {} records: a query that ends in `take`, `limit`, `head` or `sample` gives a round number, and \
             nothing in the file says so. Others may be missing.",
            figure(input.records)
        );
        add(NoticeKind::Partial, text, "Look at the query it came from, and run it without.");
    }
}

/// Whether somebody may have asked for so many.
const fn is_round(mut records: u64) -> bool {
    if records < LEAST_ROUND {
        return false;
    }
    while records.is_multiple_of(10) {
        records /= 10;
    }
    matches!(records, 1 | 2 | 5 | 25)
}

pub(super) fn of_all(case: &Case, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    let pages = case.inputs.iter().fold((0, 0), |sum, input| (sum.0 + input.pages.0, sum.1 + input.pages.1));
    // Each answer ends in a page that names no next one.
    if pages.1 > 0 && pages.1 >= pages.0 {
        let text = format!(
            "Every page of Microsoft Graph that is here ({}) names a next one: the last is not here.",
            figure(pages.1)
        );
        add(NoticeKind::Partial, text, "Follow `@odata.nextLink` until a page has none.");
    }
    let named = named(case);
    if !named.is_empty() {
        let text = format!(
            "Other records name sign-ins that are not here: {}. So these are not all sign-ins of their time: they were \
             sampled or filtered, and what is not found may have been left out.",
            list(&named)
        );
        let next =
            "Export all sign-ins of these days: no `sample` or `take`, no filter by result, user or application.";
        add(NoticeKind::Sampled, text, next);
    }
}

/// Sign-ins that other records name, of people who have some here: those that are missing and all, in words.
fn named(case: &Case) -> Vec<String> {
    let Some(span) = case.summary.sign_in_span else { return Vec::new() };
    let has = |stream: Stream| case.summary.streams.contains_key(&stream);
    let both = has(Stream::Interactive) && has(Stream::NonInteractive);
    let store = &case.store;
    let [mut requests, mut rated, mut sessions] = [Sought::default(), Sought::default(), Sought::default()];
    let people = || case.buckets.iter().filter(|bucket| !bucket.sign_ins.is_empty());
    for bucket in people() {
        let sign_ins = if requests.is_full() { &[] } else { bucket.sign_ins.as_slice() };
        for row in sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
            let first = store.id_of(row, row.original);
            if row.stream().is_user() && row.time >= span.first.saturating_add(HOUR) && first != row.id {
                requests.ask(first);
            }
        }
        let risks = bucket.risk_events.iter().filter_map(|&number| store.risk_event(number));
        for row in risks.filter(|row| both && !row.is_state() && span.first <= row.time && row.time <= span.last) {
            rated.ask(row.request);
        }
        let acts = bucket.activities.iter().filter_map(|&number| store.activity(number));
        let from = span.first.saturating_add(TOKEN);
        for row in acts.filter(|row| both && from <= row.time && row.time <= span.last) {
            sessions.ask(row.session_id(store));
        }
    }
    [&mut requests, &mut rated, &mut sessions].into_iter().for_each(Sought::close);
    // In the order in which memory has them. A record that only repeats another has its id.
    for row in store.sign_ins.iter() {
        if requests.is_done() && rated.is_done() && sessions.is_done() {
            break;
        }
        requests.find(row.id);
        rated.find(row.id);
        if !sessions.is_done() {
            sessions.find(row.session_id(store));
        }
    }
    // Some first steps are in no log, and some acts are of sessions that Microsoft's own servers hold.
    let kinds = [
        (requests, 20, 4, "first requests of sign-ins in several steps"),
        (rated, 10, 2, "sign-ins that Identity Protection rated"),
        (sessions, 20, 2, "sessions in which mail, files or Microsoft Graph were used"),
    ];
    let said = kinds.into_iter().filter_map(|(sought, least, part, what)| {
        let (missing, of) = sought.missing();
        (of >= least && missing * part >= of).then(|| format!("{} of {} {what}", figure(missing), figure(of)))
    });
    said.collect()
}

/// Ids that are looked for.
#[derive(Default)]
struct Sought {
    ids: Vec<Id>,
    found: Vec<bool>,
    /// How many were not found yet.
    missing: usize,
    /// A bit for each way that an id may end: most that are asked are not among them.
    ends: Vec<u64>,
}

/// Bits of the ends of ids that are told apart.
const ENDS: usize = 1 << 18;

/// Where the bit of an id is: which word, and which bit of it.
fn end(id: Id) -> (usize, u64) {
    let [.., one, two, three] = bytemuck::cast::<Id, [u8; 16]>(id);
    let end = u32::from_be_bytes([0, one, two, three]) as usize % ENDS;
    (end / 64, 1 << (end % 64))
}

impl Sought {
    fn ask(&mut self, id: Id) {
        if id.has_value() && self.ids.len() < SOUGHT && self.ids.last() != Some(&id) {
            self.ids.push(id);
        }
    }

    fn is_full(&self) -> bool {
        self.ids.len() >= SOUGHT
    }

    fn close(&mut self) {
        self.ids.arrange();
        self.ids.dedup();
        self.found = vec![false; self.ids.len()];
        self.missing = self.ids.len();
        self.ends = vec![0; ENDS / 64];
        for (word, bit) in self.ids.iter().map(|id| end(*id)) {
            self.ends.iter_mut().skip(word).take(1).for_each(|word| *word |= bit);
        }
    }

    /// Whether all were found.
    fn is_done(&self) -> bool {
        self.missing == 0
    }

    fn find(&mut self, id: Id) {
        let (word, bit) = end(id);
        if self.ends.get(word).is_none_or(|word| word & bit == 0) {
            return;
        }
        if let Ok(place) = self.ids.binary_search(&id)
            && let Some(found) = self.found.get_mut(place)
        {
            self.missing -= usize::from(!std::mem::replace(found, true));
        }
    }

    /// How many were not found, and of how many.
    fn missing(&self) -> (u64, u64) {
        (self.missing as u64, self.found.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_numbers_are_those_that_people_ask_for() {
        for (records, round) in [
            (1_000, true),
            (2_500, true),
            (5_000, true),
            (20_000, true),
            (100_000, true),
            (500, false),
            (0, false),
            (1_001, false),
            (1_200, false),
            (3_000, false),
            (10_010, false),
        ] {
            assert_eq!(is_round(records), round, "{records}");
        }
    }

    #[test]
    fn a_round_number_is_told_of_what_comes_from_a_query_and_a_preview_where_all_are() {
        let kinds = |input: &Input, is_at_limit: bool| {
            let mut told = 0;
            of_input(input, is_at_limit, &mut |kind, text, next| {
                assert!(kind == NoticeKind::Partial && !text.is_empty() && !next.is_empty());
                told += 1;
            });
            told
        };
        let input = |format: &str, records| Input { format: format.to_owned(), records, ..Input::default() };
        assert_eq!(kinds(&input("log-analytics-sign-in", 5_000), false), 1);
        assert_eq!(kinds(&input("log-analytics-audit+log-analytics-sign-in", 1_000), false), 1);
        assert_eq!(kinds(&input("log-analytics-sign-in", 5_000), true), 0, "its limit is told");
        assert_eq!(kinds(&input("log-analytics-sign-in", 5_001), false), 0);
        assert_eq!(kinds(&input("graph-sign-in", 5_000), false), 0);
        assert_eq!(kinds(&Input { previews: 7, ..input("graph-sign-in", 7) }, false), 1);
        assert_eq!(kinds(&Input { previews: 7, ..input("graph-sign-in", 8) }, false), 0, "the results came, too");
    }
}

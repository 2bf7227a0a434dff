//! Exports that end where their way out ends, and logs that begin where nothing older is kept.

use crate::analysis::Input;
use crate::formats::{self, Limit};
use crate::knowledge;
use crate::tenant::Summary;
use crate::words::figure;

use super::{NoticeKind, day};

/// Microseconds in an hour and a day.
const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Days that logs are kept or asked for, and by whom.
const KEPT: [(i64, &str); 4] = [
    (7, "seven days are what Entra keeps without a premium licence"),
    (30, "thirty days are what Entra keeps with a premium licence"),
    (90, "ninety days are what many workspaces keep"),
    (180, "180 days are what the unified audit log keeps"),
];
/// Events without which a span of time is chance.
const EVENTS: u64 = 100;
/// Days after which the facts of this program are old.
const OLD: i64 = 365;

/// What is said of an input; whether it ends where its way out does.
pub(super) fn of_input(input: &Input, add: &mut dyn FnMut(NoticeKind, String, &str)) -> bool {
    let limit = limit(&input.format, input.records);
    if let Some(limit) = limit {
        let rows = figure(input.records);
        let text = match limit.is_page {
            true => format!(
                "{rows} records are whole pages of {}: {} gives no more at once. Later pages may be missing.",
                figure(limit.rows),
                limit.of
            ),
            false => format!("Exactly {rows} records: {} stops there. The rest may be missing.", limit.of),
        };
        add(NoticeKind::RowLimit, text, "Export shorter spans of time, one after the other.");
    }
    if let Some((days, why)) = edge(input) {
        let text = format!(
            "The first record is {days} days before the last: {why}, or no more was asked for. What happened before \
             is not in it."
        );
        add(NoticeKind::Retention, text, "Ask where older logs are kept: a workspace, a storage account, a backup.");
    }
    if input.blank_sessions > 0 && input.blank_sessions * 2 >= input.interactive {
        let text = format!(
            "In {} of {} interactive sign-ins the session id is empty: they belong to no session by id, and a \
             handover of it shows only from the first record that has one.",
            figure(input.blank_sessions),
            figure(input.interactive)
        );
        add(
            NoticeKind::BlankSessions,
            text,
            "Export the same days by Microsoft Graph beta, or from the admin center as JSON.",
        );
    }
    limit.is_some()
}

/// The limit of one of the formats that an input with so many records ends at.
fn limit(format: &str, records: u64) -> Option<&'static Limit> {
    let own = formats::ALL.iter().filter(|known| format.split('+').any(|name| name == known.name));
    let limits = own.flat_map(|format| format.limits);
    // Several files that stop there, put together, stop at a multiple.
    let hits = |limit: &&Limit| records > 0 && records.is_multiple_of(limit.rows);
    limits.filter(hits).max_by_key(|limit| limit.rows)
}

/// How many days lie between the first record and the last, where so many are kept.
fn edge(input: &Input) -> Option<(i64, &'static str)> {
    let (first, last) = (input.first?, input.last?);
    let span = last.checked_sub(first)?;
    let known = input.events >= EVENTS && input.clock.open() == 0;
    KEPT.into_iter().find(|(days, _)| known && span.abs_diff(days * DAY) <= HOUR.unsigned_abs())
}

pub(super) fn of_knowledge(summary: &Summary, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    if let Some(newest) = newest(summary).filter(|newest| newest.saturating_sub(facts()) > OLD) {
        let text = format!(
            "The newest records are of {}, and the facts that this program carries (applications, networks, codes) \
             of {}. What has changed since, it does not know.",
            day(newest),
            day(facts())
        );
        add(NoticeKind::OldKnowledge, text, "Get a newer version of this program.");
    }
}

/// The day by which nearly all sign-ins lie: a clock that is wrong makes nothing new.
fn newest(summary: &Summary) -> Option<i64> {
    let total: u64 = summary.days.values().sum();
    let mut seen = 0;
    summary.days.iter().find_map(|(day, count)| {
        seen += count;
        (seen * 100 >= total * 95).then_some(*day)
    })
}

/// The day of the facts, counted from 1970.
fn facts() -> i64 {
    let date: Option<chrono::NaiveDate> = knowledge::DATE.parse().ok();
    date.map_or(i64::MAX, |date| date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp().div_euclid(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(format: &str, records: u64) -> Input {
        Input { format: format.to_owned(), records, ..Input::default() }
    }

    fn kinds(input: &Input) -> Vec<&'static str> {
        let mut kinds = Vec::new();
        of_input(input, &mut |kind, _, next| {
            assert!(!next.is_empty());
            kinds.push(kind.name());
        });
        kinds
    }

    #[test]
    fn each_format_has_its_own_limits() {
        for (format, records, hit) in [
            ("portal-sign-in-csv", 250_000, true),
            ("portal-sign-in-csv", 249_999, false),
            ("portal-sign-in-csv", 30_000, false),
            ("log-analytics-sign-in", 30_000, true),
            ("log-analytics-sign-in", 500_000, true),
            ("log-analytics-audit+log-analytics-sign-in", 60_000, true),
            ("log-analytics-sign-in", 31_000, false),
            ("unified-audit-log", 5_000, true),
            ("unified-audit-log", 15_000, true),
            ("unified-audit-log", 50_000, true),
            ("unified-audit-log", 50_001, false),
            ("defender-sign-in", 10_000, true),
            ("defender-sign-in", 100_000, true),
            ("graph-sign-in", 250_000, true),
            ("graph-sign-in-v1", 250_000, false),
            ("unknown", 0, false),
            ("portal-sign-in-csv", 0, false),
        ] {
            assert_eq!(kinds(&input(format, records)) == ["row-limit"], hit, "{format} {records}");
        }
        assert_eq!(
            limit("unified-audit-log", 50_000).map(|limit| limit.is_page),
            Some(false),
            "the larger one is named"
        );
    }

    #[test]
    fn a_log_that_begins_where_no_more_is_kept_is_told() {
        let spans = |events: u64, span: i64| {
            kinds(&Input { events, first: Some(5 * DAY), last: Some(5 * DAY + span), ..input("graph-sign-in", events) })
        };
        for (span, told) in [
            (30 * DAY, true),
            (30 * DAY - HOUR, true),
            (30 * DAY - HOUR - 1, false),
            (7 * DAY + HOUR / 2, true),
            (90 * DAY, true),
            (180 * DAY, true),
            (29 * DAY, false),
            (0, false),
        ] {
            assert_eq!(spans(EVENTS, span) == ["retention"], told, "{span}");
        }
        assert!(spans(EVENTS - 1, 30 * DAY).is_empty(), "too few to tell");
    }

    #[test]
    fn session_ids_that_are_mostly_blank_are_told() {
        for (blank, of, told) in [(50, 100, true), (49, 100, false), (0, 0, false), (3, 3, true)] {
            let input = Input { blank_sessions: blank, interactive: of, ..input("log-analytics-sign-in", 7) };
            assert_eq!(kinds(&input) == ["blank-sessions"], told, "{blank} of {of}");
        }
    }

    #[test]
    fn facts_are_old_a_year_after_and_one_wrong_clock_says_nothing() {
        let told = |days: &[(i64, u64)]| {
            let mut summary = Summary::default();
            summary.days = days.iter().copied().collect();
            let mut told = false;
            of_knowledge(&summary, &mut |kind, _, _| told = kind == NoticeKind::OldKnowledge);
            told
        };
        assert!(!told(&[(facts() + OLD, 100)]));
        assert!(told(&[(facts() + OLD + 1, 100)]));
        assert!(!told(&[(facts(), 95), (facts() + 9_000, 5)]));
        assert!(!told(&[]));
    }
}

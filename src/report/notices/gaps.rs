//! Times without any record in a log that is busy otherwise.

use crate::order::Map;

use crate::events::vocabulary::Stream;
use crate::order::{Arrange, Gather};
use crate::tenant::Summary;
use crate::words::{figure, list};

use super::{NoticeKind, day};

/// Sign-ins a day without which a day with none says nothing.
const BUSY_DAY: u64 = 50;
/// Sign-ins an hour without which an hour with none says nothing.
const BUSY_HOUR: u64 = 10;
/// Hours of a day and of a week.
const DAY: i64 = 24;
const WEEK: i64 = 7 * DAY;
/// Weeks before and after in which the same hour of the same week day is looked at.
const WEEKS: i64 = 4;
/// Longer times without a record are told as days.
const LONGEST: i64 = 3 * DAY;
/// Gaps that are named; more are counted.
const NAMED: usize = 3;

/// Hours, from the first to the last that is missing, counted from 1970.
type Hours = (i64, i64);

pub(super) fn of_all(summary: &Summary, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    let days = days(summary);
    for (from, to) in &days {
        let days = if from == to { day(*from) } else { format!("{} to {}", day(*from), day(*to)) };
        let text = format!("No user signed in on {days}, though many did before and after. These days may be missing.");
        add(NoticeKind::Gap, text, "Export the sign-ins of these days too.");
    }
    for (stream, name) in [(Stream::Interactive, "interactive"), (Stream::NonInteractive, "non-interactive")] {
        let mut gaps = hours(summary, stream);
        gaps.retain(|(from, to)| {
            let covers = |(first, last): &(i64, i64)| first * DAY <= *from && *to < (last + 1) * DAY;
            !days.iter().any(covers)
        });
        if gaps.is_empty() {
            continue;
        }
        let mut named: Vec<String> = gaps.iter().take(NAMED).map(|gap| span(*gap)).collect();
        if gaps.len() > NAMED {
            named.push(format!("at {} more times", figure((gaps.len() - NAMED) as u64)));
        }
        let text = format!(
            "There is no {name} sign-in {}, though these hours are busy on other days. They may be missing.",
            list(&named)
        );
        add(
            NoticeKind::Gap,
            text,
            "Export these hours again, and look whether whoever sends the log had a break then.",
        );
    }
}

/// Runs of whole days without a single sign-in in a tenant that has many a day; a weekend alone is none.
fn days(summary: &Summary) -> Vec<(i64, i64)> {
    let days = &summary.days;
    let busy = !days.is_empty() && summary.user_sign_ins() / days.len() as u64 >= BUSY_DAY;
    let ends = days.keys().zip(days.keys().skip(1));
    let runs =
        ends.map(|(left, right)| (left.saturating_add(1), right.saturating_sub(1))).filter(|(from, to)| from <= to);
    runs.filter(|(from, to)| busy && (to.saturating_sub(*from) >= 2 || !(*from..=*to).all(is_weekend))).collect()
}

/// 1 January 1970 was a Thursday.
const fn is_weekend(day: i64) -> bool {
    matches!(day.saturating_add(3).rem_euclid(7), 5 | 6)
}

/// Runs of hours without a single sign-in of a stream that is busy at that time of day and week.
fn hours(summary: &Summary, stream: Stream) -> Vec<Hours> {
    let own: Map<i64, u64> =
        summary.hours.range((stream, i64::MIN)..=(stream, i64::MAX)).map(|((_, hour), count)| (*hour, *count)).gather();
    let mut gaps: Vec<Hours> = Vec::new();
    for (left, right) in own.keys().zip(own.keys().skip(1)) {
        if right.saturating_sub(*left) > LONGEST {
            continue;
        }
        for hour in (left + 1..*right).filter(|hour| is_busy(&own, *hour)) {
            match gaps.last_mut().filter(|gap| gap.1 + 1 == hour) {
                Some(gap) => gap.1 = hour,
                None => gaps.push((hour, hour)),
            }
        }
    }
    gaps
}

/// Whether the same hour is busy in the weeks before and after; where the log is too short to say, on the
/// other days like this one: working days or those of weekends.
fn is_busy(own: &Map<i64, u64>, hour: i64) -> bool {
    let (Some(first), Some(last)) = (own.first_key_value(), own.last_key_value()) else { return false };
    let within = |other: &i64| (*first.0..=*last.0).contains(other) && *other != hour;
    let count = |other: i64| own.get(&other).copied().unwrap_or(0);
    let weeks = (-WEEKS..=WEEKS).map(|week| hour + week * WEEK).filter(within);
    let mut counts: Vec<u64> = weeks.map(count).collect();
    if counts.len() < 2 {
        let alike = |other: &i64| is_weekend(other.div_euclid(DAY)) == is_weekend(hour.div_euclid(DAY));
        counts = (-7..=7).map(|day| hour + day * DAY).filter(within).filter(alike).map(count).collect();
    }
    counts.arrange();
    // A holiday among many weeks says nothing.
    let least = counts.get(usize::from(counts.len() > 3));
    counts.len() >= 2 && least.is_some_and(|least| *least >= BUSY_HOUR)
}

/// `on 12 Nov 2026 between 09:00 and 11:00 UTC`.
fn span((from, to): Hours) -> String {
    let (first, last) = (from.div_euclid(DAY), to.div_euclid(DAY));
    let hour = |hour: i64| format!("{:02}:00", hour.rem_euclid(DAY));
    if first == last {
        let end = if (to + 1).rem_euclid(DAY) == 0 { "24:00".to_owned() } else { hour(to + 1) };
        format!("on {} between {} and {end} UTC", day(first), hour(from))
    } else {
        format!("from {} {} to {} {} UTC", day(first), hour(from), day((to + 1).div_euclid(DAY)), hour(to + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_days(days: &[(i64, u64)]) -> Summary {
        let mut summary = Summary::default();
        summary.days = days.iter().copied().collect();
        summary.streams.insert(Stream::Interactive, days.iter().map(|(_, count)| count).sum());
        summary
    }

    #[test]
    fn a_gap_is_a_day_without_any_in_a_busy_tenant() {
        // 20,769 is Thursday, 12 November 2026.
        assert_eq!(day(20_769), "12 Nov 2026");
        assert_eq!(days(&of_days(&[(20_769, 80), (20_770, 90)])), []);
        assert_eq!(days(&of_days(&[(20_767, 80), (20_769, 90)])), [(20_768, 20_768)]);
        assert_eq!(days(&of_days(&[(20_767, 8), (20_769, 9)])), [], "too few to tell");
        assert_eq!(days(&of_days(&[(20_770, 80), (20_773, 90)])), [], "a weekend");
        assert_eq!(days(&of_days(&[(20_770, 80), (20_774, 90)])), [(20_771, 20_773)], "and a Monday");
        assert_eq!(days(&Summary::default()), []);
        assert_eq!(days(&of_days(&[(i64::MIN, 80), (i64::MAX, 90)])).len(), 1);
    }

    /// Three weeks from Monday, 2 November 2026: busy from seven to six on working days, seldom used else.
    fn office() -> Summary {
        let mut summary = Summary::default();
        for hour in 20_759 * DAY..20_780 * DAY {
            let (day, of_day) = (hour / DAY, hour % DAY);
            let works = !is_weekend(day) && (7..18).contains(&of_day);
            if works || (hour % 5 == 0) {
                summary.hours.insert((Stream::Interactive, hour), if works { 40 } else { 1 });
            }
        }
        summary
    }

    fn without(hours: std::ops::Range<i64>) -> Vec<Hours> {
        let mut summary = office();
        summary.hours.retain(|(_, hour), _| !hours.contains(hour));
        super::hours(&summary, Stream::Interactive)
    }

    #[test]
    fn an_hour_without_any_is_a_gap_where_it_is_busy_otherwise() {
        assert_eq!(super::hours(&office(), Stream::Interactive), [], "nights and weekends are none");
        assert_eq!(super::hours(&office(), Stream::NonInteractive), []);
        let thursday = 20_769 * DAY;
        assert_eq!(without(thursday + 9..thursday + 11), [(thursday + 9, thursday + 10)]);
        assert_eq!(without(thursday + 20..thursday + 29), [], "a night");
        assert_eq!(without(thursday + 16..thursday + 22), [(thursday + 16, thursday + 17)], "up to the evening");
        let saturday = 20_771 * DAY;
        assert_eq!(without(saturday..saturday + 24), [], "a weekend");
        let monday = 20_759 * DAY;
        assert_eq!(without(monday..monday + 10), [], "before the first nobody knows");
    }

    #[test]
    fn a_short_log_is_compared_with_its_other_working_days() {
        let mut summary = office();
        summary.hours.retain(|(_, hour), _| (20_759 * DAY..20_764 * DAY).contains(hour));
        let wednesday = 20_761 * DAY;
        summary.hours.retain(|(_, hour), _| *hour != wednesday + 10);
        assert_eq!(super::hours(&summary, Stream::Interactive), [(wednesday + 10, wednesday + 10)]);
        summary.hours.retain(|(_, hour), _| (wednesday..wednesday + DAY).contains(hour));
        assert_eq!(super::hours(&summary, Stream::Interactive), [], "of one day nothing can be said");
    }

    #[test]
    fn spans_say_where_they_end() {
        let thursday = 20_769 * DAY;
        assert_eq!(span((thursday + 9, thursday + 10)), "on 12 Nov 2026 between 09:00 and 11:00 UTC");
        assert_eq!(span((thursday + 23, thursday + 23)), "on 12 Nov 2026 between 23:00 and 24:00 UTC");
        assert_eq!(span((thursday + 22, thursday + 25)), "from 12 Nov 2026 22:00 to 13 Nov 2026 02:00 UTC");
    }
}

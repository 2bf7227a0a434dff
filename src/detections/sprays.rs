//! Bursts of failed passwords over many users: windows in which one source tried many accounts.

use crate::order::{Map, Set};
use std::net::IpAddr;

use twox_hash::XxHash3_64;

use crate::events::{Guid, Id, Store};
use crate::knowledge::agents::Family;
use crate::knowledge::apps;
use crate::order::Gather;
use crate::tenant::{Attempt, Attempts, Ended, Network};

use super::evidence::{moment, place};

const DAY: i64 = 86_400_000_000;
/// Successes, on how many days, that make a source familiar for a user.
const FAMILIAR: (usize, usize) = (3, 2);

/// What many attempts have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// An address.
    Address(IpAddr),
    /// A network and a family of agents.
    System(u32, Family),
    /// A family of agents, from many networks.
    Agent(Family),
    /// An application, from many networks.
    App(Id),
    /// All attempts of a tenant.
    Anywhere,
}

impl Source {
    /// The source of this kind that an attempt is of; nothing where the record does not say.
    fn of(kind: SourceKind, attempt: &Attempt) -> Option<Self> {
        let all = Self::all(attempt.network(), attempt.family, attempt.app);
        all.get(kind as usize).copied().flatten()
    }

    /// The sources that an event of this network, family and application is of, the finest first.
    pub(super) fn all(network: Option<Network>, family: Family, app: Id) -> [Option<Self>; 5] {
        let known = Some(family).filter(|family| *family != Family::Unknown);
        [
            network.map(|network| Self::Address(network.address)),
            network.and_then(|network| network.asn).zip(known).map(|(asn, family)| Self::System(asn, family)),
            known.map(Self::Agent),
            app.value().map(Self::App),
            Some(Self::Anywhere),
        ]
    }

    /// An id that stands for it, in this tenant, in every export.
    fn anchor(self, tenant: Id) -> Id {
        let tenant = tenant.as_guid().map_or(0, Guid::to_u128);
        let text = match self {
            Self::Address(address) => format!("address {address}"),
            Self::System(asn, family) => format!("system {asn} {family:?}"),
            Self::Anywhere => "anywhere".to_owned(),
            Self::Agent(family) => format!("agent {family:?}"),
            Self::App(app) => format!("app {:?}", app.as_guid().map(Guid::to_u128)),
        };
        let half = |seed| u128::from(XxHash3_64::oneshot_with_seed(seed, text.as_bytes()));
        Id::guid(Guid::from_u128(tenant ^ (half(1) << 64 | half(2))))
    }
}

/// By what attempts are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SourceKind {
    Address,
    System,
    Agent,
    App,
    Anywhere,
}

/// What makes a window of attempts a burst.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// Which failures count.
    pub(super) counts: fn(Ended) -> bool,
    /// Least number of different users.
    pub(super) users: usize,
    /// Length of the window in microseconds, inclusive.
    pub(super) window: i64,
    /// Most tries a user, on average; nothing for any number.
    pub(super) tries: Option<usize>,
    /// Least share in per cent of all users seen from the source who failed.
    pub(super) percent: usize,
    /// Least number of different networks.
    pub(super) networks: usize,
}

/// Attempts of one source that make a burst, at one or several times.
#[derive(Clone, Debug)]
pub(super) struct Burst {
    /// What names it for good.
    pub(super) anchor: Id,
    pub(super) source: Source,
    /// From when to when, each time.
    spans: Vec<(i64, i64)>,
    /// Failed attempts in order of time.
    pub(super) tries: Vec<Attempt>,
    /// Who was tried.
    pub(super) users: Set<u32>,
    /// Those of them who had often been there before.
    pub(super) at_home: usize,
    /// Who got in from there while it went on or up to a day after, without being at home.
    pub(super) entered: Set<u32>,
    /// Whose password was right, likewise.
    pub(super) proven: Set<u32>,
    addresses: Set<IpAddr>,
    systems: Set<u32>,
}

impl Burst {
    /// Where it came from, for a sentence.
    pub(super) fn label(&self, store: &Store) -> String {
        match self.source {
            Source::Anywhere => "anywhere".to_owned(),
            Source::Address(_) => place(self.tries.first().and_then(Attempt::network)),
            Source::System(asn, family) => format!("AS{asn} with {}", family.label()),
            Source::Agent(family) => format!("many networks with {}", family.label()),
            Source::App(app) => {
                let known = app.as_guid().and_then(apps::app_name).map(str::to_owned);
                format!("many networks through {}", known.unwrap_or_else(|| app.display(&store.texts)))
            }
        }
    }

    /// When it began.
    pub(super) fn begins(&self) -> i64 {
        self.spans.first().map_or(0, |span| span.0)
    }

    /// When it ended.
    pub(super) fn ends(&self) -> i64 {
        self.spans.last().map_or(0, |span| span.1)
    }

    /// From when to when, each time, in words.
    pub(super) fn moments(&self) -> Vec<[String; 2]> {
        self.spans.iter().map(|(from, to)| [moment(*from), moment(*to)]).collect()
    }

    /// Whether a moment is in a span of the burst or up to a day after.
    pub(super) fn is_followed_by(&self, time: i64) -> bool {
        let after = self.spans.partition_point(|(from, _)| *from <= time);
        let last = after.checked_sub(1).and_then(|place| self.spans.get(place));
        last.is_some_and(|(_, to)| time <= to.saturating_add(DAY))
    }

    /// Whether it came from this network too.
    pub(super) fn came_from(&self, network: Option<Network>) -> bool {
        network.is_some_and(|network| {
            self.addresses.contains(&network.address) || network.asn.is_some_and(|asn| self.systems.contains(&asn))
        })
    }
}

/// Bursts by their source.
pub(super) type BySource = Map<Source, Vec<Burst>>;

/// Puts bursts together by their source.
pub(super) fn by_source(bursts: Vec<Burst>) -> BySource {
    let mut found = BySource::new();
    for burst in bursts {
        found.entry(burst.source).or_default().push(burst);
    }
    found
}

/// All bursts of a kind of source under a rule, by tenant and source.
pub(super) fn bursts(attempts: &Attempts, kind: SourceKind, rule: &Rule) -> Vec<Burst> {
    let source = |attempt: &Attempt| Some((attempt.tenant, Source::of(kind, attempt)?));
    // Few sources fail for many users at a time: the attempts of the others need not be put together.
    let mut tried: Map<(Id, Source), Vec<(i64, u32)>> = Map::new();
    for attempt in attempts.all().iter().filter(|attempt| (rule.counts)(attempt.ended)) {
        if let Some(source) = source(attempt) {
            tried.entry(source).or_default().push((attempt.time, attempt.person));
        }
    }
    tried.retain(|_, failed| fail_together(failed, rule));
    if tried.is_empty() {
        return Vec::new();
    }
    let mut sources: Map<(Id, Source), Vec<Attempt>> = Map::new();
    for attempt in attempts.all() {
        if let Some(source) = source(attempt).filter(|source| tried.contains_key(source)) {
            sources.entry(source).or_default().push(*attempt);
        }
    }
    sources.into_iter().filter_map(|((tenant, source), own)| burst(tenant, source, &own, rule)).collect()
}

/// Whether enough users fail within the length of a window: when each failed and who, in order of time.
fn fail_together(failed: &[(i64, u32)], rule: &Rule) -> bool {
    let mut people: Map<u32, usize> = Map::new();
    let mut leaving = failed.iter().peekable();
    failed.len() >= rule.users
        && failed.iter().any(|(time, person)| {
            *people.entry(*person).or_default() += 1;
            while let Some((_, gone)) = leaving.next_if(|(then, _)| then.saturating_add(rule.window) < *time) {
                if let Some(count) = people.get_mut(gone) {
                    *count -= 1;
                    if *count == 0 {
                        people.remove(gone);
                    }
                }
            }
            people.len() >= rule.users
        })
}

/// Bursts of several kinds of source that count, the finest kind first. One whose tries are for the half explained
/// by finer ones is not told again.
pub(super) fn bursts_apart(
    attempts: &Attempts,
    kinds: &[(SourceKind, Rule)],
    counts: impl Fn(&Burst) -> bool,
) -> Vec<Burst> {
    apart(kinds.iter().flat_map(|(kind, rule)| bursts(attempts, *kind, rule)), counts)
}

fn apart(bursts: impl Iterator<Item = Burst>, counts: impl Fn(&Burst) -> bool) -> Vec<Burst> {
    let mut told: Set<u32> = Set::new();
    let mut found: Vec<Burst> = Vec::new();
    for burst in bursts {
        let again = burst.tries.iter().filter(|attempt| told.contains(&attempt.row)).count();
        if again * 2 < burst.tries.len() && counts(&burst) {
            told.extend(burst.tries.iter().map(|attempt| attempt.row));
            found.push(burst);
        }
    }
    found
}

fn burst(tenant: Id, source: Source, own: &[Attempt], rule: &Rule) -> Option<Burst> {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for (from, to) in windows(own, rule) {
        match spans.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => spans.push((from, to)),
        }
    }
    let begins = spans.first()?.0;
    let inside = |time: i64| {
        let place = spans.partition_point(|(_, to)| *to < time);
        spans.get(place).is_some_and(|(from, _)| *from <= time)
    };
    let tries: Vec<Attempt> =
        own.iter().copied().filter(|attempt| (rule.counts)(attempt.ended) && inside(attempt.time)).collect();
    let users: Set<u32> = tries.iter().map(|attempt| attempt.person).gather();
    let home = at_home(own, begins);
    let at_home = users.intersection(&home).count();
    let mut burst = Burst {
        anchor: source.anchor(tenant),
        source,
        at_home,
        entered: Set::new(),
        proven: Set::new(),
        addresses: tries.iter().filter_map(|attempt| attempt.address).gather(),
        systems: tries.iter().filter_map(|attempt| attempt.asn).gather(),
        spans,
        tries,
        users,
    };
    let later = |ended: Ended| {
        let own = own.iter().filter(|attempt| attempt.ended == ended && burst.is_followed_by(attempt.time));
        let here = own.filter(|attempt| burst.came_from(attempt.network())).map(|attempt| attempt.person);
        let people: Set<u32> = here.gather();
        people.difference(&home).copied().gather::<Set<u32>>()
    };
    (burst.entered, burst.proven) = (later(Ended::Entered), later(Ended::Proven));
    Some(burst)
}

/// Users who had succeeded from the source often enough before.
fn at_home(own: &[Attempt], before: i64) -> Set<u32> {
    let mut known: Map<u32, (usize, Set<i64>)> = Map::new();
    for attempt in own.iter().take_while(|attempt| attempt.time < before).filter(|attempt| attempt.ended.is_success()) {
        let (successes, days) = known.entry(attempt.person).or_default();
        *successes += 1;
        days.insert(attempt.time.div_euclid(DAY));
    }
    let often = known.into_iter().filter(|(_, (successes, days))| *successes >= FAMILIAR.0 && days.len() >= FAMILIAR.1);
    often.map(|(person, _)| person).gather()
}

/// People and networks of a window while it moves.
#[derive(Default)]
struct Window {
    /// Of each person, how often they failed and how often they succeeded.
    people: Map<u32, (usize, usize)>,
    failed: usize,
    networks: Map<(Option<u32>, Option<IpAddr>), usize>,
    tries: usize,
}

impl Window {
    fn turn(&mut self, attempt: &Attempt, rule: &Rule, enters: bool) {
        let step = |now: usize| if enters { now + 1 } else { now.saturating_sub(1) };
        let fails = (rule.counts)(attempt.ended);
        if !(fails || attempt.ended.is_success() || attempt.ended == Ended::Proven) {
            return;
        }
        let (failed, succeeded) = self.people.remove(&attempt.person).unwrap_or_default();
        let then = if fails { (step(failed), succeeded) } else { (failed, step(succeeded)) };
        self.failed = self.failed + usize::from(then.0 > 0) - usize::from(failed > 0);
        if then != (0, 0) {
            self.people.insert(attempt.person, then);
        }
        if fails {
            let key = (attempt.asn, attempt.address.filter(|_| attempt.asn.is_none()));
            let there = step(self.networks.remove(&key).unwrap_or(0));
            if there > 0 {
                self.networks.insert(key, there);
            }
            self.tries = step(self.tries);
        }
    }

    fn holds(&self, rule: &Rule) -> bool {
        self.failed >= rule.users
            && self.networks.len() >= rule.networks
            && rule.tries.is_none_or(|most| self.tries <= most.saturating_mul(self.failed))
            && self.failed.saturating_mul(100) >= rule.percent.saturating_mul(self.people.len())
    }
}

/// Windows under the rule: each begins with a failure and holds what follows within its length.
/// From when to when, by the failures in it.
fn windows(own: &[Attempt], rule: &Rule) -> Vec<(i64, i64)> {
    let mut window = Window::default();
    let mut end = 0;
    let mut last_failure = None;
    let mut held = None;
    let mut found = Vec::new();
    for first in own {
        while let Some(next) = own.get(end).filter(|next| next.time <= first.time.saturating_add(rule.window)) {
            window.turn(next, rule, true);
            if (rule.counts)(next.ended) {
                last_failure = Some(next.time);
            }
            end += 1;
        }
        // A window holds all of the moment it begins at, in whichever order they stand.
        if held.is_none_or(|(time, _)| time != first.time) {
            held = Some((first.time, window.holds(rule)));
        }
        if (rule.counts)(first.ended) && held == Some((first.time, true)) {
            found.push((first.time, last_failure.unwrap_or(first.time)));
        }
        window.turn(first, rule, false);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrichment::Listed;

    const MINUTE: i64 = 60_000_000;

    fn attempt(minute: i64, person: u32, ended: Ended) -> Attempt {
        let address = Some(IpAddr::from([203, 0, 113, 7]));
        let (tenant, app, family) = (Id::EMPTY, Id::EMPTY, Family::Unknown);
        let (asn, listed, row, time) = (None, Listed::default(), person, minute * MINUTE);
        Attempt { time, row, person, ended, tenant, app, address, asn, listed, family }
    }

    fn rule() -> Rule {
        Rule { counts: Ended::is_guess, users: 4, window: 10 * MINUTE, tries: Some(2), percent: 60, networks: 1 }
    }

    /// The definition, by plain loops.
    fn plain(own: &[Attempt], rule: &Rule) -> Vec<(i64, i64)> {
        let mut found = Vec::new();
        for first in own.iter().filter(|attempt| (rule.counts)(attempt.ended)) {
            let inside: Vec<&Attempt> =
                own.iter().filter(|other| (first.time..=first.time + rule.window).contains(&other.time)).collect();
            let failed: Vec<&&Attempt> = inside.iter().filter(|other| (rule.counts)(other.ended)).collect();
            let users: Set<u32> = failed.iter().map(|other| other.person).gather();
            let others = inside.iter().filter(|other| !(rule.counts)(other.ended) && other.ended != Ended::Disabled);
            let seen: Set<u32> = others.map(|other| other.person).chain(users.iter().copied()).gather();
            if users.len() >= rule.users
                && rule.tries.is_none_or(|most| failed.len() <= most * users.len())
                && users.len() * 100 >= rule.percent * seen.len()
            {
                found.push((first.time, failed.iter().map(|other| other.time).max().expect("one")));
            }
        }
        found
    }

    #[test]
    fn the_window_that_moves_finds_what_plain_loops_find() {
        let mut state = 11_u64;
        let mut random = |below: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % u64::from(below)) as u32
        };
        let kinds = [Ended::Wrong, Ended::Wrong, Ended::Unknown, Ended::Entered, Ended::Proven, Ended::Disabled];
        let (mut total, mut passed_over) = (0, 0_u32);
        for _ in 0..2_000 {
            let mut own: Vec<Attempt> =
                (0..random(40)).map(|_| attempt(i64::from(random(40)), random(9), kinds[random(6) as usize])).collect();
            own.sort_unstable();
            own.dedup();
            let expected = plain(&own, &rule());
            assert_eq!(windows(&own, &rule()), expected);
            total += expected.len();
            // Nothing is passed over that holds, and much that does not.
            let failed = own.iter().filter(|attempt| (rule().counts)(attempt.ended));
            let failed: Vec<(i64, u32)> = failed.map(|attempt| (attempt.time, attempt.person)).collect();
            let looked_at = fail_together(&failed, &rule());
            assert!(looked_at || expected.is_empty());
            passed_over += u32::from(!looked_at);
        }
        assert!(total > 1_000 && passed_over > 200, "{total} {passed_over}");
    }

    #[test]
    fn a_source_is_home_after_three_successes_on_two_days() {
        let day = 24 * 60;
        let home = |minutes: &[i64]| {
            let own: Vec<Attempt> = minutes.iter().map(|&minute| attempt(minute, 1, Ended::Present)).collect();
            at_home(&own, 9 * day * MINUTE).contains(&1)
        };
        assert!(home(&[0, 5, day]) && !home(&[0, 5, 9]) && !home(&[0, day]) && !home(&[0, day, 9 * day]));
    }

    #[test]
    fn what_a_finer_source_explains_is_not_told_again() {
        let of = |source, people: std::ops::Range<u32>| {
            let own: Vec<Attempt> = people.map(|person| attempt(0, person, Ended::Wrong)).collect();
            burst(Id::EMPTY, source, &own, &rule()).expect("a burst")
        };
        let told = |bursts: Vec<Burst>, most: usize| {
            let told = apart(bursts.into_iter(), |burst| burst.users.len() <= most);
            told.iter().map(|burst| burst.users.len()).collect::<Vec<_>>()
        };
        let address = Source::Address(IpAddr::from([203, 0, 113, 7]));
        let bursts = |more: u32| vec![of(address, 0..6), of(Source::Anywhere, 0..6 + more)];
        assert_eq!(told(bursts(6), 20), [6]);
        assert_eq!(told(bursts(7), 20), [6, 13]);
        // What does not count explains nothing.
        assert_eq!(told(vec![of(address, 0..6), of(Source::Anywhere, 0..5)], 5), [5]);
    }
}

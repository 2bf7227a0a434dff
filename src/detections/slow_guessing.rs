//! One wrong password from each of many countries: guesses that hide in time and place.
//!
//! # What it looks for
//! Wrong passwords for one user from addresses that were used against them exactly once, and from which they succeeded at most
//! once, in at least `countries` countries over the whole of the exports. One finding a user; it is high where the
//! right password is among what came from such addresses.
//!
//! # Why it matters
//! Whoever rents many addresses stays below every threshold. No person mistypes once in each of six countries.
//!
//! # Evidence it needs
//! User sign-ins with address, country and result. The longer the exports reach back, the more it sees.
//!
//! # Benign causes
//! * Somebody's password was published: then the guesses are real and in vain.
//! * A private VPN with changing exits, in a program with an old password.
//!
//! # Tuning
//! `countries` that are many.
//!
//! # What to ask
//! * Does the user work through a VPN whose country changes?
//!
//! # What to do
//! * Reset the password where it was right once, and revoke the sessions.
//! * Demand a second factor everywhere, and block protocols that know none.
//!
//! # References
//! * ATT&CK T1110.001, T1110.004
//! * Microsoft Sentinel, Low and slow password attempts

use crate::order::{Map, Set};

use serde_json::json;

use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::results::ResultClass;
use crate::order::Gather;
use crate::sessions::EventRef;

use super::evidence::{duration, moment, sign_ins, who};
use super::places::outside;
use super::single::{LISTED, Told, finding};
use super::{Ask, Confidence, Detection, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "slow-guessing";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "One wrong password from each of many countries",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "programs that send the password themselves show only there")],
    needs: &[&[Field::Address], &[Field::Country], &[Field::Result]],
    wants: &[Field::IncomingToken],
    history_days: 0,
    tunables: &[Tunable::number("countries", "6", "countries with an address that guessed once")],
    prepare,
    kql: include_str!("slow_guessing.kql"),
    file: "slow_guessing",
};

/// What came from one address.
#[derive(Default)]
struct Source<'a> {
    guesses: Vec<(u32, &'a SignIn)>,
    right: Vec<(u32, &'a SignIn)>,
    successes: usize,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = usize::try_from(tuning.number(ID, "countries").unwrap_or(6)).unwrap_or(usize::MAX).max(1);
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut sources: Map<TextId, Source<'_>> = Map::new();
        let mut guessed = false;
        for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user() && row.address.has_value()) {
            let proves = view.proves_secret(row);
            if proves || view.class(row) == ResultClass::WrongSecret {
                guessed = true;
                let source = sources.entry(row.address).or_default();
                source.guesses.push((number, row));
                source.right.extend(proves.then_some((number, row)));
            } else if view.succeeded(row) {
                let source = sources.entry(row.address).or_default();
                source.successes += 1;
                source.right.extend(view.is_primary(row).then_some((number, row)));
            }
        }
        if !guessed {
            return;
        }
        let once = |source: &&Source<'_>| source.guesses.len() == 1 && source.successes < 2;
        let single: Vec<&Source<'_>> = sources.values().filter(once).collect();
        let mut guesses: Vec<(u32, &SignIn)> =
            single.iter().flat_map(|source| source.guesses.iter().copied()).collect();
        guesses.retain(|(_, row)| view.country(row).is_some() && outside(view, row).is_some());
        let countries: Set<TextId> = guesses.iter().filter_map(|(_, row)| view.country(row)).gather();
        if countries.len() < least {
            return;
        }
        let first = guesses.iter().min_by_key(|(_, row)| row.order());
        let last = guesses.iter().max_by_key(|(_, row)| row.order());
        let Some((&(number, begin), (_, end))) = first.zip(last) else { return };
        let right = single.iter().flat_map(|source| source.right.iter()).min_by_key(|(_, row)| row.order());
        let mut beside: Vec<_> = sign_ins(
            "guess",
            guesses
                .iter()
                .take(LISTED)
                .map(|(number, _)| *number)
                .filter(|one| Some(*one) != right.map(|(number, _)| *number)),
        )
        .collect();
        let (event, role) = match right {
            Some((number, _)) => (*number, "right"),
            None => (number, "guess"),
        };
        beside.retain(|item| item.event != EventRef::SignIn(event));
        // Facts: `countries` and `addresses`, how many; `right`, whether the right password was among them.
        found.push(finding(
            &DETECTION,
            view,
            Told {
                variant: if right.is_some() { "right" } else { "in-vain" },
                severity: if right.is_some() { Severity::High } else { Severity::Low },
                confidence: Confidence::Medium,
                event: EventRef::SignIn(event),
                role,
                beside,
                why: format!(
                    "{} addresses in {} countries guessed the password of {} once each, within {} from {} on.{}",
                    guesses.len(),
                    countries.len(),
                    who(view),
                    duration(end.time - begin.time),
                    moment(begin.time),
                    match right {
                        Some((_, row)) => format!(" At {} it was right.", moment(row.time)),
                        None => String::new(),
                    },
                ),
                what: "Slow guesses from many countries",
                facts: json!({"countries": countries.len(), "addresses": guesses.len(), "right": right.is_some()}),
            },
        ));
    })
}

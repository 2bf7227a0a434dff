//! Many wrong passwords for one user, and a sign-in that succeeded.
//!
//! # What it looks for
//! A run of wrong passwords for one user, at least eight within twenty minutes, and then, up to an
//! hour after, a sign-in of that user that succeeded or whose code only comes after the right
//! password. Runs without are counted in one quiet finding a user. Over the whole tenant, a wave of
//! accounts that were locked at one time.
//!
//! # Why it matters
//! Whoever guesses until it fits holds the password. Most runs are a phone or a script with an old
//! password: what tells them apart is from where the success came.
//!
//! # Evidence it needs
//! Sign-ins with result code and address. It is high where the success came from the network of the
//! guesses, which the user does not know, medium from another one that they do not know, and only
//! worth knowing from a network or device that is familiar.
//!
//! # Benign causes
//! * A phone or mail client retries an old password after a change.
//! * A script or scheduled task of the user's own has an old password.
//! * The user mistypes, and remembers.
//!
//! # Tuning
//! `wrong` and `window-minutes` make a run; `locked-users` and `locked-minutes` a wave.
//!
//! # What to ask
//! * Did the user change their password shortly before?
//! * Is the network of the success theirs?
//!
//! # What to do
//! * Reset the password and revoke the sessions where the network is not the user's.
//! * Find the device or script that retries, where it is.
//!
//! # References
//! * ATT&CK T1110.001, T1078.004
//! * Microsoft Sentinel, Brute force attack against user credentials
//! * Elastic, Entra ID user sign-in brute force

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Id, SignIn, Store};
use crate::knowledge::results::ResultClass;
use crate::sessions::{Familiarity, View};
use crate::tenant::{Ended, same_network};

use super::evidence::{duration, failure, moment, place, sign_ins, who};
use super::single::LISTED;
use super::sprays::{Rule, SourceKind, bursts};
use super::told::{Told, Weight, of, of_whole, one_a_session};
use super::windows::{runs, within};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning, Whole};

const ID: &str = "brute-force-success";
const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Many wrong passwords, then a sign-in",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "programs that send the password themselves show only there")],
    needs: &[&[Field::Result]],
    wants: &[Field::Address, Field::Asn, Field::DeviceId, Field::IncomingToken],
    history_days: 0,
    tunables: &[
        Tunable::number("wrong", "8", "least wrong passwords within the window"),
        Tunable::number("window-minutes", "20", "length of the window, inclusive"),
        Tunable::number("locked-users", "15", "least users locked at one time"),
        Tunable::number("locked-minutes", "30", "what counts as one time, inclusive"),
    ],
    prepare,
    kql: include_str!("brute_force_success.kql"),
    file: "brute_force_success",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = usize::try_from(tuning.number(ID, "wrong").unwrap_or(8)).unwrap_or(usize::MAX);
    let window = tuning.number(ID, "window-minutes").unwrap_or(20).saturating_mul(MINUTE);
    Box::new(move |subject, found| {
        let view = subject.view;
        let user = |(_, row): &(u32, &SignIn)| row.stream().is_user();
        let wrong: Vec<(u32, &SignIn)> =
            view.sign_ins().filter(user).filter(|(_, row)| view.class(row) == ResultClass::WrongSecret).collect();
        let times: Vec<i64> = wrong.iter().map(|(_, row)| row.time).collect();
        let runs = runs(&times, least, window);
        if runs.is_empty() {
            return;
        }
        let right: Vec<(u32, &SignIn)> = view
            .sign_ins()
            .filter(|(_, row)| (view.is_primary(row) && view.succeeded(row)) || view.proves_secret(row))
            .filter(user)
            .collect();
        let mut without: Vec<u32> = Vec::new();
        let mut without_runs = 0_usize;
        let mut entered: Vec<Finding> = Vec::new();
        for run in runs {
            let tries = wrong.get(run).unwrap_or_default();
            match success(subject, tries, &right, least) {
                Some(success) => entered.push(finding(view, tries, &success)),
                None => {
                    without_runs += 1;
                    without.extend(tries.iter().map(|(number, _)| *number));
                }
            }
        }
        found.extend(one_a_session(entered));
        if without_runs > 0 {
            found.push(quiet(view, &without, without_runs));
        }
    })
}

/// A success after a run, and what it says.
struct Success<'a> {
    number: u32,
    row: &'a SignIn,
    weight: Weight,
    reason: &'static str,
}

/// The worst success from the guess that made the run one to an hour after its last.
fn success<'a>(
    subject: &Subject<'_>,
    tries: &[(u32, &SignIn)],
    right: &[(u32, &'a SignIn)],
    least: usize,
) -> Option<Success<'a>> {
    let view = subject.view;
    let enough = tries.get(least.saturating_sub(1))?.1.time;
    let (_, last) = tries.last()?;
    let near = within(right, enough..=last.time.saturating_add(HOUR), |(_, row)| row.time);
    let judged = near.iter().filter_map(|(number, row)| {
        let network = view.network(row);
        let same = same_network(network, view.network(last)) == Some(true);
        let seen = subject.familiar.network(view, row);
        let own = seen == Familiarity::Familiar || subject.familiar.device(view, row) == Familiarity::Familiar;
        let hosting = network.is_some_and(|network| network.is_hosting());
        let (severity, confidence, reason) = match (own, seen, same) {
            (true, _, true) => (Severity::Info, Confidence::Medium, "familiar"),
            // The user signs in while somebody else guesses.
            (true, _, false) => return None,
            (_, Familiarity::Unfamiliar, true) if hosting => (Severity::High, Confidence::High, "same hosting network"),
            (_, Familiarity::Unfamiliar, true) => (Severity::High, Confidence::Medium, "same unfamiliar network"),
            (_, _, true) => (Severity::Medium, Confidence::Low, "same network"),
            (_, Familiarity::Unfamiliar, false) => (Severity::Medium, Confidence::Medium, "another unfamiliar network"),
            _ => return None,
        };
        Some(Success { number: *number, row, weight: (severity, confidence), reason })
    });
    // The earliest of the worst.
    judged.collect::<Vec<_>>().into_iter().rev().max_by_key(|success| success.weight)
}

/// Facts: `wrong`, how many wrong passwords; `reason`, what decided; `entered`, whether it succeeded or
/// only the password was right.
fn finding(view: &View<'_>, tries: &[(u32, &SignIn)], success: &Success<'_>) -> Finding {
    let entered = view.succeeded(success.row);
    let span = tries.first().zip(tries.last()).map_or(0, |((_, first), (_, last))| last.time - first.time);
    let ended = if entered { "a sign-in succeeded" } else { "the right password was given" };
    let because = match success.reason {
        "familiar" => " The user knows that network or device.",
        "same hosting network" => " That is a hosting or VPN network, and the guesses came from it.",
        "same unfamiliar network" => " The guesses came from there too, and the user had never been there.",
        "same network" => " The guesses came from there too; whether the user knows it cannot be told.",
        _ => " The guesses came from elsewhere; the user had been at neither.",
    };
    let listed = tries.iter().take(LISTED).map(|(number, _)| *number);
    let told = Told {
        variant: if entered { "entered" } else { "proven" },
        weight: success.weight,
        why: format!(
            "{} wrong passwords for {} within {}; then {ended} from {} at {}{}.{because}",
            tries.len(),
            who(view),
            duration(span),
            place(view.network(success.row)),
            moment(success.row.time),
            failure(view.code(success.row)),
        ),
        what: "Wrong passwords, then a sign-in",
        evidence: sign_ins("wrong", listed).chain(sign_ins("success", [success.number])).collect(),
        facts: json!({"wrong": tries.len(), "reason": success.reason, "entered": entered}),
    };
    let title = format!("{} wrong passwords, then {ended}", tries.len());
    Finding { strand: "success", title, ..of(&DETECTION, view, view.session_of(success.number), success.row.id, told) }
}

/// Runs that led nowhere: a phone or script with an old password, or guesses in vain. Facts: `runs`,
/// `wrong`.
fn quiet(view: &View<'_>, tries: &[u32], runs: usize) -> Finding {
    let told = Told {
        variant: "in-vain",
        weight: (Severity::Info, Confidence::High),
        why: format!(
            "{} wrong passwords for {} in {runs} runs, and no sign-in that they could have led to.",
            tries.len(),
            who(view)
        ),
        what: "Wrong passwords in vain",
        evidence: sign_ins("wrong", tries.iter().copied().take(LISTED)).collect(),
        facts: json!({"runs": runs, "wrong": tries.len()}),
    };
    Finding { title: format!("{} wrong passwords in vain", tries.len()), ..of(&DETECTION, view, None, Id::EMPTY, told) }
}

/// A wave of locked accounts. Facts: `users`, how many; `spans`, from when to when.
pub(super) fn whole(whole: &Whole<'_>, found: &mut Vec<Finding>) {
    let rule = Rule {
        counts: |ended| ended == Ended::Locked,
        users: usize::try_from(whole.tuning.number(ID, "locked-users").unwrap_or(15)).unwrap_or(usize::MAX).max(1),
        window: whole.tuning.number(ID, "locked-minutes").unwrap_or(30).saturating_mul(MINUTE),
        tries: None,
        percent: 0,
        networks: 0,
    };
    for mut burst in bursts(&whole.tenant.attempts, SourceKind::Anywhere, &rule) {
        whole.in_order(&mut burst.tries);
        let listed = burst.tries.iter().take(LISTED).map(|attempt| attempt.row);
        let told = Told {
            variant: "locked",
            weight: (Severity::Medium, Confidence::High),
            why: format!(
                "{} users were locked out, or their address refused, {} times from {} on.",
                burst.users.len(),
                burst.tries.len(),
                moment(burst.begins())
            ),
            what: "Accounts locked at one time",
            evidence: sign_ins("locked", listed).collect(),
            facts: json!({"users": burst.users.len(), "spans": burst.moments()}),
        };
        let title = format!("{} accounts were locked at one time", burst.users.len());
        found.push(Finding { title, ..of_whole(&DETECTION, burst.anchor, told) });
    }
}

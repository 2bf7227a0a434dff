//! Tokens that were revoked: somebody else still tries them, or they still work.
//!
//! # What it looks for
//! *storm*: `refusals` times or more the answer that a token was revoked (50173, 50133), from one
//! network that is not familiar for the user and by a program or device that the user never used.
//! *alive*: an administrator revoked the user's sessions or reset the password, and a session from
//! before went on with a token more than a minute later, or acted in mailbox, files or Microsoft Graph,
//! without signing in anew. One finding a network and program, and one a session.
//!
//! # Why it matters
//! After a revocation the thief's program goes on trying, and gives away where it runs. And a session
//! that survives its revocation is still in somebody's hands.
//!
//! # Evidence it needs
//! User sign-ins with result codes, addresses and agents for *storm*; the directory audit log and
//! session ids for *alive*. A password reset ends only tokens that came from a password: without
//! authentication steps such a session is left out.
//!
//! # Benign causes
//! * The user's own phone, which tries its old token for days: it is familiar, and left out.
//! * An access token lives up to `access-token-minutes` after the revocation, and 15 minutes at most where the
//!   program takes part in continuous access evaluation. What is done with it until then is expected.
//!
//! # Tuning
//! `refusals` that make a storm; `access-token-minutes` that a plain access token may live on.
//!
//! # What to ask
//! * Who revoked the sessions, and why?
//! * Has the user another device that is not seen here?
//!
//! # What to do
//! * Revoke the sessions again, reset the password, and remove methods and devices that nobody knows.
//! * Block the network that still tries, and search for it at other users.
//!
//! # References
//! * ATT&CK T1550.001
//! * Microsoft Sentinel, Expired access credentials, and Sts refresh token modification
//! * Cloud-Architekt, User activity by revoked tokens

use crate::order::{Map, Set};
use std::net::IpAddr;

use serde_json::json;

use crate::events::field::Field;
use crate::events::processing::Processing;
use crate::events::vocabulary::Stream;
use crate::events::{SignIn, Store};
use crate::knowledge::agents::Family;
use crate::knowledge::operations::TokensEnded;
use crate::order::Gather;
use crate::sessions::{Familiarity, HISTORY_DAYS, Session, SessionKind, View, tokens_ended};

use super::evidence::{activities, audits, duration, hand, moment, sign_ins, who};
use super::single::LISTED;
use super::told::{Told, of, of_session};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "revoked-token-storm";
const MINUTE: i64 = 60_000_000;
/// How long news of a revocation may take to reach a service that evaluates access continuously (Microsoft's
/// documentation of continuous access evaluation).
const NEWS: i64 = 15 * MINUTE;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Revoked tokens are still tried, or still work",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[
        (Records::Audits, "it tells when sessions were revoked"),
        (Records::NonInteractive, "tokens are tried there"),
    ],
    needs: &[&[Field::Result]],
    wants: &[Field::Address, Field::Asn, Field::Agent, Field::SessionId, Field::IncomingToken],
    history_days: HISTORY_DAYS,
    tunables: &[
        Tunable::number("refusals", "5", "refused tokens that make a storm"),
        Tunable::number("access-token-minutes", "60", "minutes that an access token lives on after a revocation"),
    ],
    prepare,
    kql: include_str!("revoked_token_storm.kql"),
    file: "revoked_token_storm",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = tuning.number(ID, "refusals").unwrap_or(5).max(1);
    let life = tuning.number(ID, "access-token-minutes").unwrap_or(60).saturating_mul(MINUTE);
    Box::new(move |subject, found| {
        storms(subject, usize::try_from(least).unwrap_or(usize::MAX), found);
        let sessions = &subject.view.sessions;
        let ends = if sessions.is_empty() { Vec::new() } else { tokens_ended(subject.view) };
        if !ends.is_empty() {
            for (index, session) in sessions.iter().enumerate() {
                found.extend(alive(subject.view, index, session, &ends, life));
            }
        }
    })
}

/// The answers that a token was revoked: by a change of password or by an administrator.
fn is_refused(view: &View<'_>, row: &SignIn) -> bool {
    row.stream().is_user() && matches!(view.code(row), Some(50_173 | 50_133))
}

/// A network as far as it is known, and a family of programs.
type Source = (Option<u32>, Option<IpAddr>, Family);

/// Facts: `refusals`, how many; `sessions`, of how many sessions.
fn storms(subject: &Subject<'_>, least: usize, found: &mut Vec<Finding>) {
    let view = subject.view;
    let refused: Vec<(u32, &SignIn)> = view.sign_ins().filter(|(_, row)| is_refused(view, row)).collect();
    if refused.len() < least {
        return;
    }
    let at_home = |row: &SignIn| {
        let own = view.network(row).is_some_and(|network| network.is_microsoft() || view.own.has(&network));
        own || subject.familiar.network(view, row) == Familiarity::Familiar
    };
    let used: Set<Family> = view
        .sign_ins()
        .filter(|(_, row)| view.succeeded(row) && at_home(row))
        .map(|(_, row)| view.agent(row).family())
        .gather();
    let mut storms: Map<Source, Vec<(u32, &SignIn)>> = Map::new();
    for (number, row) in refused {
        let Some(network) = view.network(row) else { continue };
        let family = view.agent(row).family();
        let strange = family != Family::Unknown && !used.contains(&family)
            || subject.familiar.device(view, row) == Familiarity::Unfamiliar;
        if strange && !at_home(row) && subject.familiar.network(view, row) == Familiarity::Unfamiliar {
            let address = network.asn.is_none().then_some(network.address);
            storms.entry((network.asn, address, family)).or_default().push((number, row));
        }
    }
    for storm in storms.into_values().filter(|storm| storm.len() >= least) {
        let Some((first, last)) = storm.first().zip(storm.last()) else { continue };
        let sessions: Set<Option<usize>> = storm.iter().map(|(number, _)| view.session_of(*number)).gather();
        let told = Told {
            variant: "storm",
            weight: (Severity::Medium, Confidence::Medium),
            why: format!(
                "{} tokens of {} that had been revoked were tried from {}, from {} to {}. The user never used that program or device, and was never there.",
                storm.len(),
                who(view),
                hand(view, first.1),
                moment(first.1.time),
                moment(last.1.time),
            ),
            what: "Revoked tokens tried",
            evidence: sign_ins("refused", storm.iter().take(LISTED).map(|(number, _)| *number)).collect(),
            facts: json!({"refusals": storm.len(), "sessions": sessions.len()}),
        };
        let title = "Somebody still tries revoked tokens".to_owned();
        found.push(Finding { title, ..of(&DETECTION, view, view.session_of(first.0), first.1.id, told) });
    }
}

/// Whether a session was opened with a password, as far as its steps tell.
fn came_from_password(view: &View<'_>, session: &Session) -> bool {
    let mut steps = view.rows(&session.sign_ins).map(|(_, row)| view.store.texts.get(row.steps));
    steps.any(|steps| steps.contains("\"method\":\"Password\""))
}

/// Facts: `minutes`, from the revocation to the last use; `refreshed` and `acted`, how many sign-ins and acts came after it;
/// `continuous`, whether a token took part in continuous access evaluation.
fn alive(
    view: &View<'_>,
    index: usize,
    session: &Session,
    ends: &[(u32, i64, TokensEnded)],
    life: i64,
) -> Option<Finding> {
    let began = view.store.sign_in(*session.sign_ins.first()?)?.time;
    let by_password = came_from_password(view, session);
    if session.kind != SessionKind::Session {
        return None;
    }
    let (ended, at, how) =
        ends.iter().copied().find(|(_, at, how)| *at > began && (*how == TokensEnded::Revoked || by_password))?;
    let rows = || view.rows(&session.sign_ins).filter(|(_, row)| row.time > at.saturating_add(MINUTE));
    // From a new sign-in on the session has new tokens.
    let anew =
        rows().find(|(_, row)| row.stream() == Stream::Interactive && !row.incoming.is_token() && view.succeeded(row));
    let until = anew.map_or(i64::MAX, |(_, row)| row.time);
    let refreshed: Vec<(u32, i64)> = rows()
        .take_while(|(_, row)| row.time < until)
        .filter(|(_, row)| row.incoming.is_token() && view.succeeded(row))
        .map(|(number, row)| (number, row.time))
        .collect();
    let acts: Vec<(u32, i64)> = view
        .activities()
        .filter(|(_, row)| row.time > at.saturating_add(MINUTE) && row.time < until)
        .filter(|(_, row)| row.session_id(view.store) == session.id)
        .map(|(number, row)| (number, row.time))
        .collect();
    let continuous = view.rows(&session.sign_ins).any(|(_, row)| {
        row.time <= at && Processing::read(view.store.texts.get(row.processing)).is_evaluated() == Some(true)
    });
    let life = if continuous { life.min(NEWS) } else { life };
    let late = acts.iter().any(|(_, time)| time - at > life);
    let severity = match (refreshed.is_empty(), acts.is_empty()) {
        (true, true) => return None,
        (true, false) if !late => Severity::Info,
        _ => Severity::High,
    };
    let latest = refreshed.iter().chain(&acts).map(|(_, time)| *time).max()?;
    let ending = match severity {
        Severity::Info if continuous => {
            " News of a revocation takes some minutes to reach a service: that is expected."
        }
        Severity::Info => " An access token lives on so long: that is expected.",
        _ if continuous => {
            " Its tokens took part in continuous access evaluation, and should have ended within 15 minutes."
        }
        _ => " A session that was revoked should have asked for a new sign-in.",
    };
    let verb = if how == TokensEnded::Revoked { "were revoked" } else { "ended by a password reset" };
    let confidence = if refreshed.is_empty() { Confidence::Medium } else { Confidence::High };
    let told = Told {
        variant: "alive",
        weight: (severity, confidence),
        why: format!(
            "The tokens of {} {verb} at {}. A session from before went on for {}: {} tokens and {} acts, without a new sign-in.{ending}",
            who(view),
            moment(at),
            duration(latest - at),
            refreshed.len(),
            acts.len(),
        ),
        what: "Alive after revocation",
        evidence: audits("revocation", [ended])
            .chain(sign_ins("after revocation", refreshed.iter().take(LISTED).map(|(number, _)| *number)))
            .chain(activities("after revocation", acts.iter().take(LISTED).map(|(number, _)| *number)))
            .collect(),
        facts: json!({
            "minutes": (latest - at) / MINUTE,
            "refreshed": refreshed.len(),
            "acted": acts.len(),
            "continuous": continuous,
        }),
    };
    let title = "Session lives on after its revocation".to_owned();
    Some(Finding { title, ..of_session(&DETECTION, view, index, told) })
}

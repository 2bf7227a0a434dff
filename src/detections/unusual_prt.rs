//! A primary refresh token that is used as its owner's machine would not.
//!
//! # What it looks for
//! Five things, each a variant. *new-device*: a primary refresh token on a device that this user had
//! not used before, its session not bound, the device neither managed nor hybrid joined. *two-keys*:
//! a session opened with Windows Hello for Business begins while another on the same device goes on; high where
//! the two are used in turn, each from networks and countries where the other never was: that is no person with two
//! profiles. Its confidence stays medium, so that a session is above the line by it only with evidence of another kind.
//! *broker*: the Authentication Broker gets a token for a resource that it is hardly ever asked for, or
//! by an agent that no system's broker has. *no-token*: a policy that demands a compliant device
//! was satisfied and the session is bound, yet no primary refresh token came in it. *exchanged*: a
//! refresh token, and within the hour a primary refresh token of the same joined device that is not
//! managed, unbound.
//!
//! Where no sign-in of these exports tells the type of the token (Defender's tables), *broker* is asked in
//! full, and of the others the first alone, by the stream (*new-device-by-stream*): a client's success on a
//! joined device that the user had not used before and that is not managed; low, and medium from a country
//! that is new for the user. The others make no sense there: what tells them apart from every day is the
//! token, its binding, or the method.
//!
//! # Why it matters
//! A primary refresh token opens every application without asking again. Tools that steal or forge one
//! do not behave as Windows, iOS or Android do.
//!
//! # Evidence it needs
//! Interactive and non-interactive sign-ins with incoming token type (or the stream), device, token protection, session
//! id and agent; authentication steps for Windows Hello; policies for the fourth.
//!
//! # Benign causes
//! * A new phone or laptop of the user's own, not yet managed.
//! * Two people or profiles share one machine and switch between them.
//! * A rare application signs in through the broker.
//!
//! # Tuning
//! `new-device-days` is how long a device is new, `exchange-minutes` how soon the exchange follows.
//!
//! # What to ask
//! * Is the device the user's, and since when?
//! * Did the user work at this machine at this time?
//!
//! # What to do
//! * Revoke the user's sessions; disable the device if it is not known.
//! * Remove Windows Hello keys of the device and let the user enrol anew.
//! * Require token protection for sign-in sessions.
//!
//! # References
//! * ATT&CK T1550.001
//! * HybridBrothers, multiple Windows Hello for Business tokens used at once for one device
//! * Elastic, Entra ID broker to unusual resource, broker with unusual agent
//! * Thomas Naunheim, suspicious token requests under a device policy

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::Stream;
use crate::events::{Id, SignIn, Store};
use crate::knowledge::apps;
use crate::order::Map;
use crate::sessions::{Familiarity, HISTORY_DAYS, View};

use super::device::{
    brings_primary_token, brings_refresh_token, has_trust, is_enrolled, is_unbound, is_windows_sign_in, resource,
};
use super::evidence::{duration, moment, place, who};
use super::places::is_abroad;
use super::single::{DAY, successes};
use super::tokens::{Tokens, weakened};
use super::told::{Strands, Weight};
use super::{Ask, Confidence, Detection, Group, Records, Severity, Subject, Tunable, Tuning};
use super::{odd_broker, outside_broker, two_keys};

const ID: &str = "unusual-prt";
const MINUTE: i64 = 60_000_000;
/// Days of history without which no device can be called new.
const HISTORY: i64 = 3 * DAY;
pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Primary refresh token in unusual use",
    group: Group::Device,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "most primary refresh tokens are presented there")],
    // What the broker is asked for is told without the token, too.
    needs: &[&[Field::IncomingToken, Field::ResourceId, Field::Stream], &[Field::Result]],
    wants: &[
        Field::DeviceId,
        Field::Protection,
        Field::Agent,
        Field::SessionId,
        Field::Steps,
        Field::Policies,
        Field::Address,
        Field::Asn,
        Field::Country,
    ],
    history_days: HISTORY_DAYS,
    tunables: &[
        Tunable::number("new-device-days", "7", "how long a device is new for a user"),
        Tunable::number("exchange-minutes", "60", "how soon a primary refresh token follows a refresh token"),
    ],
    prepare,
    kql: include_str!("unusual_prt.kql"),
    file: "unusual_prt",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let new = tuning.number(ID, "new-device-days").unwrap_or(7).saturating_mul(DAY);
    let soon = tuning.number(ID, "exchange-minutes").unwrap_or(60).saturating_mul(MINUTE);
    Box::new(move |subject, found| {
        let mut strands = Strands::new(subject.view);
        new_devices(subject, new, &mut strands);
        two_keys::look(subject.view, &mut strands);
        odd_broker::look(subject, &mut strands);
        outside_broker::look(subject, &mut strands);
        exchanged(subject.view, soon, &mut strands);
        found.extend(strands.findings(&DETECTION, "unusual token", "Unusual primary refresh token"));
    })
}

/// Facts: `device`; `days`, since when the user has it.
fn new_devices(subject: &Subject<'_>, new: i64, strands: &mut Strands<'_>) {
    let view = subject.view;
    let tokens = Tokens::of(view);
    let mut begins = None;
    let mut since: Map<Id, i64> = Map::new();
    for (number, row) in successes(view) {
        let begins = *begins.get_or_insert(row.time);
        let Some(device) = view.device(row).and_then(Id::value) else { continue };
        let first = *since.entry(device).or_insert(row.time);
        if !is_strange(tokens, view, row) || row.time - first >= new || first - begins < HISTORY {
            continue;
        }
        let variant = if tokens.is_typed() { "new-device" } else { "new-device-by-stream" };
        strands.add(variant, &[number], weigh_device(subject, tokens, row), || {
            let (texts, device) = (&view.store.texts, view.store.device(row.device));
            let name = texts.value(device.name).map_or_else(|| device.id.display(texts), str::to_owned);
            let [did, bound] = match tokens.is_typed() {
                true => ["presented a primary refresh token", ", and the session is not bound to it."],
                false => ["had a client sign in", "."],
            };
            let why = format!(
                "{} {did} from {} at {}, on the device {name}, {}. It is not managed{bound}{}",
                who(view),
                place(view.network(row)),
                moment(row.time),
                match row.time - first {
                    0 => "which nothing of this user names before".to_owned(),
                    known => format!("which this user's sign-ins have named for {}", duration(known)),
                },
                tokens.words(),
            );
            (why, json!({"device": name, "days": (row.time - first) / DAY}))
        });
    }
}

/// A primary refresh token, or what stands for it, on a device that nobody manages.
fn is_strange(tokens: Tokens, view: &View<'_>, row: &SignIn) -> bool {
    let primary = match tokens.is_typed() {
        true => brings_primary_token(row) && is_unbound(row) && !has_trust(view, row, &["hybrid azure ad joined"]),
        // A registered phone is not told from a stranger's by less.
        false => tokens.some(row) && has_trust(view, row, &["azure ad joined"]),
    };
    primary && !is_enrolled(view, row) && !is_windows_sign_in(view, row)
}

fn weigh_device(subject: &Subject<'_>, tokens: Tokens, row: &SignIn) -> Weight {
    // A new phone at home is what it looks like.
    let at_home = subject.familiar.network(subject.view, row) == Familiarity::Familiar;
    let severity = if at_home { Severity::Low } else { Severity::Medium };
    match tokens.is_typed() {
        true => (severity, Confidence::Medium),
        false if is_abroad(subject, row) => (severity, Confidence::Low),
        false => weakened(severity),
    }
}

/// Facts: `minutes`, from the refresh token to the primary one.
fn exchanged(view: &View<'_>, soon: i64, strands: &mut Strands<'_>) {
    let mut refreshed: Map<Id, (u32, i64)> = Map::new();
    for (number, row) in successes(view).filter(|(_, row)| is_unbound(row) && !is_enrolled(view, row)) {
        let Some(device) = view.device(row).and_then(Id::value) else { continue };
        if row.stream() == Stream::NonInteractive
            && view.app(row) == Some(apps::AUTHENTICATION_BROKER)
            && brings_refresh_token(row)
            && has_trust(view, row, &["azure ad joined"])
        {
            refreshed.insert(device, (number, row.time));
        }
        let primary = brings_primary_token(row)
            && resource(view, row) != Some(apps::DEVICE_REGISTRATION_SERVICE)
            && !is_windows_sign_in(view, row);
        let Some(&(first, time)) = refreshed.get(&device).filter(|(_, time)| primary && row.time - time <= soon) else {
            continue;
        };
        strands.add("exchanged", &[first, number], (Severity::Medium, Confidence::Medium), || {
            let why = format!(
                "The broker of {} presented a refresh token from {} at {}, and {} later a primary refresh token of the same device was presented. The device is joined and not managed, and neither session is bound to it: tools exchange one for the other.",
                who(view),
                place(view.network(row)),
                moment(time),
                duration(row.time - time)
            );
            (why, json!({"minutes": (row.time - time) / MINUTE}))
        });
    }
}

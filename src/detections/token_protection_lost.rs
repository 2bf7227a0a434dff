//! An application whose tokens were bound to the device goes on with one that is not.
//!
//! # What it looks for
//! An application of a user whose sign-ins were `bound` by token protection `sign-ins` times or more,
//! and then a success that is `unbound`, from a network that is unfamiliar for the user. One finding
//! a session.
//!
//! Where no sign-in of these exports has the status (Defender's tables), the device stands in
//! (*by-device*): an application of a user whose successes came from a device that is managed or
//! compliant, `sign-ins` times or more and every time so far, and then one from none such, from a
//! network and a country that are unfamiliar for the user; medium where the agent's family is another,
//! too, and low otherwise.
//!
//! # Why it matters
//! A bound token works on its own device only. Where the same application suddenly shows one that is
//! not bound, it is another machine, or a client of somebody's own making.
//!
//! # Evidence it needs
//! Sign-ins with token protection status (or at least the device), and enough days to say what is familiar.
//!
//! # Benign causes
//! * A second device that cannot bind tokens yet: an old system, a browser.
//! * A new version of the application.
//!
//! # Tuning
//! `sign-ins` that must have been bound before.
//!
//! # What to ask
//! * Has the user a new device since then?
//!
//! # What to do
//! * Look at what the unbound session reached, and revoke it if nobody knows the network.
//! * Require token protection for this application by conditional access.
//!
//! # References
//! * ATT&CK T1550.001
//! * Cloud-Architekt, Token protection in sign-in logs
//! * Elastic, Entra ID sign-ins with unbound tokens

use crate::order::Map;

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::Protection;
use crate::events::{SignIn, Store};
use crate::knowledge::{agents, apps};
use crate::sessions::{Familiarity, HISTORY_DAYS, View};

use super::device::is_enrolled;
use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::places::outside;
use super::tokens::{is_nowhere, weakened};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "token-protection-lost";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Tokens of an application are no longer bound",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "most tokens are presented there")],
    needs: &[&[Field::Protection, Field::DeviceId], &[Field::Address], &[Field::Result]],
    wants: &[Field::AppId, Field::Asn, Field::SessionId],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number("sign-ins", "5", "sign-ins of the application that must have been bound before")],
    prepare,
    kql: include_str!("token_protection_lost.kql"),
    file: "token_protection_lost",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = tuning.number(ID, "sign-ins").unwrap_or(5);
    Box::new(move |subject, found| {
        let by_device = is_nowhere(subject.view, Field::Protection);
        look(subject, least.max(1), by_device, found);
    })
}

/// How often an application was bound, and the last time.
type Bound = Map<u32, (i64, u32)>;

/// Whether a sign-in shows its application bound to a device, or not; nothing where it says neither.
fn is_bound(view: &View<'_>, row: &SignIn, by_device: bool) -> Option<bool> {
    match (by_device, row.protection) {
        (true, _) => view.device(row).map(|_| is_enrolled(view, row)),
        (false, Protection::BOUND) => Some(true),
        (false, Protection::UNBOUND) => Some(false),
        (false, _) => None,
    }
}

/// Whether a sign-in is from a network, and without token protection a country, that are new for the user.
fn is_from_new_place(subject: &Subject<'_>, row: &SignIn, by_device: bool) -> bool {
    let (view, familiar) = (subject.view, subject.familiar);
    outside(view, row).is_some()
        && familiar.network(view, row) == Familiarity::Unfamiliar
        && (!by_device || familiar.country(view, row) == Familiarity::Unfamiliar)
        && !(by_device && view.app(row).is_some_and(apps::is_server_side))
}

/// Facts: `bound`, how many sign-ins had been bound before; `unbound`, how many in this session were not.
fn look(subject: &Subject<'_>, least: i64, by_device: bool, found: &mut Vec<Finding>) {
    let view = subject.view;
    let mut bound: Bound = Map::new();
    let mut lost: Map<usize, Vec<(u32, i64, u32)>> = Map::new();
    for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user() && view.succeeded(row)) {
        let Some(is_bound) = is_bound(view, row, by_device) else { continue };
        let known = bound.entry(row.app).or_default();
        if is_bound {
            *known = (known.0 + 1, number);
        } else if is_from_new_place(subject, row, by_device) {
            if known.0 >= least {
                lost.entry(view.session_of(number).unwrap_or(usize::MAX)).or_default().push((number, known.0, known.1));
            }
        } else if by_device {
            // The user has it without the device, too.
            known.0 = i64::MIN;
        }
    }
    let variant = if by_device { "by-device" } else { "unbound" };
    for (index, unbound) in lost {
        let Some((session, &(number, count, last))) = view.sessions.get(index).zip(unbound.first()) else { continue };
        let Some((row, before)) = view.store.sign_in(number).zip(view.store.sign_in(last)) else { continue };
        let evidence =
            sign_ins("unbound", unbound.iter().map(|(number, _, _)| *number)).chain(sign_ins("bound", [last]));
        let other_agent = agents::same_family(view.agent(row), view.agent(before)) == Some(false);
        let (severity, confidence) = match (by_device, other_agent) {
            (false, _) => (Severity::Medium, Confidence::Medium),
            (true, true) => (Severity::Medium, Confidence::Low),
            (true, false) => weakened(Severity::Medium),
        };
        found.push(Finding {
            detection: ID,
            variant,
            strand: "unbound",
            severity,
            confidence,
            session: Some(index),
            anchor: session.anchor,
            title: DETECTION.title.to_owned(),
            why: format!(
                "{} {} for {} {} at {count} sign-ins; at {} one {} came from {}, where the user was never seen before.",
                if by_device { "Sign-ins with" } else { "Tokens of" },
                view.app_name(row.app),
                who(view),
                if by_device { "came from a managed device" } else { "were bound to the device" },
                moment(row.time),
                if by_device { "without it" } else { "that is not bound" },
                place(view.network(row)),
            ),
            what: "Token no longer bound",
            evidence: in_order(view, evidence.collect()),
            facts: facts(json!({"bound": count, "unbound": unbound.len()})),
        });
    }
}

//! An application whose tokens were bound to the device goes on with one that is not.
//!
//! # What it looks for
//! An application of a user whose sign-ins were `bound` by token protection `sign-ins` times or more,
//! and then a success that is `unbound`, from a network that is unfamiliar for the user. One finding
//! a session.
//!
//! # Why it matters
//! A bound token works on its own device only. Where the same application suddenly shows one that is
//! not bound, it is another machine, or a client of somebody's own making.
//!
//! # Evidence it needs
//! Sign-ins with token protection status, and enough days to say what is familiar.
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

use std::collections::BTreeMap;

use serde_json::json;

use crate::events::Store;
use crate::events::field::Field;
use crate::events::vocabulary::Protection;
use crate::sessions::{Familiarity, HISTORY_DAYS};

use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "token-protection-lost";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Tokens of an application are no longer bound",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "most tokens are presented there")],
    needs: &[&[Field::Protection], &[Field::Address], &[Field::Result]],
    wants: &[Field::AppId, Field::Asn, Field::SessionId],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number("sign-ins", "5", "sign-ins of the application that must have been bound before")],
    prepare,
    kql: include_str!("token_protection_lost.kql"),
    file: "token_protection_lost",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = tuning.number(ID, "sign-ins").unwrap_or(5);
    Box::new(move |subject, found| look(subject, least, found))
}

/// How often an application was bound, and the last time.
type Bound = BTreeMap<u32, (i64, u32)>;

/// Facts: `bound`, how many sign-ins had been bound before; `unbound`, how many in this session were not.
fn look(subject: &Subject<'_>, least: i64, found: &mut Vec<Finding>) {
    let view = subject.view;
    let mut bound: Bound = BTreeMap::new();
    let mut lost: BTreeMap<usize, Vec<(u32, i64, u32)>> = BTreeMap::new();
    for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user() && view.succeeded(row)) {
        if row.protection == Protection::BOUND {
            let known = bound.entry(row.app).or_default();
            *known = (known.0 + 1, number);
        } else if row.protection == Protection::UNBOUND {
            let Some(&(count, last)) = bound.get(&row.app).filter(|(count, _)| *count >= least.max(1)) else { continue };
            let foreign = view.network(row).is_some_and(|network| !network.is_microsoft() && !view.tenant.is_own(&network));
            if foreign && subject.familiar.network(view, row) == Familiarity::Unfamiliar {
                lost.entry(view.session_of(number).unwrap_or(usize::MAX)).or_default().push((number, count, last));
            }
        }
    }
    for (index, unbound) in lost {
        let Some((session, &(number, count, last))) = view.sessions.get(index).zip(unbound.first()) else { continue };
        let Some(row) = view.store.sign_in(number) else { continue };
        let evidence = sign_ins("unbound", unbound.iter().map(|(number, _, _)| *number)).chain(sign_ins("bound", [last]));
        found.push(Finding {
            detection: ID,
            variant: "unbound",
            strand: "unbound",
            severity: Severity::Medium,
            confidence: Confidence::Medium,
            session: Some(index),
            anchor: session.anchor,
            title: DETECTION.title.to_owned(),
            why: format!(
                "Tokens of {} for {} were bound to the device at {count} sign-ins; at {} one that is not bound came from {}, where the user was never seen before.",
                view.app_name(row.app),
                who(view),
                moment(row.time),
                place(view.network(row)),
            ),
            what: "Token no longer bound",
            evidence: in_order(view, evidence.collect()),
            facts: facts(json!({"bound": count, "unbound": unbound.len()})),
        });
    }
}

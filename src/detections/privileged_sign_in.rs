//! Somebody with power over others signs in where no administrator ever was, with less than usual, or elsewhere.
//!
//! # What it looks for
//! Successes of privileged users of three kinds: network, device and country are new to all administrators of the
//! tenant (`unseen`); one factor alone, interactively, without a known device, from a network that the user does not know
//! (`single-factor`); in another tenant that is new to the tenant (`abroad`). One finding a session and kind.
//!
//! # Why it matters
//! Such an account is worth all others. Administrators work from few places with few devices, so what is new
//! to all of them stands out.
//!
//! # Evidence it needs
//! User sign-ins, and who is privileged: from changes of roles in the directory audit log, a file beside the
//! exports, or roles in tokens. At least three days of history.
//!
//! # Benign causes
//! * An administrator travels with a new laptop.
//! * The first sign-in of a service provider's staff.
//! * Work for another company's tenant as a guest.
//!
//! # Tuning
//! `history-days` for which the tenant's administrators must have been seen.
//!
//! # What to ask
//! * Where was the administrator, and on which device?
//!
//! # What to do
//! * Revoke the sessions and reset the password until the administrator answers.
//! * Demand a managed device and a strong method of all who hold a role.
//!
//! # References
//! * ATT&CK T1078.004
//! * Microsoft Sentinel, Authentications of privileged accounts outside of expected controls
//! * Sigma, Privileged account sign-in outside of expected controls

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::{Requirement, Stream};
use crate::events::{Id, SignIn, Store};
use crate::sessions::{EventRef, HISTORY_DAYS, View};
use crate::tenant::Thing;
use crate::tenant::firsts::admin_keys;

use super::evidence::{moment, place, who};
use super::places::{outside, strange};
use super::single::{DAY, Told, finding, is_privileged, new_tenant, successes, worst};
use super::{Ask, Confidence, Detection, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "privileged-sign-in";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Unusual sign-in of a privileged user",
    group: Group::Network,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Audits, "changes of roles show who is privileged")],
    needs: &[&[Field::Result]],
    wants: &[Field::Address, Field::Asn, Field::Country, Field::DeviceId, Field::Requirement],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number(
        "history-days",
        "3",
        "days of administrators' sign-ins before anything is new to them",
    )],
    prepare,
    kql: include_str!("privileged_sign_in.kql"),
    file: "privileged_sign_in",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let history = tuning.number(ID, "history-days").unwrap_or(HISTORY_DAYS).saturating_mul(DAY);
    Box::new(move |subject, found| {
        let view = subject.view;
        if !is_privileged(view) {
            return;
        }
        let mut all = Vec::new();
        for (number, row) in successes(view) {
            let Some((variant, severity, words)) = kind(subject, row, history) else { continue };
            // Facts: `device`, whether Entra knows one.
            all.push(finding(
                &DETECTION,
                view,
                Told {
                    variant,
                    severity,
                    confidence: Confidence::Medium,
                    event: EventRef::SignIn(number),
                    role: variant,
                    beside: Vec::new(),
                    why: format!(
                        "{} signed in from {} at {}: {words}.",
                        who(view),
                        place(view.network(row)),
                        moment(row.time)
                    ),
                    what: "Unusual for an administrator",
                    facts: json!({"device": view.device(row).is_some_and(|id| id.has_value())}),
                },
            ));
        }
        found.extend(worst(all));
    })
}

fn kind(subject: &Subject<'_>, row: &SignIn, history: i64) -> Option<(&'static str, Severity, &'static str)> {
    let view = subject.view;
    let begins = view.tenant.sign_in_span.map_or(row.time, |span| span.first);
    if row.time - begins < history {
        return None;
    }
    let admins = view.tenant.firsts.since(Thing::OfAdmins, "").unwrap_or(row.time);
    if is_unseen(view, row, admins.saturating_add(history)) {
        return Some(("unseen", Severity::Medium, "network, device and country are new to all administrators"));
    }
    let network = strange(subject, row);
    let bare = row.requirement == Requirement::SINGLE_FACTOR
        && row.stream() == Stream::Interactive
        && view.device(row) == Some(Id::EMPTY);
    if bare && network.is_some() {
        return Some((
            "single-factor",
            Severity::Medium,
            "a single factor and no known device, from a network new to the user",
        ));
    }
    (new_tenant(view, row, history) == Some(false)).then_some((
        "abroad",
        if network.is_some() { Severity::Medium } else { Severity::Low },
        "in another tenant, where nobody of this one had been",
    ))
}

/// Whether nothing of the place was seen of any administrator before, once they had been seen for long enough.
fn is_unseen(view: &View<'_>, row: &SignIn, from: i64) -> bool {
    let Some(network) = outside(view, row) else { return false };
    let device = view.device(row).and_then(Id::value);
    let keys = admin_keys(view.store, network.asn, device, view.country(row));
    let firsts = &view.tenant.firsts;
    let new = |key: &String| firsts.since(Thing::OfAdmins, key).is_some_and(|since| since >= row.time && since >= from);
    let [system, device, country] = &keys;
    let told = system.is_some() && country.is_some();
    told && [system, device, country].into_iter().flatten().all(new)
}

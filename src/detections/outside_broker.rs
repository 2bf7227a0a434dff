//! The part of *a primary refresh token in unusual use* that tells of tokens made outside the broker: a policy
//! that demands a compliant device was satisfied and the session is bound, yet no primary refresh token came in it.

use serde_json::json;

use crate::events::SignIn;
use crate::events::vocabulary::Protection;
use crate::sessions::{Familiarity, SessionKind, View};

use super::device::brings_primary_token;
use super::evidence::{moment, place, who};
use super::policies::{Policy, policies};
use super::single::DAY;
use super::told::{Strands, Weight};
use super::{Confidence, Severity, Subject};

/// How long a primary refresh token lives without being renewed.
const LIFE: i64 = 14 * DAY;

/// Facts: `policy`, which was satisfied.
pub(super) fn look(subject: &Subject<'_>, strands: &mut Strands<'_>) {
    let view = subject.view;
    for session in
        view.sessions.iter().filter(|session| session.kind == SessionKind::Session && session.starts_in_export)
    {
        let mut token: Option<i64> = None;
        for (number, row) in view.rows(&session.sign_ins) {
            if brings_primary_token(row) {
                token = Some(row.time);
            }
            if !is_bound_without_token(view, row) || token.is_some_and(|time| row.time - time <= LIFE) {
                continue;
            }
            let Some(policy) = device_policy(view, row) else { continue };
            strands.add("no-token", &[number], weigh(subject, row), || {
                let why = format!(
                    "{} got a token for {} from {} at {}. The session is bound to a device and the policy {policy}, which demands a compliant device, was satisfied, yet no primary refresh token came in before: it was made outside the broker.",
                    who(view),
                    view.app_name(row.app),
                    place(view.network(row)),
                    moment(row.time)
                );
                (why, json!({"policy": policy}))
            });
        }
    }
}

fn is_bound_without_token(view: &View<'_>, row: &SignIn) -> bool {
    row.incoming.is_none() && row.protection == Protection::BOUND && row.stream().is_user() && view.succeeded(row)
}

fn weigh(subject: &Subject<'_>, row: &SignIn) -> Weight {
    match subject.familiar.device(subject.view, row) {
        // A browser on the user's own machine may do without the broker.
        Familiarity::Familiar => (Severity::Low, Confidence::Medium),
        Familiarity::Unfamiliar => (Severity::Medium, Confidence::Medium),
        // Whether the broker had been there before the export is not known.
        Familiarity::Unknown => (Severity::Low, Confidence::Low),
    }
}

/// The name of a policy that demands a compliant device and was satisfied.
fn device_policy(view: &View<'_>, row: &SignIn) -> Option<String> {
    let policies = policies(view, row, "RequireCompliantDevice");
    let demands = |policy: &Policy| policy.grants.iter().any(|grant| grant == "RequireCompliantDevice");
    policies.into_iter().find(|policy| policy.result == "success" && demands(policy)).map(|policy| policy.name)
}

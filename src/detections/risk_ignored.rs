//! A sign-in that Microsoft found risky, and that nothing stopped and nobody saw to.
//!
//! # What it looks for
//! A success whose risk during the sign-in is medium or high, by the sign-in itself or by a real-time risk
//! detection that names its request, where no policy that asks for the risk was satisfied, and nothing
//! settled it within `window-hours`: the risk is neither remediated nor dismissed nor found safe, no
//! later record says so of the user, and no password was changed or reset and no session revoked. One
//! finding a session.
//!
//! # Why it matters
//! A tenant that pays for Identity Protection and lets risky sign-ins through has an alarm that nobody hears.
//!
//! # Evidence it needs
//! Sign-ins with their level of risk, or real-time risk detections; applied policies say what asked for it;
//! risk states and the directory audit log say whether somebody saw to it. Medium, and high for a user with
//! an administrator's role. Where the sign-ins end before the window does, it is hardly sure.
//!
//! # Benign causes
//! * The tenant's policies leave a group out on purpose.
//! * Somebody looked at it, and wrote that down elsewhere.
//!
//! # Tuning
//! `window-hours` in which somebody must have seen to it.
//!
//! # What to ask
//! * Who looks at risky sign-ins, and did they see this one?
//!
//! # What to do
//! * Ask the user, then confirm or dismiss the risk.
//! * Demand a second factor at medium and a new password at high risk by conditional access.
//!
//! # References
//! * ATT&CK T1078.004
//! * Microsoft, Risk policies of Entra ID Protection
//! * Panther, risk level passed through

use crate::order::Map;

use serde_json::json;

use crate::enrichment::UserClass;
use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::risks::OF_USERS;
use crate::sessions::{EventRef, Link, View};

use super::evidence::{facts, in_order, moment, place, roles_in_token, sign_ins, who};
use super::policies::{Policy, policies};
use super::risk::{Told, is_application, is_settled, told};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "risk-ignored";
const HOUR: i64 = 3_600_000_000;
/// Sign-ins that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Risky sign-in that nobody saw to",
    group: Group::Risk,
    records: &[Records::UserSignIns, Records::Risks],
    helped_by: &[(Records::Audits, "a new password or the end of a session shows there")],
    needs: &[&[Field::Result]],
    wants: &[Field::Risk, Field::RiskTypes, Field::Policies],
    history_days: 0,
    tunables: &[Tunable::number("window-hours", "24", "hours in which somebody must have seen to it, inclusive")],
    prepare,
    kql: include_str!("risk_ignored.kql"),
    file: "risk_ignored",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let window = tuning.number(ID, "window-hours").unwrap_or(24).saturating_mul(HOUR);
    Box::new(move |subject, found| {
        if !is_application(subject.view) {
            look(subject, window, found);
        }
    })
}

/// Facts: `sign_ins`, how many; `level`, of the one that is told; `policy`, one that saw the risk and did not act, if any.
fn look(subject: &Subject<'_>, window: i64, found: &mut Vec<Finding>) {
    let view = subject.view;
    let all = told(view, OF_USERS);
    let mut ignored: Map<usize, Vec<(u32, &SignIn, Told)>> = Map::new();
    for item in &all {
        let Some((number, row)) = risky(view, item) else { continue };
        if let Some(session) = item.session.filter(|_| !is_seen_to(view, &all, row, number, window)) {
            ignored.entry(session).or_default().push((number, row, *item));
        }
    }
    let ends = view.tenant.sign_in_span.map_or(i64::MIN, |span| span.last);
    for (index, items) in ignored {
        let level = |item: &Told| view.store.texts.get(item.level).eq_ignore_ascii_case("high");
        let worst = items.iter().rev().max_by_key(|(_, _, item)| level(item));
        let Some(((_, row, told), session)) = worst.zip(view.sessions.get(index)) else { continue };
        let privileged = view.person.classes.has(UserClass::Privileged)
            || items.iter().any(|(_, row, _)| !roles_in_token(view, row).is_empty());
        let open = ends < row.time.saturating_add(window);
        let watched = policy(view, row, false);
        found.push(Finding {
            detection: ID,
            variant: "ignored",
            strand: "ignored",
            severity: if privileged { Severity::High } else { Severity::Medium },
            confidence: if open { Confidence::Low } else { Confidence::Medium },
            session: Some(index),
            anchor: session.anchor,
            title: DETECTION.title.to_owned(),
            why: format!(
                "{} signed in to {} from {} at {} with a {} risk. No policy that asks for the risk was satisfied{}, and {}",
                who(view),
                view.app_name(row.app),
                place(view.network(row)),
                moment(row.time),
                view.store.texts.get(told.level).to_ascii_lowercase(),
                watched.as_ref().map_or_else(String::new, |name| format!(" ({name} only watched)")),
                match open {
                    true => "the sign-ins end before the time to see to it was over.",
                    false => "no record says that somebody saw to it in time.",
                },
            ),
            what: "Risky sign-in, nobody saw to it",
            evidence: in_order(view, sign_ins("risky sign-in", items.iter().take(LISTED).map(|(number, ..)| *number)).collect()),
            facts: facts(json!({"sign_ins": items.len(), "level": view.store.texts.get(told.level), "policy": watched})),
        });
    }
}

/// The success that a risk is about, where the level was medium or high while it went on and no policy acted.
fn risky<'a>(view: &View<'a>, item: &Told) -> Option<(u32, &'a SignIn)> {
    let texts = &view.store.texts;
    let realtime = || match item.event {
        EventRef::Risk(number) => {
            let timing = texts.get(view.store.risk_event(number)?.timing);
            (item.link == Some(Link::Request) && timing.eq_ignore_ascii_case("realtime")).then_some(item.level)
        }
        _ => None,
    };
    let number = item.sign_in?;
    let row = view.store.sign_in(number)?;
    let level = match item.link {
        Some(Link::Own) => view.store.risk(row.risk).during,
        _ => realtime()?,
    };
    let level = texts.get(level).to_ascii_lowercase();
    let passed = row.stream().is_user() && view.succeeded(row) && policy(view, row, true).is_none();
    (passed && matches!(level.as_str(), "medium" | "high")).then_some((number, row))
}

/// The name of a policy that asked for the risk, and acted, or only watched.
fn policy(view: &View<'_>, row: &SignIn, acted: bool) -> Option<String> {
    let policies = policies(view, row, "Risk");
    let asks = |policy: &&Policy| policy.satisfied.iter().any(|what| what == "signInRisk" || what == "userRisk");
    let did =
        |policy: &&Policy| if acted { policy.result == "success" } else { policy.result.starts_with("reportOnly") };
    policies.iter().find(|policy| asks(policy) && did(policy)).map(|policy| policy.name.clone())
}

/// Whether the risk of a sign-in was settled: by a state, or by a new password or the end of sessions in time.
fn is_seen_to(view: &View<'_>, all: &[Told], row: &SignIn, number: u32, window: i64) -> bool {
    let store = view.store;
    let soon = row.time..=row.time.saturating_add(window);
    is_settled(store, store.risk(row.risk).state)
        || all.iter().any(|item| item.sign_in == Some(number) && is_settled(store, item.state))
        || view
            .risk_events()
            .any(|(_, event)| event.is_state() && soon.contains(&event.time) && is_settled(store, event.state))
        || view.audits().any(|(_, act)| {
            let operation = store.texts.get(act.operation).to_ascii_lowercase();
            let ends =
                ["reset", "change"].iter().any(|verb| operation.contains(verb)) && operation.contains("password");
            let ends = ends || crate::knowledge::operations::ends_tokens(&operation).is_some();
            ends && soon.contains(&act.time) && store.texts.get(act.result) == "success"
        })
}

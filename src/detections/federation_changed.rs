//! A domain of the tenant was made to trust another issuer of tokens.
//!
//! # What it looks for
//! A domain that becomes federated, federation settings that are set or changed, and domains that are added
//! or verified. An issuer or a second signing certificate that is new is told, and so is an issuer as a public
//! tool writes it. *used*: a user who then signs in with a token of an issuer that was made trusted.
//!
//! # Why it matters
//! Who holds the signing key of a trusted issuer makes tokens for any user, second factor included. Nothing
//! on the users' side shows it, and resetting passwords changes nothing.
//!
//! # Evidence it needs
//! The directory audit log.
//!
//! # Benign causes
//! * A move to or from an identity provider, or the yearly roll-over of its certificate.
//! * A domain is added for a new brand or after a merger.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Is there a federation project, and who has the signing key of the issuer that is named?
//!
//! # What to do
//! * Make the domain managed again, or set issuer and certificate back; revoke all sessions of its users.
//! * Look for sign-ins whose token issuer is the new one.
//!
//! # References
//! * ATT&CK T1484.002, T1606.002
//! * Microsoft Sentinel, Modified domain federation trust settings; Elastic, Entra ID domain federation configuration change

use serde_json::json;

use crate::events::change::plain;
use crate::events::time::format_rfc3339;
use crate::events::{Store, TextId};
use crate::order::Map;
use crate::tenant::issuers::{federates, named_by};

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::evidence::{duration, facts, id_text, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Finding, Severity, Subject, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "federation-changed",
        "Trust in an issuer of tokens changed",
        "federation_changed",
        include_str!("federation_changed.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "federated", what: "Domain trusts another issuer", is: federates, ask: federated },
        Question { variant: "domain", what: "Domain added to the tenant", is: adds, ask: added },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let changes = asked::ask(&SPEC, tuning);
    Box::new(move |subject, found| {
        changes(subject, found);
        used(subject, found);
    })
}

/// Sign-ins that a finding shows; all are counted.
const LISTED: usize = 100;

/// Sign-ins with tokens of an issuer that a change of the log made trusted, by issuer and session. Facts: `issuer`;
/// `sign_ins`, how many; `trusted_since`.
fn used(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let (issuers, texts) = (&view.tenant.issuers, &view.store.texts);
    if issuers.is_empty() {
        return;
    }
    let mut uses: Map<(TextId, Option<usize>), Vec<u32>> = Map::new();
    for (number, row) in view.sign_ins().filter(|(_, row)| view.succeeded(row)) {
        let issuer = view.store.tenants_of(row.tenants).issuer;
        let since = texts.value(issuer).and_then(|issuer| issuers.since(issuer));
        if since.is_some_and(|since| row.time >= since) {
            uses.entry((issuer, view.session_of(number))).or_default().push(number);
        }
    }
    for ((issuer, session), numbers) in uses {
        let Some((first, row)) = view.rows(&numbers).next() else { continue };
        let issuer = texts.get(issuer);
        let since = issuers.since(issuer).unwrap_or(row.time);
        let anchor = session.and_then(|index| view.sessions.get(index)).map_or(row.id, |session| session.anchor);
        let listed = numbers.iter().copied().take(LISTED);
        found.push(Finding {
            detection: DETECTION.id,
            variant: "used",
            strand: "used",
            severity: Severity::Critical,
            confidence: Confidence::High,
            session,
            anchor: anchor.value().unwrap_or(row.id),
            title: "Token of an issuer that was just made trusted".to_owned(),
            why: format!(
                "{} signed in from {} at {} with a token of {issuer}, which a change of a domain made trusted {} before.",
                who(view),
                place(view.network(row)),
                moment(row.time),
                duration(row.time - since),
            ),
            what: "Token of a new issuer",
            evidence: in_order(view, sign_ins("use", listed).collect()),
            facts: facts(json!({
                "issuer": issuer,
                "sign_ins": numbers.len(),
                "trusted_since": format_rfc3339(since),
                "first": id_text(view, first),
            })),
        });
    }
}

fn adds(operation: &str) -> bool {
    any(operation, &["Add unverified domain", "Add verified domain", "Verify domain"])
}

/// Whether an issuer looks as a public tool writes it: `…/any.sts`, with or without eight letters or digits behind.
fn is_made_up(issuer: &str) -> bool {
    let last = issuer.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let random = last.len() == 8 && last.bytes().all(|byte| byte.is_ascii_alphanumeric());
    issuer.contains("any.sts") || (random && last.bytes().any(|byte| byte.is_ascii_digit()))
}

fn federated(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let live = act.change("LiveType");
    let becomes = live.is_some_and(|live| live.new.contains("Federated") && !live.old.contains("Federated"));
    let settings = any(act.operation(), &["Set federation settings on domain"]);
    // The other direction, or another property of the domain, opens nothing.
    if !becomes && !settings && act.changes().next().is_some() {
        return None;
    }
    let issuer = act.changes().find_map(named_by);
    let certificate = act
        .change("NextSigningCertificate")
        .is_some_and(|change| !plain(&change.new).is_empty() && change.old != change.new);
    let because = match issuer {
        Some(issuer) if is_made_up(issuer) => format!("The issuer {issuer} is as AADInternals writes it."),
        Some(issuer) => format!("The issuer is now {issuer}."),
        None if certificate => "A second signing certificate is trusted now.".to_owned(),
        None => String::new(),
    };
    let severity = if act.succeeded() { Severity::Critical } else { Severity::Medium };
    let verb = if act.succeeded() { "changed" } else { "tried to change" };
    let domain = if act.targets.is_empty() { "that the record does not name" } else { act.on() };
    Some(Told::new(severity, format!("{verb} whom the domain {domain} trusts for sign-ins"))?.because(because))
}

fn added(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() {
        return None;
    }
    let own = act.on().to_ascii_lowercase().ends_with(".onmicrosoft.com");
    let told = Told::new(
        if own { Severity::Medium } else { Severity::Low },
        format!("added or verified the domain {}", act.on()),
    )?;
    Some(told.because(if own { "Another domain under onmicrosoft.com is seldom needed." } else { "" }))
}

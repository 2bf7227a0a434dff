//! How an intruder got in, where the evidence carries it.

use serde::Serialize;

use crate::detections::{Confidence, Severity};
use crate::events::vocabulary::{Protocol, Transfer};
use crate::order::Arrange;

use super::super::{Case, Flagged};
use super::Member;

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum AccessKind {
    /// A device code that the user was talked into typing.
    DeviceCode,
    /// A phishing proxy between the user and the sign-in page.
    Proxy,
    /// An application that the user consented to.
    Consent,
    /// A guessed, sprayed or stolen password.
    Password,
    /// A token or cookie taken from a session that the user had opened.
    Token,
    /// The evidence does not carry it.
    Unknown,
}

/// How an intruder got in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The way.
    pub kind: AccessKind,
    /// How sure.
    pub confidence: Confidence,
    /// Ids of the findings that say so; none where it is unknown.
    pub evidence: Vec<String>,
}

/// Findings of an hour are one beginning: within it the more particular way is told, for who phishes a
/// code or a password then holds a token too.
const HOUR: i64 = 3_600_000_000;

/// Detections that tell a way in. One that is not named tells none.
const WAYS: &[(&str, AccessKind)] = &[
    ("device-code-broker", AccessKind::DeviceCode),
    ("device-code-sign-in", AccessKind::DeviceCode),
    ("device-code-then-credential", AccessKind::DeviceCode),
    ("device-code-then-enumeration", AccessKind::DeviceCode),
    ("adversary-in-the-middle", AccessKind::Proxy),
    ("application-consent", AccessKind::Consent),
    ("password-spray", AccessKind::Password),
    ("brute-force-success", AccessKind::Password),
    ("mfa-fatigue", AccessKind::Password),
    ("ropc", AccessKind::Password),
    ("legacy-auth", AccessKind::Password),
    ("foci-pivot", AccessKind::Token),
    ("session-handover", AccessKind::Token),
    ("token-replay", AccessKind::Token),
    ("refresh-from-new-place", AccessKind::Token),
    ("code-redeemed-elsewhere", AccessKind::Token),
    ("auth-transfer", AccessKind::Token),
    ("token-protection-lost", AccessKind::Token),
];

/// How the intruder of an incident got in: what its earliest strong finding that tells a way says.
pub(super) fn of(case: &Case, parts: &[&Member<'_>]) -> Access {
    let mut told: Vec<(AccessKind, &Flagged)> = Vec::new();
    for member in parts {
        for flagged in member.strong() {
            if let Some(kind) = way(case, member, flagged) {
                told.push((kind, flagged));
            }
        }
    }
    let begins = told.iter().map(|(_, flagged)| flagged.first).min().unwrap_or(i64::MAX);
    told.retain(|(_, flagged)| flagged.first <= begins.saturating_add(HOUR));
    let kind = told.iter().map(|(kind, _)| *kind).min().unwrap_or(AccessKind::Unknown);
    told.retain(|(other, _)| *other == kind);
    let mut evidence: Vec<String> = told.iter().map(|(_, flagged)| flagged.id.clone()).collect();
    evidence.arrange();
    let sure = told.iter().map(|(_, flagged)| flagged.finding.confidence).max().unwrap_or(Confidence::Low);
    // A token may have been taken in many ways, of which the sign-in log sees none.
    let confidence = if kind == AccessKind::Token { sure.min(Confidence::Medium) } else { sure };
    Access { kind, confidence, evidence }
}

fn way(case: &Case, member: &Member<'_>, flagged: &Flagged) -> Option<AccessKind> {
    let named = WAYS.iter().find(|(id, _)| *id == flagged.finding.detection).map(|(_, kind)| *kind);
    // A copied key of the machine gives tokens of it.
    let copied = || (flagged.finding.variant == "two-keys").then_some(AccessKind::Token);
    let known = named.or_else(copied)?;
    // That a session is in two places at once says that somebody holds its token, and not how it was taken.
    let kind = if flagged.finding.variant == "two-networks" { AccessKind::Token } else { known };
    if kind != AccessKind::Token {
        // A refused guess let nobody in, but a finding of medium severity says that somebody was.
        return Some(kind);
    }
    let session = member.session?;
    let sign_ins = || session.session.sign_ins.iter().filter_map(|&number| case.store.sign_in(number));
    let by_code = |row: &crate::events::SignIn| {
        row.protocol == Protocol::DEVICE_CODE || row.transfer == Transfer::DEVICE_CODE_FLOW
    };
    if sign_ins().any(by_code) && flagged.finding.severity >= Severity::Medium {
        return Some(AccessKind::DeviceCode);
    }
    // Who opened the session took no token from it.
    let opened = session.holders.first().is_some_and(|holding| holding.side == crate::sessions::Side::Other);
    (!opened).then_some(AccessKind::Token)
}

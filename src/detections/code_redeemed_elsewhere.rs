//! An authorization code that one machine was given and another one redeemed.
//!
//! # What it looks for
//! An interactive success of a public client without incoming token, and the first non-interactive
//! success of the same session, application and resource that follows within `window-minutes`, from
//! another network that is neither familiar for the user nor the tenant's own nor Microsoft's. The
//! clients are Visual Studio Code, the authentication broker, Azure CLI and Azure PowerShell for
//! Microsoft Graph, and these and all of the family of client ids for Azure AD Graph.
//!
//! Where no sign-in of these exports tells the type of the token (Defender's tables), that a person signed
//! in stands for *without incoming token* (*by-stream*): medium, and hardly sure. Networks without a
//! number are told apart by address and country.
//!
//! # Why it matters
//! Who signs in by a link that came by mail, and sends back the address that the browser then shows, has
//! handed over the authorization code. Password, second factor and device were all right; the tokens
//! go to somebody else.
//!
//! # Evidence it needs
//! Interactive and non-interactive sign-ins with session id, addresses and autonomous systems; device
//! id and agent make it surer. With the directory audit log a device that is registered within an hour
//! makes it critical.
//!
//! # Benign causes
//! * A program on a server or in a cloud workspace that the user signs in to through their own browser.
//! * A VPN that takes the program's requests and not the browser's.
//!
//! # Tuning
//! `window-minutes` between the two halves.
//!
//! # What to ask
//! * Did the user sign in by a link, and send back what the browser showed afterwards?
//! * Does the user work in a remote workspace, and does it use this address?
//!
//! # What to do
//! * Revoke the user's sessions, and look through what the tokens reached.
//! * Let these clients be used from compliant devices only.
//!
//! # References
//! * ATT&CK T1528, T1566.002
//! * Elastic, Entra ID OAuth authorization code grant for an unusual user, app, and resource
//! * Volexity, Phishing for codes: OAuth workflows of Microsoft 365 under attack

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::Stream;
use crate::events::{Guid, SignIn, Store};
use crate::knowledge::{apps, foci};
use crate::sessions::{Familiarity, Holder, Session, SessionKind, View};

use super::evidence::{audits, duration, facts, id_text, in_order, moment, place, sign_ins, who};
use super::places::outside;
use super::registrations::registered;
use super::tokens::Tokens;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "code-redeemed-elsewhere";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Authorization code redeemed elsewhere",
    group: Group::Token,
    records: &[Records::UserSignIns, Records::NonInteractive],
    helped_by: &[(Records::Audits, "a device that is registered with the tokens shows there")],
    needs: &[&[Field::SessionId], &[Field::IncomingToken, Field::Stream], &[Field::Address], &[Field::AppId]],
    wants: &[Field::Asn, Field::Agent, Field::DeviceId, Field::Result],
    history_days: 0,
    tunables: &[Tunable::number("window-minutes", "30", "longest time between the two halves, inclusive")],
    prepare,
    kql: include_str!("code_redeemed_elsewhere.kql"),
    file: "code_redeemed_elsewhere",
};

const MINUTE: i64 = 60_000_000;

/// Clients whose codes are phished for Microsoft Graph.
const CLIENTS: [Guid; 4] =
    [apps::VISUAL_STUDIO_CODE, apps::AUTHENTICATION_BROKER, apps::AZURE_CLI, apps::AZURE_POWERSHELL];

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let window = tuning.number(ID, "window-minutes").unwrap_or(30).saturating_mul(MINUTE);
    Box::new(move |subject, found| {
        let sessions = subject.view.sessions.iter().enumerate();
        for (index, session) in sessions.filter(|(_, session)| session.kind == SessionKind::Session) {
            found.extend(look(subject, index, session, window));
        }
    })
}

/// The two halves, and how they differ.
struct Halves<'a> {
    given: (u32, &'a SignIn),
    redeemed: (u32, &'a SignIn),
    changed: Vec<&'static str>,
    confidence: Confidence,
}

/// Facts: `given` and `redeemed`, the ids of the two halves; `seconds`, between them; `changed`, what differs;
/// `registered`, how many audit events of a
/// registered device within an hour after.
fn look(subject: &Subject<'_>, index: usize, session: &Session, window: i64) -> Option<Finding> {
    let view = subject.view;
    let halves = halves(subject, session, window)?;
    let ((_, given), (_, redeemed)) = (halves.given, halves.redeemed);
    let devices = devices_after(view, redeemed.time);
    let tokens = Tokens::of(view);
    let severity = if devices.is_empty() { Severity::High } else { Severity::Critical };
    let (severity, confidence) = tokens.weigh(severity, halves.confidence);
    let registered = match devices.len() {
        0 => "",
        _ => " A device was registered within the hour.",
    };
    let evidence = sign_ins("given", [halves.given.0])
        .chain(sign_ins("redeemed", [halves.redeemed.0]))
        .chain(audits("registration", devices.iter().copied()));
    Some(Finding {
        detection: ID,
        variant: tokens.variant("code"),
        strand: "code",
        severity,
        confidence,
        session: Some(index),
        anchor: session.anchor,
        title: format!("A code for {} was redeemed elsewhere", view.app_name(redeemed.app)),
        why: format!(
            "{} signed in to {} for {} from {} at {}; {} later the first token of that session was fetched from {}, where the user is not known.{registered}{}",
            who(view),
            view.app_name(given.app),
            view.app_name(given.resource),
            place(view.network(given)),
            moment(given.time),
            duration(redeemed.time - given.time),
            place(view.network(redeemed)),
            tokens.words(),
        ),
        what: "Code redeemed elsewhere",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({
            "given": id_text(view, halves.given.0),
            "redeemed": id_text(view, halves.redeemed.0),
            "seconds": (redeemed.time - given.time) / 1_000_000,
            "changed": halves.changed,
            "registered": devices.len(),
        })),
    })
}

/// The first code of a session that was redeemed elsewhere.
fn halves<'a>(subject: &Subject<'a>, session: &Session, window: i64) -> Option<Halves<'a>> {
    let view = subject.view;
    let tokens = Tokens::of(view);
    let mut given: Vec<(u32, &SignIn)> = Vec::new();
    for (number, row) in view.rows(&session.sign_ins).filter(|(_, row)| view.succeeded(row) && is_phished(view, row)) {
        if row.stream() == Stream::Interactive {
            if tokens.none(row) {
                given.retain(|(_, other)| (other.app, other.resource) != (row.app, row.resource));
                given.push((number, row));
            }
            continue;
        }
        // Only the first token of a client and resource is fetched with the code.
        let half = given.iter().position(|(_, other)| (other.app, other.resource) == (row.app, row.resource));
        let Some(half) = half.map(|place| given.swap_remove(place)) else { continue };
        if row.time - half.1.time > window || !is_foreign(subject, row) {
            continue;
        }
        let likeness = Holder::of(view, row).compare(&Holder::of(view, half.1));
        if !tokens.are_apart(&likeness) {
            continue;
        }
        let hosting = view.network(row).is_some_and(|network| network.is_hosting());
        let sure = hosting && likeness.differences() > 0 || likeness.differences() > 1;
        let confidence = if sure { Confidence::High } else { Confidence::Medium };
        return Some(Halves { given: half, redeemed: (number, row), changed: likeness.changed(), confidence });
    }
    None
}

/// A network that is neither Microsoft's nor the tenant's nor familiar for the user.
fn is_foreign(subject: &Subject<'_>, row: &SignIn) -> bool {
    let view = subject.view;
    outside(view, row).is_some() && subject.familiar.network(view, row) != Familiarity::Familiar
}

/// A client and resource whose codes are asked for by mail.
fn is_phished(view: &View<'_>, row: &SignIn) -> bool {
    let Some(app) = view.app(row) else { return false };
    match view.store.app(row.resource).id.as_guid() {
        Some(apps::MICROSOFT_GRAPH) => CLIENTS.contains(&app),
        Some(apps::AZURE_AD_GRAPH) => CLIENTS.contains(&app) || foci::family_client(app).is_some(),
        _ => false,
    }
}

/// Devices that the user registered within an hour after a moment.
fn devices_after(view: &View<'_>, time: i64) -> Vec<u32> {
    let soon = time..=time.saturating_add(60 * MINUTE);
    let devices = registered(view).filter(|item| item.is_device() && soon.contains(&item.row.time));
    devices.map(|item| item.number).collect()
}

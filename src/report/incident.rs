//! An incident in sentences: how it began, what ties its parts, and each step.

use crate::analysis::{AccessKind, Case, Incident, Step, StepKind, TieKind};
use crate::detections::Exposure;
use crate::events::dictionary::TextId;
use crate::events::time::format_rfc3339;
use crate::sessions::{EventRef, Side};
use crate::words::{figure, list};

use super::page::describe;
use super::page::rows::user_name;
use super::page::words::{capital, count, short_name};
use super::schema::{IncidentReport, InitialAccess, LinkReport, StepReport};

/// An incident as the report has it.
pub(super) fn report(case: &Case, incident: &Incident) -> IncidentReport {
    IncidentReport {
        id: incident.id.clone(),
        severity: incident.severity,
        title: summary(incident),
        users: incident.buckets.iter().map(|&bucket| user_name(case, bucket)).collect(),
        sessions: incident.sessions.clone(),
        findings: incident.findings.clone(),
        first: format_rfc3339(incident.first),
        last: format_rfc3339(incident.last),
        initial_access: InitialAccess {
            kind: incident.access.kind,
            confidence: incident.access.confidence,
            evidence: incident.access.evidence.clone(),
        },
        links: incident
            .links
            .iter()
            .map(|tie| LinkReport {
                kind: tie.kind,
                on: tie.on.clone(),
                text: link(tie.kind, &tie.on),
                parts: tie.parts.clone(),
            })
            .collect(),
        exposure: incident.exposure.clone(),
        story: incident
            .story
            .iter()
            .map(|told| StepReport {
                time: format_rfc3339(told.time),
                until: format_rfc3339(told.until),
                kind: told.kind,
                step: step(case, told),
                side: told.side,
                user: user_name(case, told.bucket),
                session: told.session.clone(),
                count: told.count,
                finding: told.finding.clone(),
            })
            .collect(),
    }
}

/// `A phished device code: two sessions of two users.`
pub(super) fn summary(incident: &Incident) -> String {
    let of = |number: usize, one: &str| format!("{} {one}{}", count(number), if number == 1 { "" } else { "s" });
    let parts = match incident.sessions.len() {
        0 => of(incident.findings.len(), "finding"),
        sessions => of(sessions, "session"),
    };
    format!("{}: {parts} of {}.", capital(access(incident.access.kind)), of(incident.buckets.len(), "user"))
}

/// How an intruder got in, for the beginning of a line.
pub(super) const fn access(kind: AccessKind) -> &'static str {
    match kind {
        AccessKind::DeviceCode => "a phished device code",
        AccessKind::Proxy => "a phishing proxy",
        AccessKind::Consent => "a consented application",
        AccessKind::Password => "a password in other hands",
        AccessKind::Token => "a token taken from an open session",
        AccessKind::Unknown => "how it began is not in the exports",
    }
}

/// What ties parts together, for a line.
pub(super) fn link(kind: TieKind, on: &str) -> String {
    match kind {
        TieKind::Network => format!("the same network on the other side: {on}"),
        TieKind::PollingAddress => format!("the same address waited for device codes: {on}"),
        TieKind::Device => format!("the same device on the other side: {on}"),
        TieKind::RegisteredDevice => format!("a device registered in one and used in the other: {on}"),
        TieKind::RegisteredMethod => format!("a method registered in one and used in the other: {on}"),
        TieKind::RuleTarget => format!("mail of both is sent to the same address: {on}"),
        TieKind::ConsentedApp => format!("both consented to the same application: {on}"),
        TieKind::Token => format!("a token of one in the other: {on}"),
        TieKind::User => "the same user within a day".to_owned(),
    }
}

/// `ann.berg, someone else: Refresh token, Azure CLI, from 192.0.2.30 (AS64502), three times`.
pub(super) fn step(case: &Case, step: &Step) -> String {
    let hand = match step.side {
        Some(Side::Owner) => ", the user",
        Some(Side::Other) => ", someone else",
        Some(Side::First) => ", first holder",
        Some(Side::Later) => ", later holder",
        None => "",
    };
    let mut text =
        format!("{}{hand}: {}", short_name(&user_name(case, step.bucket)), describe::event(case, step.event));
    if let Some(place) = place(case, step.event) {
        text.push_str(&format!(", from {place}"));
    }
    match step.count {
        0 | 1 => {}
        2 => text.push_str(", twice"),
        more => text.push_str(&format!(", {} times", count(more))),
    }
    if step.count > 1 && step.kind != StepKind::Registration {
        text.push_str(" or alike");
    }
    text
}

/// What was exposed, a sentence a kind; none of what is not known to be.
pub(super) fn exposed(exposure: &Exposure) -> Vec<String> {
    let of =
        |number: u64, one: &str, many: &str| format!("{} {}", figure(number), if number == 1 { one } else { many });
    let mut told = Vec::new();
    if let Some(mail) = &exposure.mail {
        let mut text = format!(
            "{} read in {} of {}",
            of(mail.mails, "mail", "mails"),
            of(mail.folders_total as u64, "folder", "folders"),
            if mail.mailboxes.is_empty() { "an unnamed mailbox".to_owned() } else { few(&mail.mailboxes) }
        );
        text.push_str(&format!("; ids of {}", of(mail.messages_listed as u64, "mail is known", "mails are known")));
        if mail.sync > 0 {
            let times = of(mail.sync, "time", "times");
            text.push_str(&format!("; whole folders were fetched {times}, which name no mail"));
        }
        if mail.throttled {
            text.push_str("; Exchange stopped writing down, so that more was read than is listed");
        }
        told.push(text + ".");
    }
    if let Some(files) = &exposure.files {
        let sites: Vec<String> = files.sites.iter().map(|site| site.site.clone()).collect();
        let mut text = format!("{} opened or taken", of(files.files as u64, "file", "files"));
        if !sites.is_empty() {
            text.push_str(&format!(" from {}", few(&sites)));
        }
        if files.sensitive_total > 0 {
            let names: Vec<String> = files.sensitive.iter().map(|file| file.name.clone()).collect();
            let speak = of(files.sensitive_total, "name speaks", "names speak");
            text.push_str(&format!("; {speak} of secrets, money or people: {}", few(&names)));
        }
        told.push(text + ".");
    }
    told
}

/// The first of some names, and how many more there are.
fn few(names: &[String]) -> String {
    const SHOWN: usize = 3;
    match names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        Some(more) => format!("{} and {} more", names.get(..SHOWN).unwrap_or_default().join(", "), figure(more as u64)),
        None => list(names),
    }
}

fn place(case: &Case, event: EventRef) -> Option<String> {
    let (address, asn): (TextId, u32) = match event {
        EventRef::SignIn(number) => {
            case.store.sign_in(number).map(|row| (row.address, case.store.location(row.location).asn))?
        }
        EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => {
            event.head(&case.store).map(|head| (head.address, 0))?
        }
    };
    case.summary.network(&case.store, address, asn).map(|network| network.label())
}

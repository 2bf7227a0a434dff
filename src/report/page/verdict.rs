//! The verdict on a session, in sentences.
//!
//! The strength of the verb follows the severity and confidence of what was found: *stolen*, *very
//! likely stolen*, *one weak sign*. What is not known is named.

use serde::Serialize;

use crate::analysis::{Case, Flagged, FlaggedSession};
use crate::detections::{Confidence, Severity};
use crate::events::SignIn;
use crate::events::tuples::Device;
use crate::knowledge::agents::{Agent, Class};
use crate::knowledge::operations;
use crate::sessions::{EventRef, Holding};

use super::hand::{Sides, holdings, network, place, rented};
use super::words::{capital, count, day_and_minute, list, short_name, span};
use super::{describe, rows};

/// What a place of the page says first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Verdict {
    /// What it is, in a few words: `Stolen by device-code phishing.`
    pub lead: String,
    /// How it went, and what is not known.
    pub text: String,
}

/// The verdict on a session with its findings, the strongest first.
pub(in crate::report) fn session(case: &Case, flagged: &FlaggedSession, findings: &[&Flagged]) -> Verdict {
    let sides = Sides::of(flagged);
    let user = rows::user_name(case, flagged.bucket);
    let user = short_name(&user);
    let above = flagged.severity >= Severity::High;
    if !above {
        return weak(case, flagged, &sides, user, findings);
    }
    let how = how(findings);
    let lead = match (sides.opened, is_sure(findings), how) {
        (true, true, Some(how)) => format!("Opened by someone else: {how}."),
        (true, true, None) => "Opened by someone else.".to_owned(),
        (true, false, Some(how)) => format!("Very likely opened by someone else: {how}."),
        (true, false, None) => "Very likely opened by someone else.".to_owned(),
        (false, true, Some(how)) => format!("Stolen by {how}."),
        (false, true, None) => "Stolen.".to_owned(),
        (false, false, Some(how)) => format!("Very likely stolen: {how}."),
        (false, false, None) => "Very likely stolen.".to_owned(),
    };
    let mut sentences = vec![passage(case, flagged, &sides, user).unwrap_or_else(|| first_why(findings))];
    let acts = acts(case, &sides, flagged, findings);
    if !acts.is_empty() {
        sentences.push(format!("It {}.", list(&acts)));
    }
    if how.is_none() {
        sentences.push("How it was stolen is not in the exports.".to_owned());
    }
    Verdict { lead, text: sentences.join(" ") }
}

/// The verdict on a finding that belongs to no session.
pub(in crate::report) fn finding(flagged: &Flagged, severity: Severity) -> Verdict {
    let lead = if severity >= Severity::High {
        "Very likely abused, in no session of the exports."
    } else {
        "One weak sign, in no session of the exports."
    };
    Verdict { lead: lead.to_owned(), text: flagged.finding.why.clone() }
}

fn weak(case: &Case, flagged: &FlaggedSession, sides: &Sides, user: &str, findings: &[&Flagged]) -> Verdict {
    let number = findings.len();
    let lead = match findings {
        [only] => format!("One weak sign: {}.", only.finding.title),
        [first, ..] => format!("{} weak signs, the strongest: {}.", capital(&count(number)), first.finding.title),
        [] => String::new(),
    };
    let text = match sides.changed {
        Some(_) => passage(case, flagged, sides, user).unwrap_or_else(|| first_why(findings)),
        None => first_why(findings),
    };
    Verdict { lead, text }
}

fn first_why(findings: &[&Flagged]) -> String {
    findings.first().map(|flagged| flagged.finding.why.clone()).unwrap_or_default()
}

/// Critical, or high with high confidence.
fn is_sure(findings: &[&Flagged]) -> bool {
    findings.iter().any(|flagged| {
        let finding = &flagged.finding;
        finding.severity == Severity::Critical
            || (finding.severity == Severity::High && finding.confidence == Confidence::High)
    })
}

/// How the session came into other hands, where a finding tells.
fn how(findings: &[&Flagged]) -> Option<&'static str> {
    let by_code = findings.iter().any(|flagged| flagged.finding.detection.starts_with("device-code"));
    by_code.then_some("device-code phishing")
}

/// From whose hands to whose, when and how long after sign-in.
fn passage(case: &Case, flagged: &FlaggedSession, sides: &Sides, user: &str) -> Option<String> {
    let holdings = holdings(flagged);
    let other = sides.other.and_then(|number| holdings.get(number));
    if sides.opened {
        let other = other?;
        let first = first_row(case, other)?;
        return Some(format!("On {} {} signed in as {user}.", day_and_minute(first.time), who(case, other)));
    }
    let changed = case.store.sign_in(sides.changed?)?;
    let taker =
        holdings.iter().find(|holding| sides.changed.is_some_and(|number| holding.sign_ins.contains(&number)))?;
    let owner = sides.owner.and_then(|number| holdings.get(number));
    let from = owner.map_or_else(|| "an unknown holder".to_owned(), |owner| who(case, owner));
    let after = if flagged.session.starts_in_export {
        format!(", {} after sign-in", span(changed.time - flagged.first))
    } else {
        String::new()
    };
    let start = if flagged.session.starts_in_export { "" } else { " Its start is not in the exports." };
    Some(format!(
        "On {} the session of {user} passed from {from} to {}{after}.{start}",
        day_and_minute(changed.time),
        who(case, taker)
    ))
}

fn first_row<'a>(case: &'a Case, holding: &Holding) -> Option<&'a SignIn> {
    holding.sign_ins.first().and_then(|&number| case.store.sign_in(number))
}

/// `the managed laptop NB-0412 in Oslo`, `a script (aiohttp) at a hosting network in Amsterdam`.
fn who(case: &Case, holding: &Holding) -> String {
    let rows = || holding.sign_ins.iter().filter_map(|&number| case.store.sign_in(number));
    let device = rows().map(|row| case.store.device(row.device)).find(|device| device.name.has_value());
    let mut text = machine(case, device, holding.holder.agent);
    if let Some(kind) = rows().find_map(|row| network(case, row)).and_then(rented) {
        text.push_str(if kind == "VPN" { " at a VPN network" } else { " at a hosting network" });
    }
    let located = rows().map(|row| place(case, row)).find(|(city, country)| !city.is_empty() || !country.is_empty());
    match located {
        Some((city, _)) if !city.is_empty() => text.push_str(&format!(" in {city}")),
        Some((_, country)) => text.push_str(&format!(" in {country}")),
        None => {}
    }
    text
}

fn machine(case: &Case, device: Option<Device>, agent: Agent) -> String {
    let texts = &case.store.texts;
    match (device, agent.class) {
        (Some(device), _) if device.is_managed(texts) => format!("the managed device {}", texts.get(device.name)),
        (Some(device), _) => format!("the device {}", texts.get(device.name)),
        (None, Class::Tool(_)) => format!("a script ({})", agent.label()),
        (None, Class::Browser | Class::App) => agent.label(),
        (None, Class::Unknown) => "an unknown device".to_owned(),
    }
}

/// What the other side did with the session: what it registered, and which tools it got tokens for.
fn acts(case: &Case, sides: &Sides, flagged: &FlaggedSession, findings: &[&Flagged]) -> Vec<String> {
    let mut acts: Vec<String> = Vec::new();
    let mut registered: Vec<String> = Vec::new();
    let mut tools: Vec<String> = Vec::new();
    let since = sides.changed.and_then(|number| case.store.sign_in(number)).map_or(flagged.first, |row| row.time);
    for item in findings.iter().flat_map(|flagged| &flagged.finding.evidence) {
        match item.event {
            EventRef::Audit(number) => {
                let operation = case.store.audit(number).map(|row| case.store.texts.get(row.operation));
                if let Some(found) = operation.and_then(operations::registration) {
                    push(&mut registered, found.label.to_owned());
                }
            }
            EventRef::SignIn(number) if item.role == "second" => {
                let row = case.store.sign_in(number).filter(|row| row.time >= since && describe::succeeded(case, row));
                if let Some(row) = row {
                    push(&mut tools, describe::app(case, row.app));
                }
            }
            _ => {}
        }
    }
    if let [one] = tools.as_slice() {
        acts.push(format!("got a token for {one}"));
    } else if !tools.is_empty() {
        acts.push(format!("got tokens for {}", list(&tools)));
    }
    if !registered.is_empty() {
        // The owner and the user of a device are part of registering it.
        if registered.iter().any(|label| label == "a device") {
            registered.retain(|label| !label.ends_with(" of a device"));
        }
        registered.truncate(3);
        acts.push(format!("registered {}", list(&registered)));
    }
    acts
}

fn push(list: &mut Vec<String>, item: String) {
    if !list.contains(&item) {
        list.push(item);
    }
}

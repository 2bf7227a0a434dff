//! The agent that a success names does not fit the device that Entra knows, or no program writes it so.
//!
//! # What it looks for
//! Successes of users in which the operating system of the user agent is not that of the device, or whose agent is
//! written as no browser writes it: `mozilla` in small letters, a quotation mark or `User-Agent:` at its
//! beginning, `(Compatible;`, an Internet Explorer without version. One finding a session.
//!
//! # Why it matters
//! Tools make agents up, copy them wrongly, or keep the one agent that they were built with while they use a
//! token of another device.
//!
//! # Evidence it needs
//! User sign-ins with agent and result; the device's operating system for the first of the two.
//!
//! # Benign causes
//! * Browsers that ask for the desktop's page: a phone says macOS or Linux. These pairs are left out.
//! * Home-made scripts.
//!
//! # Tuning
//! None.
//!
//! # What to ask
//! * Which device and program did the user work with at that time?
//!
//! # What to do
//! * Read it beside the other findings of the session: alone it says little.
//!
//! # References
//! * ATT&CK T1036, T1078.004
//! * Microsoft Sentinel, User agent and operating system mismatch
//! * Microsoft Sentinel, Malformed user agent

use serde_json::json;

use crate::events::Store;
use crate::events::field::Field;
use crate::knowledge::agents::{Agent, Class, Os};
use crate::sessions::EventRef;

use super::evidence::{moment, place, sign_ins, who};
use super::single::{LISTED, Told, finding, successes};
use super::{Ask, Confidence, Detection, Group, Records, Severity, Tuning};

const ID: &str = "agent-mismatch";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "User agent that does not fit",
    group: Group::Device,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::Agent], &[Field::Result]],
    wants: &[Field::DeviceId],
    history_days: 0,
    tunables: &[],
    prepare,
    kql: include_str!("agent_mismatch.kql"),
    file: "agent_mismatch",
};

/// What does not fit; empty where all does.
fn misfit(agent: &str, system: &str) -> String {
    let lower = agent.to_ascii_lowercase();
    let strange = (lower.starts_with("mozilla/") && !agent.starts_with("Mozilla/"))
        || lower.starts_with("user-agent")
        || agent.starts_with(['"', '\''])
        || agent.contains("(Compatible;")
        || (lower.contains("msie") && !lower.contains("msie "));
    if strange {
        return "no program writes its agent so".to_owned();
    }
    let (told, known) = (Agent::read(agent, "", ""), Agent::read("", system, ""));
    // A library names the system of the machine that it was built on.
    let (Some(told), Some(known)) = (told.os.filter(|_| !matches!(told.class, Class::Tool(_))), known.os) else {
        return String::new();
    };
    let kin = |os: Os| match os {
        Os::MacOs | Os::Ios | Os::Apple => 1,
        Os::Android | Os::Linux | Os::ChromeOs => 2,
        Os::Windows => 3,
    };
    match kin(told) == kin(known) {
        true => String::new(),
        false => format!("the agent says {}, the device is one with {}", told.name(), known.name()),
    }
}

fn prepare<'a>(store: &'a Store, _: &'a Tuning) -> Ask<'a> {
    // Pairs repeat from event to event: each is judged once.
    let judged = std::cell::RefCell::new(crate::order::Map::new());
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut judged = judged.borrow_mut();
        let mut misfits: Vec<(Option<usize>, u32)> = Vec::new();
        for (number, row) in successes(view).filter(|(_, row)| row.agent.has_value()) {
            let system = store.device(row.device).system;
            let fits = *judged
                .entry((row.agent, system))
                .or_insert_with(|| misfit(store.texts.get(row.agent), store.texts.get(system)).is_empty());
            if !fits {
                misfits.push((view.session_of(number), number));
            }
        }
        while let Some(&(session, first)) = misfits.first() {
            let (of, rest): (Vec<_>, Vec<_>) = misfits.into_iter().partition(|(other, _)| *other == session);
            misfits = rest;
            let Some(row) = store.sign_in(first) else { continue };
            let (agent, system) = (store.texts.get(row.agent), store.texts.get(store.device(row.device).system));
            let why = misfit(agent, system);
            found.push(finding(
                &DETECTION,
                view,
                // Facts: `agent`, `system` of the device, `sign_ins`, how many.
                Told {
                    variant: if why.starts_with("no") { "malformed" } else { "system" },
                    severity: Severity::Low,
                    confidence: Confidence::Medium,
                    event: EventRef::SignIn(first),
                    role: "misfit",
                    beside: sign_ins("misfit", of.iter().take(LISTED).map(|(_, number)| *number)).collect(),
                    why: format!(
                        "{} signed in from {} at {}: {why}.",
                        who(view),
                        place(view.network(row)),
                        moment(row.time),
                    ),
                    what: "Agent does not fit the device",
                    facts: json!({"agent": agent, "system": system, "sign_ins": of.len()}),
                },
            ));
        }
    })
}

//! A sign-in by a tool that names itself.
//!
//! # What it looks for
//! Sign-ins whose user agent is that of an offensive tool (AADInternals, AzureHound, ROADtools'
//! aiohttp, TeamFiltration's fixed Teams version, kali365, the `ur mum` of a beacon object file), of a library that phishing proxies, sprays
//! and scripts use (axios, node-fetch, python-requests, Go-http-client, curl and the like), or of an
//! administrator's tool. Interrupted steps count for nothing; a refused sign-in is one level lower.
//!
//! # Why it matters
//! Browsers and apps sign people in; libraries sign in who holds a token or a password. Many intruders
//! leave the default agent of their tool as it is.
//!
//! # Evidence it needs
//! Sign-ins with user agent. An offensive tool is high. A library is medium, and low where the user
//! often works from the network that it came from. An administrator's tool is told as info, and only
//! where the network is unfamiliar.
//!
//! # Benign causes
//! * A script of the user's own, or a line-of-business program built on such a library.
//! * A penetration test that the organisation ordered.
//!
//! # Tuning
//! `offensive` and `libraries` add beginnings of agents to the built-in lists, `ignored` takes some out:
//! texts separated by commas, compared without case.
//!
//! # What to ask
//! * Does the user run scripts that sign in, and from which machine?
//! * Was there a penetration test at this time?
//!
//! # What to do
//! * Revoke the user's sessions and reset the password, if nobody knows the tool.
//! * Look through what the session reached.
//!
//! # References
//! * ATT&CK T1071
//! * Microsoft-Analyzer-Suite, suspicious user agents
//! * Elastic, BloodHound, TeamFiltration and HTTP libraries in sign-in logs

use crate::order::Map;

use serde_json::json;

use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::agents::ToolKind;
use crate::knowledge::results::ResultClass;
use crate::sessions::{Familiarity, View};

use super::evidence::{facts, failure, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "tool-user-agent";
/// Sign-ins that a finding lists; all are counted.
const LISTED: usize = 100;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Sign-in by a tool",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "tools redeem stolen tokens there")],
    needs: &[&[Field::Agent], &[Field::Result]],
    wants: &[Field::Address, Field::Asn],
    history_days: 0,
    tunables: &[
        Tunable::words("offensive", "beginnings of agents that are an offensive tool's"),
        Tunable::words("libraries", "beginnings of agents that are a library's"),
        Tunable::words("ignored", "beginnings of agents that are left out"),
    ],
    prepare,
    kql: include_str!("tool_user_agent.kql"),
    file: "tool_user_agent",
};

/// What a tool is for, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Admin,
    Library,
    Offensive,
}

impl Sort {
    const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Library => "library",
            Self::Offensive => "offensive",
        }
    }
}

/// What the tuning adds and takes out, in lower case.
struct Rule {
    offensive: Vec<String>,
    libraries: Vec<String>,
    ignored: Vec<String>,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let rule = Rule {
        offensive: tuning.words(ID, "offensive"),
        libraries: tuning.words(ID, "libraries"),
        ignored: tuning.words(ID, "ignored"),
    };
    Box::new(move |subject, found| rule.look(subject, found))
}

/// The sign-ins of one sort of tool in one session.
struct Matched {
    weight: (Severity, Confidence),
    told: u32,
    sign_ins: Vec<u32>,
    count: usize,
    refused: usize,
}

impl Rule {
    fn look(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let view = subject.view;
        let mut sorts: Map<(TextId, u32), Option<Sort>> = Map::new();
        let mut by_session: Map<(usize, Sort), Matched> = Map::new();
        for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user()) {
            let sort = *sorts.entry((row.agent, row.device)).or_insert_with(|| self.sort(view, row));
            let interrupted = view.class(row) == ResultClass::Interrupt;
            let Some((sort, session)) = sort.filter(|_| !interrupted).zip(view.session_of(number)) else { continue };
            let Some(weight) = weigh(subject, row, sort) else { continue };
            let fresh = Matched { weight, told: number, sign_ins: Vec::new(), count: 0, refused: 0 };
            let known = by_session.entry((session, sort)).or_insert(fresh);
            if weight > known.weight {
                (known.weight, known.told) = (weight, number);
            }
            known.count += 1;
            known.refused += usize::from(!view.succeeded(row));
            if known.sign_ins.len() < LISTED {
                known.sign_ins.push(number);
            }
        }
        let told = by_session.into_iter().filter_map(|((session, sort), item)| finding(view, session, sort, item));
        found.extend(told);
    }

    fn sort(&self, view: &View<'_>, row: &SignIn) -> Option<Sort> {
        if row.agent == TextId::ABSENT {
            return None;
        }
        let agent = view.store.texts.get(row.agent).trim().to_ascii_lowercase();
        let begins = |list: &[String]| !agent.is_empty() && list.iter().any(|start| agent.starts_with(start.as_str()));
        if begins(&self.ignored) {
            None
        } else if begins(&self.offensive) {
            Some(Sort::Offensive)
        } else if begins(&self.libraries) {
            Some(Sort::Library)
        } else {
            match view.agent(row).tool()? {
                ToolKind::Offensive => Some(Sort::Offensive),
                ToolKind::Kit | ToolKind::Library => Some(Sort::Library),
                ToolKind::Admin => Some(Sort::Admin),
                // That a password was sent is another finding's.
                ToolKind::LegacyMail => None,
            }
        }
    }
}

fn weigh(subject: &Subject<'_>, row: &SignIn, sort: Sort) -> Option<(Severity, Confidence)> {
    let view = subject.view;
    let own = view.network(row).is_some_and(|network| view.own.has(&network));
    let known = if own { Familiarity::Familiar } else { subject.familiar.network(view, row) };
    let (severity, confidence) = match (sort, known) {
        (Sort::Offensive, _) => (Severity::High, Confidence::High),
        (Sort::Library, Familiarity::Familiar) => (Severity::Low, Confidence::Medium),
        (Sort::Library, _) => (Severity::Medium, Confidence::High),
        (Sort::Admin, Familiarity::Unfamiliar) => (Severity::Info, Confidence::Medium),
        (Sort::Admin, _) => return None,
    };
    Some((if view.succeeded(row) { severity } else { severity.lower() }, confidence))
}

/// Facts: `tool`; `agent`, as the record has it; `sort`; `sign_ins`, how many; `refused`, how many of them.
fn finding(view: &View<'_>, session: usize, sort: Sort, matched: Matched) -> Option<Finding> {
    let row = view.store.sign_in(matched.told)?;
    let tool = view.agent(row).product;
    let agent = view.store.texts.get(row.agent);
    let name = if tool.is_empty() || view.agent(row).tool().is_none() { agent } else { tool };
    let what = match sort {
        Sort::Offensive => "That is a tool for attacks.",
        Sort::Library => "That is a library for programs; people do not sign in with it.",
        Sort::Admin => "That is an administrator's tool, from a network that the user has not used before.",
    };
    let verb = if view.succeeded(row) { "signed in" } else { "tried to sign in" };
    let why = format!(
        "{} {verb} to {} with {name} from {} at {}{}. {what}",
        who(view),
        view.app_name(row.app),
        place(view.network(row)),
        moment(row.time),
        failure(view.code(row)),
    );
    Some(Finding {
        detection: ID,
        variant: sort.name(),
        strand: sort.name(),
        severity: matched.weight.0,
        confidence: matched.weight.1,
        session: Some(session),
        anchor: view.sessions.get(session)?.anchor,
        title: format!("Sign-in by {name}"),
        why,
        what: "Signed in with a tool",
        evidence: in_order(view, sign_ins("tool", matched.sign_ins).collect()),
        facts: facts(json!({
            "tool": tool,
            "agent": agent,
            "sort": sort.name(),
            "sign_ins": matched.count,
            "refused": matched.refused,
        })),
    })
}

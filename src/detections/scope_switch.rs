//! The second variant of *a family refresh token, redeemed by a tool*: a token for another scope, for Azure
//! AD Graph, as tools that copy the directory ask for it.

use crate::order::Map;

use serde_json::json;

use crate::events::Guid;
use crate::events::SignIn;
use crate::events::processing::{Processing, SCOPES};
use crate::knowledge::apps;
use crate::sessions::Session;

use super::bearing::worst;
use super::device::resource;
use super::evidence::{duration, moment, place, token, who};
use super::foci_pivot::DETECTION;
use super::pairs::{Pairs, Point};
use super::told::{Told, of_session};
use super::{Confidence, Finding, Severity, Subject};

/// Clients of the family that such tools pass for.
const CLIENTS: [Guid; 5] =
    [apps::AZURE_CLI, apps::AZURE_POWERSHELL, apps::VISUAL_STUDIO, apps::EDGE_NEW_TAB, apps::COPILOT_APP];

/// A sign-in with a client of the family.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) number: u32,
    pub(super) row: &'a SignIn,
    /// The same number for the same application.
    pub(super) client: u32,
    /// No token came in.
    pub(super) without: bool,
    /// A token came in.
    pub(super) with: bool,
}

/// Facts: as those of the exact part; `tool`, whether a tool's agent presented the token.
pub(super) fn look(
    subject: &Subject<'_>,
    index: usize,
    session: &Session,
    members: &[Member<'_>],
    most_minutes: Option<i64>,
    is_typed: bool,
) -> Option<Finding> {
    let view = subject.view;
    let asks = |member: &&Member<'_>| {
        member.with
            && view.succeeded(member.row)
            && resource(view, member.row) == Some(apps::AZURE_AD_GRAPH)
            && view.app(member.row).is_some_and(|app| CLIENTS.contains(&app))
    };
    members.iter().find(asks)?;
    // Two are alike where application, resource and scopes are; scopes count where all records tell them.
    let scopes = |row: &SignIn| Processing::read(view.store.texts.get(row.processing)).get(SCOPES).map(str::to_owned);
    let told = members.iter().all(|member| scopes(member.row).is_some());
    let mut kinds: Map<(u32, Option<Guid>, Option<String>), u32> = Map::new();
    let mut kind = |member: &Member<'_>| {
        let next = kinds.len() as u32;
        let scopes = if told { scopes(member.row) } else { None };
        *kinds.entry((member.client, resource(view, member.row), scopes)).or_insert(next)
    };
    let firsts: Vec<Point> = members
        .iter()
        .filter(|member| member.without)
        .map(|member| Point::new(member.number, member.row, kind(member)))
        .collect();
    // A minute boundary at least lies between the two: seconds are moved by it.
    let seconds: Vec<Point> = members
        .iter()
        .filter(asks)
        .map(|member| {
            let point = Point::new(member.number, member.row, kind(member));
            Point { minute: point.minute - 1, ..point }
        })
        .collect();
    let most = most_minutes.map(|most| most - 1);
    let pairs = Pairs::new(&firsts, &seconds, most);
    let (second, bearing) = worst(subject, session, &pairs, most)?;
    let row = view.store.sign_in(second)?;
    let first = view.store.sign_in(bearing.first)?;
    let tool = pairs
        .seconds()
        .filter_map(|(_, point)| view.store.sign_in(point.number))
        .any(|row| view.agent(row).tool().is_some());
    let asked = scopes(row).filter(|text| !text.is_empty()).map(|text| format!(" with the scopes {text}"));
    let mut facts = bearing.facts(view, &pairs, second);
    // The minute by which seconds were moved.
    facts.insert("smallest_gap_minutes".to_owned(), json!(pairs.smallest_gap().map(|gap| gap + 1)));
    facts.insert("tool".to_owned(), json!(tool));
    let told = Told {
        variant: "scope-switch",
        weight: (
            if tool { bearing.severity.max(Severity::Medium) } else { bearing.severity },
            if is_typed { bearing.confidence } else { Confidence::Low },
        ),
        why: format!(
            "{} signed in to {} from {} at {}. {} later {} presented {} in the same session for Azure AD Graph{}, from {} with {}.{} Tools that copy a directory ask so.",
            who(view),
            view.app_name(first.app),
            place(view.network(first)),
            moment(first.time),
            duration(row.time - first.time),
            view.app_name(row.app),
            token(row.incoming),
            asked.unwrap_or_default(),
            place(view.network(row)),
            view.agent(row).label(),
            bearing.words(),
        ),
        what: "Token for the old directory graph",
        evidence: pairs.evidence().collect(),
        facts: facts.into(),
    };
    let title = format!("{} asked for Azure AD Graph", view.app_name(row.app));
    Some(Finding { title, ..of_session(&DETECTION, view, index, told) })
}

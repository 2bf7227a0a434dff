//! The second variant of *a family refresh token, redeemed by a tool*: a token for another scope, for Azure
//! AD Graph, as tools that copy the directory ask for it.

use crate::order::Map;

use serde_json::json;

use crate::events::Guid;
use crate::events::SignIn;
use crate::events::processing::{Processing, SCOPES};
use crate::knowledge::apps;
use crate::sessions::{Session, View};

use super::bearing::worst;
use super::evidence::{duration, facts, id_text, in_order, moment, place, sign_ins, token, who};
use super::pairs::{Pairs, Point};
use super::{Confidence, Finding, Severity, Subject};

/// Clients of the family that such tools pass for.
const CLIENTS: [Guid; 5] =
    [apps::AZURE_CLI, apps::AZURE_POWERSHELL, apps::VISUAL_STUDIO, apps::EDGE_NEW_TAB, apps::COPILOT_APP];
/// Pairs that the facts list one by one; all are counted.
const LISTED: usize = 1_000;

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
    let all =
        pairs.seconds().flat_map(|(place, second)| pairs.of(place).map(move |first| (first.number, second.number)));
    let listed: Vec<(String, String)> =
        all.take(LISTED).map(|(first, second)| (id_text(view, first), id_text(view, second))).collect();
    let evidence = sign_ins("first", pairs.firsts())
        .chain(sign_ins("second", pairs.seconds().map(|(_, second)| second.number)))
        .collect();
    let asked = scopes(row).filter(|text| !text.is_empty()).map(|text| format!(" with the scopes {text}"));
    Some(Finding {
        detection: super::foci_pivot::DETECTION.id,
        variant: "scope-switch",
        strand: "scope-switch",
        severity: if tool { bearing.severity.max(Severity::Medium) } else { bearing.severity },
        confidence: if is_typed { bearing.confidence } else { Confidence::Low },
        session: Some(index),
        anchor: session.anchor,
        title: format!("{} asked for Azure AD Graph", view.app_name(row.app)),
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
        evidence: in_order(view, evidence),
        facts: facts(json!({
            "pair_count": pairs.count(),
            "smallest_gap_minutes": pairs.smallest_gap().map(|gap| gap + 1),
            "pairs": listed,
            "first": id_text(view, bearing.first),
            "second": id_text(view, second),
            "changed": bearing.likeness.changed(),
            "reason": bearing.reason.name(),
            "tool": tool,
        })),
    })
}

fn resource(view: &View<'_>, row: &SignIn) -> Option<Guid> {
    view.store.app(row.resource).id.as_guid()
}

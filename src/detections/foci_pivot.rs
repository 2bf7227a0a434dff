//! A refresh token of the client family, redeemed by a tool.
//!
//! # What it looks for
//! A user signs in with one application of Microsoft's family of client ids, without a token coming
//! in. Later, in the same session of the same user, another application of the family, a tool for
//! administration (Azure CLI, Azure PowerShell, Office 365 Management), presents a token. Both are
//! for resources of the user's own tenant. *Later* counts in boundaries of minutes: in the same
//! minute either may come first. Whether the two succeeded does not matter.
//!
//! *Without a token* is the incoming token type `none` and nothing else. Any other value is a token,
//! `unknownFutureValue` and lists included. A type that is absent or empty says neither. A session
//! id that is empty or all zeros joins nothing.
//!
//! Where no sign-in of these exports has the type (Defender's tables), the stream stands in for it:
//! a person signs in without a token, a client with one (*by-stream*). That is less sure: people bring
//! tokens too. It is low unless the country or the agent's family is another, or a rented network says more.
//!
//! *scope-switch*, findings of its own: 1 to `scope-switch-minutes` minutes after a sign-in without a
//! token, Azure CLI, Azure PowerShell, Visual Studio, the Edge new tab page or the Copilot app got, with a
//! token, one for Azure AD Graph. The application may be the same; resource or scopes differ.
//!
//! # Why it matters
//! Refresh tokens of the family are interchangeable: whoever steals one from a mail or chat client
//! can ask for tokens of every other client of the family with it, without a password and without a
//! second factor.
//!
//! # Evidence it needs
//! Interactive and non-interactive sign-ins with session id, incoming token type (or at least the
//! stream), application id, and the home and resource tenant; a missing tenant id counts as the user's own. Network, device
//! and agent decide how bad it is: low on the device of the sign-in and its or a familiar network,
//! or with a tool that the user knows; high from a hosting network or another hand; critical if an
//! administrator's role came along; one lower if it was refused. A scope switch by a tool's agent is medium
//! at least; scopes count where the exports have them.
//!
//! # Benign causes
//! * A developer or administrator uses Azure CLI on their own joined laptop: its token comes from
//!   the primary refresh token of the same session.
//! * A script of the user's own runs in a cloud shell or build machine with their token.
//!
//! # Tuning
//! `max-gap-minutes` limits the time between the two (90 is usual), `azure-cli` asks for an
//! administrator's token where the tool is Azure CLI, `scope-switch` and `scope-switch-minutes` switch that variant off and limit it, `streams` leaves out interactive sign-ins,
//! `targets` and `family-clients` replace the lists of applications, `home-tenant-only` lets
//! resources of other tenants in.
//!
//! # What to ask
//! * Does the user work with Azure CLI or PowerShell, and did they at this time?
//! * Whose is the network that the tool came from?
//!
//! # What to do
//! * Revoke the user's sessions, then reset the password.
//! * Look through what the tool's tokens reached: Azure activity, Microsoft Graph activity, the
//!   audit log of the following hours.
//! * Require token protection or a compliant device for Azure management.
//!
//! # References
//! * ATT&CK T1528, T1550.001, T1606
//! * HybridBrothers, DetectSuspiciousFociTokenLogins: the query that this answers exactly
//! * Secureworks, Family of client IDs: which applications share refresh tokens

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::sessions::{Holder, Session, View};

use super::bearing::{Bearing, Reason, worst};
use super::evidence::{duration, failure, moment, place, roles_in_token, token, who};
use super::family::Family;
use super::pairs::{Pairs, Point};
use super::scope_switch::{self, Member};
use super::tokens::Tokens;
use super::told::{Told, of_session};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "foci-pivot";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Family refresh token redeemed by a tool",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(
        Records::NonInteractive,
        "a redeemed refresh token shows there and hardly ever in the interactive log",
    )],
    needs: &[&[Field::SessionId], &[Field::IncomingToken, Field::Stream]],
    wants: &[
        Field::AppId,
        Field::HomeTenant,
        Field::ResourceTenant,
        Field::Address,
        Field::Asn,
        Field::DeviceId,
        Field::Agent,
    ],
    history_days: 0,
    tunables: &[
        Tunable::choice("streams", &["all", "non-interactive"], "which sign-ins take part"),
        Tunable::number("max-gap-minutes", "none", "longest time between the two, inclusive"),
        Tunable::choice(
            "azure-cli",
            &["any", "global-admin", "global-admin-noncompliant"],
            "when Azure CLI counts as the second",
        ),
        Tunable::flag("scope-switch", "true", "whether tokens for Azure AD Graph are looked for, too"),
        Tunable::number("scope-switch-minutes", "90", "longest time to a token for Azure AD Graph, inclusive"),
        Tunable::list("targets", "applications of the family that count as the second"),
        Tunable::flag("home-tenant-only", "true", "only resources of the user's own tenant"),
        Tunable::list("family-clients", "applications of the family"),
    ],
    prepare,
    kql: include_str!("foci_pivot.kql"),
    file: "foci_pivot",
};

fn prepare<'a>(store: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let rule = Rule {
        family: Family::new(store, tuning, ID),
        max_gap: tuning.number(ID, "max-gap-minutes"),
        switches: tuning.flag(ID, "scope-switch"),
        most_switch: tuning.number(ID, "scope-switch-minutes"),
    };
    Box::new(move |subject, found| {
        let tokens = Tokens::of(subject.view);
        for (index, session) in subject.view.sessions.iter().enumerate().filter(|(_, session)| session.id.has_value()) {
            rule.look(subject, tokens, index, session, found);
        }
    })
}

/// What the tuning says, read once.
struct Rule {
    family: Family,
    max_gap: Option<i64>,
    switches: bool,
    most_switch: Option<i64>,
}

impl Rule {
    fn look(&self, subject: &Subject<'_>, tokens: Tokens, index: usize, session: &Session, found: &mut Vec<Finding>) {
        let (mut firsts, mut seconds, mut members) = (Vec::new(), Vec::new(), Vec::new());
        for (number, row) in subject.view.rows(&session.sign_ins) {
            let Some(client) = self.family.client(subject.view, row) else { continue };
            let (without, with) = (tokens.none(row), tokens.some(row));
            members.push(Member { number, row, client: client.kind, without, with });
            if without {
                firsts.push(Point::new(number, row, client.kind));
            } else if with && self.family.is_tool(subject.view, row, client) {
                seconds.push(Point::new(number, row, client.kind));
            }
        }
        if !firsts.is_empty() && !seconds.is_empty() {
            let pairs = Pairs::new(&firsts, &seconds, self.max_gap);
            if let Some((second, bearing)) = worst(subject, session, &pairs, self.max_gap) {
                found.extend(finding(subject, index, &pairs, second, &bearing));
            }
        }
        if self.switches {
            found.extend(scope_switch::look(subject, index, session, &members, self.most_switch, tokens.is_typed()));
        }
    }
}

/// Facts: `pair_count`; `smallest_gap_minutes`; `pairs`, the ids of first and second of up to 1,000 of
/// them by time; `first` and `second`, the pair that decided; `changed`, what differs between these
/// two; `reason`, what decided; `roles`, the administrators' roles in the second's token.
fn finding(subject: &Subject<'_>, index: usize, pairs: &Pairs<'_>, second: u32, bearing: &Bearing) -> Option<Finding> {
    let view = subject.view;
    let (first, later) = view.store.sign_in(bearing.first).zip(view.store.sign_in(second))?;
    let tokens = Tokens::of(view);
    // Every developer's network is unclear where it has no number.
    let differs = [bearing.likeness.country, bearing.likeness.agent].contains(&Some(false));
    let weight = match tokens.is_typed() {
        true => (bearing.severity, bearing.confidence),
        false if bearing.reason != Reason::Unclear || differs => (bearing.severity, Confidence::Low),
        false => (bearing.severity.min(Severity::Low), Confidence::Low),
    };
    let mut facts = bearing.facts(view, pairs, second);
    facts.insert("roles".to_owned(), json!(roles_in_token(view, later)));
    let told = Told {
        variant: tokens.variant("exact"),
        weight,
        why: explain(view, first, later, bearing),
        what: "Token redeemed by a tool",
        evidence: pairs.evidence().collect(),
        facts: facts.into(),
    };
    let verb = if view.succeeded(later) { "redeemed" } else { "tried to redeem" };
    let token = token(later.incoming).replace("a refresh", "a family refresh");
    let title = format!("{} {verb} {token}", view.app_name(later.app));
    Some(Finding { title, ..of_session(&DETECTION, view, index, told) })
}

fn explain(view: &View<'_>, first: &SignIn, second: &SignIn, bearing: &Bearing) -> String {
    let (owner, tool) = (Holder::of(view, first), Holder::of(view, second));
    let when = if second.time < first.time {
        "In the same minute".to_owned()
    } else {
        format!("{} later", duration(second.time - first.time))
    };
    let mut text = format!(
        "{} signed in to {} from {} at {}. {when} {} presented {} in the same session, from {} with {}{}.",
        who(view),
        view.app_name(first.app),
        place(owner.network),
        moment(first.time),
        view.app_name(second.app),
        token(second.incoming),
        place(tool.network),
        tool.agent.label(),
        failure(view.code(second)),
    );
    text.push_str(bearing.words());
    text.push_str(Tokens::of(view).words());
    if let Some(role) = roles_in_token(view, second).first() {
        text.push_str(&format!(" The token carries the role {role}."));
    }
    text
}

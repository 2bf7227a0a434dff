//! One access token that was used in two places.
//!
//! # What it looks for
//! Acts in mailbox, files or calls of Microsoft Graph that carry the unique token id of a sign-in, from
//! another network than the one the token was issued to, within the life of the token: `life-minutes`,
//! or `life-hours-cae` where it takes part in continuous access evaluation. Where the sign-in is not in
//! the exports, the place of the first act stands for it. One finding a session.
//!
//! Beside it, a success whose record names the address that the resource's provider saw, where that is in
//! another network and another country than the sign-in, or a hosting network, and not one that the
//! user often uses (*resource-provider*).
//!
//! # Why it matters
//! An access token is good for whoever holds it. One that is used in two places at a time, by two
//! programs, or from rented machines was copied: out of the browser, a log, or the memory of a program.
//!
//! # Evidence it needs
//! Sign-ins with unique token id, and the log that shows what was done with the token: unified audit log
//! (`AppAccessContext`), OfficeActivity, or Microsoft Graph activity. Sign-ins seldom name the provider's
//! address: silence says nothing. Its network and country are those of sign-ins from there. Medium.
//!
//! # Benign causes
//! * A laptop that goes from the office home keeps its token: another network alone is low.
//! * Programs whose requests partly go through a proxy or VPN.
//!
//! # Tuning
//! `life-minutes` and `life-hours-cae`, after which an equal id is no use of the same token.
//!
//! # What to ask
//! * Did the user change networks at that time, or use a VPN for a part of the traffic?
//!
//! # What to do
//! * Revoke the user's sessions; an access token lives on for an hour, block the address meanwhile.
//! * Look at all that was done with the token from the other place.
//!
//! # References
//! * ATT&CK T1550.001
//! * Microsoft, Token theft playbook
//! * Cloud-Architekt, Verdicts of tokens and sessions in sign-in logs

use crate::events::Store;
use crate::events::field::Field;

use super::workload::is_workload;
use super::{Ask, Detection, Group, Records, Tuning, provider_address, replays};

pub(super) static DETECTION: Detection = Detection {
    id: "token-replay",
    title: "One token in two places",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Activities, "what was done with a token shows there, and where from")],
    needs: &[&[Field::TokenId]],
    wants: &[Field::Address, Field::Asn, Field::Agent, Field::DeviceId, Field::Processing],
    history_days: 0,
    tunables: replays::TUNABLES,
    prepare,
    kql: include_str!("token_replay.kql"),
    file: "token_replay",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let ask = replays::ask(&DETECTION, tuning);
    Box::new(move |subject, found| {
        if !is_workload(subject.view) {
            ask(subject, found);
            provider_address::look(subject, found);
        }
    })
}

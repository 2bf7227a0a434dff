//! An application's token is used in another network than the one that it was issued to.
//!
//! # What it looks for
//! Calls of Microsoft Graph, and acts in mailboxes and files, that carry the unique token id of a sign-in of a service principal
//! or managed identity, from another network than that sign-in, within the life of the token. One finding a session or
//! token.
//!
//! # Why it matters
//! A program uses its token where it got it. A token of a managed identity has no other secret behind it: whoever
//! reads it from the machine can use it from anywhere.
//!
//! # Evidence it needs
//! Sign-ins of applications' identities with unique token id and address, and the log that shows what was done with the token.
//!
//! # Benign causes
//! * A program behind several exits to the internet, or one that hands its token to another of its parts.
//!
//! # Tuning
//! `life-minutes` and `life-hours-cae`, after which an equal id is no use of the same token.
//!
//! # What to ask
//! * Does the program reach the internet by more than one provider?
//!
//! # What to do
//! * Replace the credential; block the address for the identity by a policy for workload identities.
//! * Look at the machine that the token was issued to.
//!
//! # References
//! * ATT&CK T1550.001
//! * Cloud-Architekt, Token replay from workload identity with privileges

use crate::events::Store;
use crate::events::field::Field;

use super::workload::is_workload;
use super::{Ask, Detection, Group, Records, Tuning, replays};

pub(super) static DETECTION: Detection = Detection {
    id: "workload-token-replay",
    title: "An application's token in two places",
    group: Group::Workload,
    records: &[Records::Workloads, Records::Activities],
    helped_by: &[],
    needs: &[],
    wants: &[Field::TokenId, Field::Address, Field::Asn],
    history_days: 0,
    tunables: replays::TUNABLES,
    prepare,
    kql: include_str!("workload_token_replay.kql"),
    file: "workload_token_replay",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let ask = replays::ask(&DETECTION, tuning);
    Box::new(move |subject, found| {
        if is_workload(subject.view) {
            ask(subject, found);
        }
    })
}

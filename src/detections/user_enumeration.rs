//! One source that asked for many users who do not exist.
//!
//! # What it looks for
//! From one address, or one network and one family of agents, sign-ins of at least fifteen different
//! names that the directory does not know, within half an hour. One finding a source.
//!
//! # Why it matters
//! Before passwords are tried, lists of names are tested: what Entra answers tells which exist. The
//! guesses at passwords follow, often from elsewhere.
//!
//! # Evidence it needs
//! Sign-ins with result code and address. Many tools test names without leaving a sign-in: silence
//! proves nothing.
//!
//! # Benign causes
//! * A system still signs in for accounts that were deleted or renamed.
//! * A mistake in a domain name in some program's settings.
//!
//! # Tuning
//! `users` and `window-minutes` make a burst.
//!
//! # What to ask
//! * Are the names those of former staff or of a former domain?
//! * Whose is the address?
//!
//! # What to do
//! * Look for wrong passwords of names that do exist, from the same network, in the days after.
//! * Block the source if it is nobody's.
//!
//! # References
//! * ATT&CK T1087.004, T1589.002
//! * Microsoft Sentinel, Attempts to sign in to non-existing users

use serde_json::json;

use crate::events::Store;
use crate::events::field::Field;
use crate::tenant::Ended;

use super::evidence::{moment, sign_ins};
use super::sprays::{Rule, SourceKind, bursts_apart};
use super::told::{Told, of_whole};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning, Whole};

const ID: &str = "user-enumeration";
/// Attempts and names that a finding lists; all are counted.
const LISTED: usize = 500;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "One source asked for many users who do not exist",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::Result], &[Field::Address]],
    wants: &[Field::Asn, Field::Agent],
    history_days: 0,
    tunables: &[
        Tunable::number("users", "15", "least unknown users within the window"),
        Tunable::number("window-minutes", "30", "length of the window, inclusive"),
    ],
    prepare,
    kql: include_str!("user_enumeration.kql"),
    file: "user_enumeration",
};

/// It speaks of sources alone.
fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|_, _| {})
}

/// Facts: `source`; `users`, the names, up to 500; `user_count`; `tries`.
pub(super) fn whole(whole: &Whole<'_>, found: &mut Vec<Finding>) {
    let rule = Rule {
        counts: |ended| ended == Ended::Unknown,
        users: usize::try_from(whole.tuning.number(ID, "users").unwrap_or(15)).unwrap_or(usize::MAX).max(1),
        window: whole.tuning.number(ID, "window-minutes").unwrap_or(30).saturating_mul(60_000_000),
        tries: None,
        percent: 0,
        networks: 1,
    };
    let kinds = [(SourceKind::Address, rule), (SourceKind::System, rule)];
    for mut burst in bursts_apart(&whole.tenant.attempts, &kinds, |_| true) {
        whole.in_order(&mut burst.tries);
        let label = burst.label(whole.store);
        let told = Told {
            variant: "source",
            weight: (Severity::Low, Confidence::High),
            why: format!(
                "{} sign-ins of {} names that the directory does not know came from {label} from {} on.",
                burst.tries.len(),
                burst.users.len(),
                moment(burst.begins()),
            ),
            what: "Unknown users asked for",
            evidence: sign_ins("attempt", burst.tries.iter().take(LISTED).map(|attempt| attempt.row)).collect(),
            facts: json!({
                "source": label,
                "user_count": burst.users.len(),
                "users": whole.names(&burst.users, LISTED),
                "tries": burst.tries.len(),
            }),
        };
        let title = format!("{} unknown users were asked for from {label}", burst.users.len());
        found.push(Finding { title, ..of_whole(&DETECTION, burst.anchor, told) });
    }
}

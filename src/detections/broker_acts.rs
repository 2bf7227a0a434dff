//! The part of *a device-code sign-in to the authentication broker* that shows in records that are no sign-ins: the
//! broker acted with a token that came from a device code.

use serde_json::json;

use crate::events::Id;
use crate::events::vocabulary::Protocol;
use crate::knowledge::apps;
use crate::order::Map;
use crate::sessions::View;

use super::device_code_broker::{DETECTION, WHAT};
use super::evidence::activities;
use super::told::{Told, of};
use super::{Confidence, Finding, Severity};

/// Records that are no sign-ins, of the broker, with the protocol: by session id, or by their own
/// id where they have none.
pub(super) fn by_session(view: &View<'_>) -> Map<Id, Vec<u32>> {
    let mut by_session: Map<Id, Vec<u32>> = Map::new();
    for (number, row) in view.activities() {
        let broker = view.store.app(row.app).id.as_guid() == Some(apps::AUTHENTICATION_BROKER);
        if broker && row.protocol == Protocol::DEVICE_CODE {
            by_session.entry(row.session_id(view.store).value().unwrap_or(row.id)).or_default().push(number);
        }
    }
    by_session
}

/// The finding of such records alone. Facts: as those of the sign-ins.
pub(super) fn finding(view: &View<'_>, session: Option<usize>, anchor: Id, acts: &[u32]) -> Finding {
    let told = Told {
        variant: "activity",
        weight: (Severity::Medium, Confidence::High),
        why:
            "A record that is no sign-in names the authentication broker as the caller and device code as its protocol."
                .to_owned(),
        what: WHAT,
        evidence: activities("activity", acts.iter().copied()).collect(),
        facts: json!({"part": "activity", "exact": 0, "wider": 0, "activity": acts.len(), "reason": "device code"}),
    };
    let title = "The authentication broker acted with a device-code token".to_owned();
    Finding { title, ..of(&DETECTION, view, session, anchor, told) }
}

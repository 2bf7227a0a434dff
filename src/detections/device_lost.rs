//! The part of *a session that went on from another hand* that shows on any network: an application that carried
//! a device id in the session goes on without it, or with another, by another family of programs.

use crate::order::{Map, Set};

use serde_json::json;

use crate::events::{Id, SignIn};
use crate::knowledge::agents;
use crate::sessions::{Familiarity, Session};

use super::evidence::{hand, id_text, moment, sign_ins, who};
use super::session_handover::DETECTION;
use super::told::{Told, of_session};
use super::{Confidence, Finding, Severity, Subject};

/// Devices and the last sign-in with which an application of one stream was seen.
type Carried = Map<(u32, u8), (Set<Id>, u32)>;

/// A sign-in without the device.
#[derive(Clone, Copy)]
struct Lost {
    at: u32,
    /// The last sign-in with it.
    before: u32,
    /// How many devices the application had carried.
    devices: usize,
}

/// Facts: `devices`, how many device ids the application had carried; `before` and `at`; `new_address`,
/// whether the user was never seen there. What is `told` as a handover is left out.
pub(super) fn look(subject: &Subject<'_>, index: usize, session: &Session, told: &Set<u32>) -> Option<Finding> {
    let view = subject.view;
    let all = lost(subject, session, told)?;
    let Lost { at, before, devices } = *all.first()?;
    let (first, second) = view.store.sign_in(before).zip(view.store.sign_in(at))?;
    let new_address = !view.sign_ins().any(|(_, row)| row.address == second.address && row.order() < second.order());
    let now = if view.device(second).is_some_and(Id::has_value) { "with another" } else { "without it" };
    let seen = match new_address {
        true => "The user had never been seen at that address.",
        false => "The address is one at which the user was seen.",
    };
    let evidence = sign_ins("without the device", all.iter().map(|lost| lost.at));
    let told = Told {
        variant: "device-lost",
        weight: (if new_address { Severity::High } else { Severity::Medium }, Confidence::Medium),
        why: format!(
            "{} of {} carried a device id in this session, from {}; from {} on it went on {now}, from {}. {seen}",
            view.app_name(second.app),
            who(view),
            view.agent(first).label(),
            moment(second.time),
            hand(view, second),
        ),
        what: "Session lost its device",
        evidence: evidence.chain(sign_ins("with the device", [before])).collect(),
        facts: json!({
            "devices": devices,
            "before": id_text(view, before),
            "at": id_text(view, at),
            "new_address": new_address,
        }),
    };
    let title = "Session went on without its device".to_owned();
    Some(Finding { title, ..of_session(&DETECTION, view, index, told) })
}

fn lost(subject: &Subject<'_>, session: &Session, told: &Set<u32>) -> Option<Vec<Lost>> {
    let view = subject.view;
    let mut devices = view.rows(&session.sign_ins).map(|(_, row)| row.device);
    let first = devices.next();
    // Most sessions are of one device, or of none.
    if devices.all(|device| Some(device) == first) {
        return None;
    }
    let mut carried: Carried = Map::new();
    let mut lost = Vec::new();
    for (at, row) in view.rows(&session.sign_ins).filter(|(_, row)| view.succeeded(row)) {
        let Some(device) = view.device(row) else { continue };
        match carried.get_mut(&(row.app, row.stream)) {
            Some((devices, last)) if !devices.contains(&device) => {
                let before: &SignIn = view.store.sign_in(*last)?;
                if agents::same_family(view.agent(row), view.agent(before)) != Some(false) || view.by_server(row) {
                    if device.has_value() {
                        devices.insert(device);
                    }
                } else if !told.contains(&at) && subject.familiar.device(view, row) != Familiarity::Familiar {
                    lost.push(Lost { at, before: *last, devices: devices.len() });
                }
            }
            Some((_, last)) => *last = at,
            None if device.has_value() => {
                carried.insert((row.app, row.stream), (Set::from([device]), at));
            }
            None => {}
        }
    }
    Some(lost)
}

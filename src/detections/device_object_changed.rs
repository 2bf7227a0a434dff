//! A device's record in the directory was changed in a way that management seldom does.
//!
//! # What it looks for
//! An update that makes a device not compliant and changes more of it; one that changes how it is joined;
//! and an owner who is given to a device by another user.
//!
//! # Why it matters
//! Policies believe what the directory says of a device. Who can write its record, or owns it, makes a
//! machine of their own pass for a managed one.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * A device changes hands, or falls out of compliance while it is renamed.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Who has the device, and did its management change?
//!
//! # What to do
//! * Disable the device, then look for sign-ins with its id.
//!
//! # References
//! * ATT&CK T1098.005
//! * Microsoft Sentinel, Suspicious Entra joined device update

use crate::events::change::plain;
use crate::events::{Store, TargetKind};

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "device-object-changed",
        "Record of a device changed oddly",
        "device_object_changed",
        include_str!("device_object_changed.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "changed", what: "Record of a device changed oddly", is: updates, ask: changed },
        Question { variant: "owner", what: "Device given another owner", is: owns, ask: owner },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn updates(operation: &str) -> bool {
    any(operation, &["Update device"])
}

fn owns(operation: &str) -> bool {
    any(operation, &["Add registered owner to device"])
}

fn device<'a>(act: &'a Act<'_>) -> &'a str {
    act.target(TargetKind::Device).map_or("a device", |device| device.label())
}

fn changed(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let is = |value: &str, word: &str| plain(value).eq_ignore_ascii_case(word);
    let lapsed = act.change("IsCompliant").is_some_and(|change| is(&change.old, "true") && is(&change.new, "false"));
    // Names of what was changed, and where the record belongs, stand beside what was changed.
    let note = |name: &str| name.starts_with("TargetId.") || name.starts_with("Included Updated");
    let beside =
        || act.changes().any(|change| change.old != change.new && !change.is("IsCompliant") && !note(&change.name));
    let trust = ["DeviceTrustType", "TrustType"].iter().find_map(|name| act.change(name));
    let forged = trust.is_some_and(|change| !plain(&change.old).is_empty() && plain(&change.old) != plain(&change.new));
    if !(forged || lapsed && beside()) || !act.succeeded() || asked.is_by_service(act) {
        return None;
    }
    let what = if forged { "how it is joined" } else { "its compliance and more" };
    Told::new(Severity::Medium, format!("changed {what} in the record of {}", device(act)))
}

fn owner(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let owner = act.target(TargetKind::User)?;
    if !act.succeeded() || !act.is_by_user() || asked.is_person(owner) {
        return None;
    }
    Told::new(Severity::Medium, format!("made {} an owner of {}", owner.label(), device(act)))
}

//! Secrets of devices were read.
//!
//! # What it looks for
//! Recovery keys of disks and passwords of local administrators that one account reads: of `devices` or more
//! devices within `window-minutes`, or of any in a session that other findings speak of.
//!
//! # Why it matters
//! A recovery key opens the disk of a stolen laptop; the local administrator's password opens the machine
//! that is still in use, and everything that was signed in to there.
//!
//! # Evidence it needs
//! The directory audit log.
//!
//! # Benign causes
//! * The service desk after an update that asks for recovery keys; a device that is set up anew.
//!
//! # Tuning
//! `devices` and `window-minutes` say how many within how long are many.
//!
//! # What to ask
//! * Is there a ticket for each device?
//!
//! # What to do
//! * Renew the keys and passwords that were read, and look at sign-ins on those devices.
//!
//! # References
//! * ATT&CK T1555, T1552
//! * Sigma, Windows LAPS credential dump from Entra ID; Microsoft Sentinel, BitLocker key retrieval

use crate::events::Store;

use super::act::{Act, any};
use super::asked::{self, Asked, Burst, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const MINUTE: i64 = 60_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[
        Tunable::number("devices", "3", "so many devices are many"),
        Tunable::number("window-minutes", "60", "minutes within which they are many, inclusive"),
    ],
    prepare,
    ..asked::detection(
        "device-secret-read",
        "Secrets of devices read",
        "device_secret_read",
        include_str!("device_secret_read.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[Question { variant: "read", what: "Secrets of devices read", is: reads, ask: read }],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn reads(operation: &str) -> bool {
    any(operation, &["Read BitLocker key", "Recover device local administrator password"])
}

static BURST: Burst = Burst {
    is: reads,
    counts: |_, _| true,
    name: |act| act.on(),
    least: "devices",
    window: "window-minutes",
    unit: MINUTE,
};

fn read(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || !(asked.is_in_burst(act, &BURST) || asked.taint(act).is_some()) {
        return None;
    }
    Told::new(Severity::Medium, format!("read a secret of {}", act.on()))
}

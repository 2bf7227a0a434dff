//! The sample tenant of the page.

use super::{Detail, File, Format, Kind, Settings, tenant};

/// A small tenant with three incidents and believable noise, as somebody would export it: sign-ins of
/// both user tabs and the directory audit log by Microsoft Graph. What was not exported (programs,
/// managed identities, mailboxes) is for the coverage to say.
#[must_use]
pub fn sample() -> Vec<File> {
    tenant(&settings()).write(Format::Sample)
}

pub(super) fn settings() -> Settings {
    Settings {
        seed: 20_261_102,
        users: 25,
        pace: 1,
        detail: Detail::Brief,
        incidents: vec![Kind::FociPivot, Kind::DeviceCodeDevice, Kind::DeviceCodeMethod],
        ..Settings::default()
    }
}

//! The sample tenant of the page.

use super::{Detail, File, Format, Kind, Settings, tenant};

/// A small tenant with three incidents and believable noise, as somebody would export it: sign-ins of
/// both user tabs and the directory audit log by Microsoft Graph, and the unified audit log of mailboxes
/// and files. The first two days of the interactive tab come from version 1.0, and programs and calls
/// of Graph were not exported: that is for the coverage to say.
#[must_use]
pub fn sample() -> Vec<File> {
    let tenant = tenant(&settings());
    let mut files = tenant.write(Format::GraphTabs);
    files.push(super::write::acts(&tenant));
    files
}

pub(super) fn settings() -> Settings {
    Settings {
        seed: 20_261_102,
        users: 25,
        pace: 1,
        acts: 40,
        insiders: false,
        detail: Detail::Brief,
        incidents: vec![Kind::FociPivot, Kind::DeviceCodeDevice, Kind::DeviceCodeMethod],
        ..Settings::default()
    }
}

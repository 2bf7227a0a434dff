//! What an audit event says of the devices it is about.

use crate::order::Set;

use crate::events::change::{self, TargetKind};
use crate::events::{Audit, Id, Store};

/// What an audit event says of the devices it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceRecord {
    /// Ids, of the directory's object or of the device itself.
    pub ids: Set<Id>,
    /// Names.
    pub names: Set<String>,
    /// Version of the operating system; empty where the event does not say.
    pub version: String,
    /// How it is joined; empty where the event does not say.
    pub join: String,
    /// The agent that did it; empty where the event does not say.
    pub agent: String,
}

impl DeviceRecord {
    /// Reads an event that is about devices. Properties are found by name: their place differs.
    #[must_use]
    pub fn read(store: &Store, row: &Audit) -> Self {
        let texts = &store.texts;
        let details: Vec<[String; 2]> = serde_json::from_str(texts.get(row.details)).unwrap_or_default();
        let detail = |names: &[&str]| {
            let found = details.iter().find(|[key, _]| names.iter().any(|name| key.eq_ignore_ascii_case(name)));
            found.map(|[_, value]| value.trim().to_owned()).unwrap_or_default()
        };
        let mut record = Self {
            join: detail(&["Device Trust Type", "DeviceTrustType"]),
            version: detail(&["Device OS Version", "DeviceOSVersion"]),
            agent: texts.value(row.agent).map_or_else(|| detail(&["User-Agent", "UserAgent"]), str::to_owned),
            ..Self::default()
        };
        record.ids.extend(Id::parse_known(&detail(&["Device Id", "DeviceId"])).value());
        let targets = change::targets(texts.get(row.targets));
        for target in targets.into_iter().filter(|target| target.kind() == TargetKind::Device) {
            record.ids.extend(Id::parse_known(&target.id).value());
            if !target.name.is_empty() {
                record.names.insert(target.name.into_owned());
            }
            for change in &target.changes {
                let new = change::plain(&change.new);
                if change.is("DeviceOSVersion") {
                    new.clone_into(&mut record.version);
                } else if change.is("DisplayName") && !new.is_empty() {
                    record.names.insert(new.to_owned());
                }
            }
        }
        record
    }

    /// Whether a name is the one that Windows gives by default, and tools copy.
    #[must_use]
    pub fn has_default_name(&self) -> bool {
        self.names.iter().any(|name| name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("DESKTOP-")))
    }
}

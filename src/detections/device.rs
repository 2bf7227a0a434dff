//! What several detections ask of devices and of the events that register them.

use std::collections::BTreeSet;

use crate::events::change::{self, TargetKind};
use crate::events::vocabulary::{Flag, IncomingToken, Protection, Protocol, Transfer};
use crate::events::{Audit, Id, SignIn, Store};
use crate::knowledge::apps;
use crate::sessions::View;

/// The agent by which Windows itself signs people in.
const WINDOWS_BROKER: &str = "windows-azuread-authentication-provider/1.0";

/// Whether Entra calls the device compliant or managed. A joined device alone is none: tools join
/// devices, too.
pub(super) fn is_enrolled(view: &View<'_>, row: &SignIn) -> bool {
    let device = view.store.device(row.device);
    device.compliant == Flag::TRUE || device.managed == Flag::TRUE
}

/// Whether the device's trust type is one of these, in lower case.
pub(super) fn has_trust(view: &View<'_>, row: &SignIn, wanted: &[&str]) -> bool {
    let trust = view.store.texts.get(view.store.device(row.device).trust).to_ascii_lowercase();
    wanted.contains(&trust.as_str())
}

/// Whether a primary refresh token came in.
pub(super) fn brings_primary_token(row: &SignIn) -> bool {
    row.incoming.is_token() && row.incoming.0 & IncomingToken::PRIMARY_REFRESH_TOKEN.0 != 0
}

/// Whether a refresh token came in.
pub(super) fn brings_refresh_token(row: &SignIn) -> bool {
    row.incoming.is_token() && row.incoming.0 & IncomingToken::REFRESH_TOKEN.0 != 0
}

/// Whether the record says that its session is not bound to the device.
pub(super) fn is_unbound(row: &SignIn) -> bool {
    row.protection == Protection::UNBOUND
}

/// Whether the sign-in stems from a device code.
pub(super) fn is_by_device_code(row: &SignIn) -> bool {
    row.protocol == Protocol::DEVICE_CODE || row.transfer == Transfer::DEVICE_CODE_FLOW
}

/// Whether Windows signed the person in to the machine: that is how a primary refresh token begins.
pub(super) fn is_windows_sign_in(view: &View<'_>, row: &SignIn) -> bool {
    view.app(row) == Some(apps::WINDOWS_SIGN_IN)
        || view.store.texts.get(row.agent).trim().eq_ignore_ascii_case(WINDOWS_BROKER)
}

/// The id of the resource that was asked for.
pub(super) fn resource(view: &View<'_>, row: &SignIn) -> Option<crate::events::Guid> {
    view.store.app(row.resource).id.as_guid()
}

/// What an audit event says of the devices it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeviceRecord {
    /// Ids, of the directory's object or of the device itself.
    pub(crate) ids: BTreeSet<Id>,
    /// Names.
    pub(crate) names: BTreeSet<String>,
    /// Version of the operating system; empty where the event does not say.
    pub(crate) version: String,
    /// How it is joined; empty where the event does not say.
    pub(crate) join: String,
    /// The agent that did it; empty where the event does not say.
    pub(crate) agent: String,
}

impl DeviceRecord {
    /// Reads an event that is about devices. Properties are found by name: their place differs.
    pub(crate) fn read(store: &Store, row: &Audit) -> Self {
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
    pub(crate) fn has_default_name(&self) -> bool {
        self.names.iter().any(|name| name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("DESKTOP-")))
    }
}

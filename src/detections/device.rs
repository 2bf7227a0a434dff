//! What several detections ask of devices.

use crate::events::SignIn;
use crate::events::vocabulary::{Flag, IncomingToken, Protection, Protocol, Transfer};
use crate::knowledge::apps;
use crate::knowledge::operations::RegistrationKind;
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

/// Whether a step of the sign-in used a method that is registered as this kind.
pub(super) fn used_method(view: &View<'_>, row: &SignIn, kind: RegistrationKind) -> bool {
    let steps = view.store.texts.get(row.steps).as_bytes();
    let used = |method: &str| steps.windows(method.len()).any(|part| part.eq_ignore_ascii_case(method.as_bytes()));
    kind.step().is_some_and(used)
}

/// The id of the resource that was asked for.
pub(super) fn resource(view: &View<'_>, row: &SignIn) -> Option<crate::events::Guid> {
    view.store.app(row.resource).id.as_guid()
}

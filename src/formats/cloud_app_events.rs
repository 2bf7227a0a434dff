//! Rows of Defender's `CloudAppEvents` whose `RawEventData` was left out: what the table says itself.
//!
//! It has neither session nor token id. The report id ends in the id of the record in the unified audit log.
//! With `RawEventData` the record is read from that (see [`super::wrapper`]).

use crate::events::guid::Guid;

use super::{Column, Export, Flat, Format, Holds, Kind, Row};

pub(super) static FORMAT: Format = Format {
    name: "cloud-app-events",
    export: Export {
        what: "Cloud app events",
        from: "Defender",
        holds: &[Holds::Directory, Holds::Activity],
        lacks: &[],
        note: "with `RawEventData` they are records of the unified audit log; without, they have no session.",
        ..Export::UNTOLD
    },
    marks: &["Timestamp", "ActionType"],
    any: &["ActivityType", "ActivityObjects", "ObjectName", "AppInstanceId", "IsAdminOperation"],
    kind,
    table: &[
        (Column::Created, &["Timestamp"]),
        (Column::Operation, &["ActionType"]),
        (Column::Service, &["Application"]),
        (Column::Category, &["ActivityType"]),
        (Column::UserId, &["AccountObjectId"]),
        (Column::UserDisplay, &["AccountDisplayName"]),
        (Column::LogTenant, &["TenantId"]),
        (Column::Address, &["IPAddress"]),
        (Column::Agent, &["UserAgent"]),
        (Column::Object, &["ObjectName", "ObjectId"]),
        (Column::AppId, &["OAuthAppId"]),
    ],
    flat: &[&["ReportId"]],
    compose: Some(compose),
    ..Format::PLAIN
};

/// An act in the directory has a dot behind its name. Rows of other tables that were put together with this
/// one have its columns, and nothing in them.
fn kind(row: &Row<'_>) -> Option<Kind> {
    if !row.has_value(Column::Operation) || !(row.has_value(Column::Category) || row.has_value(Column::Object)) {
        return None;
    }
    let is_directory = row.text(Column::Operation).is_some_and(|operation| operation.ends_with('.'));
    Some(if is_directory { Kind::UnifiedAudit } else { Kind::Activity })
}

/// The id of the record that the report id ends in: `<tenant>_<application>_<id>`.
fn compose(flat: &Flat<'_>) -> Vec<(Column, String)> {
    let report = flat.text(0, 0);
    let own = report.rsplit('_').next().filter(|text| Guid::parse(text).is_some()).map(str::to_owned);
    vec![(Column::Id, own.unwrap_or(report))]
}

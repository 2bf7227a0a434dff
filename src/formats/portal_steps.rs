//! The admin center's `_AuthDetails` CSV: a row a step of authentication, several rows a sign-in.
//!
//! They are no sign-ins: each names one by its request id.

use serde_json::json;

use super::{Column, Export, Flat, Format, Holds, Kind, Row, Way};

pub(super) static FORMAT: Format = Format {
    name: "portal-authentication-details-csv",
    export: Export {
        what: "Authentication details",
        from: "admin center CSV",
        holds: &[Holds::Steps],
        ways: &[Way {
            by: "Entra admin center",
            how: "Monitoring & health › Sign-in logs › a user tab › Download › CSV, the file _AuthDetails",
        }],
        lacks: &[],
        worth: Some(50),
        note: "completes the sign-ins of the CSV beside it.",
    },
    marks: &["Request ID", "Authentication method", "Succeeded", "Requirement"],
    rows_only: true,
    kind,
    table: &[(Column::Id, &["Request ID"])],
    flat: &[STEP],
    compose: Some(compose),
    ..Format::PLAIN
};

const STEP: &[&str] =
    &["Authentication method", "Authentication method detail", "Succeeded", "Result detail", "Requirement"];

fn kind(_row: &Row<'_>) -> Option<Kind> {
    Some(Kind::Step)
}

fn compose(flat: &Flat<'_>) -> Vec<(Column, String)> {
    let step = json!([{
        "authenticationMethod": flat.text(0, 0),
        "authenticationMethodDetail": flat.text(0, 1),
        "succeeded": flat.text(0, 2),
        "authenticationStepResultDetail": flat.text(0, 3),
        "authenticationStepRequirement": flat.text(0, 4),
    }]);
    vec![(Column::Steps, step.to_string())]
}

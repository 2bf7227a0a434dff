//! Which kinds of records the exports hold, those too on which no detection rests.

use serde::Serialize;

use crate::events::vocabulary::Stream;
use crate::formats::Holds;

use super::Case;
use super::hint::ExportHint;

/// A kind of record, and how many of it the exports hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The kind.
    pub kind: Holds,
    /// Events of it.
    pub events: u64,
    /// Where there is none: the export that would hold it.
    pub export: Option<ExportHint>,
}

/// All kinds, in the order in which they matter.
#[must_use]
pub fn held(case: &Case) -> Vec<Held> {
    let summary = &case.summary;
    let stream = |stream: Stream| summary.streams.get(&stream).copied().unwrap_or(0);
    let kinds: [(&'static [Holds; 1], u64, &str); 7] = [
        (&[Holds::Interactive], stream(Stream::Interactive), "shows where a person proved who they are"),
        (
            &[Holds::NonInteractive],
            stream(Stream::NonInteractive),
            "a stolen refresh token is redeemed there and nowhere else",
        ),
        (
            &[Holds::ServicePrincipal],
            stream(Stream::ServicePrincipal),
            "shows what an application did with a credential that an intruder added",
        ),
        (
            &[Holds::ManagedIdentity],
            stream(Stream::ManagedIdentity),
            "shows what was asked for from a machine in Azure",
        ),
        (&[Holds::Directory], summary.audits, "shows which methods and devices were registered"),
        (
            &[Holds::Activity],
            summary.activities,
            "shows what was done in mailboxes and files after the sign-in; a session's story ends without it",
        ),
        (&[Holds::Risk], summary.risk_events, "shows which sign-ins Identity Protection thought risky"),
    ];
    let held = |(holds, events, why): (&'static [Holds; 1], u64, &str)| {
        let [kind] = *holds;
        let export = if events > 0 { None } else { ExportHint::of(holds, &[], why.to_owned()) };
        Held { kind, events, export }
    };
    kinds.into_iter().map(held).collect()
}

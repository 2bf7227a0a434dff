//! Kinds of records as coverage speaks of them, and the exports that hold them.

use crate::detections::Records;
use crate::formats::Holds;
use crate::words::capital;

use super::ExportHint;

/// What an export is to hold for records of a kind.
const fn holds(records: Records) -> &'static [Holds] {
    match records {
        Records::UserSignIns => Holds::USERS,
        Records::NonInteractive => &[Holds::NonInteractive],
        Records::Audits | Records::AuditsOrActs => &[Holds::Directory],
        Records::Activities => &[Holds::Activity],
        Records::Calls => &[Holds::Calls],
        Records::Workloads => Holds::WORKLOADS,
        Records::Risks | Records::RiskRecords | Records::WorkloadRisks | Records::RisksOrSignIns => &[Holds::Risk],
        Records::Acts | Records::Mail | Records::Files => &[Holds::Activity],
    }
}

/// What such an export shows.
const fn why(records: Records) -> &'static str {
    match records {
        Records::UserSignIns => "shows who signed in, with which token and in which session",
        Records::NonInteractive => "a stolen refresh token is redeemed there and nowhere else",
        Records::Audits => "shows which methods and devices were registered",
        Records::Activities => "shows what was done with a token, and from where",
        Records::Calls => "shows what was read with a token",
        Records::Workloads => "shows where applications sign in from, and with which credential",
        Records::Risks | Records::RiskRecords | Records::WorkloadRisks | Records::RisksOrSignIns => {
            "shows what Microsoft detected, and what no sign-in has"
        }
        Records::AuditsOrActs => "shows by which acts somebody stays",
        Records::Acts | Records::Mail | Records::Files => "shows what was done in mailboxes, with files and in Teams",
    }
}

/// With its article.
pub(super) fn the(records: Records) -> String {
    format!("the {}", records.name())
}

/// That they are missing, as a sentence begins.
pub(super) fn missing(records: Records) -> String {
    match records {
        Records::Audits => "The directory audit log is missing".to_owned(),
        _ => format!("{} are missing", capital(records.name())),
    }
}

/// The export that holds records of a kind.
pub(super) fn records_hint(records: Records) -> Option<ExportHint> {
    ExportHint::of(holds(records), &[], why(records).to_owned())
}

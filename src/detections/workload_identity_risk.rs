//! What Microsoft's Identity Protection says of an application's identity.
//!
//! # What it looks for
//! Risk detections of service principals, one finding for each identity and type, and an administrator's
//! word that one is compromised. Also sign-ins of applications, let in or not, that carry a medium or high level.
//!
//! # Why it matters
//! Nobody is asked for a second factor where an application signs in: whoever has its secret is the
//! application, with all its permissions.
//!
//! # Evidence it needs
//! Risk detections of service principals (`servicePrincipalRiskDetections` of Graph,
//! `AADServicePrincipalRiskEvents`), which need a licence for workload identities. Found secrets,
//! known patterns, malicious applications and an administrator's word are high, the others medium, what
//! is not named low, and medium where a sign-in carries a high level. A low level, or a risk that was remediated or dismissed, is one milder; a confirmed
//! one is one worse.
//!
//! # Benign causes
//! * An application was moved to other machines.
//! * A key was in a public repository for a test, and never used.
//!
//! # Tuning
//! Nothing to tune: what counts is Microsoft's own verdict.
//!
//! # What to ask
//! * Who runs the application, and where?
//!
//! # What to do
//! * Replace its secrets and certificates, and look who could read them.
//! * Look through its sign-ins and what it did since.
//!
//! # References
//! * ATT&CK T1078.004, T1528
//! * Microsoft, Securing workload identities with Entra ID Protection

use crate::order::Map;

use crate::events::Store;
use crate::knowledge::risks::OF_WORKLOADS;

use super::identity_protection::finding;
use super::risk::{Told, is_application, told};
use super::{Ask, Detection, Finding, Group, Records, Tuning};

const ID: &str = "workload-identity-risk";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Microsoft detected a risk of an application",
    group: Group::Workload,
    records: &[Records::WorkloadRisks],
    helped_by: &[],
    needs: &[],
    wants: &[],
    history_days: 0,
    tunables: &[],
    prepare,
    kql: include_str!("workload_identity_risk.kql"),
    file: "workload_identity_risk",
};

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| {
        let view = subject.view;
        if !is_application(view) {
            return;
        }
        let mut by_kind: Map<&'static str, Vec<Told>> = Map::new();
        for item in told(view, OF_WORKLOADS) {
            by_kind.entry(item.kind.name).or_default().push(item);
        }
        // An application has no sessions.
        let all = by_kind.values().filter_map(|items| finding(view, ID, "application", items));
        found.extend(all.map(|finding| Finding { session: None, anchor: crate::events::Id::EMPTY, ..finding }));
    })
}

//! Detections: one file each, its KQL twin beside it, registered by one line below.

mod act;
mod act_rules;
mod acts;
mod answers;
mod asked;
mod bearing;
mod broker_acts;
mod catalogue;
mod chains;
mod device;
mod device_lost;
mod doc;
mod evidence;
mod exposure;
mod family;
mod finding;
mod grants;
mod handover_acts;
mod handover_by_country;
mod keeping_acts;
mod odd_broker;
mod outside_broker;
mod own_rule;
mod pairs;
mod places;
mod policies;
mod provider_address;
mod proxy_traces;
mod rare_scopes;
mod registrations;
mod replays;
mod risk;
mod scope_switch;
mod signs;
mod single;
mod sprayed_into;
mod sprays;
mod taint;
mod tokens;
mod told;
pub(crate) mod travel;
mod tuning;
mod two_keys;
mod two_networks;
mod unfinished_factors;
mod windows;
mod workload;

pub use catalogue::{catalogue, table};
pub use doc::Doc;
pub use exposure::{Exposure, FileExposure, FolderExposure, MailExposure, SensitiveFile, SiteExposure, exposes};
pub use finding::{Confidence, Evidence, Finding, Group, Role, Severity};
pub use own_rule::{OWN_NETWORKS, own_rule};
pub(crate) use person_as_workload::told as address_of_person;
pub use taint::{Taint, Taints};
pub use tuning::{Kind, Tunable, Tuned, Tuning, TuningError, tuned};

use crate::order::{Map, Set};
use std::sync::OnceLock;

use crate::events::Store;
use crate::events::field::Field;
use crate::order::Arrange;
use crate::sessions::{EventRef, Familiar, View};
use crate::tenant::{Attempt, OwnNetworks, People, Summary};

include!(concat!(env!("OUT_DIR"), "/detection_docs.rs"));

/// A kind of record that a detection needs at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// Sign-ins of users, interactive or not.
    UserSignIns,
    /// Sign-ins that a client made for a user.
    NonInteractive,
    /// Directory audit events.
    Audits,
    /// Acts in mailboxes and with files, and calls of Microsoft Graph.
    Activities,
    /// Calls of Microsoft Graph.
    Calls,
    /// Sign-ins of service principals and managed identities.
    Workloads,
    /// Risk that Identity Protection detected: records of its own, or what sign-ins carry.
    Risks,
    /// Records of what Identity Protection detected, beside what sign-ins carry.
    RiskRecords,
    /// What Identity Protection detected of applications: no sign-in carries it.
    WorkloadRisks,
    /// What Identity Protection detected, or sign-ins of users: either will do.
    RisksOrSignIns,
    /// Directory audit events, or acts in mailboxes, files and Teams: either will do.
    AuditsOrActs,
    /// Acts in mailboxes, files, Teams and their settings.
    Acts,
    /// Acts in mailboxes and in the settings of Exchange.
    Mail,
    /// Acts with files.
    Files,
}

impl Records {
    /// As sentences name them.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserSignIns => "user sign-ins",
            Self::NonInteractive => "non-interactive sign-ins",
            Self::Audits => "directory audit log",
            Self::Activities => "acts in mailboxes, files and Microsoft Graph",
            Self::Calls => "calls of Microsoft Graph",
            Self::Workloads => "sign-ins of service principals and managed identities",
            Self::Risks => "risk detections",
            Self::RiskRecords => "risk detections of their own",
            Self::WorkloadRisks => "risk detections of applications",
            Self::RisksOrSignIns => "risk detections, or user sign-ins",
            Self::AuditsOrActs => "directory audit log, or acts in mailboxes, files and Teams",
            Self::Acts => "acts in mailboxes, files and Teams",
            Self::Mail => "acts in mailboxes",
            Self::Files => "acts with files",
        }
    }

    /// As sentences say that there are none.
    #[must_use]
    pub const fn none(self) -> &'static str {
        match self {
            Self::UserSignIns => "are no sign-ins of users",
            Self::NonInteractive => "are no non-interactive sign-ins",
            Self::Audits => "is no directory audit log",
            Self::Activities => "are no acts in mailboxes, files or Microsoft Graph",
            Self::Calls => "are no calls of Microsoft Graph",
            Self::Workloads => "are no sign-ins of service principals or managed identities",
            Self::Risks => "are no risk detections, and no sign-ins that carry a level of risk,",
            Self::RiskRecords => "are no risk detections beside what sign-ins carry",
            Self::WorkloadRisks => "are no risk detections of applications",
            Self::RisksOrSignIns => "are no risk detections, and no sign-ins of users,",
            Self::AuditsOrActs => "is no directory audit log, and are no acts in mailboxes, files or Teams,",
            Self::Acts => "are no acts in mailboxes, files or Teams",
            Self::Mail => "are no acts in mailboxes",
            Self::Files => "are no acts with files",
        }
    }
}

/// What a detection is asked about: one person, with what is familiar for them.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The person's events.
    pub view: &'a View<'a>,
    /// What is familiar for them, sessions left out that were flagged without asking for it.
    pub familiar: &'a Familiar<'a>,
    /// What descends from their flagged sessions: asked for by [`Subject::tainted`].
    pub taints: &'a Taints,
}

impl Subject<'_> {
    /// How an event descends from a session of the person that is flagged, at least medium, as being in
    /// other hands. Known to detections of the groups directory, mailbox, workload and risk; those of
    /// tokens, networks, devices and passwords come before it and are always told *no*.
    #[must_use]
    pub fn tainted(&self, event: EventRef) -> Option<Taint> {
        self.taints.of_event(self.view, event)
    }
}

/// What a detection is asked about that speaks of a source and of many people: the tenant as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// Rows and dictionaries.
    pub store: &'a Store,
    /// What is known of the tenant.
    pub tenant: &'a Summary,
    /// Which networks are the tenant's own.
    pub own: &'a OwnNetworks,
    /// Who is who.
    pub people: &'a People,
    /// How the detections are tuned.
    pub tuning: &'a Tuning,
}

impl Whole<'_> {
    /// The name of a person, or their id where no record has a name.
    fn name(&self, person: u32) -> String {
        let texts = &self.store.texts;
        let known = self.people.get(person);
        known.map_or_else(String::new, |person| {
            texts.value(person.name).map_or_else(|| person.id.display(texts), str::to_owned)
        })
    }

    /// The names of people, sorted, so many at most.
    fn names(&self, people: &Set<u32>, most: usize) -> Vec<String> {
        let mut names: Vec<String> = people.iter().map(|person| self.name(*person)).collect();
        names.arrange();
        names.truncate(most);
        names
    }

    /// Puts attempts in order of time and of their records' ids: the numbers of rows depend on the
    /// order of files.
    fn in_order(&self, attempts: &mut [Attempt]) {
        attempts.arrange_by_cached_key(|attempt| {
            let id = self.store.sign_in(attempt.row).map(|row| row.id.display(&self.store.texts));
            (attempt.time, id)
        });
    }
}

/// Adds what it finds in the tenant as a whole: findings without session, named by their anchor.
pub type AskWhole = fn(&Whole<'_>, &mut Vec<Finding>);

/// Adds what follows from what was found about the person so far.
pub type AskAfter = fn(&Subject<'_>, &mut Vec<Finding>);

/// A detection with its tuning read, ready to be asked about each person: adds what it finds.
pub type Ask<'a> = Box<dyn Fn(&Subject<'_>, &mut Vec<Finding>) + 'a>;

/// Fields of sign-ins that tell in whose session and in which place an act was done: without them an act is weighed by
/// less.
const TIES: &[Field] = &[Field::Address, Field::Asn, Field::SessionId, Field::Correlation];

/// A detection.
#[derive(Debug)]
pub struct Detection {
    /// Its name everywhere, kebab-case.
    pub id: &'static str,
    /// What it finds, as the title of a finding.
    pub title: &'static str,
    /// The kind of evidence it rests on: findings of different groups support each other.
    pub group: Group,
    /// Records without which it is blind.
    pub records: &'static [Records],
    /// Records without which it sees only in part, and what they would show.
    pub helped_by: &'static [(Records, &'static str)],
    /// Fields without which it is blind: of each group at least one must have a value in some record.
    pub needs: &'static [&'static [Field]],
    /// Fields that make its answer better: without them it sees only in part.
    pub wants: &'static [Field],
    /// Days of a user's history without which it cannot say what is new for them; 0 where it need not.
    pub history_days: i64,
    /// What can be tuned.
    pub tunables: &'static [Tunable],
    /// Reads the tuning and the dictionaries, once for all people.
    pub prepare: for<'a> fn(&'a Store, &'a Tuning) -> Ask<'a>,
    /// The same question as a KQL query.
    pub kql: &'static str,
    /// Name of its file.
    pub file: &'static str,
}

impl Detection {
    /// What detections have in common that are a table, of questions or of operations: acts carry all they need,
    /// and nothing is tuned. Each says how it is prepared.
    const fn of_acts(
        id: &'static str,
        title: &'static str,
        file: &'static str,
        group: Group,
        records: &'static [Records],
        kql: &'static str,
    ) -> Self {
        Self {
            id,
            title,
            group,
            records,
            helped_by: &[],
            needs: &[],
            wants: &[],
            history_days: 0,
            tunables: &[],
            prepare: |_, _| Box::new(|_, _| {}),
            kql,
            file,
        }
    }

    /// Its doc comment, by section.
    #[must_use]
    pub fn doc(&self) -> Doc {
        static PARSED: OnceLock<Map<&str, Doc>> = OnceLock::new();
        let docs = PARSED.get_or_init(|| DOCS.iter().map(|(file, text)| (*file, Doc::parse(text))).collect());
        docs.get(self.file).cloned().unwrap_or_default()
    }

    /// The KQL query with the current tuning filled in.
    #[must_use]
    pub fn kql(&self, tuning: &Tuning) -> String {
        tuning.fill_in(self)
    }
}

/// One line a detection. Behind its name: what it asks about the tenant as a whole, and what it asks when all others
/// are answered.
macro_rules! register {
    ($($name:ident $(whole($whole:ident))? $(after($after:ident))?),* $(,)?) => {
        $(mod $name;)*

        /// All detections, in the order they are listed.
        pub static ALL: &[&Detection] = &[$(&$name::DETECTION),*];

        /// Questions about the tenant as a whole.
        pub static OF_THE_WHOLE: &[AskWhole] = &[$($($name::$whole,)?)*];

        /// Questions that are asked when all others are answered.
        pub static AFTER: &[AskAfter] = &[$($($name::$after,)?)*];
    };
}

register! {
    foci_pivot,
    device_code_broker,
    device_code_then_credential,
    session_handover,
    password_spray whole(whole),
    brute_force_success whole(whole),
    user_enumeration whole(whole),
    mfa_fatigue,
    legacy_auth,
    ropc,
    broker_device_prt,
    device_fingerprint,
    unusual_prt,
    tool_user_agent,
    device_code_sign_in,
    refresh_from_new_place,
    adversary_in_the_middle,
    code_redeemed_elsewhere,
    token_protection_lost,
    impossible_travel,
    anonymising_network,
    revoked_token_storm,
    auth_transfer,
    rare_app_user_resource_scope,
    sign_in_without_policy,
    token_replay,
    device_code_then_enumeration,
    mfa_coverage_probe,
    policy_probe,
    my_signins_bulk_registration,
    disabled_account_attempt whole(whole),
    account_locked_then_success,
    guest_from_new_tenant,
    cross_tenant_attempt,
    portal_brute_force,
    admin_portal_by_user,
    sign_in_from_new_country,
    self_service_reset,
    shared_second_factor,
    privileged_sign_in,
    dormant_account,
    agent_mismatch,
    slow_guessing,
    entra_connect_account,
    watch_list,
    method_registered,
    method_removed,
    application_consent,
    consent_not_given,
    service_principal_credential,
    app_permission_granted,
    role_assigned,
    conditional_access_weakened,
    federation_changed,
    temporary_access_pass,
    password_reset_by_admin,
    elevate_access,
    consent_policy_weakened,
    federated_credential,
    app_takeover,
    trusted_location_changed,
    authentication_policy_changed,
    actor_token,
    admins_removed,
    account_lifecycle,
    guest_activity,
    cross_tenant_access_changed,
    service_principal_created,
    role_activation_unusual,
    device_secret_read,
    device_object_changed,
    break_glass_used,
    directory_enumeration after(exposed),
    mail_read_by_graph after(exposed),
    identity_protection,
    risk_ignored,
    risk_then_action,
    workload_identity_risk,
    workload_new_network,
    workload_dormant,
    workload_credential_new,
    workload_failures_then_success,
    workload_many_networks,
    workload_odd_name,
    workload_token_replay,
    person_as_workload,
    inbox_rule,
    mailbox_forwarding,
    mail_access after(exposed),
    mass_download after(exposed),
    mailbox_permission,
    traces_removed,
    sharing_opened,
    transport_rule,
    mass_mail after(exposed),
    sensitive_search,
    protection_weakened,
    teams_abuse,
    m365_alert,
}

/// Detections of hands that call nothing high while nothing is familiar: what they find is at most medium, or
/// rests on what is new for the user.
pub static MILD_AT_FIRST: &[&str] = &[
    "refresh-from-new-place",
    "token-protection-lost",
    "impossible-travel",
    "anonymising-network",
    "user-enumeration",
    "legacy-auth",
    "ropc",
    "policy-probe",
    "disabled-account-attempt",
    "guest-from-new-tenant",
    "cross-tenant-attempt",
    "admin-portal-by-user",
    "sign-in-from-new-country",
    "privileged-sign-in",
    "dormant-account",
    "agent-mismatch",
];

/// The detection with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Detection> {
    ALL.iter().copied().find(|detection| detection.id == id)
}

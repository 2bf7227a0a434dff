//! What a detection found.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::events::Id;
use crate::sessions::EventRef;

/// How bad it would be if true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// A weak sign.
    Low,
    /// A sign.
    Medium,
    /// A strong sign.
    High,
    /// Hardly anything else explains it.
    Critical,
}

impl Severity {
    /// All, the mildest first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// One step milder.
    #[must_use]
    pub fn lower(self) -> Self {
        match self {
            Self::Info | Self::Low => Self::Info,
            Self::Medium => Self::Low,
            Self::High => Self::Medium,
            Self::Critical => Self::High,
        }
    }

    /// One step worse; what a tainted act is raised by.
    #[must_use]
    pub fn raised(self) -> Self {
        match self {
            Self::Info => Self::Low,
            Self::Low => Self::Medium,
            Self::Medium => Self::High,
            Self::High | Self::Critical => Self::Critical,
        }
    }

    /// As the report writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// From its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A field is missing, or history is too short.
    Low,
    /// It rests on familiarity, rarity, or a comparison of networks.
    Medium,
    /// It rests on exact ids, codes or operations, and all its fields are there.
    High,
}

impl Confidence {
    /// As the report writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// The kind of evidence a finding rests on. Findings of different groups support each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Tokens and sessions.
    Token,
    /// Networks and places.
    Network,
    /// Devices.
    Device,
    /// Passwords and second factors.
    Password,
    /// Acts in the directory.
    Directory,
    /// Mailboxes and files.
    Mailbox,
    /// Identities of applications.
    Workload,
    /// What Microsoft's own risk detection says.
    Risk,
}

impl Group {
    /// Whether its findings say that a session is in other hands, and so taint what descends from it.
    #[must_use]
    pub const fn taints(self) -> bool {
        matches!(self, Self::Token | Self::Network | Self::Device | Self::Password)
    }
}

/// The part a record plays in a finding.
pub type Role = &'static str;

/// A record that a finding rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its part.
    pub role: Role,
    /// The event.
    pub event: EventRef,
}

/// What a detection found about one person.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The detection's id.
    pub detection: &'static str,
    /// Which of its questions was answered.
    pub variant: &'static str,
    /// What its id is made of in place of the variant, so that evidence which arrives later and
    /// answers a stronger question does not change it.
    pub strand: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The session it belongs to, by its number in the person's view.
    pub session: Option<usize>,
    /// What names the finding for good where it belongs to no session.
    pub anchor: Id,
    /// One line.
    pub title: String,
    /// Why, in a few sentences.
    pub why: String,
    /// What happened, for a row: at most 34 characters.
    pub what: &'static str,
    /// Records it rests on, in order of time.
    pub evidence: Vec<Evidence>,
    /// What the detection knows beside, documented in its file.
    pub facts: Map<String, Value>,
}

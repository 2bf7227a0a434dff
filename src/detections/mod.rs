//! Detections: one file each, its KQL twin beside it, registered by one line below.

mod doc;
mod evidence;
mod finding;
mod tuning;

pub use doc::Doc;
pub use finding::{Confidence, Evidence, Finding, Group, Role, Severity};
pub use tuning::{Kind, Tunable, Tuning, TuningError};

use crate::events::field::Field;
use crate::sessions::{Familiar, View};
use crate::tenant::Summary;

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
}

/// What a detection is asked about: one person, with what is familiar for them.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The person's events.
    pub view: &'a View<'a>,
    /// What is familiar for them, sessions left out that were flagged without asking for it.
    pub familiar: &'a Familiar<'a>,
}

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
    /// Fields without which it is blind: of each group at least one must be in some record.
    pub needs: &'static [&'static [Field]],
    /// Fields that make its answer better: without them it sees only in part.
    pub wants: &'static [Field],
    /// What can be tuned.
    pub tunables: &'static [Tunable],
    /// Adds what it finds about a person.
    pub run: fn(&Subject<'_>, &Tuning, &mut Vec<Finding>),
    /// A remark on what these exports let it see, beyond missing fields.
    pub note: fn(&Summary) -> Option<String>,
    /// The same question as a KQL query.
    pub kql: &'static str,
    /// Name of its file.
    pub file: &'static str,
}

impl Detection {
    /// Its doc comment, by section.
    #[must_use]
    pub fn doc(&self) -> Doc {
        let text = DOCS.iter().find(|(file, _)| *file == self.file).map_or("", |(_, text)| *text);
        Doc::parse(text)
    }

    /// The KQL query with the current tuning filled in.
    #[must_use]
    pub fn kql(&self, tuning: &Tuning) -> String {
        tuning.fill_in(self)
    }
}

macro_rules! register {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// All detections, in the order they are listed.
        pub static ALL: &[&Detection] = &[$(&$name::DETECTION),*];
    };
}

register! {
    foci_pivot,
    device_code_broker,
    device_code_then_credential,
}

/// The detection with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Detection> {
    ALL.iter().copied().find(|detection| detection.id == id)
}

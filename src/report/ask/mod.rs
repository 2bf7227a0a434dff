//! Questions by name about the records of a case: what a person asks who follows an intruder. Each is answered
//! with one table, which the command writes as text, JSON or CSV.
//!
//! What is counted is counted as the page counts it ([`super::page::tally`]); what is listed names the place
//! of each record.

mod acts;
mod answer;
mod changes;
mod counts;
mod subject;
#[cfg(not(target_arch = "wasm32"))]
mod written;

use std::cell::OnceCell;

use crate::analysis::Case;

use super::page::dense::Index;

pub use answer::{Answer, Cell};
pub use subject::{Subject, SubjectError};
#[cfg(not(target_arch = "wasm32"))]
pub use written::{csv, text};

use answer::Table;

/// What a question is about, beside the exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: it is about all records.
    Nothing,
    /// A user or an application, by name or object id.
    User,
    /// An address, or a network such as `203.0.113.0/24`.
    Address,
    /// A user agent, or a part of one, in any case.
    Agent,
}

/// Records that a question looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Sign-ins of any stream.
    SignIns,
    /// The directory audit log.
    Audits,
    /// Acts in mailboxes, with files, in Teams; calls of Graph.
    Acts,
    /// Risk detections and states of risk.
    Risks,
}

/// A question.
#[derive(Debug)]
pub struct Question {
    /// Its name.
    pub name: &'static str,
    /// What it asks, as a sentence without its end.
    pub about: &'static str,
    /// What it is about.
    pub takes: Takes,
    /// Records that it looks at.
    pub needs: &'static [Needs],
    /// Whether it can be asked of privileged users alone.
    pub privileged: bool,
    /// Whether it can be asked of one workload alone.
    pub workload: bool,
    answer: fn(&Asking<'_>) -> Table,
}

const fn question(
    name: &'static str,
    about: &'static str,
    takes: Takes,
    needs: &'static [Needs],
    answer: fn(&Asking<'_>) -> Table,
) -> Question {
    Question { name, about, takes, needs, privileged: false, workload: false, answer }
}

/// All questions, in the order in which they are listed.
pub static QUESTIONS: &[Question] = &[
    question(
        "users-of-address",
        "Who signed in or acted from an address",
        Takes::Address,
        &[Needs::SignIns, Needs::Audits, Needs::Acts],
        counts::users_of_address,
    ),
    question(
        "users-of-agent",
        "Who signed in with a user agent",
        Takes::Agent,
        &[Needs::SignIns],
        counts::users_of_agent,
    ),
    question(
        "risks-of-address",
        "Which risks were detected at an address: unfamiliar, anomalous and all others",
        Takes::Address,
        &[Needs::Risks],
        acts::risks_of_address,
    ),
    question(
        "risky-users",
        "Who is at risk, by which detections, and how that stands",
        Takes::Nothing,
        &[Needs::Risks],
        acts::risky_users,
    ),
    question(
        "sign-ins-of-user",
        "A user's sign-ins by address, result, device, place and application, with first and last",
        Takes::User,
        &[Needs::SignIns],
        counts::sign_ins_of_user,
    ),
    question(
        "changes-by",
        "What a user or application changed in the directory",
        Takes::User,
        &[Needs::Audits],
        changes::by,
    ),
    question("changes-on", "What was changed of a user or application", Takes::User, &[Needs::Audits], changes::on),
    Question {
        privileged: true,
        ..question(
            "registrations",
            "Which sign-in methods were registered, changed and removed",
            Takes::Nothing,
            &[Needs::Audits],
            changes::registrations,
        )
    },
    Question {
        workload: true,
        ..question(
            "acts-of-user",
            "What a user did in mailboxes, with files and elsewhere",
            Takes::User,
            &[Needs::Acts],
            acts::of_user,
        )
    },
    Question {
        workload: true,
        ..question(
            "acts-of-address",
            "What was done in mailboxes, with files and elsewhere from an address",
            Takes::Address,
            &[Needs::Acts],
            acts::of_address,
        )
    },
    question(
        "cloud-app-events",
        "All that an account did, counted by workload, operation and address",
        Takes::User,
        &[Needs::Audits, Needs::Acts],
        counts::cloud_app_events,
    ),
    question(
        "objects-of-address",
        "Which files, folders and sites were touched from an address",
        Takes::Address,
        &[Needs::Acts],
        acts::objects_of_address,
    ),
    question("sign-ins-by-app", "Sign-ins by application", Takes::Nothing, &[Needs::SignIns], counts::by_app),
    question("sign-ins-by-place", "Sign-ins by country and city", Takes::Nothing, &[Needs::SignIns], counts::by_place),
    question(
        "sign-ins-by-device",
        "Sign-ins by device and program",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::by_device,
    ),
    question(
        "sign-ins-by-result",
        "Sign-ins by success, interruption and refusal, with codes",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::by_result,
    ),
    question(
        "sign-ins-by-stream",
        "Sign-ins by stream: interactive, non-interactive, service principal, managed identity",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::by_stream,
    ),
    question(
        "sign-ins-by-hour",
        "Sign-ins by user and hour of the day, UTC",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::by_hour,
    ),
    question(
        "legacy-by-app",
        "Sign-ins without a second factor's protocol, by application",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::legacy_by_app,
    ),
    question(
        "legacy-by-protocol",
        "The same by protocol and user",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::legacy_by_protocol,
    ),
    question(
        "legacy-by-address",
        "The same by address and protocol",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::legacy_by_address,
    ),
    question(
        "conditional-access",
        "What conditional access came to, by factors that were asked for",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::conditional_access,
    ),
    question(
        "conditional-access-policies",
        "What each policy of conditional access came to",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::policies,
    ),
    question(
        "service-principals",
        "Sign-ins of service principals by identity, address and result",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::service_principals,
    ),
    question(
        "managed-identities",
        "Sign-ins of managed identities by identity, resource and result",
        Takes::Nothing,
        &[Needs::SignIns],
        counts::managed_identities,
    ),
];

/// The question of this name.
#[must_use]
pub fn question_named(name: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|question| question.name == name)
}

/// The questions as a list in Markdown.
#[must_use]
pub fn questions_list() -> String {
    let mut text = String::new();
    for question in QUESTIONS {
        let subject = match question.takes {
            Takes::Nothing => "",
            Takes::User => " USER",
            Takes::Address => " ADDRESS",
            Takes::Agent => " AGENT",
        };
        text.push_str(&format!("* `{}{subject}`: {}.\n", question.name, question.about));
    }
    text
}

/// Which records a question is asked of.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// From this moment on, microseconds UTC.
    pub from: Option<i64>,
    /// Before this one.
    pub to: Option<i64>,
    /// So many days before the last record of the exports, and none before.
    pub days: Option<u32>,
    /// Privileged users alone.
    pub privileged: bool,
    /// A workload or category alone, in any case: `Exchange`, `SharePoint`.
    pub workload: Option<String>,
    /// So many rows at most.
    pub limit: Option<usize>,
}

/// A question as it is asked.
struct Asking<'a> {
    case: &'a Case,
    /// Columns of the sign-ins, made when a question first needs them.
    index: &'a OnceCell<Index>,
    subject: &'a Subject,
    wanted: &'a Wanted,
    from: i64,
    to: i64,
}

impl Asking<'_> {
    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(self.case))
    }

    /// Whether a time is asked for.
    fn at(&self, time: i64) -> bool {
        (self.from..self.to).contains(&time)
    }
}

/// Answers a question.
#[must_use]
pub fn ask(case: &Case, question: &'static Question, subject: &Subject, wanted: &Wanted) -> Answer {
    answer(case, &OnceCell::new(), question, subject, wanted)
}

/// Answers a question with what is known of the columns already.
pub(super) fn answer(
    case: &Case,
    index: &OnceCell<Index>,
    question: &'static Question,
    subject: &Subject,
    wanted: &Wanted,
) -> Answer {
    let last = case.inputs.iter().filter_map(|input| input.last).max();
    let days = wanted.days.zip(last).map(|(days, last)| last - i64::from(days) * 86_400_000_000);
    let from = wanted.from.into_iter().chain(days).max();
    let to = wanted.to.unwrap_or(i64::MAX);
    let asking = Asking { case, index, subject, wanted, from: from.unwrap_or(i64::MIN), to };
    let Table { columns, mut rows } = (question.answer)(&asking);
    let total = rows.len();
    rows.truncate(wanted.limit.unwrap_or(usize::MAX));
    let lacks = question.lacks(case);
    Answer { question, subject: subject.text(), from, to: wanted.to, lacks, total, columns, rows }
}

impl Question {
    /// What it looks at that a case has none of.
    #[must_use]
    pub fn lacks(&self, case: &Case) -> Vec<&'static str> {
        self.needs.iter().filter(|needs| !needs.are_in(case)).map(|needs| needs.words()).collect()
    }
}

impl Needs {
    fn are_in(self, case: &Case) -> bool {
        let summary = &case.summary;
        match self {
            Self::SignIns => summary.streams.values().any(|count| *count > 0),
            Self::Audits => summary.audits > 0,
            Self::Acts => summary.activities > 0,
            Self::Risks => summary.risk_events > 0,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Audits => "directory audit log",
            Self::Acts => "acts in mailboxes and files",
            Self::Risks => "risk detections",
        }
    }
}

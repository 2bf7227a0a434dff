//! What the page and its workers say to each other. Small and typed; bytes, files and ports travel
//! beside a message, never in it. `www/worker/messages.ts` is made from this file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// From the page to a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "order", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Order {
    /// Read the bytes `from..to` of the file that comes beside it. One at a time.
    Read {
        /// Number by which the news of it are told apart.
        job: u32,
        /// The conductor's number of the input.
        input: u32,
        /// Name of the input.
        name: String,
        /// First byte.
        from: u64,
        /// Byte behind the last.
        to: u64,
    },
    /// What is read from now on goes through the port that comes beside it.
    Deliver,
    /// Parts come in through the port that comes beside it.
    Collect,
    /// When the parts of all these jobs are here: make a case of them, and forget all other parts.
    Gather {
        /// Number of the question.
        id: u32,
        /// The jobs.
        jobs: Vec<u32>,
        /// What is tuned away from the defaults, by `detection.tunable`.
        #[tsify(type = "Record<string, string>")]
        tuning: BTreeMap<String, String>,
    },
    /// Answer a question about a case of the parts that are here so far, which stay as they are.
    Preview {
        /// Number of the question.
        id: u32,
        /// What is tuned away from the defaults, by `detection.tunable`.
        #[tsify(type = "Record<string, string>")]
        tuning: BTreeMap<String, String>,
        /// The question, as JSON.
        question: String,
    },
    /// Detect again with these values and defaults for the rest.
    Tune {
        /// Number of the question.
        id: u32,
        /// Values by `detection.tunable`.
        #[tsify(type = "Record<string, string>")]
        changes: BTreeMap<String, String>,
    },
    /// Answer a question about the case.
    Ask {
        /// Number of the question.
        id: u32,
        /// The question, as JSON.
        question: String,
    },
    /// Read one record again from the file that comes beside it.
    Excerpt {
        /// Number of the question.
        id: u32,
        /// Byte offset of the record in the unpacked, undecoded input.
        offset: u64,
    },
    /// Go the whole way once with the sample tenant and forget it, so that the browser has compiled
    /// what is needed most before the first file comes.
    Prepare {
        /// Number of the question.
        id: u32,
    },
    /// Make the files of the sample tenant.
    Sample {
        /// Number of the question.
        id: u32,
    },
    /// SHA-256 of the bytes that come beside it.
    Hash {
        /// Number of the question.
        id: u32,
    },
}

/// From a worker to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "news", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[tsify(missing_as_null)]
pub enum News {
    /// Orders are taken from now on.
    Ready,
    /// How far a job is; at most every 100 ms.
    Progress {
        /// The job.
        job: u32,
        /// Bytes read.
        bytes: u64,
        /// Records read.
        records: u64,
        /// Records rejected.
        rejected: u64,
    },
    /// A job is done.
    Read {
        /// The job.
        job: u32,
        /// Bytes read.
        bytes: u64,
        /// Records read.
        records: u64,
        /// Records rejected.
        rejected: u64,
        /// Names of the formats found, joined by `+`; nothing where none was recognised.
        format: Option<String>,
        /// Why nothing more could be read, where that is so.
        failure: Option<String>,
        /// Whether the slice began and ended between records.
        whole: bool,
    },
    /// The case is made.
    Gathered {
        /// The question.
        id: u32,
        /// For each input of the report, the conductor's number of it.
        sources: Vec<u32>,
        /// Events of the case.
        events: u64,
        /// Bytes of the worker's memory.
        memory: u64,
    },
    /// The answer comes beside it, as bytes.
    Answer {
        /// The question.
        id: u32,
    },
    /// The bytes of the sample's files come beside it.
    Sample {
        /// The question.
        id: u32,
        /// Their names.
        names: Vec<String>,
    },
    /// The question has no answer.
    Refused {
        /// The question.
        id: u32,
        /// What kind of no.
        reason: Reason,
        /// In words.
        message: String,
    },
    /// The worker is broken by a mistake in this program and takes no more orders.
    Broken {
        /// Source file, line and column.
        place: String,
        /// What it was, if that says nothing of a record.
        message: Option<String>,
    },
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The question is not understood.
    Question,
    /// The tuning names what there is not, or a value that is not taken.
    Tuning,
    /// The file was moved, changed or closed.
    File,
    /// There is no record at this place.
    Record,
}

/// All of it in TypeScript.
#[must_use]
pub fn typescript() -> String {
    [Order::DECL, News::DECL, Reason::DECL].map(|declaration| format!("{declaration}\n")).join("\n")
}

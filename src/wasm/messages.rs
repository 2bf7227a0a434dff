//! What the page and its workers say to each other. Small and typed; bytes, files and ports travel
//! beside a message, never in it. `www/worker/messages.ts` is made from this file.

use crate::order::Map;

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::analysis::clock::Told;
use crate::events::offsets::Offsets;
use crate::intake::zip::{Entry, LARGEST_INNER, Refusal, join};

/// From the page to a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "order", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[tsify(missing_as_null)]
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
        /// Of a file in an archive: how it lies there. The file beside it is the archive then.
        inside: Option<Inside>,
    },
    /// Read no more: what is under way ends where it is, what is ordered later before its first byte.
    Halt,
    /// Say which files are in the archive that comes beside it.
    List {
        /// Number of the question.
        id: u32,
        /// Name of the archive.
        name: String,
        /// Whether it lies in no other archive.
        outer: bool,
    },
    /// Unpack a file of the archive that comes beside it.
    Unpack {
        /// Number of the question.
        id: u32,
        /// The file.
        inside: Inside,
    },
    /// What is read from now on goes through the port that comes beside it.
    Deliver,
    /// Parts come in through the port that comes beside it.
    Collect,
    /// When the parts of all these jobs are here: make a case of them, and forget all other parts. The jobs that come
    /// later have higher numbers.
    Gather {
        /// Number of the question.
        id: u32,
        /// The jobs.
        jobs: Vec<u32>,
        /// Whether they are added to the case that is there.
        add: bool,
        /// What is tuned away from the defaults, by `detection.tunable`.
        #[tsify(type = "Record<string, string>")]
        tuning: Map<String, String>,
        /// What a person told of times, by name of the input.
        #[tsify(type = "Record<string, TimesTold>")]
        times: Map<String, TimesTold>,
    },
    /// Forget the parts of jobs below this number, and wait for none of them.
    Forget {
        /// The number.
        below: u32,
    },
    /// Answer a question about a case of the parts that are here so far, which stay as they are.
    Preview {
        /// Number of the question.
        id: u32,
        /// What is tuned away from the defaults, by `detection.tunable`.
        #[tsify(type = "Record<string, string>")]
        tuning: Map<String, String>,
        /// What a person told of times, by name of the input.
        #[tsify(type = "Record<string, TimesTold>")]
        times: Map<String, TimesTold>,
        /// The question, as JSON.
        question: String,
    },
    /// Detect again with these values and defaults for the rest.
    Tune {
        /// Number of the question.
        id: u32,
        /// Values by `detection.tunable`.
        #[tsify(type = "Record<string, string>")]
        changes: Map<String, String>,
    },
    /// Put aside what the analyst knows to be harmless.
    Allow {
        /// Number of the question.
        id: u32,
        /// The entries, as JSON.
        entries: String,
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
        /// Of a file in an archive: how it lies there.
        inside: Option<Inside>,
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
    /// SHA-256 of the file that comes beside it, as it was read.
    Digest {
        /// Number of the question.
        id: u32,
        /// Of a file in an archive: how it lies there.
        inside: Option<Inside>,
    },
    /// SHA-256 of the bytes that come beside it.
    Hash {
        /// Number of the question.
        id: u32,
    },
}

/// What a person told of the times of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[tsify(missing_as_null)]
pub struct TimesTold {
    /// The zone of times that name none.
    pub zone: Option<ZoneTold>,
    /// Whether the day comes before the month.
    pub day_first: Option<bool>,
}

/// A zone, with the offsets that the browser knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ZoneTold {
    /// Its name.
    pub name: String,
    /// Since when its clocks are how far ahead of UTC, in order of time; the first holds before it, too.
    pub steps: Vec<ZoneStep>,
}

/// An offset of a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ZoneStep {
    /// Since when, in milliseconds since 1970 UTC.
    pub from: i64,
    /// How far ahead of UTC, in minutes.
    pub east: i32,
}

impl TimesTold {
    /// As the core knows it; a zone that is none tells nothing.
    #[must_use]
    pub fn told(&self) -> Told {
        let step = |step: &ZoneStep| (step.from.saturating_mul(1_000), i64::from(step.east) * 60_000_000);
        let zone = self.zone.as_ref();
        let zone = zone.and_then(|zone| Offsets::new(&zone.name, zone.steps.iter().map(step).collect()));
        Told { zone, day_first: self.day_first }
    }
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[tsify(missing_as_null)]
pub struct Inside {
    /// Its name, that of the archive before it.
    pub name: String,
    /// Whether it is an archive, to be unpacked and listed.
    pub archive: bool,
    /// First byte in the archive.
    pub from: u64,
    /// Byte behind the last.
    pub to: u64,
    /// How it is packed.
    pub method: u16,
    /// Bytes packed.
    pub packed: u64,
    /// Bytes unpacked.
    pub size: u64,
    /// Checksum.
    pub crc: u32,
    /// Why it is not read, where it is not.
    #[tsify(type = "unknown")]
    pub refusal: Option<Refusal>,
}

impl Inside {
    /// A file of the archive of this name.
    #[must_use]
    pub fn new(archive: &str, entry: Entry, is_outer: bool) -> Self {
        let is_archive = entry.is_archive();
        let refusal = entry.refusal.or(match (is_archive, is_outer) {
            (true, false) => Some(Refusal::TooDeep),
            (true, true) if entry.size > LARGEST_INNER => Some(Refusal::TooLarge),
            _ => None,
        });
        let Entry { name, from, to, method, packed, size, crc, .. } = entry;
        Self {
            name: join(archive, &name),
            archive: is_archive && refusal.is_none(),
            from,
            to: if refusal.is_none() { to } else { from },
            method,
            packed,
            size,
            crc,
            refusal,
        }
    }

    /// The archive itself, which is refused.
    #[must_use]
    pub fn refused(archive: &str, refusal: Refusal) -> Self {
        Self {
            name: archive.to_owned(),
            archive: false,
            from: 0,
            to: 0,
            method: 0,
            packed: 0,
            size: 0,
            crc: 0,
            refusal: Some(refusal),
        }
    }

    /// As what unpacks it knows it.
    #[must_use]
    pub fn entry(self) -> Entry {
        let Self { name, from, to, method, packed, size, crc, refusal, .. } = self;
        Entry { name, from, to, method, packed, size, crc, refusal }
    }
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
    /// What an archive holds.
    Listed {
        /// The question.
        id: u32,
        /// Its files; nothing where it is to be read as it is.
        files: Option<Vec<Inside>>,
    },
    /// The unpacked file comes beside it.
    Unpacked {
        /// The question.
        id: u32,
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
    [Order::DECL, TimesTold::DECL, ZoneTold::DECL, ZoneStep::DECL, Inside::DECL, News::DECL, Reason::DECL]
        .map(|declaration| format!("{declaration}\n"))
        .join("\n")
}

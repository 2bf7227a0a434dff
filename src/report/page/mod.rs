//! What the page shows: questions and answers.
//!
//! The page asks in JSON and draws the answer; it never holds more of the logs than it draws. Times
//! are milliseconds UTC. Every text in an answer has its control, invisible and direction-changing
//! characters spelled out.

pub mod allow;
pub mod column;
pub mod coverage;
pub(super) mod dense;
pub mod diff;
pub mod distance;
pub mod entity;
pub mod filter;
pub mod finding;
pub mod groups;
pub mod hand;
pub mod incident;
mod kept;
pub mod lanes;
mod lineage;
mod making;
pub mod named;
pub mod networks;
pub mod overview;
mod picked;
pub mod preview;
pub mod property;
mod reader;
pub mod record;
mod rehearsal;
pub mod rows;
pub mod session;
pub mod settings;
mod steps;
pub mod tally;
mod ticks;
pub mod timeline;
pub mod trace;
pub mod verdict;
pub mod within;

pub(super) mod describe;
#[cfg(test)]
mod guides;
mod safe;
#[cfg(test)]
mod typescript;
pub(super) mod words;

use std::cell::{OnceCell, RefCell};

use serde::{Deserialize, Serialize};

use crate::analysis::{self, Case, Coverage, Flagged, Merged, detect, merge};
use crate::detections::{Tuning, TuningError, find};
use crate::order::{Arrange, Map};

use super::schema::Notice;
use super::{Reporter, evidence_csv, findings_csv, json, notices};
use allow::{Allowed, AllowedCount};
use dense::Index;
use filter::{Filter, SortBy};
use groups::GroupBy;
use kept::Kept;
use rows::Indexed;
use session::SessionView;
use timeline::Timeline;
use trace::{RecordRef, Trace};

/// A question of the page. What it is answered with stands behind each.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Question {
    /// The whole at a glance: [`overview::Overview`].
    Overview {
        /// Bins that the strip has room for.
        bins: usize,
    },
    /// A page of rows: [`filter::SessionsPage`].
    Sessions {
        /// Which rows.
        filter: Filter,
        /// What stands together.
        #[serde(default)]
        group: GroupBy,
        /// In which order.
        sort: SortBy,
        /// The largest first.
        descending: bool,
        /// Number of the first.
        offset: usize,
        /// How many.
        limit: usize,
    },
    /// The keys of all rows that a filter leaves, in order: a list of texts.
    Keys {
        /// Which rows.
        filter: Filter,
        /// What stands together.
        #[serde(default)]
        group: GroupBy,
        /// In which order.
        sort: SortBy,
        /// The largest first.
        descending: bool,
    },
    /// One session or loose finding: [`SessionView`], or null where there is none of this key.
    Session {
        /// Key of the row.
        key: String,
    },
    /// The key that a link of [`rows::Row`] stands for, or null.
    Linked {
        /// The link.
        link: String,
    },
    /// Events of a session between two times: [`lanes::Lanes`], or null.
    Lanes {
        /// Key of the row.
        key: String,
        /// From when, milliseconds UTC.
        from: Option<i64>,
        /// To when.
        to: Option<i64>,
        /// Events told one by one at most.
        most: usize,
    },
    /// What could be looked for: [`coverage::CoverageView`].
    Coverage,
    /// Records counted by what they have: [`tally::Tallied`].
    Tally {
        /// Which, and by what.
        tally: tally::Tally,
    },
    /// A user, an address, a device or an application: [`entity::EntityView`], or null where no record has it.
    Entity {
        /// What it is.
        column: column::Column,
        /// The value, as an answer gave it.
        value: Option<String>,
        /// Only records of this time, and sessions whose mark lies in it.
        #[serde(default)]
        within: within::Within,
    },
    /// Does a part of what a column needs to be counted by, so that the first count is as fast as the next: whether all
    /// is done. Until then the question is put again.
    Prepare {
        /// Which.
        column: column::Column,
    },
    /// Which questions can be asked by name about a value: a list of [`named::NamedQuestion`].
    Questions {
        /// What it is a value of.
        column: column::Column,
    },
    /// A question by name: [`named::NamedAnswer`], or null where there is none of this name about such a thing.
    Named {
        /// Its name.
        name: String,
        /// What it is about, as an answer gave it.
        subject: String,
        /// Only records of this time.
        within: within::Within,
    },
    /// What to do next for some rows together: a list of [`NextStep`].
    Steps {
        /// Keys of the rows.
        keys: Vec<String>,
    },
    /// What a tuning would find, worked out a part at a time: [`preview::Preview`]. Nothing changes.
    Preview {
        /// The values by `detection.tunable`, defaults for the rest.
        #[cfg_attr(test, ts(as = "std::collections::BTreeMap<String, String>"))]
        changes: Map<String, String>,
    },
    /// What can be tuned: a list of [`settings::Setting`].
    Tuning,
    /// Which networks are the tenant's own, or may be: a list of [`networks::OwnNetwork`].
    OwnNetworks,
    /// What each detection found that can be tuned: a list of [`settings::Hits`].
    Hits,
    /// What is known of a record: [`record::RecordView`].
    Record {
        /// Number of the input.
        input: u32,
        /// Number of the record.
        record: u64,
        /// Where it begins, as its place says.
        offset: u64,
    },
    /// A file to save, its bytes as they are.
    Export {
        /// Which.
        what: Export,
    },
}

/// A file to save.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Export {
    /// The report, schema 1, as JSON.
    Report,
    /// One row a finding, as CSV.
    Findings,
    /// One row a record of evidence, as CSV.
    Evidence,
    /// The query of a detection with the tuning filled in.
    Kql(String),
    /// What was tuned, as the command's `--tuning` takes it.
    Tuning,
    /// What is put aside, as the command's `--allow` takes it.
    Allow,
}

/// Everything read and found, ready to be asked.
#[derive(Debug)]
pub struct Desk {
    case: Case,
    tuning: Tuning,
    merged: Merged,
    rows: Vec<Indexed>,
    timeline: Timeline,
    index: OnceCell<Index>,
    coverage: OnceCell<Vec<Coverage>>,
    notices: OnceCell<Vec<Notice>>,
    allowed: Vec<Allowed>,
    /// What each entry of the allow list hides.
    hidden: Vec<AllowedCount>,
    /// What a tuning would find, as far as that is worked out.
    tried: RefCell<Option<preview::Tried>>,
    /// Answers, until something else is found.
    kept: RefCell<Kept>,
}

impl Desk {
    /// Looks for everything in a case.
    #[must_use]
    pub fn new(mut case: Case, tuning: Tuning) -> Self {
        case.tune(&tuning);
        let merged = merge(&case, detect(&case, 0..case.buckets.len(), &tuning));
        Self::with(case, tuning, merged)
    }

    /// From a case and what was found in it with this tuning.
    #[must_use]
    pub fn with(case: Case, tuning: Tuning, merged: Merged) -> Self {
        let rows = rows::rows(&case, &merged);
        let timeline = Timeline::of(&case);
        Self {
            case,
            tuning,
            merged,
            rows,
            timeline,
            index: OnceCell::new(),
            coverage: OnceCell::new(),
            notices: OnceCell::new(),
            allowed: Vec::new(),
            hidden: Vec::new(),
            tried: RefCell::default(),
            kept: RefCell::default(),
        }
    }

    /// What was read.
    #[must_use]
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// The tuning that the findings were made with.
    #[must_use]
    pub fn tuning(&self) -> &Tuning {
        &self.tuning
    }

    /// Gives the case back, to add to it.
    #[must_use]
    pub fn into_case(self) -> Case {
        self.case
    }

    /// Looks again with another tuning: these values by `detection.tunable`, defaults for the rest.
    /// Nothing is read again.
    ///
    /// # Errors
    /// When a tunable does not exist or does not take its value; then nothing changes.
    pub fn tune(&mut self, changes: &Map<String, String>) -> Result<(), TuningError> {
        let mut tuning = Tuning::default();
        for (key, value) in changes {
            tuning.set(key, value)?;
        }
        self.merged = match self.tried.take().and_then(|tried| tried.finished(&tuning)) {
            // What was tried last is what is wanted now.
            Some((own, merged)) => {
                if let Some(own) = own {
                    self.case.own_networks = own;
                }
                merged
            }
            None => {
                self.case.tune(&tuning);
                merge(&self.case, detect(&self.case, 0..self.case.buckets.len(), &tuning))
            }
        };
        self.tuning = tuning;
        self.put_aside();
        Ok(())
    }

    /// Puts aside what the analyst knows to be harmless: these entries instead of those before.
    pub fn allow(&mut self, entries: Vec<Allowed>) {
        self.allowed = entries;
        self.put_aside();
    }

    fn put_aside(&mut self) {
        self.rows = rows::rows(&self.case, &self.merged);
        self.hidden = allow::apply(&mut self.rows, &self.allowed);
        self.kept = RefCell::default();
    }

    /// Answers a question: JSON in, JSON out, or the bytes of an export.
    ///
    /// # Errors
    /// When it is no question of this program; the text holds nothing of the logs.
    pub fn answer(&self, question: &[u8]) -> Result<Vec<u8>, String> {
        if let Some(answer) = self.kept.borrow_mut().find(question) {
            return Ok(answer);
        }
        let asked: Question = serde_json::from_slice(question).map_err(|error| format!("not a question: {error}"))?;
        let is_kept = Kept::takes(&asked);
        let answer = self.work_out(asked)?;
        if is_kept {
            self.kept.borrow_mut().keep(question, &answer);
        }
        Ok(answer)
    }

    fn work_out(&self, question: Question) -> Result<Vec<u8>, String> {
        match question {
            Question::Overview { bins } => {
                let (known, hidden) = ((self.coverage(), self.notices()), &self.hidden);
                let timeline = &self.timeline;
                written(&overview::overview(&self.case, &self.merged, &self.rows, timeline, known, hidden, bins))
            }
            Question::Sessions { filter, group, sort, descending, offset, limit } => written(&filter::page(
                &self.rows,
                &self.merged.incidents,
                &filter,
                (group, sort, descending),
                offset,
                limit.min(1_000),
            )),
            Question::Keys { filter, group, sort, descending } => {
                written(&filter::keys(&self.rows, &filter, (group, sort, descending)))
            }
            Question::Session { key } => written(&self.session(&key)),
            Question::Linked { link } => {
                written(&self.rows.iter().find(|indexed| indexed.row.link == link).map(|indexed| &indexed.row.key))
            }
            Question::Lanes { key, from, to, most } => written(&self.lanes(&key, from, to, most.min(5_000))),
            Question::Coverage => self.covered(),
            Question::Tally { tally } => written(&tally::tally(&self.case, self.index(), &tally)),
            Question::Prepare { column } => written(&self.index().prepare(&self.case, column)),
            Question::Entity { column, value, within } => {
                let rows = (self.rows.as_slice(), self.index());
                written(&entity::view(&self.case, &self.merged, rows, (column, value), within))
            }
            Question::Questions { column } => written(&self.questions(column)),
            Question::Named { name, subject, within } => written(&self.named(&name, &subject, within)),
            Question::Steps { keys } => written(&self.steps(&keys)),
            Question::Preview { changes } => {
                written(&self.preview(&changes).map_err(|error: TuningError| error.to_string())?)
            }
            Question::OwnNetworks => written(&networks::networks(&self.case)),
            Question::Tuning => written(&settings::settings(&self.tuning)),
            Question::Hits => written(&settings::hits(&self.merged, &self.rows)),
            Question::Record { input, record, offset } => {
                written(&record::view(&self.case, &self.merged, RecordRef { input, record, offset }))
            }
            Question::Export { what } => self.export(&what),
        }
    }

    /// Works out what is the same for all who ask, so that the first does not wait for it.
    pub fn prepare(&self) {
        let _known = (self.coverage(), self.notices());
        // What a session leads to; the rest of the columns are worked out while nobody asks.
        for column in [column::Column::User, column::Column::Address, column::Column::App] {
            let _made = self.index().column(&self.case, column);
        }
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.case))
    }

    /// What could be looked for: no tuning changes it.
    fn coverage(&self) -> &[Coverage] {
        self.coverage.get_or_init(|| analysis::coverage(&self.case))
    }

    fn covered(&self) -> Result<Vec<u8>, String> {
        let (coverage, notices) = (self.coverage().to_vec(), self.notices().to_vec());
        let (rows, timeline) = ((self.rows.as_slice(), self.index()), &self.timeline);
        written(&coverage::view(&self.case, &self.merged, &self.tuning, timeline, rows, coverage, notices))
    }

    fn notices(&self) -> &[Notice] {
        self.notices.get_or_init(|| notices(&self.case))
    }

    fn indexed(&self, key: &str) -> Option<&Indexed> {
        self.rows.iter().find(|indexed| indexed.row.key == key)
    }

    fn findings_of(&self, key: &str, order: &[String]) -> Vec<&Flagged> {
        let mut findings: Vec<&Flagged> =
            self.merged.findings.iter().filter(|flagged| flagged.session.as_deref() == Some(key)).collect();
        findings.arrange_by_key(|flagged| order.iter().position(|id| *id == flagged.id));
        findings
    }

    fn session(&self, key: &str) -> Option<SessionView> {
        let indexed = self.indexed(key)?;
        let row = indexed.row.clone();
        let incident = incident::view(&self.case, &self.merged, row.incident.as_deref(), key);
        let told = if row.kind == rows::RowKind::Finding {
            let flagged = self.merged.findings.get(indexed.place)?;
            session::loose(&self.case, flagged, row, &self.tuning)
        } else {
            let flagged = self.merged.sessions.get(indexed.place)?;
            let findings = self.findings_of(key, &flagged.findings);
            session::session(&self.case, &self.merged, flagged, &findings, row, &self.tuning)
        };
        told.map(|told| SessionView { incident, ..told })
    }

    fn lanes(&self, key: &str, from: Option<i64>, to: Option<i64>, most: usize) -> Option<lanes::Lanes> {
        let indexed = self.indexed(key)?;
        if indexed.row.kind == rows::RowKind::Finding {
            let flagged = self.merged.findings.get(indexed.place)?;
            let view = self.case.view(self.case.bucket(flagged.bucket)?);
            let trace = Trace::new(&self.case, &view, &[], &[], &[flagged]);
            return Some(lanes::lanes(&trace, from, to, most));
        }
        let flagged = self.merged.sessions.get(indexed.place)?;
        let view = self.case.view(self.case.bucket(flagged.bucket)?);
        let findings = self.findings_of(key, &flagged.findings);
        let holdings = hand::holdings(flagged);
        let trace = Trace::new(&self.case, &view, holdings, &flagged.session.sign_ins, &findings);
        Some(lanes::lanes(&trace, from, to, most))
    }

    fn export(&self, what: &Export) -> Result<Vec<u8>, String> {
        let reporter = Reporter { case: &self.case, merged: &self.merged, tuning: &self.tuning };
        let report = || {
            let mut report = reporter.report();
            report.put_aside(&self.allowed, &allow::hidden(&self.rows));
            report
        };
        Ok(match what {
            Export::Report => json(&report()).into_bytes(),
            Export::Findings => findings_csv(&report()).into_bytes(),
            Export::Evidence => evidence_csv(&report()).into_bytes(),
            Export::Allow => allow::written(&self.allowed).into_bytes(),
            Export::Kql(id) => {
                find(id).ok_or_else(|| "there is no such detection".to_owned())?.kql(&self.tuning).into_bytes()
            }
            Export::Tuning => {
                let mut text = serde_json::to_string_pretty(self.tuning.changes()).unwrap_or_default();
                text.push('\n');
                text.into_bytes()
            }
        })
    }
}

fn written(answer: &impl Serialize) -> Result<Vec<u8>, String> {
    safe::json(answer)
}

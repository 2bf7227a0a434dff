//! What could be looked for with these exports, and what not.

mod records;
mod times;

use crate::order::Set;

use serde::Serialize;

use crate::detections::{ALL, Detection, Records};
use crate::events::field::Field;
use crate::events::vocabulary::Stream;
use crate::formats::Holds;
use crate::order::Gather;
use crate::tenant::{InputFields, Summary};
use crate::words::{figure, list};

use super::Case;
use super::hint::ExportHint;
use super::questions::question;
use records::{missing, records_hint, the};
use times::{Apart, lengths};

/// Whether a detection could look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In full.
    Ran,
    /// In part: some records lack a field, or a kind of record is missing.
    Partial,
    /// Not at all.
    Blind,
}

/// A field that records lack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Missing {
    /// The field.
    pub field: &'static str,
    /// Records that lack it.
    pub records: u64,
    /// Records that should have it.
    pub of: u64,
}

/// Users whose history in the exports is shorter than a detection needs to say what is new for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct History {
    /// Users with less.
    pub users: u64,
    /// All users.
    pub of: u64,
    /// Days that are needed.
    pub days: i64,
}

/// The weightiest of what stood in the way of a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// A kind of record.
    Records,
    /// A field of all records.
    Field,
    /// Some records, fields of some, or when they were.
    Some,
    /// What would make it surer.
    Certainty,
    /// Nothing.
    Nothing,
}

/// Whether a detection could look, and what it lacked.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// The detection.
    pub detection: &'static str,
    /// What it asks.
    pub question: String,
    /// Whether it could look.
    pub status: Status,
    /// Fields it lacked.
    pub missing: Vec<Missing>,
    /// Users whose history is too short, where the detection needs any.
    pub history: Option<History>,
    /// In words.
    pub note: String,
    /// What the answer waits for, as a sentence; empty where it waits for nothing.
    pub needs: String,
    /// The weightiest of it.
    #[serde(skip)]
    pub lack: Lack,
    /// Exports that would show more.
    pub exports: Vec<ExportHint>,
}

/// From which share of users, in per cent, a history that is too short makes a detection see in part only.
const SHORT: u64 = 25;

/// Whether each detection could look.
#[must_use]
pub fn coverage(case: &Case) -> Vec<Coverage> {
    let (lacking, apart, lengths) = (lacking(&case.summary), Apart::of(case), lengths(case));
    let listed = case.lists.names_others();
    let survey = || Survey { apart: &apart, lengths: &lengths, listed, ..Survey::new(&case.summary, &lacking) };
    ALL.iter().map(|detection| survey().of(detection)).collect()
}

/// Whether each detection could look with one input alone.
#[must_use]
pub fn good_for(holds: &InputFields) -> Vec<(&'static str, Status)> {
    let mut tenant = Summary::default();
    tenant.streams.clone_from(&holds.streams);
    tenant.audits = holds.audits;
    for (field, absent, empty) in holds.lacking() {
        tenant.absent.insert(field, absent);
        tenant.empty.insert(field, empty);
    }
    ALL.iter().map(|detection| (detection.id, Survey::new(&tenant, &[]).of(detection).status)).collect()
}

/// The fields that some user sign-in lacks and some detection asks for: all that one export is to carry.
fn lacking(tenant: &Summary) -> Vec<Field> {
    let survey = Survey::new(tenant, &[]);
    let needs = ALL.iter().flat_map(|detection| detection.needs.iter().copied().flatten());
    let needs = needs.copied().filter(|field| survey.without_value(*field) > 0);
    let wants = ALL.iter().flat_map(|detection| detection.wants);
    let wants = wants.copied().filter(|field| survey.absent(*field) > 0);
    let all: Set<Field> = needs.chain(wants).gather();
    all.into_iter().collect()
}

/// What was found out about one detection so far.
struct Survey<'a> {
    tenant: &'a Summary,
    lacking: &'a [Field],
    apart: &'a Apart,
    lengths: &'a [u64],
    /// Whether lists name networks that hide who uses them, or rent out machines.
    listed: bool,
    total: u64,
    blind: bool,
    missing: Vec<Missing>,
    notes: Vec<String>,
    needs: Vec<String>,
    lack: Lack,
    exports: Vec<ExportHint>,
}

impl<'a> Survey<'a> {
    const fn new(tenant: &'a Summary, lacking: &'a [Field]) -> Self {
        Self {
            tenant,
            lacking,
            apart: &Apart { sign_ins: 0, audits: 0 },
            lengths: &[],
            listed: false,
            total: 0,
            blind: false,
            missing: Vec::new(),
            notes: Vec::new(),
            needs: Vec::new(),
            lack: Lack::Nothing,
            exports: Vec::new(),
        }
    }

    fn of(mut self, detection: &'static Detection) -> Coverage {
        self.total = self.tenant.user_sign_ins();
        self.records(detection);
        if self.total > 0 {
            self.needs(detection);
            self.wants(detection);
        }
        self.times(detection);
        let history = self.history(detection);
        let status = match (self.blind, self.notes.is_empty()) {
            (true, _) => Status::Blind,
            (false, false) => Status::Partial,
            (false, true) => Status::Ran,
        };
        if status == Status::Ran {
            self.notes.push(self.looked_at(detection));
        }
        Coverage {
            detection: detection.id,
            question: question(detection),
            status,
            missing: self.missing,
            history,
            note: self.notes.join(" "),
            needs: if self.needs.is_empty() { String::new() } else { format!("Needs {}.", list(&self.needs)) },
            lack: self.lack,
            exports: self.exports,
        }
    }

    fn records(&mut self, detection: &'static Detection) {
        for &records in detection.records {
            if self.count(records) == 0 {
                self.blind = true;
                self.waits(Lack::Records, the(records));
                self.note(format!("There {} in these exports.", records.none()), records_hint(records));
            }
        }
        if !self.blind && detection.records.contains(&Records::Audits) && self.audits_are_of_other_days() {
            self.blind = true;
            self.waits(Lack::Records, format!("{} of the same days", the(Records::Audits)));
            self.note(
                "The directory audit log is of other days than the sign-ins.".to_owned(),
                records_hint(Records::Audits),
            );
        }
        let neither = detection.records.contains(&Records::AuditsOrActs) && self.count(Records::AuditsOrActs) == 0;
        for (records, why) in detection.helped_by {
            // That there is neither was said.
            if neither && matches!(records, Records::Audits | Records::Acts) {
                continue;
            }
            let asked = self.total > 0 || (*records == Records::UserSignIns && !self.blind);
            if asked && self.count(*records) == 0 {
                self.waits(Lack::Some, the(*records));
                self.note(format!("{}: {why}.", missing(*records)), records_hint(*records));
            }
        }
    }

    fn needs(&mut self, detection: &'static Detection) {
        for group in detection.needs {
            let mut counts: Vec<(Field, u64)> =
                group.iter().map(|field| (*field, self.without_value(*field))).collect();
            // These only stand in where the others are missing.
            let stands_in = |field: Field| matches!(field, Field::Stream | Field::DeviceId);
            if counts.iter().any(|(field, without)| !stands_in(*field) && *without == 0) {
                counts.retain(|(field, _)| !stands_in(*field));
            }
            let has_none = counts.iter().all(|(_, without)| *without == self.total);
            if has_none && self.listed && group.contains(&Field::Asn) {
                let names = names(group, "or");
                self.waits(Lack::Some, format!("the {names} of the user sign-ins"));
                let says = format!(
                    "None of the {} user sign-ins has the field {names}: only networks that your lists name by their \
                     addresses could be told.",
                    figure(self.total)
                );
                self.note(says, self.fields_hint());
            } else if has_none {
                self.blind = true;
                let names = names(group, "or");
                self.waits(Lack::Field, format!("the {names} of the user sign-ins"));
                let says = if group.iter().all(|field| self.absent(*field) == self.total) {
                    format!("None of the {} user sign-ins has the field {names}.", figure(self.total))
                } else {
                    format!("In all {} user sign-ins the {names} is empty.", figure(self.total))
                };
                self.note(says, self.fields_hint());
            } else {
                self.in_part(&counts);
            }
            let missing = counts.into_iter().filter(|(_, without)| *without > 0);
            self.missing.extend(missing.map(|(field, records)| Missing {
                field: field.name(),
                records,
                of: self.total,
            }));
        }
    }

    /// Of a group of fields, of which one would do, some records lack some.
    fn in_part(&mut self, counts: &[(Field, u64)]) {
        let total = figure(self.total);
        let says: Vec<String> = counts
            .iter()
            .filter(|(_, without)| *without > 0)
            .map(|(field, without)| match *without == self.total {
                true => format!("None of the {total} user sign-ins has {}.", field.words()),
                false => format!("{} of {total} user sign-ins have no {}.", figure(*without), field.words()),
            })
            .collect();
        if !says.is_empty() {
            for (field, without) in counts.iter().filter(|(_, without)| *without > 0) {
                let share = if *without == self.total { "the".to_owned() } else { figure(*without) };
                self.waits(Lack::Some, format!("the {} of {share} user sign-ins", field.words()));
            }
            let then = match counts.len() {
                1 => "They were left out.",
                // The record that lacks one may have the other.
                _ => "Where one is missing, only the other could be asked.",
            };
            self.note(format!("{} {then}", says.join(" ")), self.fields_hint());
        }
    }

    fn wants(&mut self, detection: &'static Detection) {
        let lacking: Vec<(Field, u64)> = detection
            .wants
            .iter()
            .map(|field| (*field, self.unsaid(*field)))
            .filter(|(_, records)| *records > 0)
            .collect();
        self.hidden(detection);
        if !lacking.is_empty() && !self.blind {
            let fields: Vec<String> = lacking.iter().map(|(field, _)| field.words()).collect();
            self.waits(Lack::Certainty, format!("the {} to be surer", list(&fields)));
            let parts: Vec<String> = lacking
                .iter()
                .map(|(field, records)| {
                    let share = match *records == self.total {
                        true => "all user sign-ins".to_owned(),
                        false => format!("{} of {}", figure(*records), figure(self.total)),
                    };
                    format!("{} in {share}", field.words())
                })
                .collect();
            let says = format!("It is less sure of what it finds, for fields are missing: {}.", parts.join(", "));
            self.note(says, self.fields_hint());
        }
        self.missing.extend(lacking.into_iter().map(|(field, records)| Missing {
            field: field.name(),
            records,
            of: self.total,
        }));
    }

    /// The risk of sign-ins is hidden from a tenant without the licence for it.
    fn hidden(&mut self, detection: &'static Detection) {
        let hidden = self.tenant.empty.get(&Field::Risk).copied().unwrap_or(0);
        if hidden > 0 && detection.wants.contains(&Field::Risk) {
            let says = format!(
                "Microsoft hides the risk of {} of {} user sign-ins: the tenant has no licence to see it.",
                figure(hidden),
                figure(self.total)
            );
            self.note(says, None);
        }
    }

    /// How many users have too short a history for this detection.
    fn history(&mut self, detection: &'static Detection) -> Option<History> {
        const DAY: u64 = 86_400_000_000;
        let needed = detection.history_days.unsigned_abs().saturating_mul(DAY);
        let of = self.lengths.len() as u64;
        if needed == 0 || of == 0 {
            return None;
        }
        let users = self.lengths.iter().filter(|length| **length < needed).count() as u64;
        if !self.blind && users * 100 >= of * SHORT {
            let says = format!(
                "For {} of {} users the exports hold less than {} days of sign-ins: what is new for them cannot be told.",
                figure(users),
                figure(of),
                detection.history_days
            );
            self.waits(Lack::Certainty, format!("{} days of sign-ins of each user", detection.history_days));
            let why = "what a user did before shows what is new for them".to_owned();
            self.note(says, ExportHint::of(Holds::USERS, self.lacking, why));
        }
        Some(History { users, of, days: detection.history_days })
    }

    /// Events whose times are open could not be joined with others.
    fn times(&mut self, detection: &'static Detection) {
        let audits = if detection.records.contains(&Records::Audits) { self.apart.audits } else { 0 };
        let counts = [(self.apart.sign_ins, "user sign-ins"), (audits, "directory audit events")];
        let parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{} {name}", figure(count)))
            .collect();
        if !parts.is_empty() && !self.blind {
            self.waits(Lack::Some, format!("your word on how the times of {} were written", list(&parts)));
            let says = format!(
                "The times of {} name no zone, or leave day and month open: they were looked at file by file, and \
                 joined with nothing else until you say how they were written.",
                list(&parts)
            );
            self.note(says, None);
        }
    }

    fn looked_at(&self, detection: &'static Detection) -> String {
        let acts =
            detection.records.iter().find(|records| matches!(records, Records::Acts | Records::Mail | Records::Files));
        if let Some(records) = acts {
            return format!("Looked at all {} {}.", figure(self.count(*records)), records.name());
        }
        // What rests on none of people's sign-ins names what it rests on.
        let others = detection.records.iter().filter(|records| {
            matches!(
                records,
                Records::Calls | Records::Workloads | Records::Activities | Records::Risks | Records::WorkloadRisks
            )
        });
        let others: Vec<String> =
            others.map(|records| format!("{} {}", figure(self.count(*records)), records.name())).collect();
        if !others.is_empty() && !detection.records.contains(&Records::UserSignIns) {
            return format!("Looked at all {}.", list(&others));
        }
        let mut text = format!("Looked at all {} user sign-ins", figure(self.total));
        if detection.records.contains(&Records::Audits) {
            text.push_str(&format!(" and {} directory audit events", figure(self.tenant.audits)));
        }
        text.push('.');
        text
    }

    /// Notes what the answer waits for.
    fn waits(&mut self, lack: Lack, what: String) {
        self.lack = self.lack.min(lack);
        if !self.needs.contains(&what) {
            self.needs.push(what);
        }
    }

    fn note(&mut self, text: String, export: Option<ExportHint>) {
        self.notes.push(text);
        self.exports.extend(export.filter(|export| !self.exports.contains(export)));
    }

    /// The export that carries what these exports lack.
    fn fields_hint(&self) -> Option<ExportHint> {
        let names: Vec<String> = self.lacking.iter().map(|field| field.words()).collect();
        ExportHint::of(Holds::USERS, self.lacking, format!("carries {}, which records here lack", list(&names)))
    }

    fn count(&self, records: Records) -> u64 {
        match records {
            Records::UserSignIns => self.total,
            Records::NonInteractive => self.tenant.streams.get(&Stream::NonInteractive).copied().unwrap_or(0),
            Records::Audits => self.tenant.audits,
            Records::Activities => self.tenant.activities,
            Records::Calls => self.tenant.calls,
            Records::Workloads => [Stream::ServicePrincipal, Stream::ManagedIdentity]
                .iter()
                .filter_map(|stream| self.tenant.streams.get(stream))
                .sum(),
            Records::Risks => self.tenant.risk_events + self.total.saturating_sub(self.without_value(Field::Risk)),
            Records::RiskRecords => self.tenant.risk_events,
            Records::WorkloadRisks => self.tenant.workload_risks,
            Records::RisksOrSignIns => self.tenant.risk_events + self.total,
            Records::AuditsOrActs => self.tenant.audits + self.count(Records::Acts),
            Records::Acts => self.tenant.activities.saturating_sub(self.tenant.calls),
            Records::Mail => self.tenant.mailboxes.mail,
            Records::Files => self.tenant.mailboxes.files,
        }
    }

    /// Two days are given to what follows a sign-in.
    fn audits_are_of_other_days(&self) -> bool {
        const TWO_DAYS: i64 = 2 * 86_400_000_000;
        self.tenant.sign_in_span.zip(self.tenant.audit_span).is_some_and(|(sign_ins, audits)| {
            audits.last < sign_ins.first || audits.first > sign_ins.last.saturating_add(TWO_DAYS)
        })
    }

    fn absent(&self, field: Field) -> u64 {
        self.tenant.absent.get(&field).copied().unwrap_or(0)
    }

    /// Records in which a field that only makes an answer better says nothing: of most *empty* is an answer.
    fn unsaid(&self, field: Field) -> u64 {
        match field {
            Field::Risk | Field::RiskTypes => self.without_value(field),
            _ => self.absent(field),
        }
    }

    fn without_value(&self, field: Field) -> u64 {
        self.absent(field) + self.tenant.empty.get(&field).copied().unwrap_or(0)
    }
}

fn names(fields: &[Field], word: &str) -> String {
    fields.iter().map(|field| field.words()).collect::<Vec<_>>().join(&format!(" {word} "))
}

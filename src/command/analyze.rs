//! `signin-sleuth analyze`: exports in, report out.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, ValueEnum};
use signin_sleuth::analysis::{Case, merge};
use signin_sleuth::detections::Severity;
use signin_sleuth::enrichment::NetworkKind;
use signin_sleuth::report::page::allow;
use signin_sleuth::report::{Report, Reporter, evidence_csv, findings_csv, json, text};

use super::allow::Allow;
use super::archives::expand;
use super::progress::Progress;
use super::read::{self, Wanted};
use super::sources::{Source, lists, sources};
use super::times::TimesTold;
use super::tune::Tune;
use super::{Ending, Trouble, detect, out, raw};

/// Reads exports and says which sessions were stolen, on what evidence
#[derive(Debug, Args)]
pub(crate) struct Analyze {
    /// Exports: files, folders, .zip, .gz, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How to write the report
    #[arg(long, short, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    output: Form,

    /// With --output csv: a row for each record of evidence, not for each finding
    #[arg(long)]
    evidence: bool,

    /// With text: every flagged session in full, not only the worst 20
    #[arg(long)]
    all: bool,

    /// A list of networks and what they are: known-good, hosting, vpn, proxy, tor or relay. Other lists
    /// are recognised among the paths, by a column, a first comment or their name. May be given again
    #[arg(long = "list", value_name = "KIND=FILE", value_parser = list)]
    lists: Vec<(NetworkKind, PathBuf)>,

    #[command(flatten)]
    tune: Tune,

    #[command(flatten)]
    allow: Allow,

    #[command(flatten)]
    times: TimesTold,

    /// Exit with 1 if there is a finding of this severity or a higher one
    #[arg(long, value_name = "SEVERITY", value_enum)]
    fail_on: Option<AtLeast>,

    /// Add the SHA-256 of each input to the report
    #[arg(long)]
    hash: bool,

    /// Threads to work on; the report is the same for any number [default: one a core]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// Instead of the report: the records of one finding as they stand in the files
    #[arg(long, value_name = "FINDING", conflicts_with_all = ["evidence", "all"])]
    raw: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For a person: the verdict first
    Text,
    /// Schema 1, the same bytes for the same inputs
    Json,
    /// A row a finding
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AtLeast {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl From<AtLeast> for Severity {
    fn from(least: AtLeast) -> Self {
        match least {
            AtLeast::Info => Self::Info,
            AtLeast::Low => Self::Low,
            AtLeast::Medium => Self::Medium,
            AtLeast::High => Self::High,
            AtLeast::Critical => Self::Critical,
        }
    }
}

/// Reads `KIND=FILE`.
fn list(text: &str) -> Result<(NetworkKind, PathBuf), String> {
    let (kind, file) = text.split_once('=').ok_or("give KIND=FILE, such as known-good=offices.txt")?;
    let kinds = || NetworkKind::ALL.map(NetworkKind::name).join(", ");
    let kind = NetworkKind::parse(kind).ok_or_else(|| format!("{kind} is none of {}", kinds()))?;
    Ok((kind, PathBuf::from(file)))
}

impl Analyze {
    pub(crate) fn run(&self) -> Result<Ending, Trouble> {
        self.check();
        let tuning = self.tune.read()?;
        let allowed = self.allow.read()?;
        let times = self.times.read()?;
        let mut found = sources(&self.paths);
        lists(&self.lists, &mut found);
        let mut sources = expand(found);
        let threads = self.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let seekable = !sources.iter().any(|source| source.place.is_pipe());
        let progress = Progress::new(seekable.then(|| sources.iter().map(read::size).sum()));
        let wanted = Wanted { hashes: self.hash, spool: self.raw.is_some() };
        let read = read::read(&mut sources, threads, wanted, &progress);
        progress.looking();
        let mut case = Case::gather_told(read.parts, &times);
        case.tune(&tuning);
        for name in times.of_none(case.inputs.iter().map(|input| input.name.as_str())) {
            out::error(&format!("{name}: no such input; --zone and --day-order name it as the report does"));
        }
        let merged = merge(&case, detect::detect_all(&case, &tuning, threads));
        // A record is shown whoever put its finding aside.
        let allowed = if self.raw.is_some() { Vec::new() } else { allowed };
        let aside = allow::aside(&case, &merged, &allowed);
        let kept = (!aside.is_empty()).then(|| merged.without(|key| aside.contains_key(key)));
        // JSON holds all sessions and names what is put aside; text and CSV are about the rest.
        let whole = self.output == Form::Json;
        let told = kept.as_ref().filter(|_| !whole).unwrap_or(&merged);
        let reporter = Reporter { case: &case, merged: told, tuning: &tuning };
        let mut report = reporter.report();
        if whole {
            report.put_aside(&allowed, &aside);
        } else if kept.is_some() {
            let mut all = Reporter { case: &case, merged: &merged, tuning: &tuning }.report();
            all.put_aside(&allowed, &aside);
            report.suppressed = all.suppressed;
        }
        for (summary, input) in report.inputs.iter_mut().zip(&case.inputs) {
            summary.sha256 = read.hashes.get(&input.source).cloned();
        }
        progress.done();
        for (name, why) in &read.troubles {
            out::error(&format!("{name}: {why}; check the path and who may read it"));
        }
        let ending = self.ending(&report, &sources);
        match &self.raw {
            Some(_) if ending == Ending::NothingRead => {}
            Some(id) => {
                let shelf = raw::Shelf { case: &case, sources: &sources, spooled: &read.spooled };
                raw::show(id, self.output == Form::Json, &report, &shelf)?;
            }
            None => self.write(&reporter, &report)?,
        }
        Ok(ending)
    }

    /// Options that do not go together, beyond what their declaration says.
    fn check(&self) {
        let complain = |what: &str| super::Cli::command().error(ErrorKind::ArgumentConflict, what).exit();
        if self.evidence && self.output != Form::Csv {
            complain("--evidence goes with --output csv");
        }
        if self.all && self.output != Form::Text {
            complain("--all goes with --output text: json and csv are always whole");
        }
        if self.raw.is_some() && self.output == Form::Csv {
            complain("--raw goes with --output text or json");
        }
    }

    fn write(&self, reporter: &Reporter<'_>, report: &Report) -> Result<(), Trouble> {
        match self.output {
            Form::Text => {
                let layout = out::layout(self.all);
                out::write_text(&text(reporter, report, layout), layout)
            }
            Form::Json => out::write(json(report).as_bytes()),
            Form::Csv if self.evidence => out::write(evidence_csv(report).as_bytes()),
            Form::Csv => out::write(findings_csv(report).as_bytes()),
        }
    }

    fn ending(&self, report: &Report, sources: &[Source]) -> Ending {
        if report.inputs.iter().all(|input| input.format == "unknown") {
            out::error(&match sources.len() {
                0 => "nothing to read: these folders hold no files that are not hidden".to_owned(),
                _ => "no input could be read: none is an export of sign-ins or audit logs in a known format; \
                      the report says of each why"
                    .to_owned(),
            });
            return Ending::NothingRead;
        }
        let found = |least: AtLeast| report.findings.iter().any(|finding| finding.severity >= least.into());
        if self.fail_on.is_some_and(found) { Ending::Found } else { Ending::Ran }
    }
}

//! `signin-sleuth ask`: a question by name, answered with one table.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};
use signin_sleuth::analysis::Case;
use signin_sleuth::events::time::{DayOrder, parse};
use signin_sleuth::report::ask::{QUESTIONS, Question, Subject, Takes, Wanted, ask, csv, question_named, text};
use signin_sleuth::report::json;

use super::archives::expand;
use super::progress::Progress;
use super::sources::sources;
use super::times::TimesTold;
use super::{Ending, Trouble, out, read};

/// Rows of text where nobody says how many.
const ROWS: usize = 100;

/// Answers a question by name: who was at an address, what somebody changed, how sign-ins stand
#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The question; --help tells what each asks
    #[arg(value_name = "QUESTION", value_parser = questions())]
    question: String,

    /// What the question is about, if it is about something (a user, an address or a network, a user agent),
    /// then exports: files, folders, .zip, .gz, or - for standard input
    #[arg(required = true, value_name = "[SUBJECT] PATH")]
    rest: Vec<PathBuf>,

    /// From this moment or day on, UTC: 2026-11-12 or 2026-11-12T15:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<i64>,

    /// Until the end of this day, or before this moment, UTC
    #[arg(long, value_name = "TIME", value_parser = end)]
    to: Option<i64>,

    /// Only so many days before the last record
    #[arg(long, value_name = "N")]
    days: Option<u32>,

    /// Only of users who hold a role with power over others (registrations)
    #[arg(long)]
    privileged: bool,

    /// Only of this workload: Exchange, SharePoint, OneDrive, MicrosoftTeams … (acts-of-user, acts-of-address)
    #[arg(long, value_name = "WORKLOAD")]
    workload: Option<String>,

    /// So many rows at most [default: 100 of text, all of JSON and CSV]
    #[arg(long, value_name = "N")]
    limit: Option<NonZeroUsize>,

    /// How to write the answer
    #[arg(long, short, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    output: Form,

    #[command(flatten)]
    times: TimesTold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A table for a person
    Text,
    /// An object with the rows
    Json,
    /// A row a line
    Csv,
}

fn questions() -> PossibleValuesParser {
    PossibleValuesParser::new(QUESTIONS.iter().map(|question| PossibleValue::new(question.name).help(question.about)))
}

/// Reads a moment or the beginning of a day.
fn moment(text: &str) -> Result<i64, String> {
    day(text)
        .or_else(|| parse(text, DayOrder::Unknown).map(|stamp| stamp.micros))
        .ok_or_else(|| "give a day such as 2026-11-12, or a moment such as 2026-11-12T15:00:00Z".to_owned())
}

/// Reads a moment or the end of a day.
fn end(text: &str) -> Result<i64, String> {
    day(text).map_or_else(|| moment(text), |begin| Ok(begin + 86_400_000_000))
}

/// The beginning of a day.
fn day(text: &str) -> Option<i64> {
    let text = text.trim();
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain.then(|| parse(&format!("{text}T00:00:00Z"), DayOrder::Unknown)).flatten().map(|stamp| stamp.micros)
}

impl Ask {
    pub(crate) fn run(&self) -> Result<Ending, Trouble> {
        let question = question_named(&self.question)
            .ok_or_else(|| Trouble(format!("{}: no such question; ask --help lists them", self.question)))?;
        let (subject, paths) = self.subject(question)?;
        self.check(question)?;
        let Some(case) = self.case(paths)? else { return Ok(Ending::NothingRead) };
        let limit = self.limit.map(NonZeroUsize::get).or((self.output == Form::Text).then_some(ROWS));
        let wanted = Wanted {
            from: self.from,
            to: self.to,
            days: self.days,
            privileged: self.privileged,
            workload: self.workload.clone(),
            limit,
        };
        let answer = ask(&case, question, &subject, &wanted);
        match self.output {
            Form::Text => {
                let layout = out::layout(false);
                out::write_text(&text(&answer, layout), layout)?;
            }
            Form::Json => out::write(json(&answer).as_bytes())?,
            Form::Csv => out::write(csv(&answer).as_bytes())?,
        }
        Ok(Ending::Ran)
    }

    /// What the question is about, and where the exports are.
    fn subject(&self, question: &Question) -> Result<(Subject, &[PathBuf]), Trouble> {
        let takes = match question.takes {
            Takes::Nothing => return Ok((Subject::Nothing, &self.rest)),
            Takes::User => "a user, by name or object id",
            Takes::Address => "an address or a network",
            Takes::Agent => "a user agent or a part of one",
        };
        let missing = |what: &str| Trouble(format!("{}: {what}; give {takes}, then the exports", question.name));
        let (first, paths) = self.rest.split_first().ok_or_else(|| missing("it is about nothing"))?;
        let first = first.to_string_lossy();
        if paths.is_empty() {
            return Err(missing(&format!("{first} alone is too little")));
        }
        let subject = Subject::read(question.takes, &first);
        Ok((subject.map_err(|error| Trouble(format!("{}: {first}: {error}", question.name)))?, paths))
    }

    /// Options that the question knows nothing of.
    fn check(&self, question: &Question) -> Result<(), Trouble> {
        for (given, known, option) in [
            (self.privileged, question.privileged, "--privileged"),
            (self.workload.is_some(), question.workload, "--workload"),
        ] {
            if given && !known {
                return Err(Trouble(format!("{}: {option} does not go with it", question.name)));
            }
        }
        Ok(())
    }

    /// Reads the exports; nothing where none could be read.
    fn case(&self, paths: &[PathBuf]) -> Result<Option<Case>, Trouble> {
        let times = self.times.read()?;
        let mut sources = expand(sources(paths));
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let seekable = !sources.iter().any(|source| source.place.is_pipe());
        let progress = Progress::new(seekable.then(|| sources.iter().map(read::size).sum()));
        let read = read::read(&mut sources, threads, read::Wanted::default(), &progress);
        progress.looking();
        let case = Case::gather_told(read.parts, &times);
        progress.done();
        for (name, why) in &read.troubles {
            out::error(&format!("{name}: {why}; check the path and who may read it"));
        }
        if case.inputs.iter().all(|input| input.format == "unknown") {
            out::error("no input could be read: none is an export of sign-ins or audit logs in a known format");
            return Ok(None);
        }
        Ok(Some(case))
    }
}

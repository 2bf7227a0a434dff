//! `signin-sleuth inspect`: what files are, and what they are good for.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread;

use clap::Args;
use signin_sleuth::analysis::clock::Times;
use signin_sleuth::analysis::{Case, Part, Reading, Status};
use signin_sleuth::intake::may_be_database;
use signin_sleuth::intake::zip::is_zip;
use signin_sleuth::order::Arrange;
use signin_sleuth::report::{Inspection, Paper, Tone, json, visible};
use signin_sleuth::words::figure;

use super::archives::{self, Unpacked, expand};
use super::read::work;
use super::sources::{Place, Source, reason, sources};
use super::times::TimesTold;
use super::{Ending, Output, Trouble, cut, out};

/// Bytes of the beginning that are looked at.
const HEAD: u64 = 64 << 20;
/// Bytes of the end that are looked at.
const TAIL: u64 = 4 << 20;

/// Says what each file is, how well it is filled, and what it is good for
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Exports: files, folders, .zip, .gz, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Read each file to its end, not only its first 64 MiB and its tail
    #[arg(long)]
    full: bool,

    #[command(flatten)]
    times: TimesTold,

    /// How to write it
    #[arg(long, short, value_enum, value_name = "FORM", default_value_t = Output::Text)]
    output: Output,
}

impl Inspect {
    pub(crate) fn run(&self) -> Result<Ending, Trouble> {
        let most = if self.full { u64::MAX } else { HEAD };
        let times = self.times.read()?;
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let found = work(&expand(sources(&self.paths)), threads, |source| inspect(source, most, &times));
        let mut all: Vec<Inspection> = found.into_iter().flatten().collect();
        all.arrange_by(|left, right| left.name.cmp(&right.name));
        match self.output {
            Output::Json => out::write(json(&all).as_bytes())?,
            Output::Text => {
                let layout = out::layout(false);
                let mut paper = Paper::new(layout);
                for (index, one) in all.iter().enumerate() {
                    if index > 0 {
                        paper.gap();
                    }
                    tell(&mut paper, one);
                }
                out::write_text(&paper.finish(), layout)?;
            }
        }
        let is_nothing = all.iter().all(|one| one.format == "unknown");
        Ok(if is_nothing { Ending::NothingRead } else { Ending::Ran })
    }
}

/// Looks at a source; an archive out of a pipe becomes its files.
fn inspect(source: &Source, most: u64, times: &Times) -> Vec<Inspection> {
    let mut reading = Reading::new(&source.name, 0, 0);
    let mut tail = None;
    let mut is_sample = false;
    let mut problem = None;
    let fed = match &source.place {
        Place::File(path, size) => {
            is_sample = *size > most.saturating_add(TAIL) && !is_in_one_piece(path);
            tail = if is_sample { read_tail(&source.name, path, *size) } else { None };
            let most = if is_sample { most } else { *size };
            File::open(path).and_then(|file| feed(&mut reading, file.take(most)))
        }
        Place::Entry(archive, entry) => {
            is_sample = entry.size > most
                && ![".xlsx", ".mmdb"].iter().any(|end| entry.name.to_ascii_lowercase().ends_with(end));
            let most = if is_sample { most } else { u64::MAX };
            Unpacked::open(archive, entry).and_then(|mut unpacked| {
                feed(&mut reading, (&mut unpacked).take(most))?;
                problem = if is_sample { None } else { unpacked.problem() };
                Ok(())
            })
        }
        Place::Pipe(_) | Place::Stdin => match spool(&source.place) {
            Ok(bytes) => {
                if let Some(files) = archives::of_memory(&source.name, &bytes) {
                    return files.iter().flat_map(|file| inspect(file, most, times)).collect();
                }
                reading.feed(&bytes);
                Ok(())
            }
            Err(error) => Err(error),
        },
        Place::Refused(refusal) => {
            problem = Some((*refusal).into());
            Ok(())
        }
        Place::Nowhere(why) => Err(io::Error::other(why.clone())),
    };
    let mut part = match problem {
        Some(problem) => reading.break_off(problem),
        None => reading.finish(),
    };
    if let Err(error) = fed {
        part.failure = Some(match &source.place {
            Place::Nowhere(why) => why.clone(),
            _ => reason(&error),
        });
    }
    vec![Inspection::of(&Case::gather_told(std::iter::once(part).chain(tail).collect(), times), is_sample)]
}

fn feed(reading: &mut Reading, mut bytes: impl io::Read) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = bytes.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        reading.feed(buffer.get(..count).unwrap_or_default());
    }
}

/// Whether a file is a workbook or may be a database of addresses, of which a part says nothing:
/// archives have become their files.
fn is_in_one_piece(path: &Path) -> bool {
    let mut first = [0; 4];
    let is_read = File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok();
    is_read && (is_zip(&first) || may_be_database(&first))
}

/// All of a pipe: what it is cannot be asked twice.
fn spool(place: &Place) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match place {
        Place::Pipe(path) => File::open(path)?.read_to_end(&mut bytes)?,
        _ => io::stdin().lock().read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

/// The end of a file of one record a line.
fn read_tail(name: &str, path: &Path, size: u64) -> Option<Part> {
    let &(from, to) = cut::slices(path, size, size / TAIL).last().filter(|(from, _)| *from > 0)?;
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(from)).ok()?;
    let mut reading = Reading::new(name, 0, from);
    feed(&mut reading, file.take(to - from)).ok()?;
    Some(reading.finish())
}

fn tell(paper: &mut Paper, one: &Inspection) {
    let name = paper.tone(Tone::Strong, &visible(&one.name));
    paper.paragraph(0, &name);
    if one.format == "unknown" {
        for notice in &one.notices {
            paper.paragraph(2, &format!("{} {}", notice.text, notice.next));
        }
        return;
    }
    let sample = if one.is_sample { ", of which the beginning and the end were looked at" } else { "" };
    paper.hang(2, "is", 12, &format!("{}{sample}", one.format.replace('+', " and ")));
    let events: Vec<String> = one.events.iter().map(|(kind, count)| format!("{} {kind}", figure(*count))).collect();
    let rejected = one.rejected.filter(|rejected| *rejected > 0);
    let rejected = rejected.map_or(String::new(), |rejected| format!(", {} rejected", figure(rejected)));
    let events = if events.is_empty() { "no events".to_owned() } else { events.join(", ") };
    paper.hang(2, "holds", 12, &format!("{} records{rejected}: {events}", figure(one.records)));
    if !one.other.is_empty() {
        let other: Vec<String> = one.other.iter().map(|(name, count)| format!("{} {name}", figure(*count))).collect();
        paper.hang(2, "not used", 12, &other.join(", "));
    }
    if let (Some(first), Some(last)) = (&one.first, &one.last) {
        let minute = |time: &str| time.get(..16).unwrap_or(time).replace('T', " ");
        paper.hang(2, "time", 12, &format!("{} to {} UTC", minute(first), minute(last)));
        let (users, programs, sessions) = (figure(one.users), figure(one.programs), figure(one.sessions));
        paper.hang(2, "who", 12, &format!("users: {users}, applications: {programs}, sessions by id: {sessions}"));
    }
    fields(paper, one);
    // What holds no events, such as a list of networks, is neither good for a behaviour nor blind for it.
    let statuses: &[(Status, &str)] = if one.events.is_empty() { &[] } else { &LABELS };
    for &(status, label) in statuses {
        let is = one.good_for.iter().filter(|detection| detection.status == status);
        let names: Vec<&str> = is.map(|detection| detection.detection).collect();
        if !names.is_empty() {
            paper.hang(2, label, 12, &names.join(", "));
        }
    }
    for notice in &one.notices {
        paper.hang(2, "note", 12, &format!("{} {}", notice.text, notice.next));
    }
}

/// What is said of behaviours, by whether they could be looked for.
const LABELS: [(Status, &str); 3] =
    [(Status::Ran, "good for"), (Status::Partial, "in part"), (Status::Blind, "blind for")];

fn fields(paper: &mut Paper, one: &Inspection) {
    let mut by_share: Vec<(String, Vec<&str>)> = Vec::new();
    for field in &one.fields {
        let share = match field.filled * 100 / field.of.max(1) {
            0 if field.filled > 0 => "below 1 %".to_owned(),
            0 if field.absent == field.of => "no column".to_owned(),
            share => format!("{share} %"),
        };
        match by_share.last_mut().filter(|(last, _)| *last == share) {
            Some((_, names)) => names.push(field.field),
            None => by_share.push((share, vec![field.field])),
        }
    }
    for (share, names) in by_share {
        paper.hang(2, &share, 12, &names.join(", "));
    }
}

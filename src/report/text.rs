//! The report as a person reads it in a terminal: the verdict first, then each flagged session with
//! its story and its records, then what could not be looked for, and what was read.
//!
//! Every text that comes from a log or from a file's name goes through [`visible`](super::visible).

mod event;
mod incident;
mod next;
mod paper;
mod read;
mod session;
mod words;

pub use paper::{Layout, Paper, Tone};

use crate::analysis::asked;
use crate::detections::Severity;

use super::page::words::{capital, count};
use super::{Report, Reporter};
use words::{counted, number, years};

/// The report as text. `report` must be what `reporter` makes.
#[must_use]
pub fn text(reporter: &Reporter<'_>, report: &Report, layout: Layout) -> String {
    let mut paper = Paper::new(layout);
    verdict(&mut paper, reporter, report);
    incident::all(&mut paper, reporter, report);
    session::all(&mut paper, reporter, report);
    next::all(&mut paper, report);
    read::aside(&mut paper, report);
    read::blind_spots(&mut paper, report);
    read::absent(&mut paper, report);
    read::inputs(&mut paper, reporter, report);
    paper.finish()
}

/// One sentence that answers the question, and what it rests on.
fn verdict(paper: &mut Paper, reporter: &Reporter<'_>, report: &Report) {
    let above = report.sessions.iter().filter(|session| session.severity >= Severity::High).count();
    let loose = report.findings.iter().filter(|finding| finding.session.is_none());
    let loose = loose.filter(|finding| finding.severity >= Severity::High).count();
    let below = report.sessions.len() - above;
    let all = report.sessions_total;
    let mut sentence = match (above, all) {
        _ if report.inputs.iter().all(|input| input.format == "unknown") => "Nothing could be read.".to_owned(),
        (0, 0) => "There are no sign-ins here, so no session to look at.".to_owned(),
        (0, _) => format!("No session of {} is above the line.", number(all)),
        (1, 1) => "The only session was very likely stolen.".to_owned(),
        (1, _) => format!("One of {} sessions was very likely stolen.", number(all)),
        (many, _) => format!("{} of {} sessions were very likely stolen.", capital(&count(many)), number(all)),
    };
    match loose {
        0 => {}
        1 => sentence.push_str(" One finding of high severity or worse belongs to no session."),
        many => {
            let many = capital(&count(many));
            sentence.push_str(&format!(" {many} findings of high severity or worse belong to no session."));
        }
    }
    match below {
        0 => {}
        1 => sentence.push_str(" One shows weaker signs."),
        many => sentence.push_str(&format!(" {} show weaker signs.", capital(&count(many)))),
    }
    paper.paragraph(0, &paper.tone(Tone::Strong, &sentence));
    let mut looked = asked(&report.coverage);
    if report.findings.is_empty() {
        looked.push_str(" This is not proof that nothing was stolen.");
    }
    paper.paragraph(0, &looked);
    let inputs = &reporter.case.inputs;
    let first = inputs.iter().filter_map(|input| input.first).min();
    let last = inputs.iter().filter_map(|input| input.last).max();
    if let Some((first, last)) = first.zip(last) {
        let events: u64 = inputs.iter().map(|input| input.events).sum();
        paper.paragraph(0, &format!("{} from {}; all times are UTC.", counted(events, "event"), years(first, last)));
    }
}

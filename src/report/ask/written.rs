//! The answer to a question as text and as CSV.

use textwrap::core::display_width;

use crate::events::time::format_rfc3339;
use crate::report::csv::row;
use crate::report::text::{Layout, Paper, Tone};
use crate::report::visible;
use crate::words::{figure, list};

use super::answer::{Answer, Cell};

/// An answer as CSV, its columns named in the first row.
#[must_use]
pub fn csv(answer: &Answer) -> String {
    let mut text = String::new();
    row(&mut text, &answer.columns);
    for cells in &answer.rows {
        let cells: Vec<String> = cells.iter().map(Cell::text).collect();
        row(&mut text, &cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    text
}

/// Letters of a value that text shows; JSON and CSV have it whole.
const WIDEST: usize = 60;

/// An answer for a person.
#[must_use]
pub fn text(answer: &Answer, layout: Layout) -> String {
    let mut paper = Paper::new(layout);
    let subject = answer.subject.as_deref().map_or_else(String::new, |subject| format!(": {}", visible(subject)));
    let head = paper.tone(Tone::Strong, &format!("{}{subject}", answer.question.about));
    paper.paragraph(0, &head);
    let time = |time: i64| format_rfc3339(time).get(..16).unwrap_or_default().replace('T', " ");
    match (answer.from, answer.to) {
        (None, None) => {}
        (from, to) => {
            let from = from.map_or_else(|| "the first record".to_owned(), time);
            let to = to.map_or_else(|| "the last record".to_owned(), |to| format!("before {}", time(to)));
            paper.paragraph(0, &format!("From {from} to {to}, UTC."));
        }
    }
    if !answer.lacks.is_empty() {
        let lacks = list(&answer.lacks);
        paper.paragraph(0, &format!("These exports hold none of this, so that nothing can be said of it: {lacks}."));
    }
    let shown = answer.rows.len();
    paper.paragraph(
        0,
        &match answer.total {
            0 => "No record answers.".to_owned(),
            1 => "1 row; times are UTC.".to_owned(),
            all if all > shown => {
                format!("{} of {} rows; --limit shows more; times are UTC.", figure(shown as u64), figure(all as u64))
            }
            all => format!("{} rows; times are UTC.", figure(all as u64)),
        },
    );
    if shown > 0 {
        paper.gap();
        table(&mut paper, answer);
    }
    paper.finish()
}

fn table(paper: &mut Paper, answer: &Answer) {
    let cells: Vec<Vec<String>> =
        answer.rows.iter().map(|row| row.iter().map(|cell| short(&words(cell))).collect()).collect();
    let widths: Vec<usize> = answer
        .columns
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let cells = cells.iter().filter_map(|row| row.get(place)).map(|cell| display_width(cell));
            cells.chain([name.len()]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: &mut dyn Iterator<Item = (&str, bool)>| {
        let mut line = String::new();
        for ((cell, right), width) in cells.zip(&widths) {
            let blanks = " ".repeat(width.saturating_sub(display_width(cell)));
            let parts = if right { [blanks.as_str(), cell] } else { [cell, blanks.as_str()] };
            line.push_str(parts[0]);
            line.push_str(parts[1]);
            line.push_str("  ");
        }
        line.trim_end().to_owned()
    };
    let is_number: Vec<bool> = (0..answer.columns.len())
        .map(|place| answer.rows.iter().all(|row| matches!(row.get(place), Some(Cell::Number(_)))))
        .collect();
    let head = line(&mut answer.columns.iter().copied().zip(is_number.iter().copied()));
    paper.verbatim(&paper.tone(Tone::Dim, &head));
    for row in &cells {
        paper.verbatim(&line(&mut row.iter().map(String::as_str).zip(is_number.iter().copied())));
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// For a person: groups of three, times to the second.
fn words(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => visible(text),
        Cell::Number(number) => figure(*number),
        Cell::Time(time) => {
            let text = format_rfc3339(*time);
            text.get(..19).map_or(text.clone(), |second| second.replace('T', " "))
        }
    }
}

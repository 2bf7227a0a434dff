//! Questions by name, as the command has them, about what the page shows: which there are, and their answers.

use serde::{Serialize, Serializer};

use crate::report::ask::{self, Cell, QUESTIONS, Subject, Takes, Wanted, question_named};

use super::Desk;
use super::column::Column;
use super::within::Within;
use super::words::millis;

/// Rows of an answer, at most.
const ROWS: usize = 1_000;

/// A question that can be asked about an entity.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NamedQuestion {
    /// Its name, the command's too.
    pub name: &'static str,
    /// What it asks, as a sentence without its end.
    pub about: &'static str,
    /// Kinds of records that it looks at and the exports have none of.
    pub lacks: Vec<&'static str>,
}

/// The answer to one.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NamedAnswer {
    /// The question's name.
    pub name: &'static str,
    /// What it asks.
    pub about: &'static str,
    /// Kinds of records that it looks at and the exports have none of: of these it says nothing.
    pub lacks: Vec<&'static str>,
    /// Names of the columns.
    pub columns: Vec<&'static str>,
    /// The first rows.
    pub rows: Vec<Vec<NamedCell>>,
    /// Rows in all.
    pub total: usize,
}

/// A value in an answer.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(type = "string | number | { time: number }"))]
pub struct NamedCell(#[cfg_attr(test, ts(skip))] Cell);

#[derive(Serialize)]
struct Time {
    time: i64,
}

impl Serialize for NamedCell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Number(number) => serializer.serialize_u64(*number),
            Cell::Time(time) => Time { time: millis(*time) }.serialize(serializer),
        }
    }
}

/// What a question takes that can be asked about a value of this column.
const fn takes(column: Column) -> Option<Takes> {
    match column {
        Column::User => Some(Takes::User),
        Column::Address => Some(Takes::Address),
        _ => None,
    }
}

impl Desk {
    /// The questions that can be asked about a value of a column.
    pub(super) fn questions(&self, column: Column) -> Vec<NamedQuestion> {
        let own = QUESTIONS.iter().filter(|question| Some(question.takes) == takes(column));
        let told = |question: &ask::Question| NamedQuestion {
            name: question.name,
            about: question.about,
            lacks: question.lacks(&self.case),
        };
        own.map(told).collect()
    }

    /// The answer to a question about a value; nothing where there is no such question, or it is not about this.
    pub(super) fn named(&self, name: &str, subject: &str, within: Within) -> Option<NamedAnswer> {
        let question = question_named(name)?;
        let subject = Subject::read(question.takes, subject).ok()?;
        let times = within.times();
        let wanted = Wanted {
            from: within.from.map(|_| times.start),
            to: within.to.map(|_| times.end),
            limit: Some(ROWS),
            ..Wanted::default()
        };
        let answer = ask::answer(&self.case, &self.index, question, &subject, &wanted);
        Some(NamedAnswer {
            name: question.name,
            about: question.about,
            lacks: answer.lacks,
            columns: answer.columns,
            rows: answer.rows.into_iter().map(|row| row.into_iter().map(NamedCell).collect()).collect(),
            total: answer.total,
        })
    }
}

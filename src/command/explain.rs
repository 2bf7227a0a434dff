//! `signin-sleuth explain`: one detection, and its question as KQL.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;
use signin_sleuth::detections::{ALL, Detection, Doc, Group, Tunable, Tuning, find};
use signin_sleuth::report::{Paper, Tone, json};

use super::tune::Tune;
use super::{Ending, Output, Trouble, detections, out};

/// Explains a detection, and writes it as KQL for Sentinel, Log Analytics or Azure Data Explorer
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The detection
    #[arg(value_name = "ID", value_parser = PossibleValuesParser::new(ALL.iter().map(|detection| detection.id)))]
    id: String,

    #[command(flatten)]
    tune: Tune,

    /// Only the KQL, with the tuning filled in
    #[arg(long, conflicts_with = "output")]
    kql: bool,

    /// How to write it
    #[arg(long, short, value_enum, value_name = "FORM", default_value_t = Output::Text)]
    output: Output,
}

/// A detection as `--output json` writes it.
#[derive(Serialize)]
struct Explained {
    id: &'static str,
    title: &'static str,
    group: Group,
    doc: Doc,
    tunables: Vec<Tuned>,
    kql: String,
}

/// A tunable with its current value.
#[derive(Serialize)]
struct Tuned {
    #[serde(flatten)]
    tunable: Tunable,
    value: String,
}

impl Explain {
    pub(crate) fn run(&self) -> Result<Ending, Trouble> {
        let tuning = self.tune.read()?;
        let detection = find(&self.id)
            .ok_or_else(|| Trouble(format!("{}: no such detection; signin-sleuth detections lists them", self.id)))?;
        let kql = detection.kql(&tuning);
        if self.kql {
            out::write(kql.as_bytes())?;
        } else if self.output == Output::Json {
            let explained = Explained {
                id: detection.id,
                title: detection.title,
                group: detection.group,
                doc: detection.doc(),
                tunables: tuned(detection, &tuning),
                kql,
            };
            out::write(json(&explained).as_bytes())?;
        } else {
            let layout = out::layout(false);
            let mut paper = Paper::new(layout);
            tell(&mut paper, detection, &tuned(detection, &tuning));
            paper.head(0, "KQL");
            paper.verbatim(&kql);
            out::write_text(&paper.finish(), layout)?;
        }
        Ok(Ending::Ran)
    }
}

fn tuned(detection: &Detection, tuning: &Tuning) -> Vec<Tuned> {
    let value = |tunable: &Tunable| {
        let changed = tuning.changes().get(&format!("{}.{}", detection.id, tunable.name));
        changed.map_or_else(|| tunable.default.to_owned(), Clone::clone)
    };
    detection.tunables.iter().map(|tunable| Tuned { tunable: *tunable, value: value(tunable) }).collect()
}

fn tell(paper: &mut Paper, detection: &Detection, tunables: &[Tuned]) {
    let doc = detection.doc();
    let id = paper.tone(Tone::Strong, detection.id);
    paper.paragraph(0, &format!("{id}  {}", detection.title));
    let prose = |paper: &mut Paper, head: &str, text: &str| {
        paper.head(0, head);
        for paragraph in text.split("\n\n") {
            paper.paragraph(2, &paragraph.replace('\n', " "));
        }
    };
    let list = |paper: &mut Paper, head: &str, items: &[String]| {
        paper.head(0, head);
        for item in items {
            paper.hang(2, "-", 2, item);
        }
    };
    prose(paper, "What it looks for", &doc.looks_for);
    prose(paper, "Why it matters", &doc.why);
    prose(paper, "Evidence it needs", &doc.evidence);
    list(paper, "Could it be harmless?", &doc.benign);
    list(paper, "Ask the customer", &doc.ask);
    list(paper, "Do now", &doc.next);
    list(paper, "References", &doc.references);
    prose(paper, "Tuning", &doc.tuning);
    for tuned in tunables {
        detections::tell(paper, detection.id, &tuned.tunable, &tuned.value);
    }
}

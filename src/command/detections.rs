//! `signin-sleuth detections`: what is looked for, and what of it can be tuned.

use clap::{Args, ValueEnum};
use serde::Serialize;
use signin_sleuth::detections::{ALL, Group, OWN_NETWORKS, Tunable, catalogue};
use signin_sleuth::report::{Paper, Tone, json};

use super::{Ending, Trouble, out};

/// Lists the detections with what can be tuned
#[derive(Debug, Args)]
pub(crate) struct Detections {
    /// How to write the list
    #[arg(long, short, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    output: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For a person
    Text,
    /// For a program
    Json,
    /// The whole catalogue, its table first
    Markdown,
}

/// A detection as `--output json` lists it.
#[derive(Serialize)]
struct Entry {
    id: &'static str,
    title: &'static str,
    group: Group,
    tunables: &'static [Tunable],
}

impl Detections {
    pub(crate) fn run(&self) -> Result<Ending, Trouble> {
        match self.output {
            Form::Json => {
                let entries: Vec<Entry> = ALL
                    .iter()
                    .map(|detection| Entry {
                        id: detection.id,
                        title: detection.title,
                        group: detection.group,
                        tunables: detection.tunables,
                    })
                    .collect();
                out::write(json(&entries).as_bytes())?;
            }
            Form::Markdown => out::write(catalogue().as_bytes())?,
            Form::Text => {
                let layout = out::layout(false);
                let mut paper = Paper::new(layout);
                for (index, detection) in ALL.iter().enumerate() {
                    if index > 0 {
                        paper.gap();
                    }
                    let id = paper.tone(Tone::Strong, detection.id);
                    paper.paragraph(0, &format!("{id}  {}", detection.title));
                    for tunable in detection.tunables {
                        tell(&mut paper, detection.id, tunable, tunable.default);
                    }
                }
                paper.gap();
                let id = paper.tone(Tone::Strong, OWN_NETWORKS.id);
                paper.paragraph(0, &format!("{id}  {}: no detection, but asked by many", OWN_NETWORKS.title));
                for tunable in OWN_NETWORKS.tunables {
                    tell(&mut paper, OWN_NETWORKS.id, tunable, tunable.default);
                }
                paper.gap();
                paper.paragraph(
                    0,
                    "`signin-sleuth explain ID` says more of one. `--tune` takes the lines above with other values.",
                );
                out::write_text(&paper.finish(), layout)?;
            }
        }
        Ok(Ending::Ran)
    }
}

/// A tunable as `--tune` takes it, and what it does.
pub(crate) fn tell(paper: &mut Paper, detection: &str, tunable: &Tunable, value: &str) {
    let takes = tunable.kind.takes(tunable.default);
    let default = if value == tunable.default { String::new() } else { format!("; {} by default", tunable.default) };
    paper.paragraph(2, &format!("{detection}.{}={value}", tunable.name));
    paper.paragraph(6, &format!("{}: {takes}{default}", tunable.what));
}

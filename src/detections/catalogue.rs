//! The catalogue of detections as Markdown, made from their doc comments.

use std::fmt::Write as _;

use super::{ALL, Detection, OWN_NETWORKS, Tunable};

/// All detections as a Markdown table: what each finds, what it needs, what can be tuned.
#[must_use]
pub fn table() -> String {
    let mut text = String::from("| detection | what it finds | needs | tunables | ATT&CK |\n|---|---|---|---|---|\n");
    for detection in ALL {
        let tunables: Vec<String> = detection.tunables.iter().map(|tunable| format!("`{}`", tunable.name)).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            detection.id,
            cell(detection.title),
            cell(&needs(detection)),
            tunables.join(" "),
            attack(detection)
        );
    }
    text
}

/// The whole catalogue: the table, then each detection with its sections.
#[must_use]
pub fn catalogue() -> String {
    let mut text = table();
    for detection in ALL {
        let doc = detection.doc();
        let _ = writeln!(text, "\n## `{}`\n\n{}.\n", detection.id, detection.title);
        for (heading, words) in
            [("What it looks for", &doc.looks_for), ("Why it matters", &doc.why), ("Evidence it needs", &doc.evidence)]
        {
            let _ = writeln!(text, "**{heading}.** {}\n", paragraph(words));
        }
        list(&mut text, "Benign causes", &doc.benign);
        let _ = writeln!(text, "**Tuning.** {}\n", paragraph(&doc.tuning));
        tunables(&mut text, detection.id, detection.tunables);
        list(&mut text, "What to ask", &doc.ask);
        list(&mut text, "What to do", &doc.next);
        list(&mut text, "References", &doc.references);
    }
    let _ = writeln!(text, "\n## `{}`\n\n{}: no detection, but asked by many.\n", OWN_NETWORKS.id, OWN_NETWORKS.title);
    tunables(&mut text, OWN_NETWORKS.id, OWN_NETWORKS.tunables);
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Records and fields without which the detection is blind.
fn needs(detection: &Detection) -> String {
    let records = detection.records.iter().map(|records| records.name().to_owned());
    let fields =
        detection.needs.iter().map(|group| group.iter().map(|field| field.words()).collect::<Vec<_>>().join(" or "));
    records.chain(fields).collect::<Vec<_>>().join(", ")
}

fn attack(detection: &Detection) -> String {
    let references = detection.doc().references;
    let found = references.iter().find_map(|line| line.strip_prefix("ATT&CK "));
    found.unwrap_or_default().to_owned()
}

fn tunables(text: &mut String, id: &str, tunables: &[Tunable]) {
    for Tunable { name, kind, default, what } in tunables {
        let _ = writeln!(text, "* `{id}.{name}` ({}): {what}; default `{default}`", kind.takes(default));
    }
    text.push('\n');
}

fn list(text: &mut String, heading: &str, items: &[String]) {
    let _ = writeln!(text, "**{heading}**\n");
    for item in items {
        let _ = writeln!(text, "* {item}");
    }
    text.push('\n');
}

/// A section's lines as one paragraph each.
fn paragraph(words: &str) -> String {
    words.split("\n\n").map(|part| part.replace('\n', " ")).collect::<Vec<_>>().join("\n\n")
}

fn cell(words: &str) -> String {
    words.replace('|', "\\|")
}

//! The doc comment of a detection, by section.

use serde::Serialize;

/// The sections of a detection's doc comment, in their fixed order.
#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
pub struct Doc {
    /// What it looks for.
    pub looks_for: String,
    /// Why it matters.
    pub why: String,
    /// Evidence it needs.
    pub evidence: String,
    /// Benign causes.
    pub benign: Vec<String>,
    /// Tuning.
    pub tuning: String,
    /// What to ask the customer.
    pub ask: Vec<String>,
    /// What to do.
    pub next: Vec<String>,
    /// References.
    pub references: Vec<String>,
}

/// Headings in the order they must have.
pub(super) const HEADINGS: [&str; 8] = [
    "What it looks for",
    "Why it matters",
    "Evidence it needs",
    "Benign causes",
    "Tuning",
    "What to ask",
    "What to do",
    "References",
];

impl Doc {
    /// Parses the text of a doc comment.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let section = |heading: &str| {
            let mut lines = text.lines().skip_while(|line| line.strip_prefix("# ") != Some(heading));
            lines.next();
            lines.take_while(|line| !line.starts_with("# ")).collect::<Vec<_>>()
        };
        let prose = |heading: &str| {
            let lines = section(heading);
            lines.join("\n").trim().to_owned()
        };
        let list = |heading: &str| {
            let mut items: Vec<String> = Vec::new();
            for line in section(heading) {
                match (line.strip_prefix("* "), items.last_mut()) {
                    (Some(item), _) => items.push(item.trim().to_owned()),
                    (None, Some(last)) if !line.trim().is_empty() => {
                        last.push(' ');
                        last.push_str(line.trim());
                    }
                    _ => {}
                }
            }
            items
        };
        let [looks_for, why, evidence, benign, tuning, ask, next, references] = HEADINGS;
        Self {
            looks_for: prose(looks_for),
            why: prose(why),
            evidence: prose(evidence),
            benign: list(benign),
            tuning: prose(tuning),
            ask: list(ask),
            next: list(next),
            references: list(references),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::detections::{ALL, DOCS};

    use super::HEADINGS;

    #[test]
    fn every_detection_has_all_sections_in_order_and_none_empty() {
        for detection in ALL {
            let text = DOCS.iter().find(|(file, _)| *file == detection.file).expect("a doc comment").1;
            let found: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# ")).collect();
            assert_eq!(found, HEADINGS, "{}", detection.id);
            let doc = detection.doc();
            for (name, text) in
                [("looks for", &doc.looks_for), ("why", &doc.why), ("evidence", &doc.evidence), ("tuning", &doc.tuning)]
            {
                assert!(!text.is_empty(), "{}: {name}", detection.id);
            }
            for (name, list) in
                [("benign", &doc.benign), ("ask", &doc.ask), ("next", &doc.next), ("references", &doc.references)]
            {
                assert!(!list.is_empty(), "{}: {name}", detection.id);
            }
        }
    }

    #[test]
    fn every_file_of_a_detection_is_registered() {
        // What has the sections of a detection is one; the other files help.
        let written = DOCS.iter().filter(|(_, text)| text.contains("# What it looks for"));
        for (file, _) in written {
            assert!(ALL.iter().any(|detection| detection.file == *file), "{file} is not registered");
        }
        for detection in ALL {
            assert_eq!(detection.id, detection.file.replace('_', "-"));
        }
    }
}

//! What text is written on: it wraps lines, indents, and colours where colour is wanted.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// How text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Columns of a line.
    pub width: usize,
    /// Whether colour is wanted.
    pub colour: bool,
    /// Whether every flagged session is told in full, or only the worst.
    pub all: bool,
}

/// What a piece of text is, for its colour. Meaning is always in the words too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A sentence or heading that matters most.
    Strong,
    /// A place, an id: there when it is looked for.
    Dim,
    /// The owner's side.
    Owner,
    /// The other side, and medium severity.
    Other,
    /// High and critical severity.
    Severe,
}

impl Tone {
    const fn style(self) -> Style {
        match self {
            Self::Strong => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Owner => AnsiColor::Blue.on_default(),
            Self::Other => AnsiColor::Red.on_default(),
            Self::Severe => AnsiColor::Red.on_default().bold(),
        }
    }
}

/// Text under way.
#[derive(Debug)]
pub struct Paper {
    text: String,
    layout: Layout,
}

impl Paper {
    /// An empty sheet.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Self { text: String::new(), layout }
    }

    /// How it is laid out.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    /// A piece of text in a tone.
    #[must_use]
    pub fn tone(&self, tone: Tone, text: &str) -> String {
        if self.layout.colour {
            let style = tone.style();
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A heading, an empty line before it.
    pub fn head(&mut self, indent: usize, text: &str) {
        self.gap();
        self.paragraph(indent, &self.tone(Tone::Strong, text));
    }

    /// A paragraph, wrapped.
    pub fn paragraph(&mut self, indent: usize, text: &str) {
        self.hang(indent, "", 0, text);
    }

    /// A label in a column of its own, and a paragraph beside it.
    pub fn hang(&mut self, indent: usize, label: &str, column: usize, text: &str) {
        let blanks = column.saturating_sub(textwrap::core::display_width(label));
        let first = format!("{:indent$}{label}{:blanks$}", "", "");
        let rest = " ".repeat(indent + column);
        let options = Options::new(self.layout.width.max(40))
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit)
            .break_words(false);
        for line in textwrap::wrap(text, options) {
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "{}", line.trim_end());
        }
    }

    /// Lines as they are, none wrapped.
    pub fn verbatim(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(colour: bool) -> Paper {
        Paper::new(Layout { width: 40, colour, all: false })
    }

    #[test]
    fn wraps_beside_a_label_and_never_breaks_an_id() {
        let mut paper = paper(false);
        paper.hang(2, "first", 8, "8f2d6c1e-41b7-4e0a-9c53-b1a7e0d4f2aa8f2d6c1e-41b7 in the session");
        let lines: Vec<String> = paper.finish().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "  first   8f2d6c1e-41b7-4e0a-9c53-b1a7e0d4f2aa8f2d6c1e-41b7");
        assert_eq!(lines[1], "          in the session");
    }

    #[test]
    fn colour_takes_no_room_and_is_only_there_when_wanted() {
        let mut plain = paper(false);
        let mut coloured = paper(true);
        for paper in [&mut plain, &mut coloured] {
            let label = paper.tone(Tone::Owner, "owner");
            paper.hang(0, &label, 8, "one two three four five six seven eight nine");
        }
        let (plain, coloured) = (plain.finish(), coloured.finish());
        assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
        assert_eq!(plain.lines().count(), coloured.lines().count());
    }
}

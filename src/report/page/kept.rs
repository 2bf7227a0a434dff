//! Answers that are kept until something else is found: who comes back to what they saw, or to what was worked out
//! while nobody asked, waits for nothing.

use std::collections::VecDeque;

use super::Question;

/// Bytes that are kept, questions and answers together.
const MOST: usize = 16 << 20;

/// Questions and what they were answered with, the one that was asked for last at the end.
#[derive(Debug, Default)]
pub(super) struct Kept {
    answers: VecDeque<(Vec<u8>, Vec<u8>)>,
    bytes: usize,
}

impl Kept {
    /// Whether an answer is worth its room: it takes a while, and only what is found changes it.
    pub(super) fn takes(question: &Question) -> bool {
        matches!(
            question,
            Question::Coverage
                | Question::Entity { .. }
                | Question::Lanes { .. }
                | Question::Session { .. }
                | Question::Tally { .. }
        )
    }

    /// What a question was answered with, by its bytes.
    pub(super) fn find(&mut self, question: &[u8]) -> Option<Vec<u8>> {
        let place = self.answers.iter().rposition(|(asked, _)| asked == question)?;
        let kept = self.answers.remove(place)?;
        let answer = kept.1.clone();
        self.answers.push_back(kept);
        Some(answer)
    }

    /// Keeps an answer, and lets those go that nobody asked for the longest.
    pub(super) fn keep(&mut self, question: &[u8], answer: &[u8]) {
        self.bytes += question.len() + answer.len();
        self.answers.push_back((question.to_vec(), answer.to_vec()));
        while self.bytes > MOST {
            let Some((question, answer)) = self.answers.pop_front() else { break };
            self.bytes -= question.len() + answer.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_last_stays() {
        let mut kept = Kept::default();
        let third = vec![b'x'; MOST / 3 - 1];
        for name in [b"a", b"b", b"c"] {
            kept.keep(name, &third);
        }
        assert_eq!(kept.find(b"a"), Some(third.clone()));
        kept.keep(b"d", &third);
        assert_eq!([b"a", b"b", b"c", b"d"].map(|name| kept.find(name).is_some()), [true, false, true, true]);
        assert_eq!(kept.bytes, 3 * (third.len() + 1));
        // What is larger than all the room is not kept, and nothing else then.
        kept.keep(b"e", &vec![b'x'; MOST]);
        assert_eq!((kept.answers.len(), kept.bytes), (0, 0));
    }
}

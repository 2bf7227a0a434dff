//! Over a record that is too long to be held, up to its end.

/// Passes over a record that is too long to be held.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Skim {
    depth: u32,
    in_string: bool,
    escape: bool,
}

impl Skim {
    /// Passes bytes; the length up to the end of the value where it ends among them.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Option<usize> {
        for (place, &byte) in bytes.iter().enumerate() {
            if std::mem::take(&mut self.escape) {
                continue;
            }
            match byte {
                b'\\' => self.escape = self.in_string,
                b'"' => {
                    self.in_string = !self.in_string;
                    if !self.in_string && self.depth == 0 {
                        return Some(place + 1);
                    }
                }
                b'{' | b'[' if !self.in_string => self.depth += 1,
                b'}' | b']' if !self.in_string => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(place + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

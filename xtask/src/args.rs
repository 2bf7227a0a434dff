//! The words after `cargo xtask`.

use std::str::FromStr;

use anyhow::{Context, Result, anyhow, bail};

/// What was typed and not yet taken.
pub(crate) struct Args {
    words: Vec<String>,
}

impl Args {
    pub(crate) fn new(words: impl Iterator<Item = String>) -> Self {
        Args { words: words.collect() }
    }

    /// Takes the first word.
    pub(crate) fn next_word(&mut self) -> Option<String> {
        if self.words.is_empty() { None } else { Some(self.words.remove(0)) }
    }

    /// Takes `name` if it is there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() != before
    }

    /// Takes `name VALUE` or `name=VALUE` if it is there.
    pub(crate) fn value<T>(&mut self, name: &str) -> Result<Option<T>>
    where
        T: FromStr,
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        let joined = format!("{name}=");
        let Some(at) = self.words.iter().position(|word| word == name || word.starts_with(&joined)) else {
            return Ok(None);
        };
        let word = self.words.remove(at);
        let text = match word.strip_prefix(&joined) {
            Some(text) => text.to_owned(),
            None if at < self.words.len() => self.words.remove(at),
            None => return Err(anyhow!("{name} needs a value")),
        };
        text.parse().map(Some).with_context(|| format!("{name} cannot be {text:?}"))
    }

    /// Takes all that is left, which must be names and no options.
    pub(crate) fn names(self) -> Result<Vec<String>> {
        match self.words.iter().find(|word| word.starts_with('-')) {
            Some(option) => bail!("there is no option {option:?} here"),
            None => Ok(self.words),
        }
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<()> {
        match self.words.first() {
            Some(word) => bail!("{word:?} is one word too many"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_stand_anywhere_and_names_are_what_is_left() {
        let mut given = args("wasm --long --port 9 browser");
        assert!(given.flag("--long"));
        assert_eq!(given.value::<u16>("--port").unwrap(), Some(9));
        assert_eq!(given.names().unwrap(), ["wasm", "browser"]);
    }

    #[test]
    fn a_value_may_be_joined_and_must_fit() {
        assert_eq!(args("--port=8080").value::<u16>("--port").unwrap(), Some(8080));
        assert!(args("--port").value::<u16>("--port").is_err());
        assert!(args("--port many").value::<u16>("--port").is_err());
    }

    #[test]
    fn what_nobody_asked_for_is_refused() {
        assert!(args("--quick").names().is_err());
        assert!(args("twice").end().is_err());
    }
}

//! Parameters of an act: pairs of name and value, the same whatever export they came in.

/// Parameters, changed properties and properties of an operation, read from their canonical text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    pairs: Vec<[String; 2]>,
}

impl Parameters {
    /// Reads the canonical text that an act keeps: a JSON list of `[name, value]`. Anything else has no pairs.
    #[must_use]
    pub fn read(canonical: &str) -> Self {
        Self { pairs: serde_json::from_str(canonical).unwrap_or_default() }
    }

    /// All pairs, in the order of the record.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|[name, value]| (name.as_str(), value.trim()))
    }

    /// The first value of a name, compared ignoring ASCII case; nothing where it is empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).find(|value| !value.is_empty())
    }

    /// All values of a name, compared ignoring ASCII case.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.pairs().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Whether a value is one of those that cmdlets and settings take for *on*, or for *off*; nothing where it
    /// is neither.
    #[must_use]
    pub fn switch(&self, name: &str) -> Option<bool> {
        let value = self.get(name)?;
        let is = |words: &[&str]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
        match (
            is(&["true", "enabled", "on", "1", "$true", "yes"]),
            is(&["false", "disabled", "off", "0", "$false", "no"]),
        ) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// Mail addresses in a text, lower-case: `smtp:a@b.c`, `"Name" [SMTP:a@b.c]`, `a@b.c;d@e.f`.
#[must_use]
pub fn addresses(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| letter.is_whitespace() || "\"'<>[](){};,=:|/\\".contains(letter));
    parts.filter(|part| is_address(part)).map(str::to_lowercase).collect()
}

fn is_address(part: &str) -> bool {
    part.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && !domain.contains('@') && domain.trim_matches('.').contains('.') && domain.len() < 256
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_any_case_and_switches_are_read() {
        let parameters =
            Parameters::read(r#"[["Name"," a "],["deletemessage","True"],["Enabled","Disabled"],["Empty",""]]"#);
        assert_eq!(parameters.get("name"), Some("a"));
        assert_eq!(parameters.get("Empty"), None);
        assert_eq!(parameters.switch("DeleteMessage"), Some(true));
        assert_eq!(parameters.switch("Enabled"), Some(false));
        assert_eq!(parameters.switch("Name"), None);
        assert_eq!(Parameters::read("no JSON"), Parameters::default());
    }

    #[test]
    fn addresses_are_found_however_they_are_wrapped() {
        for (text, found) in [
            ("smtp:Eve@Evil.example", vec!["eve@evil.example"]),
            ("\"Eve\" [SMTP:eve@evil.example]", vec!["eve@evil.example"]),
            ("a@b.example;c@d.example", vec!["a@b.example", "c@d.example"]),
            ("{\"Recipients\":[\"a@b.example\"]}", vec!["a@b.example"]),
            ("Bob Smith", vec![]),
            ("a@b", vec![]),
            ("@b.example", vec![]),
        ] {
            assert_eq!(addresses(text), found, "{text}");
        }
    }
}

//! What an audit event was done to and what changed by it, read from the row when somebody asks.
//!
//! The log of the directory, the admin center's CSV and the unified audit log all end up here: a change
//! has a name (`StrongAuthenticationMethod`, `ConsentAction.Permissions`, `Role.WellKnownObjectName`),
//! and its old and new value, of which the outer quotes are gone. What is inside them may be JSON or a
//! notation of its own.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::{Audit, Id, Store};

/// The kind of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// A user.
    User,
    /// An application's registration.
    Application,
    /// An application's identity in this tenant.
    ServicePrincipal,
    /// A directory role.
    Role,
    /// A policy, or a named location.
    Policy,
    /// A group.
    Group,
    /// A device.
    Device,
    /// Anything else: a domain, a request, the directory itself.
    Other,
}

/// Something that an act was done to.
#[derive(Clone, Debug, Deserialize)]
pub struct Target<'a> {
    /// Its kind as the log writes it; see [`Target::kind`].
    #[serde(borrow, rename = "kind")]
    pub word: Cow<'a, str>,
    /// Object id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// Name.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// User principal name, lower-case.
    #[serde(borrow)]
    pub user: Cow<'a, str>,
    /// What changed of it.
    #[serde(borrow)]
    pub changes: Vec<Change<'a>>,
}

/// A property that changed.
#[derive(Clone, Debug, Deserialize)]
pub struct Change<'a> {
    /// Name of the property.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// Value before; empty where there was none.
    #[serde(borrow)]
    pub old: Cow<'a, str>,
    /// Value after; empty where there is none.
    #[serde(borrow)]
    pub new: Cow<'a, str>,
}

impl Target<'_> {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> TargetKind {
        const WORDS: [(&str, TargetKind); 7] = [
            ("user", TargetKind::User),
            ("application", TargetKind::Application),
            ("serviceprincipal", TargetKind::ServicePrincipal),
            ("role", TargetKind::Role),
            ("policy", TargetKind::Policy),
            ("group", TargetKind::Group),
            ("device", TargetKind::Device),
        ];
        let is = |known: &str| known.eq_ignore_ascii_case(&self.word);
        WORDS.iter().find(|(word, _)| is(word)).map_or(TargetKind::Other, |(_, kind)| *kind)
    }

    /// Its object id, as far as some record of the store has it.
    #[must_use]
    pub fn object(&self, store: &Store) -> Id {
        let known = || store.texts.find(&self.id).map(Id::text);
        Id::parse_known(&self.id).value().or_else(known).unwrap_or(Id::EMPTY)
    }

    /// As a person reads it.
    #[must_use]
    pub fn label(&self) -> &str {
        let names = [&self.user, &self.name, &self.id];
        names.into_iter().find(|text| !text.is_empty()).map_or("", |text| text)
    }
}

impl Change<'_> {
    /// Whether it has this name, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.trim().eq_ignore_ascii_case(name)
    }

    /// Old and new value where they are JSON; null where they are not.
    #[must_use]
    pub fn json(&self) -> [Value; 2] {
        [&self.old, &self.new].map(|text| serde_json::from_str(text).unwrap_or(Value::Null))
    }
}

/// The value of a property without the brackets, quotes and blanks around it: `["Guest"]` is `Guest`. The unified
/// audit log breaks lines within the brackets.
#[must_use]
pub fn plain(value: &str) -> &str {
    value.trim_matches(|mark: char| matches!(mark, '[' | ']' | '"') || mark.is_whitespace())
}

/// The targets of an event, from the text that its row keeps ([`Audit::targets`]).
#[must_use]
pub fn targets(kept: &str) -> Vec<Target<'_>> {
    serde_json::from_str(kept).unwrap_or_default()
}

impl Audit {
    /// The value of an additional detail, whose key is compared without regard to case and blanks.
    #[must_use]
    pub fn detail(&self, store: &Store, key: &str) -> Option<String> {
        let letters =
            |text: &str| text.chars().filter(|letter| *letter != ' ').collect::<String>().to_ascii_lowercase();
        let details: Vec<[String; 2]> = serde_json::from_str(store.texts.get(self.details)).unwrap_or_default();
        details.into_iter().find(|[name, _]| letters(name) == letters(key)).map(|[_, value]| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_targets_without_copying_plain_texts() {
        let text = r#"[{"kind":"User","id":"1","name":"","user":"a@b.example","changes":[["UserType","[\"Guest\"]","[\"Member\"]"],["A","",""]]}]"#;
        let targets: Vec<Target<'_>> = serde_json::from_str(text).expect("targets");
        let target = &targets[0];
        assert_eq!((target.kind(), target.label()), (TargetKind::User, "a@b.example"));
        assert!(matches!(target.user, Cow::Borrowed(_)), "a text without escapes is a part of the row");
        let change = &target.changes[0];
        assert!(change.is("usertype"));
        assert_eq!((plain(&change.old), plain(&change.new)), ("Guest", "Member"));
        assert_eq!(plain("[\r\n  true\r\n]"), "true");
        assert_eq!(change.json()[1], serde_json::json!(["Member"]));
    }

    #[test]
    fn other_kinds_are_other() {
        for (word, kind) in
            [("ServicePrincipal", TargetKind::ServicePrincipal), ("Domain", TargetKind::Other), ("", TargetKind::Other)]
        {
            let text = format!(r#"{{"kind":"{word}","id":"","name":"","user":"","changes":[]}}"#);
            assert_eq!(serde_json::from_str::<Target<'_>>(&text).expect("a target").kind(), kind);
        }
    }
}

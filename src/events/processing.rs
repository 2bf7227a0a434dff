//! Processing details of a sign-in: pairs of key and value, the same whatever export they came in.

/// The key of the scopes.
pub const SCOPES: &str = "Oauth Scope Info";
/// The key of the client library.
const LIBRARY: &str = "Azure AD App Authentication Library";
/// The key of the kind of root key.
const ROOT_KEY: &str = "Root Key Type";
/// The key of the directory roles in the token.
const ROLES: &str = "wids";
/// The keys of continuous access evaluation, the newer first.
const EVALUATED: [&str; 2] = ["Is CAE Token", "IsCAEToken"];

/// Processing details, read from their canonical text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Processing {
    pairs: Vec<[String; 2]>,
}

impl Processing {
    /// Reads the canonical text that a sign-in keeps: a JSON list of `[key, value]`. Anything else
    /// has no pairs.
    #[must_use]
    pub fn read(canonical: &str) -> Self {
        Self { pairs: serde_json::from_str(canonical).unwrap_or_default() }
    }

    /// All pairs, in the order of the record.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|[key, value]| (key.as_str(), value.as_str()))
    }

    /// The value of a key, compared ignoring ASCII case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The scopes that were asked for.
    #[must_use]
    pub fn scopes(&self) -> Vec<String> {
        self.get(SCOPES).map(split).unwrap_or_default()
    }

    /// Ids of the directory roles that the token carries.
    #[must_use]
    pub fn roles(&self) -> Vec<String> {
        self.get(ROLES).map(split).unwrap_or_default()
    }

    /// The client library, such as `Family: MSAL Library: MSAL.Python 1.20.0 Platform: Python`.
    #[must_use]
    pub fn library(&self) -> Option<&str> {
        self.get(LIBRARY).filter(|text| !text.is_empty())
    }

    /// The kind of key that the token hangs on.
    #[must_use]
    pub fn root_key(&self) -> Option<&str> {
        self.get(ROOT_KEY).filter(|text| !text.is_empty())
    }

    /// Whether the token is watched by continuous access evaluation.
    #[must_use]
    pub fn is_evaluated(&self) -> Option<bool> {
        let value = EVALUATED.iter().find_map(|key| self.get(key))?;
        value.parse().ok().or_else(|| value.to_ascii_lowercase().parse().ok())
    }
}

/// Splits a list that is written as JSON (`["User.Read","openid"]`), without quotes
/// (`[User.Read,openid]`), or with blanks between.
#[must_use]
pub fn split(list: &str) -> Vec<String> {
    if let Ok(items) = serde_json::from_str::<Vec<String>>(list) {
        return items.into_iter().filter(|item| !item.trim().is_empty()).collect();
    }
    let list = list.trim();
    let inner = list.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(list);
    let items = inner.split(|mark: char| mark == ',' || mark.is_whitespace());
    items.map(|item| item.trim_matches('"').to_owned()).filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_in_every_form() {
        for text in [
            r#"["User.Read","openid"]"#,
            "[User.Read,openid]",
            "[User.Read, openid]",
            "User.Read openid",
            r#"[ "User.Read" , "openid" ]"#,
        ] {
            assert_eq!(split(text), ["User.Read", "openid"], "{text}");
        }
        for text in ["", "[]", "[\"\"]", "  "] {
            assert!(split(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn details_answer_by_key() {
        let details = Processing::read(
            r#"[["Oauth Scope Info","[\"adrs_access\"]"],["IsCAEToken","True"],["wids","[\"62e90394-69f5-4237-9190-012177145e10\"]"],["Root Key Type",""]]"#,
        );
        assert_eq!(details.scopes(), ["adrs_access"]);
        assert_eq!(details.roles(), ["62e90394-69f5-4237-9190-012177145e10"]);
        assert_eq!(details.is_evaluated(), Some(true));
        assert_eq!((details.root_key(), details.library()), (None, None));
        assert_eq!(details.pairs().count(), 4);
        assert_eq!(Processing::read("").pairs().count(), 0);
    }
}

//! Conditional-access policies that a sign-in's record lists.

use serde::Deserialize;

use crate::events::SignIn;
use crate::sessions::View;

/// A policy, and what became of it.
#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) result: String,
    /// What it demands.
    pub(super) grants: Vec<String>,
    /// Its conditions that held.
    pub(super) satisfied: Vec<String>,
}

impl Policy {
    /// Whether a control that it demands has one of these words, in lower case and without blanks.
    pub(super) fn demands(&self, words: &[&str]) -> bool {
        self.grants.iter().any(|grant| {
            let grant = grant.to_ascii_lowercase().replace(' ', "");
            words.iter().any(|word| grant.contains(word))
        })
    }

    /// Whether it ended so, in any case.
    pub(super) fn ended(&self, results: &[&str]) -> bool {
        results.iter().any(|result| self.result.eq_ignore_ascii_case(result))
    }
}

/// The policies of a sign-in; none where its record does not hold `word` among them.
pub(super) fn policies(view: &View<'_>, row: &SignIn, word: &str) -> Vec<Policy> {
    let text = view.store.texts.get(row.policies);
    if row.policies.has_value() && text.contains(word) {
        serde_json::from_str(text).unwrap_or_default()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_results_are_found_as_they_are_written() {
        let grants = vec!["Require Compliant Device".to_owned()];
        let policy =
            Policy { name: String::new(), result: "reportOnlyFailure".to_owned(), grants, satisfied: Vec::new() };
        assert!(policy.demands(&["mfa", "compliantdevice"]) && !policy.demands(&["mfa"]) && !policy.demands(&[]));
        assert!(policy.ended(&["failure", "ReportOnlyFailure"]) && !policy.ended(&["failure"]));
    }
}

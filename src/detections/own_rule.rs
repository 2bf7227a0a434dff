//! What can be tuned of own networks: many detections leave out what comes from there.

use crate::enrichment::Span;
use crate::tenant::OwnRule;

use super::{Tunable, Tuned, Tuning};

const ID: &str = "own-networks";

/// Own networks, as they stand beside the detections that can be tuned.
pub static OWN_NETWORKS: Tuned = Tuned {
    id: ID,
    title: "Own networks",
    tunables: &[
        Tunable::number("days", "3", "days on which people must have signed in from a block of addresses, at most 64"),
        Tunable::number("users", "5", "people who must have"),
        Tunable::number("percent", "20", "how many of the people who sign in at all they must be, in per cent"),
        Tunable::networks("ours", "networks that are the organisation's own, whoever signs in from there"),
        Tunable::networks("not-ours", "networks that are not, however many sign in from there"),
    ],
};

/// The rule as tuned.
#[must_use]
pub fn own_rule(tuning: &Tuning) -> OwnRule {
    let number = |name| tuning.number(ID, name).and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
    let spans = |name| tuning.words(ID, name).iter().filter_map(|text| Span::parse(text).ok()).collect();
    OwnRule {
        days: number("days"),
        users: number("users"),
        percent: number("percent"),
        ours: spans("ours"),
        not_ours: spans("not-ours"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_rule() {
        assert_eq!(own_rule(&Tuning::default()), OwnRule::default());
    }

    #[test]
    fn tuned_values_are_the_rule() {
        let mut tuning = Tuning::default();
        for (key, value) in [
            ("days", "2"),
            ("users", "50"),
            ("percent", "7"),
            ("ours", "192.0.2.0/24, AS64500"),
            ("not-ours", "2001:db8::/48"),
        ] {
            tuning.set(&format!("{ID}.{key}"), value).expect("a tunable");
        }
        let parse = |text| Span::parse(text).expect("a network");
        let rule = OwnRule {
            days: 2,
            users: 50,
            percent: 7,
            ours: vec![parse("192.0.2.0/24"), parse("AS64500")],
            not_ours: vec![parse("2001:db8::/48")],
        };
        assert_eq!(own_rule(&tuning), rule);
        for wrong in ["192.0.2.0/24, office", "0.0.0.0/0", ""] {
            assert!(tuning.set("own-networks.ours", wrong).is_err(), "{wrong}");
        }
        tuning.set("own-networks.ours", "none").expect("the default");
        assert!(own_rule(&tuning).ours.is_empty());
    }
}

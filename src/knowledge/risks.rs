//! Microsoft's kinds of risk events, and how much each says.
//!
//! Source: Microsoft, Entra ID Protection risk types and riskDetection resource, 2026-11-01; Microsoft, Token
//! theft playbook: which of them speak of stolen tokens. Facts.

/// How much an event of a kind says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Often something else.
    Weak,
    /// A sign.
    Sign,
    /// A stolen token or password, or somebody's word for it.
    Strong,
}

/// A kind of risk event.
#[derive(Debug, PartialEq, Eq)]
pub struct Risk {
    /// As records write it.
    pub name: &'static str,
    /// What it says, for a sentence.
    pub words: &'static str,
    /// How much it says.
    pub weight: Weight,
}

use Weight::{Sign, Strong, Weak};

/// Kinds of users' and sign-ins' risk; the last stands for all that are not named.
pub static OF_USERS: &[Risk] = &[
    Risk::of("adminConfirmedUserCompromised", "an administrator confirmed that the user is compromised", Strong),
    Risk::of("anomalousToken", "a token has unusual properties or came from an unusual place", Strong),
    Risk::of("anomalousUserActivity", "the user acts unlike before in the directory", Strong),
    Risk::of("anonymizedIPAddress", "the address hides its users", Sign),
    Risk::of("attackerinTheMiddle", "a malicious proxy stood between user and Microsoft", Strong),
    Risk::of("attemptedPrtAccess", "somebody tried to read a primary refresh token on the device", Strong),
    Risk::of("generic", "Microsoft does not say why", Weak),
    Risk::of("investigationsThreatIntelligence", "it matches a known pattern of attack", Strong),
    Risk::of("leakedCredentials", "the password is for sale", Strong),
    Risk::of("maliciousIPAddress", "the address is known for attacks", Sign),
    Risk::of("mcasFinSuspiciousFileAccess", "many sensitive files were read", Sign),
    Risk::of("mcasImpossibleTravel", "two places in too short a time", Weak),
    Risk::of("mcasSuspiciousInboxManipulationRules", "a suspicious inbox rule was made", Sign),
    Risk::of("nationStateIP", "the address is one of a known group of attackers", Strong),
    Risk::of("newCountry", "the country is new for the user", Sign),
    Risk::of("passwordSpray", "the password was found by spraying", Sign),
    Risk::of("riskyIPAddress", "the address hides its users", Sign),
    Risk::of("suspiciousAPITraffic", "calls of Graph or the directory are unusual", Sign),
    Risk::of("suspiciousAuthTraffic", "the authentication traffic is suspicious", Strong),
    Risk::of("suspiciousBrowser", "one browser signs in to several tenants", Weak),
    Risk::of("suspiciousInboxForwarding", "a rule forwards mail to outside", Sign),
    Risk::of("suspiciousSendingPatterns", "mail is sent in a suspicious pattern", Sign),
    Risk::of("tokenIssuerAnomaly", "the issuer of the token is compromised or unusual", Strong),
    Risk::of("unfamiliarFeatures", "the properties of the sign-in are not familiar for the user", Sign),
    Risk::of("unlikelyTravel", "two places in too short a time", Weak),
    Risk::of(
        "userReportedSuspiciousActivity",
        "the user reported a request for a second factor that was not theirs",
        Strong,
    ),
    Risk::of("other", "Microsoft detected a risk of another kind", Weak),
];

/// Kinds of risk of applications' identities; the last stands for all that are not named.
pub static OF_WORKLOADS: &[Risk] = &[
    Risk::of("adminConfirmedServicePrincipalCompromised", "an administrator confirmed that it is compromised", Strong),
    Risk::of("anomalousServicePrincipalActivity", "it acts unlike before in the directory", Sign),
    Risk::of("investigationsThreatIntelligence", "it matches a known pattern of attack", Strong),
    Risk::of("leakedCredentials", "its secret or key was found in public", Strong),
    Risk::of("maliciousApplication", "Microsoft disabled the application as malicious", Strong),
    Risk::of("suspiciousAPITraffic", "calls of Graph or the directory are unusual", Sign),
    Risk::of("suspiciousApplication", "the application may be malicious", Sign),
    Risk::of("suspiciousSignins", "sign-ins have unusual properties", Sign),
    Risk::of("other", "Microsoft detected a risk of another kind", Weak),
];

impl Risk {
    const fn of(name: &'static str, words: &'static str, weight: Weight) -> Self {
        Self { name, words, weight }
    }
}

/// Other spellings, and kinds that say the same, in lower case.
const ALIASES: [(&str, &str); 7] = [
    ("adminconfirmedsignincompromised", "adminConfirmedUserCompromised"),
    ("impossibletravel", "unlikelyTravel"),
    ("investigationsthreatintelligencesigninlinked", "investigationsThreatIntelligence"),
    ("maliciousipaddressvalidcredentialsblockedip", "maliciousIPAddress"),
    ("malwareinfectedipaddress", "maliciousIPAddress"),
    ("suspiciousipaddress", "maliciousIPAddress"),
    ("suspicioussignin", "suspiciousSignins"),
];

/// The kind of this name, in any case; that of all others where it is not known.
#[must_use]
pub fn find(table: &'static [Risk], name: &str) -> Option<&'static Risk> {
    let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map_or(name, |(_, is)| is);
    table.iter().find(|risk| risk.name.eq_ignore_ascii_case(alias)).or_else(|| table.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_in_any_case_and_by_their_old_names() {
        for (name, is) in [
            ("AttackerInTheMiddle", "attackerinTheMiddle"),
            ("impossibleTravel", "unlikelyTravel"),
            ("somethingNew", "other"),
            ("other", "other"),
        ] {
            assert_eq!(find(OF_USERS, name).unwrap().name, is);
        }
        assert_eq!(find(OF_WORKLOADS, "LeakedCredentials").unwrap().weight, Weight::Strong);
    }
}

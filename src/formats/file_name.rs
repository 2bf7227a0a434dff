//! What the name of a file says that its records do not.

use crate::events::vocabulary::Stream;

/// How the admin center begins the names of its four downloads. The longer one stands before the
/// one that it ends in.
const TABS: [(&str, Stream); 4] = [
    ("noninteractivesignins", Stream::NonInteractive),
    ("interactivesignins", Stream::Interactive),
    ("applicationsignins", Stream::ServicePrincipal),
    ("msisignins", Stream::ManagedIdentity),
];

/// The stream that a file of this name holds, by the admin center's names. People put words before
/// and behind them; folders do not count.
pub(super) fn stream(name: &str) -> Option<Stream> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain: String = base.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    TABS.iter().find(|(tab, _)| plain.contains(tab)).map(|(_, stream)| *stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_downloads_are_told_by_their_names() {
        for (name, expected) in [
            ("InteractiveSignIns_2025-12-01_2025-12-08.csv", Some(Stream::Interactive)),
            ("NonInteractiveSignIns_2025-12-01_2025-12-08.csv", Some(Stream::NonInteractive)),
            ("case.zip!/export/Contoso NonInteractiveSignIns (1).csv", Some(Stream::NonInteractive)),
            ("non-interactive_sign-ins.csv", Some(Stream::NonInteractive)),
            ("C:\\case\\ApplicationSignIns_2025.csv", Some(Stream::ServicePrincipal)),
            ("MSISignIns_2025.csv", Some(Stream::ManagedIdentity)),
            ("InteractiveSignIns/other.csv", None),
            ("SignIns.csv", None),
            ("", None),
        ] {
            assert_eq!(stream(name), expected, "{name}");
        }
    }
}

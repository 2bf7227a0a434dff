//! Client apps of sign-ins (`clientAppUsed`), and which of them can ask for a second factor.
//!
//! Source: Microsoft's list of legacy authentication clients, 2026-11-01; facts.

/// Client apps that can ask for a second factor, in lower case.
const MODERN: [&str; 2] = ["browser", "mobile apps and desktop clients"];

/// Whether a client app is one of a protocol that cannot ask for a second factor. An empty one says nothing.
#[must_use]
pub fn is_legacy(client: &str) -> bool {
    let client = client.trim();
    !client.is_empty() && !MODERN.iter().any(|name| client.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_is_modern() {
        for (client, legacy) in [
            ("Browser", false),
            (" mobile apps and desktop clients ", false),
            ("", false),
            ("IMAP4", true),
            ("Exchange ActiveSync", true),
            ("Authenticated SMTP", true),
        ] {
            assert_eq!(is_legacy(client), legacy, "{client}");
        }
    }
}

//! Result codes of sign-ins, and what each of them says.

use std::sync::OnceLock;

use super::table;

/// What a result code says. Every code has exactly one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResultClass {
    /// Signed in: code 0.
    Success,
    /// A step of a sign-in that goes on. Never a failure by itself: its outcome stands in another
    /// record of the same correlation id or session.
    Interrupt,
    /// The password was wrong or missing.
    WrongSecret,
    /// There is no such user.
    UnknownUser,
    /// The account is locked, disabled, or not one of this tenant.
    AccountState,
    /// A policy, an assignment or a missing consent stood in the way.
    Policy,
    /// The token or session presented was revoked or has expired.
    TokenDead,
    /// The second factor was refused or not answered.
    MfaRefused,
    /// Anything else: misconfiguration, malformed requests, unlisted codes.
    Other,
}

/// The class of a code.
#[must_use]
pub fn class(code: u32) -> ResultClass {
    // Most sign-ins succeed.
    if code == 0 {
        return ResultClass::Success;
    }
    find(code).map_or(ResultClass::Other, |row| row.class)
}

/// What the code means, in a few words without final dot, for the codes that matter here.
#[must_use]
pub fn meaning(code: u32) -> Option<&'static str> {
    find(code).map(|row| row.meaning)
}

/// All codes that have a meaning here, ascending.
pub fn codes_with_meaning() -> impl Iterator<Item = u32> {
    codes().iter().map(|(code, _)| *code)
}

/// Whether the code only comes after the right password: somebody knew it, although nobody got in.
///
/// Holds on a primary password step alone (incoming token none, interactive or ROPC). The same
/// code on the refresh of a token proves nothing; that is for the caller to tell. False for a
/// success, which says more than this.
#[must_use]
pub fn secret_proven(code: u32) -> bool {
    find(code).is_some_and(|row| row.secret_proven)
}

/// Whether the code asks for a second factor that was not given yet. With no success after it, the
/// factor was not given at all.
#[must_use]
pub fn asks_for_factor(code: u32) -> bool {
    matches!(code, 50074 | 50076)
}

/// Whether the account was locked, or the address refused as malicious.
#[must_use]
pub fn is_locked(code: u32) -> bool {
    code == 50053
}

/// Whether seamless single sign-on refused a password without saying whether it was right: what programs get that try
/// passwords there (TeamFiltration's issue 45, CredMaster's issue 62).
#[must_use]
pub fn is_unsaid(code: u32) -> bool {
    code == 81016
}

/// Whether a consent is missing that the user declined to give, or that only an administrator may give.
#[must_use]
pub fn lacks_consent(code: u32) -> bool {
    matches!(code, 65004 | 90094..=90096)
}

/// Whether the account is disabled.
#[must_use]
pub fn is_disabled(code: u32) -> bool {
    matches!(code, 50057 | 500_571)
}

/// Reads a code as logs write it: `50126`, `AADSTS50126`, with or without text behind it.
#[must_use]
pub fn parse_code(text: &str) -> Option<u32> {
    let text = text.trim();
    let marked = text.get(..6).filter(|mark| mark.eq_ignore_ascii_case("AADSTS"));
    let text = text.get(marked.map_or(0, str::len)..)?;
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(length)?;
    let ends = !rest.starts_with(|next: char| next.is_alphanumeric() || next == '.');
    (ends || marked.is_some()).then(|| digits.parse().ok()).flatten()
}

#[derive(Clone, Copy)]
struct Row {
    class: ResultClass,
    secret_proven: bool,
    meaning: &'static str,
}

fn find(code: u32) -> Option<Row> {
    table::find(codes(), &code)
}

fn codes() -> &'static [(u32, Row)] {
    static CODES: OnceLock<Vec<(u32, Row)>> = OnceLock::new();
    CODES.get_or_init(|| {
        table::rows(include_str!("result-codes.tsv"))
            .filter_map(|row| {
                let mut columns = row.split('\t');
                let code = table::column(&mut columns).parse().ok()?;
                let class = match table::column(&mut columns) {
                    "success" => ResultClass::Success,
                    "interrupt" => ResultClass::Interrupt,
                    "wrong-secret" => ResultClass::WrongSecret,
                    "unknown-user" => ResultClass::UnknownUser,
                    "account" => ResultClass::AccountState,
                    "policy" => ResultClass::Policy,
                    "token-dead" => ResultClass::TokenDead,
                    "mfa-refused" => ResultClass::MfaRefused,
                    "other" => ResultClass::Other,
                    _ => return None,
                };
                let secret_proven = table::column(&mut columns) == "p";
                let meaning = table::column(&mut columns);
                Some((code, Row { class, secret_proven, meaning }))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_sorted() {
        assert_eq!(codes().len(), table::rows(include_str!("result-codes.tsv")).count());
        assert!(codes().is_sorted_by(|(a, _), (b, _)| a < b));
        assert!(codes().iter().all(|(_, row)| !row.meaning.is_empty() && !row.meaning.ends_with('.')));
        let successes = codes().iter().filter(|(_, row)| row.class == ResultClass::Success);
        assert_eq!(successes.map(|(code, _)| *code).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn classes_are_those_of_the_catalogue() {
        for (expected, list) in [
            (ResultClass::Success, vec![0]),
            (
                ResultClass::Interrupt,
                vec![
                    50055, 50058, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50127, 50129, 50140, 50144, 50158,
                    50199, 50203, 51006, 65001, 16000, 16001, 9_002_341,
                ],
            ),
            (ResultClass::WrongSecret, vec![50126, 50056]),
            (ResultClass::UnknownUser, vec![50034, 50059, 51004]),
            (ResultClass::AccountState, vec![50053, 50057, 50020]),
            (
                ResultClass::Policy,
                vec![
                    53000, 53001, 53002, 53003, 53004, 530_031, 530_032, 530_033, 530_034, 530_035, 530_036, 50105,
                    90095, 65004,
                ],
            ),
            (ResultClass::TokenDead, vec![50173, 50133, 70008, 700_082, 700_084, 70043, 70044]),
            (ResultClass::MfaRefused, vec![500_121]),
            (ResultClass::Other, vec![54005, 81004, 81016, 700_016, 1, 999_999, u32::MAX]),
        ] {
            for code in list {
                assert_eq!(class(code), expected, "{code}");
            }
        }
    }

    #[test]
    fn the_right_password_is_proven_by_these_codes_alone() {
        let proven: Vec<u32> = codes().iter().filter(|(_, row)| row.secret_proven).map(|(code, _)| *code).collect();
        assert_eq!(
            proven,
            [
                50055, 50072, 50074, 50076, 50079, 50097, 50125, 50140, 50144, 50158, 50203, 53000, 53001, 53002,
                53003, 53004, 65001, 500_121, 530_032
            ]
        );
        assert!(secret_proven(50074) && !secret_proven(50126) && !secret_proven(0));
        assert!(!secret_proven(50199));
    }

    #[test]
    fn meanings() {
        assert_eq!(meaning(50126), Some("wrong user name or password"));
        assert_eq!(meaning(999_999), None);
    }

    #[test]
    fn reads_codes_as_logs_write_them() {
        for (text, code) in [
            ("0", Some(0)),
            (" 50126 ", Some(50126)),
            ("AADSTS50126", Some(50126)),
            ("aadsts50126: Error validating credentials", Some(50126)),
            ("", None),
            ("AADSTS", None),
            ("-1", None),
            ("50126x", None),
            ("50126.5", None),
            ("99999999999", None),
            ("Success", None),
            ("ééé50126", None),
        ] {
            assert_eq!(parse_code(text), code, "{text}");
        }
    }
}

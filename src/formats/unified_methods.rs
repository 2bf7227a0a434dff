//! How a user proved who they are, as the unified audit log tells it: bits of `UserAuthenticationMethod`.

/// Bits and what they stand for, after Sekoia.io and Microsoft-Analyzer-Suite. Others occur and are not known.
const METHODS: [(u32, &str); 16] = [
    (1, "password in the cloud"),
    (1 << 1, "temporary access pass"),
    (1 << 2, "seamless single sign-on"),
    (1 << 3, "pass-through authentication"),
    (1 << 4, "password hash sync"),
    (1 << 6, "phone sign-in"),
    (1 << 8, "staged rollout"),
    (1 << 18, "Windows Hello for Business"),
    (1 << 19, "QR code"),
    (1 << 20, "text message"),
    (1 << 21, "X.509 certificate"),
    (1 << 23, "macOS platform credential"),
    (1 << 24, "QR code and PIN"),
    (1 << 25, "passkey of a device"),
    (1 << 26, "synced passkey"),
    (1 << 27, "code by mail"),
];

/// What is told beside a sign-in's result: its status in more detail, and the methods that are known.
pub(super) fn details(status: Option<String>, bits: Option<String>) -> Option<String> {
    let bits: u32 = bits.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    let methods: Vec<&str> = METHODS.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| *name).collect();
    let methods = (!methods.is_empty()).then(|| format!("methods: {}", methods.join(", ")));
    let told: Vec<String> = status.into_iter().chain(methods).filter(|text| !text.trim().is_empty()).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_told_in_words_and_others_left_out() {
        let told = |status: &str, bits: &str| details(Some(status.to_owned()), Some(bits.to_owned()));
        assert_eq!(told("Success", "16").as_deref(), Some("Success; methods: password hash sync"));
        assert_eq!(told("", "1048577").as_deref(), Some("methods: password in the cloud, text message"));
        assert_eq!(told("Redirect", "32").as_deref(), Some("Redirect"));
        assert_eq!(told("Redirect", "many").as_deref(), Some("Redirect"));
        assert_eq!(told("", ""), None);
        assert_eq!(details(None, None), None);
        assert!(METHODS.is_sorted_by(|(one, _), (other, _)| one < other));
    }
}

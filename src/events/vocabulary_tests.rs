use super::*;

#[test]
fn words_are_read_in_every_spelling() {
    for text in ["deviceCode", "devicecode", "DeviceCode", "Device code", "device_code", " deviceCode "] {
        assert_eq!(Protocol::parse(text), Protocol::DEVICE_CODE, "{text}");
    }
    for text in ["deviceCodeFlow", "Device code flow", "DEVICE-CODE-FLOW"] {
        assert_eq!(Transfer::parse(text), Transfer::DEVICE_CODE_FLOW, "{text}");
    }
    assert_eq!(Requirement::parse("Multifactor authentication"), Requirement::MULTI_FACTOR);
    assert_eq!(Requirement::parse("Single-factor authentication"), Requirement::SINGLE_FACTOR);
    assert_eq!(PolicyStatus::parse("Not applied"), PolicyStatus::NOT_APPLIED);
    assert_eq!(UserType::parse("Guest"), UserType::GUEST);
}

#[test]
fn every_word_of_the_vocabularies_is_its_own() {
    for (text, word) in [
        ("none", Protocol::NONE),
        ("oAuth2", Protocol::OAUTH2),
        ("ropc", Protocol::ROPC),
        ("wsFederation", Protocol::WS_FEDERATION),
        ("saml20", Protocol::SAML20),
        ("deviceCode", Protocol::DEVICE_CODE),
        ("authenticationTransfer", Protocol::AUTHENTICATION_TRANSFER),
        ("nativeAuth", Protocol::NATIVE_AUTH),
    ] {
        assert_eq!(Protocol::parse(text), word);
        assert_eq!(word.text(), text);
    }
    for (text, word) in [("none", Protection::NONE), ("bound", Protection::BOUND), ("unbound", Protection::UNBOUND)] {
        assert_eq!((Protection::parse(text), word.text()), (word, text));
    }
}

#[test]
fn absent_empty_and_unknown_are_three_states() {
    assert_eq!(Protocol::parse(""), Protocol::EMPTY);
    assert_eq!(Protocol::parse("unknownFutureValue"), Protocol::OTHER);
    assert!(!Protocol::ABSENT.is_present() && Protocol::EMPTY.is_present() && Protocol::OTHER.is_present());
    assert!(!Protocol::ABSENT.has_value() && !Protocol::EMPTY.has_value() && Protocol::OTHER.has_value());
    assert_eq!((Protocol::ABSENT.text(), Protocol::EMPTY.text(), Protocol::OTHER.text()), ("", "", "unknown"));
}

#[test]
fn truth_has_synonyms() {
    for text in ["true", "True", "TRUE", "Yes", "yes", "1"] {
        assert_eq!(Flag::parse(text), Flag::TRUE, "{text}");
    }
    for text in ["false", "False", "FALSE", "No", "0"] {
        assert_eq!(Flag::parse(text), Flag::FALSE, "{text}");
    }
    assert_eq!((Flag::parse(""), Flag::parse("-1")), (Flag::EMPTY, Flag::OTHER));
}

#[test]
fn an_incoming_token_may_be_a_list_of_flags() {
    let both = IncomingToken::parse("primaryRefreshToken,saml11");
    assert_eq!(both.text(), "primaryRefreshToken,saml11");
    assert_eq!(IncomingToken::parse(" SAML 1.1 , Primary refresh token"), both);
    assert!(both.is_token() && !both.is_none());
    for (text, word) in [
        ("none", IncomingToken::NONE),
        ("None", IncomingToken::NONE),
        ("refreshToken", IncomingToken::REFRESH_TOKEN),
        ("Refresh token", IncomingToken::REFRESH_TOKEN),
        ("primaryRefreshToken", IncomingToken::PRIMARY_REFRESH_TOKEN),
        ("", IncomingToken::EMPTY),
        (" , ", IncomingToken::EMPTY),
    ] {
        assert_eq!(IncomingToken::parse(text), word, "{text}");
    }
    assert!(IncomingToken::NONE.is_none() && !IncomingToken::NONE.is_token());
    assert!(!IncomingToken::EMPTY.is_none() && !IncomingToken::EMPTY.is_token());
    assert!(!IncomingToken::ABSENT.is_present() && !IncomingToken::ABSENT.is_token());
    let unknown = IncomingToken::parse("unknownFutureValue");
    assert!(unknown.is_token() && unknown.has_value());
    assert_eq!(unknown.text(), "unknown");
}

#[test]
fn doubts_add_up_and_concern_the_time_or_not() {
    let doubts = Doubts::STREAM.with(Doubts::ORDER);
    assert!(doubts.has(Doubts::STREAM) && doubts.has(Doubts::ORDER) && !doubts.has(Doubts::ZONE));
    assert!(!doubts.time_is_certain() && Doubts::STREAM.time_is_certain());
    assert_eq!(doubts.of_time(), Doubts::ORDER);
    assert_eq!(doubts.without(Doubts::ORDER), Doubts::STREAM);
}

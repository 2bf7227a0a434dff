//! Each inspection finds what it is for: a good page with one thing changed.

use super::super::document::source;
use super::super::elements::elements;
use super::{
    budget, canonical, directives, forbidden, hashes, loads, named_hosts, policy, policy_first, same_hash,
    trusted_types,
};

fn page() -> String {
    let (script, style) = ("trustedTypes.createPolicy(`one`)", "p{}");
    format!(
        "<!doctype html>\n<html lang=\"en\"><head>\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         script-src {} 'wasm-unsafe-eval'; style-src {}; img-src data: blob:; worker-src blob:; \
         connect-src 'none'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; \
         trusted-types one\"><meta charset=\"utf-8\"><style>{style}</style></head>\
         <body><script>{script}</script></body></html>\n",
        source(script),
        source(style),
    )
}

/// How many problems each inspection has with a page.
fn problems(page: &str) -> [usize; 7] {
    let read = elements(page);
    let tags = read.as_deref().unwrap_or_default();
    let policy = policy(tags);
    [
        canonical(page, read.as_ref().err()).len(),
        policy_first(tags).len(),
        directives(&policy).len(),
        hashes(tags, &policy).len(),
        trusted_types(tags, &policy).len(),
        forbidden(tags).len(),
        loads(tags).len(),
    ]
}

#[test]
fn a_good_page_has_no_problem() {
    assert_eq!(problems(&page()), [0; 7]);
}

#[test]
fn each_change_is_found_by_its_inspection() {
    let cases = [
        (0, "</html>\n", "</html>"),
        (0, "<!doctype html>\n", "<!DOCTYPE html>\n"),
        (0, "<meta charset=\"utf-8\">", ""),
        (0, "<body>", "<body class=a>"),
        (1, "<head>", "<head><title>before</title>"),
        (2, "connect-src 'none'", "connect-src 'self'"),
        (2, "worker-src blob:", "worker-src blob: 'self'"),
        (2, "base-uri 'none'", "base-uri 'none'; media-src blob:"),
        (3, "p{}", "p{color:red}"),
        (3, "'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'unsafe-inline'"),
        (3, "</body>", "<script>1</script></body>"),
        (4, "trusted-types one", "trusted-types one two"),
        (5, "p{}", "p{background:url(http://a.invalid/)}"),
        (5, "createPolicy(`one`)", "createPolicy(`one`);eval(1)"),
        (6, "<body>", "<body><img src=\"a.png\">"),
    ];
    for (inspection, from, to) in cases {
        let changed = page().replacen(from, to, 1);
        assert_ne!(changed, page(), "{from}");
        assert!(problems(&changed)[inspection] > 0, "{from} to {to}");
    }
}

#[test]
fn hosts_are_found_in_any_text() {
    let text = "a https://one.example/x?y \u{0} 'http://two.example:80' https:// http://";
    let mut found: Vec<&str> = named_hosts(text).collect();
    found.sort_unstable();
    assert_eq!(found, ["one.example", "two.example:80"]);
}

#[test]
fn size_and_hash_are_compared() {
    assert!(budget(5, 5).is_empty() && !budget(6, 5).is_empty());
    let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  signin-sleuth.html\n";
    assert!(same_hash("abc", sum).is_empty() && !same_hash("abd", sum).is_empty());
}

//! The page as one document.
//!
//! It is written in the form in which a browser hands a document back: quoted attributes, line feeds,
//! nothing between `<html>` and `<head>`, nothing behind `</html>` but one line feed. So the page can
//! compute its own hash and save itself: `"<!doctype html>\n" + documentElement.outerHTML + "\n"`, taken
//! at the start of the last script, is the file byte for byte.

use std::fs;
use std::io::Write;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};

use super::bundle::Bundle;
use super::template::fill;
use super::wasm::Core;
use crate::fresh::hex;

/// Fills the template in.
pub(crate) fn fill_in(template: &str, bundle: &Bundle, core: &Core, notices: &str) -> Result<String> {
    let packed = fs::read(&core.packed).with_context(|| format!("read {}", core.packed.display()))?;
    let Bundle { first, worker, page, style } = bundle;
    let parts: [(&str, &str); 5] =
        [("first", first), ("worker", worker), ("page", page), ("style", style), ("notices", notices)];
    for (name, text) in parts {
        may_stand_inside(name, text)?;
    }
    let scripts = format!("{} {}", source(first), source(page));
    fill(
        template,
        &[
            ("script-hashes", &scripts),
            ("style-hash", &source(style)),
            ("first", first),
            ("style", style),
            ("worker", worker),
            ("wasm", &STANDARD.encode(packed)),
            ("notices", notices),
            ("page", page),
        ],
    )
}

/// Nothing in a text may end the element it stands in, or be changed by the parser.
fn may_stand_inside(name: &str, text: &str) -> Result<()> {
    let lower = text.to_ascii_lowercase();
    for end in ["</script", "</style", "<!--", "<script", "\r", "\0"] {
        if lower.contains(end) {
            bail!("the text of {name:?} holds {end:?}, which cannot stand inside the page");
        }
    }
    Ok(())
}

/// The bytes as gzip, as a server sends them: the same ones whenever and wherever they are made.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// A text's hash as a source in a content security policy.
pub(crate) fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::{gzip, may_stand_inside, sha256, source};

    #[test]
    fn hashes_are_those_of_the_standard() {
        assert_eq!(source(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn gzip_holds_no_time() {
        let bytes = gzip(b"x").unwrap();
        assert_eq!(bytes.get(4..8), Some(&[0; 4][..]));
    }

    #[test]
    fn a_text_that_would_end_its_element_is_refused() {
        assert!(may_stand_inside("page", "a < b, `<p>`").is_ok());
        for text in ["'</SCRIPT>'", "'<!--'", "a\r\n", "'</style>'"] {
            assert!(may_stand_inside("page", text).is_err(), "{text}");
        }
    }
}

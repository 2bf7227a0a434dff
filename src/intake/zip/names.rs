//! Names of files in archives.

/// The upper half of code page 437, in which names are written that are not said to be UTF-8.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name as text, with forward slashes and none at its start.
pub(super) fn decode(bytes: &[u8]) -> String {
    let name = match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) => bytes
            .iter()
            .map(|byte| match byte.checked_sub(128) {
                None => char::from(*byte),
                Some(place) => UPPER.chars().nth(usize::from(place)).unwrap_or(char::REPLACEMENT_CHARACTER),
            })
            .collect(),
    };
    name.replace('\\', "/").trim_start_matches('/').to_owned()
}

/// Whether the name is that of a folder, or of what systems leave beside the files: hidden ones, and
/// what Finder and Explorer keep.
pub(super) fn is_junk(name: &str) -> bool {
    let is_folder = name.is_empty() || name.ends_with('/');
    let hidden = |part: &str| part == "__MACOSX" || (part.starts_with('.') && part != "." && part != "..");
    let file = name.rsplit('/').next().unwrap_or_default();
    let kept = ["Thumbs.db", "desktop.ini"].iter().any(|known| file.eq_ignore_ascii_case(known));
    is_folder || kept || name.split('/').any(hidden)
}

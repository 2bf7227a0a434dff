//! What files are wrapped in: UTF-16, gzip.

use std::io::Write as _;

use crate::generate::File;

/// Little-endian UTF-16 with a byte order mark, as Windows PowerShell redirects text.
pub(super) fn utf16(file: File) -> File {
    let text = String::from_utf8_lossy(&file.bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    File { name: file.name, bytes }
}

/// Compressed, without time or name in its head: the same content gives the same bytes.
pub(super) fn gzip(file: File) -> File {
    let mut encoder = flate2::GzBuilder::new().write(Vec::new(), flate2::Compression::fast());
    // Writing into memory does not fail; if it ever did, the file would be empty and not half.
    let done = encoder.write_all(&file.bytes).and_then(|()| encoder.finish());
    File { name: format!("{}.gz", file.name), bytes: done.unwrap_or_default() }
}

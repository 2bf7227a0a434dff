//! What files are wrapped in: UTF-16, gzip, zip.

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

/// An archive of files, each deflated, without times: the same content gives the same bytes.
pub(super) fn zip(name: &str, files: &[File]) -> File {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for file in files {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        let done = encoder.write_all(&file.bytes).and_then(|()| encoder.finish());
        let packed = done.unwrap_or_default();
        let mut crc = flate2::Crc::new();
        crc.update(&file.bytes);
        // Version 2.0, names in UTF-8, deflated, 1 January 1980.
        let mut head = vec![20, 0, 0, 8, 8, 0, 0, 0, 0x21, 0];
        for number in [crc.sum(), packed.len() as u32, file.bytes.len() as u32, file.name.len() as u32] {
            head.extend(number.to_le_bytes());
        }
        let offset = bytes.len() as u32;
        bytes.extend(b"PK\x03\x04".iter().chain(&head).chain(file.name.as_bytes()).chain(&packed));
        directory.extend(b"PK\x01\x02\x14\0".iter().chain(&head).chain(&[0; 10]));
        directory.extend(offset.to_le_bytes().iter().chain(file.name.as_bytes()));
    }
    let count = (files.len() as u16).to_le_bytes();
    let (at, length) = ((bytes.len() as u32).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    bytes.append(&mut directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0".iter().chain(&count).chain(&count).chain(&length).chain(&at).chain(&[0, 0]));
    File { name: name.to_owned(), bytes }
}

//! One file of an archive, unpacked.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::entry::Entry;
use super::{four, two};
use crate::Problem;

/// Packed bytes that are unpacked at a time.
const PIECE: usize = 16 << 10;
/// Bytes that come out at a time.
const OUT: usize = 64 << 10;
/// A file's header without its name and extra fields.
const HEADER: usize = 30;

/// Unpacks one file of an archive, fed the archive's bytes from the entry's first on in any chunk
/// sizes. They are unpacked in pieces of one size: what a damaged piece still gives does not depend
/// on how the bytes come.
#[derive(Debug)]
pub struct Unpacker {
    header: Vec<u8>,
    /// Bytes of the name and the extra fields still to pass; nothing before the header is whole.
    skip: Option<usize>,
    /// Nothing where the file is stored as it is.
    inflate: Option<Decompress>,
    piece: Vec<u8>,
    out: Vec<u8>,
    /// Packed bytes still to come.
    left: u64,
    /// Packed bytes unpacked.
    taken: u64,
    /// Bytes that came out.
    given: u64,
    size: u64,
    crc: u32,
    sum: Crc,
    is_ended: bool,
}

impl Unpacker {
    /// For a file of an archive.
    #[must_use]
    pub fn new(entry: &Entry) -> Self {
        Self {
            header: Vec::with_capacity(HEADER),
            skip: None,
            inflate: (entry.method == 8).then(|| Decompress::new(false)),
            piece: Vec::with_capacity(PIECE),
            out: Vec::new(),
            left: entry.packed,
            taken: 0,
            given: 0,
            size: entry.size,
            crc: entry.crc,
            sum: Crc::new(),
            is_ended: false,
        }
    }

    /// Takes the next bytes of the archive, and hands on what comes out.
    ///
    /// # Errors
    /// When they are damaged; then nothing more comes out.
    pub fn feed(&mut self, mut bytes: &[u8], take: &mut dyn FnMut(&[u8])) -> Result<(), Problem> {
        let Some(skip) = &mut self.skip else {
            let (head, rest) = bytes.split_at(bytes.len().min(HEADER - self.header.len()));
            self.header.extend_from_slice(head);
            if self.header.len() < HEADER {
                return Ok(());
            }
            if four(&self.header, 0) != Some(0x0403_4B50) {
                return Err(self.damage("no file of the archive begins here"));
            }
            let length = |at| usize::from(two(&self.header, at).unwrap_or_default());
            self.skip = Some(length(26) + length(28));
            return self.feed(rest, take);
        };
        let passed = bytes.len().min(*skip);
        *skip -= passed;
        bytes = bytes.get(passed..).unwrap_or_default();
        let own = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        bytes = bytes.get(..own).unwrap_or_default();
        self.left -= own as u64;
        while !bytes.is_empty() {
            let (head, rest) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(head);
            bytes = rest;
            if self.piece.len() == PIECE {
                self.unpack(take)?;
            }
        }
        Ok(())
    }

    /// Whether all its bytes have come.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.skip == Some(0) && self.left == 0
    }

    fn damage(&self, why: &str) -> Problem {
        Problem::Packed { at: self.taken, why: why.to_owned() }
    }

    /// Unpacks the piece under way.
    fn unpack(&mut self, take: &mut dyn FnMut(&[u8])) -> Result<(), Problem> {
        let piece = std::mem::take(&mut self.piece);
        let result = self.unpack_piece(&piece, take);
        self.taken += piece.len() as u64;
        self.piece = piece;
        self.piece.clear();
        result
    }

    fn unpack_piece(&mut self, piece: &[u8], take: &mut dyn FnMut(&[u8])) -> Result<(), Problem> {
        let Some(mut inflate) = self.inflate.take() else { return self.give(piece, take) };
        let mut out = std::mem::take(&mut self.out);
        out.resize(OUT, 0);
        let mut rest = piece;
        let mut result = Ok(());
        while result.is_ok() && !self.is_ended {
            let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
            let status = inflate.decompress(rest, &mut out, FlushDecompress::None);
            let used = (inflate.total_in() - before_in) as usize;
            let came = (inflate.total_out() - before_out) as usize;
            rest = rest.get(used..).unwrap_or_default();
            result = self.give(out.get(..came).unwrap_or_default(), take);
            match status {
                Ok(Status::StreamEnd) => self.is_ended = true,
                Ok(_) if came == 0 && used == 0 => break,
                Ok(_) if rest.is_empty() && came < OUT => break,
                Ok(_) => {}
                Err(error) => result = result.and(Err(self.damage(&error.to_string()))),
            }
        }
        (self.inflate, self.out) = (Some(inflate), out);
        result
    }

    /// Hands bytes on. More than the directory says is what a zip bomb does.
    fn give(&mut self, bytes: &[u8], take: &mut dyn FnMut(&[u8])) -> Result<(), Problem> {
        let room = usize::try_from(self.size - self.given).unwrap_or(usize::MAX);
        let fit = bytes.get(..bytes.len().min(room)).unwrap_or_default();
        self.sum.update(fit);
        self.given += fit.len() as u64;
        if !fit.is_empty() {
            take(fit);
        }
        if fit.len() < bytes.len() { Err(self.damage("it is longer than the archive says")) } else { Ok(()) }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it broke off, or is not what was packed.
    pub fn finish(mut self, take: &mut dyn FnMut(&[u8])) -> Result<(), Problem> {
        self.unpack(take)?;
        if self.left > 0 || self.skip != Some(0) {
            return Err(self.damage("the archive ends before the file does"));
        }
        if self.given < self.size {
            return Err(self.damage("it is shorter than the archive says"));
        }
        if self.sum.sum() != self.crc {
            return Err(self.damage("its checksum is not that of the file that was packed"));
        }
        Ok(())
    }
}

//! Bounded reads at any place of a raw file, from a file or from bytes in memory.
//!
//! A read that reaches beyond the end gives nothing; nothing is ever allocated for a length that the file does not have.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::Span;

/// Bytes that can be read at any place.
pub trait Readable: Read + Seek {}

impl<T: Read + Seek> Readable for T {}

/// A raw file to walk through.
pub struct Source<'a> {
    inner: &'a mut dyn Readable,
    length: u64,
}

impl<'a> Source<'a> {
    /// A file on disk.
    ///
    /// # Errors
    /// When its length cannot be had.
    pub fn of_file(file: &'a mut File) -> std::io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { inner: file, length })
    }

    /// Bytes in memory, as `Cursor` over them.
    pub fn of_bytes(cursor: &'a mut std::io::Cursor<&[u8]>) -> Self {
        let length = cursor.get_ref().len() as u64;
        Self { inner: cursor, length }
    }

    /// Length of the file in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether a span lies within the file and is long enough for a JPEG.
    pub fn contains(&self, span: Span) -> bool {
        const SMALLEST_JPEG: u64 = 100;
        span.length >= SMALLEST_JPEG && span.offset.checked_add(span.length).is_some_and(|end| end <= self.length)
    }

    /// The `length` bytes at `offset`; `None` when the file does not have them all or reading fails.
    pub fn read(&mut self, offset: u64, length: u64) -> Option<Vec<u8>> {
        if offset.checked_add(length)? > self.length {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        self.inner.seek(SeekFrom::Start(offset)).ok()?;
        self.inner.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// As many bytes at `offset` as there are, at most `length`.
    pub fn read_up_to(&mut self, offset: u64, length: u64) -> Vec<u8> {
        let available = self.length.saturating_sub(offset).min(length);
        self.read(offset, available).unwrap_or_default()
    }
}

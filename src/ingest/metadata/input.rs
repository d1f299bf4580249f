//! Bounded random access to a file or a block in memory: the only way in which readers get at bytes.
//!
//! No read leaves the file, none is larger than the block limit, and all reads of one file together stay within a
//! budget of bytes and of calls; past it every read is refused. So a reader can be led astray but never hang or fill memory.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

/// How much may be read of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes read of one file or sidecar in all.
    pub total_bytes: u64,
    /// Bytes of one block: a JPEG's XMP, a PNG's profile after inflating, a sidecar.
    pub block_bytes: usize,
    /// Parts of one file: boxes, chunks, segments, directories, each counted once visited.
    pub parts: u32,
}

impl Default for Limits {
    /// 64 MiB in all, 8 MiB a block, 20,000 parts.
    fn default() -> Self {
        Self { total_bytes: 64 << 20, block_bytes: 8 << 20, parts: 20_000 }
    }
}

/// Why a part could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The operating system failed; nothing more can be had of this file.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The bytes are not what the format promises.
    #[error("{0}")]
    Malformed(String),
}

/// Shorthand for [`Trouble::Malformed`].
pub(super) fn malformed<T>(why: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Malformed(why.into()))
}

trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// Bytes kept from the last read, so that walking small parts costs few calls to the system.
const WINDOW: usize = 8 * 1024;

/// A file or block that is read at will.
pub(super) struct Input<'a> {
    source: Box<dyn ReadSeek + 'a>,
    len: u64,
    window: Vec<u8>,
    window_at: u64,
    bytes_left: u64,
    parts_left: u32,
    block: usize,
}

impl<'a> Input<'a> {
    /// Reads `source`, which holds `len` bytes.
    pub fn new(source: impl Read + Seek + 'a, len: u64, limits: &Limits) -> Self {
        Self {
            source: Box::new(source),
            len,
            window: Vec::new(),
            window_at: 0,
            bytes_left: limits.total_bytes,
            parts_left: limits.parts,
            block: limits.block_bytes,
        }
    }

    /// Reads a block in memory.
    pub fn memory(block: Vec<u8>, limits: &Limits) -> Input<'static> {
        let len = block.len() as u64;
        Input::new(Cursor::new(block), len, limits)
    }

    /// Bytes in all.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Most bytes of one block.
    pub fn block(&self) -> usize {
        self.block
    }

    /// Counts a visited part; refuses when there are too many.
    pub fn visit(&mut self) -> Result<(), Trouble> {
        match self.parts_left.checked_sub(1) {
            Some(left) => {
                self.parts_left = left;
                Ok(())
            }
            None => malformed("it has more parts than any real file"),
        }
    }

    /// Exactly `count` bytes at `at`.
    pub fn bytes(&mut self, at: u64, count: usize) -> Result<Vec<u8>, Trouble> {
        let bytes = self.some(at, count)?;
        if bytes.len() < count {
            malformed(format!("it ends {} bytes too early", count - bytes.len()))
        } else {
            Ok(bytes)
        }
    }

    /// Exactly `N` bytes at `at`.
    pub fn array<const N: usize>(&mut self, at: u64) -> Result<[u8; N], Trouble> {
        let bytes = self.bytes(at, N)?;
        <[u8; N]>::try_from(bytes.as_slice()).or_else(|_| malformed("it ends too early"))
    }

    /// At most `count` bytes at `at`: fewer at the end.
    pub fn some(&mut self, at: u64, count: usize) -> Result<Vec<u8>, Trouble> {
        let left = self.len.saturating_sub(at);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(count);
        if count > self.block {
            return malformed(format!("a block of {count} bytes is past the limit"));
        }
        if count == 0 {
            return Ok(Vec::new());
        }
        if let Some(bytes) = self.in_window(at, count) {
            return Ok(bytes);
        }
        if count >= WINDOW {
            return self.fetch(at, count);
        }
        self.window = self.fetch(at, WINDOW.min(usize::try_from(left).unwrap_or(WINDOW)))?;
        self.window_at = at;
        Ok(self.window.get(..count.min(self.window.len())).unwrap_or_default().to_vec())
    }

    fn in_window(&self, at: u64, count: usize) -> Option<Vec<u8>> {
        let start = usize::try_from(at.checked_sub(self.window_at)?).ok()?;
        self.window.get(start..start.checked_add(count)?).map(<[u8]>::to_vec)
    }

    fn fetch(&mut self, at: u64, count: usize) -> Result<Vec<u8>, Trouble> {
        match self.bytes_left.checked_sub(count as u64) {
            Some(left) => self.bytes_left = left,
            None => return malformed("reading it takes more bytes than the limit"),
        }
        self.source.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::with_capacity(count);
        self.source.by_ref().take(count as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Byte order of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

impl Order {
    /// The 16-bit number at `at`, if the block reaches so far.
    pub fn u16(self, block: &[u8], at: usize) -> Option<u16> {
        let bytes = <[u8; 2]>::try_from(block.get(at..at.checked_add(2)?)?).ok()?;
        Some(if self == Self::Little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    /// The 32-bit number at `at`, if the block reaches so far.
    pub fn u32(self, block: &[u8], at: usize) -> Option<u32> {
        let bytes = <[u8; 4]>::try_from(block.get(at..at.checked_add(4)?)?).ok()?;
        Some(if self == Self::Little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// The 64-bit number at `at`, if the block reaches so far.
    pub fn u64(self, block: &[u8], at: usize) -> Option<u64> {
        let bytes = <[u8; 8]>::try_from(block.get(at..at.checked_add(8)?)?).ok()?;
        Some(if self == Self::Little { u64::from_le_bytes(bytes) } else { u64::from_be_bytes(bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_stay_within_the_file_and_the_budget() {
        let limits = Limits { total_bytes: 20_000, block_bytes: 9_000, parts: 2 };
        let mut input = Input::memory((0..=255).cycle().take(30_000).collect(), &limits);
        assert_eq!(input.bytes(254, 3).unwrap(), [254, 255, 0]);
        assert_eq!(input.some(29_999, 10).unwrap().len(), 1);
        assert!(input.bytes(29_999, 2).is_err(), "past the end");
        assert!(input.some(0, 9_001).is_err(), "larger than a block");
        assert!(input.some(0, 9_000).is_ok());
        assert!(input.some(9_000, 9_000).is_err(), "past the budget");
        assert!(input.visit().is_ok() && input.visit().is_ok() && input.visit().is_err());
        assert!(input.some(u64::MAX, 1).unwrap().is_empty());
    }
}

//! Reads the containers that `scripts/places/encode.py` writes: sections of numbers and lines in one brotli stream.
//!
//! A container is `(length, bytes)*` where lengths and numbers are little-endian base-128 integers; signed numbers are
//! zigzag-coded. Reading never panics: data that end too early read as an error. What the sections mean is left to the
//! modules that own them.

use std::io::Read;

use brotli_decompressor::Decompressor;

/// Why embedded data cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum DataError {
    /// The brotli stream is broken.
    #[error("the embedded place data cannot be decompressed; build the program again from a clean checkout")]
    Compression(#[from] std::io::Error),
    /// A section is missing, too short, or holds what it must not.
    #[error("the embedded place data are broken at {0}; run scripts/places/build.py and build the program again")]
    Broken(&'static str),
}

/// A decompressed container.
pub(super) struct Container {
    bytes: Vec<u8>,
    sections: Vec<(usize, usize)>,
}

impl Container {
    /// Decompresses a container and finds its sections.
    pub(super) fn open(packed: &[u8]) -> Result<Self, DataError> {
        let mut bytes = Vec::new();
        Decompressor::new(packed, 1 << 16).read_to_end(&mut bytes)?;
        let mut sections = Vec::new();
        let mut start = 0;
        while start < bytes.len() {
            let mut reader = Numbers { bytes: &bytes, at: start };
            let length = reader.unsigned()? as usize;
            let end = reader.at.checked_add(length).filter(|end| *end <= bytes.len());
            let end = end.ok_or(DataError::Broken("the length of a section"))?;
            sections.push((reader.at, end));
            start = end;
        }
        Ok(Self { bytes, sections })
    }

    /// The bytes of a section.
    pub(super) fn section(&self, number: usize) -> Result<&[u8], DataError> {
        let (start, end) = *self.sections.get(number).ok_or(DataError::Broken("the number of sections"))?;
        Ok(&self.bytes[start..end])
    }

    /// The text of a section.
    pub(super) fn text(&self, number: usize) -> Result<&str, DataError> {
        std::str::from_utf8(self.section(number)?).map_err(|_| DataError::Broken("text"))
    }

    /// The numbers of a section.
    pub(super) fn numbers(&self, number: usize) -> Result<Numbers<'_>, DataError> {
        Ok(Numbers { bytes: self.section(number)?, at: 0 })
    }
}

/// Numbers read one after the other.
pub(super) struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Numbers<'_> {
    /// Whether all are read.
    pub(super) fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The next number of at most 35 bits that fits 32.
    pub(super) fn unsigned(&mut self) -> Result<u32, DataError> {
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or(DataError::Broken("a number"))?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).map_err(|_| DataError::Broken("a large number"));
            }
        }
        Err(DataError::Broken("a long number"))
    }

    /// The next zigzag-coded number.
    pub(super) fn signed(&mut self) -> Result<i32, DataError> {
        let value = self.unsigned()?;
        Ok((value >> 1) as i32 ^ -((value & 1) as i32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_read_as_written() {
        let mut numbers = Numbers { bytes: &[0x05, 0x80, 0x01, 0x03, 0x04], at: 0 };
        assert_eq!(numbers.unsigned().ok(), Some(5));
        assert_eq!(numbers.unsigned().ok(), Some(128));
        assert_eq!(numbers.signed().ok(), Some(-2));
        assert_eq!(numbers.signed().ok(), Some(2));
        assert!(numbers.is_done());
        assert!(numbers.unsigned().is_err());
    }

    proptest! {
        #[test]
        fn broken_data_are_an_error_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(container) = Container::open(&bytes) {
                for number in 0..4 {
                    let _ = container.text(number);
                }
            }
            let mut numbers = Numbers { bytes: &bytes, at: 0 };
            while numbers.signed().is_ok() {}
        }
    }
}

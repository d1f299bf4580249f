//! Walks TIFF directories (TIFF 6.0 section 2, BigTIFF) in a file or in a block: the skeleton of EXIF and of most raw
//! formats.
//!
//! Values are fetched one by one and only when asked for, so a raw file of 100 MB costs a few kilobytes. Directories are
//! visited once each. kamadak-exif, the usual crate, wants the whole file in memory, knows neither sub-directories nor
//! the magic numbers of Olympus and Panasonic, and gives up a directory at its first wrong entry; hence this reader.
//! What the tags mean is left to [`super::exif`].

use super::encoding;
use super::input::{Input, Order, Trouble, malformed};

/// Most entries of one directory that are looked at.
const ENTRIES: usize = 2048;

/// An entry of a directory, its value not yet fetched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Tag number.
    pub tag: u16,
    kind: u16,
    count: u64,
    /// Where the value lies in the input.
    pub at: u64,
}

impl Entry {
    fn unit(&self) -> Option<u64> {
        Some(match self.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => return None,
        })
    }

    /// Bytes of the value.
    pub fn len(&self) -> Option<u64> {
        self.unit()?.checked_mul(self.count)
    }
}

/// A directory: its entries, and where the next one of the chain lies (0 = nowhere).
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub entries: Vec<Entry>,
    pub next: u64,
}

impl Directory {
    /// The first entry with this tag.
    pub fn find(&self, tag: u16) -> Option<Entry> {
        self.entries.iter().copied().find(|entry| entry.tag == tag)
    }
}

/// A TIFF structure within an input.
pub(super) struct Tiff<'i, 'a> {
    input: &'i mut Input<'a>,
    /// Where offsets are counted from.
    base: u64,
    order: Order,
    big: bool,
    /// Offset of the first directory.
    pub first: u64,
    /// The magic number: 42, 43 (BigTIFF), or a raw format's own.
    pub magic: u16,
    visited: Vec<u64>,
}

impl<'i, 'a> Tiff<'i, 'a> {
    /// Reads the header at `base`.
    pub fn open(input: &'i mut Input<'a>, base: u64) -> Result<Self, Trouble> {
        let header = input.some(base, 16)?;
        let order = match header.get(..2) {
            Some(b"II") => Order::Little,
            Some(b"MM") => Order::Big,
            _ => return malformed("it has no TIFF header"),
        };
        let (Some(magic), Some(first)) = (order.u16(&header, 2), order.u32(&header, 4)) else {
            return malformed("its TIFF header is cut off");
        };
        let big = magic == 43;
        let first = if big { order.u64(&header, 8).unwrap_or(0) } else { u64::from(first) };
        Ok(Self { input, base, order, big, first, magic, visited: Vec::new() })
    }

    /// A structure without a header: directories only, as maker notes hold them.
    pub fn bare(input: &'i mut Input<'a>, base: u64, order: Order, first: u64) -> Self {
        Self { input, base, order, big: false, first, magic: 42, visited: Vec::new() }
    }

    /// Byte order of the structure.
    pub fn order(&self) -> Order {
        self.order
    }

    /// The input beneath.
    pub fn input(&mut self) -> &mut Input<'a> {
        self.input
    }

    /// The directory at `offset`; entries of unknown type or cut off are left out.
    pub fn directory(&mut self, offset: u64) -> Result<Directory, Trouble> {
        if offset == 0 || self.visited.contains(&offset) || self.visited.len() > 64 {
            return malformed("its directories run in a circle");
        }
        self.visited.push(offset);
        self.input.visit()?;
        let start = self.base.saturating_add(offset);
        let (head, size, tail) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let count_bytes = self.input.bytes(start, head)?;
        let count =
            if self.big { self.order.u64(&count_bytes, 0) } else { self.order.u16(&count_bytes, 0).map(u64::from) };
        let count = usize::try_from(count.unwrap_or(0)).unwrap_or(usize::MAX);
        let kept = count.min(ENTRIES);
        let block = self.input.some(start + head as u64, kept * size + tail)?;
        if block.len() < size && kept > 0 {
            return malformed("its directory is cut off");
        }
        let entries = block.chunks_exact(size).take(kept).enumerate();
        let entries =
            entries.filter_map(|(index, raw)| self.entry(raw, start + (head + index * size) as u64)).collect();
        let next = match (kept == count, self.big) {
            (true, true) => self.order.u64(&block, kept * size),
            (true, false) => self.order.u32(&block, kept * size).map(u64::from),
            (false, _) => None,
        };
        Ok(Directory { entries, next: next.unwrap_or(0) })
    }

    fn entry(&self, raw: &[u8], raw_at: u64) -> Option<Entry> {
        let (tag, kind) = (self.order.u16(raw, 0)?, self.order.u16(raw, 2)?);
        let (count, value_at, room) =
            if self.big { (self.order.u64(raw, 4)?, 12, 8) } else { (u64::from(self.order.u32(raw, 4)?), 8, 4) };
        let mut entry = Entry { tag, kind, count, at: raw_at + value_at as u64 };
        if entry.len()? > room {
            let offset =
                if self.big { self.order.u64(raw, value_at)? } else { u64::from(self.order.u32(raw, value_at)?) };
            entry.at = self.base.checked_add(offset)?;
        }
        Some(entry)
    }

    /// The bytes of a value; `None` if it is cut off or larger than `most`.
    pub fn bytes(&mut self, entry: Entry, most: usize) -> Option<Vec<u8>> {
        let len = usize::try_from(entry.len()?).ok().filter(|&len| len <= most)?;
        self.input.bytes(entry.at, len).ok()
    }

    /// The bytes of a value as far as the file goes, for text whose end is cut off.
    fn bytes_there(&mut self, entry: Entry, most: usize) -> Option<Vec<u8>> {
        let len = usize::try_from(entry.len()?).ok()?.min(most);
        self.input.some(entry.at, len).ok()
    }

    /// A value as text.
    pub fn text(&mut self, entry: Entry) -> Option<String> {
        if !matches!(entry.kind, 1 | 2 | 6 | 7) {
            return None;
        }
        let bytes = self.bytes_there(entry, 64 * 1024)?;
        let text = encoding::c_text(&bytes);
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The numbers of a value, at most 16; a fraction over zero is not a number and gives NaN.
    pub fn numbers(&mut self, entry: Entry) -> Vec<f64> {
        let Some(unit) = entry.unit() else { return Vec::new() };
        let count = entry.count.min(16);
        let bytes = self.input.some(entry.at, usize::try_from(count * unit).unwrap_or(0)).unwrap_or_default();
        let order = self.order;
        bytes
            .chunks_exact(usize::try_from(unit).unwrap_or(1))
            .filter_map(|raw| number(order, entry.kind, raw))
            .collect()
    }

    /// The first number of a value.
    pub fn number(&mut self, entry: Entry) -> Option<f64> {
        self.numbers(entry).first().copied().filter(|number| number.is_finite())
    }

    /// The first number of a value as a whole number that is not negative.
    pub fn unsigned(&mut self, entry: Entry) -> Option<u32> {
        let number = self.number(entry)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was checked")]
        (0.0..=f64::from(u32::MAX)).contains(&number).then_some(number as u32)
    }

    /// Offsets of sub-directories that a value lists.
    pub fn offsets(&mut self, entry: Entry) -> Vec<u64> {
        let numbers = self.numbers(entry);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "offsets are whole and not negative"
        )]
        numbers.into_iter().filter(|number| *number > 0.0 && *number < 9e15).map(|number| number as u64).collect()
    }
}

/// One number of a value (TIFF 6.0 section 2, "Types").
#[expect(clippy::cast_possible_wrap, clippy::cast_precision_loss, reason = "signed types; 64-bit values are offsets")]
fn number(order: Order, kind: u16, raw: &[u8]) -> Option<f64> {
    Some(match kind {
        1 | 2 | 7 => f64::from(*raw.first()?),
        6 => f64::from(*raw.first()? as i8),
        3 => f64::from(order.u16(raw, 0)?),
        8 => f64::from(order.u16(raw, 0)? as i16),
        4 | 13 => f64::from(order.u32(raw, 0)?),
        9 => f64::from(order.u32(raw, 0)? as i32),
        5 => f64::from(order.u32(raw, 0)?) / f64::from(order.u32(raw, 4)?),
        10 => f64::from(order.u32(raw, 0)? as i32) / f64::from(order.u32(raw, 4)? as i32),
        11 => f64::from(f32::from_bits(order.u32(raw, 0)?)),
        12 => f64::from_bits(order.u64(raw, 0)?),
        16 | 18 => order.u64(raw, 0)? as f64,
        17 => order.u64(raw, 0)? as i64 as f64,
        _ => return None,
    })
}

//! Walks the directories of raw files that are TIFF inside (TIFF 6.0, DNG 1.7; NEF, CR2, ARW, ORF, RW2, PEF, SRW …) for
//! JPEG previews.
//!
//! Every directory is visited once, at most [`MAX_DIRECTORIES`] of them with at most [`MAX_ENTRIES`] entries.
//! Which preview is best is left to the caller.

use std::collections::{HashSet, VecDeque};

use super::{Layout, Source, Span};

/// Most directories that are visited.
const MAX_DIRECTORIES: usize = 64;
/// Most entries that are read of one directory.
const MAX_ENTRIES: u64 = 512;
/// Most sub-directories that one entry may name.
const MAX_CHILDREN: u64 = 16;

/// Tags that matter here (TIFF 6.0 section 8; DNG 1.7 chapter 4; for Olympus and Panasonic as found in their files).
mod tag {
    pub const WIDTH: u16 = 0x0100;
    pub const HEIGHT: u16 = 0x0101;
    pub const COMPRESSION: u16 = 0x0103;
    pub const PHOTOMETRIC: u16 = 0x0106;
    pub const STRIP_OFFSETS: u16 = 0x0111;
    pub const STRIP_LENGTHS: u16 = 0x0117;
    pub const SUB_DIRECTORIES: u16 = 0x014A;
    pub const JPEG_OFFSET: u16 = 0x0201;
    pub const JPEG_LENGTH: u16 = 0x0202;
    pub const EXIF: u16 = 0x8769;
    pub const MAKER_NOTE: u16 = 0x927C;
    pub const DNG_VERSION: u16 = 0xC612;
    pub const DEFAULT_CROP_SIZE: u16 = 0xC620;
    /// Panasonic: the JPEG itself is the value.
    pub const PANASONIC_JPEG: u16 = 0x002E;
    /// Olympus maker note: directory of camera settings, and in it the preview.
    pub const OLYMPUS_SETTINGS: u16 = 0x2020;
    pub const OLYMPUS_PREVIEW_OFFSET: u16 = 0x0101;
    pub const OLYMPUS_PREVIEW_LENGTH: u16 = 0x0102;
}

/// What a directory is, which decides what its tags mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Role {
    /// TIFF proper: pictures.
    Image,
    /// Olympus maker note.
    OlympusNote,
    /// Camera settings within the Olympus maker note.
    OlympusSettings,
}

/// One directory entry.
#[derive(Debug, Clone, Copy)]
struct Entry {
    tag: u16,
    /// Field type (TIFF 6.0, section 2).
    kind: u16,
    count: u64,
    /// Where its value lies in the file, be it in the entry itself or elsewhere.
    value: u64,
}

/// Reads previews and sizes of the TIFF structure whose header lies at `base`.
pub fn read_layout(source: &mut Source<'_>, base: u64) -> Layout {
    let mut layout = Layout::default();
    let Some(header) = source.read(base, 8) else { return layout };
    let big_endian = match &header[..2] {
        b"II" => false,
        b"MM" => true,
        _ => return layout,
    };
    let mut walker = Walker { source, big_endian, seen: HashSet::new(), queue: VecDeque::new() };
    let Some(first) = walker.u32(base + 4) else { return layout };
    walker.queue.push_back((base, base.saturating_add(first.into()), Role::Image));
    while let Some((base, at, role)) = walker.queue.pop_front() {
        if walker.seen.len() >= MAX_DIRECTORIES {
            break;
        }
        if walker.seen.insert((at, role)) {
            walker.visit(base, at, role, &mut layout);
        }
    }
    layout
}

/// The state of a walk.
struct Walker<'a, 'b> {
    source: &'a mut Source<'b>,
    big_endian: bool,
    seen: HashSet<(u64, Role)>,
    /// Base of offsets, position and role of directories still to visit.
    queue: VecDeque<(u64, u64, Role)>,
}

impl Walker<'_, '_> {
    /// Reads one directory, collects its previews and queues the directories it names.
    fn visit(&mut self, base: u64, at: u64, role: Role, layout: &mut Layout) {
        let Some((entries, next)) = self.entries(base, at) else { return };
        if role == Role::Image
            && let Some(next) = next.filter(|&next| next != 0)
        {
            self.queue.push_back((base, base.saturating_add(next), Role::Image));
        }
        match role {
            Role::Image => self.visit_image(base, &entries, layout),
            Role::OlympusNote => {
                for entry in entries.iter().filter(|entry| entry.tag == tag::OLYMPUS_SETTINGS) {
                    // Written either as an offset or as a block that is the directory itself.
                    let at = if entry.kind == 7 {
                        Some(entry.value)
                    } else {
                        self.number(entry, 0).map(|v| base.saturating_add(v))
                    };
                    self.queue.extend(at.map(|at| (base, at, Role::OlympusSettings)));
                }
            }
            Role::OlympusSettings => {
                let pair = (tag::OLYMPUS_PREVIEW_OFFSET, tag::OLYMPUS_PREVIEW_LENGTH);
                layout.previews.extend(self.span(base, &entries, pair));
            }
        }
    }

    /// Previews, sizes and sub-directories of a directory of TIFF proper.
    fn visit_image(&mut self, base: u64, entries: &[Entry], layout: &mut Layout) {
        layout.previews.extend(self.span(base, entries, (tag::JPEG_OFFSET, tag::JPEG_LENGTH)));
        let compression = self.first(entries, tag::COMPRESSION);
        let single = |tag| entries.iter().any(|entry: &Entry| entry.tag == tag && entry.count == 1);
        // 6 and 7 are JPEG, 34892 is DNG's lossy JPEG. Only a picture of one strip is a JPEG file of its own.
        if matches!(compression, Some(6 | 7 | 34892)) && single(tag::STRIP_OFFSETS) {
            layout.previews.extend(self.span(base, entries, (tag::STRIP_OFFSETS, tag::STRIP_LENGTHS)));
        }
        layout.has_sensor_data |= entries.iter().any(|entry| entry.tag == tag::DNG_VERSION);
        // Colour filter array and linear raw samples.
        if matches!(self.first(entries, tag::PHOTOMETRIC), Some(32803 | 34892)) {
            layout.has_sensor_data = true;
            self.measure(entries, layout);
        }
        for entry in entries {
            match entry.tag {
                tag::SUB_DIRECTORIES | tag::EXIF => {
                    for index in 0..entry.count.min(MAX_CHILDREN) {
                        let at = self.number(entry, index).map(|offset| base.saturating_add(offset));
                        self.queue.extend(at.map(|at| (base, at, Role::Image)));
                    }
                }
                tag::MAKER_NOTE => self.visit_maker_note(entry),
                tag::PANASONIC_JPEG if entry.kind == 7 => {
                    layout.previews.push(Span { offset: entry.value, length: entry.count });
                }
                _ => {}
            }
        }
    }

    /// Notes the size that sensor data develop to, if it is the largest so far.
    fn measure(&mut self, entries: &[Entry], layout: &mut Layout) {
        let crop = entries.iter().find(|entry| entry.tag == tag::DEFAULT_CROP_SIZE && entry.count == 2);
        let size = match crop {
            Some(entry) => self.number(entry, 0).zip(self.number(entry, 1)),
            None => self.first(entries, tag::WIDTH).zip(self.first(entries, tag::HEIGHT)),
        };
        let size = size.and_then(|(w, h)| Some((u32::try_from(w).ok()?, u32::try_from(h).ok()?)));
        let area = |(w, h): (u32, u32)| u64::from(w) * u64::from(h);
        if let Some(size) = size.filter(|&size| area(size) > layout.size.map_or(0, area)) {
            layout.size = Some(size);
        }
    }

    /// Olympus and OM System notes are directories whose offsets count from the note's own start.
    fn visit_maker_note(&mut self, entry: &Entry) {
        let head = self.source.read_up_to(entry.value, 16);
        let skip = match head.as_slice() {
            note if note.starts_with(b"OLYMPUS\0II") => 12,
            note if note.starts_with(b"OM SYSTEM\0\0\0II") => 16,
            _ => return,
        };
        self.queue.push_back((entry.value, entry.value.saturating_add(skip), Role::OlympusNote));
    }

    /// The entries of the directory at `at`, and the offset of the next one.
    fn entries(&mut self, base: u64, at: u64) -> Option<(Vec<Entry>, Option<u64>)> {
        let count = u64::from(self.u16(at)?);
        let read = self.source.read(at.checked_add(2)?, count.min(MAX_ENTRIES) * 12)?;
        let mut entries = Vec::new();
        for (index, bytes) in read.chunks_exact(12).enumerate() {
            let (kind, count) = (self.u16_of(&bytes[2..4]), u64::from(self.u32_of(&bytes[4..8])));
            let inline = count.saturating_mul(size_of_kind(kind)) <= 4;
            let value = if inline {
                at + 2 + index as u64 * 12 + 8
            } else {
                base.saturating_add(self.u32_of(&bytes[8..12]).into())
            };
            entries.push(Entry { tag: self.u16_of(&bytes[..2]), kind, count, value });
        }
        let next = self.u32(at + 2 + count * 12).map(u64::from);
        Some((entries, next))
    }

    /// The span that a pair of tags names.
    fn span(&mut self, base: u64, entries: &[Entry], (offset, length): (u16, u16)) -> Option<Span> {
        let offset = base.checked_add(self.first(entries, offset)?)?;
        Some(Span { offset, length: self.first(entries, length)? })
    }

    /// The first number of the entry with `tag`.
    fn first(&mut self, entries: &[Entry], tag: u16) -> Option<u64> {
        let entry = *entries.iter().find(|entry| entry.tag == tag)?;
        self.number(&entry, 0)
    }

    /// The whole part of the `index`th number of an entry.
    fn number(&mut self, entry: &Entry, index: u64) -> Option<u64> {
        if index >= entry.count {
            return None;
        }
        let at = entry.value.checked_add(index.checked_mul(size_of_kind(entry.kind))?)?;
        match entry.kind {
            3 => self.u16(at).map(u64::from),
            4 | 13 => self.u32(at).map(u64::from),
            5 => {
                let (numerator, denominator) = (self.u32(at)?, self.u32(at + 4)?);
                numerator.checked_div(denominator).map(u64::from)
            }
            _ => None,
        }
    }

    fn u16(&mut self, at: u64) -> Option<u16> {
        self.source.read(at, 2).map(|bytes| self.u16_of(&bytes))
    }

    fn u32(&mut self, at: u64) -> Option<u32> {
        self.source.read(at, 4).map(|bytes| self.u32_of(&bytes))
    }

    fn u16_of(&self, bytes: &[u8]) -> u16 {
        let pair = [bytes[0], bytes[1]];
        if self.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    }

    fn u32_of(&self, bytes: &[u8]) -> u32 {
        let four = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if self.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
    }
}

/// Bytes of one value of a field type (TIFF 6.0, section 2).
fn size_of_kind(kind: u16) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 => 8,
        _ => 1,
    }
}

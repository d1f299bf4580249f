//! Canon's CRW: heaps of records within heaps (CIFF 1.0 revision 4), each heap ending in the offset of its directory.
//!
//! Heaps are visited to a bounded depth and number; all numbers are little-endian.

use super::{Layout, Source, Span};

/// Record types: the full-size JPEG, and the thumbnail.
const JPEG_FROM_RAW: u16 = 0x2007;
const THUMBNAIL: u16 = 0x2008;
/// Record with the picture's width and height.
const IMAGE_SPEC: u16 = 0x1810;
/// Deepest nesting, and most records of a heap.
const MAX_DEPTH: u32 = 8;
const MAX_RECORDS: u64 = 512;
/// Most heaps of a file.
const MAX_HEAPS: u32 = 64;

/// Reads previews and size.
pub fn read_layout(source: &mut Source<'_>) -> Layout {
    let mut layout = Layout { has_sensor_data: true, ..Layout::default() };
    let Some(start) = source.read(2, 4).map(|bytes| u64::from(le32(&bytes))) else { return layout };
    let end = source.length();
    let mut budget = MAX_HEAPS;
    read_heap(source, start, end, MAX_DEPTH, &mut budget, &mut layout);
    layout
}

/// Reads the heap between `start` and `end`.
fn read_heap(source: &mut Source<'_>, start: u64, end: u64, depth: u32, budget: &mut u32, layout: &mut Layout) {
    if depth == 0 || *budget == 0 || end < start.saturating_add(6) {
        return;
    }
    *budget -= 1;
    let Some(tail) = source.read(end - 4, 4) else { return };
    let Some(directory) = start.checked_add(le32(&tail).into()) else { return };
    let Some(count) = source.read(directory, 2).map(|bytes| u64::from(le16(&bytes))) else { return };
    let records = source.read_up_to(directory.saturating_add(2), count.min(MAX_RECORDS) * 10);
    for record in records.chunks_exact(10) {
        let tag = le16(&record[..2]);
        // The two top bits say where the value lies: 0 in the heap, 1 in the record itself.
        if tag & 0xC000 != 0 {
            continue;
        }
        let (length, offset) = (u64::from(le32(&record[2..6])), start.saturating_add(le32(&record[6..10]).into()));
        match tag {
            JPEG_FROM_RAW | THUMBNAIL => layout.previews.push(Span { offset, length }),
            IMAGE_SPEC => {
                let size = source.read(offset, 8).map(|bytes| (le32(&bytes[..4]), le32(&bytes[4..])));
                layout.size = size.filter(|(width, height)| *width > 0 && *height > 0);
            }
            // Types 5 and 6 are heaps of their own.
            _ if matches!(tag & 0x3800, 0x2800 | 0x3000) => {
                let inner_end = offset.saturating_add(length).min(end);
                read_heap(source, offset, inner_end, depth - 1, budget, layout);
            }
            _ => {}
        }
    }
}

fn le16(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[0], bytes[1]])
}

fn le32(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

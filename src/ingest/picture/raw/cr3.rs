//! Canon's CR3: an ISO base media file whose first track is the full-size JPEG, with smaller ones in boxes of Canon's own.

use super::{Layout, Source, Span};
use crate::ingest::picture::boxes::{self, MediaBox, read_u16, read_u32, read_u64};

/// Extended type of the top-level box that holds the 1620 × 1080 preview.
const PREVIEW_BOX: [u8; 16] =
    [0xEA, 0xF4, 0x2B, 0x5E, 0x1C, 0x98, 0x4B, 0x88, 0xB9, 0xFB, 0xB7, 0xDC, 0x40, 0x6E, 0x4D, 0x16];
/// Bytes of the file's start in which the movie box and the preview lie.
const SEARCHED_BYTES: u64 = 16 << 20;
/// Bytes of a preview box before its JPEG: it starts within them.
const PREVIEW_HEADER_BYTES: usize = 64;

/// Reads the places of all JPEGs and the size of the developed picture.
pub fn read_layout(source: &mut Source<'_>) -> Layout {
    let mut layout = Layout { has_sensor_data: true, ..Layout::default() };
    let bytes = source.read_up_to(0, SEARCHED_BYTES);
    for found in boxes::walk(&bytes) {
        if &found.kind == b"moov" {
            let tracks = boxes::walk(found.contents).filter(|inner| &inner.kind == b"trak");
            for track in tracks.take(16) {
                layout.previews.extend(track_sample(track.contents));
                layout.size = layout.size.max(track_size(track.contents));
            }
        } else if found.extended == Some(PREVIEW_BOX) {
            layout.previews.extend(embedded_jpeg(&found));
        }
    }
    layout
}

/// The single sample of a track (`stsz`, `co64` or `stco`, ISO/IEC 14496-12, 8.7).
fn track_sample(track: &[u8]) -> Option<Span> {
    let table = boxes::descend(track, &[b"mdia", b"minf", b"stbl"])?;
    let sizes = boxes::find(table, b"stsz")?.contents;
    let length = match read_u32(sizes, 4)? {
        0 => read_u32(sizes, 12)?,
        shared => shared,
    };
    let offset = match boxes::find(table, b"co64") {
        Some(found) => read_u64(found.contents, 8)?,
        None => read_u32(boxes::find(table, b"stco")?.contents, 8)?.into(),
    };
    Some(Span { offset, length: length.into() })
}

/// Width and height of a track's picture (visual sample entry, ISO/IEC 14496-12, 12.1.3).
fn track_size(track: &[u8]) -> Option<(u32, u32)> {
    let descriptions = boxes::descend(track, &[b"mdia", b"minf", b"stbl", b"stsd"])?.get(8..)?;
    let entry = boxes::walk(descriptions).next()?.contents;
    Some((read_u16(entry, 24)?.into(), read_u16(entry, 26)?.into()))
}

/// The JPEG within a preview box, to the box's end.
fn embedded_jpeg(found: &MediaBox<'_>) -> Option<Span> {
    let head = &found.contents[..found.contents.len().min(PREVIEW_HEADER_BYTES)];
    let at = head.windows(3).position(|window| window == [0xFF, 0xD8, 0xFF])?;
    Some(Span { offset: (found.start + at) as u64, length: (found.contents.len() - at) as u64 })
}

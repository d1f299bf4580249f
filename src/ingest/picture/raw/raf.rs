//! Fujifilm's RAF: a fixed header names the embedded JPEG and the sensor's directory. All numbers are big-endian.

use super::{Layout, Source, Span};
use crate::ingest::picture::boxes::{read_u16, read_u32};

/// Tag of the cropped picture's height and width.
const CROPPED_SIZE: u16 = 0x0111;
/// Most directory entries that are read.
const MAX_ENTRIES: u32 = 256;

/// Reads the place of the preview (offset at byte 84, length at 88) and the size of the developed picture.
pub fn read_layout(source: &mut Source<'_>) -> Layout {
    let mut layout = Layout { has_sensor_data: true, ..Layout::default() };
    let Some(header) = source.read(0, 100) else { return layout };
    if let Some((offset, length)) = read_u32(&header, 84).zip(read_u32(&header, 88)) {
        layout.previews.push(Span { offset: offset.into(), length: length.into() });
    }
    let directory = read_u32(&header, 92).zip(read_u32(&header, 96));
    layout.size = directory.and_then(|(offset, length)| {
        let bytes = source.read_up_to(offset.into(), u64::from(length).min(64 * 1024));
        cropped_size(&bytes)
    });
    layout
}

/// The cropped size in a directory of (tag, length, value) records.
fn cropped_size(directory: &[u8]) -> Option<(u32, u32)> {
    let mut at = 4;
    for _ in 0..read_u32(directory, 0)?.min(MAX_ENTRIES) {
        let (tag, length) = (read_u16(directory, at)?, read_u16(directory, at + 2)?);
        if tag == CROPPED_SIZE && length == 4 {
            return Some((read_u16(directory, at + 6)?.into(), read_u16(directory, at + 4)?.into()));
        }
        at += 4 + usize::from(length);
    }
    None
}

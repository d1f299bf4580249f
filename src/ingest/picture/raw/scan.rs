//! The last resort for raw files without a structure that is known: looks for JPEG streams by their first bytes.
//!
//! Bounded in bytes searched and streams found.

use super::{Source, Span};

/// Bytes of the file that are searched.
const SEARCHED_BYTES: u64 = 256 << 20;
/// Most streams that are noted.
const MAX_STREAMS: usize = 32;
/// Bytes that are searched at a time.
const CHUNK: u64 = 1 << 20;

/// The places where JPEG streams seem to start. Where they end is unknown: each reaches to the end of the file, or 32 MiB.
pub fn find_streams(source: &mut Source<'_>) -> Vec<Span> {
    const LONGEST: u64 = 32 << 20;
    let mut found = Vec::new();
    let mut at = 0;
    while at < source.length().min(SEARCHED_BYTES) && found.len() < MAX_STREAMS {
        // Four bytes overlap, so that a start on a boundary is seen.
        let chunk = source.read_up_to(at, CHUNK + 3);
        let starts = chunk.windows(4).enumerate().filter(|(_, bytes)| is_start(bytes));
        for (index, _) in starts.take(MAX_STREAMS - found.len()) {
            let offset = at + index as u64;
            found.push(Span { offset, length: (source.length() - offset).min(LONGEST) });
        }
        at += CHUNK;
    }
    found.retain(|span| source.contains(*span));
    found
}

/// SOI followed by a marker that streams start with: APP0 to APP15, DQT, DHT, SOF0, COM.
fn is_start(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xD8, 0xFF, 0xE0..=0xEF | 0xDB | 0xC4 | 0xC0 | 0xFE])
}

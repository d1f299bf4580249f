//! Reads the segments of a JPEG: EXIF, XMP with its extension, Photoshop resources, Content Credentials, size, and
//! films hung on behind.
//!
//! Segments are walked from the start to the first scan; the picture data are never read. Wrong lengths and filler
//! between segments are stepped over the way decoders do it. What the blocks say is left to their readers.

use super::facts::{Facts, Role};
use super::input::{Input, Limits, Order, Trouble, malformed};
use super::model::{Source, Taken};
use super::when;

const EXIF: &[u8] = b"Exif\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENSION: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

/// Blocks gathered from several segments.
#[derive(Default)]
struct Gathered {
    exif: Option<Vec<u8>>,
    photoshop: Vec<u8>,
    extension: Vec<(u32, Vec<u8>)>,
    credentials: Vec<u8>,
}

/// Reads the JPEG that starts at `start`.
pub(super) fn read(input: &mut Input<'_>, start: u64, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    let mut gathered = Gathered::default();
    let outcome = segments(input, start, limits, &mut gathered, facts);
    facts.survive("JPEG", outcome)?;
    if let Some(exif) = gathered.exif.take() {
        let outcome = super::exif::read(&mut Input::memory(exif, limits), 0, facts);
        facts.survive("EXIF", outcome)?;
    }
    super::iptc::read_photoshop(&gathered.photoshop, facts);
    if !gathered.extension.is_empty() {
        gathered.extension.sort_by_key(|(offset, _)| *offset);
        let packet: Vec<u8> = gathered.extension.into_iter().flat_map(|(_, part)| part).collect();
        let outcome = super::xmp::read(&packet, Source::Xmp, facts);
        facts.survive("extended XMP", outcome)?;
    }
    super::jumbf::read(&gathered.credentials, facts);
    super::motion::find(input, facts)
}

/// Walks the segments (ITU-T T.81 annex B) up to the first scan.
fn segments(
    input: &mut Input<'_>,
    start: u64,
    limits: &Limits,
    gathered: &mut Gathered,
    facts: &mut Facts,
) -> Result<(), Trouble> {
    let mut at = start + 2;
    let mut room = limits.block_bytes;
    loop {
        input.visit()?;
        let Some((marker, body)) = next_marker(input, at)? else { return malformed("it ends before the picture") };
        match marker {
            0xd9 => return Ok(()),
            // Markers that stand alone.
            0x01 | 0xd0..=0xd8 => {
                at = body;
                continue;
            }
            _ => {}
        }
        let len = Order::Big.u16(&input.bytes(body, 2)?, 0).map_or(0, usize::from);
        if len < 2 {
            at = body;
            continue;
        }
        let (start, len) = (body + 2, len - 2);
        match marker {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => frame(&input.some(start, 5)?, facts),
            0xe0 | 0xe1 | 0xec | 0xed if room > 0 => {
                let segment = input.some(start, len)?;
                room = room.saturating_sub(len);
                match marker {
                    0xe0 | 0xec => early(&segment, limits, facts)?,
                    _ => application(marker, segment, gathered, facts)?,
                }
            }
            0xeb if gathered.credentials.len() < limits.block_bytes => {
                boxes_of_segment(&input.some(start, len)?, &mut gathered.credentials);
            }
            0xfe => {
                let comment = input.some(start, len.min(4096))?;
                facts.value("JPEG comment", super::encoding::c_text(&comment), Source::Container);
            }
            // The picture starts: what is behind is no metadata, and may be large. A frame has come by now in any picture.
            0xda if facts.size.is_some() => return Ok(()),
            _ => {}
        }
        at = start + len as u64;
    }
}

/// The size in a frame header; zero lines are announced later, in the scan, and nobody does that.
fn frame(header: &[u8], facts: &mut Facts) {
    if let (Some(height), Some(width)) = (Order::Big.u16(header, 1), Order::Big.u16(header, 3)) {
        facts.size(width.into(), height.into());
    }
}

/// The next marker at or after `at`, and where its segment starts; looks a bounded way ahead, past filler.
fn next_marker(input: &mut Input<'_>, at: u64) -> Result<Option<(u8, u64)>, Trouble> {
    const AHEAD: usize = 64 * 1024;
    let pair = input.some(at, 2)?;
    if let [0xff, marker @ 1..=0xfe] = pair[..] {
        return Ok(Some((marker, at + 2)));
    }
    let ahead = input.some(at, AHEAD)?;
    let found = ahead.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff));
    Ok(found.map(|index| (ahead[index + 1], at + index as u64 + 2)))
}

/// An application segment.
fn application(marker: u8, segment: Vec<u8>, gathered: &mut Gathered, facts: &mut Facts) -> Result<(), Trouble> {
    if marker == 0xed {
        if let Some(rest) = segment.strip_prefix(PHOTOSHOP) {
            gathered.photoshop.extend_from_slice(rest);
        }
        return Ok(());
    }
    if segment.starts_with(EXIF) {
        let block = segment.get(6..).unwrap_or_default().to_vec();
        // A block of more than 64 KiB goes on in the next segment, which then has no TIFF header of its own.
        match &mut gathered.exif {
            Some(first) if !block.starts_with(b"II") && !block.starts_with(b"MM") => first.extend(block),
            Some(_) => facts.warn("EXIF: a second block is left out"),
            None => gathered.exif = Some(block),
        }
    } else if let Some(packet) = segment.strip_prefix(XMP) {
        let outcome = super::xmp::read(packet, Source::Xmp, facts);
        facts.survive("XMP", outcome)?;
    } else if let Some(rest) = segment.strip_prefix(EXTENSION) {
        // 32 bytes of digest, full length, offset (XMP part 3 section 1.1.3.1).
        if let (Some(offset), Some(part)) = (Order::Big.u32(rest, 36), rest.get(40..)) {
            gathered.extension.push((offset, part.to_vec()));
        }
    }
    Ok(())
}

/// Joins the boxes of JUMBF that several segments hold (ISO/IEC 19566-5, annex D): `JP`, the box's number, the segment's
/// number, then the box; all but the first segment repeat its header.
fn boxes_of_segment(segment: &[u8], joined: &mut Vec<u8>) {
    let (Some(b"JP"), Some(number), Some(part)) = (segment.get(..2), Order::Big.u32(segment, 4), segment.get(8..))
    else {
        return;
    };
    let header = if part.starts_with(&[0, 0, 0, 1]) { 16 } else { 8 };
    let repeated = if number > 1 { header } else { 0 };
    joined.extend_from_slice(part.get(repeated..).unwrap_or_default());
}

/// What cameras wrote before EXIF: Canon a heap (CIFF), Olympus and Agfa lines of text.
fn early(segment: &[u8], limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    if segment.get(6..14) == Some(b"HEAPJPGM") {
        let outcome = super::raw::read_heap(&mut Input::memory(segment.to_vec(), limits), facts);
        facts.survive("CIFF", outcome)?;
    } else if segment.windows(14).take(64).any(|part| part == b"[picture info]") {
        let text = super::encoding::text(segment);
        for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
            // Seconds since 1970 on the camera's own clock.
            if key == "TimeDate"
                && let Some(clock) = value.trim().parse().ok().and_then(when::unix_seconds)
            {
                let taken = Taken::local(clock.local, clock.precision, None);
                facts.time("TimeDate", Role::Original, taken, Source::MakerNote);
            }
        }
    }
    Ok(())
}

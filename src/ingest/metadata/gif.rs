//! Reads the header, the animation and the XMP of a GIF (GIF89a; XMP part 3 section 1.1.2), and the header of a BMP.
//!
//! Picture data are skipped block by block; a GIF cut off anywhere keeps what was read before.

use super::facts::Facts;
use super::input::{Input, Order, Trouble, malformed};
use super::model::Source;

/// Reads a GIF.
pub(super) fn read(input: &mut Input<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let header = input.bytes(0, 13)?;
    if let (Some(width), Some(height)) = (Order::Little.u16(&header, 6), Order::Little.u16(&header, 8)) {
        facts.size(width.into(), height.into());
    }
    let mut at = 13 + palette(header[10]);
    let (mut frames, mut hundredths) = (0_u32, 0_u32);
    while let Some(&kind) = input.some(at, 1)?.first() {
        input.visit()?;
        match kind {
            b',' => {
                frames += 1;
                let packed = input.array::<10>(at)?[9];
                at = skip_blocks(input, at + 11 + palette(packed))?;
            }
            b'!' => {
                let head = input.some(at, 14)?;
                if head.get(1) == Some(&0xf9) {
                    hundredths = hundredths.saturating_add(Order::Little.u16(&head, 4).unwrap_or(0).into());
                }
                if head.get(3..14) == Some(b"XMP DataXMP") {
                    at = packet(input, at + 14, facts)?;
                } else {
                    at = skip_blocks(input, at + 2)?;
                }
            }
            b';' => break,
            _ => return malformed("GIF: a block is damaged"),
        }
    }
    if frames > 1 {
        facts.duration(f64::from(hundredths) / 100.0);
    }
    Ok(())
}

/// Bytes of the palette that a flags byte announces.
fn palette(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The first byte after a run of blocks.
fn skip_blocks(input: &mut Input<'_>, mut at: u64) -> Result<u64, Trouble> {
    // A block holds 255 bytes at most, so they are not counted as parts; the run ends with the file at the latest.
    loop {
        match input.some(at, 1)?.first() {
            Some(0) => return Ok(at + 1),
            Some(&len) => at += 1 + u64::from(len),
            None => return malformed("GIF: it ends within a block"),
        }
    }
}

/// XMP stands bare, ended by a trailer that makes block readers fall out at the right place.
fn packet(input: &mut Input<'_>, at: u64, facts: &mut Facts) -> Result<u64, Trouble> {
    let end = skip_blocks(input, at)?;
    let len = usize::try_from(end - at).unwrap_or(usize::MAX).saturating_sub(258);
    let block = input.bytes(at, len.min(input.block()))?;
    let outcome = super::xmp::read(&block, Source::Xmp, facts);
    facts.survive("XMP", outcome)?;
    Ok(end)
}

/// Reads the size of a BMP; a negative height is one counted from the top.
pub(super) fn read_bmp(input: &mut Input<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let header = input.bytes(0, 26)?;
    let (width, height) = if header[14] == 12 {
        (Order::Little.u16(&header, 18).map(u32::from), Order::Little.u16(&header, 20).map(u32::from))
    } else {
        (
            Order::Little.u32(&header, 18),
            Order::Little.u32(&header, 22).map(|height| height.cast_signed().unsigned_abs()),
        )
    };
    facts.size(width.unwrap_or(0), height.unwrap_or(0));
    Ok(())
}

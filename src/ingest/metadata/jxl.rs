//! Reads JPEG XL: size and orientation from the codestream, EXIF and XMP from the container (ISO/IEC 18181-1 and -2).
//!
//! The codestream's orientation is the one decoders apply; the EXIF one never counts. Compressed metadata boxes are noted
//! as a warning.

use super::boxes::{Box, boxes, find};
use super::facts::Facts;
use super::input::{Input, Limits, Trouble, malformed};
use super::model::Source;

/// Reads a container of boxes.
pub(super) fn read(input: &mut Input<'_>, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    let end = input.len();
    let parts = boxes(input, 0, end)?;
    let stream = match (find(&parts, b"jxlc"), find(&parts, b"jxlp")) {
        (Some(whole), _) => Some(whole.start),
        (None, Some(first)) => Some(first.start + 4),
        (None, None) => None,
    };
    match stream {
        Some(start) => read_stream(input, start, facts)?,
        None => facts.warn("it has no codestream"),
    }
    for part in &parts {
        let outcome = match &part.kind {
            b"Exif" => part.body(input).and_then(|block| super::heif::exif_item(block, limits, facts)),
            b"xml " => part.body(input).and_then(|packet| super::xmp::read(&packet, Source::Xmp, facts)),
            b"jumb" => whole(input, part).map(|block| super::jumbf::read(&block, facts)),
            b"brob" => malformed("compressed metadata are not read"),
            _ => Ok(()),
        };
        facts.survive("JPEG XL", outcome)?;
    }
    Ok(())
}

/// A box with its header.
fn whole(input: &mut Input<'_>, part: &Box) -> Result<Vec<u8>, Trouble> {
    let body = part.body(input)?;
    let size = u32::try_from(body.len() + 8).unwrap_or(0);
    Ok([&size.to_be_bytes()[..], &part.kind, &body].concat())
}

/// Reads the header of a codestream (18181-1 annex D).
pub(super) fn read_stream(input: &mut Input<'_>, start: u64, facts: &mut Facts) -> Result<(), Trouble> {
    let block = input.some(start, 32)?;
    if !block.starts_with(&[0xff, 0x0a]) {
        return malformed("its codestream has no header");
    }
    let mut bits = Bits { block: &block, at: 16 };
    let small = bits.take(1) == 1;
    let height = if small { (bits.take(5) + 1) * 8 } else { bits.side() };
    let width = match bits.take(3) {
        0 if small => (bits.take(5) + 1) * 8,
        0 => bits.side(),
        ratio => {
            let (across, down) = [(1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1)][ratio as usize - 1];
            u32::try_from(u64::from(height) * across / down).unwrap_or(0)
        }
    };
    facts.size(width, height);
    let all_default = bits.take(1) == 1;
    let extra = !all_default && bits.take(1) == 1;
    let turn = if extra { bits.take(3) + 1 } else { 1 };
    facts.orientation(turn.into(), Source::Container);
    Ok(())
}

/// Bits from the least significant of each byte on; past the end there are zeros.
struct Bits<'b> {
    block: &'b [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> u32 {
        let bit = |at: usize| self.block.get(at / 8).map_or(0, |byte| u32::from(byte >> (at % 8) & 1));
        let value = (0..count).fold(0, |sum, index| sum | bit(self.at + index) << index);
        self.at += count;
        value
    }

    fn side(&mut self) -> u32 {
        let width = [9, 13, 18, 30][self.take(2) as usize];
        self.take(width) + 1
    }
}

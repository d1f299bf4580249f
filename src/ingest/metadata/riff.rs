//! Reads the chunks of WebP pictures and AVI films (RIFF; WebP container specification; AVI RIFF file reference).
//!
//! Chunks are walked without reading picture or film data; nesting is bounded by depth and by the count of parts.

use super::encoding;
use super::facts::{Facts, Role, Text};
use super::input::{Input, Limits, Order, Trouble, malformed};
use super::model::Source;
use super::when;

/// A chunk: its name and where its body lies.
struct Chunk {
    kind: [u8; 4],
    start: u64,
    len: u64,
}

/// The chunk at `at`, cut to what lies before `end`.
fn chunk(input: &mut Input<'_>, at: u64, end: u64) -> Result<Option<Chunk>, Trouble> {
    if at.saturating_add(8) > end {
        return Ok(None);
    }
    input.visit()?;
    let head = input.array::<8>(at)?;
    let len = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]])).min(end - at - 8);
    Ok(Some(Chunk { kind: [head[0], head[1], head[2], head[3]], start: at + 8, len }))
}

/// Reads a WebP.
pub(super) fn read_webp(input: &mut Input<'_>, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    let (mut at, end) = (12, input.len());
    let mut milliseconds = 0_u32;
    while let Some(chunk) = chunk(input, at, end)? {
        match &chunk.kind {
            b"VP8X" => {
                let header = input.bytes(chunk.start, 10)?;
                facts.size(u24(&header, 4) + 1, u24(&header, 7) + 1);
            }
            b"VP8 " => {
                let header = input.some(chunk.start, 10)?;
                let side = |at| Order::Little.u16(&header, at).map_or(0, |side| u32::from(side & 0x3fff));
                facts.size(side(6), side(8));
            }
            b"VP8L" => {
                let header = input.some(chunk.start, 5)?;
                let bits = Order::Little.u32(&header, 1).unwrap_or(0);
                facts.size((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
            }
            b"C2PA" => {
                let block = input.bytes(chunk.start, usize::try_from(chunk.len).unwrap_or(usize::MAX))?;
                super::jumbf::read(&block, facts);
            }
            b"ANMF" => {
                let header = input.some(chunk.start, 16)?;
                milliseconds = milliseconds.saturating_add(u24(&header, 12));
            }
            b"EXIF" => {
                let block = input.bytes(chunk.start, usize::try_from(chunk.len).unwrap_or(usize::MAX))?;
                let block = block.strip_prefix(b"Exif\0\0").unwrap_or(&block).to_vec();
                let outcome = super::exif::read(&mut Input::memory(block, limits), 0, facts);
                facts.survive("EXIF", outcome)?;
            }
            b"XMP " => {
                let block = input.bytes(chunk.start, usize::try_from(chunk.len).unwrap_or(usize::MAX))?;
                let outcome = super::xmp::read(&block, Source::Xmp, facts);
                facts.survive("XMP", outcome)?;
            }
            _ => {}
        }
        at = chunk.start + chunk.len + chunk.len % 2;
    }
    facts.duration(f64::from(milliseconds) / 1000.0);
    Ok(())
}

fn u24(block: &[u8], at: usize) -> u32 {
    block.get(at..at + 3).map_or(0, |raw| u32::from(raw[0]) | u32::from(raw[1]) << 8 | u32::from(raw[2]) << 16)
}

/// Reads an AVI.
pub(super) fn read_avi(input: &mut Input<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let end = input.len();
    avi_list(input, 12, end, 0, facts)
}

fn avi_list(input: &mut Input<'_>, mut at: u64, end: u64, depth: u8, facts: &mut Facts) -> Result<(), Trouble> {
    if depth > 6 {
        return malformed("its lists are nested too deep");
    }
    while let Some(chunk) = chunk(input, at, end)? {
        match &chunk.kind {
            b"LIST" | b"RIFF" => {
                let kind = input.array::<4>(chunk.start)?;
                if matches!(&kind, b"hdrl" | b"strl" | b"INFO" | b"AVI " | b"ncdt") {
                    avi_list(input, chunk.start + 4, chunk.start + chunk.len, depth + 1, facts)?;
                }
            }
            b"avih" => avi_header(&input.bytes(chunk.start, 40)?, facts),
            b"IDIT" | b"ICRD" | b"DTIM" => {
                let text = short_text(input, &chunk)?;
                if let Some(taken) = when::riff(&text) {
                    let name = String::from_utf8_lossy(&chunk.kind).into_owned();
                    facts.time(&name, Role::Original, taken, Source::Container);
                }
            }
            b"INAM" => facts.text(Text::Title, "INAM", &short_text(input, &chunk)?, Source::Container),
            b"ICMT" => facts.text(Text::Description, "ICMT", &short_text(input, &chunk)?, Source::Container),
            b"IKEY" => {
                for keyword in short_text(input, &chunk)?.split(';') {
                    facts.keyword("IKEY", &[keyword], Source::Container);
                }
            }
            b"_PMX" => {
                let block = input.bytes(chunk.start, usize::try_from(chunk.len).unwrap_or(usize::MAX))?;
                let outcome = super::xmp::read(&block, Source::Xmp, facts);
                facts.survive("XMP", outcome)?;
            }
            _ => {}
        }
        at = chunk.start + chunk.len + chunk.len % 2;
    }
    Ok(())
}

fn short_text(input: &mut Input<'_>, chunk: &Chunk) -> Result<String, Trouble> {
    let block = input.some(chunk.start, usize::try_from(chunk.len).unwrap_or(0).min(4096))?;
    Ok(encoding::c_text(&block))
}

/// Microseconds a frame, count of frames, size.
fn avi_header(header: &[u8], facts: &mut Facts) {
    let field = |index: usize| Order::Little.u32(header, index * 4).unwrap_or(0);
    facts.duration(f64::from(field(0)) * f64::from(field(4)) / 1e6);
    facts.size(field(8), field(9));
}

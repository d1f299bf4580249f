//! Reads the chunks of a PNG: size, EXIF, XMP, texts, times, Content Credentials (PNG 3rd edition, and ImageMagick's
//! raw profiles).
//!
//! Chunks are walked to the end, also behind the picture data, which are skipped. Inflated text is bounded.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::encoding;
use super::facts::{Facts, Role, Text};
use super::input::{Input, Limits, Order, Trouble, malformed};
use super::model::{Precision, Source, Taken};
use super::when;

/// Reads a PNG.
pub(super) fn read(input: &mut Input<'_>, limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    let mut at = 8_u64;
    while at < input.len() {
        input.visit()?;
        let Ok(head) = input.array::<8>(at) else { return malformed("PNG: it ends within a chunk") };
        let len = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let kind = [head[4], head[5], head[6], head[7]];
        if len > i32::MAX as u32 || !kind.iter().all(u8::is_ascii_alphabetic) {
            return malformed("PNG: a chunk is damaged");
        }
        let outcome = chunk(input, kind, at + 8, len as usize, limits, facts);
        facts.survive(&format!("PNG {}", String::from_utf8_lossy(&kind)), outcome)?;
        if kind == *b"IEND" {
            break;
        }
        at += 12 + u64::from(len);
    }
    Ok(())
}

fn chunk(
    input: &mut Input<'_>,
    kind: [u8; 4],
    at: u64,
    len: usize,
    limits: &Limits,
    facts: &mut Facts,
) -> Result<(), Trouble> {
    match &kind {
        b"IHDR" => {
            let header = input.bytes(at, 8)?;
            if let (Some(width), Some(height)) = (Order::Big.u32(&header, 0), Order::Big.u32(&header, 4)) {
                facts.size(width, height);
            }
        }
        b"eXIf" | b"zxIf" => {
            let block = input.bytes(at, len)?;
            let block = block.strip_prefix(b"Exif\0\0").unwrap_or(&block).to_vec();
            super::exif::read(&mut Input::memory(block, limits), 0, facts)?;
        }
        b"caBX" => super::jumbf::read(&input.bytes(at, len)?, facts),
        b"tIME" => {
            let time = input.bytes(at, 7)?;
            let year = Order::Big.u16(&time, 0).and_then(|year| i16::try_from(year).ok());
            let part = |index: usize| time.get(index).and_then(|part| i8::try_from(*part).ok());
            let local = || when::civil(year?, part(2)?, part(3)?, part(4)?, part(5)?, part(6)?, 0);
            if let Some(instant) = local().and_then(|local| jiff::tz::Offset::UTC.to_timestamp(local).ok()) {
                facts.time("PNG tIME", Role::Modified, Taken::utc(instant), Source::Container);
            }
        }
        b"tEXt" | b"zTXt" | b"iTXt" => {
            let block = input.bytes(at, len)?;
            if let Some((keyword, text)) = text(&kind, &block, limits) {
                note(&keyword, &text, limits, facts)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Keyword and text of a text chunk; the bytes are UTF-8 in `iTXt`, Latin-1 by the letter and often UTF-8 in fact elsewhere.
fn text(kind: &[u8; 4], block: &[u8], limits: &Limits) -> Option<(String, Vec<u8>)> {
    let end = block.iter().position(|&byte| byte == 0)?;
    let keyword = encoding::text(&block[..end]);
    let rest = block.get(end + 1..)?;
    let bytes = match kind {
        b"tEXt" => rest.to_vec(),
        b"zTXt" => inflate(rest.get(1..)?, limits),
        _ => {
            let compressed = *rest.first()? == 1;
            let mut parts = rest.get(2..)?.splitn(3, |&byte| byte == 0);
            let (_language, _translated, text) = (parts.next()?, parts.next()?, parts.next()?);
            if compressed { inflate(text, limits) } else { text.to_vec() }
        }
    };
    Some((keyword, bytes))
}

/// Inflates as far as the data are sound, and no further than a block.
fn inflate(compressed: &[u8], limits: &Limits) -> Vec<u8> {
    let mut inflated = Vec::new();
    let mut decoder = ZlibDecoder::new(compressed).take(limits.block_bytes as u64);
    // What came out before an error is kept by the reader; a broken tail costs the tail.
    let _ = decoder.read_to_end(&mut inflated);
    inflated
}

fn note(keyword: &str, bytes: &[u8], limits: &Limits, facts: &mut Facts) -> Result<(), Trouble> {
    let text = encoding::text(bytes);
    match keyword {
        "XML:com.adobe.xmp" => return super::xmp::read(bytes, Source::Xmp, facts),
        "Title" => facts.text(Text::Title, "PNG Title", &text, Source::Container),
        "Description" => facts.text(Text::Description, "PNG Description", &text, Source::Container),
        "Creation Time" | "create-date" => {
            if let Some(taken) = when::parse(&text).or_else(|| when::riff(&text)).or_else(|| rfc_1123(&text)) {
                facts.time("PNG Creation Time", Role::Created, taken, Source::Container);
            }
        }
        "Raw profile type exif" | "Raw profile type APP1" => {
            let Some(block) = raw_profile(&text) else { return malformed("its profile is no profile") };
            if let Some(packet) = block.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                return super::xmp::read(packet, Source::Xmp, facts);
            }
            let block = block.strip_prefix(b"Exif\0\0").unwrap_or(&block).to_vec();
            return super::exif::read(&mut Input::memory(block, limits), 0, facts);
        }
        "Raw profile type xmp" => {
            return super::xmp::read(&raw_profile(&text).unwrap_or_default(), Source::Xmp, facts);
        }
        "Raw profile type iptc" => {
            let block = raw_profile(&text).unwrap_or_default();
            if block.starts_with(b"8BIM") {
                super::iptc::read_photoshop(&block, facts);
            } else {
                super::iptc::read(&block, facts);
            }
        }
        _ => facts.value(&format!("PNG {}", keyword.chars().take(79).collect::<String>()), text, Source::Container),
    }
    Ok(())
}

/// `Sat, 16 Jun 2012 17:39:12 GMT`, which the standard recommends for the creation time.
fn rfc_1123(text: &str) -> Option<Taken> {
    let zoned = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(Taken::local(zoned.datetime(), Precision::Second, Some(zoned.offset())))
}

/// ImageMagick's profile: a name, a length, then hexadecimal digits.
fn raw_profile(text: &str) -> Option<Vec<u8>> {
    let mut words = text.trim_start().splitn(3, |c: char| c.is_ascii_whitespace());
    let (_name, rest) = (words.next()?, words.next().zip(words.next())?);
    // The length is padded with spaces, so it may be the second part or the start of the third.
    let (length, digits) = match rest {
        ("", tail) => tail.trim_start().split_once(|c: char| c.is_ascii_whitespace())?,
        (length, tail) => (length, tail),
    };
    let length: usize = length.trim().parse().ok()?;
    let digits: Vec<u8> =
        digits.chars().filter_map(|digit| digit.to_digit(16)).filter_map(|digit| u8::try_from(digit).ok()).collect();
    let bytes: Vec<u8> = digits.chunks_exact(2).take(length).map(|pair| pair[0] << 4 | pair[1]).collect();
    Some(bytes).filter(|bytes| !bytes.is_empty())
}

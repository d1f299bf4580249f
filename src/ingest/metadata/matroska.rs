//! Reads the head of a Matroska or WebM film: size, length, date, title, tags (RFC 8794, RFC 9559).
//!
//! Elements are stepped over by their sizes; clusters of film data are never read.

use super::encoding;
use super::facts::{Facts, Role, Text};
use super::input::{Input, Trouble, malformed};
use super::model::{Precision, Source, Taken};
use super::when;

/// An element: identifier with its marker bits, and where its body lies.
struct Element {
    id: u32,
    start: u64,
    end: u64,
}

/// What is put together from several elements.
#[derive(Default)]
struct Head {
    scale: Option<f64>,
    duration: Option<f64>,
    tag: Option<String>,
}

/// Reads a film; its MIME type follows from the document type.
pub(super) fn read(input: &mut Input<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    facts.mime = "video/x-matroska".to_owned();
    let end = input.len();
    let mut head = Head::default();
    let outcome = walk(input, 0, end, 0, &mut head, facts);
    if let Some(duration) = head.duration {
        facts.duration(duration * head.scale.unwrap_or(1_000_000.0) / 1e9);
    }
    outcome
}

fn walk(
    input: &mut Input<'_>,
    mut at: u64,
    end: u64,
    depth: u8,
    head: &mut Head,
    facts: &mut Facts,
) -> Result<(), Trouble> {
    while at < end {
        input.visit()?;
        let Some(element) = element(input, at, end)? else { return malformed("an element is damaged") };
        match element.id {
            // Segment, Info, Tracks, TrackEntry, Video, Tags, Tag, SimpleTag, EBML header.
            0x1853_8067 | 0x1549_a966 | 0x1654_ae6b | 0xae | 0xe0 | 0x1254_c367 | 0x7373 | 0x67c8 | 0x1a45_dfa3
                if depth < 8 =>
            {
                walk(input, element.start, element.end, depth + 1, head, facts)?;
            }
            _ => leaf(input, &element, head, facts)?,
        }
        at = element.end;
    }
    Ok(())
}

fn leaf(input: &mut Input<'_>, element: &Element, head: &mut Head, facts: &mut Facts) -> Result<(), Trouble> {
    let mut body =
        |most: usize| input.some(element.start, usize::try_from(element.end - element.start).unwrap_or(0).min(most));
    match element.id {
        0x4282 if body(16)?.starts_with(b"webm") => facts.mime = "video/webm".to_owned(),
        #[expect(clippy::cast_precision_loss, reason = "a scale of 2^53 nanoseconds is nonsense anyway")]
        0x2a_d7b1 => head.scale = Some(unsigned(&body(8)?) as f64),
        0x4489 => head.duration = float(&body(8)?),
        0x4461 => {
            // Nanoseconds since 2001, UTC.
            const START_OF_2001: i64 = 978_307_200;
            let nanoseconds = unsigned(&body(8)?).cast_signed();
            if let Some(taken) = when::unix_seconds(START_OF_2001.saturating_add(nanoseconds.div_euclid(1_000_000_000)))
            {
                facts.time("DateUTC", Role::Created, taken, Source::Container);
            }
        }
        0x7ba9 => facts.text(Text::Title, "Title", &encoding::c_text(&body(4096)?), Source::Container),
        0xb0 | 0xba => {
            let side = u32::try_from(unsigned(&body(8)?)).unwrap_or(0);
            let name = if element.id == 0xb0 { "PixelWidth" } else { "PixelHeight" };
            facts.value(name, side.to_string(), Source::Container);
            let latest = |wanted: &str| {
                facts.values.iter().rev().find(|value| value.name == wanted).and_then(|value| value.value.parse().ok())
            };
            if let (Some(width), Some(height)) = (latest("PixelWidth"), latest("PixelHeight")) {
                facts.size(width, height);
            }
        }
        0x45a3 => head.tag = Some(encoding::c_text(&body(256)?).to_ascii_uppercase()),
        0x4487 => tag(head.tag.take().as_deref(), &encoding::c_text(&body(4096)?), facts),
        _ => {}
    }
    Ok(())
}

/// A tag by its name (RFC 9559's tag registry).
fn tag(name: Option<&str>, text: &str, facts: &mut Facts) {
    match name {
        Some(name @ ("DATE_RECORDED" | "DATE_DIGITIZED" | "CREATION_TIME" | "COM.APPLE.QUICKTIME.CREATIONDATE")) => {
            if let Some(taken) = when::parse(text) {
                let utc = taken.offset.is_some_and(|offset| offset.is_zero()) && name == "CREATION_TIME";
                let taken = taken.instant.filter(|_| utc).map_or(taken, Taken::utc);
                if taken.precision >= Precision::Day {
                    facts.time(name, Role::Created, taken, Source::Container);
                }
            }
        }
        Some("DESCRIPTION" | "SYNOPSIS") => facts.text(Text::Description, "DESCRIPTION", text, Source::Container),
        Some("KEYWORDS") => {
            text.split(',').for_each(|keyword| facts.keyword("KEYWORDS", &[keyword], Source::Container))
        }
        Some(name @ ("LOCATION" | "COM.APPLE.QUICKTIME.LOCATION.ISO6709")) => {
            if let Some((lat, lon, altitude)) = super::movie_text::iso_6709(text) {
                facts.position(lat, lon, altitude, Source::Container);
            } else {
                facts.value(name, text, Source::Container);
            }
        }
        Some("COM.APPLE.QUICKTIME.MAKE") => facts.text(Text::Make, "MAKE", text, Source::Container),
        Some("COM.APPLE.QUICKTIME.MODEL") => facts.text(Text::Model, "MODEL", text, Source::Container),
        Some(name) => facts.value(name, text, Source::Container),
        None => {}
    }
}

/// The element at `at`; a size that is unknown reaches to `end`.
fn element(input: &mut Input<'_>, at: u64, end: u64) -> Result<Option<Element>, Trouble> {
    let head = input.some(at, 12)?;
    let Some(id_len) = head.first().map(|byte| byte.leading_zeros() as usize + 1).filter(|&len| len <= 4) else {
        return Ok(None);
    };
    let Some(size_len) = head.get(id_len).map(|byte| byte.leading_zeros() as usize + 1).filter(|&len| len <= 8) else {
        return Ok(None);
    };
    let (Some(id), Some(size)) = (head.get(..id_len), head.get(id_len..id_len + size_len)) else { return Ok(None) };
    let mask = u64::MAX >> (64 - 7 * size_len);
    let size = unsigned(size) & mask;
    let start = at + (id_len + size_len) as u64;
    let stop = if size == mask { end } else { start.saturating_add(size).min(end) };
    Ok(Some(Element { id: u32::try_from(unsigned(id)).unwrap_or(0), start, end: stop.max(start) }))
}

fn unsigned(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |sum, &byte| sum << 8 | u64::from(byte))
}

fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => Some(f64::from(f32::from_bits(u32::try_from(unsigned(bytes)).ok()?))),
        8 => Some(f64::from_bits(unsigned(bytes))),
        _ => None,
    }
}

//! The texts of a film: QuickTime's user data, Apple's keyed metadata, iTunes' list, 3GPP's boxes (QuickTime File Format,
//! "Metadata"; 3GPP TS 26.244 section 8).
//!
//! Only what describes the film is taken; everything else that is text is kept as a value.

use super::boxes::{Box, boxes, find};
use super::encoding;
use super::facts::{Facts, Role, Text};
use super::input::{Input, Order, Trouble};
use super::model::{Precision, Source};
use super::when;

/// Longest text taken.
const TEXT: u64 = 64 * 1024;

/// Reads a user data box.
pub(super) fn read_user_data(input: &mut Input<'_>, udta: Box, facts: &mut Facts) -> Result<(), Trouble> {
    for part in boxes(input, udta.start, udta.end)? {
        let outcome = match &part.kind {
            b"meta" => read_meta(input, part, facts),
            b"XMP_" => part.body(input).and_then(|packet| super::xmp::read(&packet, Source::Xmp, facts)),
            b"loci" => input.some(part.start, 512).map(|body| location(&body, facts)),
            b"titl" | b"dscp" | b"kywd" => short(input, part).map(|body| three_gpp(part.kind, &body, facts)),
            [0xa9, ..] => short(input, part).map(|body| {
                let name = four(part.kind);
                if let Some(text) = international(&body) {
                    note(&name, &text, facts);
                }
            }),
            _ => Ok(()),
        };
        facts.survive(&four(part.kind), outcome)?;
    }
    Ok(())
}

/// The printable name of a box.
fn four(kind: [u8; 4]) -> String {
    encoding::windows_1252(&kind).replace(char::is_control, "?")
}

fn short(input: &mut Input<'_>, part: Box) -> Result<Vec<u8>, Trouble> {
    input.some(part.start, usize::try_from(part.len().min(TEXT)).unwrap_or(0))
}

/// The first text of an international text list: length, language, text.
fn international(body: &[u8]) -> Option<String> {
    let len = usize::from(Order::Big.u16(body, 0)?);
    let text = body.get(4..4 + len).or_else(|| body.get(4..))?;
    let text = encoding::c_text(text);
    (!text.trim().is_empty()).then_some(text)
}

/// Reads a meta box: keys and their values, or iTunes' list.
pub(super) fn read_meta(input: &mut Input<'_>, meta: Box, facts: &mut Facts) -> Result<(), Trouble> {
    // QuickTime's is a plain box, MPEG's has a version before its parts.
    let plain = input.some(meta.start, 8)?.get(4..8) == Some(b"hdlr");
    let parts = boxes(input, meta.start + if plain { 0 } else { 4 }, meta.end)?;
    let keys = match find(&parts, b"keys") {
        Some(keys) => key_names(&short(input, keys)?),
        None => Vec::new(),
    };
    if let Some(xml) = find(&parts, b"xml ") {
        let body = xml.body(input)?;
        let packet = body.get(4..).unwrap_or_default();
        if packet.windows(9).take(4096).any(|part| part == b"x:xmpmeta") {
            let outcome = super::xmp::read(packet, Source::Xmp, facts);
            facts.survive("XMP", outcome)?;
        }
    }
    let Some(ilst) = find(&parts, b"ilst") else { return Ok(()) };
    for entry in boxes(input, ilst.start, ilst.end)? {
        let number = u32::from_be_bytes(entry.kind) as usize;
        let name = number.checked_sub(1).and_then(|index| keys.get(index)).cloned().unwrap_or_else(|| four(entry.kind));
        for data in boxes(input, entry.start, entry.end)?.iter().filter(|part| part.kind == *b"data") {
            let body = short(input, *data)?;
            if let Some(text) = value(&body) {
                note(&name, &text, facts);
            }
        }
    }
    Ok(())
}

/// The names in a keys box.
fn key_names(body: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = 8;
    while let Some(size) = Order::Big.u32(body, at) {
        let size = size as usize;
        if size < 8 || names.len() > 1000 {
            break;
        }
        let name = body.get(at + 8..at.saturating_add(size).min(body.len())).unwrap_or_default();
        names.push(encoding::text(name));
        at = at.saturating_add(size);
    }
    names
}

/// The text of a data box: its type, its locale, then the value (1 = UTF-8, 2 = UTF-16, 21 = a signed number).
fn value(body: &[u8]) -> Option<String> {
    let rest = body.get(8..)?;
    match Order::Big.u32(body, 0)? & 0x00ff_ffff {
        0 | 1 => Some(encoding::c_text(rest)),
        2 => Some(encoding::utf16(rest, false)),
        21 if !rest.is_empty() && rest.len() <= 4 => {
            let extend = if rest[0] & 0x80 == 0 { 0 } else { -1_i32 };
            Some(rest.iter().fold(extend, |sum, &byte| sum << 8 | i32::from(byte)).to_string())
        }
        _ => None,
    }
}

/// Takes a named text.
fn note(name: &str, text: &str, facts: &mut Facts) {
    let name = name.strip_prefix("com.apple.quicktime.").unwrap_or(name);
    match name {
        "creationdate" | "©day" => match when::parse(text) {
            Some(taken) if taken.precision >= Precision::Day => {
                facts.time(name, Role::Original, taken, Source::Quicktime);
            }
            _ => facts.value(name, text, Source::Quicktime),
        },
        "location.ISO6709" | "©xyz" => match iso_6709(text) {
            Some((lat, lon, altitude)) => facts.position(lat, lon, altitude, Source::Quicktime),
            None => facts.value(name, text, Source::Quicktime),
        },
        "make" | "©mak" | "com.android.manufacturer" => facts.text(Text::Make, name, text, Source::Quicktime),
        "model" | "©mod" | "com.android.model" => facts.text(Text::Model, name, text, Source::Quicktime),
        "title" | "displayname" | "©nam" => facts.text(Text::Title, name, text, Source::Quicktime),
        "description" | "comment" | "©des" | "©cmt" | "©inf" | "desc" | "ldes" => {
            facts.text(Text::Description, name, text, Source::Quicktime);
        }
        "keywords" | "keyw" | "©key" => {
            for keyword in text.split([',', ';']) {
                facts.keyword(name, &[keyword], Source::Quicktime);
            }
        }
        "content.identifier" => facts.text(Text::LiveId, name, text, Source::Quicktime),
        "rating.user" => {
            if let Ok(stars) = text.trim().parse() {
                facts.rating(name, stars, Source::Quicktime);
            }
        }
        _ => facts.value(name, text, Source::Quicktime),
    }
}

/// `+48.1234+011.5678+123.4/`: latitude, longitude and perhaps altitude; degrees, or degrees and minutes packed as in
/// ISO 6709 annex H.
pub(super) fn iso_6709(text: &str) -> Option<(f64, f64, Option<f64>)> {
    let text = text.trim().trim_end_matches('/');
    let starts: Vec<usize> = text.match_indices(['+', '-']).map(|(at, _)| at).collect();
    let part = |index: usize| -> Option<&str> {
        let end = starts.get(index + 1).copied().unwrap_or(text.len());
        // A reference system may follow: `CRSWGS_84`.
        text.get(*starts.get(index)?..end)?.split("CRS").next()
    };
    let altitude = part(2).and_then(|part| part.parse().ok());
    Some((packed(part(0)?, 2)?, packed(part(1)?, 3)?, altitude))
}

/// Degrees from `±DD.D`, `±DDMM.M` or `±DDMMSS.S` with so many digits of degrees.
fn packed(text: &str, degrees: usize) -> Option<f64> {
    let (sign, digits) = (if text.starts_with('-') { -1.0 } else { 1.0 }, &text[1..]);
    let whole = digits.split('.').next()?.len();
    let number: f64 = digits.parse().ok()?;
    let value = match whole {
        whole if whole == degrees + 4 => {
            (number / 10_000.0).trunc() + (number / 100.0 % 100.0).trunc() / 60.0 + number % 100.0 / 3600.0
        }
        whole if whole == degrees + 2 => (number / 100.0).trunc() + number % 100.0 / 60.0,
        _ => number,
    };
    value.is_finite().then_some(sign * value)
}

/// 3GPP texts: version, language, text in UTF-8 or marked UTF-16.
fn three_gpp(kind: [u8; 4], body: &[u8], facts: &mut Facts) {
    let text = encoding::marked(body.get(6..).unwrap_or_default());
    let text = text.trim_end_matches('\0');
    match &kind {
        b"titl" => facts.text(Text::Title, "titl", text, Source::Quicktime),
        b"dscp" => facts.text(Text::Description, "dscp", text, Source::Quicktime),
        _ => facts.value("kywd", text, Source::Quicktime),
    }
}

/// 3GPP's location: version, language, name, role, then longitude, latitude and altitude with sixteen bits behind the point.
fn location(body: &[u8], facts: &mut Facts) {
    let Some(rest) = body.get(6..) else { return };
    let name_end = if rest.starts_with(&[0xfe, 0xff]) {
        rest.chunks_exact(2).position(|pair| pair == [0, 0]).map(|index| index * 2 + 2)
    } else {
        rest.iter().position(|&byte| byte == 0).map(|index| index + 1)
    };
    let Some(at) = name_end.map(|end| end + 1) else { return };
    let fixed = |index: usize| Some(f64::from(Order::Big.u32(rest, at + index * 4)?.cast_signed()) / 65_536.0);
    if let (Some(lon), Some(lat)) = (fixed(0), fixed(1)) {
        facts.position(lat, lon, fixed(2), Source::Quicktime);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_films_are_read() {
        assert_eq!(iso_6709("+48.1234-011.5678+123.4/"), Some((48.1234, -11.5678, Some(123.4))));
        assert_eq!(iso_6709("-33.5+151.25CRSWGS_84/"), Some((-33.5, 151.25, None)));
        let (lat, lon, _) = iso_6709("+4830.0+01130.0/").unwrap();
        assert!((lat - 48.5).abs() < 1e-9 && (lon - 11.5).abs() < 1e-9);
        for text in ["", "48", "+", "+x+y", "+48.1"] {
            assert_eq!(iso_6709(text), None, "{text}");
        }
    }
}

//! What EXIF says: camera, exposure, times, position, orientation, ratings and texts (EXIF 2.32, TIFF 6.0, TIFF/EP, DNG 1.6).
//!
//! Reads the first directory, its EXIF and GPS parts, and the XMP and IPTC blocks that TIFF files carry as tags.
//! A wrong entry costs that entry, a wrong directory that directory. Sizes of the pictures in a TIFF or raw file are
//! [`super::raw`]'s.

use super::encoding;
use super::facts::{Facts, Role, Text};
use super::input::{Input, Order, Trouble};
use super::model::{Exposure, Source, Taken};
use super::tiff::{Directory, Entry, Tiff};
use super::when;

/// Largest text block (XMP, IPTC, Photoshop resources) taken from a tag.
const BLOCK: usize = 4 << 20;

/// Reads the TIFF structure at `base` of `input`, as EXIF blocks and TIFF files hold it.
pub(super) fn read(input: &mut Input<'_>, base: u64, facts: &mut Facts) -> Result<(), Trouble> {
    let mut tiff = Tiff::open(input, base)?;
    let first = tiff.first;
    let directory = tiff.directory(first)?;
    read_main(&mut tiff, &directory, facts)
}

/// Reads a first directory and the parts it points to.
pub(super) fn read_main(tiff: &mut Tiff<'_, '_>, main: &Directory, facts: &mut Facts) -> Result<(), Trouble> {
    let mut times = Times::default();
    let mut exposure = Exposure::default();
    for entry in &main.entries {
        main_entry(tiff, *entry, facts, &mut times)?;
        exposure_entry(tiff, *entry, facts, &mut exposure, &mut times)?;
    }
    if let Some(offset) = pointer(tiff, main, 0x8769) {
        match tiff.directory(offset) {
            Ok(directory) => {
                for entry in &directory.entries {
                    exposure_entry(tiff, *entry, facts, &mut exposure, &mut times)?;
                }
            }
            outcome => facts.survive("EXIF", outcome.map(drop))?,
        }
    }
    if let Some(offset) = pointer(tiff, main, 0x8825) {
        match tiff.directory(offset) {
            Ok(directory) => gps(tiff, &directory, facts),
            outcome => facts.survive("GPS", outcome.map(drop))?,
        }
    }
    times.note(facts);
    facts.exposure(exposure, Source::Exif);
    Ok(())
}

/// Where a part of the structure lies, by the tag that points to it.
fn pointer(tiff: &mut Tiff<'_, '_>, directory: &Directory, tag: u16) -> Option<u64> {
    let entry = directory.find(tag)?;
    tiff.offsets(entry).first().copied()
}

/// Tags of the first directory.
fn main_entry(tiff: &mut Tiff<'_, '_>, entry: Entry, facts: &mut Facts, times: &mut Times) -> Result<(), Trouble> {
    let text = |tiff: &mut Tiff<'_, '_>| tiff.text(entry).unwrap_or_default();
    match entry.tag {
        0x010e => facts.text(Text::Description, "ImageDescription", &text(tiff), Source::Exif),
        0x010f => facts.text(Text::Make, "Make", &text(tiff), Source::Exif),
        0x0110 => facts.text(Text::Model, "Model", &text(tiff), Source::Exif),
        0x0112 => {
            if let Some(value) = tiff.number(entry) {
                #[expect(clippy::cast_possible_truncation, reason = "out of range is no orientation either way")]
                facts.orientation(value as i64, Source::Exif);
            }
        }
        0x0131 => facts.value("Software", text(tiff), Source::Exif),
        0x0132 => times.modified = when::parse(&text(tiff)),
        0x013b => facts.value("Artist", text(tiff), Source::Exif),
        0x8298 => facts.value("Copyright", text(tiff), Source::Exif),
        0x4746 => {
            if let Some(stars) = tiff.number(entry) {
                facts.rating("Rating", stars, Source::Exif);
            }
        }
        0x02bc => {
            let block = tiff.bytes(entry, BLOCK).unwrap_or_default();
            let outcome = super::xmp::read(&block, Source::Xmp, facts);
            facts.survive("XMP", outcome)?;
        }
        0x83bb => {
            let block = tiff.bytes(entry, BLOCK).unwrap_or_default();
            super::iptc::read(&swapped(&block, tiff.order()), facts);
        }
        0x8649 => {
            let block = tiff.bytes(entry, BLOCK).unwrap_or_default();
            super::iptc::read_photoshop(&block, facts);
        }
        0x9c9b..=0x9c9f => windows(entry.tag, &tiff.bytes(entry, BLOCK).unwrap_or_default(), facts),
        _ => {}
    }
    Ok(())
}

/// IPTC written as 32-bit numbers in the wrong byte order, as some programs do, set right; `0x1c` starts every dataset.
fn swapped(block: &[u8], order: Order) -> Vec<u8> {
    if order == Order::Little && block.first() != Some(&0x1c) && block.get(3) == Some(&0x1c) {
        return block.chunks(4).flat_map(|word| word.iter().rev().copied()).collect();
    }
    block.to_vec()
}

/// The tags that Windows Explorer writes, in UTF-16.
fn windows(tag: u16, block: &[u8], facts: &mut Facts) {
    let text = encoding::utf16(block, true);
    match tag {
        0x9c9b => facts.text(Text::Title, "XPTitle", &text, Source::Exif),
        0x9c9c => facts.text(Text::Description, "XPComment", &text, Source::Exif),
        0x9c9d => facts.value("XPAuthor", text, Source::Exif),
        0x9c9e => {
            for keyword in text.split(';') {
                facts.keyword("XPKeywords", &[keyword], Source::Exif);
            }
        }
        _ => facts.value("XPSubject", text, Source::Exif),
    }
}

/// Times that are put together from several tags each.
#[derive(Default)]
pub(super) struct Times {
    modified: Option<Taken>,
    original: Option<Taken>,
    digitized: Option<Taken>,
    fractions: [Option<String>; 3],
    offsets: [Option<String>; 3],
}

impl Times {
    /// Notes each time with its fraction and offset. An offset stands for all times of the file that show the same second,
    /// because cameras before EXIF 2.31 and many programs write one of the three only.
    fn note(self, facts: &mut Facts) {
        let times = [
            ("DateTimeOriginal", Role::Original, self.original),
            ("DateTimeDigitized", Role::Created, self.digitized),
            ("DateTime", Role::Modified, self.modified),
        ];
        for (index, (name, role, taken)) in times.into_iter().enumerate() {
            let Some(taken) = taken else { continue };
            let same = times
                .iter()
                .zip(&self.offsets)
                .filter(|((_, _, other), _)| other.is_some_and(|other| other.local == taken.local));
            let borrowed = || same.filter_map(|(_, offset)| when::offset(offset.as_deref()?)).next();
            let own = self.offsets[index].as_deref().and_then(when::offset);
            let offset = taken.offset.or(own).or_else(borrowed);
            let nanos = self.fractions[index].as_deref().map_or(0, when::fraction);
            let local = taken.local.with().subsec_nanosecond(nanos).build().unwrap_or(taken.local);
            facts.time(name, role, Taken::local(local, taken.precision, offset), Source::Exif);
        }
    }
}

/// Tags of the EXIF part; old files and raw formats have some of them in the first directory.
fn exposure_entry(
    tiff: &mut Tiff<'_, '_>,
    entry: Entry,
    facts: &mut Facts,
    exposure: &mut Exposure,
    times: &mut Times,
) -> Result<(), Trouble> {
    let positive = |tiff: &mut Tiff<'_, '_>| tiff.number(entry).filter(|number| *number > 0.0);
    match entry.tag {
        0x829a => exposure.exposure_s = positive(tiff),
        0x829d => exposure.f_number = positive(tiff),
        0x8827 => exposure.iso = tiff.unsigned(entry).filter(|iso| (1..65_535).contains(iso)).or(exposure.iso),
        // Speeds past 65535 do not fit the old tag; these do.
        0x8831 | 0x8832 => exposure.iso = exposure.iso.or(tiff.unsigned(entry).filter(|&iso| iso > 0)),
        0x920a => exposure.focal_mm = positive(tiff),
        0xa405 => exposure.focal_35mm = positive(tiff),
        0xa434 => facts.text(Text::Lens, "LensModel", &tiff.text(entry).unwrap_or_default(), Source::Exif),
        0xa433 => facts.value("LensMake", tiff.text(entry).unwrap_or_default(), Source::Exif),
        0x9003 => times.original = tiff.text(entry).as_deref().and_then(when::parse),
        0x9004 => times.digitized = tiff.text(entry).as_deref().and_then(when::parse),
        0x9290 => times.fractions[2] = tiff.text(entry),
        0x9291 => times.fractions[0] = tiff.text(entry),
        0x9292 => times.fractions[1] = tiff.text(entry),
        0x9010 => times.offsets[2] = tiff.text(entry),
        0x9011 => times.offsets[0] = tiff.text(entry),
        0x9012 => times.offsets[1] = tiff.text(entry),
        0x9286 => comment(tiff, entry, facts),
        0x927c => maker_note(tiff, entry, facts)?,
        _ => {}
    }
    Ok(())
}

/// The user comment: eight bytes of encoding, then text (EXIF 2.32 section 4.6.6).
///
/// Cameras put too much of their own in it to take it for a description.
fn comment(tiff: &mut Tiff<'_, '_>, entry: Entry, facts: &mut Facts) {
    let block = tiff.bytes(entry, 64 * 1024).unwrap_or_default();
    let (Some(encoding), Some(rest)) = (block.get(..8), block.get(8..)) else { return };
    let text = match encoding {
        b"UNICODE\0" => match rest {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => encoding::marked(rest),
            // Writers disagree on the byte order; in the right one, most Latin text has its zeros on one side.
            _ => {
                let zeros = |offset: usize| rest.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
                encoding::utf16(rest, zeros(1) > zeros(0) || (zeros(1) == zeros(0) && tiff.order() == Order::Little))
            }
        },
        _ => encoding::c_text(rest),
    };
    facts.screenshot |= text.trim() == "Screenshot";
    facts.value("UserComment", text.trim(), Source::Exif);
}

/// Apple's maker note: tag 0x11 pairs the still of a live photo with its film.
fn maker_note(tiff: &mut Tiff<'_, '_>, entry: Entry, facts: &mut Facts) -> Result<(), Trouble> {
    let head = tiff.input().some(entry.at, 14)?;
    if !head.starts_with(b"Apple iOS\0") {
        return Ok(());
    }
    let order = if head.get(12..14) == Some(b"II") { Order::Little } else { Order::Big };
    let mut note = Tiff::bare(tiff.input(), entry.at, order, 14);
    let outcome = note.directory(14);
    match outcome {
        Ok(directory) => {
            if let Some(id) = directory.find(0x11).and_then(|entry| note.text(entry)) {
                facts.text(Text::LiveId, "ContentIdentifier", &id, Source::MakerNote);
            }
            Ok(())
        }
        outcome => Ok(facts.survive("Apple maker note", outcome.map(drop))?),
    }
}

/// The GPS part (EXIF 2.32 section 4.6.6, "GPS").
pub(super) fn gps(tiff: &mut Tiff<'_, '_>, directory: &Directory, facts: &mut Facts) {
    let mut degrees = |value: u16, reference: u16, negative: char| {
        let numbers = directory.find(value).map(|entry| tiff.numbers(entry))?;
        let sign = directory.find(reference).and_then(|entry| tiff.text(entry)).unwrap_or_default();
        let negative = sign.to_ascii_uppercase().starts_with(negative);
        Some(sexagesimal(&numbers)? * if negative { -1.0 } else { 1.0 })
    };
    let (lat, lon) = (degrees(2, 1, 'S'), degrees(4, 3, 'W'));
    let below = directory.find(5).and_then(|entry| tiff.number(entry)).is_some_and(|reference| reference == 1.0);
    let altitude = directory.find(6).and_then(|entry| tiff.number(entry));
    let altitude = altitude.map(|metres| if below { -metres.abs() } else { metres });
    if let (Some(lat), Some(lon)) = (lat, lon) {
        facts.position(lat, lon, altitude, Source::Gps);
    }
    let date = directory.find(0x1d).and_then(|entry| tiff.text(entry));
    let clock = directory.find(7).map(|entry| tiff.numbers(entry));
    if let (Some(date), Some(clock)) = (date, clock)
        && let Some(taken) = satellite_time(&date, &clock)
    {
        facts.time("GPSDateTime", Role::Fix, taken, Source::Gps);
    }
}

/// Degrees from degrees, minutes and seconds; minutes and seconds may be missing or 0/0.
fn sexagesimal(numbers: &[f64]) -> Option<f64> {
    let first = numbers.first().copied().filter(|degrees| degrees.is_finite())?;
    let part = |index: usize| numbers.get(index).copied().filter(|part| part.is_finite()).unwrap_or(0.0);
    Some(first + part(1) / 60.0 + part(2) / 3600.0)
}

/// The instant of a satellite fix.
fn satellite_time(date: &str, clock: &[f64]) -> Option<Taken> {
    let day = when::parse(date)?.local;
    let [hour, minute, second] = <[f64; 3]>::try_from(clock).ok()?;
    if !(0.0..24.0).contains(&hour) || !(0.0..60.0).contains(&minute) || !(0.0..61.0).contains(&second) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the ranges were checked")]
    let seconds = (hour * 3600.0 + minute * 60.0 + second) as i64;
    let midnight = jiff::tz::Offset::UTC.to_timestamp(day.date().at(0, 0, 0, 0)).ok()?;
    when::unix_seconds(midnight.as_second() + seconds)
}

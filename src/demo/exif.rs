//! The EXIF data of a demo picture, as a camera would have written it (Exif 3.0, CIPA DC-008).

use jiff::{Timestamp, Unit};
use little_exif::exif_tag::ExifTag;
use little_exif::filetype::FileExtension;
use little_exif::metadata::Metadata;
use little_exif::rational::uR64;

use super::draw::light::Hour;
use super::story::{Moment, Spot};

/// Writes EXIF into a JPEG file; `stored` is its size in pixels as stored.
///
/// # Errors
/// The reason, when the time of the moment cannot be read or `file` is no JPEG.
pub fn write(file: &mut Vec<u8>, moment: &Moment, stored: (u32, u32)) -> Result<(), String> {
    let (date, offset) = local(moment.when)?;
    let camera = moment.camera;
    let (time, iso) = exposure(moment.hour);
    let mut exif = Metadata::new();
    for tag in [
        ExifTag::Make(camera.make.to_owned()),
        ExifTag::Model(camera.model.to_owned()),
        ExifTag::Orientation(vec![if moment.sideways { 6 } else { 1 }]),
        ExifTag::XResolution(vec![ratio(72, 1)]),
        ExifTag::YResolution(vec![ratio(72, 1)]),
        ExifTag::ResolutionUnit(vec![2]),
        ExifTag::Software("Recollect demo library (drawn)".to_owned()),
        ExifTag::ModifyDate(date.clone()),
        ExifTag::YCbCrPositioning(vec![1]),
        ExifTag::ExifVersion(b"0232".to_vec()),
        ExifTag::FlashpixVersion(b"0100".to_vec()),
        ExifTag::ComponentsConfiguration(vec![1, 2, 3, 0]),
        ExifTag::ColorSpace(vec![1]),
        ExifTag::DateTimeOriginal(date.clone()),
        ExifTag::CreateDate(date),
        ExifTag::OffsetTime(offset.clone()),
        ExifTag::OffsetTimeOriginal(offset.clone()),
        ExifTag::OffsetTimeDigitized(offset),
        ExifTag::ExposureTime(vec![ratio(1, time)]),
        ExifTag::FNumber(vec![ratio(camera.aperture, 10)]),
        ExifTag::ISO(vec![iso]),
        ExifTag::FocalLength(vec![ratio(camera.focal, 10)]),
        ExifTag::LensModel(camera.lens.to_owned()),
        ExifTag::ExifImageWidth(vec![stored.0]),
        ExifTag::ExifImageHeight(vec![stored.1]),
    ] {
        exif.set_tag(tag);
    }
    if let Some(spot) = moment.spot {
        position(&mut exif, spot, moment.when)?;
    }
    exif.write_to_vec(file, FileExtension::JPEG).map_err(|error| error.to_string())
}

fn position(exif: &mut Metadata, spot: Spot, when: &str) -> Result<(), String> {
    let utc = utc(when)?;
    let number = |range: std::ops::Range<usize>| utc.get(range).and_then(|text| text.parse().ok()).unwrap_or(0u32);
    for tag in [
        ExifTag::GPSVersionID(vec![2, 3, 0, 0]),
        ExifTag::GPSLatitudeRef(if spot.lat < 0.0 { "S" } else { "N" }.to_owned()),
        ExifTag::GPSLatitude(degrees(spot.lat)),
        ExifTag::GPSLongitudeRef(if spot.lon < 0.0 { "W" } else { "E" }.to_owned()),
        ExifTag::GPSLongitude(degrees(spot.lon)),
        ExifTag::GPSAltitudeRef(vec![0]),
        ExifTag::GPSAltitude(vec![ratio(spot.alt, 1)]),
        ExifTag::GPSTimeStamp(vec![ratio(number(11..13), 1), ratio(number(14..16), 1), ratio(number(17..19), 1)]),
        ExifTag::GPSDateStamp(utc.get(..10).unwrap_or_default().replace('-', ":")),
    ] {
        exif.set_tag(tag);
    }
    Ok(())
}

fn ratio(nominator: u32, denominator: u32) -> uR64 {
    uR64 { nominator, denominator }
}

/// Degrees, minutes and seconds, to a hundredth of a second (30 cm).
fn degrees(value: f64) -> Vec<uR64> {
    let hundredths = (value.abs() * 360_000.0).round() as u32;
    vec![ratio(hundredths / 360_000, 1), ratio(hundredths / 6_000 % 60, 1), ratio(hundredths % 6_000, 100)]
}

/// An exposure that fits the light: the denominator of the time in seconds, and the sensitivity.
fn exposure(hour: Hour) -> (u32, u16) {
    match hour {
        Hour::Day => (500, 160),
        Hour::Golden | Hour::Dawn => (250, 200),
        Hour::Dusk => (60, 800),
        Hour::Night => (15, 3200),
        Hour::Indoors => (80, 1250),
    }
}

/// The local time as EXIF writes it, and its offset: `2023:07:12 21:30:40` and `+02:00`.
fn local(when: &str) -> Result<(String, String), String> {
    utc(when)?;
    let (Some(time), Some(offset)) = (when.get(..19), when.get(19..)) else {
        return Err(format!("cannot read the time {when}"));
    };
    Ok((time.replace('-', ":").replace('T', " "), offset.to_owned()))
}

/// The same instant in UTC, RFC 3339 with whole seconds.
pub fn utc(when: &str) -> Result<String, String> {
    let instant: Timestamp = when.parse().map_err(|error| format!("cannot read the time {when}: {error}"))?;
    Ok(instant.round(Unit::Second).unwrap_or(instant).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local_with_their_offset_and_the_satellites_are_in_utc() {
        let when = "2024-04-03T07:12:08+09:00";
        assert_eq!(local(when), Ok(("2024:04:03 07:12:08".to_owned(), "+09:00".to_owned())));
        assert_eq!(utc(when).as_deref(), Ok("2024-04-02T22:12:08Z"));
        assert!(local("yesterday").is_err());
    }

    #[test]
    fn degrees_are_split_into_minutes_and_seconds() {
        let value = |parts: &[uR64]| {
            parts
                .iter()
                .rev()
                .fold(0.0, |sum, part| sum / 60.0 + f64::from(part.nominator) / f64::from(part.denominator))
        };
        for degree in [47.9893, -8.669, 0.0, 67.9324] {
            let parts = degrees(degree);
            assert!((value(&parts) - f64::abs(degree)).abs() < 2e-6, "{degree}: {parts:?}");
            assert!(parts[1].nominator < 60 && parts[2].nominator < 6_000);
        }
    }
}

//! What a video says about itself, from ffprobe's JSON.
//!
//! Reading the JSON is a pure function of its text. Values are passed on as written, checked for form only:
//! a creation time of zero (1904 or 1970), which cameras write that know no time, is none.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::Deserialize;

use super::{VideoError, VideoLimits, complaint, program, run};
use crate::ffmpeg;

/// What is known of a video without decoding it.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoInfo {
    /// Duration in seconds: that of the longest stream, as players show it.
    pub duration_s: Option<f64>,
    /// Width in pixels as displayed: after rotation, with square pixels.
    pub width: u32,
    /// Height in pixels as displayed.
    pub height: u32,
    /// Clockwise rotation that a player applies: 0, 90, 180 or 270 degrees.
    pub rotation: u16,
    /// Name of the video codec, as ffmpeg calls it: `h264`, `hevc`, `av1`, `vp9`, `mjpeg` …
    pub codec: String,
    /// Names of the container format, as ffmpeg calls them: `mov,mp4,m4a,3gp,3g2,mj2`, `matroska,webm` …
    pub container: String,
    /// Frames a second, on average.
    pub frame_rate: Option<f64>,
    /// How values became light, as ffmpeg calls it: `bt709`, `smpte2084` (HDR10), `arib-std-b67` (HLG) …
    pub transfer: Option<String>,
    /// There is at least one audio stream.
    pub has_audio: bool,
    /// The container's creation time, in UTC by the standard (ISO/IEC 14496-12, 8.2.2); some cameras write local time there.
    pub created: Option<Timestamp>,
    /// The local creation time with its offset, which Apple writes (`com.apple.quicktime.creationdate`).
    pub created_local: Option<(DateTime, Offset)>,
    /// Where it was taken, from an ISO 6709 tag (`©xyz`, `com.apple.quicktime.location.ISO6709`).
    pub position: Option<Position>,
    /// All tags of the container, and those of the video stream that the container has not; names in lower case.
    pub tags: BTreeMap<String, String>,
}

/// A position on Earth (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Metres above sea level.
    pub altitude: Option<f64>,
}

/// Reads what the video at `path` says about itself. Blocks; call it from a worker thread.
///
/// # Errors
/// Any [`VideoError`] but `NoFrame` and `NoMotionPart`.
pub fn probe(path: &Path, limits: &VideoLimits) -> Result<VideoInfo, VideoError> {
    if std::fs::metadata(path)?.len() == 0 {
        return Err(VideoError::Empty);
    }
    let program = program("ffprobe")?;
    let mut arguments = ffmpeg::confinement(ffmpeg::VIDEO);
    arguments.extend(["-print_format", "json", "-show_format", "-show_streams", "-i"].map(OsString::from));
    arguments.push(ffmpeg::input(path)?);
    let folder = tempfile::tempdir()?;
    let done = run(&program, &arguments, folder.path(), limits)?;
    if !done.status.success() {
        return Err(VideoError::Damaged(complaint(&done, path)));
    }
    let info = read_report(&done.stdout)?;
    if u64::from(info.width) * u64::from(info.height) > limits.max_pixels {
        return Err(VideoError::TooManyPixels { width: info.width, height: info.height, limit: limits.max_pixels });
    }
    Ok(info)
}

#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Container,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Container {
    format_name: String,
    duration: Option<String>,
    tags: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Stream {
    codec_type: String,
    codec_name: String,
    width: u32,
    height: u32,
    sample_aspect_ratio: Option<String>,
    avg_frame_rate: Option<String>,
    color_transfer: Option<String>,
    duration: Option<String>,
    disposition: Disposition,
    side_data_list: Vec<SideData>,
    tags: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Disposition {
    attached_pic: u8,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SideData {
    /// Degrees counter-clockwise of a display matrix.
    rotation: Option<f64>,
}

/// Reads ffprobe's JSON.
pub(super) fn read_report(json: &[u8]) -> Result<VideoInfo, VideoError> {
    let report: Report = serde_json::from_slice(json).map_err(|error| VideoError::Damaged(error.to_string()))?;
    let is_video = |stream: &&Stream| stream.codec_type == "video" && stream.disposition.attached_pic == 0;
    let stream = report.streams.iter().find(is_video).ok_or(VideoError::NoVideo)?;
    if stream.width == 0 || stream.height == 0 {
        return Err(VideoError::Damaged("its pictures have no size".to_owned()));
    }
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in report.format.tags.iter().chain(&stream.tags) {
        tags.entry(name.to_lowercase()).or_insert_with(|| value.trim().to_owned());
    }
    let rotation = rotation(stream);
    let (mut width, mut height) = (squared_width(stream), stream.height);
    if rotation % 180 == 90 {
        (width, height) = (height, width);
    }
    Ok(VideoInfo {
        duration_s: [&report.format.duration, &stream.duration].into_iter().flatten().find_map(|text| seconds(text)),
        width,
        height,
        rotation,
        codec: stream.codec_name.clone(),
        container: report.format.format_name.clone(),
        frame_rate: stream.avg_frame_rate.as_deref().and_then(|text| ratio(text, '/')),
        transfer: stream.color_transfer.clone(),
        has_audio: report.streams.iter().any(|stream| stream.codec_type == "audio"),
        created: tags.get("creation_time").and_then(|text| text.parse().ok()).filter(is_meant),
        created_local: tags.get("com.apple.quicktime.creationdate").and_then(|text| local_time(text)),
        position: ["com.apple.quicktime.location.iso6709", "location", "location-eng"]
            .iter()
            .find_map(|name| tags.get(*name).and_then(|text| parse_position(text))),
        tags,
    })
}

/// Clockwise quarters that a player turns the pictures by.
fn rotation(stream: &Stream) -> u16 {
    let by_matrix = stream.side_data_list.iter().find_map(|data| data.rotation).map(|counter| -counter);
    // Before version 5, ffprobe gave a tag.
    let by_tag = stream.tags.get("rotate").and_then(|text| text.parse::<f64>().ok());
    let degrees = by_matrix.or(by_tag).filter(|degrees| degrees.is_finite()).unwrap_or(0.0);
    match (degrees / 90.0).round().rem_euclid(4.0) as u8 {
        1 => 90,
        2 => 180,
        3 => 270,
        _ => 0,
    }
}

/// The width that the pictures have with square pixels.
fn squared_width(stream: &Stream) -> u32 {
    let aspect = stream.sample_aspect_ratio.as_deref().and_then(|text| ratio(text, ':')).unwrap_or(1.0);
    // Within two percent it is an encoder's rounding, which other programs ignore.
    if !(0.1..=10.0).contains(&aspect) || (aspect - 1.0).abs() < 0.02 {
        return stream.width;
    }
    (f64::from(stream.width) * aspect).round().clamp(1.0, f64::from(u32::MAX)) as u32
}

/// A ratio of two numbers, if it is one and positive.
fn ratio(text: &str, separator: char) -> Option<f64> {
    let (numerator, denominator) = text.split_once(separator)?;
    let value = numerator.parse::<f64>().ok()? / denominator.parse::<f64>().ok()?;
    (value.is_finite() && value > 0.0).then_some(value)
}

/// A duration in seconds. One of more than a year is a broken header.
fn seconds(text: &str) -> Option<f64> {
    const YEAR: f64 = 366.0 * 86_400.0;
    text.parse::<f64>().ok().filter(|value| value.is_finite() && (0.0..YEAR).contains(value))
}

/// Whether a creation time is one, not the zero of an epoch.
fn is_meant(time: &Timestamp) -> bool {
    const TWO_DAYS: i64 = 2 * 86_400;
    time.as_second() > TWO_DAYS
}

/// A local time with its offset, the offset with or without a colon: `2019-06-09T09:40:10+1000`.
fn local_time(text: &str) -> Option<(DateTime, Offset)> {
    let parsed = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%.f%:z"]
        .iter()
        .find_map(|format| jiff::fmt::strtime::parse(format, text.trim()).ok())?;
    Some((parsed.to_datetime().ok()?, parsed.offset()?))
}

/// Reads a position by ISO 6709, Annex H: `+52.4597+013.3220+045.000/`, degrees or degrees with minutes and seconds.
///
/// `None` when it is malformed, out of range, or the null position that devices without a fix write.
pub fn parse_position(text: &str) -> Option<Position> {
    let text = text.trim().trim_end_matches('/');
    // A trailing coordinate reference system is not part of the numbers.
    let text = text.split("CRS").next().unwrap_or(text);
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        if !matches!(sign, '+' | '-') {
            return None;
        }
        let end = rest[1..].find(['+', '-']).map_or(rest.len(), |at| at + 1);
        parts.push(&rest[..end]);
        rest = &rest[end..];
    }
    let latitude = degrees(parts.first()?, 2).filter(|value| value.abs() <= 90.0)?;
    let longitude = degrees(parts.get(1)?, 3).filter(|value| value.abs() <= 180.0)?;
    let altitude = parts.get(2).and_then(|part| part.parse::<f64>().ok()).filter(|value| value.is_finite());
    (latitude != 0.0 || longitude != 0.0).then_some(Position { latitude, longitude, altitude })
}

/// Signed degrees from `±D.D`, `±DM.M` or `±DMS.S`, told apart by the number of digits before the point.
fn degrees(part: &str, degree_digits: usize) -> Option<f64> {
    let (sign, digits) = part.split_at_checked(1)?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let whole = digits.find('.').unwrap_or(digits.len());
    let number = |text: &str| text.parse::<f64>().ok();
    let value = if whole == degree_digits + 4 {
        let (d, rest) = digits.split_at(degree_digits);
        let (m, s) = rest.split_at(2);
        number(d)? + number(m)? / 60.0 + number(s)? / 3600.0
    } else if whole == degree_digits + 2 {
        let (d, m) = digits.split_at(degree_digits);
        number(d)? + number(m)? / 60.0
    } else {
        number(digits)?
    };
    Some(if sign == "-" { -value } else { value })
}

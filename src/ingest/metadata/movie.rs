//! Reads QuickTime, MP4 and 3GP films: length, size, rotation, times, place, camera, texts (ISO/IEC 14496-12, QuickTime File
//! Format). `creation_time` counts as UTC, as the standard says, although some cameras put wall time there;
//! Apple's `creationdate` carries its offset and is a better reading, see [`super::choose`].
//!
//! Only the index is read, never the film. Text values are [`super::movie_text`]'s.

use super::boxes::{Box, boxes, find};
use super::facts::{Facts, Role};
use super::input::{Input, Limits, Order, Trouble, malformed};
use super::model::Source;
use super::{movie_text, orientation, when};

/// Reads a film. Returns whether it holds a picture at all rather than sound only.
pub(super) fn read(input: &mut Input<'_>, limits: &Limits, facts: &mut Facts) -> Result<bool, Trouble> {
    let end = input.len();
    let top = boxes(input, 0, end)?;
    let major = match find(&top, b"ftyp") {
        Some(ftyp) => input.some(ftyp.start, 4)?,
        None => b"qt  ".to_vec(),
    };
    facts.mime = match major.as_slice() {
        b"qt  " => "video/quicktime",
        [b'3', b'g', b'2', ..] => "video/3gpp2",
        [b'3', b'g', ..] => "video/3gpp",
        b"M4V " | b"M4VH" | b"M4VP" => "video/x-m4v",
        _ => "video/mp4",
    }
    .to_owned();
    for uuid in top.iter().filter(|found| found.kind == *b"uuid") {
        xmp_box(input, *uuid, facts)?;
    }
    super::heif::credentials(input, &top, facts)?;
    if let Some(meta) = find(&top, b"meta") {
        let outcome = movie_text::read_meta(input, meta, facts);
        facts.survive("meta", outcome)?;
    }
    let Some(moov) = find(&top, b"moov") else {
        facts.warn("it has no index (moov)");
        return Ok(true);
    };
    let tracks = read_moov(input, moov, limits, facts)?;
    if moov.cut {
        facts.warn("its index is cut off");
    }
    Ok(tracks.pictures || !tracks.sounds || moov.cut)
}

fn xmp_box(input: &mut Input<'_>, uuid: Box, facts: &mut Facts) -> Result<(), Trouble> {
    if !super::heif::is_xmp_uuid(&input.some(uuid.start, 16)?) {
        return Ok(());
    }
    let packet = input.some(uuid.start + 16, usize::try_from(uuid.len().saturating_sub(16)).unwrap_or(usize::MAX))?;
    let outcome = super::xmp::read(&packet, Source::Xmp, facts);
    Ok(facts.survive("XMP", outcome)?)
}

/// What tracks a film has.
#[derive(Default)]
pub(super) struct Tracks {
    pub pictures: bool,
    pub sounds: bool,
}

/// Reads the index of a film.
pub(super) fn read_moov(
    input: &mut Input<'_>,
    moov: Box,
    _limits: &Limits,
    facts: &mut Facts,
) -> Result<Tracks, Trouble> {
    let parts = boxes(input, moov.start, moov.end)?;
    if parts.is_empty() {
        return malformed("its index is empty");
    }
    let mut timescale = 0;
    let mut tracks = Tracks::default();
    let mut longest: f64 = 0.0;
    for part in &parts {
        let outcome = match &part.kind {
            b"mvhd" => movie_header(input, *part, facts).map(|scale| timescale = scale),
            b"trak" => track(input, *part, timescale, facts).map(|track| {
                tracks.pictures |= track.handler == *b"vide" || track.handler == *b"pict";
                tracks.sounds |= track.handler == *b"soun";
                longest = longest.max(track.seconds);
            }),
            b"udta" => movie_text::read_user_data(input, *part, facts),
            b"meta" => movie_text::read_meta(input, *part, facts),
            b"uuid" => xmp_box(input, *part, facts),
            _ => Ok(()),
        };
        facts.survive(&String::from_utf8_lossy(&part.kind), outcome)?;
    }
    // Fragmented films leave the header's length at zero.
    if let Some(mvex) = find(&parts, b"mvex")
        && let Some(mehd) = find(&boxes(input, mvex.start, mvex.end)?, b"mehd")
    {
        let body = input.some(mehd.start, 12)?;
        let length =
            if body.first() == Some(&1) { Order::Big.u64(&body, 4) } else { Order::Big.u32(&body, 4).map(u64::from) };
        facts.duration(seconds(length.unwrap_or(0), timescale));
    }
    facts.duration(longest);
    Ok(tracks)
}

#[expect(clippy::cast_precision_loss, reason = "lengths past 2^53 ticks are nonsense anyway")]
fn seconds(ticks: u64, timescale: u32) -> f64 {
    // All bits set means "unknown".
    if timescale == 0 || ticks == u64::from(u32::MAX) || ticks == u64::MAX {
        0.0
    } else {
        ticks as f64 / f64::from(timescale)
    }
}

/// Times and length at the start of a movie, track or media header; versions 0 and 1 differ in width.
struct Header {
    created: u64,
    timescale: u32,
    duration: u64,
    /// Where the fields after them start in the body.
    rest: usize,
}

impl Header {
    /// `gap`: bytes between the scale (or the track's number) and the duration.
    fn read(body: &[u8], gap: usize) -> Option<Self> {
        let big = Order::Big;
        Some(if body.first() == Some(&1) {
            let (created, timescale) = (big.u64(body, 4)?, big.u32(body, 20)?);
            Self { created, timescale, duration: big.u64(body, 24 + gap)?, rest: 32 + gap }
        } else {
            let (created, timescale) = (big.u32(body, 4)?.into(), big.u32(body, 12)?);
            Self { created, timescale, duration: big.u32(body, 16 + gap)?.into(), rest: 20 + gap }
        })
    }
}

fn movie_header(input: &mut Input<'_>, mvhd: Box, facts: &mut Facts) -> Result<u32, Trouble> {
    let body = input.some(mvhd.start, 32)?;
    let Some(header) = Header::read(&body, 0) else { return malformed("it is cut off") };
    if let Some(taken) = when::quicktime(header.created) {
        facts.time("creation_time", Role::Created, taken, Source::Quicktime);
    }
    facts.duration(seconds(header.duration, header.timescale));
    Ok(header.timescale)
}

/// What one track adds.
#[derive(Default)]
struct Track {
    handler: [u8; 4],
    seconds: f64,
}

fn track(input: &mut Input<'_>, trak: Box, timescale: u32, facts: &mut Facts) -> Result<Track, Trouble> {
    let parts = boxes(input, trak.start, trak.end)?;
    let mut track = Track::default();
    let media = match find(&parts, b"mdia") {
        Some(mdia) => boxes(input, mdia.start, mdia.end)?,
        None => Vec::new(),
    };
    if let Some(hdlr) = find(&media, b"hdlr") {
        track.handler = input.array::<4>(hdlr.start + 8)?;
    }
    if let Some(udta) = find(&parts, b"udta") {
        let outcome = movie_text::read_user_data(input, udta, facts);
        facts.survive("udta", outcome)?;
    }
    let picture = matches!(&track.handler, b"vide" | b"pict");
    if let Some(tkhd) = find(&parts, b"tkhd") {
        let body = input.some(tkhd.start, 96)?;
        if let Some(header) = Header::read(&body, 4) {
            track.seconds = seconds(header.duration, timescale);
            if picture && facts.size.is_none() {
                picture_header(&body, header.rest, facts);
            }
        }
    }
    if let Some(mdhd) = find(&media, b"mdhd")
        && let Some(header) = Header::read(&input.some(mdhd.start, 36)?, 0)
    {
        if picture && let Some(taken) = when::quicktime(header.created) {
            facts.time("media_creation_time", Role::Created, taken, Source::Quicktime);
        }
        track.seconds = track.seconds.max(seconds(header.duration, header.timescale));
    }
    if picture && facts.size.is_none() {
        coded_size(input, &media, facts)?;
    }
    Ok(track)
}

/// Matrix and size of a track header, behind its layer, group and volume (16 bytes).
fn picture_header(body: &[u8], rest: usize, facts: &mut Facts) {
    let matrix = rest + 16;
    let cell = |index: usize| Order::Big.u32(body, matrix + index * 4).map_or(0, |cell| cell.cast_signed().signum());
    let sign = |index: usize| i8::try_from(cell(index)).unwrap_or(0);
    if let Some(turn) = orientation::from_matrix([[sign(0), sign(3)], [sign(1), sign(4)]]) {
        facts.orientation(turn.into(), Source::Quicktime);
    }
    // Sixteen bits before the point, sixteen behind.
    let side = |at: usize| Order::Big.u32(body, at).map_or(0, |side| side >> 16);
    facts.size(side(matrix + 36), side(matrix + 40));
}

/// The size in the first sample description, for tracks whose header has none.
fn coded_size(input: &mut Input<'_>, media: &[Box], facts: &mut Facts) -> Result<(), Trouble> {
    let Some(minf) = find(media, b"minf") else { return Ok(()) };
    let Some(stbl) = find(&boxes(input, minf.start, minf.end)?, b"stbl") else { return Ok(()) };
    let Some(stsd) = find(&boxes(input, stbl.start, stbl.end)?, b"stsd") else { return Ok(()) };
    let Some(entry) = boxes(input, stsd.start + 8, stsd.end)?.into_iter().next() else { return Ok(()) };
    let body = input.some(entry.start, 32)?;
    let side = |at| Order::Big.u16(&body, at).map_or(0, u32::from);
    facts.size(side(24), side(26));
    Ok(())
}

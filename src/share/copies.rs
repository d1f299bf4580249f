//! Copies of media that say nothing but what they show: pictures as JPEG, upright and reduced; videos as MP4 that every
//! browser plays, without their metadata.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::gather::Item;
use super::sidecar::Lie;
use super::{Course, Left};
use crate::ffmpeg;
use crate::ingest::metadata::{self, Limits, Siblings, Source};
use crate::ingest::picture::{self, DecodeLimits, Picture, THUMBNAIL_SIZES, encode_jpeg, scale, thumbnail_path};
use crate::ingest::video::{self, VideoLimits};
use crate::subprocess::{self, Bounds};

/// JPEG quality of copies.
const QUALITY: u8 = 86;
/// The longest edge of a video that has to be encoded again.
const VIDEO_EDGE: u32 = 1920;
/// Encoding takes no longer than so many times the length of a video, and this long at least.
const PATIENCE: (u32, Duration) = (20, Duration::from_secs(300));

/// A picture as JPEG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jpeg {
    /// The file.
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The colours that its samples mean; `None`: sRGB.
    pub icc: Option<Vec<u8>>,
}

/// How the pixels of a file lie.
pub fn lie(item: &Item, path: &Path) -> Lie {
    let folder = path.parent().unwrap_or(Path::new("/"));
    // Only a raw file is turned by what lies beside it; for all others the folder need not be listed.
    let raw = item.medium.mime.starts_with("image/x-");
    let alone = Siblings::of(folder, []);
    let read = metadata::read_all(path, folder, (!raw).then_some(&alone), &Limits::default()).ok();
    match read.and_then(|read| read.orientation) {
        Some(turn) => Lie { orientation: turn.value, told: turn.source == Source::SidecarXmp },
        None => Lie::UPRIGHT,
    }
}

/// Where the larger thumbnail of a medium lies.
pub fn thumbnail(item: &Item, thumbnails: &Path) -> PathBuf {
    thumbnail_path(thumbnails, &item.medium.hash, THUMBNAIL_SIZES[0])
}

/// The picture of a medium, `edge` pixels long at the most: of its file, or of its thumbnail where that is enough or all
/// there is.
///
/// # Errors
/// The reason for people.
pub fn picture(item: &Item, thumbnails: &Path, edge: u32) -> Result<Picture, String> {
    let limits = DecodeLimits { longest_edge: edge, ..DecodeLimits::default() };
    let thumbnail = thumbnail(item, thumbnails);
    let small = || picture::decode(&thumbnail, 1, &limits).map_err(|error| error.to_string());
    if item.is_video() || edge <= THUMBNAIL_SIZES[0] {
        if let Ok(picture) = small() {
            return Ok(picture);
        }
        if item.is_video() {
            return Err(item.medium.problem.clone().unwrap_or_else(|| "there is no picture of it".to_owned()));
        }
    }
    let whole = item.file().and_then(|path| {
        picture::decode(&path, lie(item, &path).orientation, &limits).map_err(|error| error.to_string())
    });
    whole.or_else(|reason| small().map_err(|_| reason))
}

/// A picture as JPEG.
///
/// # Errors
/// The reason for people.
pub fn jpeg(picture: &Picture) -> Result<Jpeg, String> {
    let (width, height) = picture.image.dimensions();
    let bytes = encode_jpeg(&picture.image, picture.icc.as_deref(), QUALITY).map_err(|error| error.to_string())?;
    Ok(Jpeg { bytes, width, height, icc: picture.icc.clone() })
}

/// The same picture, smaller.
pub fn reduced(picture: &Picture, edge: u32) -> Picture {
    Picture { image: scale::reduce_rgb(&picture.image, edge), icc: picture.icc.clone(), ..*picture }
}

/// Writes a video to `out` as MP4 that browsers play, without a word about it: as it is encoded where they play that, else
/// encoded again.
///
/// # Errors
/// When it cannot be read, or is to end.
pub fn video(path: &Path, out: &Path, course: &Course<'_>) -> Result<(), Left> {
    let limits = VideoLimits::default();
    let reason = |error: &dyn std::fmt::Display| Left::Out(error.to_string());
    let info = video::probe(path, &limits).map_err(|error| reason(&error))?;
    let program = video::program("ffmpeg").map_err(|error| reason(&error))?;
    let kept = info.codec == "h264" && info.container.split(',').any(|name| name == "mp4");
    let tone = video::to_screen(info.transfer.as_deref(), video::Screen::Video);
    let arguments = arguments(path, out, kept, &tone).map_err(|error| reason(&error))?;
    let length = Duration::try_from_secs_f64(info.duration_s.unwrap_or(0.0).max(0.0)).unwrap_or_default();
    let time = PATIENCE.1.max(length.saturating_mul(PATIENCE.0)).min(Duration::from_secs(4 * 3600));
    let bounds = Bounds { time, memory: limits.max_memory, file: u64::MAX >> 1, stdout: 0 };
    let folder = out.parent().unwrap_or(Path::new("/"));
    let mut running = subprocess::stream(&program, &arguments, folder, &bounds).map_err(|error| reason(&error))?;
    // It tells how far it is twice a second; what it tells is not needed.
    let mut heard = [0; 4096];
    while running.read(&mut heard).map_err(|error| reason(&error))? > 0 {
        // Dropped, it ends.
        course.check()?;
    }
    let complaint = running.complaint();
    match video::probe(out, &limits) {
        Ok(made) if close(made.duration_s, info.duration_s) => Ok(()),
        _ => Err(Left::Out(complaint.unwrap_or_else(|| "the video could not be converted".to_owned()))),
    }
}

/// Whether a copy is as long as its original.
fn close(made: Option<f64>, wanted: Option<f64>) -> bool {
    match (made, wanted) {
        (Some(made), Some(wanted)) => made >= wanted * 0.9 - 1.0,
        (made, None) => made.is_some(),
        (None, Some(_)) => false,
    }
}

fn arguments(path: &Path, out: &Path, kept: bool, tone: &str) -> std::io::Result<Vec<OsString>> {
    let mut arguments = ffmpeg::confinement(ffmpeg::VIDEO);
    arguments.extend(["-nostdin", "-nostats", "-progress", "pipe:1", "-i"].map(OsString::from));
    arguments.push(ffmpeg::input(path)?);
    // Pictures and sound and nothing else: tracks of positions, chapters and tags stay behind.
    let rest = "-map 0:v:0 -map 0:a:0? -map_metadata:g -1 -map_metadata:s -1 -map_chapters -1 -sn -dn -c:a aac -b:a 160k -ac 2";
    arguments.extend(rest.split(' ').map(OsString::from));
    let pictures = if kept {
        "-c:v copy".to_owned()
    } else {
        let scale =
            format!("scale=w='min({VIDEO_EDGE},iw)':h='min({VIDEO_EDGE},ih)':force_original_aspect_ratio=decrease");
        format!("-vf {scale}:force_divisible_by=2{tone},format=yuv420p -c:v libx264 -preset veryfast -crf 22")
    };
    arguments.extend(pictures.split(' ').map(OsString::from));
    arguments.extend(["-movflags", "+faststart", "-fflags", "+bitexact", "-f", "mp4", "-y"].map(OsString::from));
    arguments.push(ffmpeg::input(out)?);
    Ok(arguments)
}

//! Videos: what a file says about itself (by ffprobe), a picture that stands for it (by ffmpeg), and the moving part of
//! motion photos.
//!
//! What must stay true: both programs run on untrusted files only within `subprocess`'s bounds, read nothing but the file
//! they are given (the `file` protocol, container formats only: no playlists, no network), and every broken file ends in a
//! [`VideoError`] with a code. Which of a video's dates and places counts is left to `ingest::metadata`.

mod keyframes;
mod motion;
mod poster;
mod probe;
mod tone;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use keyframes::{Keyframe, KeyframeSettings, keyframes};
pub use motion::{MotionPart, cut_motion_part, find_motion_part};
pub use poster::poster_frame;
pub use probe::{Position, VideoInfo, parse_position, probe};
pub use tone::{Screen, to_screen};

use super::picture::PictureError;
use crate::subprocess::{self, Bounds, Finished, SubprocessError};

/// Bounds on looking at one video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoLimits {
    /// Longest edge of the poster frame in pixels.
    pub longest_edge: u32,
    /// Longest time for one run of ffprobe or ffmpeg; both may be run a few times for one file.
    pub max_time: Duration,
    /// Most memory of one run in bytes.
    pub max_memory: u64,
    /// Most pixels of a frame.
    pub max_pixels: u64,
}

impl Default for VideoLimits {
    fn default() -> Self {
        // Sixteen reference frames of 8K at 10 bits take 1.5 GiB; threads and buffers come on top.
        Self { longest_edge: 1600, max_time: Duration::from_secs(60), max_memory: 4 << 30, max_pixels: 140_000_000 }
    }
}

/// Why a video could not be read.
#[derive(Debug, thiserror::Error)]
pub enum VideoError {
    /// The file could not be opened or read, or the result not written.
    #[error("the file cannot be read or written: {0}; check that it exists, its permissions and the free space")]
    Unreadable(#[from] std::io::Error),
    /// The file has no bytes.
    #[error("the file is empty; copy it again from where it came from")]
    Empty,
    /// ffmpeg is not installed.
    #[error("reading videos needs the program `{program}`; install it, e.g. `apt-get install ffmpeg`")]
    DecoderMissing {
        /// Program that was looked for on the search path.
        program: &'static str,
    },
    /// It took too long and was stopped.
    #[error("reading the video took longer than {} s and was stopped", .0.as_secs_f32())]
    TimedOut(Duration),
    /// The file is no video, or too broken to be read as one.
    #[error("the file cannot be read as a video: {0}")]
    Damaged(String),
    /// A media file without pictures, such as a sound recording.
    #[error("the file has no video stream")]
    NoVideo,
    /// Its frames are larger than the limit.
    #[error("the video claims {width} × {height} pixels, more than the limit of {limit} pixels; it was not decoded")]
    TooManyPixels {
        /// Claimed width in pixels.
        width: u32,
        /// Claimed height in pixels.
        height: u32,
        /// Most pixels allowed.
        limit: u64,
    },
    /// No frame could be decoded.
    #[error("no picture could be decoded from the video: {0}")]
    NoFrame(String),
    /// The bytes said to be the moving part of a motion photo are none.
    #[error("the picture's moving part is not where the file says: {0}")]
    NoMotionPart(&'static str),
}

impl VideoError {
    /// The stable code of the reason, for the job table and the HTTP API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Empty => "empty_file",
            Self::DecoderMissing { .. } => "decoder_missing",
            Self::TimedOut(_) => "timed_out",
            Self::Damaged(_) => "damaged",
            Self::NoVideo => "no_video_stream",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::NoFrame(_) => "no_frame",
            Self::NoMotionPart(_) => "no_motion_part",
        }
    }

    /// Whether the same file may succeed later without being changed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unreadable(_) | Self::DecoderMissing { .. } | Self::TimedOut(_))
    }
}

impl From<PictureError> for VideoError {
    fn from(error: PictureError) -> Self {
        Self::NoFrame(error.to_string())
    }
}

/// The path of `program`.
pub(crate) fn program(program: &'static str) -> Result<PathBuf, VideoError> {
    subprocess::find_program(program).ok_or(VideoError::DecoderMissing { program })
}

/// Runs one of the two programs within `limits`.
fn run(program: &Path, arguments: &[OsString], folder: &Path, limits: &VideoLimits) -> Result<Finished, VideoError> {
    let bounds = Bounds { time: limits.max_time, memory: limits.max_memory, file: 256 << 20, stdout: 4 << 20 };
    subprocess::run(program, arguments, folder, &bounds).map_err(|error| match error {
        SubprocessError::Missing => VideoError::DecoderMissing { program: "ffmpeg" },
        SubprocessError::TimedOut(limit) => VideoError::TimedOut(limit),
        SubprocessError::TooMuchOutput(_) => VideoError::Damaged(error.to_string()),
        SubprocessError::Io(error) => VideoError::Unreadable(error),
    })
}

/// What a program complained about, in plain words and without the path of the file, which is known.
fn complaint(done: &Finished, path: &Path) -> String {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let text = done.complaint();
    let text = text
        .replace(&format!("file:{}: ", full.display()), "")
        .replace(&format!("file:{}", full.display()), "the file");
    in_plain_words(text.trim())
}

/// What ffmpeg says of a broken file, as a person would say it.
fn in_plain_words(complaint: &str) -> String {
    const SAID: [(&str, &str); 6] = [
        ("moov atom not found", "its table of contents is missing, as when a recording or a copy was cut short"),
        ("Invalid data found", "its content is damaged or something else than its name says"),
        ("End of file", "it ends too early"),
        ("partial file", "it ends too early"),
        ("Decoder not found", "this ffmpeg cannot decode it"),
        ("does not contain any stream", "it holds neither pictures nor sound"),
    ];
    if let Some((_, plain)) = SAID.iter().find(|(said, _)| complaint.contains(said)) {
        return (*plain).to_owned();
    }
    // Its parts speak with their names and addresses in memory: "[mov,mp4 @ 0x5601173ef2c0] Multiple mdhd?".
    let words = match complaint.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((part, words)) if part.contains(" @ 0x") => words,
        _ => complaint,
    };
    format!("it is damaged (ffmpeg: {})", words.trim().trim_end_matches(['?', '.', '!']))
}

#[cfg(test)]
mod tests;

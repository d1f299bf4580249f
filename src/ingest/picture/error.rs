//! Why a picture could not be had from a file.
//!
//! Every reason has a stable code, is written for the person whose file it is, and names what to do where something can
//! be done. The file's name is not part of it: whoever records the reason records it for a file.

use std::time::Duration;

/// Why a file gave no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file could not be opened or read.
    #[error("the file cannot be read: {0}; check that it exists and that its permissions allow reading")]
    Unreadable(#[from] std::io::Error),
    /// The file has no bytes.
    #[error("the file is empty; copy it again from where it came from")]
    Empty,
    /// The contents are of no format that can be decoded; holds what they look like.
    #[error("{0} is not a picture format that can be read")]
    UnsupportedFormat(String),
    /// The picture is larger than the limit; nothing of it was decoded.
    #[error("the picture claims {width} × {height} pixels, more than the limit of {limit} pixels; it was not decoded")]
    TooManyPixels {
        /// Claimed width in pixels.
        width: u64,
        /// Claimed height in pixels.
        height: u64,
        /// Most pixels allowed.
        limit: u64,
    },
    /// Decoding would need more memory than the limit; nothing was decoded.
    #[error(
        "decoding the picture takes about {needed} bytes of memory, more than the limit of {limit}; it was not decoded"
    )]
    TooMuchMemory {
        /// Estimated bytes.
        needed: u64,
        /// Most bytes allowed.
        limit: u64,
    },
    /// The file has more bytes than the limit.
    #[error("the file has {bytes} bytes, more than the limit of {limit} for a picture")]
    FileTooLarge {
        /// Size of the file in bytes.
        bytes: u64,
        /// Most bytes allowed.
        limit: u64,
    },
    /// The file ends before the picture does, and too little is there to show.
    #[error("the file ends before the picture does ({0}); copy it again from where it came from")]
    Truncated(String),
    /// The contents break their format's rules.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    /// A raw file without an embedded JPEG preview that can be decoded.
    #[error("the raw file holds no JPEG preview that can be decoded; export it as JPEG or DNG with a preview")]
    NoPreview,
    /// The program that decodes this format is not installed.
    #[error("decoding this format needs the program `{program}`; install it, e.g. `apt-get install {package}`")]
    DecoderMissing {
        /// Program that was looked for on the search path.
        program: &'static str,
        /// Debian package that has it.
        package: &'static str,
    },
    /// Decoding took longer than the limit and was stopped.
    #[error("decoding took longer than {} s and was stopped", .0.as_secs_f32())]
    TimedOut(Duration),
    /// The external decoder refused the file.
    #[error("`{program}` could not decode the file: {message}")]
    DecoderFailed {
        /// Name of the program.
        program: &'static str,
        /// First line of what it said, or its exit status.
        message: String,
    },
    /// The decoder hit a defect of its own; the file is skipped and everything else goes on.
    #[error("the decoder hit an internal error on this file: {0}")]
    DecoderPanicked(String),
}

impl PictureError {
    /// The stable code of the reason, for the job table and the HTTP API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Empty => "empty_file",
            Self::UnsupportedFormat(_) => "unsupported_format",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::Truncated(_) => "truncated",
            Self::Damaged(_) => "damaged",
            Self::NoPreview => "no_preview",
            Self::DecoderMissing { .. } => "decoder_missing",
            Self::TimedOut(_) => "timed_out",
            Self::DecoderFailed { .. } => "decoder_failed",
            Self::DecoderPanicked(_) => "decoder_panicked",
        }
    }

    /// Whether the same file may succeed later without being changed: after an installation, a freed disk, a quieter machine.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unreadable(_) | Self::DecoderMissing { .. } | Self::TimedOut(_))
    }
}

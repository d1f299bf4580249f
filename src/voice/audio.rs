//! Sound to samples: whatever ffmpeg reads, as 16 kHz mono, within bounds of bytes, length, time and memory.
//!
//! What must stay true: ffmpeg runs on untrusted files only within `subprocess`'s bounds, reads nothing but the
//! file it is given (containers only: no playlists, no network), and the file reaches it as its standard input, so that
//! an upload can lie in a file without a name: nothing is left behind, whenever the program ends. A recording that breaks
//! off gives what came before the break. What was said is left to [`crate::engine::speech`].

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::ffmpeg;
use crate::subprocess::{self, Bounds, SubprocessError};

/// Samples a second of every [`Recording`]: what Whisper and Silero take.
pub const SAMPLE_RATE: u32 = 16_000;

/// Bounds on decoding one recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudioLimits {
    /// Largest file in bytes.
    pub max_bytes: u64,
    /// Longest recording.
    pub max_length: Duration,
    /// Longest time that decoding may take.
    pub max_time: Duration,
    /// Most memory of the decoder in bytes.
    pub max_memory: u64,
}

impl Default for AudioLimits {
    fn default() -> Self {
        Self {
            max_bytes: 256 << 20,
            max_length: Duration::from_secs(2 * 3600),
            max_time: Duration::from_secs(120),
            max_memory: 2 << 30,
        }
    }
}

/// Why a recording gave no samples.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// It cannot be read.
    #[error("the recording cannot be read: {0}; check that it exists and its permissions")]
    Unreadable(#[from] std::io::Error),
    /// It has no bytes.
    #[error("the recording is empty; record it again")]
    Empty,
    /// It has too many bytes.
    #[error("the recording has {} MiB; at most {} MiB are taken: cut it, or send a compressed format", .bytes >> 20, .limit >> 20)]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// It is too long.
    #[error("the recording is longer than {} minutes; cut it into shorter ones", .0.as_secs() / 60)]
    TooLong(Duration),
    /// There is no decoder.
    #[error("reading recordings needs the program `ffmpeg`; install it, e.g. `apt-get install ffmpeg`")]
    DecoderMissing,
    /// Decoding took too long.
    #[error("decoding the recording took longer than {} s and was stopped", .0.as_secs_f32())]
    TimedOut(Duration),
    /// It has pictures or nothing, but no sound.
    #[error("the file has no sound")]
    NoSound,
    /// It is no recording, or too broken to be read as one.
    #[error("the file cannot be read as a recording: {0}; send webm, ogg, mp4, m4a, mp3, wav or flac")]
    Damaged(String),
}

impl AudioError {
    /// The stable code of the reason, for the HTTP API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Empty => "empty_file",
            Self::TooLarge { .. } => "too_large",
            Self::TooLong(_) => "too_long",
            Self::DecoderMissing => "decoder_missing",
            Self::TimedOut(_) => "timed_out",
            Self::NoSound => "no_sound",
            Self::Damaged(_) => "damaged",
        }
    }
}

/// Sound as 16-bit samples, one channel, [`SAMPLE_RATE`] a second.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recording {
    /// The samples.
    pub samples: Vec<i16>,
}

impl Recording {
    /// Its length in seconds.
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(SAMPLE_RATE)
    }

    /// A WAV file of it (RIFF, PCM).
    pub fn to_wav(&self) -> Vec<u8> {
        let bytes = u32::try_from(self.samples.len() * 2).unwrap_or(u32::MAX - WAV_HEADER as u32);
        let mut wav = Vec::with_capacity(WAV_HEADER + self.samples.len() * 2);
        wav.extend(wav_header(bytes));
        wav.extend(self.samples.iter().flat_map(|sample| sample.to_le_bytes()));
        wav
    }
}

const WAV_HEADER: usize = 44;

/// The header of a WAV file in the one form that [`Recording`] has, with so many bytes of samples.
fn wav_header(bytes: u32) -> [u8; WAV_HEADER] {
    let mut header = *b"RIFF____WAVEfmt \x10\0\0\0\x01\0\x01\0____\0\x7d\0\0\x02\0\x10\0data____";
    header[4..8].copy_from_slice(&(bytes + WAV_HEADER as u32 - 8).to_le_bytes());
    header[24..28].copy_from_slice(&SAMPLE_RATE.to_le_bytes());
    header[40..44].copy_from_slice(&bytes.to_le_bytes());
    header
}

/// Decodes the file at `path`. Blocks; call it from a worker thread.
///
/// # Errors
/// [`AudioError`].
pub fn decode_file(path: &Path, limits: &AudioLimits) -> Result<Recording, AudioError> {
    decode(File::open(path)?, limits)
}

/// Decodes an open file from its start; it need have no name. Blocks; call it from a worker thread.
///
/// # Errors
/// [`AudioError`].
pub fn decode(mut file: File, limits: &AudioLimits) -> Result<Recording, AudioError> {
    let bytes = file.metadata()?.len();
    if bytes == 0 {
        return Err(AudioError::Empty);
    }
    if bytes > limits.max_bytes {
        return Err(AudioError::TooLarge { bytes, limit: limits.max_bytes });
    }
    let recording = match read_own_wav(&mut file, bytes)? {
        Some(recording) => recording,
        None => {
            file.seek(SeekFrom::Start(0))?;
            // One second more than is allowed tells a recording that is too long from one that just fits.
            run_ffmpeg(file, Duration::ZERO, limits.max_length + Duration::from_secs(1), limits)?
        }
    };
    if recording.samples.len() as u64 > limits.max_length.as_secs() * u64::from(SAMPLE_RATE) {
        return Err(AudioError::TooLong(limits.max_length));
    }
    Ok(recording)
}

/// Decodes a part of an open file: `length` from `start`, less where it ends before. Only the part counts against the
/// limits of length and time. Blocks; call it from a worker thread.
///
/// # Errors
/// [`AudioError`]; [`AudioError::NoSound`] when it ends before `start`.
pub fn decode_part(
    mut file: File,
    start: Duration,
    length: Duration,
    limits: &AudioLimits,
) -> Result<Recording, AudioError> {
    let bytes = file.metadata()?.len();
    if bytes == 0 {
        return Err(AudioError::Empty);
    }
    if bytes > limits.max_bytes {
        return Err(AudioError::TooLarge { bytes, limit: limits.max_bytes });
    }
    // A short one of our own needs no decoder at all.
    let short = bytes <= WAV_HEADER as u64 + length.as_secs() * u64::from(SAMPLE_RATE) * 2;
    if let Some(recording) = if short && start.is_zero() { read_own_wav(&mut file, bytes)? } else { None } {
        return Ok(recording);
    }
    file.seek(SeekFrom::Start(0))?;
    run_ffmpeg(file, start, length, limits)
}

/// Whether recordings of foreign formats cannot be read for want of ffmpeg.
pub fn decoder_is_missing() -> bool {
    subprocess::find_program("ffmpeg").is_none()
}

/// A WAV file as [`Recording::to_wav`] writes it needs no decoder.
fn read_own_wav(file: &mut File, bytes: u64) -> std::io::Result<Option<Recording>> {
    let mut header = [0; WAV_HEADER];
    file.seek(SeekFrom::Start(0))?;
    let whole = file.read_exact(&mut header).is_ok();
    let data = u32::try_from(bytes.saturating_sub(WAV_HEADER as u64)).unwrap_or(u32::MAX);
    if !whole || data == 0 || data > u32::MAX - WAV_HEADER as u32 || header != wav_header(data) {
        return Ok(None);
    }
    let mut content = Vec::with_capacity(data as usize);
    file.read_to_end(&mut content)?;
    Ok(Some(from_bytes(&content)))
}

fn from_bytes(bytes: &[u8]) -> Recording {
    Recording { samples: bytes.as_chunks::<2>().0.iter().map(|sample| i16::from_le_bytes(*sample)).collect() }
}

fn run_ffmpeg(file: File, start: Duration, length: Duration, limits: &AudioLimits) -> Result<Recording, AudioError> {
    let program: PathBuf = subprocess::find_program("ffmpeg").ok_or(AudioError::DecoderMissing)?;
    let bounds = Bounds {
        time: limits.max_time,
        memory: limits.max_memory,
        file: 0,
        stdout: usize::try_from((length.as_secs() + 2) * u64::from(SAMPLE_RATE) * 2).unwrap_or(usize::MAX),
    };
    let folder = tempfile::tempdir()?;
    let done = subprocess::run_reading(&program, &arguments(start, length), folder.path(), &bounds, Stdio::from(file));
    let done = done.map_err(|error| match error {
        SubprocessError::Missing => AudioError::DecoderMissing,
        SubprocessError::TimedOut(limit) => AudioError::TimedOut(limit),
        SubprocessError::TooMuchOutput(_) => AudioError::TooLong(limits.max_length),
        SubprocessError::Io(error) => AudioError::Unreadable(error),
    })?;
    if !done.stdout.is_empty() {
        return Ok(from_bytes(&done.stdout));
    }
    let complaint = done.complaint().replace("file:/dev/fd/0: ", "").replace("file:/dev/fd/0", "the file");
    if done.status.success() || complaint.contains("matches no streams") {
        return Err(AudioError::NoSound);
    }
    Err(AudioError::Damaged(complaint))
}

fn arguments(start: Duration, length: Duration) -> Vec<OsString> {
    let (from, length) = (start.as_secs_f64().to_string(), length.as_secs_f64().to_string());
    let seek: &[&str] = if start.is_zero() { &[] } else { &["-ss", &from] };
    let rate = SAMPLE_RATE.to_string();
    let of_this_one = seek
        .iter()
        .copied()
        .chain(["-nostdin", "-threads", "2", "-i", "file:/dev/fd/0", "-map", "0:a:0", "-vn", "-sn", "-dn"])
        .chain(["-map_metadata", "-1", "-t", &length, "-ac", "1", "-ar", &rate])
        .chain(["-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"]);
    ffmpeg::confinement(ffmpeg::SOUND).into_iter().chain(of_this_one.map(OsString::from)).collect()
}

#[cfg(test)]
mod tests;

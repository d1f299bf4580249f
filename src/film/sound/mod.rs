//! What is heard in a film: music, the sound of clips over it, both as loud as films are.
//!
//! Everything is mixed as 32-bit floats at 48 kHz, stereo; a film of ten minutes takes 230 MB, which is the most there is.
//! Decoding files is left to ffmpeg, within bounds.

mod beats;
mod loudness;
mod music;
mod tone;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::storyboard::{Beats, LONGEST_MS, Mood, Music, Show, Storyboard};
use crate::ffmpeg;
use crate::ingest::video::program;
use crate::subprocess::{self, Bounds};

pub use loudness::{TARGET, integrated};
pub use tone::RATE;

/// What is left of the music while a clip is heard.
const DUCKED: f32 = 0.28;
/// How loud clips are brought before they are mixed, LUFS, and how much they are turned up at the most.
const CLIP_LOUDNESS: f64 = -19.0;
const MOST_GAIN: f64 = 8.0;

/// A stretch of a video whose sound is heard.
struct Heard {
    /// Stereo samples.
    sound: Vec<f32>,
    /// Where it begins in the film, samples.
    at: usize,
    /// How long it fades in and out, samples.
    fades: (usize, usize),
}

/// What is heard in a film of `samples` stereo samples; `path` says where the file of a shot lies. A clip without sound is
/// silent, a music file that cannot be read is an error.
///
/// # Errors
/// In words, when the music cannot be read.
pub fn mix(board: &Storyboard, samples: usize, path: &dyn Fn(usize) -> Option<PathBuf>) -> Result<Vec<f32>, String> {
    let mut sound = match &board.music {
        Music::Made => music::make(board.mood, board.beat_ms, samples, board.seed),
        Music::File { path, .. } => {
            file(Path::new(path), 0.0, samples).map_err(|reason| format!("the music {path} {reason}"))?
        }
        Music::None => vec![0.0; samples * 2],
    };
    sound.resize(samples * 2, 0.0);
    if let Some(now) = integrated(&sound) {
        let gain = 10f64.powf((-18.0 - now) / 20.0) as f32;
        sound.iter_mut().for_each(|sample| *sample *= gain);
    }
    let clips = heard(board, path);
    duck(&mut sound, &clips, samples);
    for clip in &clips {
        lay(&mut sound, clip);
    }
    fade(&mut sound, board.ending.fade_ms);
    loudness::bring_to_target(&mut sound);
    Ok(sound)
}

/// Whether a file holds sound that can be read. Blocks.
///
/// # Errors
/// In words, when it does not.
pub fn is_heard(path: &Path) -> Result<(), String> {
    match file(path, 0.0, RATE as usize / 2) {
        Ok(sound) if !sound.is_empty() => Ok(()),
        Ok(_) => Err("has no sound in it".to_owned()),
        Err(reason) if reason.starts_with("cannot be read") => Err("is no music that can be read".to_owned()),
        Err(reason) => Err(format!("cannot be listened to: {reason}")),
    }
}

/// Listens to a file of music: its beats, as far as a film can be long. Blocks.
///
/// # Errors
/// In words, when it cannot be read.
pub fn listen(path: &Path) -> Result<Beats, String> {
    let of = of(path)?;
    let sound = decoded(path, 0.0, (LONGEST_MS / 1000) as usize * beats::RATE as usize, beats::RATE, 1)?;
    let ms = |seconds: f64| (seconds * 1000.0).round() as u64;
    let rounded = |number: f64| (number * 1000.0).round() / 1000.0;
    Ok(match beats::find(&sound) {
        None => Beats { of, ..Beats::default() },
        Some(found) => Beats {
            of,
            tempo: rounded(found.tempo),
            confidence: rounded(found.confidence),
            at_ms: found.at.into_iter().map(ms).collect(),
        },
    })
}

/// What tells a file of music from others: a hash of its length and its first 16 MiB. Blocks.
///
/// # Errors
/// In words, when it cannot be read.
pub fn of(path: &Path) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("cannot be read: {error}");
    let about = std::fs::metadata(path).map_err(failed)?;
    if !about.is_file() {
        return Err("is no file".to_owned());
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&about.len().to_le_bytes());
    hasher.update_reader(std::fs::File::open(path).map_err(failed)?.take(16 << 20)).map_err(failed)?;
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

/// How the music that is made for a film begins in a mood: a WAV file of `seconds`, as loud as it is in films.
pub fn sample(board: &Storyboard, mood: Mood, seconds: u32) -> Vec<u8> {
    let samples = (seconds * RATE) as usize;
    let mut sound = music::make(mood, board.beat_ms, samples, board.seed);
    sound.resize(samples * 2, 0.0);
    fade(&mut sound, 1500);
    loudness::bring_to_target(&mut sound);
    wav(&sound)
}

/// Stereo samples as a WAV file of 16 bits (RIFF, IBM and Microsoft 1991).
pub fn wav(sound: &[f32]) -> Vec<u8> {
    let bytes = u32::try_from(sound.len() * 2).unwrap_or(u32::MAX - 36);
    let mut file = Vec::with_capacity(44 + sound.len() * 2);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + bytes).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&(RATE * 4).to_le_bytes());
    file.extend_from_slice(b"\x04\0\x10\0data");
    file.extend_from_slice(&bytes.to_le_bytes());
    for sample in sound {
        file.extend_from_slice(&((sample.clamp(-1.0, 1.0) * 32767.0) as i16).to_le_bytes());
    }
    file
}

/// The sounds of the clips that are to be heard.
fn heard(board: &Storyboard, path: &dyn Fn(usize) -> Option<PathBuf>) -> Vec<Heard> {
    let cuts = board.cuts_ms();
    let samples = |ms: u64| (ms * u64::from(RATE) / 1000) as usize;
    let mut all = Vec::new();
    for (at, shot) in board.shots.iter().enumerate() {
        let Show::Clip { in_ms, out_ms, sound: true, .. } = &shot.show else { continue };
        let (from, to) = board.seen_ms(at, &cuts);
        let length = samples((to - from).min(out_ms - in_ms));
        let Some(mut sound) = path(at).and_then(|path| file(&path, *in_ms as f64 / 1000.0, length).ok()) else {
            continue;
        };
        let Some(now) = integrated(&sound).filter(|now| *now > -55.0) else { continue };
        let gain = 10f64.powf(((CLIP_LOUDNESS - now) / 20.0).min(MOST_GAIN / 20.0)) as f32;
        sound.iter_mut().for_each(|sample| *sample *= gain);
        let next = board.shots.get(at + 1).map_or(0, |next| next.transition.ms);
        let fades = (samples(shot.transition.ms.max(120)), samples(next.max(200)));
        all.push(Heard { sound, at: samples(from), fades });
    }
    all
}

/// Turns the music down where clips are heard: quickly, and slowly back.
fn duck(sound: &mut [f32], clips: &[Heard], samples: usize) {
    if clips.is_empty() {
        return;
    }
    let mut wanted = vec![1.0f32; samples];
    for clip in clips {
        let end = (clip.at + clip.sound.len() / 2).min(samples);
        wanted[clip.at.min(end)..end].fill(DUCKED);
    }
    let (down, up) = (1.0 / (RATE as f32 * 0.25), 1.0 / (RATE as f32 * 0.9));
    let mut gain = wanted.first().copied().unwrap_or(1.0);
    for (pair, wanted) in sound.as_chunks_mut::<2>().0.iter_mut().zip(wanted) {
        gain += (wanted - gain).clamp(-down, up);
        pair[0] *= gain;
        pair[1] *= gain;
    }
}

fn lay(sound: &mut [f32], clip: &Heard) {
    let count = clip.sound.len() / 2;
    for (at, pair) in clip.sound.as_chunks::<2>().0.iter().enumerate() {
        let Some(to) = sound.get_mut((clip.at + at) * 2..(clip.at + at) * 2 + 2) else { break };
        let part = |done: usize, of: usize| if of == 0 { 1.0 } else { (done as f32 / of as f32).min(1.0) };
        let gain = part(at, clip.fades.0).min(part(count - at, clip.fades.1));
        to[0] += pair[0] * gain;
        to[1] += pair[1] * gain;
    }
}

/// Nothing is heard at the end of the film, and the way there is smooth.
fn fade(sound: &mut [f32], ms: u64) {
    let length = ((ms.max(300) + 400) * u64::from(RATE) / 1000) as usize;
    let pairs = sound.len() / 2;
    for (at, pair) in sound.as_chunks_mut::<2>().0.iter_mut().enumerate().skip(pairs.saturating_sub(length)) {
        let left = ((pairs - at) as f32 / length as f32).clamp(0.0, 1.0);
        let gain = left * left * (3.0 - 2.0 * left);
        pair[0] *= gain;
        pair[1] *= gain;
    }
}

/// `samples` stereo samples of a file from second `from` on; fewer when it ends before.
fn file(path: &Path, from: f64, samples: usize) -> Result<Vec<f32>, String> {
    decoded(path, from, samples, RATE, 2)
}

/// The same at another rate and with as many channels, which take turns.
fn decoded(path: &Path, from: f64, samples: usize, rate: u32, channels: usize) -> Result<Vec<f32>, String> {
    let seconds = samples as f64 / f64::from(rate);
    let mut arguments = ffmpeg::confinement(ffmpeg::SOUND);
    arguments.extend(["-nostdin", "-ss", &format!("{from:.3}"), "-t", &format!("{seconds:.3}"), "-i"].map(Into::into));
    arguments.push(ffmpeg::input(path).map_err(|error| error.to_string())?);
    arguments.extend(["-map", "0:a:0", "-vn", "-sn", "-dn"].map(Into::into));
    arguments.extend(["-ac", &channels.to_string(), "-ar", &rate.to_string(), "-f", "f32le", "pipe:1"].map(Into::into));
    let stdout = samples * channels * 4 + (1 << 20);
    let bounds = Bounds { time: Duration::from_secs(120), memory: 4 << 30, file: 1 << 20, stdout };
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let program = program("ffmpeg").map_err(|error| error.to_string())?;
    let done = subprocess::run(&program, &arguments, folder.path(), &bounds).map_err(|error| error.to_string())?;
    if !done.status.success() {
        return Err(format!("cannot be read: {}", done.complaint()));
    }
    let mut sound: Vec<f32> = done.stdout.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    sound.truncate(samples * channels);
    sound.iter_mut().filter(|sample| !sample.is_finite()).for_each(|sample| *sample = 0.0);
    Ok(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn music_of_many_formats_is_read_from_anywhere_in_it() {
        let folder = tempfile::tempdir().unwrap();
        for ending in ["wav", "mp3", "flac", "ogg", "m4a"] {
            let path = folder.path().join(format!("a tune.{ending}"));
            let made = std::process::Command::new(program("ffmpeg").unwrap())
                .args(["-loglevel", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=3"])
                .arg(&path)
                .status();
            assert!(made.unwrap().success(), "{ending}");
            let sound = file(&path, 1.0, RATE as usize).unwrap();
            assert_eq!(sound.len(), 2 * RATE as usize, "{ending}");
            assert!(sound.iter().any(|sample| sample.abs() > 0.05), "{ending} is silent");
        }
        let text = folder.path().join("a list.m3u8");
        std::fs::write(&text, "#EXTM3U\n#EXTINF:1,\na tune.wav\n").unwrap();
        assert!(file(&text, 0.0, 100).is_err(), "playlists name other files");
    }
}

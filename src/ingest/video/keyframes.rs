//! The frames that stand for a video: the first of each scene, and one at least every so often within long ones.
//!
//! Scenes are told apart by ffmpeg's `scene` score between frames that decode by themselves; only those are decoded, so that
//! an hour of film takes seconds. A video that has few of them is decoded as a whole, within the same limits. Frames come
//! upright and reduced; a video that breaks off gives those before the break.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::{Screen, VideoError, VideoLimits, complaint, program, run, to_screen};
use crate::ffmpeg;

/// How frames are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyframeSettings {
    /// A score above this begins a scene, 0–1.
    pub scene: f64,
    /// Frames are at least so far apart, seconds.
    pub least_gap_s: f64,
    /// Frames are at most so far apart, seconds; further in videos so long that there would be too many.
    pub most_gap_s: f64,
    /// Frames of one video at the most.
    pub most: usize,
    /// Longest edge of a frame, pixels.
    pub edge: u32,
}

impl Default for KeyframeSettings {
    fn default() -> Self {
        Self { scene: 0.3, least_gap_s: 1.0, most_gap_s: 10.0, most: 60, edge: 768 }
    }
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyframe {
    /// When it is shown, milliseconds from the start.
    pub at_ms: i64,
    /// JPEG, upright.
    pub jpeg: Vec<u8>,
}

/// Times of one video's frames and where they were written to.
type Found = Vec<(i64, std::path::PathBuf)>;

/// The frames that stand for the video at `path`, in order of time; at least one.
///
/// Blocks; call it from a worker thread.
///
/// # Errors
/// `DecoderMissing`, `TimedOut`, `NoFrame`, `TooManyPixels` or `Unreadable`.
pub fn keyframes(
    path: &Path,
    duration: Option<Duration>,
    settings: &KeyframeSettings,
    limits: &VideoLimits,
) -> Result<Vec<Keyframe>, VideoError> {
    let folder = tempfile::tempdir()?;
    let duration_s = duration.map_or(0.0, |duration| duration.as_secs_f64());
    // Half of the frames are left for scenes that are shorter than the gap.
    let gap = settings.most_gap_s.max(duration_s / (settings.most.max(2) as f64 / 2.0));
    let settings = KeyframeSettings { most_gap_s: gap, ..*settings };
    // What cannot be probed is told by what comes next.
    let transfer = super::probe(path, limits).ok().and_then(|info| info.transfer);
    let tone = to_screen(transfer.as_deref(), Screen::Jpeg);
    let mut found = choose(path, true, &settings, &tone, limits, folder.path())?;
    if widest(&found, duration_s) > gap * 2.0 {
        let whole = folder.path().join("whole");
        std::fs::create_dir(&whole)?;
        match choose(path, false, &settings, &tone, limits, &whole) {
            Ok(more) if more.len() > found.len() => found = more,
            // What was found so far is better than nothing.
            Err(error) if found.is_empty() => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
    let mut frames = Vec::new();
    for (at_ms, file) in thin(found, settings.most) {
        frames.push(Keyframe { at_ms, jpeg: std::fs::read(file)? });
    }
    if frames.is_empty() {
        Err(VideoError::NoFrame("it has no frame that can be decoded".to_owned()))
    } else {
        Ok(frames)
    }
}

/// Has ffmpeg write the chosen frames into `folder`. `quick`: of the frames that decode by themselves.
fn choose(
    path: &Path,
    quick: bool,
    settings: &KeyframeSettings,
    tone: &str,
    limits: &VideoLimits,
    folder: &Path,
) -> Result<Found, VideoError> {
    let KeyframeSettings { scene, least_gap_s, most_gap_s, edge, .. } = settings;
    let filter = format!(
        "select='isnan(prev_selected_t)+gt(scene,{scene})*gte(t-prev_selected_t,{least_gap_s})\
         +gte(t-prev_selected_t,{most_gap_s})',scale=iw*sar:ih,setsar=1,\
         scale='min({edge},iw)':'min({edge},ih)':force_original_aspect_ratio=decrease{tone}"
    );
    let mut arguments = ffmpeg::confinement(ffmpeg::VIDEO);
    arguments.extend(["-nostdin", "-threads", "2"].map(OsString::from));
    arguments.extend(["-max_pixels".into(), limits.max_pixels.to_string().into()]);
    if quick {
        arguments.extend(["-skip_frame", "nokey"].map(OsString::from));
    }
    arguments.extend(["-i".into(), ffmpeg::input(path)?]);
    arguments.extend(["-map", "0:V:0", "-an", "-sn", "-dn", "-map_metadata", "-1", "-vf"].map(OsString::from));
    arguments.push(filter.into());
    // Scenes that change without end must not fill the disk.
    let most = (settings.most * 20).to_string();
    arguments.extend(["-vsync", "vfr", "-enc_time_base", "1:1000", "-frames:v", &most].map(OsString::from));
    arguments.extend(["-frame_pts", "1", "-pix_fmt", "yuvj420p", "-q:v", "4", "%d.jpg"].map(OsString::from));
    let done = run(&program("ffmpeg")?, &arguments, folder, limits);
    let mut found: Found = std::fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter_map(|file| Some((file.file_stem()?.to_str()?.parse().ok()?, file)))
        .collect();
    found.sort();
    match done {
        // What was written before it took too long counts, but for the last, which may be half of one.
        Err(VideoError::TimedOut(_)) if found.len() > 1 => {
            found.pop();
            Ok(found)
        }
        Err(error) => Err(error),
        Ok(done) if found.is_empty() && !quick => Err(VideoError::NoFrame(complaint(&done, path))),
        Ok(_) => Ok(found),
    }
}

/// The longest time without a frame, seconds; all of it when there is none.
fn widest(found: &Found, duration_s: f64) -> f64 {
    let mut times: Vec<f64> = found.iter().map(|(at, _)| *at as f64 / 1000.0).collect();
    times.push(duration_s);
    let gaps = times.windows(2).map(|pair| pair[1] - pair[0]);
    if found.is_empty() { f64::INFINITY } else { gaps.fold(0.0, f64::max) }
}

/// Leaves out frames until there are at most `most`: always the one that is nearest to its neighbour.
fn thin(mut found: Found, most: usize) -> Found {
    while found.len() > most.max(1) {
        let gap = |index: usize| found[index].0 - found[index - 1].0;
        match (1..found.len()).min_by_key(|index| gap(*index)) {
            Some(nearest) => drop(found.remove(nearest)),
            None => break,
        }
    }
    found
}

#[cfg(test)]
mod tests;

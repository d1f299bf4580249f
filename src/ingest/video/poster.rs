//! The frame that stands for a video: the first one within the opening seconds that shows something.
//!
//! Frames half a second apart are decoded by ffmpeg, turned upright and reduced by it; which one is chosen is decided
//! here by contrast, so that fades from black and lens caps are passed over.

use std::ffi::OsString;
use std::path::Path;

use image::RgbImage;

use super::{Screen, VideoError, VideoInfo, VideoLimits, complaint, program, run, to_screen};
use crate::ffmpeg;
use crate::ingest::picture::{self, DecodeLimits, Picture};

/// Seconds of the video that are looked at, and how far apart the frames are.
const SPAN_S: f64 = 6.0;
const STEP_S: f64 = 0.5;
/// A frame with at least this share of the best one's contrast is good enough to be taken for being earlier.
const GOOD_ENOUGH: f64 = 0.6;
/// Standard deviation of luminance (of 255) below which a frame shows nothing.
const BLANK: f64 = 6.0;

/// Decodes the frame that stands for the video at `path`, upright, with square pixels. `Picture::width` and `height`
/// are those of `info`.
///
/// Blocks; call it from a worker thread.
///
/// # Errors
/// `DecoderMissing`, `TimedOut`, `NoFrame` or `Unreadable`.
pub fn poster_frame(path: &Path, info: &VideoInfo, limits: &VideoLimits) -> Result<Picture, VideoError> {
    let tone = to_screen(info.transfer.as_deref(), Screen::Jpeg);
    let opening = best_frame(path, 0.0, &tone, limits);
    let duration = info.duration_s.unwrap_or(0.0);
    let chosen = match opening {
        Ok((frame, contrast)) if contrast >= BLANK || duration <= SPAN_S => frame,
        // Nothing to see at the start: look in the middle.
        Ok((frame, contrast)) => match best_frame(path, duration / 2.0, &tone, limits) {
            Ok((middle, better)) if better > contrast => middle,
            _ => frame,
        },
        Err(error) => return Err(error),
    };
    Ok(Picture { width: info.width, height: info.height, ..chosen })
}

/// The best frame of the seconds from `start`, and its contrast.
fn best_frame(path: &Path, start: f64, tone: &str, limits: &VideoLimits) -> Result<(Picture, f64), VideoError> {
    let folder = tempfile::tempdir()?;
    let edge = limits.longest_edge;
    let filter = format!(
        "select='isnan(prev_selected_t)+gte(t-prev_selected_t,{STEP_S})',scale=iw*sar:ih,setsar=1,\
         scale='min({edge},iw)':'min({edge},ih)':force_original_aspect_ratio=decrease{tone}"
    );
    let mut arguments = ffmpeg::confinement(ffmpeg::VIDEO);
    arguments.extend(["-nostdin", "-threads", "2"].map(OsString::from));
    if start > 0.0 {
        arguments.extend(["-ss".into(), format!("{start:.3}").into()]);
    }
    arguments.extend(["-t".into(), SPAN_S.to_string().into(), "-i".into(), ffmpeg::input(path)?]);
    arguments.extend(["-map", "0:V:0", "-an", "-sn", "-dn", "-map_metadata", "-1", "-vf"].map(OsString::from));
    arguments.push(filter.into());
    arguments.extend(["-vsync", "vfr", "-pix_fmt", "yuvj420p", "-q:v", "2", "frame-%03d.jpg"].map(OsString::from));
    let done = run(&program("ffmpeg")?, &arguments, folder.path(), limits)?;
    // A video that breaks off still gives the frames before the break.
    let mut files: Vec<_> =
        std::fs::read_dir(folder.path())?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    let bounds = DecodeLimits { longest_edge: edge, ..DecodeLimits::default() };
    let mut frames: Vec<(Picture, f64)> = Vec::new();
    for file in files {
        if let Ok(frame) = picture::decode_video_frame(&std::fs::read(file)?, &bounds) {
            let contrast = contrast(&frame.image);
            frames.push((frame, contrast));
        }
    }
    let best = frames.iter().map(|(_, contrast)| *contrast).fold(0.0, f64::max);
    frames
        .into_iter()
        .find(|(_, contrast)| *contrast >= best * GOOD_ENOUGH)
        .ok_or_else(|| VideoError::NoFrame(complaint(&done, path)))
}

/// Standard deviation of luminance, on a grid of at most a few thousand pixels.
fn contrast(image: &RgbImage) -> f64 {
    let step = (image.width().max(image.height()) / 64).max(1) as usize;
    let samples: Vec<f64> = (0..image.height())
        .step_by(step)
        .flat_map(|y| (0..image.width()).step_by(step).map(move |x| (x, y)))
        .map(|(x, y)| {
            let [r, g, b] = image.get_pixel(x, y).0.map(f64::from);
            0.299 * r + 0.587 * g + 0.114 * b
        })
        .collect();
    let mean = samples.iter().sum::<f64>() / samples.len().max(1) as f64;
    let variance = samples.iter().map(|sample| (sample - mean).powi(2)).sum::<f64>() / samples.len().max(1) as f64;
    variance.sqrt()
}

//! From a storyboard to a video file.
//!
//! Frames are composed here and encoded by ffmpeg, piece by piece: a piece is a shot with the transition that it comes in
//! by. A piece is named by a hash of all that decides what it shows, so that changing one shot makes that piece and its
//! neighbours anew and no other, and what a killed process had finished is there when it goes on.
//!
//! What must stay true: the same storyboard and files give the same frames, where software encodes them; memory does
//! not grow with the film but for its sound; a render that is cancelled leaves nothing that it made.

mod clip;
mod codec;
mod encode;
mod frame;
mod piece;
mod sample;
mod show;
#[cfg(test)]
mod tests;
mod transition;
mod words;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sound;
use super::storyboard::Storyboard;
use crate::library::MediaId;
pub use codec::{Allowed, Codec, Coder, choose, hardware_encoders};
use encode::{Encoder, Whole};
use frame::Frame;
use piece::Cutting;

/// Frames a second.
pub const RATE: u32 = 30;

/// How good a film is to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Soon there: the shorter side has 360 pixels.
    Preview,
    /// The shorter side has 720 pixels.
    Medium,
    /// The shorter side has 1080 pixels.
    #[default]
    Full,
}

impl Quality {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Preview, Self::Medium, Self::Full];

    /// Pixels of the shorter side.
    pub fn short_side(self) -> u32 {
        match self {
            Self::Preview => 360,
            Self::Medium => 720,
            Self::Full => 1080,
        }
    }
}

/// How a film is to be encoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Encoding {
    /// How good.
    pub quality: Quality,
    /// How compressed.
    pub codec: Codec,
}

/// The file of a medium.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Where it lies.
    pub path: PathBuf,
    /// Hash of its content.
    pub hash: String,
    /// Moving pictures.
    pub video: bool,
    /// Width and height as displayed.
    pub size: (u32, u32),
}

/// What is to be rendered.
#[derive(Debug)]
pub struct Order<'o> {
    /// The film.
    pub board: &'o Storyboard,
    /// The files of its media.
    pub files: &'o HashMap<MediaId, File>,
    /// How good.
    pub quality: Quality,
    /// How compressed.
    pub codec: Codec,
    /// What may encode it.
    pub allowed: Allowed,
    /// Where pieces are kept from one render to the next.
    pub pieces: &'o Path,
    /// Where the film will lie.
    pub output: &'o Path,
}

/// Why a film could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The storyboard cannot be made.
    #[error("the storyboard cannot be made: {0}")]
    Storyboard(String),
    /// A medium is gone from the library.
    #[error("shot {0} shows a picture that is not in the library any more; replace it")]
    Gone(usize),
    /// A file cannot be read.
    #[error("{} cannot be read: {reason}; replace its shot", path.display())]
    Media {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Words could not be set.
    #[error("{0}")]
    Words(String),
    /// The sound could not be made.
    #[error("{0}")]
    Sound(String),
    /// ffmpeg lacks what the codec needs.
    #[error(
        "the ffmpeg that was found cannot make {codec}: it has none of {known}; install a whole one (apt-get install ffmpeg, \
         brew install ffmpeg) or choose another format"
    )]
    NoCoder {
        /// The codec.
        codec: &'static str,
        /// Encoders that would do.
        known: String,
    },
    /// ffmpeg failed.
    #[error("the film could not be encoded: {0}")]
    Encoder(String),
    /// Something could not be written.
    #[error("the film could not be written: {0}; check the free space")]
    Io(#[from] io::Error),
    /// The user stopped it: what was made is gone.
    #[error("stopped")]
    Cancelled,
    /// It is to go on later: what was made is kept.
    #[error("interrupted")]
    Interrupted,
}

/// Ends a render from outside.
#[derive(Debug, Default)]
pub struct Stop(AtomicU8);

impl Stop {
    /// It is not wanted any more.
    pub fn cancel(&self) {
        self.0.store(2, Ordering::Relaxed);
    }

    /// It is to go on another time.
    pub fn interrupt(&self) {
        self.0.fetch_max(1, Ordering::Relaxed);
    }

    /// Whether it has been asked to end.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    fn check(&self) -> Result<(), RenderError> {
        match self.0.load(Ordering::Relaxed) {
            0 => Ok(()),
            1 => Err(RenderError::Interrupted),
            _ => Err(RenderError::Cancelled),
        }
    }
}

/// How far a render is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Frames that are there.
    pub done: usize,
    /// All frames.
    pub of: usize,
}

/// What a render did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Frames of the film.
    pub frames: usize,
    /// Frames that had to be made; the others were there.
    pub made: usize,
    /// What encoded it, by ffmpeg's name.
    pub encoder: &'static str,
    /// Why another encoder was used than was to be.
    pub notice: Option<String>,
}

/// Renders a film. Blocks; `told` hears about every second how far it is, `stop` ends it.
///
/// # Errors
/// Every [`RenderError`]. What was finished before stays for the next time, but after [`RenderError::Cancelled`].
pub fn render(order: &Order<'_>, told: &dyn Fn(Progress), stop: &Stop) -> Result<Rendered, RenderError> {
    order.board.check().map_err(RenderError::Storyboard)?;
    if let Some(at) = order.board.shots.iter().position(|shot| !order.files.contains_key(&shot.media)) {
        return Err(RenderError::Gone(at + 1));
    }
    std::fs::create_dir_all(order.pieces)?;
    if let Some(folder) = order.output.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut made = Vec::new();
    let result = pieces_and_sound(order, told, stop, &mut made);
    if matches!(result, Err(RenderError::Cancelled)) {
        for piece in &made {
            let _ = std::fs::remove_file(piece);
        }
        // Nothing else is taken along: a folder with something in it stays.
        let _ = std::fs::remove_dir(order.pieces);
    }
    result
}

fn pieces_and_sound(
    order: &Order<'_>,
    told: &dyn Fn(Progress),
    stop: &Stop,
    made: &mut Vec<PathBuf>,
) -> Result<Rendered, RenderError> {
    let mut cutting = Cutting::of(order, codec::choose(order.codec, order.allowed)?);
    let total = cutting.frames();
    let samples = (total as u64 * u64::from(sound::RATE) / u64::from(RATE)) as usize;
    let path = |shot: usize| order.files.get(&order.board.shots[shot].media).map(|file| file.path.clone());
    std::thread::scope(|scope| {
        // The sound takes one thread a few seconds; pictures are made meanwhile.
        let sound = scope.spawn(|| sound::mix(order.board, samples, &path));
        let mut notice = None;
        let frames = loop {
            match pieces(order, &cutting, told, stop, made) {
                // Hardware may be taken by others, or fail at this size.
                Err(RenderError::Encoder(reason)) if cutting.coder.hardware => {
                    let failed = cutting.coder;
                    codec::distrust(failed);
                    cutting = Cutting::of(order, codec::choose(order.codec, order.allowed)?);
                    let said = format!("{} failed ({reason}); {} encoded the film", failed.name, cutting.coder.name);
                    tracing::warn!("{said}");
                    notice = Some(said);
                }
                made => break made?,
            }
        };
        let sound = sound.join().map_err(|_| RenderError::Sound("the sound could not be made".to_owned()))?;
        let sound = sound.map_err(RenderError::Sound)?;
        stop.check()?;
        let paths: Vec<PathBuf> = (0..cutting.count()).map(|at| cutting.path(at)).collect();
        let chapters = chapters(order.board);
        let length_ms = total as u64 * 1000 / u64::from(RATE);
        let title = order.board.title.as_str();
        let whole = Whole {
            pieces: &paths,
            sound: &sound,
            coder: cutting.coder,
            title,
            chapters: &chapters,
            length_ms,
            folder: order.pieces,
        };
        encode::join(&whole, order.output)?;
        forget_others(order.pieces, &paths);
        Ok(Rendered { frames: total, made: frames, encoder: cutting.coder.name, notice })
    })
}

/// Makes the pieces that are not there and says how many frames that were. While one is still being encoded, the next is
/// composed.
fn pieces(
    order: &Order<'_>,
    cutting: &Cutting<'_>,
    told: &dyn Fn(Progress),
    stop: &Stop,
    made: &mut Vec<PathBuf>,
) -> Result<usize, RenderError> {
    let (of, mut done, mut composed) = (cutting.frames(), 0, 0);
    let (w, h) = cutting.size;
    let mut waiting: Option<Encoder> = None;
    told(Progress { done, of });
    for at in 0..cutting.count() {
        let range = cutting.range(at);
        let path = cutting.path(at);
        if path.is_file() {
            done += range.len();
            told(Progress { done, of });
            continue;
        }
        let mut encoder = Encoder::start(&path, (w, h), RATE, order.quality, cutting.coder)?;
        let mut maker = cutting.maker(at)?;
        let mut frame = Frame::black(w, h);
        for number in range {
            stop.check()?;
            maker.frame(number, &mut frame)?;
            encoder.write(&frame.data)?;
            (done, composed) = (done + 1, composed + 1);
            if composed % 15 == 0 {
                told(Progress { done, of });
            }
        }
        encoder.close();
        made.push(path);
        if let Some(before) = waiting.replace(encoder) {
            before.finish()?;
        }
    }
    waiting.map_or(Ok(()), Encoder::finish)?;
    told(Progress { done: of, of });
    Ok(composed)
}

/// Where each section begins, and its name.
fn chapters(board: &Storyboard) -> Vec<(u64, String)> {
    let cuts = board.cuts_ms();
    let mut chapters: Vec<(u64, String)> = Vec::new();
    let mut section = usize::MAX;
    for (shot, from) in board.shots.iter().zip(cuts) {
        if shot.section != section {
            section = shot.section;
            let named = board.sections.get(section).map(|section| section.title.clone()).unwrap_or_default();
            chapters.push((from, if named.is_empty() { format!("Part {}", chapters.len() + 1) } else { named }));
        }
    }
    chapters
}

/// Removes the pieces of storyboards that were before.
fn forget_others(folder: &Path, keep: &[PathBuf]) {
    let keep: HashSet<&Path> = keep.iter().map(PathBuf::as_path).collect();
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let piece = path.extension().is_some_and(|extension| extension == "mp4" || extension == "part");
        if piece && !keep.contains(path.as_path()) {
            let _ = std::fs::remove_file(path);
        }
    }
}

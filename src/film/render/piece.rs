//! The pieces of a film: which frames each has, what it is called, and how its frames are made.
//!
//! A piece begins with the transition into its shot and ends where the next transition begins.

use std::ops::Range;
use std::path::PathBuf;

use serde_json::json;

use super::codec::Coder;
use super::frame::Frame;
use super::show::{Shown, Span};
use super::transition::cross;
use super::{Order, RATE, RenderError};
use crate::film::storyboard::{Area, Show, Transition};

/// Rises when frames are made otherwise than before: pieces of earlier versions are not used any more.
const VERSION: u32 = 2;
/// A film comes out of black in so many frames.
const OPENS: usize = 12;

/// How a film is cut, in frames.
pub struct Cutting<'o> {
    order: &'o Order<'o>,
    /// What encodes the pieces: those of two encoders cannot be joined.
    pub coder: &'static Coder,
    /// Size of a frame.
    pub size: (usize, usize),
    /// First frame of each shot from cut to cut, and at last the number of frames.
    cuts: Vec<usize>,
    /// Half the length of each transition.
    halves: Vec<usize>,
    fade: usize,
}

impl<'o> Cutting<'o> {
    /// Cuts a film.
    pub fn of(order: &'o Order<'o>, coder: &'static Coder) -> Self {
        let frames = |ms: u64| ((ms * u64::from(RATE) + 500) / 1000) as usize;
        let (w, h) = order.board.format.size(order.quality.short_side());
        let cuts: Vec<usize> = order.board.cuts_ms().into_iter().map(frames).collect();
        let mut halves: Vec<usize> = order.board.shots.iter().map(|shot| frames(shot.transition.ms / 2)).collect();
        if let Some(first) = halves.first_mut() {
            *first = 0;
        }
        halves.push(0);
        // Rounding must not let two transitions of a shot overlap.
        for at in 0..halves.len() - 1 {
            let length = cuts[at + 1] - cuts[at];
            while halves[at] + halves[at + 1] > length {
                let longer = if halves[at] > halves[at + 1] { at } else { at + 1 };
                halves[longer] -= 1;
            }
        }
        Self { order, coder, size: (w as usize, h as usize), cuts, halves, fade: frames(order.board.ending.fade_ms) }
    }

    /// Frames of the film.
    pub fn frames(&self) -> usize {
        self.cuts.last().copied().unwrap_or(0)
    }

    /// Number of pieces.
    pub fn count(&self) -> usize {
        self.cuts.len() - 1
    }

    /// The frames of a piece.
    pub fn range(&self, at: usize) -> Range<usize> {
        self.cuts[at] - self.halves[at]..self.cuts[at + 1] - self.halves[at + 1]
    }

    /// The frames in which a shot is seen.
    fn seen(&self, at: usize) -> Range<usize> {
        self.cuts[at] - self.halves[at]..self.cuts[at + 1] + self.halves[at + 1]
    }

    /// Where a piece lies: its name says all that decides what it shows.
    pub fn path(&self, at: usize) -> PathBuf {
        let shots = &self.order.board.shots;
        let told = |shot: usize| {
            let hash = self.order.files.get(&shots[shot].media).map(|file| file.hash.as_str());
            json!([hash, shots[shot].show, shots[shot].caption, self.seen(shot).len(), self.framing(shot)])
        };
        let before = (self.halves[at] > 0).then(|| (told(at - 1), shots[at].transition.kind, self.halves[at]));
        let range = self.range(at);
        let fades = range.end + self.fade > self.frames();
        let fade = fades.then(|| (self.fade, self.frames() - range.start));
        let all = json!([
            VERSION,
            self.coder.name,
            self.size,
            RATE,
            self.order.quality,
            at == 0,
            told(at),
            range.len(),
            before,
            fade
        ]);
        let name = blake3::hash(all.to_string().as_bytes()).to_hex();
        self.order.pieces.join(format!("{}.mp4", &name[..32]))
    }

    /// What of its medium is seen when a card gives way to the shot after it.
    fn framing(&self, at: usize) -> Option<Area> {
        let shots = &self.order.board.shots;
        let next = shots.get(at + 1).filter(|next| shots[at].show == Show::Card && next.media == shots[at].media)?;
        match &next.show {
            Show::Still { path, fit: false } => Some(path.from),
            Show::Clip { area, fit: false, .. } => Some(*area),
            _ => None,
        }
    }

    fn open(&self, at: usize, from: usize) -> Result<Shown, RenderError> {
        let shot = &self.order.board.shots[at];
        let file = self.order.files.get(&shot.media).ok_or(RenderError::Gone(at + 1))?;
        let span = Span { frames: self.seen(at).len(), rate: RATE };
        Shown::open(shot, file, self.size, span, from, self.framing(at))
    }

    /// What makes the frames of a piece.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn maker(&self, at: usize) -> Result<Maker, RenderError> {
        let range = self.range(at);
        let transition = self.order.board.shots[at].transition;
        let half = self.halves[at];
        let before = match half {
            0 => None,
            _ => Some(self.open(at - 1, range.start - self.seen(at - 1).start)?),
        };
        let scratch = Frame::black(self.size.0, self.size.1);
        let (shot, crossing) = (self.open(at, 0)?, range.start..self.cuts[at] + half);
        Ok(Maker { shot, before, crossing, transition, scratch, frames: self.frames(), fade: self.fade })
    }
}

/// Makes the frames of a piece, in order.
pub struct Maker {
    shot: Shown,
    before: Option<Shown>,
    crossing: Range<usize>,
    transition: Transition,
    scratch: Frame,
    frames: usize,
    fade: usize,
}

impl Maker {
    /// Makes frame `number` of the film.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn frame(&mut self, number: usize, frame: &mut Frame) -> Result<(), RenderError> {
        match &mut self.before {
            Some(before) if self.crossing.contains(&number) => {
                before.next_into(frame)?;
                self.shot.next_into(&mut self.scratch)?;
                let t = (number - self.crossing.start) as f64 + 0.5;
                cross(frame, &self.scratch, self.transition.kind, t / self.crossing.len() as f64);
            }
            _ => {
                self.before = None;
                self.shot.next_into(frame)?;
            }
        }
        let left = self.frames - 1 - number;
        let light = |step: usize, of: usize| {
            let t = (step as f64 / of as f64).min(1.0);
            (t * t * (3.0 - 2.0 * t) * 256.0).round() as u16
        };
        if number < OPENS {
            frame.dim(light(number + 1, OPENS));
        }
        if left < self.fade {
            frame.dim(light(left, self.fade));
        }
        Ok(())
    }
}

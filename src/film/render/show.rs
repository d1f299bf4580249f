//! The frames of one shot: a movement over a still, a piece of a video, a card.
//!
//! A shot is opened at a frame of its own and gives that and all that follow, in order. It gives the same frame wherever it
//! was opened, but for videos, which are decoded from the frame they are opened at.

use image::RgbImage;
use image::imageops;

use super::clip::Clip;
use super::frame::{Frame, Source};
use super::sample::sample;
use super::words::Words;
use super::{File, RenderError};
use crate::film::storyboard::{Area, CaptionPlace, CropPath, Easing, Shot, Show};
use crate::ingest::picture::DecodeLimits;
use crate::ingest::picture::scale::resample;
use crate::ingest::read::upright;

/// The picture out of focus behind one that does not fill the frame, of 256.
const BACKDROP_LIGHT: u16 = 150;
/// The same behind a title.
const CARD_LIGHT: u16 = 165;
/// A picture that does not fill the frame grows from this share of its size to all of it.
const GROWS_FROM: f64 = 0.93;

/// How a shot is cut in the film, in frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Frames that it is seen in, transitions included.
    pub frames: usize,
    /// Frames in a second.
    pub rate: u32,
}

/// A shot whose frames can be had.
pub struct Shown {
    look: Look,
    words: Option<(Words, CaptionPlace)>,
    span: Span,
    next: usize,
}

enum Look {
    /// It fills the frame.
    Still(Source, CropPath),
    /// It lies on its own image out of focus: the picture, that image, and the box that it fills at last.
    Laid(Source, Frame, (f64, f64)),
    Clip(Clip),
    LaidClip(Clip),
    /// Out of focus, beneath a title.
    Card(Source),
}

impl Shown {
    /// Opens a shot at frame `from` of its own, for frames of `w` × `h`. `framing` is what of the medium is seen when a card
    /// gives way to it.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn open(
        shot: &Shot,
        file: &File,
        (w, h): (usize, usize),
        span: Span,
        from: usize,
        framing: Option<Area>,
    ) -> Result<Self, RenderError> {
        let unreadable = |reason: String| RenderError::Media { path: file.path.clone(), reason };
        let look = match &shot.show {
            Show::Card => Look::Card(out_of_focus(&picture(file)?, framing, w, h, 11)),
            Show::Still { path, fit: false } => {
                let picture = picture(file)?;
                let smallest = path.from.w.min(path.to.w);
                let width = (w as f64 / smallest).round() as u32;
                let height = (h as f64 / path.from.h.min(path.to.h)).round() as u32;
                // More than twice as many pixels as there are show no more.
                let bound = |wanted: u32, have: u32| wanted.clamp(2, (have * 4).max(2));
                let scaled = resample(&picture, bound(width, picture.width()), bound(height, picture.height()));
                Look::Still(Source::of(&scaled), path.clone())
            }
            Show::Still { fit: true, .. } => {
                let picture = picture(file)?;
                let (fw, fh) = fitted(picture.dimensions(), w, h);
                let mut backdrop = Frame::black(w, h);
                let soft = out_of_focus(&picture, None, w, h, 16);
                sample(&soft, &Area::WHOLE, backdrop.planes_mut(), w, [0, 0, w, h]);
                backdrop.dim(BACKDROP_LIGHT);
                let scaled = resample(&picture, fw as u32, fh as u32);
                Look::Laid(Source::of(&scaled), backdrop, (fw, fh))
            }
            Show::Clip { in_ms, out_ms, area, fit, .. } => {
                let start = *in_ms as f64 / 1000.0 + from as f64 / f64::from(span.rate);
                let seconds = ((*out_ms - *in_ms) as f64 / 1000.0 - from as f64 / f64::from(span.rate)).max(0.04);
                let size = match *fit {
                    false => (w, h),
                    true => {
                        let size = fitted(file.size, w, h);
                        ((size.0 as usize).next_multiple_of(2).min(w), (size.1 as usize).next_multiple_of(2).min(h))
                    }
                };
                let clip = Clip::open(&file.path, (start, seconds), *area, size, span.rate).map_err(unreadable)?;
                if *fit { Look::LaidClip(clip) } else { Look::Clip(clip) }
            }
        };
        let words = shot.caption.as_ref().map(|caption| Words::set(caption, w, h).map(|words| (words, caption.place)));
        let words = words.transpose().map_err(|error| RenderError::Words(error.to_string()))?;
        Ok(Self { look, words, span, next: from })
    }

    /// The next frame, written into `frame`.
    ///
    /// # Errors
    /// When its file cannot be read any further.
    pub fn next_into(&mut self, frame: &mut Frame) -> Result<(), RenderError> {
        let last = self.span.frames.saturating_sub(1).max(1);
        let t = self.next as f64 / last as f64;
        let (w, h) = (frame.w, frame.h);
        match &mut self.look {
            Look::Still(source, path) => sample(source, &path.at(t), frame.planes_mut(), w, [0, 0, w, h]),
            Look::Card(source) => {
                let zoom = 1.0 - 0.07 * Easing::Gentle.at(t);
                let area = Area { x: (1.0 - zoom) / 2.0, y: (1.0 - zoom) / 2.0, w: zoom, h: zoom };
                sample(source, &area, frame.planes_mut(), w, [0, 0, w, h]);
                frame.dim(CARD_LIGHT);
            }
            Look::Laid(source, backdrop, (fw, fh)) => {
                frame.data.copy_from_slice(&backdrop.data);
                let size = GROWS_FROM + (1.0 - GROWS_FROM) * Easing::Gentle.at(t);
                lay(source, frame, *fw * size, *fh * size);
            }
            Look::Clip(clip) => frame.data.copy_from_slice(&clip.next_frame().data),
            Look::LaidClip(clip) => {
                let picture = clip.next_frame();
                softened(picture, frame);
                frame.dim(BACKDROP_LIGHT);
                put(picture, frame);
            }
        }
        if let Some((words, place)) = &self.words {
            words.lay(frame, share(self.next, self.span, *place));
        }
        self.next += 1;
        Ok(())
    }
}

/// How much of the words is seen at a frame, of 256.
fn share(at: usize, span: Span, place: CaptionPlace) -> u16 {
    let seconds = |frames: usize| frames as f64 / f64::from(span.rate);
    let (now, end) = (seconds(at), seconds(span.frames));
    let ramp = |from: f64, length: f64| {
        let t = ((now - from) / length).clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    };
    let share = match place {
        // A title stays until its card has gone.
        CaptionPlace::Middle => ramp(0.35, 0.8),
        _ => ramp(0.5, 0.6).min(1.0 - ramp((end - 0.9).clamp(1.2, 4.6), 0.6)),
    };
    (share * 256.0).round() as u16
}

fn picture(file: &File) -> Result<RgbImage, RenderError> {
    let unreadable = |reason: String| RenderError::Media { path: file.path.clone(), reason };
    if file.video {
        let limits = crate::ingest::video::VideoLimits::default();
        let read = |path| {
            let info = crate::ingest::video::probe(path, &limits)?;
            crate::ingest::video::poster_frame(path, &info, &limits)
        };
        return read(&file.path).map(|picture| picture.image).map_err(|error| unreadable(error.to_string()));
    }
    // Enough for a close look in full HD.
    let limits = DecodeLimits { longest_edge: 3200, ..DecodeLimits::default() };
    upright(&file.path, &limits).map(|picture| picture.image).map_err(|error| unreadable(error.to_string()))
}

/// The largest size in which a picture lies within the frame.
fn fitted((pw, ph): (u32, u32), w: usize, h: usize) -> (f64, f64) {
    let scale = (w as f64 / f64::from(pw.max(1))).min(h as f64 / f64::from(ph.max(1)));
    let edge = |pixels: u32, most: usize| (f64::from(pixels.max(1)) * scale).round().clamp(2.0, most as f64);
    (edge(pw, w), edge(ph, h))
}

/// A part of a picture with the frame's shape, small and blurred: a `small`th of the frame's size.
fn out_of_focus(picture: &RgbImage, part: Option<Area>, w: usize, h: usize, small: usize) -> Source {
    let (pw, ph) = (f64::from(picture.width()), f64::from(picture.height()));
    let shape = (w as f64 / h as f64) / (pw / ph);
    let cover = if shape < 1.0 { (shape, 1.0) } else { (1.0, 1.0 / shape) };
    let area = part.unwrap_or(Area { x: (1.0 - cover.0) / 2.0, y: (1.0 - cover.1) / 2.0, w: cover.0, h: cover.1 });
    let pixels = |share: f64, of: f64| (share * of).floor().max(0.0) as u32;
    let (x, y) = (pixels(area.x, pw).min(picture.width() - 1), pixels(area.y, ph).min(picture.height() - 1));
    let size = (pixels(area.w, pw).clamp(1, picture.width() - x), pixels(area.h, ph).clamp(1, picture.height() - y));
    let cropped = imageops::crop_imm(picture, x, y, size.0, size.1).to_image();
    let size = ((w / small).max(4) as u32, (h / small).max(4) as u32);
    let reduced = resample(&cropped, size.0, size.1);
    Source::of(&imageops::blur(&reduced, 1.8))
}

/// Lays a picture over the middle of a frame, `fw` × `fh` large, its edges between pixels.
fn lay(source: &Source, frame: &mut Frame, fw: f64, fh: f64) {
    let (w, h) = (frame.w, frame.h);
    let (left, top) = ((w as f64 - fw) / 2.0, (h as f64 - fh) / 2.0);
    // An even box that holds it.
    let x = (left.floor().max(0.0) as usize) & !1;
    let y = (top.floor().max(0.0) as usize) & !1;
    let bw = ((left + fw).ceil() as usize).next_multiple_of(2).min(w) - x;
    let bh = ((top + fh).ceil() as usize).next_multiple_of(2).min(h) - y;
    let beneath = frame.clone();
    let area = Area { x: (x as f64 - left) / fw, y: (y as f64 - top) / fh, w: bw as f64 / fw, h: bh as f64 / fh };
    sample(source, &area, frame.planes_mut(), w, [x, y, bw, bh]);
    // What of the outermost pixels lies beyond its edge is what is beneath.
    for (number, (plane, under)) in frame.planes_mut().into_iter().zip(beneath.planes()).enumerate() {
        let half = if number == 0 { 1.0 } else { 2.0 };
        let stride = w / half as usize;
        let (left, top, right, bottom) = (left / half, top / half, (left + fw) / half, (top + fh) / half);
        let covered = |from: f64, to: f64, at: usize| {
            ((to.min(at as f64 + 1.0) - from.max(at as f64)).clamp(0.0, 1.0) * 256.0) as u16
        };
        let (x0, y0) = (x / half as usize, y / half as usize);
        let (x1, y1) = (x0 + bw / half as usize, y0 + bh / half as usize);
        for row in y0..y1 {
            let of_row = covered(top, bottom, row);
            let edge = |column: usize| (u32::from(of_row) * u32::from(covered(left, right, column)) / 256) as u16;
            let columns: Vec<usize> = if of_row < 256 {
                (x0..x1).collect()
            } else {
                (x0..(x0 + 2).min(x1)).chain(x1.saturating_sub(2).max(x0 + 2)..x1).collect()
            };
            for column in columns {
                let at = row * stride + column;
                plane[at] = super::frame::blend(under[at], plane[at], edge(column));
            }
        }
    }
}

/// Puts a smaller frame into the middle of another.
fn put(picture: &Frame, frame: &mut Frame) {
    let (left, top) = (((frame.w - picture.w) / 2) & !1, ((frame.h - picture.h) / 2) & !1);
    let w = frame.w;
    for (number, (to, from)) in frame.planes_mut().into_iter().zip(picture.planes()).enumerate() {
        let half = if number == 0 { 1 } else { 2 };
        let (stride, pw) = (w / half, picture.w / half);
        for (row, line) in from.chunks_exact(pw).enumerate() {
            let start = (top / half + row) * stride + left / half;
            to[start..start + pw].copy_from_slice(line);
        }
    }
}

/// Fills a frame with another's image out of focus.
fn softened(picture: &Frame, frame: &mut Frame) {
    const BLOCK: usize = 16;
    let shape = (frame.w as f64 / frame.h as f64) / (picture.w as f64 / picture.h as f64);
    let cover = if shape < 1.0 { (shape, 1.0) } else { (1.0, 1.0 / shape) };
    let area = Area { x: (1.0 - cover.0) / 2.0, y: (1.0 - cover.1) / 2.0, w: cover.0, h: cover.1 };
    let mut number = 0;
    let planes = picture.planes().map(|samples| {
        let half = if number == 0 { 1 } else { 2 };
        number += 1;
        blocks(samples, picture.w / half, picture.h / half, BLOCK / half)
    });
    let (w, h) = (frame.w, frame.h);
    sample(&Source { planes }, &area, frame.planes_mut(), w, [0, 0, w, h]);
}

/// The means of blocks of samples, each mixed with its neighbours.
fn blocks(samples: &[u8], w: usize, h: usize, block: usize) -> super::frame::Plane {
    let (bw, bh) = (w.div_ceil(block), h.div_ceil(block));
    let mut means = vec![0i32; bw * bh];
    for by in 0..bh {
        for bx in 0..bw {
            let rows = by * block..((by + 1) * block).min(h);
            let columns = bx * block..((bx + 1) * block).min(w);
            let count = (rows.len() * columns.len()) as i32;
            let sum: i32 = rows
                .map(|y| samples[y * w + columns.start..y * w + columns.end].iter().map(|s| i32::from(*s)).sum::<i32>())
                .sum();
            means[by * bw + bx] = sum / count.max(1);
        }
    }
    let at =
        |x: isize, y: isize| means[y.clamp(0, bh as isize - 1) as usize * bw + x.clamp(0, bw as isize - 1) as usize];
    let mut soft = Vec::with_capacity(bw * bh);
    for y in 0..bh as isize {
        for x in 0..bw as isize {
            let sum: i32 =
                (-2..=2).flat_map(|dy| (-2..=2).map(move |dx| (dx, dy))).map(|(dx, dy)| at(x + dx, y + dy)).sum();
            soft.push((sum / 25) as u8);
        }
    }
    super::frame::Plane::of(bw, bh, &soft)
}

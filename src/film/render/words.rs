//! Words over pictures: set once as a picture with transparency, then laid over every frame.

use resvg::{tiny_skia, usvg};

use super::frame::{Frame, blend, chroma, luma};
use crate::film::storyboard::{Caption, CaptionPlace};
use crate::fonts;
use crate::xml::escaped;

/// Words as a picture: what it shows, and how much of it at each place.
#[derive(Debug, Clone)]
pub struct Words {
    x: usize,
    y: usize,
    w: usize,
    light: Vec<u8>,
    colour: [Vec<u8>; 2],
    opaque: Vec<u8>,
    opaque_half: Vec<u8>,
}

/// Why words could not be set.
#[derive(Debug, thiserror::Error)]
#[error("the words of a film could not be set: {0}")]
pub struct WordsError(String);

impl Words {
    /// Sets a caption for a frame of `w` × `h`.
    ///
    /// # Errors
    /// Only by a defect of the typesetting.
    pub fn set(caption: &Caption, w: usize, h: usize) -> Result<Self, WordsError> {
        let options = usvg::Options { fontdb: fonts::all(), ..usvg::Options::default() };
        let tree = usvg::Tree::from_str(&drawing(caption, w as f64, h as f64), &options)
            .map_err(|error| WordsError(error.to_string()))?;
        let mut pixels = tiny_skia::Pixmap::new(w as u32, h as u32).ok_or(WordsError("no area".to_owned()))?;
        resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
        Ok(Self::of(&pixels))
    }

    /// The part of a picture in which there is something.
    fn of(pixels: &tiny_skia::Pixmap) -> Self {
        let (w, h) = (pixels.width() as usize, pixels.height() as usize);
        let alpha = |x: usize, y: usize| pixels.data()[(y * w + x) * 4 + 3];
        let rows: Vec<usize> = (0..h).filter(|y| (0..w).any(|x| alpha(x, *y) > 0)).collect();
        let columns: Vec<usize> = (0..w).filter(|x| rows.iter().any(|y| alpha(*x, *y) > 0)).collect();
        let even = |edges: &[usize]| {
            let from = edges.first().map_or(0, |first| first & !1);
            let to = edges.last().map_or(0, |last| (last + 1).next_multiple_of(2));
            (from, to.saturating_sub(from))
        };
        let ((x, w_in), (y, h_in)) = (even(&columns), even(&rows));
        let (w_in, h_in) = (w_in.min((w & !1) - x), h_in.min((h & !1) - y));
        let colour_at = |x: usize, y: usize| {
            let pixel = pixels.pixel(x as u32, y as u32).map(|pixel| pixel.demultiply());
            pixel.map_or([0; 3], |pixel| [pixel.red(), pixel.green(), pixel.blue()])
        };
        let mut words = Self {
            x,
            y,
            w: w_in,
            light: Vec::new(),
            colour: [Vec::new(), Vec::new()],
            opaque: Vec::new(),
            opaque_half: Vec::new(),
        };
        for row in y..y + h_in {
            words.light.extend((x..x + w_in).map(|column| luma(colour_at(column, row))));
            words.opaque.extend((x..x + w_in).map(|column| alpha(column, row)));
        }
        for row in (y..y + h_in).step_by(2) {
            for column in (x..x + w_in).step_by(2) {
                let four = [(column, row), (column + 1, row), (column, row + 1), (column + 1, row + 1)];
                // What is transparent has no colour to count.
                let weight: i32 = four.iter().map(|(x, y)| i32::from(alpha(*x, *y))).sum();
                let mean = |c: usize| {
                    let sum: i32 =
                        four.iter().map(|(x, y)| i32::from(colour_at(*x, *y)[c]) * i32::from(alpha(*x, *y))).sum();
                    if weight == 0 { 0 } else { 4 * sum / weight }
                };
                let (u, v) = chroma([mean(0), mean(1), mean(2)]);
                words.colour[0].push(u);
                words.colour[1].push(v);
                words.opaque_half.push((weight / 4) as u8);
            }
        }
        words
    }

    /// Lays the words over a frame, `share` of 256 of them.
    pub fn lay(&self, frame: &mut Frame, share: u16) {
        if share == 0 {
            return;
        }
        let stride = frame.w;
        let [light, blue, red] = frame.planes_mut();
        over(light, stride, [self.x, self.y, self.w], &self.light, &self.opaque, share);
        let half = [self.x / 2, self.y / 2, self.w / 2];
        over(blue, stride / 2, half, &self.colour[0], &self.opaque_half, share);
        over(red, stride / 2, half, &self.colour[1], &self.opaque_half, share);
    }
}

fn over(plane: &mut [u8], stride: usize, [x, y, w]: [usize; 3], samples: &[u8], opaque: &[u8], share: u16) {
    if w == 0 {
        return;
    }
    for (row, (samples, opaque)) in samples.chunks_exact(w).zip(opaque.chunks_exact(w)).enumerate() {
        let start = (y + row) * stride + x;
        for (to, (sample, opaque)) in plane[start..start + w].iter_mut().zip(samples.iter().zip(opaque)) {
            let part = (u32::from(*opaque) * u32::from(share) + 127) / 255;
            *to = blend(*to, *sample, part.min(256) as u16);
        }
    }
}

/// The drawing of a caption.
fn drawing(caption: &Caption, w: f64, h: f64) -> String {
    let unit = w.min(h * 1.4).min(h) / 100.0;
    let body = match caption.place {
        CaptionPlace::Middle => middle(caption, w, h, unit),
        CaptionPlace::Corner => corner(caption, w, h, unit),
        CaptionPlace::Below => below(caption, w, h, unit),
    };
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{w}' height='{h}'><defs>\
         <filter id='s' x='-20%' y='-40%' width='140%' height='180%'><feGaussianBlur stdDeviation='{:.2}'/></filter>\
         <linearGradient id='g' x1='0' y1='0' x2='0' y2='1'><stop offset='0' stop-color='#000' stop-opacity='0'/>\
         <stop offset='1' stop-color='#000' stop-opacity='0.5'/></linearGradient></defs>{body}</svg>",
        unit * 0.9
    )
}

/// A line of words with a soft shadow.
struct Line<'l> {
    words: &'l str,
    x: f64,
    y: f64,
    size: f64,
    family: &'l str,
    anchor: &'l str,
    spacing: f64,
    opacity: f64,
}

impl Line<'_> {
    fn drawn(&self) -> String {
        let Self { x, y, size, family, anchor, spacing, opacity, .. } = *self;
        let words = escaped(self.words);
        let text = |fill: &str, more: &str| {
            format!(
                "<text x='{x:.1}' y='{y:.1}' font-family='{family}' font-size='{size:.1}' text-anchor='{anchor}' \
                 letter-spacing='{spacing:.2}' fill='{fill}' {more}>{words}</text>"
            )
        };
        text("#000", "fill-opacity='0.55' filter='url(#s)'") + &text("#fff", &format!("fill-opacity='{opacity}'"))
    }
}

fn middle(caption: &Caption, w: f64, h: f64, unit: f64) -> String {
    let size = (unit * 13.5).min(w * 0.84 / (width_of(&caption.text).max(1.0) * 0.5));
    let size = size.max(unit * 6.0);
    let lines = wrapped(&caption.text, w * 0.84 / (size * 0.5));
    let small = unit * 3.9;
    let height = lines.len() as f64 * size * 1.18;
    let beneath = if caption.small.is_empty() { 0.0 } else { small * 2.4 };
    let top = h / 2.0 - (height + beneath) / 2.0 + size * 0.92;
    let mut drawn = String::new();
    for (at, words) in lines.iter().enumerate() {
        let y = top + at as f64 * size * 1.18;
        let line = Line {
            words,
            x: w / 2.0,
            y,
            size,
            family: fonts::SERIF,
            anchor: "middle",
            spacing: size * 0.01,
            opacity: 1.0,
        };
        drawn += &line.drawn();
    }
    if !caption.small.is_empty() {
        let y = top + (lines.len() as f64 - 1.0) * size * 1.18;
        let rule = y + small * 1.25;
        drawn += &format!(
            "<rect x='{:.1}' y='{rule:.1}' width='{:.1}' height='{:.1}' fill='#fff' fill-opacity='0.75'/>",
            w / 2.0 - unit * 5.0,
            unit * 10.0,
            (unit * 0.22).max(1.0)
        );
        let words = caption.small.to_uppercase();
        let fits = (w * 0.86 / (width_of(&words).max(1.0) * 0.78)).min(small);
        let line = Line {
            words: &words,
            x: w / 2.0,
            y: rule + small * 1.75,
            size: fits,
            family: fonts::SANS,
            anchor: "middle",
            spacing: fits * 0.16,
            opacity: 0.92,
        };
        drawn += &line.drawn();
    }
    drawn
}

fn corner(caption: &Caption, w: f64, h: f64, unit: f64) -> String {
    let (large, small) = (unit * 6.2, unit * 3.2);
    let left = (w * 0.055).max(unit * 4.0);
    let large = large.min((w - 2.0 * left) / (width_of(&caption.text).max(1.0) * 0.5));
    let bottom = h - (h * 0.085).max(unit * 6.0);
    let mut drawn = format!(
        "<rect x='0' y='{:.1}' width='{w}' height='{:.1}' fill='url(#g)'/>",
        bottom - unit * 20.0,
        h - bottom + unit * 20.0
    );
    let title_y = if caption.small.is_empty() { bottom } else { bottom - small * 1.55 };
    let title = Line {
        words: &caption.text,
        x: left,
        y: title_y,
        size: large,
        family: fonts::SERIF,
        anchor: "start",
        spacing: 0.0,
        opacity: 1.0,
    };
    drawn += &title.drawn();
    if !caption.small.is_empty() {
        let words = caption.small.to_uppercase();
        let line = Line {
            words: &words,
            x: left,
            y: bottom,
            size: small,
            family: fonts::SANS,
            anchor: "start",
            spacing: small * 0.12,
            opacity: 0.9,
        };
        drawn += &line.drawn();
    }
    drawn
}

fn below(caption: &Caption, w: f64, h: f64, unit: f64) -> String {
    let size = unit * 4.4;
    let lines = wrapped(&caption.text, w * 0.8 / (size * 0.5));
    let bottom = h - (h * 0.07).max(unit * 5.0);
    let mut drawn = String::new();
    for (at, words) in lines.iter().enumerate() {
        let y = bottom - (lines.len() - 1 - at) as f64 * size * 1.3;
        let line =
            Line { words, x: w / 2.0, y, size, family: fonts::SANS, anchor: "middle", spacing: 0.0, opacity: 1.0 };
        drawn += &line.drawn();
    }
    drawn
}

/// Width in letters: what East Asian scripts write is twice as wide.
fn width_of(text: &str) -> f64 {
    text.chars().map(|c| if u32::from(c) >= 0x2e80 { 2.0 } else { 1.0 }).sum()
}

/// Lines of at most `most` letters, broken between words; what has no gaps is broken anywhere.
fn wrapped(text: &str, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width_of(line) + 1.0 + width_of(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let split = lines.into_iter().flat_map(|line| {
        let (mut parts, mut part) = (Vec::new(), String::new());
        for c in line.chars() {
            if width_of(&part) + 1.0 > most.max(2.0) {
                parts.push(std::mem::take(&mut part));
            }
            part.push(c);
        }
        parts.push(part);
        parts
    });
    let mut lines: Vec<String> = split.collect();
    lines.truncate(4);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, small: &str, place: CaptionPlace) -> Words {
        Words::set(&Caption { text: text.to_owned(), small: small.to_owned(), place }, 640, 360).unwrap()
    }

    fn lit(words: &Words) -> usize {
        words.light.iter().zip(&words.opaque).filter(|(light, opaque)| **light > 180 && **opaque > 180).count()
    }

    #[test]
    fn words_of_any_script_are_drawn() {
        for text in [
            "Lofoten",
            "Σαντορίνη",
            "Байкал",
            "서울 여행",
            "東京の夏",
            "กรุงเทพ",
            "القاهرة",
            "ירושלים",
            "दिल्ली",
            "Երևան",
        ] {
            assert!(lit(&set(text, "", CaptionPlace::Middle)) > 150, "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_drawing_is_text() {
        let words = set("<rect width='640' height='360' fill='#fff'/>", "\u{7}&amp;", CaptionPlace::Below);
        assert!(lit(&words) < 640 * 360 / 4);
    }

    #[test]
    fn long_titles_stay_in_the_frame() {
        let words = set(&"Holidays at the lake ".repeat(8), "June 2019", CaptionPlace::Middle);
        assert!(words.x > 10 && words.x + words.w < 630, "{} + {}", words.x, words.w);
    }
}

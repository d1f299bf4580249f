//! What a line of text says, by a network with CTC (Graves et al., 2006), as PaddleOCR's are.
//!
//! A strip of the line ([`recollect::engine::strips`]) of the network's height, blue first, colours of −1 to 1, grey at the
//! right up to [`LEAST_WIDTH`]. Each step of the output says which character is there, or none; the surest counts, and one
//! that lasts for several steps is one. A certainty is the mean of its steps'. Where a word lies follows from its steps. A
//! line that stands upright is read both ways, and the surer counts.

use anyhow::{Context as _, ensure};
use image::RgbImage;
use recollect::engine::protocol::vision::{ReadText, ReadWord};
use recollect::engine::strips::{self, Corners};

use super::graph::Graph;
use super::lines::Line;

/// Networks were taught lines at least so wide.
const LEAST_WIDTH: usize = 320;

/// Reads lines.
pub struct Reader {
    graph: Graph,
    output: String,
    height: u32,
    /// Width of the input, where it is fixed.
    width: Option<usize>,
    characters: Vec<String>,
}

impl Reader {
    /// Of a graph; `characters` is what each output stands for, the first for none.
    pub fn new(graph: Graph, characters: Vec<String>) -> anyhow::Result<Self> {
        let (output, _) = graph.outputs().into_iter().next().context("it gives nothing")?;
        let (height, width) = graph.lengths();
        let height = height.and_then(|height| u32::try_from(height).ok()).context("the height of its lines is open")?;
        Ok(Self { graph, output, height, width, characters })
    }

    /// What a line of the picture says, and its corners in the way that it was read.
    pub fn read(&mut self, picture: &RgbImage, line: &Line) -> anyhow::Result<(Corners, ReadText)> {
        let mut best: Option<(Corners, ReadText)> = None;
        for corners in strips::turns(&line.corners) {
            let text = self.read_strip(&strips::cut(picture, &corners, self.height))?;
            if best.as_ref().is_none_or(|(_, other)| text.certainty > other.certainty) {
                best = Some((corners, text));
            }
        }
        best.context("a line has no side to be read from")
    }

    fn read_strip(&mut self, strip: &RgbImage) -> anyhow::Result<ReadText> {
        let (width, height) = (strip.width() as usize, strip.height() as usize);
        let (strip, width) = match self.width {
            Some(fixed) if width > fixed => {
                (&super::pixels::whole(strip, u32::try_from(fixed)?, strip.height())?, fixed)
            }
            _ => (strip, width),
        };
        let padded = self.width.unwrap_or(width.max(LEAST_WIDTH));
        let outputs = self.graph.run_planes(planes(strip, padded), padded, height)?;
        let scores = outputs.numbers(&self.output)?;
        ensure!(
            !scores.is_empty() && scores.len().is_multiple_of(self.characters.len()),
            "its output is no row of characters"
        );
        Ok(decode(&scores, &self.characters, padded as f32 / width as f32))
    }
}

/// Colour planes, blue first, −1 to 1, `padded` pixels wide.
fn planes(strip: &RgbImage, padded: usize) -> Vec<f32> {
    let (width, height) = (strip.width() as usize, strip.height() as usize);
    let mut planes = vec![0.0; 3 * padded * height];
    for (at, pixel) in strip.as_raw().as_chunks::<3>().0.iter().enumerate() {
        let place = at / width * padded + at % width;
        for (plane, colour) in [2, 1, 0].into_iter().enumerate() {
            planes[plane * padded * height + place] = f32::from(pixel[colour]) / 127.5 - 1.0;
        }
    }
    planes
}

/// A character and where it begins, 0–1 of the input, with its certainty.
struct Step {
    character: usize,
    certainty: f32,
    at: f32,
}

/// What rows of certainties say; `stretch` is by how much the input is wider than the line.
fn decode(scores: &[f32], characters: &[String], stretch: f32) -> ReadText {
    let rows = scores.chunks_exact(characters.len());
    let count = rows.len() as f32;
    let mut before = 0;
    let mut steps: Vec<Step> = Vec::new();
    for (at, row) in rows.enumerate() {
        let (character, certainty) = surest(row);
        if character != 0 && character != before {
            steps.push(Step { character, certainty, at: (at as f32 + 0.5) / count * stretch });
        }
        before = character;
    }
    let text: String = steps.iter().map(|step| characters[step.character].as_str()).collect();
    let mean = |steps: &[Step]| steps.iter().map(|step| step.certainty).sum::<f32>() / steps.len().max(1) as f32;
    let space = |step: &Step| characters[step.character].trim().is_empty();
    // Half of the usual distance of two characters lies before the first and after the last.
    let half = 0.5 * (steps.last().map_or(0.0, |last| last.at) - steps.first().map_or(0.0, |first| first.at))
        / (steps.len().max(2) - 1) as f32;
    let words = steps.split(space).filter(|word| !word.is_empty()).map(|word| ReadWord {
        text: word.iter().map(|step| characters[step.character].as_str()).collect(),
        certainty: mean(word),
        span: [(word[0].at - half).clamp(0.0, 1.0), (word[word.len() - 1].at + half).clamp(0.0, 1.0)],
    });
    ReadText { text: text.trim().to_owned(), certainty: mean(&steps), words: words.collect() }
}

/// The surest character of a step. Certainties that do not add up to 1 are logits.
fn surest(row: &[f32]) -> (usize, f32) {
    let (best, value) = row
        .iter()
        .enumerate()
        .fold((0, f32::NEG_INFINITY), |best, (at, value)| if *value > best.1 { (at, *value) } else { best });
    let certain = row.iter().all(|value| *value >= 0.0) && (row.iter().sum::<f32>() - 1.0).abs() < 0.01;
    let certainty = if certain { value } else { 1.0 / row.iter().map(|other| (other - value).exp()).sum::<f32>() };
    (best, if certainty.is_finite() { certainty } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn characters() -> Vec<String> {
        ["", "a", "b", " "].map(str::to_owned).to_vec()
    }

    fn rows(steps: &[(usize, f32)]) -> Vec<f32> {
        let row = |(character, certainty): &(usize, f32)| {
            let mut row = [(1.0 - certainty) / 3.0; 4];
            row[*character] = *certainty;
            row
        };
        steps.iter().flat_map(row).collect()
    }

    #[test]
    fn what_lasts_is_one_character_and_what_is_parted_by_nothing_is_two() {
        let read = decode(&rows(&[(1, 0.9), (1, 0.8), (0, 0.9), (1, 0.7), (2, 0.6), (0, 0.9)]), &characters(), 1.0);
        assert_eq!(read.text, "aab");
        assert!((read.certainty - (0.9 + 0.7 + 0.6) / 3.0).abs() < 1e-5);
    }

    #[test]
    fn words_have_their_own_certainty_and_place() {
        let steps = [(1, 0.9), (0, 0.9), (3, 0.8), (0, 0.9), (2, 0.6), (0, 0.9), (2, 0.4), (0, 0.9)];
        let read = decode(&rows(&steps), &characters(), 1.0);
        let words: Vec<&str> = read.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!((read.text.as_str(), words), ("a bb", vec!["a", "bb"]));
        assert!((read.words[1].certainty - 0.5).abs() < 1e-5);
        let [start, end] = read.words[1].span;
        assert!(read.words[0].span[1] < start && start < 0.5625 && end > 0.8125, "{start} {end}");
        // Half of the input is filled up: the line ends at its middle.
        assert!(decode(&rows(&steps), &characters(), 2.0).words[1].span[1] == 1.0);
    }

    #[test]
    fn logits_become_certainties_and_nothing_is_nothing() {
        let (best, certainty) = surest(&[0.0, 2.0, 0.0]);
        assert!(best == 1 && (certainty - 0.7870).abs() < 1e-3, "{certainty}");
        assert_eq!(surest(&[f32::NAN, f32::NAN]).1, 0.0);
        let nothing = decode(&rows(&[(0, 0.9), (0, 0.9)]), &characters(), 1.0);
        assert_eq!((nothing.text.as_str(), nothing.certainty, nothing.words.len()), ("", 0.0, 0));
    }

    #[test]
    fn a_narrow_strip_is_filled_with_grey() {
        let strip = RgbImage::from_pixel(1, 2, image::Rgb([255, 0, 51]));
        let filled = planes(&strip, 2);
        assert_eq!(filled[..4], [51.0 / 127.5 - 1.0, 0.0, 51.0 / 127.5 - 1.0, 0.0]);
        assert_eq!((filled[4], filled[8]), (-1.0, 1.0));
    }
}

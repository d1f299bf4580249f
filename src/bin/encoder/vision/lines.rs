//! DB (Liao et al., 2020): lines of text, from a map of how certainly each pixel is text.
//!
//! The picture is taken as it is if its longer edge has at most [`LONGEST`] pixels, else reduced to that; black is added at
//! the right and below up to a multiple of 32. Regions of the map above [`TEXT`] become rectangles ([`super::regions`]),
//! whose certainty is the mean of the map within them. The network is taught regions that are shrunk: each rectangle grows
//! by area · [`GROWTH`] / circumference on all sides.

use anyhow::{Context as _, ensure};
use image::RgbImage;

use super::graph::Graph;
use super::pixels;
use super::regions::{Rectangle, regions, smallest_rectangle};

/// Pixels of the longer edge of what is looked at.
const LONGEST: u32 = 1280;
/// Text, pixel for pixel.
const TEXT: f32 = 0.3;
/// Lines below this certainty are none.
const LEAST_SCORE: f64 = 0.5;
/// How much a region grows (1.5 in PaddleOCR, 2 in OpenCV).
const GROWTH: f64 = 1.6;
/// Height of a region before it grows, in pixels of what is looked at: what is lower is no text that could be read.
const LEAST_HEIGHT: f64 = 2.0;
/// Lines of one picture; a page of a newspaper has fewer.
const MOST_LINES: usize = 400;
/// What is taken from blue, green and red …
const MEANS: [f32; 3] = [122.68, 116.67, 104.01];
/// … before all are divided.
const RANGE: f32 = 255.0;

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Top left, top right, bottom right and bottom left as text in it stands that is not turned by more than 45°; in
    /// pixels of the picture.
    pub corners: [[f64; 2]; 4],
    /// Certainty, 0–1.
    pub score: f32,
}

/// Finds lines of text.
pub struct Lines {
    graph: Graph,
    output: String,
}

impl Lines {
    /// Of a graph with one output.
    pub fn new(graph: Graph) -> anyhow::Result<Self> {
        let (output, _) = graph.outputs().into_iter().next().context("it gives nothing")?;
        Ok(Self { graph, output })
    }

    /// The lines of a picture, the surest first.
    pub fn find(&mut self, picture: &RgbImage) -> anyhow::Result<Vec<Line>> {
        let (width, height) = picture.dimensions();
        let factor = (f64::from(LONGEST) / f64::from(width.max(height))).min(1.0);
        let canvas = |length: u32| ((f64::from(length) * factor).round() as u32).max(1).next_multiple_of(32);
        let canvas = (canvas(width), canvas(height));
        let (boxed, factors) = pixels::letterbox(picture, canvas, factor, 0)?;
        let (columns, rows) = (canvas.0 as usize, canvas.1 as usize);
        let map = self.graph.run_planes(planes(&boxed), columns, rows)?.numbers(&self.output)?;
        ensure!(map.len() == columns * rows, "the map has {} numbers for {columns} × {rows} pixels", map.len());
        // From the middles of pixels to their edges.
        let scaled = |corners: [[f64; 2]; 4]| corners.map(|[x, y]| [(x + 0.5) / factors[0], (y + 0.5) / factors[1]]);
        let found = lines(&map, columns).into_iter();
        Ok(found.map(|(rectangle, score)| Line { corners: scaled(rectangle.corners()), score }).collect())
    }
}

/// Colour planes, blue first.
fn planes(picture: &RgbImage) -> Vec<f32> {
    let pixels = picture.as_raw().as_chunks::<3>().0;
    let plane = |colour: usize, mean: f32| pixels.iter().map(move |pixel| (f32::from(pixel[colour]) - mean) / RANGE);
    plane(2, MEANS[0]).chain(plane(1, MEANS[1])).chain(plane(0, MEANS[2])).collect()
}

/// The lines of a map, grown, the surest first.
fn lines(map: &[f32], width: usize) -> Vec<(Rectangle, f32)> {
    let inside: Vec<bool> = map.iter().map(|certainty| *certainty > TEXT).collect();
    let mut lines: Vec<(Rectangle, f32)> = Vec::new();
    for region in regions(&inside, width) {
        let Some(found) = smallest_rectangle(&region) else { continue };
        let (w, h) = (2.0 * found.half_width, 2.0 * found.half_height);
        if w.min(h) < LEAST_HEIGHT {
            continue;
        }
        let score = mean_within(map, width, &found);
        if score >= LEAST_SCORE {
            lines.push((found.grown(w * h * GROWTH / (2.0 * (w + h))), score as f32));
        }
    }
    lines.sort_by(|a, b| b.1.total_cmp(&a.1));
    lines.truncate(MOST_LINES);
    lines
}

/// Mean of the map's pixels whose centres lie in the rectangle.
fn mean_within(map: &[f32], width: usize, rectangle: &Rectangle) -> f64 {
    let corners = rectangle.corners();
    let range = |axis: usize, length: usize| {
        let values = corners.iter().map(|corner| corner[axis]);
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        (low.floor().max(0.0) as usize)..(high.ceil().max(0.0) as usize + 1).min(length)
    };
    let (mut sum, mut count) = (0.0, 0_u32);
    for y in range(1, map.len() / width) {
        for x in range(0, width) {
            if rectangle.holds([x as f64, y as f64]) {
                sum += f64::from(map[y * width + x]);
                count += 1;
            }
        }
    }
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map of 60 × 20 with certainty `inside` in a box, 0 elsewhere.
    fn map(inside: f32, [left, top, right, bottom]: [usize; 4]) -> Vec<f32> {
        let at = |pixel: usize| (left..right).contains(&(pixel % 60)) && (top..bottom).contains(&(pixel / 60));
        (0..60 * 20).map(|pixel| if at(pixel) { inside } else { 0.0 }).collect()
    }

    #[test]
    fn a_region_grows_by_its_area_over_its_circumference() {
        let found = lines(&map(0.8, [10, 5, 51, 12]), 60);
        let (rectangle, score) = found[0];
        assert!((score - 0.8).abs() < 1e-6);
        // 40 × 6 between the centres of its pixels: 240 · 1.6 / 92.
        let by = 240.0 * 1.6 / 92.0;
        assert_eq!(found.len(), 1);
        assert!((rectangle.half_width - 20.0 - by).abs() < 1e-9 && (rectangle.half_height - 3.0 - by).abs() < 1e-9);
    }

    #[test]
    fn what_is_uncertain_or_a_hair_is_no_line() {
        assert!(lines(&map(0.4, [10, 5, 51, 12]), 60).is_empty());
        assert!(lines(&map(0.9, [10, 5, 51, 7]), 60).is_empty());
    }

    #[test]
    fn blue_comes_first() {
        let picture = RgbImage::from_pixel(1, 1, image::Rgb([104, 117, 255]));
        let found = planes(&picture);
        let expected = [(255.0 - 122.68) / 255.0, (117.0 - 116.67) / 255.0, (104.0 - 104.01) / 255.0];
        assert!(found.iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-6), "{found:?}");
    }
}

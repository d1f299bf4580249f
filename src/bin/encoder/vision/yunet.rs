//! YuNet (Wu et al., 2023): faces with five points.
//!
//! The picture is taken as it is if its longer edge has at most [`LONGEST`] pixels, else reduced to that, and black is
//! added at the right and below up to a multiple of 32; a graph of one fixed size has all of it brought to that size. At
//! stride s and cell (column, row) of the grid: score = √(cls · obj); centre = (cell + (b₀, b₁)) · s; size = exp(b₂, b₃) · s;
//! point = (cell + k) · s. A picture in which nothing is found is looked at once more at [`CLOSE`] pixels: a face that
//! fills it is larger than those that the network was made for.

use image::RgbImage;

use super::boxes::{Found, surest};
use super::graph::{Graph, Outputs};
use super::pixels::{self, Order, Scale};

/// Pixels of the longer edge of what is looked at.
const LONGEST: u32 = 1024;
/// The same for the second look.
const CLOSE: u32 = 320;
const STRIDES: [u32; 3] = [8, 16, 32];
/// Faces below this certainty are none.
const LEAST_SCORE: f32 = 0.6;
const MOST_OVERLAP: f32 = 0.3;
const MOST_FACES: usize = 500;

/// The faces in a picture, the surest first; boxes and points in its pixels.
pub fn detect(graph: &mut Graph, picture: &RgbImage) -> anyhow::Result<Vec<Found>> {
    if let Some(size) = graph.size() {
        return look(graph, picture, size, f64::INFINITY);
    }
    let found = look_at(graph, picture, LONGEST)?;
    let (width, height) = picture.dimensions();
    if found.is_empty() && width.max(height) > CLOSE { look_at(graph, picture, CLOSE) } else { Ok(found) }
}

fn look_at(graph: &mut Graph, picture: &RgbImage, longest: u32) -> anyhow::Result<Vec<Found>> {
    let (width, height) = picture.dimensions();
    let factor = (f64::from(longest) / f64::from(width.max(height))).min(1.0);
    let canvas = |length: u32| ((f64::from(length) * factor).round() as u32).max(1).next_multiple_of(32);
    look(graph, picture, (canvas(width), canvas(height)), factor)
}

fn look(graph: &mut Graph, picture: &RgbImage, canvas: (u32, u32), most: f64) -> anyhow::Result<Vec<Found>> {
    let (boxed, factors) = pixels::letterbox(picture, canvas, most, 0)?;
    let outputs = graph.run(&boxed, Order::Bgr, Scale::NONE)?;
    let mut found = Vec::new();
    for stride in STRIDES {
        decode(&outputs, stride, canvas.0 / stride, &mut found)?;
    }
    for one in &mut found {
        let scale = |value: &mut f32, axis: usize| *value = (f64::from(*value) / factors[axis]) as f32;
        one.area.iter_mut().enumerate().for_each(|(at, value)| scale(value, at % 2));
        one.points.iter_mut().flat_map(|point| point.iter_mut().enumerate()).for_each(|(at, value)| scale(value, at));
    }
    Ok(surest(found, MOST_OVERLAP, MOST_FACES))
}

/// The faces of one stride, in pixels of the canvas.
fn decode(outputs: &Outputs<'_>, stride: u32, columns: u32, found: &mut Vec<Found>) -> anyhow::Result<()> {
    let numbers = |name: &str| outputs.numbers(&format!("{name}_{stride}"));
    let (class, object, boxes, points) = (numbers("cls")?, numbers("obj")?, numbers("bbox")?, numbers("kps")?);
    let cells = class.iter().zip(&object).zip(boxes.as_chunks::<4>().0).zip(points.as_chunks::<10>().0);
    let size = stride as f32;
    for (at, (((class, object), area), points)) in cells.enumerate() {
        let score = (class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
        if score < LEAST_SCORE {
            continue;
        }
        let (column, row) = ((at as u32 % columns) as f32, (at as u32 / columns) as f32);
        let (x, y) = ((column + area[0]) * size, (row + area[1]) * size);
        let (width, height) = (area[2].exp() * size, area[3].exp() * size);
        let points = points.as_chunks::<2>().0.iter().map(|[x, y]| [(column + x) * size, (row + y) * size]);
        let area = [x - width / 2.0, y - height / 2.0, width, height];
        found.push(Found { area, score, class: 0, points: points.collect() });
    }
    Ok(())
}

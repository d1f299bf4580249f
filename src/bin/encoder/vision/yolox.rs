//! YOLOX (Ge et al., 2021): things and animals of the 80 classes of COCO.
//!
//! The picture lies at the top left of a square of grey 114. At stride s and cell of the grid, cells in rows, strides of
//! 8, 16 and 32 one after the other: centre = (cell + (o₀, o₁)) · s; size = exp(o₂, o₃) · s; certainty = o₄ · the highest of
//! the classes.

use anyhow::{Context as _, ensure};
use image::RgbImage;
use recollect::engine::protocol::vision::Object;

use super::boxes::{Found, surest, within};
use super::graph::Graph;
use super::pixels::{self, Order, Scale};

const GREY: u8 = 114;
/// Below this certainty it is noise. What is believed is for others to say, class by class.
const LEAST_SCORE: f32 = 0.1;
const MOST_OVERLAP: f32 = 0.45;
const MOST_OBJECTS: usize = 100;

/// Classes of COCO (Lin et al., 2014) in the order of the outputs.
pub const COCO: [&str; 80] = [
    "person",
    "bicycle",
    "car",
    "motorcycle",
    "airplane",
    "bus",
    "train",
    "truck",
    "boat",
    "traffic light",
    "fire hydrant",
    "stop sign",
    "parking meter",
    "bench",
    "bird",
    "cat",
    "dog",
    "horse",
    "sheep",
    "cow",
    "elephant",
    "bear",
    "zebra",
    "giraffe",
    "backpack",
    "umbrella",
    "handbag",
    "tie",
    "suitcase",
    "frisbee",
    "skis",
    "snowboard",
    "sports ball",
    "kite",
    "baseball bat",
    "baseball glove",
    "skateboard",
    "surfboard",
    "tennis racket",
    "bottle",
    "wine glass",
    "cup",
    "fork",
    "knife",
    "spoon",
    "bowl",
    "banana",
    "apple",
    "sandwich",
    "orange",
    "broccoli",
    "carrot",
    "hot dog",
    "pizza",
    "donut",
    "cake",
    "chair",
    "couch",
    "potted plant",
    "bed",
    "dining table",
    "toilet",
    "tv",
    "laptop",
    "mouse",
    "remote",
    "keyboard",
    "cell phone",
    "microwave",
    "oven",
    "toaster",
    "sink",
    "refrigerator",
    "book",
    "clock",
    "vase",
    "scissors",
    "teddy bear",
    "hair drier",
    "toothbrush",
];

/// Finds things.
pub struct Yolox {
    graph: Graph,
    output: String,
    side: u32,
    labels: Vec<String>,
}

impl Yolox {
    /// Of a graph; `labels` are its classes, those of COCO if there is no file beside it.
    pub fn new(graph: Graph, labels: impl FnOnce(usize) -> Option<Vec<String>>) -> anyhow::Result<Self> {
        let (output, shape) = graph.outputs().into_iter().next().context("it gives nothing")?;
        let classes = shape.last().copied().flatten().context("its classes are not fixed")?.saturating_sub(5);
        let coco = || (classes == COCO.len()).then(|| COCO.map(str::to_owned).to_vec());
        let labels = labels(classes).or_else(coco);
        let labels =
            labels.with_context(|| format!("it has {classes} classes and no labels.txt with so many lines"))?;
        let (side, _) = graph.size().context("its input has no fixed size")?;
        Ok(Self { graph, output, side, labels })
    }

    /// The things in a picture, the surest first.
    pub fn see(&mut self, picture: &RgbImage) -> anyhow::Result<Vec<Object>> {
        let (boxed, factors) = pixels::letterbox(picture, (self.side, self.side), f64::INFINITY, GREY)?;
        let numbers = self.graph.run(&boxed, Order::Bgr, Scale::NONE)?.numbers(&self.output)?;
        let found = decode(&numbers, self.side, self.labels.len() + 5)?;
        let (width, height) = picture.dimensions();
        let objects = surest(found, MOST_OVERLAP, MOST_OBJECTS).into_iter().filter_map(|found| {
            let scaled = |at: usize| (f64::from(found.area[at]) / factors[at % 2]) as f32;
            let area = within(&[scaled(0), scaled(1), scaled(2), scaled(3)], width, height)?;
            Some(Object { label: self.labels[found.class].clone(), score: found.score, area })
        });
        Ok(objects.collect())
    }
}

/// Boxes in pixels of the square.
fn decode(numbers: &[f32], side: u32, row: usize) -> anyhow::Result<Vec<Found>> {
    let cells = [8_u32, 16, 32].into_iter().flat_map(|stride| {
        let grid = side / stride;
        (0..grid * grid).map(move |at| (stride as f32, (at % grid) as f32, (at / grid) as f32))
    });
    let mut found = Vec::new();
    let mut rows = numbers.chunks_exact(row);
    for (stride, column, line) in cells {
        let values = rows.next().context("the output has too few rows")?;
        let best = values[5..].iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let Some((class, certainty)) = best else { continue };
        let score = values[4] * certainty;
        if score < LEAST_SCORE {
            continue;
        }
        let (x, y) = ((values[0] + column) * stride, (values[1] + line) * stride);
        let (width, height) = (values[2].exp() * stride, values[3].exp() * stride);
        let area = [x - width / 2.0, y - height / 2.0, width, height];
        found.push(Found { area, score: score.min(1.0), class, points: Vec::new() });
    }
    ensure!(rows.next().is_none(), "the output has too many rows");
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_decoded_by_its_stride_and_place() {
        // A square of 32: 16 cells of stride 8, 4 of 16, 1 of 32; two classes.
        let mut numbers = vec![0.0; 21 * 7];
        numbers[17 * 7..18 * 7].copy_from_slice(&[0.5, 0.5, 0.0, 0.0, 0.8, 0.1, 0.5]);
        let found = decode(&numbers, 32, 7).unwrap();
        // The second cell of stride 16: column 1, line 0.
        assert_eq!((found.len(), found[0].class, found[0].area), (1, 1, [16.0, 0.0, 16.0, 16.0]));
        assert!((found[0].score - 0.4).abs() < 1e-6);
        assert!(decode(&numbers[7..], 32, 7).is_err());
    }
}

//! Faces: found, aligned, and each made a vector.

use anyhow::{Context as _, ensure};
use image::RgbImage;
use recollect::engine::protocol::vision::Face;

use super::alignment::{Aligned, SIDE, align, yaw};
use super::boxes::within;
use super::graph::Graph;
use super::pixels::Scale;
use super::{whole, yunet};

/// Encoders of faces were trained on values of −1 to 1 …
const USUAL: Scale = Scale { mean: 127.5, factor: 1.0 / 128.0 };
/// … but SFace (Zhong et al., 2021) scales by itself.
const OWN_SCALE: &str = "sface";

/// Finds faces and makes them vectors.
pub struct Faces {
    detector: Graph,
    encoder: Graph,
    output: String,
    scale: Scale,
}

impl Faces {
    /// Of a detector and an encoder; `name` is the encoder's.
    pub fn new(detector: Graph, encoder: Graph, name: &str) -> anyhow::Result<Self> {
        let outputs = encoder.outputs();
        let (output, _) = outputs.into_iter().next().context("the encoder of faces gives nothing")?;
        let scale = if name.to_ascii_lowercase().contains(OWN_SCALE) { Scale::NONE } else { USUAL };
        Ok(Self { detector, encoder, output, scale })
    }

    /// The faces of a picture, the surest first.
    pub fn see(&mut self, picture: &RgbImage) -> anyhow::Result<Vec<Face>> {
        let (width, height) = picture.dimensions();
        let mut faces = Vec::new();
        for found in yunet::detect(&mut self.detector, picture)? {
            let Some(area) = within(&found.area, width, height) else { continue };
            let points: [[f32; 2]; 5] = found.points.try_into().ok().context("a face does not have five points")?;
            let Some(aligned) = align(picture, &points) else { continue };
            faces.push(Face {
                area,
                score: found.score,
                landmarks: points.map(|[x, y]| [x / width as f32, y / height as f32]),
                embedding: self.embed(&aligned)?,
                sharpness: aligned.sharpness(),
                yaw: yaw(&points),
                pixels: found.area[2].min(found.area[3]),
            });
        }
        Ok(faces)
    }

    fn embed(&mut self, face: &Aligned) -> anyhow::Result<Vec<f32>> {
        let plane = (SIDE * SIDE) as usize;
        let mut planes = vec![0.0; plane * 3];
        for (at, colours) in face.0.as_chunks::<3>().0.iter().enumerate() {
            for (colour, value) in colours.iter().enumerate() {
                planes[colour * plane + at] = (value - self.scale.mean) * self.scale.factor;
            }
        }
        let vector = self.encoder.run_planes(planes, SIDE as usize, SIDE as usize)?.numbers(&self.output)?;
        let vector = whole::unit(vector);
        ensure!(!vector.is_empty(), "the encoder of faces gave no vector");
        Ok(vector)
    }
}

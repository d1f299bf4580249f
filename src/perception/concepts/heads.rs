//! Published heads: probes that somebody else trained, for the vectors of one encoder.
//!
//! Both are LAION's, for OpenAI's CLIP ViT-B/32 (512 components, vectors of length 1), as safetensors. They mean nothing
//! for vectors of another encoder and are never used with them.
//!
//! - `weight` (1 × 512), `bias` (1): the aesthetic predictor (github.com/LAION-AI/aesthetic-predictor), a score from 0 to 10.
//! - `norm.mean`, `norm.variance` (512), `linear_1` … `linear_3`: the detector of what is not safe for work
//!   (github.com/LAION-AI/CLIP-based-NSFW-Detector). Its training replaced a few columns by the ranks of their values, which
//!   new pictures do not have; a column whose mean lies beyond 1 is one of those, because a component of a vector of length
//!   1 cannot, and counts as 0, as a value that was never seen does there.

use std::path::Path;

use safetensors::{Dtype, SafeTensors};

use super::probe::certainty;
use crate::perception::faces::gallery::dot;

/// No head is larger.
const MOST_BYTES: u64 = 16 << 20;
/// The score from which a picture counts as good, and how quickly certainty rises around it, per point.
const GOOD: f32 = 6.0;
const RISE: f32 = 2.0;

/// What a head tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// How good a picture is.
    Quality,
    /// Whether it shows nudity.
    Nudity,
}

/// A head.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    tells: Tells,
    layers: Vec<Layer>,
    /// Mean of a column, and one over its deviation; none for columns of ranks.
    normal: Option<Vec<(f32, f32, bool)>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Layer {
    /// A row an output.
    rows: Vec<Vec<f32>>,
    bias: Vec<f32>,
}

/// Why a file is no head.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// It cannot be read.
    #[error("the head {path} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}

/// Values and shape of a tensor of 32-bit floats.
fn tensor(tensors: &SafeTensors<'_>, name: &str) -> Option<(Vec<f32>, Vec<usize>)> {
    let view = tensors.tensor(name).ok()?;
    let values: Vec<f32> = view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let sound = view.dtype() == Dtype::F32 && values.iter().all(|value| value.is_finite());
    sound.then(|| (values, view.shape().to_vec()))
}

fn layer(tensors: &SafeTensors<'_>, weight: &str, bias: &str) -> Option<Layer> {
    let (weights, shape) = tensor(tensors, weight)?;
    let (bias, _) = tensor(tensors, bias)?;
    let [outputs, inputs] = shape[..] else { return None };
    let rows = || weights.chunks(inputs).map(<[f32]>::to_vec).collect();
    (bias.len() == outputs && inputs > 0).then(|| Layer { rows: rows(), bias })
}

impl Head {
    /// Reads the file of a head.
    ///
    /// # Errors
    /// When it cannot be read or is none.
    pub fn read(path: &Path) -> Result<Self, HeadError> {
        let failed = |reason: String| HeadError::Unreadable { path: path.display().to_string(), reason };
        let size = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
        if size > MOST_BYTES {
            return Err(failed(format!("{size} bytes are too many")));
        }
        let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        Self::parse(&bytes).ok_or_else(|| failed("it holds no layers of a head".to_owned()))
    }

    /// Reads the bytes of a safetensors file; `None` when they are no head.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let tensors = SafeTensors::deserialize(bytes).ok()?;
        let head = match layer(&tensors, "weight", "bias") {
            Some(layer) => Self { tells: Tells::Quality, layers: vec![layer], normal: None },
            None => {
                let (mean, variance) = (tensor(&tensors, "norm.mean")?.0, tensor(&tensors, "norm.variance")?.0);
                let columns = mean.iter().zip(&variance);
                let normal = columns
                    .map(|(mean, variance)| (*mean, variance.sqrt().max(1e-7).recip(), mean.abs() <= 1.0))
                    .collect();
                let layer = |at: usize| layer(&tensors, &format!("linear_{at}.weight"), &format!("linear_{at}.bias"));
                Self { tells: Tells::Nudity, layers: (1..=3).map(layer).collect::<Option<_>>()?, normal: Some(normal) }
            }
        };
        head.fits().then_some(head)
    }

    /// What it tells.
    pub fn tells(&self) -> Tells {
        self.tells
    }

    /// Length of the vectors that it takes.
    pub fn dimensions(&self) -> usize {
        self.layers.first().and_then(|layer| layer.rows.first()).map_or(0, Vec::len)
    }

    /// Whether each layer takes what the one before gives, and the last gives one number.
    fn fits(&self) -> bool {
        let takes = |layer: &Layer| layer.rows.first().map_or(0, Vec::len);
        let joined = self.layers.windows(2).all(|pair| pair[0].rows.len() == takes(&pair[1]));
        let normal = self.normal.as_ref().is_none_or(|columns| columns.len() == self.dimensions());
        joined && normal && self.layers.last().is_some_and(|last| last.rows.len() == 1)
    }

    /// The number that the head gives a vector of length 1: a score of 0 to 10, or before the logistic function; `None`
    /// for a vector of another length.
    pub fn score(&self, vector: &[f32]) -> Option<f32> {
        if vector.len() != self.dimensions() {
            return None;
        }
        let mut values = match &self.normal {
            None => vector.to_vec(),
            Some(columns) => {
                let known = vector.iter().zip(columns);
                known.map(|(value, (mean, scale, seen))| (if *seen { *value } else { 0.0 } - mean) * scale).collect()
            }
        };
        for (at, layer) in self.layers.iter().enumerate() {
            values = layer.rows.iter().zip(&layer.bias).map(|(row, bias)| dot(row, &values) + bias).collect();
            if at + 1 < self.layers.len() {
                values.iter_mut().for_each(|value| *value = value.max(0.0));
            }
        }
        values.first().copied()
    }

    /// How certain it is that a picture belongs, 0–1.
    pub fn certainty(&self, vector: &[f32]) -> Option<f32> {
        let score = self.score(vector)?;
        Some(certainty(match self.tells {
            Tells::Quality => (score - GOOD) * RISE,
            Tells::Nudity => score,
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What NumPy gives, in 64 bits, for vectors that can be made anywhere: component i of vector k is
    /// sin(1 + i (k + 1) 0.37), scaled to length 1.
    const QUALITY: [f64; 3] = [4.150073, 2.847225, 3.672868];
    const NUDITY: [f64; 3] = [-3.762036, -4.725334, -9.558428];

    fn vector(k: usize) -> Vec<f32> {
        let values: Vec<f64> = (0..512).map(|i| (1.0 + i as f64 * (k + 1) as f64 * 0.37).sin()).collect();
        let length = values.iter().map(|value| value * value).sum::<f64>().sqrt();
        values.iter().map(|value| (value / length) as f32).collect()
    }

    #[test]
    fn published_heads_give_what_numpy_gives() {
        let Some(shared) = crate::fixtures::shared("models") else { return };
        for (file, tells, expected) in [
            ("aesthetic_clip_vit_b_32_linear.safetensors", Tells::Quality, QUALITY),
            ("nsfw_clip_vit_b_32_head.safetensors", Tells::Nudity, NUDITY),
        ] {
            let head = Head::read(&shared.join(file)).unwrap();
            assert_eq!((head.tells(), head.dimensions()), (tells, 512));
            for (k, expected) in expected.into_iter().enumerate() {
                let score = f64::from(head.score(&vector(k)).unwrap());
                assert!((score - expected).abs() < 1e-4, "{file} {k}: {score}, not {expected}");
            }
            assert_eq!(head.certainty(&[1.0; 1024]), None, "vectors of another encoder");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200), length in 0u64..300) {
            Head::parse(&bytes);
            let mut framed = length.to_le_bytes().to_vec();
            framed.extend(br#"{"weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#);
            framed.extend(&bytes);
            Head::parse(&framed);
        }
    }
}

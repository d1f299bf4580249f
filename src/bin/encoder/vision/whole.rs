//! What a picture as a whole shows: labels, safety and the vector of the picture.
//!
//! Labels and the vector are of the largest square in the middle, as such models are trained; safety is of the whole
//! picture, brought to a square, so that nothing at the edges is overlooked.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use image::RgbImage;
use recollect::engine::protocol::vision::Label;

use super::graph::Graph;
use super::pixels::{self, Order, Scale};

/// Labels below this certainty are left out …
const LEAST_SCORE: f32 = 0.01;
/// … and so are all after so many.
const MOST_LABELS: usize = 20;
/// The class that a picture has which shows none of the others.
const NOTHING: &str = "background";

/// A model that sees the picture as a whole.
pub struct Whole {
    graph: Graph,
    output: String,
    side: u32,
}

impl Whole {
    /// Of a graph with one output.
    pub fn new(graph: Graph) -> anyhow::Result<Self> {
        let (output, _) = graph.outputs().into_iter().next().context("it gives nothing")?;
        let (side, _) = graph.size().context("its input has no fixed size")?;
        Ok(Self { graph, output, side })
    }

    fn run(&mut self, input: &RgbImage) -> anyhow::Result<Vec<f32>> {
        let numbers = self.graph.run(input, Order::Rgb, Scale::UNIT)?.numbers(&self.output)?;
        ensure!(numbers.iter().all(|number| number.is_finite()), "the output holds numbers that are not finite");
        Ok(numbers)
    }

    /// A vector of length 1.
    pub fn embed(&mut self, picture: &RgbImage) -> anyhow::Result<Vec<f32>> {
        self.run(&pixels::centre(picture, self.side)?).map(unit)
    }

    /// The labels with more than next to no certainty, the surest first.
    pub fn labels(&mut self, picture: &RgbImage, names: &[String]) -> anyhow::Result<Vec<Label>> {
        let scores = self.run(&pixels::centre(picture, self.side)?)?;
        let mut labels: Vec<Label> = names
            .iter()
            .zip(certainties(scores, names.len())?)
            .filter(|(name, score)| *score >= LEAST_SCORE && *name != NOTHING)
            .map(|(name, score)| Label { label: name.clone(), score })
            .collect();
        labels.sort_by(|a, b| b.score.total_cmp(&a.score));
        labels.truncate(MOST_LABELS);
        Ok(labels)
    }

    /// The certainty of each class of safety.
    pub fn safety(&mut self, picture: &RgbImage, names: &[String]) -> anyhow::Result<BTreeMap<String, f32>> {
        let scores = self.run(&pixels::whole(picture, self.side, self.side)?)?;
        Ok(names.iter().cloned().zip(certainties(scores, names.len())?).collect())
    }
}

/// Scores that add up to 1: those of 8 bits divided by 255, others by their exponentials unless they add up already.
fn certainties(mut scores: Vec<f32>, names: usize) -> anyhow::Result<Vec<f32>> {
    ensure!(scores.len() == names, "the graph gave {} scores for {names} labels", scores.len());
    let sum: f32 = scores.iter().sum();
    if scores.iter().all(|score| *score >= 0.0 && score.fract() == 0.0) && sum > 2.0 {
        scores.iter_mut().for_each(|score| *score /= 255.0);
    } else if scores.iter().any(|score| *score < 0.0) || (sum - 1.0).abs() > 0.05 {
        let highest = scores.iter().copied().fold(f32::MIN, f32::max);
        scores.iter_mut().for_each(|score| *score = (*score - highest).exp());
        let sum: f32 = scores.iter().sum();
        scores.iter_mut().for_each(|score| *score /= sum);
    }
    Ok(scores)
}

/// Scales a vector to length 1; one of nothing but zeros stays.
pub fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_any_kind_become_certainties() {
        assert_eq!(certainties(vec![0.25, 0.75], 2).unwrap(), [0.25, 0.75]);
        assert_eq!(certainties(vec![0.0, 51.0, 204.0], 3).unwrap(), [0.0, 0.2, 0.8]);
        let soft = certainties(vec![0.0, -1.0], 2).unwrap();
        assert!((soft[0] - 0.731_059).abs() < 1e-5 && (soft.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(certainties(vec![1.0], 2).is_err());
    }

    #[test]
    fn vectors_get_length_one() {
        assert_eq!(unit(vec![3.0, 4.0]), [0.6, 0.8]);
        assert_eq!(unit(vec![0.0]), [0.0]);
    }
}

//! How similar texts are that have nothing to do with each other, measured on the library itself.
//!
//! A cosine means little by itself: some questions are a little like everything ("people outside"), others like nothing.
//! So a similarity is judged by how far it stands out from those of a sample of the library. The sample is small, spread
//! evenly over the table, and kept until the table has changed much.

use crate::search::config::MeaningConfig;

/// Most vectors in the sample; 1,000 of 384 dimensions take 1.5 MB.
const SAMPLE: usize = 1_000;

/// A sample of a table's vectors.
pub struct Background {
    rows: usize,
    sample: Vec<Vec<f32>>,
}

impl Background {
    /// A sample drawn when the table had so many rows; vectors of length 1.
    pub fn new(rows: usize, sample: Vec<Vec<f32>>) -> Self {
        Self { rows, sample }
    }

    /// The rows to draw from a table of that size.
    pub fn offsets(rows: usize) -> Vec<u64> {
        let count = rows.min(SAMPLE);
        (0..count).map(|at| (at * rows / count.max(1)) as u64).collect()
    }

    /// Whether the sample still stands for a table that has so many rows now.
    pub fn still_fits(&self, rows: usize) -> bool {
        self.rows.abs_diff(rows) * 10 <= self.rows
    }

    /// Mean cosine to `vector`.
    ///
    /// The fifth that is most similar is left out: it may be what is looked for. A small library is filled up with what
    /// is usual for the model (`config.usual`), as if it had been seen `config.usual_weight` times.
    pub fn against(&self, vector: &[f32], config: &MeaningConfig) -> f32 {
        mean(self.cosines(vector), config)
    }

    /// Cosine of each of the sample to `vector`.
    pub fn cosines(&self, vector: &[f32]) -> Vec<f32> {
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        let cosine = |other: &Vec<f32>| other.iter().zip(vector).map(|(a, b)| a * b).sum::<f32>() / length;
        self.sample.iter().map(cosine).collect()
    }
}

/// See [`Background::against`].
fn mean(mut similarities: Vec<f32>, config: &MeaningConfig) -> f32 {
    similarities.sort_by(f32::total_cmp);
    similarities.truncate(similarities.len() - similarities.len() / 5);
    let weight = similarities.len() as f32 + config.usual_weight;
    if weight <= 0.0 {
        return config.usual;
    }
    (similarities.iter().sum::<f32>() + config.usual_weight * config.usual) / weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_over_the_table() {
        assert_eq!(Background::offsets(0), Vec::<u64>::new());
        assert_eq!(Background::offsets(3), [0, 1, 2]);
        let offsets = Background::offsets(100_000);
        assert_eq!((offsets.len(), offsets[1], offsets[999]), (SAMPLE, 100, 99_900));
    }

    #[test]
    fn an_empty_library_has_the_usual_background() {
        let config = MeaningConfig::default();
        let empty = Background::new(0, Vec::new()).against(&[1.0, 0.0], &config);
        assert!((empty - config.usual).abs() < 1e-6);
    }

    #[test]
    fn what_is_looked_for_does_not_blur_the_background() {
        let config = MeaningConfig { usual_weight: 0.0, ..MeaningConfig::default() };
        let mut similarities = vec![0.05; 90];
        similarities.extend([0.9; 10]);
        assert!((mean(similarities, &config) - 0.05).abs() < 1e-6);
    }
}

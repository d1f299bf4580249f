//! How much the index of pictures' vectors misses, and how long it takes: measured against comparing with every vector.
//!
//! The vectors are made up as those of a family library are: all share a direction (any two photographs have a cosine of
//! about a half), they come in clusters of very different sizes (bursts, events), they vary in some dozens of directions,
//! some much more than others, and a little in all.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::pictures::PictureTable;
use super::vectors::VectorError;
use crate::library::ids::MediaId;
use crate::library::seen::PictureVectors;

/// Directions in which pictures differ.
const FACTORS: usize = 64;
/// Rows put in at once.
const BATCH: usize = 2_000;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recall {
    /// Share of the 10 nearest that are found.
    pub at_10: f32,
    /// Share of the 50 nearest that are found.
    pub at_50: f32,
    /// Time of a search for 50, half of them.
    pub median: Duration,
    /// The same, 95 of 100.
    pub p95: Duration,
    /// Time of comparing with every vector, half of them.
    pub exact: Duration,
}

/// Fills an empty table with `rows` vectors of `dimensions` numbers, indexes it, and looks for what is near to `questions` of
/// them.
///
/// # Errors
/// When the engine fails.
pub async fn measure(
    table: &PictureTable,
    rows: usize,
    dimensions: usize,
    questions: usize,
) -> Result<Recall, VectorError> {
    let vectors = clustered(rows, dimensions, 7);
    let ids: Vec<MediaId> = vectors.iter().map(|_| MediaId::new()).collect();
    for (ids, vectors) in ids.chunks(BATCH).zip(vectors.chunks(BATCH)) {
        let photo = |(id, vector): (&MediaId, &Vec<f32>)| PictureVectors::photo(*id, vector.clone());
        table.upsert(&ids.iter().zip(vectors).map(photo).collect::<Vec<_>>()).await?;
    }
    table.optimize().await?;
    let (mut found_10, mut found_50) = (0, 0);
    let (mut times, mut exact_times) = (Vec::new(), Vec::new());
    for question in (0..questions).map(|at| at * rows / questions.max(1)) {
        let vector = &vectors[question];
        let started = Instant::now();
        let near = table.nearest(vector, 50).await?;
        times.push(started.elapsed());
        let started = Instant::now();
        let exact = exact(&vectors, vector, 50);
        exact_times.push(started.elapsed());
        let exact: Vec<MediaId> = exact.into_iter().map(|at| ids[at]).collect();
        let among = |count: usize| {
            let wanted: HashSet<&MediaId> = exact.iter().take(count).collect();
            near.iter().take(count).filter(|near| wanted.contains(&near.id)).count()
        };
        found_10 += among(10);
        found_50 += among(50);
    }
    times.sort_unstable();
    exact_times.sort_unstable();
    let at = |times: &[Duration], share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let share = |found: usize, of: usize| found as f32 / (questions * of) as f32;
    Ok(Recall {
        at_10: share(found_10, 10),
        at_50: share(found_50, 50),
        median: at(&times, 0.5),
        p95: at(&times, 0.95),
        exact: at(&exact_times, 0.5),
    })
}

/// The nearest by comparing with every vector, all of length 1, the nearest first.
fn exact(vectors: &[Vec<f32>], to: &[f32], count: usize) -> Vec<usize> {
    let dot = |other: &Vec<f32>| other.iter().zip(to).map(|(a, b)| a * b).sum::<f32>();
    let mut all: Vec<(f32, usize)> = vectors.iter().enumerate().map(|(at, other)| (dot(other), at)).collect();
    let count = count.min(all.len());
    if count < all.len() {
        all.select_nth_unstable_by(count, |a, b| b.0.total_cmp(&a.0));
    }
    all.truncate(count);
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    all.into_iter().map(|(_, at)| at).collect()
}

/// Vectors of length 1 in clusters, shuffled; the same ones for the same seed.
pub fn clustered(count: usize, dimensions: usize, seed: u64) -> Vec<Vec<f32>> {
    let mut random = Random(seed);
    let shared = random.normals(dimensions);
    let factors: Vec<Vec<f32>> = (0..FACTORS)
        .map(|number| {
            let size = (1.0 + number as f32).powf(-0.5);
            random.normals(dimensions).into_iter().map(|value| value * size).collect()
        })
        .collect();
    let mut vectors = Vec::with_capacity(count);
    while vectors.len() < count {
        // Sizes by Pareto: most events have a dozen pictures, some have hundreds.
        let size = (6.0 * (1.0 - random.share()).powf(-0.8)) as usize;
        let centre = random.normals(FACTORS);
        let spread = 0.25 + 0.45 * random.share() as f32;
        for _ in 0..size.clamp(1, count - vectors.len()) {
            let own = random.normals(FACTORS);
            let mut vector: Vec<f32> = shared.iter().map(|value| 0.9 * value + 0.25 * random.normal()).collect();
            for ((factor, centre), own) in factors.iter().zip(&centre).zip(&own) {
                let weight = centre + spread * own;
                vector.iter_mut().zip(factor).for_each(|(value, factor)| *value += weight * factor);
            }
            let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
            vector.iter_mut().for_each(|value| *value /= length);
            vectors.push(vector);
        }
    }
    for at in (1..vectors.len()).rev() {
        vectors.swap(at, (random.number() % (at as u64 + 1)) as usize);
    }
    vectors
}

/// Numbers that look random (SplitMix64: Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0–1, without 1.
    fn share(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Normally distributed (Box and Muller, 1958).
    fn normal(&mut self) -> f32 {
        let (radius, angle) = ((-2.0 * (1.0 - self.share()).ln()).sqrt(), self.share() * std::f64::consts::TAU);
        (radius * angle.cos()) as f32
    }

    fn normals(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.normal()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_vectors_are_like_those_of_photographs() {
        let vectors = clustered(600, 256, 1);
        assert_eq!(vectors, clustered(600, 256, 1));
        let cosine = |a: usize, b: usize| vectors[a].iter().zip(&vectors[b]).map(|(a, b)| a * b).sum::<f32>();
        let mean = (0..300).map(|at| cosine(at, at + 300)).sum::<f32>() / 300.0;
        assert!((0.05..0.7).contains(&mean), "{mean}");
        let nearest = exact(&vectors, &vectors[5], 2);
        assert_eq!(nearest[0], 5);
        assert!(cosine(5, nearest[1]) > mean + 0.1);
    }
}

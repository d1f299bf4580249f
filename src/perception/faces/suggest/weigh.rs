//! How much each feature counts: logistic regression, learned from the faces that this library's people confirmed.
//!
//! With few confirmed faces the weights stay near those below, which say what is true of most families: the face counts
//! most, the rest tips the balance. The more is confirmed, the more the library's own habits count: in a family of
//! look-alikes the company and the day, in a library of strangers the face alone. (Maximum a posteriori with a Gaussian
//! prior around the usual weights, by Newton's method: Bishop, Pattern Recognition and Machine Learning, 4.3 and 4.5.)

use super::features::{FEATURES, Features, Reason};

/// Features and the constant.
const SIZE: usize = FEATURES + 1;

/// Weights of most families: the constant, then the features in their order.
const USUAL: [f64; SIZE] = [-7.0, 12.0, 4.0, 1.5, 1.0, 0.5, 2.0, 3.0];

/// How firmly the usual weights are held to: one over the variance of the prior.
const FIRMNESS: f64 = 2.0;

/// Newton steps; it has settled after five or six.
const STEPS: usize = 12;

/// A reason is told from this weight on.
const TELLING: f64 = 0.3;

/// What each feature counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights([f64; SIZE]);

impl Default for Weights {
    fn default() -> Self {
        Self(USUAL)
    }
}

fn row(features: &Features) -> [f64; SIZE] {
    let mut row = [1.0; SIZE];
    for (cell, feature) in row.iter_mut().skip(1).zip(features) {
        *cell = f64::from(*feature);
    }
    row
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn dot(a: &[f64; SIZE], b: &[f64; SIZE]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Weights {
    /// How likely it is, 0–1.
    pub fn probability(&self, features: &Features) -> f32 {
        sigmoid(dot(&self.0, &row(features))) as f32
    }

    /// What speaks for it, the weightiest first.
    pub fn reasons(&self, features: &Features) -> Vec<Reason> {
        let weights = self.0.iter().skip(1).zip(features);
        let mut told: Vec<(f64, Reason)> = weights
            .zip(Reason::ALL)
            .map(|((weight, feature), reason)| (weight * f64::from(*feature), reason))
            .filter(|(weight, _)| *weight >= TELLING)
            .collect();
        told.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        told.into_iter().map(|(_, reason)| reason).collect()
    }
}

/// Learns from features of which it is known whether they were of the right person.
pub fn learn(lessons: &[(Features, bool)]) -> Weights {
    let mut weights = USUAL;
    for _ in 0..STEPS {
        let mut gradient = [0.0; SIZE];
        let mut curvature = [[0.0; SIZE]; SIZE];
        for (at, (slope, line)) in gradient.iter_mut().zip(&mut curvature).enumerate() {
            let usual = USUAL.get(at).copied().unwrap_or_default();
            *slope = FIRMNESS * (weights.get(at).copied().unwrap_or_default() - usual);
            if let Some(cell) = line.get_mut(at) {
                *cell = FIRMNESS;
            }
        }
        for (features, right) in lessons {
            let row = row(features);
            let probability = sigmoid(dot(&weights, &row));
            let (error, weight) = (probability - f64::from(u8::from(*right)), probability * (1.0 - probability));
            for ((slope, line), x) in gradient.iter_mut().zip(&mut curvature).zip(row) {
                *slope += error * x;
                for (cell, y) in line.iter_mut().zip(row) {
                    *cell += weight * x * y;
                }
            }
        }
        let step = solve(curvature, gradient);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight -= step);
        if !weights.iter().all(|weight| weight.is_finite()) {
            return Weights::default();
        }
    }
    Weights(weights)
}

/// Solves a symmetric positive definite system by elimination; the prior keeps its pivots away from zero.
#[expect(clippy::indexing_slicing, reason = "square matrices of a constant size")]
fn solve(mut a: [[f64; SIZE]; SIZE], mut b: [f64; SIZE]) -> [f64; SIZE] {
    for pivot in 0..SIZE {
        for below in pivot + 1..SIZE {
            let factor = a[below][pivot] / a[pivot][pivot];
            for column in pivot..SIZE {
                a[below][column] -= factor * a[pivot][column];
            }
            b[below] -= factor * b[pivot];
        }
    }
    for pivot in (0..SIZE).rev() {
        for column in pivot + 1..SIZE {
            b[pivot] -= a[pivot][column] * b[column];
        }
        b[pivot] /= a[pivot][pivot];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_lessons_the_usual_weights_stand() {
        let near = [0.7, 0.4, 0.0, 0.0, 0.5, 0.0, 0.0];
        let far = [0.2, -0.1, 0.0, 0.0, 0.5, 0.0, 0.0];
        let weights = learn(&[]);
        assert_eq!(weights, Weights::default());
        assert!(weights.probability(&near) > 0.9 && weights.probability(&far) < 0.05);
        assert_eq!(weights.reasons(&near).first(), Some(&Reason::Likeness));
    }

    #[test]
    fn a_family_of_look_alikes_teaches_that_company_counts() {
        // The face says the same of both, the company tells them apart.
        let lessons: Vec<(Features, bool)> = (0..60)
            .map(|at| {
                let right = at % 2 == 0;
                let company = if right { 0.6 } else { 0.05 };
                ([0.55, 0.0, company, 1.0, 0.8, 0.0, 0.0], right)
            })
            .collect();
        let (before, after) = (Weights::default(), learn(&lessons));
        let with = |company| [0.55, 0.0, company, 1.0, 0.8, 0.0, 0.0];
        let gap = |weights: &Weights| weights.probability(&with(0.6)) - weights.probability(&with(0.05));
        assert!(gap(&after) > gap(&before) + 0.2, "{} {}", gap(&after), gap(&before));
        assert!(after.reasons(&with(0.6)).contains(&Reason::Company));
    }

    #[test]
    fn nonsense_teaches_nothing_dangerous() {
        let lessons = [([f32::NAN; FEATURES], true), ([0.0; FEATURES], false)];
        assert_eq!(learn(&lessons), Weights::default());
    }
}

//! From examples to a probe: logistic regression with a quadratic penalty, by Newton's method.
//!
//! A vector has a thousand components and there are a few hundred examples, so everything is computed between examples
//! (their products with each other) and the plane is put together at the end: Rasmussen and Williams, Gaussian Processes
//! for Machine Learning, algorithm 3.1, with the linear kernel. Both sides weigh the same however many examples each has.
//!
//! Pictures that nobody spoke of stand in as what is not meant, together as heavy as the counter-examples, because most
//! of a library is not the user's cabin; one that is does little harm, being one of many.
//!
//! **Leaving one out.** How an example would be judged without itself follows from the fit by one Newton step
//! (Rad and Maleki, A scalable estimate of the out-of-sample prediction error, 2020). From that come the threshold,
//! the steepness of the certainty (Platt, with his smoothed targets) and what is said of the
//! quality; nothing is judged by what it was fitted to.
//!
//! **Settings.** Measured with a 1,024-dimensional encoder on individual pets, events and things from 3, 5 and 10
//! examples: [`PENALTY`] may be ten times smaller or larger without a difference that matters; with two hundred
//! others the ranking no longer changes.

use super::algebra::{Lower, Square};
use super::probe::Probe;
use crate::perception::faces::gallery::dot;

/// Half the penalty on the squared length of the weights; examples weigh 1 together.
pub const PENALTY: f64 = 0.03;
/// Newton steps; it has settled after five or six.
const STEPS: usize = 25;
/// With so many examples the best threshold counts as much as the cautious one …
const FEW: f64 = 4.0;
/// … which looks at this share of the rest, those that are judged highest.
const HIGHEST: f64 = 0.02;
/// Bounds of the steepness of certainties, per unit of the fit.
const STEEPNESS: (f64, f64) = (0.5, 12.0);

/// What a probe is trained from: vectors of one model, of length 1.
#[derive(Debug, Clone, Default)]
pub struct Examples<'a> {
    /// What belongs.
    pub belonging: Vec<&'a [f32]>,
    /// What does not, as the user said.
    pub others: Vec<&'a [f32]>,
    /// What nobody spoke of.
    pub unlabelled: Vec<&'a [f32]>,
}

/// How good a probe is, judged on examples that were left out.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Quality {
    /// Share of the examples that are recognised, 0–1.
    pub recognised: f32,
    /// Share of the counter-examples that are kept out, 0–1; none without any.
    pub kept_out: Option<f32>,
    /// Share of the pictures that nobody spoke of that are taken to belong, 0–1.
    pub among_others: Option<f32>,
}

impl Quality {
    /// How well the two sides are told apart: mean of the shares that are told rightly, of counter-examples, where there
    /// are any, else of what nobody spoke of.
    pub fn told(&self) -> f32 {
        let rest = self.kept_out.or(self.among_others.map(|taken| 1.0 - taken)).unwrap_or(1.0);
        f32::midpoint(self.recognised, rest)
    }
}

/// A probe with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// The probe; it is certain by half where belonging begins.
    pub probe: Probe,
    /// How good it is.
    pub quality: Quality,
}

/// Why nothing can be learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// There is no example.
    #[error("a concept takes at least one picture that belongs")]
    NoExample,
    /// There is nothing to tell the examples from.
    #[error("there is no other picture to tell the examples from")]
    NothingElse,
    /// Vectors of different lengths.
    #[error("the pictures' vectors are of different models")]
    Mixed,
}

/// Trains a probe.
///
/// # Errors
/// When there are no examples, nothing else, or vectors of different lengths.
pub fn train(examples: &Examples<'_>) -> Result<Trained, TrainError> {
    let data = Data::new(examples)?;
    let fit = Fit::new(&data);
    let left_out = fit.left_out(&data);
    let threshold = threshold(&left_out, &data.targets);
    let steepness = steepness(&left_out, &data, threshold);
    let quality = quality(&left_out, examples, threshold);
    Ok(Trained { probe: data.probe(&fit.shares, threshold, steepness), quality })
}

/// The examples, centred and scaled, with their weights and products.
struct Data {
    rows: Vec<Vec<f32>>,
    middle: Vec<f32>,
    scale: f32,
    /// 1 for what belongs, else 0.
    targets: Vec<f64>,
    weights: Vec<f64>,
    products: Square,
}

impl Data {
    fn new(examples: &Examples<'_>) -> Result<Self, TrainError> {
        let Examples { belonging, others, unlabelled } = examples;
        let length = belonging.first().ok_or(TrainError::NoExample)?.len();
        let all: Vec<&[f32]> = [belonging, others, unlabelled].into_iter().flatten().copied().collect();
        if all.iter().any(|vector| vector.len() != length) {
            return Err(TrainError::Mixed);
        }
        if all.len() == belonging.len() {
            return Err(TrainError::NothingElse);
        }
        let middle = middle(if unlabelled.is_empty() { &all } else { unlabelled }, length);
        let mut rows: Vec<Vec<f32>> = all
            .iter()
            .map(|vector| vector.iter().zip(&middle).map(|(value, middle)| value - middle).collect())
            .collect();
        let spread = rows.iter().map(|row| dot(row, row)).sum::<f32>() / rows.len() as f32;
        let scale = if spread > f32::EPSILON { spread.sqrt().recip() } else { 1.0 };
        rows.iter_mut().flatten().for_each(|value| *value *= scale);
        let products = Square::symmetric(rows.len(), |a, b| f64::from(dot(&rows[a], &rows[b])) + 1.0);
        let sides = if others.is_empty() || unlabelled.is_empty() { 1.0 } else { 2.0 };
        let share = |vectors: &Vec<&[f32]>, of: f64| vec![0.5 / of / vectors.len().max(1) as f64; vectors.len()];
        let weights = [share(belonging, 1.0), share(others, sides), share(unlabelled, sides)].concat();
        let targets = (0..rows.len()).map(|at| if at < belonging.len() { 1.0 } else { 0.0 }).collect();
        Ok(Self { rows, middle, scale, targets, weights, products })
    }

    /// Puts the plane together and moves it so that it lies at the threshold.
    fn probe(&self, shares: &[f64], threshold: f64, steepness: f64) -> Probe {
        let mut weights = vec![0.0_f64; self.middle.len()];
        for (row, share) in self.rows.iter().zip(shares) {
            for (weight, value) in weights.iter_mut().zip(row) {
                *weight += share * f64::from(*value) * f64::from(self.scale) * steepness;
            }
        }
        let at_middle: f64 = weights.iter().zip(&self.middle).map(|(weight, middle)| weight * f64::from(*middle)).sum();
        let bias = steepness * (shares.iter().sum::<f64>() - threshold) - at_middle;
        Probe { weights: weights.into_iter().map(|weight| weight as f32).collect(), bias: bias as f32 }
    }
}

/// The mean of vectors.
fn middle(vectors: &[&[f32]], length: usize) -> Vec<f32> {
    let mut middle = vec![0.0; length];
    for vector in vectors {
        middle.iter_mut().zip(*vector).for_each(|(sum, value)| *sum += value);
    }
    middle.iter_mut().for_each(|sum| *sum /= vectors.len() as f32);
    middle
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The loss of one example: minus the logarithm of how likely its target is.
fn loss(value: f64, target: f64) -> f64 {
    let away = if target > 0.5 { -value } else { value };
    away.max(0.0) + (-away.abs()).exp().ln_1p()
}

/// Where the fit has settled.
struct Fit {
    /// What each example adds to the plane.
    shares: Vec<f64>,
    /// How each example is judged.
    values: Vec<f64>,
}

impl Fit {
    fn new(data: &Data) -> Self {
        let size = data.products.size();
        let mut fit = Self { shares: vec![0.0; size], values: vec![0.0; size] };
        let mut known = fit.cost(data);
        for _ in 0..STEPS {
            let target = fit.step(data);
            // The whole step, or half of it until it is no step back.
            let mut portion = 1.0;
            let next = loop {
                let mixed = |from: &f64, to: &f64| from + portion * (to - from);
                let shares: Vec<f64> = fit.shares.iter().zip(&target).map(|(from, to)| mixed(from, to)).collect();
                let next = Self { values: data.products.times(&shares), shares };
                if next.cost(data) <= known || portion < 1e-3 {
                    break next;
                }
                portion /= 2.0;
            };
            let cost = next.cost(data);
            let settled = known - cost < 1e-10;
            if cost <= known {
                (fit, known) = (next, cost);
            }
            if settled {
                break;
            }
        }
        fit
    }

    fn cost(&self, data: &Data) -> f64 {
        let judged = self.values.iter().zip(&data.targets).zip(&data.weights);
        let loss: f64 = judged.map(|((value, target), weight)| weight * loss(*value, *target)).sum();
        loss + PENALTY / 2.0 * super::algebra::dot(&self.shares, &self.values)
    }

    /// Slope and curvature of each example's loss.
    fn slopes(&self, data: &Data) -> (Vec<f64>, Vec<f64>) {
        let judged = self.values.iter().zip(&data.targets).zip(&data.weights);
        judged
            .map(|((value, target), weight)| {
                let likely = sigmoid(*value);
                (weight * (likely - target), weight * likely * (1.0 - likely))
            })
            .unzip()
    }

    /// The triangle of 1 + √W K √W / penalty, and √W.
    fn curved(data: &Data, curvature: &[f64]) -> (Lower, Vec<f64>) {
        let roots: Vec<f64> = curvature.iter().map(|curve| curve.sqrt()).collect();
        let matrix = Square::symmetric(roots.len(), |a, b| {
            roots[a] * data.products.row(a)[b] * roots[b] / PENALTY + if a == b { 1.0 } else { 0.0 }
        });
        (matrix.cholesky(), roots)
    }

    /// Where Newton's method goes from here.
    fn step(&self, data: &Data) -> Vec<f64> {
        let (slope, curvature) = self.slopes(data);
        let (lower, roots) = Self::curved(data, &curvature);
        let aim: Vec<f64> = self
            .values
            .iter()
            .zip(&curvature)
            .zip(&slope)
            .map(|((value, curve), slope)| curve * value - slope)
            .collect();
        let seen = data.products.times(&aim);
        let seen: Vec<f64> = seen.iter().zip(&roots).map(|(value, root)| root * value / PENALTY).collect();
        let solved = lower.solve(&seen);
        aim.iter().zip(&solved).zip(&roots).map(|((aim, solved), root)| (aim - root * solved) / PENALTY).collect()
    }

    /// How each example would be judged if it had not been one.
    fn left_out(&self, data: &Data) -> Vec<f64> {
        let (slope, curvature) = self.slopes(data);
        let (lower, roots) = Self::curved(data, &curvature);
        let judged = self.values.iter().zip(slope.iter().zip(&curvature)).enumerate();
        judged
            .map(|(at, (value, (slope, curve)))| {
                let row = data.products.row(at);
                let rooted: Vec<f64> = row.iter().zip(&roots).map(|(cell, root)| cell * root).collect();
                let solved = lower.forward(&rooted);
                // How much the example decides of its own judgement.
                let own = (row[at] - super::algebra::dot(&solved, &solved) / PENALTY).max(0.0) / PENALTY;
                value + own / (1.0 - (curve * own).min(0.999)) * slope
            })
            .collect()
    }
}

/// Where belonging begins: where F1 is highest, halfway to the next that is judged lower. From a handful of examples that is
/// mostly chance, so the fewer there are, the more halfway counts between what belongs and the highest of the rest.
fn threshold(left_out: &[f64], targets: &[f64]) -> f64 {
    let mut judged: Vec<(f64, bool)> =
        left_out.iter().zip(targets).map(|(value, target)| (*value, *target > 0.5)).collect();
    judged.sort_by(|a, b| b.0.total_cmp(&a.0));
    let belonging = judged.iter().filter(|(_, belongs)| *belongs).count();
    let (mut right, mut best) = (0, (0.0, 0.0));
    for (taken, (value, belongs)) in judged.iter().enumerate() {
        right += usize::from(*belongs);
        let f1 = 2.0 * right as f64 / (taken + 1 + belonging) as f64;
        if f1 > best.0 {
            let next = judged.get(taken + 1).map_or(*value, |(next, _)| *next);
            best = (f1, (value + next) / 2.0);
        }
    }
    let of = |wanted: bool| judged.iter().filter(move |(_, belongs)| *belongs == wanted).map(|(value, _)| *value);
    let high = of(false).nth(((judged.len() - belonging) as f64 * HIGHEST) as usize).unwrap_or(best.1);
    let halfway = (of(true).sum::<f64>() / belonging as f64 + high) / 2.0;
    let trust = belonging as f64 / (belonging as f64 + FEW);
    trust * best.1 + (1.0 - trust) * halfway
}

/// How quickly certainty rises around the threshold.
fn steepness(left_out: &[f64], data: &Data, threshold: f64) -> f64 {
    let (yes, no): (Vec<f64>, Vec<f64>) = data.targets.iter().partition(|target| **target > 0.5);
    let (yes, no) = (yes.len() as f64, no.len() as f64);
    let targets = [1.0 / (no + 2.0), (yes + 1.0) / (yes + 2.0)];
    let mut steepness = 2.0_f64;
    for _ in 0..STEPS {
        let (mut slope, mut curve) = (0.0, 1e-9);
        for ((value, target), weight) in left_out.iter().zip(&data.targets).zip(&data.weights) {
            let away = value - threshold;
            let likely = sigmoid(steepness * away);
            slope += weight * (likely - targets[usize::from(*target > 0.5)]) * away;
            curve += weight * likely * (1.0 - likely) * away * away;
        }
        steepness = (steepness - slope / curve).clamp(STEEPNESS.0, STEEPNESS.1);
    }
    steepness
}

fn quality(left_out: &[f64], examples: &Examples<'_>, threshold: f64) -> Quality {
    let (belonging, rest) = left_out.split_at(examples.belonging.len());
    let (others, unlabelled) = rest.split_at(examples.others.len());
    let share = |values: &[f64]| {
        let taken = values.iter().filter(|value| **value >= threshold).count();
        (!values.is_empty()).then(|| taken as f32 / values.len() as f32)
    };
    Quality {
        recognised: share(belonging).unwrap_or(0.0),
        kept_out: share(others).map(|taken| 1.0 - taken),
        among_others: share(unlabelled),
    }
}

//! A probe: the plane that tells the pictures of a concept from the others, with a certainty.

use crate::perception::faces::gallery::dot;

/// What a picture must reach to belong, unless the user moves it.
pub const BELONGS: f32 = 0.5;

/// A linear probe on vectors of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// One a component of the vector.
    pub weights: Vec<f32>,
    /// Added to their product with a vector.
    pub bias: f32,
}

impl Probe {
    /// How far a picture is on the concept's side; 0 is on the plane. A vector of another length is of another model and
    /// has none.
    pub fn distance(&self, vector: &[f32]) -> Option<f32> {
        let fits = vector.len() == self.weights.len();
        fits.then(|| dot(&self.weights, vector) + self.bias)
    }

    /// How certain it is that a picture belongs, 0–1; [`BELONGS`] on the plane.
    pub fn certainty(&self, vector: &[f32]) -> Option<f32> {
        self.distance(vector).map(certainty)
    }
}

/// The logistic function.
pub(super) fn certainty(distance: f32) -> f32 {
    1.0 / (1.0 + (-distance).exp())
}

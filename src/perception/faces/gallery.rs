//! All faces of a library as numbers: what [`super::place`] and [`super::suggest`] compute with.
//!
//! People, faces and pictures are positions in their lists, so that millions of comparisons touch no identifier. All
//! vectors are of one model and of length one, so that a dot product is a cosine.

use std::collections::HashSet;

use super::quality::Quality;

/// A face.
#[derive(Debug, Clone)]
pub struct Face {
    /// The picture (or frame of a video) that it is in.
    pub picture: u32,
    /// Pictures that are copies of each other, or of one burst, are one moment.
    pub moment: u32,
    /// Year of the picture, if it is dated.
    pub year: Option<i32>,
    /// What it is good for.
    pub quality: Quality,
    /// Who it is said to be.
    pub person: Option<u32>,
    /// A person or a file said so; it is not for us to change.
    pub fixed: bool,
    /// It was never placed before.
    pub fresh: bool,
    /// Who it is not.
    pub not: Vec<u32>,
}

/// A person, as far as placing faces is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// Has a name, or faces that the user confirmed: it is there whatever faces resemble each other. The others are
    /// groups that were found, and can be found differently.
    pub fixed: bool,
}

/// All faces with their vectors.
#[derive(Debug, Clone, Default)]
pub struct Gallery {
    /// Length of a vector.
    dimensions: usize,
    /// The faces' vectors, one after the other.
    vectors: Vec<f32>,
    /// The faces.
    pub faces: Vec<Face>,
    /// The people.
    pub people: Vec<Person>,
    /// People who are never one, the smaller position first.
    pub apart: HashSet<(u32, u32)>,
}

impl Gallery {
    /// An empty gallery of vectors of this length.
    pub fn new(dimensions: usize) -> Self {
        Self { dimensions, ..Self::default() }
    }

    /// Adds a face. Its vector is brought to length one; returns whether it could be: one of another length, of zeros or
    /// of no numbers is left out.
    pub fn push(&mut self, face: Face, vector: &[f32]) -> bool {
        let norm = dot(vector, vector).sqrt();
        if vector.len() != self.dimensions || !norm.is_normal() {
            return false;
        }
        self.vectors.extend(vector.iter().map(|value| value / norm));
        self.faces.push(face);
        true
    }

    /// Length of a vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The vector of a face.
    pub fn vector(&self, face: u32) -> &[f32] {
        let start = face as usize * self.dimensions;
        self.vectors.get(start..start + self.dimensions).unwrap_or_default()
    }

    /// Whether two people are said never to be one.
    pub fn are_apart(&self, a: u32, b: u32) -> bool {
        self.apart.contains(&(a.min(b), a.max(b)))
    }

    /// Whether a person is there whatever faces resemble each other.
    pub fn is_fixed(&self, person: u32) -> bool {
        self.people.get(person as usize).is_some_and(|person| person.fixed)
    }
}

/// Dot product; of vectors of length one, their cosine.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Eight sums side by side: the compiler makes vector instructions of them, and the order of adding is fixed.
    let mut sums = [0.0_f32; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a.zip(b) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Adds `b` to `a`.
pub fn add(a: &mut [f32], b: &[f32]) {
    for (x, y) in a.iter_mut().zip(b) {
        *x += y;
    }
}

/// The vector brought to length one; zeros stay zeros.
pub fn unit(vector: &[f32]) -> Vec<f32> {
    let norm = dot(vector, vector).sqrt();
    let scale = if norm.is_normal() { 1.0 / norm } else { 0.0 };
    vector.iter().map(|value| value * scale).collect()
}

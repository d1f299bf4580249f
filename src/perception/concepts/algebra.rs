//! The little linear algebra that a probe takes: symmetric matrices of a few hundred rows, and solving with them.
//!
//! 64-bit throughout: what is solved is often close to singular, because pictures resemble each other.

/// A square matrix, row after row.
#[derive(Debug, Clone)]
pub(super) struct Square {
    size: usize,
    cells: Vec<f64>,
}

impl Square {
    /// A symmetric matrix of this size; `cell` is asked for the lower half only.
    pub fn symmetric(size: usize, cell: impl Fn(usize, usize) -> f64) -> Self {
        let mut cells = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let value = cell(row, column);
                cells[row * size + column] = value;
                cells[column * size + row] = value;
            }
        }
        Self { size, cells }
    }

    /// Rows, and columns.
    pub fn size(&self) -> usize {
        self.size
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.size..(row + 1) * self.size]
    }

    /// The matrix times a vector.
    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.size).map(|row| dot(self.row(row), vector)).collect()
    }

    /// The lower triangle whose product with its transpose is the matrix (Cholesky); the matrix is positive definite.
    pub fn cholesky(&self) -> Lower {
        let size = self.size;
        let mut lower = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let (above, here) = lower.split_at(row * size);
                let known = if column == row { &here[..column] } else { &above[column * size..column * size + column] };
                let rest = self.cells[row * size + column] - dot(&here[..column], known);
                lower[row * size + column] = if row == column {
                    // Rounding alone can bring it below zero.
                    rest.max(f64::MIN_POSITIVE).sqrt()
                } else {
                    rest / lower[column * size + column]
                };
            }
        }
        Lower(Self { size, cells: lower })
    }
}

/// A lower triangle.
#[derive(Debug, Clone)]
pub(super) struct Lower(Square);

impl Lower {
    /// What the triangle takes to the vector.
    pub fn forward(&self, vector: &[f64]) -> Vec<f64> {
        let mut solved: Vec<f64> = Vec::with_capacity(vector.len());
        for (row, value) in vector.iter().enumerate() {
            let line = self.0.row(row);
            let rest = value - dot(&line[..row], &solved);
            solved.push(rest / line[row]);
        }
        solved
    }

    /// What the triangle times its transpose takes to the vector.
    pub fn solve(&self, vector: &[f64]) -> Vec<f64> {
        let mut solved = self.forward(vector);
        for row in (0..solved.len()).rev() {
            let value = solved[row] / self.0.row(row)[row];
            solved[row] = value;
            for (cell, rest) in self.0.row(row)[..row].iter().zip(&mut solved[..row]) {
                *rest -= cell * value;
            }
        }
        solved
    }
}

/// The sum of products.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Eight sums side by side, so that the processor's wide registers are used.
    let mut sums = [0.0; 8];
    let (heads, tail) = a.as_chunks::<8>();
    let (others, rest) = b.as_chunks::<8>();
    for (a, b) in heads.iter().zip(others) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + tail.iter().zip(rest).map(|(a, b)| a * b).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_solved_fits(values in prop::collection::vec(-1.0..1.0f64, 36), wanted in prop::collection::vec(-1.0..1.0f64, 6)) {
            let rows: Vec<&[f64]> = values.chunks(6).collect();
            let matrix = Square::symmetric(6, |a, b| dot(rows[a], rows[b]) + if a == b { 0.1 } else { 0.0 });
            let found = matrix.times(&matrix.cholesky().solve(&wanted));
            prop_assert!(found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-8), "{found:?} {wanted:?}");
        }
    }

    #[test]
    fn products_of_any_length_add_up() {
        for length in 0..20_usize {
            let ones: Vec<f64> = vec![1.0; length];
            assert!((dot(&ones, &ones) - length as f64).abs() < 1e-12);
        }
    }
}

//! The eight ways a picture can lie, as EXIF numbers them, and what they do to sizes and boxes (EXIF 2.32, tag 0x0112).
//!
//! An orientation is the matrix that takes directions of the stored picture to directions of the upright one
//! (x right, y down). Combining and applying orientations is matrix arithmetic; there is no table per case to get wrong.

use super::model::{Region, Size};

/// Images of the stored picture's right and down, row by row.
pub(super) type Matrix = [[i8; 2]; 2];

/// Matrices of the orientations 1 to 8.
const MATRICES: [Matrix; 8] = [
    [[1, 0], [0, 1]],
    [[-1, 0], [0, 1]],
    [[-1, 0], [0, -1]],
    [[1, 0], [0, -1]],
    [[0, 1], [1, 0]],
    [[0, -1], [1, 0]],
    [[0, -1], [-1, 0]],
    [[0, 1], [-1, 0]],
];

/// The matrix of an orientation; of none for what is no orientation.
fn matrix(orientation: u8) -> Matrix {
    MATRICES.get(usize::from(orientation).wrapping_sub(1)).copied().unwrap_or(MATRICES[0])
}

/// The orientation of a matrix, if it is one.
pub(super) fn from_matrix(matrix: Matrix) -> Option<u8> {
    MATRICES.iter().position(|known| *known == matrix).and_then(|index| u8::try_from(index + 1).ok())
}

/// `second` after `first`.
pub(super) fn then(first: u8, second: u8) -> u8 {
    let (a, b) = (matrix(second), matrix(first));
    let cell = |row: usize, column: usize| a[row][0] * b[0][column] + a[row][1] * b[1][column];
    from_matrix([[cell(0, 0), cell(0, 1)], [cell(1, 0), cell(1, 1)]]).unwrap_or(1)
}

/// Whether width and height change places.
pub(super) fn swaps_sides(orientation: u8) -> bool {
    matrix(orientation)[0][0] == 0
}

/// The size of a picture after turning it upright.
pub(super) fn upright_size(size: Size, orientation: u8) -> Size {
    if swaps_sides(orientation) { Size { width: size.height, height: size.width } } else { size }
}

/// A box of the stored picture as a box of the upright one, both in fractions.
pub(super) fn upright_region(region: Region, orientation: u8) -> Region {
    let matrix = matrix(orientation);
    let (x, y) = (region.x + region.w / 2.0 - 0.5, region.y + region.h / 2.0 - 0.5);
    let row = |row: usize| f64::from(matrix[row][0]) * x + f64::from(matrix[row][1]) * y + 0.5;
    let (w, h) = if swaps_sides(orientation) { (region.h, region.w) } else { (region.w, region.h) };
    Region { x: row(0) - w / 2.0, y: row(1) - h / 2.0, w, h }
}

/// A box of the upright picture as a box of the stored one: the reverse of [`upright_region`].
pub fn stored_region(region: Region, orientation: u8) -> Region {
    let back = (1..=8).find(|back| then(orientation, *back) == 1).unwrap_or(1);
    upright_region(region, back)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_to_the_right_moves_the_top_left_to_the_top_right() {
        let corner = Region { x: 0.0, y: 0.0, w: 0.2, h: 0.1 };
        let turned = upright_region(corner, 6);
        assert!((turned.x - 0.9).abs() < 1e-9 && turned.y.abs() < 1e-9, "{turned:?}");
        assert!((turned.w - 0.1).abs() < 1e-9 && (turned.h - 0.2).abs() < 1e-9);
        let mirrored = upright_region(corner, 2);
        assert!((mirrored.x - 0.8).abs() < 1e-9 && mirrored.y.abs() < 1e-9);
    }

    #[test]
    fn a_box_comes_back_from_upright_to_stored() {
        let region = Region { x: 0.1, y: 0.2, w: 0.3, h: 0.15 };
        for orientation in 1..=8 {
            let back = upright_region(stored_region(region, orientation), orientation);
            let apart = (back.x - region.x).abs() + (back.y - region.y).abs() + (back.w - region.w).abs();
            assert!(apart < 1e-9, "{orientation}: {back:?}");
        }
    }

    #[test]
    fn orientations_form_a_group() {
        assert_eq!(then(6, 6), 3);
        assert_eq!(then(6, 8), 1);
        assert_eq!(then(2, 2), 1);
        assert_eq!(then(3, 2), 4);
        for orientation in 1..=8 {
            assert_eq!(then(orientation, 1), orientation);
            assert!((1..=8).any(|back| then(orientation, back) == 1), "{orientation} can be undone");
        }
    }
}

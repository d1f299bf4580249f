//! Lines of text cut out of pictures: straight, of one height, whichever way they lie in the picture.
//!
//! What reads a line reads it so: the engine's own model, and a reader that is no engine. A strip's pixel is the mean of
//! the picture's under it, so that large letters do not fray. Which way a line that stands upright is to be read is not
//! known: [`turns`] gives both.

use image::{Rgb, RgbImage};

/// Pixels of the longest strip; what would be longer is squeezed.
const LONGEST: u32 = 4096;
/// Points along each edge of a pixel whose mean is taken at the most.
const MOST_POINTS: u32 = 8;
/// Lines that are so many times as high as wide are read from above or from below.
const UPRIGHT: f64 = 1.5;

/// Top left, top right, bottom right and bottom left of a line, in the way that it is read.
pub type Corners = [[f64; 2]; 4];

/// The corners in the ways that the line may be to read: as they are, or, if it stands upright, from the top down and from
/// the bottom up.
pub fn turns(corners: &Corners) -> Vec<Corners> {
    let [a, b, c, d] = *corners;
    if distance(a, d) > UPRIGHT * distance(a, b) { vec![[b, c, d, a], [d, a, b, c]] } else { vec![*corners] }
}

/// The line at `corners` (in pixels of the picture), `height` pixels high.
pub fn cut(picture: &RgbImage, corners: &Corners, height: u32) -> RgbImage {
    let [from, right, _, down] = *corners;
    let (long, high) = (distance(from, right).max(1.0), distance(from, down).max(1.0));
    let width = ((long / high * f64::from(height)).round() as u32).clamp(1, LONGEST);
    // Steps in the picture from one pixel of the strip to the next.
    let along = [(right[0] - from[0]) / f64::from(width), (right[1] - from[1]) / f64::from(width)];
    let across = [(down[0] - from[0]) / f64::from(height), (down[1] - from[1]) / f64::from(height)];
    let points = ((high / f64::from(height)).ceil() as u32).clamp(1, MOST_POINTS);
    let inside = |pixel: u32, point: u32| f64::from(pixel) + (f64::from(point) + 0.5) / f64::from(points);
    RgbImage::from_fn(width, height, |x, y| {
        let mut sum = [0.0_f64; 3];
        for (row, column) in (0..points).flat_map(|row| (0..points).map(move |column| (row, column))) {
            let (u, v) = (inside(x, column), inside(y, row));
            let at = [from[0] + u * along[0] + v * across[0], from[1] + u * along[1] + v * across[1]];
            for (sum, value) in sum.iter_mut().zip(between(picture, at)) {
                *sum += value;
            }
        }
        Rgb(sum.map(|sum| (sum / f64::from(points * points)).round().clamp(0.0, 255.0) as u8))
    })
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// The colour at a point, between the four pixels around it; beyond its edges the picture goes on as it ends.
fn between(picture: &RgbImage, [x, y]: [f64; 2]) -> [f64; 3] {
    let (width, height) = picture.dimensions();
    let (x, y) = ((x - 0.5).clamp(0.0, f64::from(width - 1)), (y - 0.5).clamp(0.0, f64::from(height - 1)));
    let (left, top) = (x as u32, y as u32);
    let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (fx, fy) = (x - f64::from(left), y - f64::from(top));
    let mut colour = [0.0; 3];
    for (column, row, weight) in [
        (left, top, (1.0 - fx) * (1.0 - fy)),
        (right, top, fx * (1.0 - fy)),
        (left, below, (1.0 - fx) * fy),
        (right, below, fx * fy),
    ] {
        for (value, part) in colour.iter_mut().zip(picture.get_pixel(column, row).0) {
            *value += weight * f64::from(part);
        }
    }
    colour
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 × 60 with a white stripe of 40 × 10 at (30, 20), whose left half is red.
    fn picture() -> RgbImage {
        RgbImage::from_fn(100, 60, |x, y| match (x, y) {
            (30..50, 20..30) => Rgb([255, 0, 0]),
            (50..70, 20..30) => Rgb([255; 3]),
            _ => Rgb([0; 3]),
        })
    }

    #[test]
    fn a_straight_line_is_cut_and_scaled() {
        let strip = cut(&picture(), &[[30.0, 20.0], [70.0, 20.0], [70.0, 30.0], [30.0, 30.0]], 20);
        assert_eq!(strip.dimensions(), (80, 20));
        assert_eq!((strip.get_pixel(2, 10).0, strip.get_pixel(77, 10).0), ([255, 0, 0], [255; 3]));
        let small = cut(&picture(), &[[30.0, 20.0], [70.0, 20.0], [70.0, 30.0], [30.0, 30.0]], 2);
        assert_eq!((small.dimensions(), small.get_pixel(0, 0).0), ((8, 2), [255, 0, 0]));
    }

    #[test]
    fn a_line_that_stands_upright_may_be_read_in_two_ways() {
        let upright = image::imageops::rotate90(&picture());
        // The stripe lies at (30, 30) now, 10 wide and 40 high, and is read from the top down.
        let ways = turns(&[[30.0, 30.0], [40.0, 30.0], [40.0, 70.0], [30.0, 70.0]]);
        let strips: Vec<RgbImage> = ways.iter().map(|corners| cut(&upright, corners, 10)).collect();
        assert_eq!(strips.iter().map(RgbImage::dimensions).collect::<Vec<_>>(), [(40, 10), (40, 10)]);
        assert_eq!((strips[0].get_pixel(2, 5).0, strips[1].get_pixel(2, 5).0), ([255, 0, 0], [255; 3]));
        assert_eq!(turns(&[[0.0, 0.0], [40.0, 0.0], [40.0, 10.0], [0.0, 10.0]]).len(), 1);
    }

    #[test]
    fn what_lies_beyond_the_picture_or_has_no_size_is_cut_too() {
        assert_eq!(
            cut(&picture(), &[[-9.0, -9.0], [5.0, -9.0], [5.0, -2.0], [-9.0, -2.0]], 7).get_pixel(0, 0).0,
            [0; 3]
        );
        assert_eq!(cut(&picture(), &[[3.0, 3.0]; 4], 8).dimensions(), (8, 8));
        let endless = [[0.0, 0.0], [1e6, 0.0], [1e6, 1.0], [0.0, 1.0]];
        assert_eq!(cut(&picture(), &endless, 8).width(), LONGEST);
    }
}

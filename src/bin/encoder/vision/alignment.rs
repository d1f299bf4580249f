//! Turns, scales and shifts a face so that its eyes, nose and mouth lie where the encoder expects them.
//!
//! The template is that of ArcFace (Deng et al., 2019) for 112 × 112 pixels. The similarity transform is the one of least
//! squares (Umeyama, 1991); in two dimensions and without mirroring, rotation and scale are one complex number. A pixel's
//! coordinates are those of its centre. Between pixels values are interpolated linearly; outside of the picture all is
//! black.

use image::RgbImage;

/// Width and height of an aligned face.
pub const SIDE: u32 = 112;

/// Where right eye, left eye, tip of the nose, right and left corner of the mouth lie in an aligned face.
const TEMPLATE: [[f32; 2]; 5] =
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];

/// A turn, scaling and shift: `x' = a·x − b·y + tx`, `y' = b·x + a·y + ty`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    a: f64,
    b: f64,
    tx: f64,
    ty: f64,
}

impl Similarity {
    /// The transform that brings the points `from` nearest to `to`; `None` if all of `from` are one point.
    pub fn between(from: &[[f32; 2]; 5], to: &[[f32; 2]; 5]) -> Option<Self> {
        let mean = |points: &[[f32; 2]; 5], axis: usize| points.iter().map(|p| f64::from(p[axis])).sum::<f64>() / 5.0;
        let (fx, fy, ox, oy) = (mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1));
        let (mut real, mut imaginary, mut spread) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let (x, y) = (f64::from(p[0]) - fx, f64::from(p[1]) - fy);
            let (u, v) = (f64::from(q[0]) - ox, f64::from(q[1]) - oy);
            real += x * u + y * v;
            imaginary += x * v - y * u;
            spread += x * x + y * y;
        }
        let (a, b) = (real / spread, imaginary / spread);
        let one = Self { a, b, tx: ox - (a * fx - b * fy), ty: oy - (b * fx + a * fy) };
        let usable = [one.a, one.b, one.tx, one.ty].iter().all(|value| value.is_finite()) && (a * a + b * b) > 1e-12;
        usable.then_some(one)
    }

    /// Where the transform takes a point from.
    fn source(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y, size) = (x - self.tx, y - self.ty, self.a * self.a + self.b * self.b);
        ((self.a * x + self.b * y) / size, (self.a * y - self.b * x) / size)
    }
}

/// An aligned face: pixels one after the other, red, green and blue of each, 0–255.
#[derive(Debug, Clone, PartialEq)]
pub struct Aligned(pub Vec<f32>);

/// Cuts out the face with these landmarks (in pixels of the picture); `None` if they are no face's.
pub fn align(picture: &RgbImage, landmarks: &[[f32; 2]; 5]) -> Option<Aligned> {
    let similarity = Similarity::between(landmarks, &TEMPLATE)?;
    let mut values = Vec::with_capacity((SIDE * SIDE * 3) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            values.extend(sample(picture, similarity.source(f64::from(x), f64::from(y))));
        }
    }
    Some(Aligned(values))
}

/// The colour between four pixels.
fn sample(picture: &RgbImage, (x, y): (f64, f64)) -> [f32; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (right, below) = ((x - left) as f32, (y - top) as f32);
    let mut colour = [0.0; 3];
    for (dx, dy, weight) in [
        (0.0, 0.0, (1.0 - right) * (1.0 - below)),
        (1.0, 0.0, right * (1.0 - below)),
        (0.0, 1.0, (1.0 - right) * below),
        (1.0, 1.0, right * below),
    ] {
        let (x, y) = (left + dx, top + dy);
        if x >= 0.0 && y >= 0.0 && x < f64::from(picture.width()) && y < f64::from(picture.height()) {
            let pixel = picture.get_pixel(x as u32, y as u32).0;
            for (value, part) in colour.iter_mut().zip(pixel) {
                *value += weight * f32::from(part);
            }
        }
    }
    colour
}

impl Aligned {
    /// Variance of the Laplacian (four neighbours) of the grey values (ITU-R BT.601): the sharper, the higher.
    pub fn sharpness(&self) -> f32 {
        let side = SIDE as usize;
        let grey: Vec<f32> =
            self.0.as_chunks::<3>().0.iter().map(|[r, g, b]| 0.299 * r + 0.587 * g + 0.114 * b).collect();
        let mut values = Vec::with_capacity((side - 2) * (side - 2));
        for y in 1..side - 1 {
            for x in 1..side - 1 {
                let at = y * side + x;
                let around = grey[at - 1] + grey[at + 1] + grey[at - side] + grey[at + side];
                values.push(f64::from(around - 4.0 * grey[at]));
            }
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count) as f32
    }
}

/// How far the head is turned: −1 to the left of the picture, 0 not at all, 1 to the right. The nose divides the distance
/// of the eyes; seen from the front it halves it.
pub fn yaw(landmarks: &[[f32; 2]; 5]) -> f32 {
    let [right, left, nose, ..] = landmarks;
    let eyes = [left[0] - right[0], left[1] - right[1]];
    let length = eyes[0] * eyes[0] + eyes[1] * eyes[1];
    if length <= 0.0 {
        return 0.0;
    }
    let along = ((nose[0] - right[0]) * eyes[0] + (nose[1] - right[1]) * eyes[1]) / length;
    (2.0 * along - 1.0).clamp(-1.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_turned_scaled_and_shifted_template_is_brought_back() {
        let turned = TEMPLATE.map(|[x, y]| [100.0 - 2.0 * y, 30.0 + 2.0 * x]);
        let back = Similarity::between(&turned, &TEMPLATE).unwrap();
        for (from, to) in turned.iter().zip(TEMPLATE) {
            let source = back.source(f64::from(to[0]), f64::from(to[1]));
            assert!((source.0 - f64::from(from[0])).abs() < 1e-3 && (source.1 - f64::from(from[1])).abs() < 1e-3);
        }
        assert_eq!(Similarity::between(&[[5.0, 5.0]; 5], &TEMPLATE), None);
    }

    #[test]
    fn a_face_that_lies_as_the_template_stays_as_it_is_and_outside_is_black() {
        let picture = RgbImage::from_fn(112, 60, |x, y| Rgb([x as u8, y as u8, 7]));
        let Aligned(values) = align(&picture, &TEMPLATE).unwrap();
        for (x, y) in [(3_usize, 5_usize), (111, 59), (60, 80)] {
            let at = (y * 112 + x) * 3;
            let expected = if y < 60 { [x as f32, y as f32, 7.0] } else { [0.0; 3] };
            assert!(values[at..at + 3].iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.05), "{x} {y}");
        }
    }

    #[test]
    fn noise_is_sharper_than_a_slope() {
        let slope = align(&RgbImage::from_fn(112, 112, |x, _| Rgb([x as u8; 3])), &TEMPLATE).unwrap();
        let noise = RgbImage::from_fn(112, 112, |x, y| Rgb([((x * 7919 + y * 104_729) % 251) as u8; 3]));
        assert!(slope.sharpness() < 5.0);
        assert!(align(&noise, &TEMPLATE).unwrap().sharpness() > 500.0);
    }

    #[test]
    fn the_nose_says_where_the_head_is_turned() {
        let with_nose = |x: f32| [[0.0, 0.0], [10.0, 0.0], [x, 5.0], [2.0, 9.0], [8.0, 9.0]];
        assert_eq!([0.0, 5.0, 10.0, 30.0].map(|x| yaw(&with_nose(x))), [-1.0, 0.0, 1.0, 1.0]);
        assert_eq!(yaw(&[[1.0, 1.0]; 5]), 0.0);
    }
}

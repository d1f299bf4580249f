//! Makes a picture, or a rectangle of it, another size, as Pillow's `resize(size, BILINEAR, box)` does, or BICUBIC: what a
//! model sees here is what it sees in its makers' own programs. (To the bit, where Pillow takes columns first.)
//!
//! At centre c = start + (i + ½) · s a pixel at distance d counts f(d / max(s, 1)), where s is the factor by which the
//! picture shrinks; f is a triangle, max(0, 1 − d), or the cubic of Keys (1981) with a = −½. The weights of one output add
//! up to 1 and are rounded to 2⁻²². Columns come first, then rows; each pass is rounded to 8 bits.

use image::RgbImage;

const BITS: u32 = 22;

/// How pixels count by their distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// Pillow's `BILINEAR`.
    Triangle,
    /// Pillow's `BICUBIC`.
    Cubic,
}

impl Kernel {
    /// Distance from which pixels do not count.
    fn reach(self) -> f64 {
        match self {
            Self::Triangle => 1.0,
            Self::Cubic => 2.0,
        }
    }

    fn at(self, distance: f64) -> f64 {
        const A: f64 = -0.5;
        let d = distance.abs();
        match self {
            Self::Triangle => (1.0 - d).max(0.0),
            Self::Cubic if d < 1.0 => ((A + 2.0) * d - (A + 3.0)) * d * d + 1.0,
            Self::Cubic if d < 2.0 => (((d - 5.0) * d + 8.0) * d - 4.0) * A,
            Self::Cubic => 0.0,
        }
    }
}

/// Which inputs make one output: the first of them, and where their weights lie.
struct Span {
    first: usize,
    weights: std::ops::Range<usize>,
}

struct Filter {
    spans: Vec<Span>,
    weights: Vec<i32>,
}

impl Filter {
    /// From `length` inputs, of which `start..end` are used, to `outputs`.
    fn new(kernel: Kernel, length: u32, start: f64, end: f64, outputs: u32) -> Self {
        let scale = (end - start) / f64::from(outputs);
        let shrinks = scale.max(1.0);
        let support = kernel.reach() * shrinks;
        let (mut spans, mut weights) = (Vec::with_capacity(outputs as usize), Vec::new());
        for output in 0..outputs {
            let centre = start + (f64::from(output) + 0.5) * scale;
            let first = ((centre - support + 0.5) as i64).clamp(0, i64::from(length) - 1) as usize;
            let last = ((centre + support + 0.5) as i64).clamp(first as i64 + 1, i64::from(length)) as usize;
            // Multiplied by the inverse, as Pillow does: a division rounds differently.
            let weight = |input: usize| kernel.at((input as f64 - centre + 0.5) * (1.0 / shrinks));
            let exact: Vec<f64> = (first..last).map(weight).collect();
            let sum: f64 = exact.iter().sum();
            let begin = weights.len();
            // Away from zero: the cubic has negative weights.
            let fixed = |weight: f64| (weight / sum * f64::from(1 << BITS)).round() as i32;
            weights.extend(exact.into_iter().map(fixed));
            spans.push(Span { first, weights: begin..weights.len() });
        }
        Self { spans, weights }
    }

    fn parts(&self) -> impl Iterator<Item = (usize, &[i32])> {
        self.spans.iter().map(|span| (span.first, &self.weights[span.weights.clone()]))
    }
}

fn rounded(sum: i32) -> u8 {
    (sum >> BITS).clamp(0, 255) as u8
}

/// The rectangle `[x, y, width, height]` of the picture, which lies within it, at `width` × `height` pixels.
pub fn resample(picture: &RgbImage, area: [f64; 4], width: u32, height: u32, kernel: Kernel) -> RgbImage {
    let [x, y, w, h] = area;
    let columns = Filter::new(kernel, picture.width(), x, x + w, width);
    let rows = Filter::new(kernel, picture.height(), y, y + h, height);
    let narrow = squeeze(picture, &columns, &rows);
    let stride = width as usize * 3;
    let mut resized = RgbImage::new(width, height);
    let mut sums = vec![0_i32; stride];
    let top = rows.spans.first().map_or(0, |span| span.first);
    for ((first, weights), line) in rows.parts().zip(resized.chunks_exact_mut(stride)) {
        sums.fill(1 << (BITS - 1));
        for (row, weight) in narrow[(first - top) * stride..].chunks_exact(stride).zip(weights) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += i32::from(*value) * weight;
            }
        }
        for (value, sum) in line.iter_mut().zip(&sums) {
            *value = rounded(*sum);
        }
    }
    resized
}

/// The rows that are needed, with the columns of the result.
fn squeeze(picture: &RgbImage, columns: &Filter, rows: &Filter) -> Vec<u8> {
    let top = rows.spans.first().map_or(0, |span| span.first);
    let bottom = rows.spans.last().map_or(0, |span| span.first + span.weights.len());
    let stride = picture.width() as usize * 3;
    let mut narrow = Vec::with_capacity((bottom - top) * columns.spans.len() * 3);
    for row in picture.as_raw()[top * stride..bottom * stride].chunks_exact(stride) {
        let pixels = row.as_chunks::<3>().0;
        for (first, weights) in columns.parts() {
            let mut sums = [1_i32 << (BITS - 1); 3];
            for (pixel, weight) in pixels[first..].iter().zip(weights) {
                for (sum, value) in sums.iter_mut().zip(pixel) {
                    *sum += i32::from(*value) * weight;
                }
            }
            narrow.extend(sums.map(rounded));
        }
    }
    narrow
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn gradient() -> RgbImage {
        RgbImage::from_fn(7, 5, |x, y| Rgb([(x * 31 + y * 7) as u8, (x * x * 5) as u8, (255 - y * 50) as u8]))
    }

    #[test]
    fn the_numbers_are_those_of_pillow() {
        // Image.resize((3, 2), BILINEAR) of the same picture.
        let small = resample(&gradient(), [0.0, 0.0, 7.0, 5.0], 3, 2, Kernel::Triangle);
        assert_eq!(small.as_raw(), &PILLOW_SMALL);
        // Image.resize((4, 4), BILINEAR, box=(1, 0.5, 4, 3.5)).
        let part = resample(&gradient(), [1.0, 0.5, 3.0, 3.0], 4, 4, Kernel::Triangle);
        assert_eq!(part.as_raw(), &PILLOW_PART);
    }

    #[test]
    fn every_pixel_counts_when_a_picture_shrinks() {
        let stripes = RgbImage::from_fn(64, 8, |x, _| if x % 2 == 0 { Rgb([0; 3]) } else { Rgb([255; 3]) });
        let small = resample(&stripes, [0.0, 0.0, 64.0, 8.0], 8, 8, Kernel::Triangle);
        assert!(small.pixels().all(|pixel| (i32::from(pixel.0[0]) - 127).abs() < 12), "{:?}", small.as_raw());
    }

    #[test]
    fn one_pixel_can_become_many_and_many_one() {
        let one = RgbImage::from_pixel(1, 1, Rgb([9, 8, 7]));
        assert!(
            resample(&one, [0.0, 0.0, 1.0, 1.0], 5, 3, Kernel::Triangle).pixels().all(|pixel| pixel.0 == [9, 8, 7])
        );
        let many = RgbImage::from_pixel(300, 2, Rgb([9, 8, 7]));
        assert_eq!(resample(&many, [0.0, 0.0, 300.0, 2.0], 1, 1, Kernel::Triangle).as_raw(), &[9, 8, 7]);
    }

    const PILLOW_SMALL: [u8; 18] = [34, 6, 205, 100, 50, 205, 166, 135, 205, 48, 6, 105, 114, 50, 105, 180, 135, 105];
    const PILLOW_PART: [u8; 48] = [
        30, 4, 236, 53, 14, 236, 77, 29, 236, 100, 49, 236, 35, 4, 199, 58, 14, 199, 82, 29, 199, 105, 49, 199, 40, 4,
        161, 63, 14, 161, 87, 29, 161, 110, 49, 161, 45, 4, 124, 68, 14, 124, 92, 29, 124, 115, 49, 124,
    ];
}

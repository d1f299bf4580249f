//! ThumbHash: a picture in about 25 bytes, which a page shows as a blur until the thumbnail has come.
//!
//! Encodes opaque pictures in the public format (evanw.github.io/thumbhash), so that its decoders for the browser can
//! be used: the average colour and a few cosine coefficients of luminance and two colour differences, four bits each.

use image::RgbImage;

use super::scale;

/// Longest edge of the picture that is looked at; the format allows 100.
const EDGE: u32 = 64;

/// The ThumbHash of a picture.
pub fn encode(picture: &RgbImage) -> Vec<u8> {
    let picture = scale::reduce_rgb(picture, EDGE);
    let (width, height) = picture.dimensions();
    if width == 0 || height == 0 {
        return Vec::new();
    }
    let channel = |of: fn([f32; 3]) -> f32| -> Vec<f32> {
        picture.pixels().map(|pixel| of(pixel.0.map(|sample| f32::from(sample) / 255.0))).collect()
    };
    let landscape = width > height;
    let (columns, rows) = luminance_frequencies(width, height);
    let plane = |samples: &[f32], nx: usize, ny: usize| Spectrum::of(samples, width as usize, height as usize, nx, ny);
    let luminance = plane(&channel(|[r, g, b]| (r + g + b) / 3.0), columns.max(3), rows.max(3));
    let yellow_blue = plane(&channel(|[r, g, b]| (r + g) / 2.0 - b), 3, 3);
    let red_green = plane(&channel(|[r, g, _]| r - g), 3, 3);

    let header = quantised(63.0 * luminance.constant)
        | quantised(31.5 + 31.5 * yellow_blue.constant) << 6
        | quantised(31.5 + 31.5 * red_green.constant) << 12
        | quantised(31.0 * luminance.scale) << 18;
    // The shorter side's number of frequencies; the longer one always has seven.
    let shape = if landscape { rows } else { columns } as u32
        | quantised(63.0 * yellow_blue.scale) << 3
        | quantised(63.0 * red_green.scale) << 9
        | u32::from(landscape) << 15;
    let mut hash = header.to_le_bytes()[..3].to_vec();
    hash.extend(&shape.to_le_bytes()[..2]);
    let waves: Vec<u8> = [&luminance, &yellow_blue, &red_green].iter().flat_map(|plane| plane.nibbles()).collect();
    hash.extend(waves.chunks(2).map(|pair| pair[0] | pair.get(1).copied().unwrap_or(0) << 4));
    hash
}

/// The ThumbHash of a picture in base64 (RFC 4648, section 4, padded).
pub fn encode_base64(picture: &RgbImage) -> String {
    base64(&encode(picture))
}

/// How many frequencies of luminance are kept across and down: seven along the longer side, fewer along the shorter.
fn luminance_frequencies(width: u32, height: u32) -> (usize, usize) {
    let longest = width.max(height) as f32;
    let along = |side: u32| ((7.0 * side as f32 / longest).round() as usize).max(1);
    (along(width), along(height))
}

/// A non-negative value rounded to a whole number.
fn quantised(value: f32) -> u32 {
    value.round().max(0.0) as u32
}

/// Cosine coefficients of one channel.
struct Spectrum {
    /// The mean.
    constant: f32,
    /// The waves, scaled to 0 to 1 with 0.5 for none.
    waves: Vec<f32>,
    /// Largest magnitude among the waves.
    scale: f32,
}

impl Spectrum {
    /// Coefficients below the diagonal of an `nx` × `ny` grid of frequencies.
    fn of(samples: &[f32], width: usize, height: usize, nx: usize, ny: usize) -> Self {
        let mut spectrum = Self { constant: 0.0, waves: Vec::new(), scale: 0.0 };
        let wave = |length: usize, frequency: usize| -> Vec<f32> {
            let step = std::f32::consts::PI / length as f32 * frequency as f32;
            (0..length).map(|at| (step * (at as f32 + 0.5)).cos()).collect()
        };
        for cy in 0..ny {
            let down = wave(height, cy);
            for cx in (0..nx).take_while(|cx| cx * ny < nx * (ny - cy)) {
                let across = wave(width, cx);
                let rows = samples.chunks_exact(width).zip(&down);
                let sum: f32 =
                    rows.map(|(row, d)| d * row.iter().zip(&across).map(|(sample, a)| sample * a).sum::<f32>()).sum();
                let value = sum / (width * height) as f32;
                if cx == 0 && cy == 0 {
                    spectrum.constant = value;
                } else {
                    spectrum.waves.push(value);
                    spectrum.scale = spectrum.scale.max(value.abs());
                }
            }
        }
        if spectrum.scale > 0.0 {
            let scale = spectrum.scale;
            spectrum.waves.iter_mut().for_each(|wave| *wave = 0.5 + 0.5 / scale * *wave);
        }
        spectrum
    }

    /// The waves in four bits each.
    fn nibbles(&self) -> impl Iterator<Item = u8> + '_ {
        self.waves.iter().map(|wave| quantised(15.0 * wave).min(15) as u8)
    }
}

/// Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let at = |n: usize| u32::from(group.get(n).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= group.len() { char::from(DIGITS[index]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn base64_is_that_of_the_standard() {
        let known = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in known {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn hashes_are_those_of_the_reference_encoder() {
        // What the format's own JavaScript encoder (version 0.1.1) gives for the same pixels.
        for (width, height, expected) in [
            (60, 40, "1f08060d827550676453797697687777f8621c2f7f"),
            (40, 60, "1f08060d04185335a0468278976677673f38f771d1"),
            (64, 64, "1f08060f0486366656079864646a78697776b7bf33f91708"),
            (64, 9, "1c080a198033704775866887579f1e80da"),
            (7, 50, "1bb80d310665706888778678bb7039f8cb"),
        ] {
            let picture = RgbImage::from_fn(width, height, |x, y| {
                Rgb([x * 7 + y * 3, x * x + y * 5, x * y * 2 + 30].map(|sample| (sample % 256) as u8))
            });
            let hash: String = encode(&picture).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hash, expected, "{width} × {height}");
        }
    }

    #[test]
    fn the_header_holds_average_colour_and_shape() {
        let hash = encode(&RgbImage::from_pixel(80, 40, Rgb([255, 0, 0])));
        let header = u32::from_le_bytes([hash[0], hash[1], hash[2], 0]);
        assert_eq!(header & 63, 21, "a third of full luminance");
        assert_eq!(header >> 12 & 63, 63, "all red, no green");
        assert_eq!(header >> 23 & 1, 0, "opaque");
        let shape = u16::from_le_bytes([hash[3], hash[4]]);
        assert_eq!(shape & 7, 4, "half as many frequencies down as across");
        assert_eq!(shape >> 15, 1, "landscape");
    }

    #[test]
    fn a_gradient_shows_in_the_first_wave() {
        let hash = encode(&RgbImage::from_fn(60, 60, |x, _| Rgb([(x * 4) as u8; 3])));
        // Dark to light is the negative half of the first cosine: its nibble is 0, the strongest there is.
        assert_eq!(hash[5] & 15, 0);
        assert!((hash[2] >> 2 & 31) > 3, "the scale of luminance is not nil");
        assert!(hash.len() <= 25, "{} bytes", hash.len());
    }
}

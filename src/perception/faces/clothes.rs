//! What a person wears, as far as a few numbers tell: the colours below their face.
//!
//! It tells apart people who were together on one day, where faces are turned away or blurred; on other days it says
//! nothing.

use image::RgbImage;

/// Levels of each of red, green and blue.
const LEVELS: usize = 4;

/// Number of colours.
pub const COLOURS: usize = LEVELS * LEVELS * LEVELS;

/// Pixels that must be there: less is no chest.
const LEAST_PIXELS: u32 = 64;

/// The share of each colour in what is below a face, a byte each, scaled so that the most frequent is 255; empty when too
/// little of it is in the picture. `area`: the face, `[x, y, w, h]` in 0–1.
pub fn colours(picture: &RgbImage, area: [f32; 4]) -> Vec<u8> {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let [x, y, w, h] = area;
    // A chest begins about half a face below the chin, and is two faces wide.
    let edge = |at: f32, of: f32| (at.clamp(0.0, 1.0) * of) as u32;
    let (left, right) = (edge(x - w * 0.5, width), edge(x + w * 1.5, width));
    let (top, bottom) = (edge(y + h * 1.5, height), edge(y + h * 3.0, height));
    let whole = (w * 2.0 * width) * (h * 1.5 * height);
    let there = right.saturating_sub(left) * bottom.saturating_sub(top);
    if there < LEAST_PIXELS || (there as f32) < whole * 0.4 {
        return Vec::new();
    }
    let mut counts = vec![0_u32; COLOURS];
    for row in top..bottom {
        for column in left..right {
            let [r, g, b] = picture.get_pixel(column, row).0.map(|level| usize::from(level) * LEVELS / 256);
            if let Some(count) = counts.get_mut((r * LEVELS + g) * LEVELS + b) {
                *count += 1;
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    counts.into_iter().map(|count| (u64::from(count) * 255 / u64::from(most)) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn shared(a: &[u8], b: &[u8]) -> f32 {
        let total = |of: &[u8]| of.iter().map(|share| f32::from(*share)).sum::<f32>();
        a.iter().zip(b).map(|(x, y)| (f32::from(*x) / total(a)).min(f32::from(*y) / total(b))).sum()
    }

    #[test]
    fn the_same_coat_is_alike_in_another_picture_and_another_coat_is_not() {
        let wearing = |coat: [u8; 3]| {
            let mut picture = RgbImage::from_pixel(200, 200, Rgb([230, 230, 230]));
            (80..200).for_each(|y| (60..140).for_each(|x| picture.put_pixel(x, y, Rgb(coat))));
            picture
        };
        let face = [0.4, 0.2, 0.2, 0.2];
        let red = colours(&wearing([200, 30, 30]), face);
        assert_eq!(red.len(), COLOURS);
        assert!(shared(&red, &colours(&wearing([210, 25, 40]), face)) > 0.9);
        assert!(shared(&red, &colours(&wearing([20, 40, 200]), face)) < 0.1);
    }

    #[test]
    fn a_face_at_the_lower_edge_wears_nothing_that_can_be_seen() {
        let picture = RgbImage::new(100, 100);
        assert!(colours(&picture, [0.3, 0.6, 0.4, 0.4]).is_empty());
        assert!(colours(&picture, [f32::NAN; 4]).is_empty());
    }
}

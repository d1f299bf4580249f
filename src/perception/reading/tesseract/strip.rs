//! A line cut out of a page as tesseract reads it best: 48 pixels high, grey, dark on white, with a margin.

use image::{GrayImage, RgbImage};

use crate::engine::strips::{self, Corners};

/// Height of the line, pixels.
const HEIGHT: u32 = 48;
/// White around it: letters that touch the edge are misread.
const MARGIN: u32 = 12;
/// Share of the darkest and of the brightest pixels that do not count for the contrast.
const OUTLIERS: f64 = 0.02;

/// The line at `corners`, pixels of the page.
pub(super) fn of(page: &RgbImage, corners: &Corners) -> GrayImage {
    let line = image::DynamicImage::ImageRgb8(strips::cut(page, corners, HEIGHT)).into_luma8();
    let even = dark_on_white(line);
    let (width, height) = even.dimensions();
    let mut strip = GrayImage::from_pixel(width + 2 * MARGIN, height + 2 * MARGIN, image::Luma([255]));
    image::imageops::replace(&mut strip, &even, i64::from(MARGIN), i64::from(MARGIN));
    strip
}

/// Where the line begins in its strip, and how long it is there.
pub(super) fn inner(strip: &GrayImage) -> [f32; 2] {
    [MARGIN as f32, strip.width().saturating_sub(2 * MARGIN).max(1) as f32]
}

/// The picture as a file that tesseract reads.
pub(super) fn pgm(picture: &GrayImage) -> Vec<u8> {
    let mut file = format!("P5\n{} {}\n255\n", picture.width(), picture.height()).into_bytes();
    file.extend_from_slice(picture.as_raw());
    file
}

/// Spreads the grey values over the whole range, and makes bright letters dark: what is at the edges is no letter.
fn dark_on_white(mut line: GrayImage) -> GrayImage {
    let mut sorted = line.as_raw().clone();
    sorted.sort_unstable();
    let at = |share: f64| f32::from(sorted[((sorted.len() - 1) as f64 * share) as usize]);
    let (low, high) = (at(OUTLIERS), at(1.0 - OUTLIERS));
    let range = (high - low).max(1.0);
    for value in line.iter_mut() {
        *value = ((f32::from(*value) - low) * 255.0 / range).clamp(0.0, 255.0) as u8;
    }
    if median_of_edges(&line) < 128 {
        image::imageops::invert(&mut line);
    }
    line
}

fn median_of_edges(line: &GrayImage) -> u8 {
    let (width, height) = line.dimensions();
    let at_edge = |x: u32, y: u32| x == 0 || y == 0 || x + 1 == width || y + 1 == height;
    let mut values: Vec<u8> =
        line.enumerate_pixels().filter(|(x, y, _)| at_edge(*x, *y)).map(|(.., pixel)| pixel.0[0]).collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faint_bright_letters_on_dark_become_dark_ones_on_white() {
        let page = RgbImage::from_fn(200, 60, |x, y| {
            let letter = (20..40).contains(&y) && x % 20 < 8;
            image::Rgb([if letter { 60 } else { 40 }; 3])
        });
        let strip = of(&page, &[[0.0, 6.0], [200.0, 6.0], [200.0, 54.0], [0.0, 54.0]]);
        assert_eq!(strip.dimensions(), (200 + 2 * MARGIN, HEIGHT + 2 * MARGIN));
        let at = |x: u32, y: u32| strip.get_pixel(x + MARGIN, y + MARGIN).0[0];
        assert!(at(4, 24) < 20 && at(14, 24) > 235 && at(4, 3) > 235, "{} {}", at(4, 24), at(14, 24));
        assert_eq!(inner(&strip), [12.0, 200.0]);
    }

    #[test]
    fn the_file_has_its_size_before_its_pixels() {
        let file = pgm(&GrayImage::from_raw(2, 1, vec![7, 9]).unwrap());
        assert_eq!(file, b"P5\n2 1\n255\n\x07\x09");
    }
}

//! Tells pictures in black and white from those with colours.
//!
//! **Measure.** Of every pixel, how far its largest sample is above its smallest, 0–255; a picture has no colours when 99 of
//! 100 pixels stay within [`TINT`]. Of 308 family photos the eight in black and white have 0 to 6 there (compression tints
//! a little), all others 24 or more, snow and fog among them. What shows hardly anything, such as a dark frame, is neither.

use image::RgbImage;

/// What compression and scanners tint at most.
const TINT: u8 = 12;
/// A picture whose light and dark parts are no further apart shows nothing, 0–255.
const CONTRAST: u8 = 30;
/// How far from grey the average colour in a ThumbHash may be then, in its steps of 8 of 255.
const OFF: f32 = 2.0;

/// Whether a picture, best a small one, is in black and white.
pub fn is_colourless(picture: &RgbImage) -> bool {
    let mut tints: Vec<u8> = picture.pixels().map(|pixel| spread(&pixel.0)).collect();
    let mut lights: Vec<u8> = picture.pixels().map(|pixel| pixel.0[1]).collect();
    if tints.is_empty() {
        return false;
    }
    let at = |values: &mut Vec<u8>, percent: usize| {
        let place = (values.len() - 1) * percent / 100;
        *values.select_nth_unstable(place).1
    };
    let contrast = at(&mut lights, 95).saturating_sub(at(&mut lights, 5));
    at(&mut tints, 99) <= TINT && contrast > CONTRAST
}

fn spread(samples: &[u8; 3]) -> u8 {
    let (least, most) = samples.iter().fold((u8::MAX, 0), |(least, most), one| (least.min(*one), most.max(*one)));
    most - least
}

/// Whether a picture may be without colours by its [ThumbHash](super::thumbhash()), which knows them roughly.
pub fn may_be_colourless(thumbhash: &[u8]) -> bool {
    let [a, b, c, d, e, ..] = *thumbhash else { return false };
    let (header, shape) = (u32::from_le_bytes([a, b, c, 0]), u16::from_le_bytes([d, e]));
    let off = |shift: u32| ((header >> shift & 63) as f32 - 31.5).abs();
    off(6) <= OFF && off(12) <= OFF && shape >> 3 & 63 <= 1 && shape >> 9 & 63 <= 1
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::super::thumbhash;
    use super::*;

    fn picture(colour: impl Fn(u8) -> [u8; 3]) -> RgbImage {
        RgbImage::from_fn(120, 80, |x, y| Rgb(colour((x * 2 + y % 7) as u8)))
    }

    #[test]
    fn grey_and_a_little_tint_are_black_and_white_and_colours_are_not() {
        let grey = picture(|light| [light; 3]);
        let tinted = picture(|light| [light.saturating_add(6), light, light.saturating_sub(2)]);
        let sky = picture(|light| [light, light, light.saturating_add(60)]);
        let dark = picture(|light| [light / 16; 3]);
        assert!(is_colourless(&grey) && is_colourless(&tinted));
        assert!(!is_colourless(&sky) && !is_colourless(&dark) && !is_colourless(&RgbImage::new(0, 0)));
        for picture in [&grey, &tinted] {
            assert!(may_be_colourless(&thumbhash(picture)));
        }
        assert!(!may_be_colourless(&thumbhash(&sky)) && !may_be_colourless(&[]));
    }
}

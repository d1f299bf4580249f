//! Turning a picture upright by its EXIF orientation (EXIF 3.0, tag 0x0112).
//!
//! Values outside 1 to 8 mean "as stored", as viewers treat them.

use image::DynamicImage;
use image::metadata::Orientation;

/// Turns and mirrors `image` so that it is seen as the photographer saw it.
pub fn turn_upright(mut image: DynamicImage, orientation: u8) -> DynamicImage {
    image.apply_orientation(Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms));
    image
}

/// Whether `orientation` exchanges width and height.
pub fn is_transposing(orientation: u8) -> bool {
    matches!(orientation, 5..=8)
}

/// Width and height as displayed, of a picture stored with `size`.
pub fn displayed(size: (u32, u32), orientation: u8) -> (u32, u32) {
    if is_transposing(orientation) { (size.1, size.0) } else { size }
}

//! Tells equal pictures, so that each is evaluated once.

use image::RgbImage;

/// A hash of the pixels: equal pictures are evaluated once.
pub fn hash(pixels: &RgbImage) -> u64 {
    let mut hash = blake3::Hasher::new();
    hash.update(&pixels.width().to_le_bytes());
    hash.update(&pixels.height().to_le_bytes());
    hash.update(pixels.as_raw());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.finalize().as_bytes()[..8]);
    u64::from_le_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pictures_have_one_hash() {
        let picture = |width, height| RgbImage::from_pixel(width, height, image::Rgb([200, 10, 10]));
        assert_eq!(hash(&picture(3, 2)), hash(&picture(3, 2)));
        assert_ne!(hash(&picture(3, 2)), hash(&picture(2, 3)));
    }
}

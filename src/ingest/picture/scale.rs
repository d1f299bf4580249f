//! Making pictures smaller: which size fits, and the resampling.
//!
//! Pictures are never made larger. Alpha is weighed in (premultiplied) while resampling, so that hidden colours do not bleed.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, Rgb, RgbImage};

/// The size that `size` takes so that its longest edge is at most `longest_edge`; at least 1 × 1.
pub fn fit_within(size: (u32, u32), longest_edge: u32) -> (u32, u32) {
    let (width, height) = size;
    let longest = width.max(height);
    if longest <= longest_edge {
        return size;
    }
    let scaled = |edge: u32| {
        let rounded = (u64::from(edge) * u64::from(longest_edge) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(rounded).unwrap_or(longest_edge).clamp(1, longest_edge.max(1))
    };
    (scaled(width), scaled(height))
}

/// Reduces `image` to at most `longest_edge` (Lanczos, three lobes) in its own pixel type; smaller images come back as
/// they are.
pub fn reduce(image: DynamicImage, longest_edge: u32) -> DynamicImage {
    let size = (image.width(), image.height());
    let (width, height) = fit_within(size, longest_edge);
    if (width, height) == size {
        return image;
    }
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let mut reduced = DynamicImage::new(width, height, image.color());
    match Resizer::new().resize(&image, &mut reduced, &options) {
        Ok(()) => reduced,
        // A pixel type that the fast path does not know.
        Err(_) => image.resize_exact(width, height, image::imageops::FilterType::Triangle),
    }
}

/// Reduces an RGB picture to at most `longest_edge`.
pub fn reduce_rgb(image: &RgbImage, longest_edge: u32) -> RgbImage {
    let size = image.dimensions();
    let (width, height) = fit_within(size, longest_edge);
    if (width, height) == size {
        return image.clone();
    }
    resample(image, width, height)
}

/// Resamples an RGB picture to exactly `width` × `height`.
pub fn resample(image: &RgbImage, width: u32, height: u32) -> RgbImage {
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let mut reduced = RgbImage::new(width, height);
    match Resizer::new().resize(image, &mut reduced, &options) {
        Ok(()) => reduced,
        Err(_) => image::imageops::resize(image, width, height, image::imageops::FilterType::Triangle),
    }
}

/// The picture as 8-bit RGB, transparent parts on white.
pub fn flatten(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [r, g, b, a] = image.get_pixel(x, y).0;
        let over = |c: u8| {
            let blended = u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a));
            u8::try_from((blended + 127) / 255).unwrap_or(255)
        };
        Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sizes_keep_their_shape_and_are_never_enlarged() {
        assert_eq!(fit_within((4000, 3000), 1600), (1600, 1200));
        assert_eq!(fit_within((3000, 4000), 256), (192, 256));
        assert_eq!(fit_within((100, 80), 256), (100, 80));
        assert_eq!(fit_within((1, 60_000), 256), (1, 256));
    }

    #[test]
    fn transparent_parts_become_white_and_do_not_bleed() {
        let image = image::RgbaImage::from_fn(64, 64, |x, _| {
            if x < 32 { image::Rgba([255, 0, 0, 0]) } else { image::Rgba([0, 0, 255, 255]) }
        });
        let flat = flatten(reduce(DynamicImage::ImageRgba8(image), 8));
        assert_eq!(flat.get_pixel(0, 0).0, [255, 255, 255]);
        assert_eq!(flat.get_pixel(7, 7).0, [0, 0, 255]);
    }

    proptest! {
        #[test]
        fn every_size_fits(width in 1u32.., height in 1u32.., edge in 1u32..5000) {
            let (w, h) = fit_within((width, height), edge);
            prop_assert!(w >= 1 && h >= 1);
            prop_assert!(w.max(h) <= edge || (w, h) == (width, height) && width.max(height) <= edge);
            prop_assert!(w <= width && h <= height);
        }
    }
}

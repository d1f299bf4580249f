//! From a picture to what a graph takes: resizing by one definition, and the order of values.
//!
//! Resizing is defined in [`super::resample`]. Three ways to fill a graph's input are made of it: [`whole`] (the shape is
//! not kept), [`centre`] (the largest square in the middle) and [`letterbox`] (all of it, top left, the rest filled).

use anyhow::ensure;
use image::RgbImage;

pub use super::resample::Kernel;
use super::resample::resample;

/// The picture at this size.
pub fn whole(picture: &RgbImage, width: u32, height: u32) -> anyhow::Result<RgbImage> {
    whole_by(picture, width, height, Kernel::Triangle)
}

/// The picture at this size, by this filter.
pub fn whole_by(picture: &RgbImage, width: u32, height: u32, kernel: Kernel) -> anyhow::Result<RgbImage> {
    let (w, h) = picture.dimensions();
    resize(picture, [0.0, 0.0, f64::from(w), f64::from(h)], width, height, kernel)
}

/// The largest square in the middle of the picture, `side` pixels wide.
pub fn centre(picture: &RgbImage, side: u32) -> anyhow::Result<RgbImage> {
    let (w, h) = picture.dimensions();
    let edge = w.min(h);
    let at = |length: u32| f64::from(length - edge) / 2.0;
    resize(picture, [at(w), at(h), f64::from(edge), f64::from(edge)], side, side, Kernel::Triangle)
}

/// The picture at the top left of a canvas, as large as its shape allows but never enlarged by more than `most`; the
/// rest has the grey value `fill`. Lengths are rounded to whole pixels. Also gives by which factors it was scaled
/// horizontally and vertically.
pub fn letterbox(picture: &RgbImage, canvas: (u32, u32), most: f64, fill: u8) -> anyhow::Result<(RgbImage, [f64; 2])> {
    let (w, h) = picture.dimensions();
    let factor = (f64::from(canvas.0) / f64::from(w)).min(f64::from(canvas.1) / f64::from(h)).min(most);
    let scaled = |length: u32, most: u32| ((f64::from(length) * factor).round() as u32).clamp(1, most);
    let (width, height) = (scaled(w, canvas.0), scaled(h, canvas.1));
    let small = whole(picture, width, height)?;
    let factors = [f64::from(width) / f64::from(w), f64::from(height) / f64::from(h)];
    if (width, height) == canvas {
        return Ok((small, factors));
    }
    let row = width as usize * 3;
    let mut filled = RgbImage::from_pixel(canvas.0, canvas.1, image::Rgb([fill; 3]));
    let stride = canvas.0 as usize * 3;
    for (from, to) in small.as_raw().chunks_exact(row).zip(filled.chunks_exact_mut(stride)) {
        to[..row].copy_from_slice(from);
    }
    Ok((filled, factors))
}

fn resize(picture: &RgbImage, area: [f64; 4], width: u32, height: u32, kernel: Kernel) -> anyhow::Result<RgbImage> {
    ensure!(width > 0 && height > 0, "a picture cannot be made {width} × {height}");
    let (w, h) = picture.dimensions();
    if (w, h) == (width, height) && area == [0.0, 0.0, f64::from(w), f64::from(h)] {
        return Ok(picture.clone());
    }
    Ok(resample(picture, area, width, height, kernel))
}

/// The order of a pixel's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
}

/// How a colour value of 0–255 is scaled: `(value - mean) * factor`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Taken away first.
    pub mean: f32,
    /// Multiplied with.
    pub factor: f32,
}

impl Scale {
    /// Values as they are.
    pub const NONE: Self = Self { mean: 0.0, factor: 1.0 };
    /// 0–1.
    pub const UNIT: Self = Self { mean: 0.0, factor: 1.0 / 255.0 };

    fn of(self, value: u8) -> f32 {
        (f32::from(value) - self.mean) * self.factor
    }
}

/// Colour planes one after the other: [3, height, width].
pub fn planes(picture: &RgbImage, order: Order, scale: Scale) -> Vec<f32> {
    let plane = picture.as_raw().len() / 3;
    let mut data = vec![0.0; plane * 3];
    let (first, rest) = data.split_at_mut(plane);
    let (second, third) = rest.split_at_mut(plane);
    let (red, blue) = if order == Order::Rgb { (first, third) } else { (third, first) };
    for (at, [r, g, b]) in picture.as_raw().as_chunks::<3>().0.iter().enumerate() {
        (red[at], second[at], blue[at]) = (scale.of(*r), scale.of(*g), scale.of(*b));
    }
    data
}

/// Pixels one after the other, red first: [height, width, 3].
pub fn interleaved(picture: &RgbImage, scale: Scale) -> Vec<f32> {
    picture.as_raw().iter().map(|value| scale.of(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn the_middle_is_cut_out() {
        let wide = RgbImage::from_fn(30, 10, |x, _| if (10..20).contains(&x) { Rgb([200; 3]) } else { Rgb([0; 3]) });
        assert!(centre(&wide, 10).unwrap().pixels().all(|pixel| pixel.0 == [200; 3]));
    }

    #[test]
    fn a_letterbox_keeps_the_shape_and_fills_the_rest() {
        let wide = RgbImage::from_pixel(200, 100, Rgb([9; 3]));
        let (boxed, factors) = letterbox(&wide, (100, 100), f64::INFINITY, 114).unwrap();
        assert_eq!(factors, [0.5, 0.5]);
        assert_eq!((boxed.get_pixel(99, 49).0, boxed.get_pixel(0, 50).0), ([9; 3], [114; 3]));
        let (_, factors) = letterbox(&wide, (400, 400), 1.0, 0).unwrap();
        assert_eq!(factors, [1.0, 1.0], "not enlarged");
    }

    #[test]
    fn values_are_ordered_and_scaled() {
        let picture = RgbImage::from_raw(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(planes(&picture, Order::Rgb, Scale::NONE), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(planes(&picture, Order::Bgr, Scale::NONE), [3.0, 6.0, 2.0, 5.0, 1.0, 4.0]);
        let scale = Scale { mean: 1.0, factor: 2.0 };
        assert_eq!(interleaved(&picture, scale), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    }
}

//! How a picture is prepared for a model, as its `preprocessor_config.json` says.
//!
//! The definition is that of transformers' image processors by Pillow (the "slow" ones): resizing to 8 bits, cutting out
//! the middle, then `(value · rescale_factor − mean) / std` for each colour. The processors by torchvision (the "fast" ones)
//! differ from it by a rounding step at the most. What the file asks for and is not done here is an error at start.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use image::RgbImage;
use serde::Deserialize;

use super::pixels::{self, Kernel};

/// The largest edge that a model is given.
const LARGEST: u32 = 4096;

/// What is done to a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Preparation {
    kernel: Kernel,
    resize: Resize,
    /// Width and height of the middle that is cut out.
    crop: Option<(u32, u32)>,
    /// Multiplied with each value, then added, by colour.
    factor: [f32; 3],
    offset: [f32; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resize {
    /// To this width and height, whatever the shape.
    To(u32, u32),
    /// The shorter edge to this length, the shape kept.
    Shorter(u32),
}

#[derive(Debug, Deserialize)]
#[serde(default)]
struct Config {
    image_processor_type: String,
    do_resize: bool,
    size: Option<Size>,
    /// As Pillow numbers its filters.
    resample: u8,
    do_center_crop: bool,
    crop_size: Option<Size>,
    do_rescale: bool,
    rescale_factor: f64,
    do_normalize: bool,
    image_mean: [f64; 3],
    image_std: [f64; 3],
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Size {
    Both { height: u32, width: u32 },
    Shorter { shortest_edge: u32 },
    Number(u32),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            image_processor_type: String::new(),
            do_resize: true,
            size: None,
            resample: 2,
            do_center_crop: false,
            crop_size: None,
            do_rescale: true,
            rescale_factor: 1.0 / 255.0,
            do_normalize: true,
            image_mean: [0.5; 3],
            image_std: [0.5; 3],
        }
    }
}

impl Preparation {
    /// What the file says.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let config = serde_json::from_slice(&text).with_context(|| format!("{} is damaged", path.display()))?;
        Self::of(&config).with_context(|| format!("{} cannot be followed", path.display()))
    }

    fn of(config: &Config) -> anyhow::Result<Self> {
        ensure!(
            !config.image_processor_type.starts_with("Siglip2ImageProcessor"),
            "it is for pictures of any shape (NaFlex); this engine runs SigLIP of one size"
        );
        let kernel = match config.resample {
            2 => Kernel::Triangle,
            3 => Kernel::Cubic,
            other => bail!("it asks for filter {other}; this engine has 2 (bilinear) and 3 (bicubic)"),
        };
        ensure!(config.do_resize && config.do_rescale, "it does not resize or rescale pictures");
        let resize = match config.size.context("it names no size")? {
            Size::Both { height, width } => Resize::To(width, height),
            Size::Shorter { shortest_edge: edge } => Resize::Shorter(edge),
            // CLIP's processor means the shorter edge by a plain number.
            Size::Number(edge) if config.do_center_crop => Resize::Shorter(edge),
            Size::Number(edge) => Resize::To(edge, edge),
        };
        let crop = match (config.do_center_crop, config.crop_size) {
            (false, _) => None,
            (true, Some(Size::Both { height, width })) => Some((width, height)),
            (true, Some(Size::Number(edge))) => Some((edge, edge)),
            (true, _) => bail!("it cuts out the middle and does not say how much"),
        };
        ensure!(crop.is_some() || matches!(resize, Resize::To(..)), "its pictures have no fixed size");
        let scale = config.rescale_factor;
        let (mut factor, mut offset) = ([scale as f32; 3], [0.0; 3]);
        if config.do_normalize {
            for colour in 0..3 {
                let (mean, std) = (config.image_mean[colour], config.image_std[colour]);
                ensure!(std > 0.0, "it divides by {std}");
                (factor[colour], offset[colour]) = ((scale / std) as f32, (-mean / std) as f32);
            }
        }
        let prepared = Self { kernel, resize, crop, factor, offset };
        let (width, height) = prepared.size();
        ensure!(
            (1..=LARGEST).contains(&width) && (1..=LARGEST).contains(&height),
            "its pictures are {width} × {height}"
        );
        Ok(prepared)
    }

    /// Width and height of what comes out.
    pub fn size(&self) -> (u32, u32) {
        match (self.crop, self.resize) {
            (Some(size), _) => size,
            (None, Resize::To(width, height)) => (width, height),
            (None, Resize::Shorter(edge)) => (edge, edge),
        }
    }

    /// Colour planes one after the other: [3, height, width].
    pub fn planes(&self, picture: &RgbImage) -> anyhow::Result<Vec<f32>> {
        let resized = match self.resize {
            Resize::To(width, height) => pixels::whole_by(picture, width, height, self.kernel)?,
            Resize::Shorter(edge) => {
                let (w, h) = picture.dimensions();
                let (short, long) = (u64::from(w.min(h)), u64::from(w.max(h)));
                let long = u32::try_from(u64::from(edge) * long / short)?;
                let (width, height) = if w <= h { (edge, long) } else { (long, edge) };
                pixels::whole_by(picture, width, height, self.kernel)?
            }
        };
        let cut = match self.crop {
            Some((width, height)) => middle(&resized, width, height),
            None => resized,
        };
        let plane = cut.as_raw().len() / 3;
        let mut planes = vec![0.0; plane * 3];
        for (at, pixel) in cut.as_raw().as_chunks::<3>().0.iter().enumerate() {
            for (colour, value) in pixel.iter().enumerate() {
                planes[colour * plane + at] = f32::from(*value) * self.factor[colour] + self.offset[colour];
            }
        }
        Ok(planes)
    }
}

/// The middle of a picture, black where the picture is smaller.
fn middle(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let start = |length: u32, wanted: u32| (i64::from(length) - i64::from(wanted)).div_euclid(2);
    let (left, top) = (start(picture.width(), width), start(picture.height(), height));
    RgbImage::from_fn(width, height, |x, y| {
        let at = (u32::try_from(i64::from(x) + left), u32::try_from(i64::from(y) + top));
        match at {
            (Ok(x), Ok(y)) if x < picture.width() && y < picture.height() => *picture.get_pixel(x, y),
            _ => image::Rgb([0; 3]),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn of(json: &str) -> anyhow::Result<Preparation> {
        Preparation::of(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn siglip_takes_the_whole_picture_between_minus_one_and_one() {
        let siglip =
            of(r#"{"image_processor_type": "SiglipImageProcessor", "resample": 2, "image_mean": [0.5, 0.5, 0.5],
            "image_std": [0.5, 0.5, 0.5], "rescale_factor": 0.00392156862745098, "size": {"height": 2, "width": 2}}"#);
        let siglip = siglip.unwrap();
        let picture = RgbImage::from_fn(2, 2, |x, y| Rgb([if x == 0 { 0 } else { 255 }, 51 * y as u8, 255]));
        let planes = siglip.planes(&picture).unwrap();
        let expected = [-1.0, 1.0, -1.0, 1.0, -1.0, -1.0, -0.6, -0.6, 1.0, 1.0, 1.0, 1.0];
        assert!(planes.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{planes:?}");
        assert_eq!(siglip.size(), (2, 2));
    }

    #[test]
    fn clip_takes_the_middle_and_each_colour_has_its_own_scale() {
        let clip =
            of(r#"{"size": {"shortest_edge": 4}, "crop_size": {"height": 4, "width": 4}, "do_center_crop": true,
            "resample": 3, "image_mean": [0.0, 0.5, 1.0], "image_std": [1.0, 0.5, 0.25]}"#);
        let clip = clip.unwrap();
        let picture = RgbImage::from_fn(12, 4, |x, _| if (4..8).contains(&x) { Rgb([255; 3]) } else { Rgb([0; 3]) });
        let planes = clip.planes(&picture).unwrap();
        assert_eq!(planes.len(), 48);
        assert!(planes[..32].iter().all(|value| (value - 1.0).abs() < 1e-6), "{planes:?}");
        assert!(planes[32..].iter().all(|value| value.abs() < 1e-6), "{planes:?}");
        let small = RgbImage::from_pixel(1, 1, Rgb([255; 3]));
        assert_eq!(middle(&small, 3, 3).get_pixel(1, 1).0, [255; 3]);
    }

    #[test]
    fn what_would_give_other_numbers_is_refused() {
        let reason = |json: &str| format!("{:#}", of(json).unwrap_err());
        assert!(reason(r#"{"size": {"height": 2, "width": 2}, "resample": 1}"#).contains("filter 1"));
        assert!(reason(r#"{"image_processor_type": "Siglip2ImageProcessorFast"}"#).contains("NaFlex"));
        assert!(reason("{}").contains("no size"));
        assert!(reason(r#"{"size": {"shortest_edge": 4}}"#).contains("no fixed size"));
        assert!(reason(r#"{"size": {"height": 99999, "width": 2}}"#).contains("99999"));
        assert!(reason(r#"{"size": 4, "image_std": [0, 1, 1]}"#).contains("divides"));
    }
}

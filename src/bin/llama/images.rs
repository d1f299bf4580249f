//! Pictures in messages: `data:` URLs, decoded within limits and turned upright. Nothing is fetched from elsewhere.

use std::io::Cursor;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, RgbImage};

/// Longest side of a picture. Models look at far fewer points.
const LONGEST_SIDE: u32 = 16_384;
const MOST_BYTES: u64 = 1 << 30;

/// The picture of a `data:` URL.
///
/// # Errors
/// What is wrong with it.
pub fn from_url(url: &str) -> anyhow::Result<RgbImage> {
    let Some(rest) = url.strip_prefix("data:") else {
        bail!("a picture must be a `data:` URL with base64; this engine fetches nothing from elsewhere");
    };
    let (kind, data) = rest.split_once(',').context("the `data:` URL of a picture has no `,`")?;
    if !kind.ends_with(";base64") {
        bail!("the `data:` URL of a picture must be in base64");
    }
    let bytes = STANDARD.decode(data.trim()).context("the picture is no valid base64")?;
    decode(&bytes)
}

fn decode(bytes: &[u8]) -> anyhow::Result<RgbImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().context("the picture cannot be read")?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder).context("the picture cannot be decoded")?;
    picture.apply_orientation(orientation);
    Ok(picture.into_rgb8())
}

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

    fn url(width: u32, height: u32) -> String {
        let mut bytes = Cursor::new(Vec::new());
        RgbImage::from_pixel(width, height, image::Rgb([200, 10, 10]))
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        format!("data:image/png;base64,{}", STANDARD.encode(bytes.into_inner()))
    }

    #[test]
    fn a_picture_is_decoded_and_equal_pictures_have_one_hash() {
        let (first, second) = (from_url(&url(3, 2)).unwrap(), from_url(&url(3, 2)).unwrap());
        assert_eq!(first.dimensions(), (3, 2));
        assert_eq!(hash(&first), hash(&second));
        assert_ne!(hash(&first), hash(&from_url(&url(2, 3)).unwrap()));
    }

    #[test]
    fn what_is_no_picture_is_refused_with_the_reason() {
        for (url, reason) in [
            ("https://example.org/a.png", "data:"),
            ("data:image/png,abc", "base64"),
            ("data:image/png;base64,%%%", "base64"),
            ("data:image/png;base64,AAAA", "cannot be read"),
        ] {
            let error = format!("{:#}", from_url(url).unwrap_err());
            assert!(error.contains(reason), "{url}: {error}");
        }
        assert!(from_url(&url(20_000, 1)).is_err());
    }
}

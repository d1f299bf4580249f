//! Pictures in messages: `data:` URLs, decoded within limits and turned upright. Nothing is fetched from elsewhere.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, RgbImage};

/// Longest side of a picture. Models look at far fewer points.
const LONGEST_SIDE: u32 = 16_384;
const MOST_BYTES: u64 = 1 << 30;

/// Why a picture of a message cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It is elsewhere.
    #[error("a picture must be a `data:` URL with base64; this engine fetches nothing from elsewhere")]
    Elsewhere,
    /// The URL has no data.
    #[error("the `data:` URL of a picture has no `,`")]
    NoData,
    /// The data are written in another way.
    #[error("the `data:` URL of a picture must be in base64")]
    NotBase64,
    /// The base64 is damaged.
    #[error("the picture is no valid base64: {0}")]
    Base64(#[from] base64::DecodeError),
    /// It is no picture, a damaged one, or too large.
    #[error("the picture cannot be read: {0}")]
    Unreadable(#[from] image::ImageError),
}

/// The picture of a `data:` URL.
///
/// # Errors
/// What is wrong with it.
pub fn from_url(url: &str) -> Result<RgbImage, PictureError> {
    let rest = url.strip_prefix("data:").ok_or(PictureError::Elsewhere)?;
    let (kind, data) = rest.split_once(',').ok_or(PictureError::NoData)?;
    if !kind.ends_with(";base64") {
        return Err(PictureError::NotBase64);
    }
    decode(&STANDARD.decode(data.trim())?)
}

fn decode(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(image::ImageError::from)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture.into_rgb8())
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
    fn a_picture_is_decoded() {
        assert_eq!(from_url(&url(3, 2)).unwrap().dimensions(), (3, 2));
    }

    #[test]
    fn what_is_no_picture_is_refused_with_the_reason() {
        for (url, reason) in [
            ("https://example.org/a.png", "data:"),
            ("data:image/png,abc", "base64"),
            ("data:image/png;base64,%%%", "base64"),
            ("data:image/png;base64,AAAA", "cannot be read"),
        ] {
            let error = from_url(url).unwrap_err().to_string();
            assert!(error.contains(reason), "{url}: {error}");
        }
        assert!(from_url(&url(20_000, 1)).is_err());
    }
}

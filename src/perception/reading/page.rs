//! What is read: a picture that is larger than those that other models see.
//!
//! Signs and till receipts can be read in the picture of 1,024 pixels that perception usually sees; pages cannot. Measured on
//! drawn ones: of the words of a page photographed with 12 megapixels 63 % are read at 1,024 pixels, all at 2,048 and at
//! 3,072; of those on a screen of 2,560 pixels 1 %, 98 % and 99 %. So a photo is decoded once more for this kind of job,
//! bounded as reading the file is, to at most [`EDGE`] pixels. Where the original is away or cannot be decoded again the
//! smaller picture has to do, and so it has for frames of videos, which are kept in it only.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageReader, Limits, RgbImage};

use crate::ingest::metadata;
use crate::ingest::picture::{self, DecodeLimits};

/// Pixels of the longer edge of a page.
pub const EDGE: u32 = 2048;
/// JPEG quality: letters suffer first.
const QUALITY: u8 = 92;
/// The kept pictures are smaller.
const LARGEST_KEPT: u32 = 4096;

/// A picture to be read, upright.
pub struct Page {
    /// Its pixels.
    pub pixels: RgbImage,
}

/// Where the picture of a photo may be had.
#[derive(Debug, Clone)]
pub struct Original {
    /// The file.
    pub path: PathBuf,
    /// Width and height as the library knows them, upright.
    pub size: Option<(i64, i64)>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There is no picture.
    #[error("there is no picture of it")]
    Missing,
    /// The file cannot be read now.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no picture.
    #[error("the picture cannot be decoded: {0}")]
    Damaged(image::ImageError),
    /// It cannot be written as JPEG.
    #[error("the picture cannot be encoded: {0}")]
    NotEncoded(image::ImageError),
}

impl Page {
    /// The page of a photo: of the original if that can be decoded, else of the picture kept at `kept`. Blocks.
    ///
    /// # Errors
    /// When there is neither.
    pub fn of_photo(original: &Original, kept: &Path, limits: &DecodeLimits) -> Result<Self, PageError> {
        decoded(original, limits).map_or_else(|| Self::kept(kept), |pixels| Ok(Self { pixels }))
    }

    /// The page of a picture that is kept: a poster, a frame of a video. Blocks.
    ///
    /// # Errors
    /// When it is not there or damaged.
    pub fn kept(path: &Path) -> Result<Self, PageError> {
        let bytes = std::fs::read(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => PageError::Missing,
            _ => PageError::Unreadable { path: path.to_owned(), source },
        })?;
        let mut reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|source| PageError::Unreadable { path: path.to_owned(), source })?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(LARGEST_KEPT);
        limits.max_image_height = Some(LARGEST_KEPT);
        reader.limits(limits);
        Ok(Self { pixels: reader.decode().map_err(PageError::Damaged)?.into_rgb8() })
    }

    /// The page as JPEG.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn jpeg(&self) -> Result<Bytes, PageError> {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&self.pixels).map_err(PageError::NotEncoded)?;
        Ok(bytes.into())
    }
}

/// The original's pixels, if the file there is still the one that the library knows.
fn decoded(original: &Original, limits: &DecodeLimits) -> Option<RgbImage> {
    let found = metadata::read(&original.path, &metadata::Limits::default()).ok()?;
    let orientation = found.orientation.map_or(1, |orientation| orientation.value);
    let limits = DecodeLimits { longest_edge: EDGE, ..limits.clone() };
    let decoded = picture::decode(&original.path, orientation, &limits).ok()?;
    // A sidecar may turn it otherwise, and boxes must lie where the other pictures of it have them.
    let size = (i64::from(decoded.width), i64::from(decoded.height));
    original.size.is_none_or(|known| known == size).then_some(decoded.image)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn save(folder: &Path, name: &str, width: u32, height: u32) -> PathBuf {
        let path = folder.join(name);
        RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 9])).save(&path).unwrap();
        path
    }

    #[test]
    fn a_photo_is_read_from_its_original_and_from_what_is_kept_when_that_is_away() {
        let folder = tempfile::tempdir().unwrap();
        let large = save(folder.path(), "large.jpg", 3000, 600);
        let kept = save(folder.path(), "kept.jpg", 1024, 205);
        let limits = DecodeLimits::default();
        let width = |path: &Path, size| {
            let original = Original { path: path.to_owned(), size };
            Page::of_photo(&original, &kept, &limits).unwrap().pixels.width()
        };
        assert_eq!(width(&large, Some((3000, 600))), EDGE);
        assert_eq!(width(&large, Some((600, 3000))), 1024, "turned since");
        assert_eq!(width(Path::new("/nowhere/a.jpg"), None), 1024);
    }

    #[test]
    fn no_picture_and_a_broken_one_are_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Page::kept(&folder.path().join("a.jpg")), Err(PageError::Missing)));
        let broken = folder.path().join("b.jpg");
        std::fs::write(&broken, b"no picture").unwrap();
        assert!(matches!(Page::kept(&broken), Err(PageError::Damaged(_))));
    }
}

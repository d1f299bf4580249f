//! From a file to an upright picture: one decode feeds thumbnails, the perceptual hash and everything that looks at
//! pixels later.
//!
//! What must stay true: the format is told by the bytes; sizes are checked before pixels are allocated; every file ends
//! in a picture or in a [`PictureError`] with a code, never in a panic or a hang; orientation is applied exactly once.
//! Reading metadata, EXIF orientation among it, is left to `ingest::metadata`; videos to `ingest::video`.

pub mod boxes;
mod colours;
mod error;
mod format;
mod heif;
pub mod jpeg;
mod limits;
mod orient;
mod raster;
pub mod raw;
pub mod scale;
mod thumbhash;
mod thumbnail;

use std::fs::File;
use std::io::Read;
use std::panic::AssertUnwindSafe;
use std::path::Path;

use image::RgbImage;

pub use colours::{is_colourless, may_be_colourless};
pub use error::PictureError;
pub use format::{Format, SNIFF_BYTES, sniff};
pub use heif::installed_decoder as installed_heif_decoder;
pub use limits::{DecodeLimits, MAX_PASSES};
pub use thumbhash::{encode as thumbhash, encode_base64 as thumbhash_base64};
pub use thumbnail::{
    THUMBNAIL_SIZES, ThumbnailError, encode_jpeg, keyframe_path, remove_pictures, thumbnail_path, write_thumbnails,
    write_whole,
};

/// A decoded picture, upright.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Pixels as 8-bit RGB, row by row, at most [`DecodeLimits::longest_edge`] long; transparent parts on white.
    /// The samples are in the colour space of [`Picture::icc`].
    pub image: RgbImage,
    /// Width of the original in pixels, as displayed (after orientation).
    pub width: u32,
    /// Height of the original in pixels, as displayed (after orientation).
    pub height: u32,
    /// Format of the file, by its contents.
    pub format: Format,
    /// RGB colour profile (ICC) of the pixels; `None` means sRGB.
    pub icc: Option<Vec<u8>>,
    /// The file was cut off: what is there is shown, the rest is grey or black.
    pub incomplete: bool,
}

/// Decodes the picture in `path` within `limits` and turns it upright.
///
/// `orientation` is the EXIF orientation (1 to 8; anything else means 1) of the file; of an embedded raw preview it is
/// the orientation of the raw file. It is ignored for HEIC, AVIF and JPEG XL, which carry their own (`irot` and `imir`,
/// ISO/IEC 23008-12 6.5.10; JPEG XL's image header).
///
/// Blocks for as long as decoding takes; call it from a worker thread.
///
/// # Errors
/// Every [`PictureError`]. A truncated JPEG, PNG, GIF, BMP or JPEG XL gives what could be decoded, with [`Picture::incomplete`] set,
/// and an error only when that is (next to) nothing.
pub fn decode(path: &Path, orientation: u8, limits: &DecodeLimits) -> Result<Picture, PictureError> {
    // A codec's defect on one broken file must not take a worker down with it.
    let attempt = std::panic::catch_unwind(AssertUnwindSafe(|| decode_unguarded(path, orientation, limits)));
    attempt.unwrap_or_else(|panic| Err(PictureError::DecoderPanicked(panic_message(&*panic))))
}

/// The format of the file at `path`, by its contents (and by its name where several raw formats share one header).
///
/// # Errors
/// `Unreadable`, `Empty` or `UnsupportedFormat`.
pub fn identify(path: &Path) -> Result<Format, PictureError> {
    let mut head = Vec::with_capacity(SNIFF_BYTES);
    File::open(path)?.take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(PictureError::Empty);
    }
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    sniff(&head, extension).map_err(PictureError::UnsupportedFormat)
}

fn decode_unguarded(path: &Path, orientation: u8, limits: &DecodeLimits) -> Result<Picture, PictureError> {
    limits.check_file(std::fs::metadata(path)?.len())?;
    let format = identify(path)?;
    match format {
        Format::Heif | Format::Avif => Ok(finish(heif::decode_file(path, format, limits)?, format, 1)),
        Format::JpegXl => Ok(finish(raster::decode_file(path, format, limits)?, format, 1)),
        Format::Raw => raw::decode_file(path, orientation, limits),
        Format::Tiff => decode_tiff(path, orientation, limits),
        _ => Ok(finish(raster::decode_file(path, format, limits)?, format, orientation)),
    }
}

/// A TIFF may be a raw file under a plain name, or use a compression that only its JPEG preview escapes.
fn decode_tiff(path: &Path, orientation: u8, limits: &DecodeLimits) -> Result<Picture, PictureError> {
    if raw::is_raw_tiff(path)? {
        return raw::decode_file(path, orientation, limits);
    }
    match raster::decode_file(path, Format::Tiff, limits) {
        Ok(raster) => Ok(finish(raster, Format::Tiff, orientation)),
        Err(error @ (PictureError::UnsupportedFormat(_) | PictureError::Damaged(_))) => {
            raw::decode_preview(path, orientation, limits).map_err(|_| error)
        }
        Err(error) => Err(error),
    }
}

/// An upright RGB picture of what a decoder gave.
fn finish(raster: raster::Raster, format: Format, orientation: u8) -> Picture {
    let (width, height) = orient::displayed(raster.size, orientation);
    let image = scale::flatten(orient::turn_upright(raster.image, orientation));
    Picture { image, width, height, format, icc: raster.icc, incomplete: raster.incomplete }
}

/// Decodes a frame of a video that was written as JPEG, upright already.
pub(crate) fn decode_video_frame(bytes: &[u8], limits: &DecodeLimits) -> Result<Picture, PictureError> {
    let attempt = std::panic::catch_unwind(AssertUnwindSafe(|| raster::decode_jpeg(bytes, limits)));
    match attempt {
        Ok(raster) => Ok(finish(raster?, Format::VideoFrame, 1)),
        Err(panic) => Err(PictureError::DecoderPanicked(panic_message(&*panic))),
    }
}

/// The message that a panic carried.
fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").chars().take(300).collect()
}

#[cfg(test)]
mod tests;

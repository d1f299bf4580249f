//! The bounds within which one file may be decoded, and the check of a claimed size against them.
//!
//! Sizes are checked from headers, before anything is allocated for pixels: a decompression bomb costs a read of its header.

use std::time::Duration;

use super::{PictureError, THUMBNAIL_SIZES};

/// Bounds on decoding one file. The defaults suit a home machine that decodes two files at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Longest edge of the picture that is kept, in pixels; larger pictures are reduced to it, smaller ones stay.
    pub longest_edge: u32,
    /// Most pixels that a file may claim.
    pub max_pixels: u64,
    /// Most bytes that decoding may allocate, estimated from the header for decoders that cannot be told.
    pub max_memory: u64,
    /// Most bytes that a file may have.
    pub max_file_bytes: u64,
    /// Longest time. External decoders are killed at it; decoders in this process that read as they go (PNG, GIF, WebP,
    /// TIFF, BMP, JPEG XL up to rendering) get no more input after it. A JPEG is decoded in one go on the caller's
    /// thread: what bounds it is its size (`max_pixels`) and its number of passes, see [`MAX_PASSES`].
    pub max_time: Duration,
}

/// Most times the largest allowed picture's pixels that the scans of one progressive JPEG may cover together.
///
/// A crafted stream of a few kilobytes can ask for a hundred passes over every coefficient; cameras and encoders use
/// about ten.
pub const MAX_PASSES: u64 = 12;

impl Default for DecodeLimits {
    fn default() -> Self {
        Self {
            longest_edge: THUMBNAIL_SIZES[0],
            max_pixels: 250_000_000,
            max_memory: 2 << 30,
            max_file_bytes: 1 << 30,
            max_time: Duration::from_secs(60),
        }
    }
}

impl DecodeLimits {
    /// Refuses a picture of `width` × `height` pixels whose decoding takes `bytes_per_pixel` of memory at its peak.
    pub(super) fn check(&self, width: u64, height: u64, bytes_per_pixel: u64) -> Result<(), PictureError> {
        let pixels = width.saturating_mul(height);
        if pixels == 0 {
            return Err(PictureError::Damaged("it has no pixels".to_owned()));
        }
        if pixels > self.max_pixels {
            return Err(PictureError::TooManyPixels { width, height, limit: self.max_pixels });
        }
        let needed = pixels.saturating_mul(bytes_per_pixel);
        if needed > self.max_memory {
            return Err(PictureError::TooMuchMemory { needed, limit: self.max_memory });
        }
        Ok(())
    }

    /// Refuses a file of `bytes`.
    pub(super) fn check_file(&self, bytes: u64) -> Result<(), PictureError> {
        match bytes {
            0 => Err(PictureError::Empty),
            _ if bytes > self.max_file_bytes => Err(PictureError::FileTooLarge { bytes, limit: self.max_file_bytes }),
            _ => Ok(()),
        }
    }
}

//! Thumbnails on disk: JPEG files of fixed sizes, named by the content they were made from.
//!
//! A file under its final name is always whole: it is written under a temporary name in the same folder, flushed to
//! disk and renamed. Thumbnails are never larger than the picture. Which of them no medium needs any more is left to
//! the library.

use std::borrow::Cow;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage};

use super::{Picture, scale};

/// Longest edges of the thumbnails, in pixels, the largest first.
pub const THUMBNAIL_SIZES: [u32; 2] = [1024, 256];

/// JPEG quality of thumbnails.
const QUALITY: u8 = 80;

/// Why a thumbnail could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ThumbnailError {
    /// Encoding failed.
    #[error("the thumbnail could not be encoded: {0}")]
    Encode(#[from] image::ImageError),
    /// Writing failed.
    #[error(
        "the thumbnail {path} could not be written: {source}; check the free space and the permissions of the data folder"
    )]
    Write {
        /// Final path of the thumbnail.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl ThumbnailError {
    /// The stable code of the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encode(_) => "thumbnail_not_encoded",
            Self::Write { .. } => "thumbnail_not_written",
        }
    }
}

/// Where the thumbnail of a content lies: `ab/cd/<hash>_<size>.jpg` below `folder`, after the first two bytes of its
/// hash in hexadecimal digits.
pub fn thumbnail_path(folder: &Path, hash: &str, size: u32) -> PathBuf {
    let part = |range: std::ops::Range<usize>| hash.get(range).unwrap_or("__");
    folder.join(part(0..2)).join(part(2..4)).join(format!("{hash}_{size}.jpg"))
}

/// Where the picture of a video's frame lies, beside the thumbnails of the video's content; `at_ms`: when it is shown.
pub fn keyframe_path(folder: &Path, hash: &str, at_ms: i64) -> PathBuf {
    thumbnail_path(folder, hash, 0).with_file_name(format!("{hash}_at_{at_ms}.jpg"))
}

/// Writes the thumbnails of `picture`, whose content has the hash `hash` (hexadecimal), below `folder`; returns their
/// paths in the order of [`THUMBNAIL_SIZES`]. Existing ones are replaced. A picture smaller than a size is written in
/// its own size.
///
/// # Errors
/// When encoding or writing fails; no half-written file is left under a thumbnail's name.
pub fn write_thumbnails(picture: &Picture, folder: &Path, hash: &str) -> Result<Vec<PathBuf>, ThumbnailError> {
    let mut written = Vec::with_capacity(THUMBNAIL_SIZES.len());
    let mut larger = Cow::Borrowed(&picture.image);
    for size in THUMBNAIL_SIZES {
        // Each is made from the one before, which is at least four times as large.
        if larger.width().max(larger.height()) > size {
            larger = Cow::Owned(scale::reduce_rgb(&larger, size));
        }
        let path = thumbnail_path(folder, hash, size);
        let bytes = encode_jpeg(&larger, picture.icc.as_deref(), QUALITY)?;
        put(&path, &bytes).map_err(|source| ThumbnailError::Write { path: path.clone(), source })?;
        written.push(path);
    }
    // All lie in one folder: one wait for the disk serves for their names.
    if let Some(path) = written.first() {
        sync_folder(path).map_err(|source| ThumbnailError::Write { path: path.clone(), source })?;
    }
    Ok(written)
}

/// Removes every picture of a content below `folder`, thumbnails and frames of a video alike; returns how many there were.
///
/// # Errors
/// When one cannot be removed; the others are.
pub fn remove_pictures(folder: &Path, hash: &str) -> std::io::Result<usize> {
    let beside = thumbnail_path(folder, hash, 0);
    let entries = match std::fs::read_dir(beside.parent().unwrap_or(folder)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let name = format!("{hash}_");
    let mut removed = 0;
    let mut failed = None;
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(&name)) {
        match std::fs::remove_file(entry.path()) {
            Ok(()) => removed += 1,
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(removed), Err)
}

/// The picture as JPEG of a quality of 1 to 100, with its colour profile and nothing else.
///
/// # Errors
/// When the picture has no pixels, or more than JPEG allows.
pub fn encode_jpeg(image: &RgbImage, icc: Option<&[u8]>, quality: u8) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(profile) = icc {
        // A profile that cannot be embedded costs a little colour, not the thumbnail.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    encoder.write_image(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgb8)?;
    Ok(bytes)
}

/// Writes a file so that its name never stands for half of it.
pub fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    put(path, bytes)?;
    sync_folder(path)
}

/// Puts a whole file in its place. Its name is on disk only when its folder is.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut temporary = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Has the names in the folder of `path` written to disk.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

//! Pictures of camera raw files: the largest JPEG preview that the camera embedded, found by the structure of the file.
//!
//! What must stay true: offsets and lengths in a raw file are claims; each is checked against the file, each walk has a
//! budget of directories, and reads are bounded. Developing sensor data is not attempted.

mod ciff;
mod cr3;
mod raf;
mod scan;
mod source;
mod tiff;

use std::path::Path;

use super::{DecodeLimits, Format, Picture, PictureError, finish, jpeg, orient, raster};
pub use source::Source;

/// Where a JPEG may lie in a raw file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte, counted from the start of the file.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
}

/// What the structure of a raw file tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Places of JPEG previews, unchecked.
    pub previews: Vec<Span>,
    /// Size of the picture that the sensor data develop to, before orientation, where the file says so.
    pub size: Option<(u32, u32)>,
    /// The file has sensor data: a colour filter array or linear raw samples.
    pub has_sensor_data: bool,
}

/// Most previews that are tried.
const MAX_TRIED: usize = 12;

/// Reads the layout of a raw file.
pub fn read_layout(source: &mut Source<'_>) -> Layout {
    let head = source.read(0, 32).unwrap_or_default();
    let mut layout = if head.starts_with(b"FUJIFILMCCD-RAW") {
        raf::read_layout(source)
    } else if head.get(6..14) == Some(b"HEAPCCDR") {
        ciff::read_layout(source)
    } else if head.get(4..8) == Some(b"ftyp") {
        cr3::read_layout(source)
    } else {
        tiff::read_layout(source, 0)
    };
    layout.previews.retain(|span| source.contains(*span));
    layout.previews.sort_by_key(|span| (std::cmp::Reverse(span.length), span.offset));
    layout.previews.dedup();
    layout
}

/// Whether a file with a TIFF header holds sensor data rather than a picture.
pub fn is_raw_tiff(path: &Path) -> Result<bool, PictureError> {
    let mut file = std::fs::File::open(path)?;
    let mut source = Source::of_file(&mut file)?;
    Ok(tiff::read_layout(&mut source, 0).has_sensor_data)
}

/// Decodes a raw file: its largest preview, else, for the few DNGs that have none, the uncompressed picture in its
/// first directory.
pub fn decode_file(path: &Path, orientation: u8, limits: &DecodeLimits) -> Result<Picture, PictureError> {
    match decode_preview(path, orientation, limits) {
        Err(PictureError::NoPreview) => match raster::decode_file(path, Format::Tiff, limits) {
            Ok(raster) => Ok(finish(raster, Format::Raw, orientation)),
            Err(error @ (PictureError::TooManyPixels { .. } | PictureError::TimedOut(_))) => Err(error),
            Err(_) => Err(PictureError::NoPreview),
        },
        result => result,
    }
}

/// Decodes the largest JPEG preview of a file.
pub fn decode_preview(path: &Path, orientation: u8, limits: &DecodeLimits) -> Result<Picture, PictureError> {
    let mut file = std::fs::File::open(path)?;
    let mut source = Source::of_file(&mut file)?;
    let layout = read_layout(&mut source);
    match decode_largest(&mut source, &layout.previews, limits)? {
        Some(raster) => Ok(upright(raster, layout.size, orientation)),
        None => {
            let found = scan::find_streams(&mut source);
            let raster = decode_largest(&mut source, &found, limits)?.ok_or(PictureError::NoPreview)?;
            Ok(upright(raster, layout.size, orientation))
        }
    }
}

/// Decodes the span whose JPEG has the most pixels; the next one when it turns out damaged. `None` when none can be decoded.
fn decode_largest(
    source: &mut Source<'_>,
    spans: &[Span],
    limits: &DecodeLimits,
) -> Result<Option<raster::Raster>, PictureError> {
    let mut found = Vec::new();
    for span in spans.iter().take(MAX_TRIED) {
        let Some(bytes) = source.read(span.offset, span.length.min(limits.max_file_bytes)) else { continue };
        if let Some(header) = jpeg::read_header(&bytes) {
            found.push((u64::from(header.width) * u64::from(header.height), *span));
        }
    }
    found.sort_by_key(|(pixels, span)| (std::cmp::Reverse(*pixels), span.offset));
    let mut refused = None;
    for (_, span) in found {
        let Some(bytes) = source.read(span.offset, span.length.min(limits.max_file_bytes)) else { continue };
        match raster::decode_jpeg(&bytes, limits) {
            Ok(raster) => return Ok(Some(raster)),
            Err(error @ (PictureError::TooManyPixels { .. } | PictureError::TooMuchMemory { .. })) => {
                refused = Some(error)
            }
            Err(_) => {}
        }
    }
    refused.map_or(Ok(None), Err)
}

/// Turns a preview upright. Its size becomes that of the developed picture where that is known.
///
/// Cameras store previews as the sensor saw them. Some programs store them upright and keep the orientation: a preview
/// that stands although the sensor lies has been turned already.
fn upright(raster: raster::Raster, developed: Option<(u32, u32)>, orientation: u8) -> Picture {
    let stands = |(width, height): (u32, u32)| height > width;
    let turned_already = orient::is_transposing(orientation)
        && developed.is_some_and(|size| stands(raster.size) && !stands(size) && size.0 != size.1);
    let preview = raster.size;
    let mut picture = finish(raster, Format::Raw, if turned_already { 1 } else { orientation });
    // A "developed" size smaller than the preview belongs to something else.
    if let Some(size) =
        developed.filter(|size| u64::from(size.0) * u64::from(size.1) >= u64::from(preview.0) * u64::from(preview.1))
    {
        (picture.width, picture.height) = orient::displayed(size, orientation);
    }
    picture
}

#[cfg(test)]
mod tests;

//! Decodes in this process: JPEG, PNG, GIF, WebP, TIFF and BMP through `image`, JPEG XL through `jxl-oxide`.
//!
//! What must stay true: sizes are checked before pixels are allocated; the picture is reduced right after decoding, in
//! its own pixel type, so that only one full-size copy ever exists. Orientation is applied by the caller.

use std::fs::File;
use std::io::{BufReader, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant};

use image::codecs::{bmp, gif, jpeg as jpeg_codec, png, tiff, webp};
use image::{ColorType, DynamicImage, ImageBuffer, ImageDecoder, ImageError};
use jxl_oxide::{AllocTracker, EnumColourEncoding, JxlImage, RenderingIntent};

use super::boxes::read_u32;
use super::limits::MAX_PASSES;
use super::{DecodeLimits, Format, PictureError, jpeg, scale};

/// A decoded picture before it is turned upright.
pub struct Raster {
    /// Pixels, reduced to the limit's longest edge.
    pub image: DynamicImage,
    /// Width and height as stored in the file.
    pub size: (u32, u32),
    /// RGB colour profile of the pixels.
    pub icc: Option<Vec<u8>>,
    /// The stream ended early; what is missing is grey or black.
    pub incomplete: bool,
}

/// Largest colour profile that is carried along; those of cameras and phones have 0.5 to 3 KiB.
const MAX_ICC_BYTES: usize = 16 * 1024;

/// Decodes a file of a format that needs no external program. Raw, HEIF and AVIF are refused.
pub fn decode_file(path: &Path, format: Format, limits: &DecodeLimits) -> Result<Raster, PictureError> {
    if format == Format::Jpeg {
        return decode_jpeg(&std::fs::read(path)?, limits);
    }
    let guarded =
        Guarded { inner: File::open(path)?, deadline: Instant::now() + limits.max_time, limit: limits.max_time };
    let reader = BufReader::with_capacity(64 * 1024, guarded);
    let failed = |error| explain(error, format, limits);
    match format {
        Format::Png => {
            check_png_header(path, limits)?;
            // The PNG decoder allocates for its chunks before it can be asked for the size.
            let bounds = image_limits(limits);
            decode_with(png::PngDecoder::with_limits(reader, bounds).map_err(failed)?, format, limits)
        }
        Format::Gif => decode_with(gif::GifDecoder::new(reader).map_err(failed)?, format, limits),
        Format::WebP => decode_with(webp::WebPDecoder::new(reader).map_err(failed)?, format, limits),
        Format::Tiff => decode_with(tiff::TiffDecoder::new(reader).map_err(failed)?, format, limits),
        Format::Bmp => decode_with(bmp::BmpDecoder::new(reader).map_err(failed)?, format, limits),
        Format::JpegXl => decode_jpeg_xl(reader, limits),
        Format::Jpeg | Format::Heif | Format::Avif | Format::Raw | Format::VideoFrame => {
            Err(PictureError::UnsupportedFormat(format!("{} in this place", format.name())))
        }
    }
}

/// Refuses a PNG by the size in its header (PNG, third edition, 11.2.1), before the decoder looks at anything, be its
/// checksum right or wrong.
fn check_png_header(path: &Path, limits: &DecodeLimits) -> Result<(), PictureError> {
    let mut head = Vec::with_capacity(24);
    File::open(path)?.take(24).read_to_end(&mut head)?;
    match (read_u32(&head, 16), read_u32(&head, 20)) {
        (Some(width), Some(height)) if head.get(12..16) == Some(b"IHDR") && width > 0 && height > 0 => {
            limits.check(width.into(), height.into(), 1)
        }
        _ => Ok(()),
    }
}

/// Decodes the JPEG stream at the start of `bytes`.
///
/// A stream that was cut off gives what was decoded up to there ([`Raster::incomplete`]), unless that is nothing.
pub fn decode_jpeg(bytes: &[u8], limits: &DecodeLimits) -> Result<Raster, PictureError> {
    if let Some(header) = jpeg::read_header(bytes) {
        let (width, height) = (u64::from(header.width), u64::from(header.height).max(1));
        // Three samples a pixel come out; progressive streams keep their 16-bit coefficients until the end.
        limits.check(width, height, if header.progressive { 9 } else { 3 })?;
        let passes = width.saturating_mul(height).saturating_mul(u64::from(header.scans));
        if header.progressive && passes > limits.max_pixels.saturating_mul(MAX_PASSES) {
            return Err(PictureError::TooManyPixels { width, height, limit: limits.max_pixels });
        }
    }
    let decoder =
        jpeg_codec::JpegDecoder::new(Cursor::new(bytes)).map_err(|error| explain(error, Format::Jpeg, limits))?;
    let mut raster = decode_with(decoder, Format::Jpeg, limits)?;
    if jpeg::read_header(bytes).is_none_or(|header| header.length.is_none()) {
        if is_uniform(&raster.image) {
            return Err(PictureError::Truncated("nothing of the image is left".to_owned()));
        }
        raster.incomplete = true;
    }
    Ok(raster)
}

/// Runs one of `image`'s decoders within `limits`.
fn decode_with(mut decoder: impl ImageDecoder, format: Format, limits: &DecodeLimits) -> Result<Raster, PictureError> {
    let failed = |error| explain(error, format, limits);
    let (width, height) = decoder.dimensions();
    let color = decoder.color_type();
    limits.check(width.into(), height.into(), color.bytes_per_pixel().into())?;
    decoder.set_limits(image_limits(limits)).map_err(failed)?;
    let icc = decoder.icc_profile().ok().flatten().filter(|profile| is_rgb_profile(profile));
    let length = usize::try_from(decoder.total_bytes())
        .map_err(|_| PictureError::TooMuchMemory { needed: decoder.total_bytes(), limit: limits.max_memory })?;
    let mut pixels = vec![0; length];
    let mut incomplete = false;
    if let Err(error) = decoder.read_image(&mut pixels) {
        let reason = explain(error, format, limits);
        // Rows are written as they are decoded: what came before the end of the file can be shown.
        if !matches!(reason, PictureError::Truncated(_)) || !has_enough(&pixels) {
            return Err(reason);
        }
        incomplete = true;
    }
    let image = assemble(width, height, color, pixels)
        .ok_or_else(|| PictureError::UnsupportedFormat(format!("{} with {color:?} samples", format.name())))?;
    Ok(Raster { image: scale::reduce(image, limits.longest_edge), size: (width, height), icc, incomplete })
}

/// Whether a quarter of a buffer that was zeroed before has been written.
fn has_enough(pixels: &[u8]) -> bool {
    pixels.iter().rposition(|&sample| sample != 0).is_some_and(|last| last >= pixels.len() / 4)
}

/// Whether all pixels are alike.
fn is_uniform(image: &DynamicImage) -> bool {
    let bytes = image.as_bytes();
    let pixel = usize::from(image.color().bytes_per_pixel());
    bytes.chunks_exact(pixel).all(|sample| sample == &bytes[..pixel])
}

/// Decodes JPEG XL. Colours come out as sRGB unless the image carries a profile of its own; the format's own
/// orientation is applied.
fn decode_jpeg_xl(reader: impl Read, limits: &DecodeLimits) -> Result<Raster, PictureError> {
    let budget = usize::try_from(limits.max_memory).unwrap_or(usize::MAX);
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| explain_text(&error.to_string(), limits);
    let mut image = JxlImage::builder().alloc_tracker(AllocTracker::with_limit(budget)).read(reader).map_err(failed)?;
    let size = (image.width(), image.height());
    // Rendering works on 32-bit floats, with about two copies of each of three channels.
    limits.check(size.0.into(), size.1.into(), 16)?;
    let icc = image.original_icc().is_some().then(|| image.rendered_icc()).filter(|profile| is_rgb_profile(profile));
    if image.original_icc().is_none() && !image.pixel_format().is_grayscale() {
        image.request_color_encoding(EnumColourEncoding::srgb(RenderingIntent::Relative));
    }
    let mut incomplete = false;
    let render = if image.num_loaded_keyframes() > 0 {
        image.render_frame(0).map_err(failed)?
    } else {
        incomplete = true;
        image.render_loading_frame().map_err(|error| PictureError::Truncated(error.to_string()))?
    };
    let mut stream = render.stream();
    let (width, height, channels) = (stream.width(), stream.height(), stream.channels());
    let color = match channels {
        1 => ColorType::L8,
        2 => ColorType::La8,
        3 => ColorType::Rgb8,
        4 if !image.pixel_format().has_black() => ColorType::Rgba8,
        _ => return Err(PictureError::UnsupportedFormat(format!("JPEG XL with {channels} channels"))),
    };
    limits.check(width.into(), height.into(), channels.into())?;
    let mut pixels = vec![0u8; width as usize * height as usize * channels as usize];
    stream.write_to_buffer(&mut pixels);
    let image = assemble(width, height, color, pixels)
        .ok_or_else(|| PictureError::Damaged("its channels differ in size".to_owned()))?;
    Ok(Raster { image: scale::reduce(image, limits.longest_edge), size, icc, incomplete })
}

/// An image of raw samples in native byte order.
fn assemble(width: u32, height: u32, color: ColorType, pixels: Vec<u8>) -> Option<DynamicImage> {
    fn wide(pixels: &[u8]) -> Vec<u16> {
        pixels.chunks_exact(2).map(|b| u16::from_ne_bytes([b[0], b[1]])).collect()
    }
    fn float(pixels: &[u8]) -> Vec<f32> {
        pixels.chunks_exact(4).map(|b| f32::from_ne_bytes([b[0], b[1], b[2], b[3]])).collect()
    }
    let (w, h) = (width, height);
    Some(match color {
        ColorType::L8 => ImageBuffer::from_raw(w, h, pixels).map(DynamicImage::ImageLuma8)?,
        ColorType::La8 => ImageBuffer::from_raw(w, h, pixels).map(DynamicImage::ImageLumaA8)?,
        ColorType::Rgb8 => ImageBuffer::from_raw(w, h, pixels).map(DynamicImage::ImageRgb8)?,
        ColorType::Rgba8 => ImageBuffer::from_raw(w, h, pixels).map(DynamicImage::ImageRgba8)?,
        ColorType::L16 => ImageBuffer::from_raw(w, h, wide(&pixels)).map(DynamicImage::ImageLuma16)?,
        ColorType::La16 => ImageBuffer::from_raw(w, h, wide(&pixels)).map(DynamicImage::ImageLumaA16)?,
        ColorType::Rgb16 => ImageBuffer::from_raw(w, h, wide(&pixels)).map(DynamicImage::ImageRgb16)?,
        ColorType::Rgba16 => ImageBuffer::from_raw(w, h, wide(&pixels)).map(DynamicImage::ImageRgba16)?,
        ColorType::Rgb32F => ImageBuffer::from_raw(w, h, float(&pixels)).map(DynamicImage::ImageRgb32F)?,
        ColorType::Rgba32F => ImageBuffer::from_raw(w, h, float(&pixels)).map(DynamicImage::ImageRgba32F)?,
        _ => return None,
    })
}

/// Whether a colour profile is for RGB pixels (ICC.1:2022, 7.2.8) and small enough to be carried along.
fn is_rgb_profile(profile: &[u8]) -> bool {
    profile.len() <= MAX_ICC_BYTES && profile.get(16..20) == Some(b"RGB ")
}

/// The limits in `image`'s own terms.
fn image_limits(limits: &DecodeLimits) -> image::Limits {
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.max_memory);
    bounds
}

/// A reason for the user from a codec's error.
fn explain(error: ImageError, format: Format, limits: &DecodeLimits) -> PictureError {
    match error {
        ImageError::IoError(error) => match error.kind() {
            ErrorKind::UnexpectedEof => PictureError::Truncated(error.to_string()),
            ErrorKind::TimedOut => PictureError::TimedOut(limits.max_time),
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other => {
                explain_text(&error.to_string(), limits)
            }
            _ => PictureError::Unreadable(error),
        },
        ImageError::Limits(_) => {
            PictureError::TooMuchMemory { needed: limits.max_memory.saturating_add(1), limit: limits.max_memory }
        }
        ImageError::Unsupported(error) => PictureError::UnsupportedFormat(format!("{} ({error})", format.name())),
        other => explain_text(&other.to_string(), limits),
    }
}

/// Sorts a codec's words into kinds: some codecs report the end of input, and the deadline, only in words.
fn explain_text(message: &str, limits: &DecodeLimits) -> PictureError {
    let lower = message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if lower.contains(DEADLINE_PASSED) {
        return PictureError::TimedOut(limits.max_time);
    }
    let short: String = message.chars().take(300).collect();
    if says(&[
        "truncated",
        "not enough bytes",
        "unexpected eof",
        "unexpected end",
        "premature",
        "exhausted",
        "failed to fill whole buffer",
        "end of file",
        "no more bytes",
        "reader ended",
    ]) {
        PictureError::Truncated(short)
    } else {
        PictureError::Damaged(short)
    }
}

/// What a [`Guarded`] reader's error says.
const DEADLINE_PASSED: &str = "decoding deadline passed";

/// A reader that gives no more bytes after a deadline.
struct Guarded<R> {
    inner: R,
    deadline: Instant,
    limit: Duration,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if Instant::now() > self.deadline {
            let message = format!("{DEADLINE_PASSED} after {} s", self.limit.as_secs_f32());
            return Err(std::io::Error::new(ErrorKind::TimedOut, message));
        }
        self.inner.read(buffer)
    }
}

impl<R: Seek> Seek for Guarded<R> {
    fn seek(&mut self, position: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(position)
    }
}

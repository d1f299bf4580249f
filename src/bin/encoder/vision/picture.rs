//! From a `data:` URL to pixels, within limits.
//!
//! The size is known before a pixel is decoded; what is too large is refused then. Orientation is left as it is: pictures
//! come upright.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use recollect::engine::protocol::vision::{PictureFault, read_data_url};

/// Pixels of a picture at the most: those of the largest cameras.
const MOST_PIXELS: u64 = 120_000_000;
/// Pixels of one edge at the most.
const LONGEST_EDGE: u32 = 30_000;
/// Bytes that decoding may take beside the pixels themselves.
const SPARE_BYTES: u64 = 64 << 20;

/// The pixels of a picture.
pub fn decode(url: &str) -> Result<RgbImage, PictureFault> {
    let bytes = read_data_url(url).map_err(|reason| unreadable(&reason))?;
    let format = image::guess_format(&bytes).ok();
    let Some(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) = format else {
        return Err(unreadable("it is no JPEG, PNG or WebP"));
    };
    let failed = |error: image::ImageError| unreadable(&error.to_string());
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(unreadable("it has no pixels"));
    }
    if pixels > MOST_PIXELS || width.max(height) > LONGEST_EDGE {
        let message = format!(
            "the picture has {width} × {height} pixels; {} million are the most, {LONGEST_EDGE} on one edge",
            MOST_PIXELS / 1_000_000
        );
        return Err(PictureFault { code: "too_large".to_owned(), message });
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(decoder.total_bytes() + SPARE_BYTES);
    decoder.set_limits(limits).map_err(failed)?;
    DynamicImage::from_decoder(decoder).map(flatten).map_err(failed)
}

/// Eight bits of red, green and blue, transparent parts on white.
fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, a] = picture.get_pixel(x, y).0;
        let over = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a)) + 127) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

fn unreadable(reason: &str) -> PictureFault {
    PictureFault { code: "unreadable".to_owned(), message: format!("the picture cannot be read: {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recollect::engine::protocol::vision::data_url;

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn transparent_parts_are_white() {
        let picture = image::RgbaImage::from_fn(2, 1, |x, _| image::Rgba([9, 8, 7, if x == 0 { 0 } else { 255 }]));
        let decoded = decode(&data_url(&png(&DynamicImage::ImageRgba8(picture)))).unwrap();
        assert_eq!(decoded.as_raw(), &[255, 255, 255, 9, 8, 7]);
    }

    #[test]
    fn what_is_no_whole_picture_is_told() {
        let whole = png(&DynamicImage::ImageRgb8(RgbImage::from_fn(50, 50, |x, y| image::Rgb([x as u8, y as u8, 0]))));
        for bytes in [&b""[..], b"GIF89a", b"\xff\xd8\xff\xe0", &whole[..whole.len() / 2]] {
            assert_eq!(decode(&data_url(bytes)).unwrap_err().code, "unreadable");
        }
        assert!(decode("http://example.org/a.png").unwrap_err().message.contains("not fetched"));
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        // A PNG header of 30,001 × 30,001 pixels, with the checksum that belongs to it.
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend([0, 0, 0x75, 0x31, 0, 0, 0x75, 0x31, 8, 2, 0, 0, 0]);
        bytes.extend(crc(&bytes[12..]).to_be_bytes());
        bytes.extend([0, 0, 0, 0, b'I', b'D', b'A', b'T', 0x35, 0xaf, 0x06, 0x1e]);
        let fault = decode(&data_url(&bytes)).unwrap_err();
        assert_eq!(fault.code, "too_large", "{}", fault.message);
    }

    fn crc(bytes: &[u8]) -> u32 {
        let step =
            |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)));
        !bytes.iter().fold(!0, step)
    }
}

//! The markers of a JPEG stream: its size, how it is coded and whether it is whole, without decoding it.
//!
//! Reads only; every length is checked against the bytes there are. Decoding is `raster`'s.

/// What the markers of a JPEG stream say (ITU-T T.81, Annex B).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JpegHeader {
    /// Samples a line, before any EXIF rotation.
    pub width: u32,
    /// Lines. Zero where the stream leaves them open (DNL).
    pub height: u32,
    /// Coded in several passes (SOF2), which needs memory for all coefficients.
    pub progressive: bool,
    /// Number of scans (SOS segments) up to the end of the image; 1 for most pictures.
    pub scans: u32,
    /// Length of the stream in bytes up to and with its EOI marker; `None` when the EOI is missing, i.e. the file was
    /// cut off.
    pub length: Option<usize>,
}

/// Reads the markers of the stream at the start of `bytes`.
///
/// `None` when it is no baseline, extended or progressive JPEG (SOF0 to SOF2) with a frame header: lossless JPEG, which
/// raw files use for sensor data, is none.
pub fn read_header(bytes: &[u8]) -> Option<JpegHeader> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return None;
    }
    let mut header: Option<JpegHeader> = None;
    let mut at = 2;
    while let Some((marker, after)) = next_marker(bytes, at) {
        at = after;
        match marker {
            0xD9 => {
                return header.map(|h| JpegHeader { length: Some(at), ..h });
            }
            // Restart markers and TEM stand alone; a second SOI before EOI is a damaged stream that decoders skip.
            0x01 | 0xD0..=0xD8 => continue,
            0xC0..=0xC2 if header.is_none() => header = Some(read_frame(bytes.get(at..)?, marker == 0xC2)?),
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF if header.is_none() => return None,
            0xDA => {
                header = header.map(|h| JpegHeader { scans: h.scans.saturating_add(1), ..h });
            }
            _ => {}
        }
        match bytes.get(at..at + 2) {
            Some(length) => at += usize::from(u16::from_be_bytes([length[0], length[1]])).max(2),
            None => break,
        }
    }
    header
}

/// The next marker at or after `at`, skipping entropy-coded bytes and fill bytes, and the position behind it.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|&b| b == 0xFF)?;
        match bytes.get(at + 1) {
            // A stuffed zero is data; a second 0xFF is padding before the marker.
            Some(0x00) => at += 2,
            Some(0xFF) => at += 1,
            Some(&marker) => return Some((marker, at + 2)),
            None => return None,
        }
    }
}

/// The frame header that starts with its length field at `segment`.
fn read_frame(segment: &[u8], progressive: bool) -> Option<JpegHeader> {
    let field = |at: usize| segment.get(at..at + 2).map(|b| u32::from(u16::from_be_bytes([b[0], b[1]])));
    Some(JpegHeader { height: field(3)?, width: field(5)?, progressive, scans: 0, length: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let image = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 9]));
        image::codecs::jpeg::JpegEncoder::new(&mut out).encode_image(&image).unwrap();
        out
    }

    #[test]
    fn a_whole_stream_tells_its_size_and_its_end() {
        let mut bytes = encoded(40, 30);
        let whole = bytes.len();
        bytes.extend_from_slice(b"trailing video");
        let header = read_header(&bytes).unwrap();
        assert_eq!((header.width, header.height, header.scans), (40, 30, 1));
        assert_eq!(header.length, Some(whole));
    }

    #[test]
    fn a_stream_that_was_cut_off_has_no_end() {
        let bytes = encoded(40, 30);
        assert_eq!(read_header(&bytes[..bytes.len() - 10]).unwrap().length, None);
        assert_eq!(read_header(&bytes[..20]), None);
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(noise in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut bytes = vec![0xFF, 0xD8, 0xFF];
            bytes.extend(noise);
            if let Some(header) = read_header(&bytes) {
                prop_assert!(header.length.is_none_or(|length| length <= bytes.len()));
            }
        }
    }
}

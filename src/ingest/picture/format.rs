//! Which format a file has, by its first bytes; the name is asked only where the bytes leave it open.
//!
//! A wrong extension never decides: a JPEG called `.heic` is a JPEG. Telling a raw file from a plain TIFF takes a look at
//! its directories, which `raw` does.

/// A picture format, as far as decoding it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG (ITU-T T.81), motion photos and MPO included: the first image of the file.
    Jpeg,
    /// PNG; of an animated PNG the default image.
    Png,
    /// GIF, first frame.
    Gif,
    /// WebP, first frame.
    WebP,
    /// TIFF 6.0, first page.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// JPEG XL, codestream or container.
    JpegXl,
    /// HEIC, HEIF with any codec but AV1.
    Heif,
    /// AVIF, still or sequence.
    Avif,
    /// A camera's raw format.
    Raw,
    /// A frame of a video, made by `ingest::video`; no file has it.
    VideoFrame,
}

impl Format {
    /// Name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Tiff => "TIFF",
            Self::Bmp => "BMP",
            Self::JpegXl => "JPEG XL",
            Self::Heif => "HEIC",
            Self::Avif => "AVIF",
            Self::Raw => "raw",
            Self::VideoFrame => "video frame",
        }
    }
}

/// Number of leading bytes that [`sniff`] looks at.
pub const SNIFF_BYTES: usize = 64;

/// File name extensions of raw formats that are TIFF inside, in lower case.
const TIFF_RAW_EXTENSIONS: [&str; 16] =
    ["3fr", "arw", "cr2", "dcr", "dng", "erf", "iiq", "kdc", "mef", "mos", "nef", "nrw", "pef", "sr2", "srf", "srw"];

/// The format of a file that starts with `head` ([`SNIFF_BYTES`] of it, or all there is) and whose name ends in `extension`
/// (without the dot, any case, empty if none).
///
/// On failure says what the bytes look like, for the error message.
pub fn sniff(head: &[u8], extension: &str) -> Result<Format, String> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    // Damaged streams too: the decoder says what is wrong with them.
    if starts(b"\xFF\xD8") {
        return Ok(Format::Jpeg);
    }
    if starts(b"\x89PNG\r\n\x1A\n") {
        return Ok(Format::Png);
    }
    if starts(b"GIF87a") || starts(b"GIF89a") {
        return Ok(Format::Gif);
    }
    if starts(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Ok(Format::WebP);
    }
    if starts(b"\xFF\x0A") || starts(b"\x00\x00\x00\x0CJXL \r\n\x87\n") {
        return Ok(Format::JpegXl);
    }
    if head.get(4..8) == Some(b"ftyp") {
        return sniff_iso_media(head);
    }
    if is_raw_magic(head) {
        return Ok(Format::Raw);
    }
    if starts(b"II+\0") || starts(b"MM\0+") {
        return Ok(Format::Tiff);
    }
    if starts(b"II*\0") || starts(b"MM\0*") {
        let extension = extension.to_ascii_lowercase();
        // Canon's CR2 marks itself behind the TIFF header.
        let raw = head.get(8..10) == Some(b"CR") || TIFF_RAW_EXTENSIONS.contains(&extension.as_str());
        return Ok(if raw { Format::Raw } else { Format::Tiff });
    }
    // Two letters are weak evidence: the header size that follows must be one that exists.
    if starts(b"BM") && head.get(14..18).is_some_and(|size| matches!(size[0], 12..=124) && size[1..] == [0, 0, 0]) {
        return Ok(Format::Bmp);
    }
    Err(describe(head))
}

/// Headers that only raw formats have: Fujifilm, Canon CIFF, Olympus, Panasonic, Sigma, Minolta.
fn is_raw_magic(head: &[u8]) -> bool {
    head.starts_with(b"FUJIFILMCCD-RAW")
        || head.get(6..14) == Some(b"HEAPCCDR")
        || [&b"IIRO"[..], b"IIRS", b"MMOR", b"IIU\0", b"FOVb", b"\0MRM"].iter().any(|magic| head.starts_with(magic))
}

/// Formats on top of the ISO base media file format, by major and compatible brands.
fn sniff_iso_media(head: &[u8]) -> Result<Format, String> {
    let declared = head.get(..4).map_or(0, |b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize);
    let end = declared.clamp(12.min(head.len()), head.len());
    let brands: Vec<&[u8]> = head.get(8..end).unwrap_or_default().chunks_exact(4).collect();
    let major = brands.first().copied().unwrap_or_default();
    let has = |wanted: &[&[u8]]| brands.iter().any(|brand| wanted.contains(brand));
    if major == b"crx " {
        return Ok(Format::Raw);
    }
    if matches!(major, b"avif" | b"avis") {
        return Ok(Format::Avif);
    }
    if matches!(major, b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"hevm" | b"hevs") {
        return Ok(Format::Heif);
    }
    if matches!(major, b"mif1" | b"msf1" | b"mif2" | b"miaf") {
        return Ok(if has(&[b"avif", b"avis"]) { Format::Avif } else { Format::Heif });
    }
    Err("a video or audio file".to_owned())
}

/// What unknown bytes look like, in words.
fn describe(head: &[u8]) -> String {
    let known: [(&[u8], &str); 9] = [
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"<svg", "an SVG drawing"),
        (b"<?xml", "an XML file"),
        (b"8BPS", "a Photoshop document"),
        (b"\0\0\x01\0", "an icon file"),
        (b"RIFF", "a RIFF file without a picture"),
        (b"\x1A\x45\xDF\xA3", "a Matroska video"),
        (b"push ", "an ImageMagick drawing"),
    ];
    if let Some((_, name)) = known.iter().find(|(magic, _)| head.starts_with(magic)) {
        return (*name).to_owned();
    }
    if !head.is_empty() && head.iter().all(|b| (b' '..0x7F).contains(b) || b"\r\n\t".contains(b)) {
        return "a text file".to_owned();
    }
    let bytes: Vec<String> = head.iter().take(8).map(|b| format!("{b:02x}")).collect();
    format!("a file that starts with the bytes {}", bytes.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide_and_the_extension_only_where_they_leave_it_open() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE1....", "heic"), Ok(Format::Jpeg));
        assert_eq!(sniff(b"II*\0\x08\0\0\0", "tif"), Ok(Format::Tiff));
        assert_eq!(sniff(b"II*\0\x08\0\0\0", "NEF"), Ok(Format::Raw));
        assert_eq!(sniff(b"II*\0\x10\0\0\0CR\x02\0", "tif"), Ok(Format::Raw));
        assert_eq!(sniff(b"FUJIFILMCCD-RAW 0201", "jpg"), Ok(Format::Raw));
        assert_eq!(sniff(b"II\x1A\0\0\0HEAPCCDR", ""), Ok(Format::Raw));
    }

    #[test]
    fn brands_tell_still_pictures_from_each_other_and_from_video() {
        assert_eq!(sniff(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", ""), Ok(Format::Heif));
        assert_eq!(sniff(b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf", ""), Ok(Format::Avif));
        assert_eq!(sniff(b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "cr3"), Ok(Format::Raw));
        assert!(sniff(b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "heic").is_err());
    }

    #[test]
    fn refusals_say_what_was_found() {
        assert_eq!(sniff(b"PK\x03\x04....", "jpg"), Err("a ZIP archive or office document".to_owned()));
        assert_eq!(sniff(b"hello world", "jpg"), Err("a text file".to_owned()));
        assert!(sniff(b"BM no bitmap at all, only letters", "").is_err());
        assert!(sniff(b"", "").is_err());
    }
}

//! Tells what a file is from its first bytes, never from its name.
//!
//! Knows every medium that Recollect indexes, and the neighbours that must be told apart from them (audio, documents).
//! The TIFF family and the ISO base media family are told apart further by their readers.

/// A file's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Gif,
    WebP,
    Avi,
    Tiff,
    Bmp,
    Raf,
    Ciff,
    /// HEIC, HEIF, AVIF: still pictures in ISO base media boxes.
    Heif,
    Cr3,
    /// QuickTime, MP4, 3GP: films in boxes.
    Movie,
    Jxl,
    JxlStream,
    Matroska,
    /// A film whose inside only ffprobe reads: MPEG streams, Windows Media, Flash.
    OtherFilm(&'static str),
    /// Something that is no picture and no film, by its MIME type.
    NotMedia(&'static str),
}

/// The format by the first bytes of a file (64 are enough), or `None` for an unknown one.
pub(super) fn sniff(head: &[u8]) -> Option<Format> {
    let at = |start: usize, sign: &[u8]| head.get(start..start + sign.len()) == Some(sign);
    let starts = |sign: &[u8]| at(0, sign);
    Some(match () {
        () if starts(b"\xff\xd8\xff") => Format::Jpeg,
        () if starts(b"\x89PNG\r\n\x1a\n") || starts(b"\x8aMNG\r\n\x1a\n") => Format::Png,
        () if starts(b"GIF87a") || starts(b"GIF89a") => Format::Gif,
        () if starts(b"RIFF") && at(8, b"WEBP") => Format::WebP,
        () if starts(b"RIFF") && (at(8, b"AVI ") || at(8, b"AVIX")) => Format::Avi,
        () if starts(b"RIFF") && at(8, b"WAVE") => Format::NotMedia("audio/wav"),
        () if starts(b"II\x1a\0\0\0HEAPCCDR") => Format::Ciff,
        () if starts(b"FUJIFILMCCD-RAW") => Format::Raf,
        () if ["II*\0", "MM\0*", "II+\0", "MM\0+", "IIRO", "IIRS", "MMOR", "IIU\0"]
            .iter()
            .any(|m| starts(m.as_bytes())) =>
        {
            Format::Tiff
        }
        () if starts(b"\0\0\0\x0cJXL \r\n\x87\n") => Format::Jxl,
        () if starts(b"\xff\x0a") => Format::JxlStream,
        () if at(4, b"ftyp") => brand(head),
        // Films from before the file type box, and ones whose index stands first.
        () if ["moov", "mdat", "wide", "skip", "pnot"].iter().any(|kind| at(4, kind.as_bytes())) => Format::Movie,
        () if at(4, b"free") && head.len() > 15 => Format::Movie,
        () if starts(b"\x1aE\xdf\xa3") => Format::Matroska,
        () if starts(b"BM") && bmp_header(head) => Format::Bmp,
        () => return other(head),
    })
}

/// Formats that are recognised and not read.
fn other(head: &[u8]) -> Option<Format> {
    const SIGNS: [(&[u8], Format); 20] = [
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Format::OtherFilm("video/x-ms-wmv")),
        (b"FLV\x01", Format::OtherFilm("video/x-flv")),
        (b"\0\0\x01\xba", Format::OtherFilm("video/mpeg")),
        (b"\0\0\x01\xb3", Format::OtherFilm("video/mpeg")),
        (b"OggS", Format::NotMedia("audio/ogg")),
        (b"fLaC", Format::NotMedia("audio/flac")),
        (b"ID3", Format::NotMedia("audio/mpeg")),
        (b"\xff\xfb", Format::NotMedia("audio/mpeg")),
        (b"\xff\xf3", Format::NotMedia("audio/mpeg")),
        (b"\xff\xf1", Format::NotMedia("audio/aac")),
        (b"FORM", Format::NotMedia("audio/aiff")),
        (b"%PDF", Format::NotMedia("application/pdf")),
        (b"PK\x03\x04", Format::NotMedia("application/zip")),
        (b"\x1f\x8b", Format::NotMedia("application/gzip")),
        (b"\0\0\x01\0", Format::NotMedia("image/x-icon")),
        (b"8BPS", Format::NotMedia("image/vnd.adobe.photoshop")),
        (b"<svg", Format::NotMedia("image/svg+xml")),
        (b"<?xml", Format::NotMedia("text/xml")),
        (b"<x:xmpmeta", Format::NotMedia("application/rdf+xml")),
        (b"<?xpacket", Format::NotMedia("application/rdf+xml")),
    ];
    if let Some((_, format)) = SIGNS.iter().find(|(sign, _)| head.starts_with(sign)) {
        return Some(*format);
    }
    // Transport streams repeat their sync byte every 188 bytes; camcorders put four bytes of time code before each packet.
    let sync = |first: usize, step: usize| (0..3).all(|packet| head.get(first + packet * step) == Some(&0x47));
    if sync(0, 188) || sync(4, 192) {
        return Some(Format::OtherFilm("video/mp2t"));
    }
    None
}

/// Bytes that [`sniff`] wants to see.
pub(super) const HEAD: usize = 600;

fn bmp_header(head: &[u8]) -> bool {
    head.get(14).is_some_and(|&size| matches!(size, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
        && head.get(15..18) == Some(&[0, 0, 0])
}

/// A file of boxes by its brands (ISO/IEC 14496-12 section 4.3): the major one decides, then the compatible ones.
fn brand(head: &[u8]) -> Format {
    let size = head.get(..4).map_or(0, |size| u32::from_be_bytes([size[0], size[1], size[2], size[3]]) as usize);
    let major = head.get(8..12).unwrap_or_default();
    let compatible = head.get(16..size.clamp(16, head.len().max(16))).unwrap_or_default();
    let picture = |brand: &[u8]| {
        matches!(
            brand,
            b"heic"
                | b"heix"
                | b"heim"
                | b"heis"
                | b"mif1"
                | b"mif2"
                | b"avif"
                | b"hevc"
                | b"hevx"
                | b"msf1"
                | b"avis"
                | b"miaf"
        )
    };
    match major {
        b"crx " => Format::Cr3,
        b"M4A " | b"M4B " | b"M4P " | b"F4A " => Format::NotMedia("audio/mp4"),
        major if picture(major) => Format::Heif,
        b"mp41" | b"mp42" | b"isom" | b"qt  " => Format::Movie,
        _ if compatible.chunks_exact(4).any(|brand| matches!(brand, b"heic" | b"avif")) => Format::Heif,
        _ => Format::Movie,
    }
}

//! Previews in raw files built here byte by byte, and in bytes that are not what they claim to be.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

/// A JPEG of the given size.
fn jpeg_of(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 128]));
    image::codecs::jpeg::JpegEncoder::new(&mut bytes).encode_image(&image).unwrap();
    bytes
}

fn entry(tag: u16, kind: u16, count: u32, value: u32) -> Vec<u8> {
    [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
}

/// A little-endian TIFF with sensor data of 600 × 400 in a sub-directory and two previews, of 160 × 120 and 300 × 200.
fn tiff_raw() -> Vec<u8> {
    let (small, large) = (jpeg_of(160, 120), jpeg_of(300, 200));
    let (small_at, large_at) = (400u32, 400 + small.len() as u32);
    let directory =
        |entries: &[Vec<u8>]| [&(entries.len() as u16).to_le_bytes()[..], &entries.concat(), &[0; 4]].concat();
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend(directory(&[
        entry(0x0201, 4, 1, small_at),
        entry(0x0202, 4, 1, small.len() as u32),
        entry(0x014A, 4, 1, 100),
    ]));
    bytes.resize(100, 0);
    bytes.extend(directory(&[
        entry(0x0100, 4, 1, 600),
        entry(0x0101, 4, 1, 400),
        entry(0x0106, 3, 1, 32803),
        entry(0x0103, 3, 1, 6),
        entry(0x0111, 4, 1, large_at),
        entry(0x0117, 4, 1, large.len() as u32),
        entry(0x014A, 4, 1, 100),
    ]));
    bytes.resize(400, 0);
    [bytes, small, large].concat()
}

fn layout_of(bytes: &[u8]) -> Layout {
    let mut cursor = Cursor::new(bytes);
    read_layout(&mut Source::of_bytes(&mut cursor))
}

fn decode_bytes(bytes: &[u8], name: &str, orientation: u8) -> Result<Picture, PictureError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    crate::ingest::picture::decode(&path, orientation, &DecodeLimits::default())
}

#[test]
fn the_largest_preview_of_a_tiff_is_taken_and_the_sensor_tells_the_size() {
    let picture = decode_bytes(&tiff_raw(), "a.nef", 6).unwrap();
    assert_eq!(picture.format, Format::Raw);
    assert_eq!(picture.image.dimensions(), (200, 300));
    assert_eq!((picture.width, picture.height), (400, 600));
    assert_eq!(decode_bytes(&tiff_raw(), "plain.tif", 1).unwrap().format, Format::Raw, "sensor data make a TIFF raw");
}

#[test]
fn a_preview_that_stands_already_is_not_turned_again() {
    let mut bytes = tiff_raw();
    let standing = jpeg_of(200, 300);
    let at = bytes.len() as u32;
    let offset = 100 + 2 + 4 * 12 + 8;
    bytes[offset..offset + 4].copy_from_slice(&at.to_le_bytes());
    bytes[offset + 12..offset + 16].copy_from_slice(&(standing.len() as u32).to_le_bytes());
    bytes.extend(standing);
    assert_eq!(decode_bytes(&bytes, "a.dng", 6).unwrap().image.dimensions(), (200, 300));
}

#[test]
fn fujifilm_names_its_preview_in_the_header() {
    let preview = jpeg_of(300, 200);
    let mut bytes = b"FUJIFILMCCD-RAW 0201FF000000".to_vec();
    bytes.resize(84, 0);
    for number in [148u32, preview.len() as u32, 100, 48] {
        bytes.extend(number.to_be_bytes());
    }
    bytes.extend(1u32.to_be_bytes());
    bytes.extend([0x01, 0x11, 0, 4, 0x03, 0x20, 0x04, 0xB0]);
    bytes.resize(148, 0);
    bytes.extend(preview);
    let picture = decode_bytes(&bytes, "a.raf", 1).unwrap();
    assert_eq!((picture.width, picture.height, picture.image.width()), (1200, 800, 300));
}

#[test]
fn canon_heaps_are_walked() {
    let preview = jpeg_of(300, 200);
    let record = |tag: u16, size: u32, offset: u32| {
        [&tag.to_le_bytes()[..], &size.to_le_bytes(), &offset.to_le_bytes()].concat()
    };
    // The outer heap holds an inner heap, which holds the preview.
    let length = preview.len() as u32;
    let inner =
        [preview, 1u16.to_le_bytes().to_vec(), record(0x2007, length, 0), length.to_le_bytes().to_vec()].concat();
    let size = inner.len() as u32;
    let outer = [inner, 1u16.to_le_bytes().to_vec(), record(0x300A, size, 0), size.to_le_bytes().to_vec()].concat();
    let mut bytes = b"II\x1A\0\0\0HEAPCCDR".to_vec();
    bytes.resize(26, 0);
    bytes.extend(outer);
    assert_eq!(decode_bytes(&bytes, "a.crw", 8).unwrap().image.dimensions(), (200, 300));
}

#[test]
fn canon_tracks_are_read() {
    let boxed = |kind: &[u8; 4], inner: &[u8]| [&(8 + inner.len() as u32).to_be_bytes()[..], kind, inner].concat();
    let preview = jpeg_of(300, 200);
    let build = |offset: u32| {
        let sizes = [&[0; 4][..], &(preview.len() as u32).to_be_bytes(), &1u32.to_be_bytes()].concat();
        let offsets = [&[0; 4][..], &1u32.to_be_bytes(), &offset.to_be_bytes()].concat();
        let table = boxed(b"stbl", &[boxed(b"stsz", &sizes), boxed(b"stco", &offsets)].concat());
        let track = boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &table)));
        [boxed(b"ftyp", b"crx \0\0\0\x01crx isom"), boxed(b"moov", &track)].concat()
    };
    let header = build(0).len() as u32 + 8;
    let bytes = [build(header), boxed(b"mdat", &preview)].concat();
    assert_eq!(decode_bytes(&bytes, "a.cr3", 1).unwrap().image.dimensions(), (300, 200));
}

#[test]
fn a_file_of_unknown_structure_is_searched() {
    let bytes = [&b"FOVb"[..], &[7; 5000], &jpeg_of(300, 200), &[9; 300]].concat();
    assert_eq!(decode_bytes(&bytes, "a.x3f", 1).unwrap().image.dimensions(), (300, 200));
    assert_eq!(decode_bytes(&[&b"FOVb"[..], &[7; 5000]].concat(), "a.x3f", 1).unwrap_err().code(), "no_preview");
}

proptest! {
    #[test]
    fn no_bytes_break_the_walkers(
        head in prop::sample::select(vec![
            &b"II*\0\x08\0\0\0"[..], b"MM\0*\0\0\0\x08", b"IIU\0\x08\0\0\0", b"FUJIFILMCCD-RAW ", b"II\x0E\0\0\0HEAPCCDR", b"\0\0\0\x10ftypcrx \0\0\0\0",
        ]),
        noise in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let bytes = [head, &noise].concat();
        for span in layout_of(&bytes).previews {
            prop_assert!(span.offset + span.length <= bytes.len() as u64);
        }
    }

    #[test]
    fn a_raw_file_with_any_bytes_changed_is_still_walked(
        changes in prop::collection::vec((0usize..400, any::<u8>()), 1..20), cut in 0usize..3000,
    ) {
        let mut bytes = tiff_raw();
        for (at, value) in changes { bytes[at] = value; }
        bytes.truncate(bytes.len().saturating_sub(cut));
        for span in layout_of(&bytes).previews {
            prop_assert!(span.offset + span.length <= bytes.len() as u64);
        }
    }
}

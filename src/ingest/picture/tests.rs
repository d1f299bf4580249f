//! Pictures of every format and orientation, and of files that are broken on purpose.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::*;
use crate::fixtures::shared;

/// Left half red, right half blue, with a green stripe at the top.
fn sample(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 8) {
        (_, true) => Rgb([0, 255, 0]),
        (true, _) => Rgb([255, 0, 0]),
        _ => Rgb([0, 0, 255]),
    })
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn is_close(pixel: &Rgb<u8>, wanted: [u8; 3]) -> bool {
    pixel.0.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 60)
}

#[test]
fn every_format_that_can_be_written_here_comes_back_upright_and_reduced() {
    let folder = tempfile::tempdir().unwrap();
    let image = DynamicImage::ImageRgb8(sample(400, 200));
    let limits = DecodeLimits { longest_edge: 100, ..DecodeLimits::default() };
    let formats =
        [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Tiff, ImageFormat::Bmp];
    for format in formats {
        let path = write(folder.path(), "wrong-extension.txt", &encode(&image, format));
        let picture = decode(&path, 6, &limits).unwrap();
        assert_eq!((picture.width, picture.height), (200, 400), "{format:?}");
        assert_eq!(picture.image.dimensions(), (50, 100), "{format:?}");
        // Orientation 6: the stored top is the right-hand side.
        assert!(is_close(picture.image.get_pixel(48, 50), [0, 255, 0]), "{format:?}");
        assert!(is_close(picture.image.get_pixel(10, 10), [255, 0, 0]), "{format:?}");
        assert!(!picture.incomplete, "{format:?}");
    }
}

#[test]
fn deep_and_transparent_samples_become_plain_rgb() {
    let folder = tempfile::tempdir().unwrap();
    let deep = DynamicImage::ImageRgb8(sample(40, 40)).to_rgb16();
    let path = write(folder.path(), "deep.png", &encode(&DynamicImage::ImageRgb16(deep), ImageFormat::Png));
    assert!(is_close(decode(&path, 1, &DecodeLimits::default()).unwrap().image.get_pixel(5, 30), [255, 0, 0]));
    let clear = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(9, 9, image::Rgba([0, 0, 0, 0])));
    let path = write(folder.path(), "clear.png", &encode(&clear, ImageFormat::Png));
    assert_eq!(decode(&path, 1, &DecodeLimits::default()).unwrap().image.get_pixel(4, 4).0, [255, 255, 255]);
}

#[test]
fn a_truncated_jpeg_shows_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let noisy = RgbImage::from_fn(320, 320, |x, y| Rgb([(x * 7 + y * y) as u8, (x * y) as u8, (x ^ y) as u8]));
    let bytes = encode(&DynamicImage::ImageRgb8(noisy), ImageFormat::Jpeg);
    let path = write(folder.path(), "cut.jpg", &bytes[..bytes.len() / 2]);
    let picture = decode(&path, 1, &DecodeLimits::default()).unwrap();
    assert!(picture.incomplete);
    assert_eq!((picture.width, picture.height), (320, 320));
    let path = write(folder.path(), "stub.jpg", &bytes[..100]);
    assert!(matches!(decode(&path, 1, &DecodeLimits::default()).unwrap_err().code(), "truncated" | "damaged"));
}

#[test]
fn claims_of_size_are_refused_before_anything_is_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = encode(&DynamicImage::ImageRgb8(sample(16, 16)), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&200_000_000u32.to_be_bytes());
    let path = write(folder.path(), "bomb.png", &bytes);
    assert_eq!(decode(&path, 1, &DecodeLimits::default()).unwrap_err().code(), "too_many_pixels");
    let limits = DecodeLimits { max_pixels: 1000, ..DecodeLimits::default() };
    for format in [ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Tiff, ImageFormat::Bmp] {
        let path = write(folder.path(), "large", &encode(&DynamicImage::ImageRgb8(sample(64, 64)), format));
        assert_eq!(decode(&path, 1, &limits).unwrap_err().code(), "too_many_pixels", "{format:?}");
    }
    let limits = DecodeLimits { max_memory: 1000, ..DecodeLimits::default() };
    let path = write(folder.path(), "large", &encode(&DynamicImage::ImageRgb8(sample(64, 64)), ImageFormat::Jpeg));
    assert_eq!(decode(&path, 1, &limits).unwrap_err().code(), "too_much_memory");
    let limits = DecodeLimits { max_file_bytes: 100, ..DecodeLimits::default() };
    assert_eq!(decode(&path, 1, &limits).unwrap_err().code(), "file_too_large");
}

#[test]
fn files_without_a_picture_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let code = |name: &str, bytes: &[u8]| {
        decode(&write(folder.path(), name, bytes), 1, &DecodeLimits::default()).unwrap_err().code()
    };
    assert_eq!(code("empty.jpg", b""), "empty_file");
    assert_eq!(code("text.jpg", b"not a picture"), "unsupported_format");
    assert_eq!(code("bare.nef", b"II*\0\x08\0\0\0\0\0\0\0\0\0"), "no_preview");
    assert_eq!(
        decode(&folder.path().join("absent.jpg"), 1, &DecodeLimits::default()).unwrap_err().code(),
        "unreadable"
    );
}

#[test]
fn time_that_is_over_ends_decoding() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "a.png", &encode(&DynamicImage::ImageRgb8(sample(64, 64)), ImageFormat::Png));
    let limits = DecodeLimits { max_time: Duration::ZERO, ..DecodeLimits::default() };
    assert_eq!(decode(&path, 1, &limits).unwrap_err().code(), "timed_out");
}

#[test]
fn thumbnails_are_whole_small_and_never_enlarged() {
    let folder = tempfile::tempdir().unwrap();
    let picture = Picture {
        image: sample(1500, 750),
        width: 3000,
        height: 1500,
        format: Format::Jpeg,
        icc: None,
        incomplete: false,
    };
    let written = write_thumbnails(&picture, folder.path(), "abcdef0123").unwrap();
    let sizes: Vec<_> = written.iter().map(|path| image::image_dimensions(path).unwrap()).collect();
    assert_eq!(sizes, [(1024, 512), (256, 128)]);
    assert!(written[1].ends_with("ab/cd/abcdef0123_256.jpg"));
    let small = Picture { image: sample(100, 80), ..picture };
    let written = write_thumbnails(&small, folder.path(), "abcdef0123").unwrap();
    assert!(written.iter().all(|path| image::image_dimensions(path).unwrap() == (100, 80)));
    assert_eq!(std::fs::read_dir(folder.path().join("ab/cd")).unwrap().count(), 2, "no temporary file is left");
}

#[test]
fn all_eight_orientations_show_the_same_picture() {
    let Some(folder) = shared("media/exif-orientation") else { return };
    for scene in ["Landscape", "Portrait"] {
        let upright = decode(&folder.join(format!("{scene}_1.jpg")), 1, &DecodeLimits::default()).unwrap();
        for orientation in 2..=8u8 {
            let path = folder.join(format!("{scene}_{orientation}.jpg"));
            let turned = decode(&path, orientation, &DecodeLimits::default()).unwrap();
            assert_eq!((turned.width, turned.height), (upright.width, upright.height), "{scene} {orientation}");
            let (a, b) = (scale::resample(&upright.image, 16, 16), scale::resample(&turned.image, 16, 16));
            let worst = a.as_raw().iter().zip(b.as_raw()).map(|(x, y)| x.abs_diff(*y)).max();
            assert!(worst < Some(40), "{scene} {orientation} differs by {worst:?}");
        }
    }
}

#[test]
fn the_decompression_bomb_is_refused_by_its_header() {
    let Some(path) = shared("media/mei-sample/png/ImageTestSuite/817f96555e2d683e7b12f778c4e38022.png") else { return };
    assert_eq!(decode(&path, 1, &DecodeLimits::default()).unwrap_err().code(), "too_many_pixels");
}

#[test]
fn pictures_of_recent_phones_are_decoded_and_turned_once() {
    let Some(root) = shared("media") else { return };
    if installed_heif_decoder().is_none() {
        return eprintln!("SKIPPED: libheif-examples is not installed");
    }
    // Both have auxiliary images and metadata in a form that libheif 1.15 refuses, and EXIF orientation 6 beside their
    // own rotation.
    for (path, size) in [
        ("pigallery2/test/backend/assets/orientation/IMG_0307.HEIC", (4284, 5712)),
        ("photoview/api/scanner/externaltools/exiftool/test_data/subsec_no_timezone.heic", (3024, 4032)),
    ] {
        let picture = decode(&root.join(path), 6, &DecodeLimits::default()).unwrap();
        assert_eq!((picture.width, picture.height), size, "{path}");
        assert_eq!(picture.image.height(), THUMBNAIL_SIZES[0], "{path}");
    }
}

#[test]
fn every_real_file_ends_in_a_picture_or_a_reason() {
    let Some(root) = shared("media") else { return };
    // Decoding on this thread after an external decoder's deadline takes the rest of a minute on the busiest machine.
    let limits = DecodeLimits { max_time: Duration::from_secs(30), ..DecodeLimits::default() };
    let mut table: BTreeMap<(String, &'static str), usize> = BTreeMap::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let start = Instant::now();
            let result = decode(&path, 1, &limits);
            assert!(start.elapsed() < Duration::from_secs(60), "{} took {:?}", path.display(), start.elapsed());
            let row = match &result {
                Ok(picture) => {
                    assert!(
                        picture.image.width().max(picture.image.height()) <= THUMBNAIL_SIZES[0],
                        "{}",
                        path.display()
                    );
                    (picture.format.name().to_owned(), if picture.incomplete { "decoded in part" } else { "decoded" })
                }
                Err(error) => {
                    assert_ne!(error.code(), "decoder_panicked", "{}", path.display());
                    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
                    (format!(".{extension}"), error.code())
                }
            };
            *table.entry(row).or_default() += 1;
        }
    }
    for ((format, outcome), count) in &table {
        println!("{format:14} {outcome:20} {count}");
    }
    let decoded = |format: &str| table.get(&(format.to_owned(), "decoded")).copied().unwrap_or(0);
    for format in ["JPEG", "PNG", "GIF", "WebP", "TIFF", "BMP", "JPEG XL", "raw"] {
        assert!(decoded(format) > 0, "{format}");
    }
    if installed_heif_decoder().is_some() {
        assert!(decoded("HEIC") > 0 && decoded("AVIF") > 0);
    }
}

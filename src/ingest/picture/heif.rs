//! Decodes HEIC, HEIF and AVIF by an external program, because no decoder for them is free of C code or patents.
//!
//! libheif's tool applies the file's own rotation and mirroring (`irot`, `imir`); ffmpeg, which stands in for AVIF,
//! does not do so in every version, so it is told not to and we do. Either way the result is upright, and EXIF
//! orientation is not applied on top (ISO/IEC 23008-12, A.2.4). Sizes are checked from the file's own boxes before a
//! program is started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Instant;

use image::metadata::Orientation;

use super::boxes::{self, read_u16, read_u32};
use super::raster::{self, Raster};
use super::{DecodeLimits, Format, PictureError, jpeg};
use crate::subprocess::{self, Bounds, Finished, SubprocessError};

/// Names of libheif's decoder: the present one and the one up to version 1.18.
const HEIF_DECODERS: [&str; 2] = ["heif-dec", "heif-convert"];

/// Bytes of the file's start in which its metadata boxes are looked for.
const METADATA_BYTES: u64 = 4 << 20;

/// Decodes the primary image of `path`, upright.
pub fn decode_file(path: &Path, format: Format, limits: &DecodeLimits) -> Result<Raster, PictureError> {
    let described = describe(&read_start(path, METADATA_BYTES)?);
    if let Some((width, height)) = described.largest {
        limits.check(width.into(), height.into(), 8)?;
    }
    // All attempts share one deadline.
    let deadline = Instant::now() + limits.max_time;
    // Programs see an absolute path, so that a name that starts with a dash or names a protocol is still a file.
    let path = std::path::absolute(path)?;
    let by_libheif = match decode_by_libheif(&path, &described, limits, deadline) {
        Err(first @ PictureError::DecoderFailed { .. }) => match decode_plainly(&path, &described, limits, deadline) {
            Some(Err(late @ PictureError::TimedOut(_))) => Err(late),
            Some(Ok(raster)) => Ok(raster),
            _ => Err(first),
        },
        result => result,
    };
    match by_libheif {
        Err(PictureError::DecoderFailed { .. } | PictureError::DecoderMissing { .. }) if format == Format::Avif => {
            decode_by_ffmpeg(&path, &described, limits, deadline).map_err(|error| match (error, by_libheif) {
                // Say what the better decoder said; ffmpeg was the second choice.
                (PictureError::DecoderMissing { .. } | PictureError::DecoderFailed { .. }, Err(first)) => first,
                (error, _) => error,
            })
        }
        result => result,
    }
}

/// Runs libheif's tool; JPEG at high quality in between, because its PNG takes five to eight times as long (measured at
/// 12 and 24 megapixels).
fn decode_by_libheif(
    path: &Path,
    described: &Description,
    limits: &DecodeLimits,
    deadline: Instant,
) -> Result<Raster, PictureError> {
    let missing = PictureError::DecoderMissing { program: "heif-dec", package: "libheif-examples" };
    let program = installed_decoder().ok_or(missing)?;
    let folder = tempfile::tempdir()?;
    let arguments: Vec<OsString> = vec!["-q".into(), "95".into(), path.into(), "picture.jpg".into()];
    let done = run(&program, "heif-dec", &arguments, folder.path(), limits, deadline)?;
    // With several images in the file each gets a number, in the order of the file: the primary one is known by its size.
    let mut outputs: Vec<PathBuf> =
        std::fs::read_dir(folder.path())?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    outputs.sort_by_key(|file| (file.as_os_str().len(), file.clone()));
    let mut first = None;
    for output in outputs {
        let bytes = std::fs::read(output)?;
        if described.is_primary(&bytes) {
            return raster::decode_jpeg(&bytes, limits);
        }
        first.get_or_insert(bytes);
    }
    first.map_or_else(|| Err(failed("heif-dec", &done)), |bytes| raster::decode_jpeg(&bytes, limits))
}

/// Has another try with a copy whose references between items (depth maps, gain maps, metadata) are struck out: libheif
/// 1.15 refuses files of recent phones for references that the picture itself does not need. `None` when there are none
/// to strike out.
fn decode_plainly(
    path: &Path,
    described: &Description,
    limits: &DecodeLimits,
    deadline: Instant,
) -> Option<Result<Raster, PictureError>> {
    let mut bytes = read_start(path, limits.max_file_bytes).ok()?;
    let mut struck = false;
    for at in accessory_references(&bytes) {
        // `free` is a box without meaning (ISO/IEC 14496-12, 8.1.2); nothing moves.
        bytes.get_mut(at..at + 4)?.copy_from_slice(b"free");
        struck = true;
    }
    if !struck {
        return None;
    }
    let folder = tempfile::tempdir().ok()?;
    let copy = folder.path().join("plain.heic");
    std::fs::write(&copy, bytes).ok()?;
    Some(decode_by_libheif(&copy, described, limits, deadline))
}

/// Where the types of references to auxiliary images (`auxl`) and metadata (`cdsc`) stand in a file (ISO/IEC 14496-12,
/// 8.11.12).
fn accessory_references(bytes: &[u8]) -> Vec<usize> {
    let Some(meta) = boxes::find(bytes, b"meta") else { return Vec::new() };
    let Some(inner) = meta.contents.get(4..) else { return Vec::new() };
    let Some(references) = boxes::find(inner, b"iref") else { return Vec::new() };
    let Some(list) = references.contents.get(4..) else { return Vec::new() };
    let start = meta.start + 4 + references.start + 4;
    boxes::walk(list)
        .filter(|found| matches!(&found.kind, b"auxl" | b"cdsc"))
        .filter_map(|found| (start + found.start).checked_sub(4))
        .collect()
}

/// Runs ffmpeg, and applies the rotation and mirroring of `described` to what it gives.
fn decode_by_ffmpeg(
    path: &Path,
    described: &Description,
    limits: &DecodeLimits,
    deadline: Instant,
) -> Result<Raster, PictureError> {
    let missing = PictureError::DecoderMissing { program: "ffmpeg", package: "ffmpeg" };
    let program = subprocess::find_program("ffmpeg").ok_or(missing)?;
    let folder = tempfile::tempdir()?;
    let mut arguments: Vec<OsString> =
        ["-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file"].map(OsString::from).to_vec();
    arguments.extend(["-noautorotate", "-threads", "2", "-i"].map(OsString::from));
    arguments.push(path.into());
    arguments.extend(["-frames:v", "1", "-q:v", "2", "-y", "picture.jpg"].map(OsString::from));
    let done = run(&program, "ffmpeg", &arguments, folder.path(), limits, deadline)?;
    let output = folder.path().join("picture.jpg");
    if !output.is_file() {
        return Err(failed("ffmpeg", &done));
    }
    let mut raster = raster::decode_jpeg(&std::fs::read(output)?, limits)?;
    for step in &described.transformations {
        raster.image.apply_orientation(*step);
        if matches!(step, Orientation::Rotate90 | Orientation::Rotate270) {
            raster.size = (raster.size.1, raster.size.0);
        }
    }
    Ok(raster)
}

/// Runs a decoder within bounds; a temporary file of an uncompressed picture's size is room enough.
fn run(
    program: &Path,
    name: &'static str,
    arguments: &[OsString],
    folder: &Path,
    limits: &DecodeLimits,
    deadline: Instant,
) -> Result<Finished, PictureError> {
    let bounds = Bounds {
        time: deadline.saturating_duration_since(Instant::now()),
        memory: limits.max_memory.max(512 << 20),
        file: limits.max_file_bytes,
        stdout: 64 * 1024,
    };
    subprocess::run(program, arguments, folder, &bounds).map_err(|error| match error {
        SubprocessError::TimedOut(_) => PictureError::TimedOut(limits.max_time),
        SubprocessError::Io(error) => PictureError::Unreadable(error),
        other => PictureError::DecoderFailed { program: name, message: other.to_string() },
    })
}

/// The reason that a program gave for having made no picture.
fn failed(program: &'static str, done: &Finished) -> PictureError {
    PictureError::DecoderFailed { program, message: done.complaint() }
}

/// At most `limit` bytes from the start of a file.
fn read_start(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut start = Vec::new();
    std::fs::File::open(path)?.take(limit).read_to_end(&mut start)?;
    Ok(start)
}

/// What the metadata boxes say about the pictures of a file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Description {
    /// Size of the largest image item (`ispe`, ISO/IEC 23008-12 6.5.3), before transformations.
    largest: Option<(u32, u32)>,
    /// Size of the primary item, before transformations.
    primary: Option<(u32, u32)>,
    /// Rotation and mirroring of the primary item, in the order in which they are to be applied.
    transformations: Vec<Orientation>,
}

impl Description {
    /// Whether a decoded image has the size of the primary item, upright or not.
    fn is_primary(&self, jpeg: &[u8]) -> bool {
        let size = jpeg::read_header(jpeg).map(|header| (header.width, header.height));
        size.is_some() && (size == self.primary || size.map(|(w, h)| (h, w)) == self.primary)
    }
}

/// Reads sizes and transformations from the start of a file.
fn describe(bytes: &[u8]) -> Description {
    // `meta` and `ipma`, `pitm` are full boxes: version and flags come first.
    let meta = boxes::find(bytes, b"meta").and_then(|found| found.contents.get(4..)).unwrap_or_default();
    let properties = boxes::find(meta, b"iprp").map(|found| found.contents).unwrap_or_default();
    let shared: Vec<_> =
        boxes::descend(properties, &[b"ipco"]).map(|ipco| boxes::walk(ipco).collect()).unwrap_or_default();
    let size = |contents: &[u8]| Some((read_u32(contents, 4)?, read_u32(contents, 8)?));
    let largest = shared
        .iter()
        .filter(|property| &property.kind == b"ispe")
        .filter_map(|property| size(property.contents))
        .max_by_key(|(width, height)| u64::from(*width) * u64::from(*height));
    let of_primary: Vec<_> = primary_item(meta)
        .map(|item| associated(properties, item))
        .unwrap_or_default()
        .into_iter()
        .filter_map(|index| shared.get(index.checked_sub(1)?))
        .collect();
    let primary = of_primary.iter().find(|property| &property.kind == b"ispe").and_then(|p| size(p.contents));
    let transformations = of_primary.iter().filter_map(|p| transformation(&p.kind, p.contents)).collect();
    Description { largest, primary, transformations }
}

/// Identifier of the primary item (`pitm`).
fn primary_item(meta: &[u8]) -> Option<u32> {
    let pitm = boxes::find(meta, b"pitm")?.contents;
    if pitm.first() == Some(&0) { read_u16(pitm, 4).map(u32::from) } else { read_u32(pitm, 4) }
}

/// Indexes (from 1) into `ipco` of the properties of `item`, in order (`ipma`, ISO/IEC 23008-12 9.3.1).
fn associated(properties: &[u8], item: u32) -> Vec<usize> {
    let read = || -> Option<Vec<usize>> {
        let ipma = boxes::find(properties, b"ipma")?.contents;
        let (long_items, long_indexes) = (*ipma.first()? >= 1, ipma.get(3)? & 1 == 1);
        let mut at = 8;
        for _ in 0..read_u32(ipma, 4)? {
            let id = if long_items { read_u32(ipma, at)? } else { read_u16(ipma, at)?.into() };
            at += if long_items { 4 } else { 2 };
            let count = usize::from(*ipma.get(at)?);
            at += 1;
            let index = |n: usize| {
                if long_indexes {
                    read_u16(ipma, at + 2 * n).map(|v| usize::from(v & 0x7FFF))
                } else {
                    ipma.get(at + n).map(|v| usize::from(v & 0x7F))
                }
            };
            if id == item {
                return (0..count).map(index).collect();
            }
            at += if long_indexes { 2 * count } else { count };
        }
        None
    };
    read().unwrap_or_default()
}

/// The transformation that a property asks for: `irot` turns counter-clockwise by quarters, `imir` mirrors left-right
/// (axis 0 is vertical) or top-bottom.
fn transformation(kind: &[u8; 4], contents: &[u8]) -> Option<Orientation> {
    let value = *contents.first()?;
    match (kind, value & 3) {
        (b"irot", 1) => Some(Orientation::Rotate270),
        (b"irot", 2) => Some(Orientation::Rotate180),
        (b"irot", 3) => Some(Orientation::Rotate90),
        (b"imir", _) if value & 1 == 0 => Some(Orientation::FlipHorizontal),
        (b"imir", _) => Some(Orientation::FlipVertical),
        _ => None,
    }
}

/// The program that decodes HEIC, if one is installed.
pub fn installed_decoder() -> Option<PathBuf> {
    HEIF_DECODERS.iter().find_map(|name| subprocess::find_program(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn boxed(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
        let mut bytes = (8 + contents.len() as u32).to_be_bytes().to_vec();
        bytes.extend(kind);
        bytes.extend(contents);
        bytes
    }

    fn file(angle: u8) -> Vec<u8> {
        let size = |w: u32, h: u32| [vec![0; 4], w.to_be_bytes().to_vec(), h.to_be_bytes().to_vec()].concat();
        let ipco = boxed(
            b"ipco",
            &[boxed(b"ispe", &size(512, 512)), boxed(b"ispe", &size(4032, 3024)), boxed(b"irot", &[angle])].concat(),
        );
        let ipma =
            boxed(b"ipma", &[&[0, 0, 0, 0][..], &2u32.to_be_bytes(), &[0, 7, 1, 1], &[0, 9, 2, 2, 0x83]].concat());
        let meta = [vec![0; 4], boxed(b"pitm", &[0, 0, 0, 0, 0, 9]), boxed(b"iprp", &[ipco, ipma].concat())].concat();
        [boxed(b"ftyp", b"avif\0\0\0\0"), boxed(b"meta", &meta)].concat()
    }

    #[test]
    fn the_primary_item_tells_its_rotation_and_the_largest_item_the_size() {
        let described = describe(&file(1));
        assert_eq!(described.largest, Some((4032, 3024)));
        assert_eq!(described.transformations, [Orientation::Rotate270]);
        assert_eq!(describe(&file(0)).transformations, []);
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_description(noise in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..150) {
            let mut bytes = file(3);
            for (n, byte) in noise.iter().enumerate() {
                if let Some(slot) = bytes.get_mut(at + n) { *slot = *byte; }
            }
            describe(&bytes);
        }
    }
}

//! The moving part of motion photos: a video appended to the picture's file.
//!
//! Where it lies is told by the picture's metadata, which `ingest::metadata` reads; a claim is believed only where a
//! video really starts. The original is only read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::VideoError;

/// Where the video lies in a motion photo's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MotionPart {
    /// First byte, counted from the start of the file.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
}

/// Smallest video that is worth showing, in bytes.
const SMALLEST: u64 = 256;
/// Most bytes at the end of a file that are searched for a video.
const SEARCHED_BYTES: u64 = 64 << 20;

/// Checks that a video lies at `offset` of the file. A length of 0 means "to the end of the file".
///
/// # Errors
/// `NoMotionPart` when the span leaves the file or does not start with a file type box (ISO/IEC 14496-12, 4.3); `Unreadable`.
pub fn find_motion_part(path: &Path, offset: u64, length: u64) -> Result<MotionPart, VideoError> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let length = if length == 0 { size.saturating_sub(offset) } else { length };
    let end = offset.checked_add(length).filter(|end| *end <= size);
    if end.is_none() || length < SMALLEST {
        return Err(VideoError::NoMotionPart("the span lies outside the file"));
    }
    let mut head = [0; 12];
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut head)?;
    if &head[4..8] != b"ftyp" {
        return Err(VideoError::NoMotionPart("no video starts there"));
    }
    Ok(MotionPart { offset, length })
}

impl MotionPart {
    /// Looks for the video behind a picture whose metadata do not say where it is, or say it wrongly: the last file
    /// type box of the file.
    ///
    /// # Errors
    /// `NoMotionPart` when there is none; `Unreadable`.
    pub fn search(path: &Path) -> Result<Self, VideoError> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let start = size.saturating_sub(SEARCHED_BYTES);
        file.seek(SeekFrom::Start(start))?;
        let mut tail = Vec::new();
        file.take(SEARCHED_BYTES).read_to_end(&mut tail)?;
        const BRANDS: [&[u8]; 5] = [b"isom", b"mp42", b"mp41", b"qt  ", b"iso2"];
        // A box of plausible size whose major brand is a video's; a HEIC's own box at the very start is none.
        let is_video = |at: &usize| {
            *at >= 4
                && start + *at as u64 > 4
                && tail.get(at - 4..at - 1) == Some(&[0, 0, 0])
                && tail.get(at + 4..at + 8).is_some_and(|brand| BRANDS.contains(&brand))
        };
        let mut found = tail.windows(4).enumerate().rev().filter(|(_, w)| *w == b"ftyp").map(|(at, _)| at);
        let at = found.find(is_video).ok_or(VideoError::NoMotionPart("no video follows the picture"))?;
        let offset = start + at as u64 - 4;
        find_motion_part(path, offset, 0)
    }
}

/// Copies the moving part of `path` into a file of its own, replacing it; the name never stands for half a file.
///
/// # Errors
/// As [`find_motion_part`], and `Unreadable` when writing fails.
pub fn cut_motion_part(path: &Path, part: MotionPart, destination: &Path) -> Result<(), VideoError> {
    let part = find_motion_part(path, part.offset, part.length)?;
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(part.offset))?;
    let folder = destination.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut temporary = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
    let copied = std::io::copy(&mut file.take(part.length), &mut temporary)?;
    if copied != part.length {
        return Err(VideoError::NoMotionPart("the file ends within it"));
    }
    temporary.as_file().sync_all()?;
    temporary.persist(destination).map_err(|error| error.error)?;
    Ok(())
}

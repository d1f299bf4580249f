//! Reads what a photo or film says of itself, what files beside it say of it, and what its name hints at.
//!
//! [`read`] looks into one file by bounded reads; [`Siblings`], [`read_sidecars`] and [`Metadata::merge_sidecars`] add
//! what lies beside it; [`Metadata::merge_folder`] adds what its folders are called; [`read_all`] does all of it. Every
//! value read is kept in [`Metadata::values`] with its source; for each field one of them is chosen. What must stay
//! true: no input makes a reader panic, hang, or use more than [`Limits`]; a broken part costs that part and a warning;
//! a file that is no medium is a clear error. Decoding pictures, running ffprobe, time zones of places and reverse
//! geocoding are left to others.
//!
//! # Which value counts
//!
//! *Time*: sidecar XMP's original, EXIF `DateTimeOriginal`, embedded XMP's original (`exif:DateTimeOriginal`,
//! `photoshop:DateCreated`), QuickTime `creationdate`, IPTC `DateCreated`, container dates; then the same sources' time
//! of creation or digitizing (EXIF `DateTimeDigitized`, `xmp:CreateDate`, QuickTime `creation_time`, which is UTC);
//! Takeout's `photoTakenTime` (UTC); a satellite's time (UTC); the file's name; the year that a title names ("School
//! class of 1934": scans know no other); EXIF `DateTime`, which is the last change; the folder's name; other times of
//! change. A day gives way to a full time within that day. An offset comes from the value itself, from `OffsetTime*`,
//! from another reading of the same second, or from a reading in UTC: the difference, rounded to a quarter of an hour,
//! if clocks there show it anywhere and it is met within five minutes. Where only UTC is known, [`Taken::needs_zone`]
//! says so.
//!
//! *Words* (title, description, keywords, rating, places, people): sidecar XMP, Takeout, Picasa, embedded XMP, IPTC, EXIF,
//! QuickTime, other containers: what people wrote last in the program they use. This is the Metadata Working Group's order
//! but for EXIF, which programs neglect. Keywords and people of all sources are joined. Descriptions that cameras
//! write into every picture do not count. A rating of 0 gives way to stars.
//!
//! *Position*: sidecar XMP, EXIF GPS, QuickTime, embedded XMP, other containers, Takeout. 0/0 is none.
//!
//! *Camera, lens, exposure*: EXIF, maker notes, QuickTime, XMP. *Orientation*: what decoders apply: a raw file's sidecar, the
//! container's own (HEIF, AVIF, JPEG XL, films), EXIF. *Made by a machine*: Content Credentials, the IPTC's source type,
//! what programs write of how they made it.

mod boxes;
mod camera;
mod choose;
mod encoding;
mod exif;
mod facts;
mod generated;
mod gif;
mod heif;
mod input;
mod iptc;
mod jpeg;
mod jumbf;
mod jxl;
mod matroska;
mod model;
mod motion;
mod movie;
mod movie_text;
mod names;
mod orientation;
mod picasa;
mod png;
mod raw;
mod riff;
mod sidecars;
mod sniff;
mod takeout;
mod tiff;
mod when;
mod xmp;
mod xmp_fields;
mod xmp_regions;

#[cfg(test)]
mod agreement_test;
#[cfg(test)]
mod choose_test;
#[cfg(test)]
mod formats_test;
#[cfg(test)]
mod generated_test;
#[cfg(test)]
mod library_test;
#[cfg(test)]
mod robustness_test;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

pub use self::camera::label as camera_label;
pub use self::input::Limits;
pub use self::model::{
    Camera, Exposure, Generated, Keyword, Metadata, MotionPart, Person, PlaceNames, Position, Precision, Region, Size,
    Source, Sourced, SourcedValue, SubjectKind, Taken, offset_label,
};
pub use self::names::{file_date, folder_date};
pub use self::orientation::stored_region;
pub use self::sidecars::{Siblings, Sidecars, read_sidecars};

use self::facts::{Facts, Role};
use self::input::{Input, Trouble};
use self::sniff::Format;

/// Why a file has no metadata at all.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// The operating system could not read the file.
    #[error("cannot read {}: {source}; check that it is there and may be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds nothing.
    #[error("{} is empty; copy it again from where it came from", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else than a photo or film.
    #[error("{} is no photo or film but {found}; it is left out", path.display())]
    NotMedia {
        /// The file.
        path: PathBuf,
        /// What it is: a MIME type, or "of an unknown format".
        found: &'static str,
    },
}

impl MetadataError {
    /// The code under which the error is stored and sent.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file_unreadable",
            Self::Empty { .. } => "file_empty",
            Self::NotMedia { .. } => "not_media",
        }
    }
}

/// Reads what a file says of itself, and the date in its name.
///
/// # Errors
/// When the file cannot be read, is empty, or is neither photo nor film. Damage within a medium is in [`Metadata::warnings`].
pub fn read(path: &Path, limits: &Limits) -> Result<Metadata, MetadataError> {
    let unreadable = |source| MetadataError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let info = file.metadata().map_err(unreadable)?;
    if !info.is_file() {
        return Err(MetadataError::NotMedia { path: path.to_owned(), found: "no regular file" });
    }
    if info.len() == 0 {
        return Err(MetadataError::Empty { path: path.to_owned() });
    }
    let mut facts = match read_input(&mut Input::new(file, info.len(), limits), limits) {
        Ok(facts) => facts,
        Err(Refusal::Io(source)) => return Err(unreadable(source)),
        Err(Refusal::NotMedia(found)) => return Err(MetadataError::NotMedia { path: path.to_owned(), found }),
    };
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    if let Some(taken) = file_date(&name) {
        facts.time("file name", Role::Original, taken, Source::FileName);
    }
    facts.screenshot |= names::is_screenshot(&name);
    Ok(choose::choose(facts))
}

/// Reads a file, the sidecars beside it, and the names of its folders below `root`.
///
/// `siblings` lists the file's folder; without it the folder is listed anew.
///
/// # Errors
/// As [`read`].
pub fn read_all(
    path: &Path,
    root: &Path,
    siblings: Option<&Siblings>,
    limits: &Limits,
) -> Result<Metadata, MetadataError> {
    let mut metadata = read(path, limits)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let listed = match siblings {
        Some(_) => None,
        None => Siblings::list(folder).ok(),
    };
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    if let Some(siblings) = siblings.or(listed.as_ref()) {
        let sidecars = read_sidecars(&siblings.sidecars_of(&name), &name, limits);
        metadata.merge_sidecars(sidecars);
    }
    metadata.merge_folder(folder.strip_prefix(root).unwrap_or(Path::new("")));
    Ok(metadata)
}

impl Metadata {
    /// Adds what sidecars say, and chooses anew.
    pub fn merge_sidecars(&mut self, sidecars: Sidecars) {
        let mut facts = std::mem::take(&mut self.facts);
        facts.extend(sidecars.facts);
        let mut paths = std::mem::take(&mut self.sidecars);
        paths.extend(sidecars.paths);
        *self = Metadata { sidecars: paths, ..choose::choose(facts) };
    }

    /// Adds the date that a folder's path hints at, and chooses anew. The path is relative to the folder that the user added,
    /// so that what lies above says nothing.
    pub fn merge_folder(&mut self, relative: &Path) {
        if let Some(taken) = folder_date(relative) {
            let mut facts = std::mem::take(&mut self.facts);
            facts.time("folder name", Role::Original, taken, Source::FolderName);
            *self = Metadata { sidecars: std::mem::take(&mut self.sidecars), ..choose::choose(facts) };
        }
    }
}

/// Why an input gives nothing.
enum Refusal {
    Io(io::Error),
    NotMedia(&'static str),
}

/// Reads a file by its format.
fn read_input(input: &mut Input<'_>, limits: &Limits) -> Result<Facts, Refusal> {
    let head = match input.some(0, sniff::HEAD) {
        Ok(head) => head,
        Err(Trouble::Io(error)) => return Err(Refusal::Io(error)),
        Err(Trouble::Malformed(_)) => return Err(Refusal::NotMedia("of an unknown format")),
    };
    let Some(format) = sniff::sniff(&head) else { return Err(Refusal::NotMedia("of an unknown format")) };
    let mut facts = Facts::default();
    let mut pictures = true;
    facts.video = matches!(format, Format::Avi | Format::Movie | Format::Matroska | Format::OtherFilm(_));
    let (mime, outcome) = match format {
        Format::Jpeg => ("image/jpeg", jpeg::read(input, 0, limits, &mut facts)),
        Format::Png => ("image/png", png::read(input, limits, &mut facts)),
        Format::Gif => ("image/gif", gif::read(input, &mut facts)),
        Format::WebP => ("image/webp", riff::read_webp(input, limits, &mut facts)),
        Format::Avi => ("video/x-msvideo", riff::read_avi(input, &mut facts)),
        Format::Tiff => ("image/tiff", raw::read_tiff(input, &mut facts)),
        Format::Bmp => ("image/bmp", gif::read_bmp(input, &mut facts)),
        Format::Raf => ("image/x-fuji-raf", raw::read_raf(input, limits, &mut facts)),
        Format::Ciff => ("image/x-canon-crw", raw::read_ciff(input, &mut facts)),
        Format::Heif => ("image/heif", heif::read(input, limits, &mut facts)),
        Format::Cr3 => ("image/x-canon-cr3", heif::read_cr3(input, limits, &mut facts)),
        Format::Movie => ("video/mp4", movie::read(input, limits, &mut facts).map(|film| pictures = film)),
        Format::Jxl => ("image/jxl", jxl::read(input, limits, &mut facts)),
        Format::JxlStream => ("image/jxl", jxl::read_stream(input, 0, &mut facts)),
        Format::Matroska => ("video/x-matroska", matroska::read(input, &mut facts)),
        Format::OtherFilm(mime) => (mime, Ok(())),
        Format::NotMedia(found) => return Err(Refusal::NotMedia(found)),
    };
    facts.survive(mime, outcome).map_err(Refusal::Io)?;
    if !pictures {
        return Err(Refusal::NotMedia("audio/mp4"));
    }
    if facts.mime.is_empty() {
        facts.mime = mime.to_owned();
    }
    Ok(facts)
}

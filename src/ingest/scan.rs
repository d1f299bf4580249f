//! Walks folders and tells which files may hold media.
//!
//! Hidden files, folders with a `.nomedia` file in them and symbolic-link loops are left out. Nothing is opened, except
//! that a file without an extension has its first bytes looked at. What a file really is, `metadata` decides by content.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use ignore::{DirEntry, WalkBuilder};

use super::metadata::Siblings;
use crate::library::media::SeenFile;

/// Extensions of the formats that Recollect reads, lower case.
const MEDIA: &[&str] = &[
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "tif", "tiff", "bmp", "heic", "heif", "hif", "avif", "jxl",
    "dng", "nef", "nrw", "cr2", "cr3", "crw", "raf", "arw", "sr2", "srf", "orf", "rw2", "pef", "srw", "mp4", "m4v",
    "mov", "qt", "mkv", "webm", "avi", "3gp", "3g2", "mts", "m2ts", "mpg", "mpeg", "wmv", "mp",
];

/// Names of folders that programs fill with their own thumbnails and recycle bins, lower case.
const NOT_THE_USERS: &[&str] =
    &["@eadir", "#recycle", "$recycle.bin", "lost+found", "node_modules", "system volume information"];

/// What a walk found.
#[derive(Debug, Default)]
pub struct Scan {
    /// Files that may hold media, by path.
    pub files: Vec<SeenFile>,
    /// What could not be looked at, and why.
    pub problems: Vec<String>,
}

/// Looks at one file.
pub fn look_at(path: &Path) -> Option<SeenFile> {
    let found = Found::look_at(path).ok()?;
    let mut scan = Scan::default();
    collect_folder(path.parent()?, &[found], &mut scan);
    scan.files.pop()
}

/// Walks `root` to its full depth.
pub fn scan(root: &Path) -> Scan {
    let mut scan = Scan::default();
    let mut folders: HashMap<PathBuf, Vec<Found>> = HashMap::new();
    let walk = WalkBuilder::new(root)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .sort_by_file_name(OsStr::cmp)
        .filter_entry(|entry| entry.depth() == 0 || is_the_users(entry))
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => match Found::look_at(entry.path()) {
                Ok(found) => {
                    let folder = entry.path().parent().unwrap_or(root).to_owned();
                    folders.entry(folder).or_default().push(found);
                }
                Err(problem) => scan.problems.push(problem),
            },
            Ok(_) => {}
            Err(error) => scan.problems.push(error.to_string()),
        }
    }
    for (folder, found) in folders {
        collect_folder(&folder, &found, &mut scan);
    }
    scan.files.sort_by(|a, b| a.path.cmp(&b.path));
    scan
}

/// A file as the file system describes it.
struct Found {
    path: PathBuf,
    name: String,
    extension: String,
    bytes: u64,
    modified_ns: i64,
}

impl Found {
    fn look_at(path: &Path) -> Result<Self, String> {
        let metadata = fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.file_name().and_then(OsStr::to_str).ok_or_else(|| {
            format!("{}: the name is not valid Unicode; rename the file to have it indexed", path.display())
        })?;
        Ok(Self {
            path: path.to_owned(),
            name: name.to_owned(),
            extension: path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase(),
            bytes: metadata.len(),
            modified_ns: modified_ns(&metadata),
        })
    }

    fn may_be_media(&self) -> bool {
        MEDIA.contains(&self.extension.as_str()) || (self.extension.is_empty() && starts_like_media(&self.path))
    }
}

/// Adds the media of one folder, each with a fingerprint of the sidecars beside it.
fn collect_folder(folder: &Path, found: &[Found], scan: &mut Scan) {
    // The walk leaves out hidden files, and Picasa's `.picasa.ini` is one.
    let siblings = Siblings::list(folder).unwrap_or_default();
    for file in found.iter().filter(|file| file.may_be_media()) {
        let (Some(path), Some(folder)) = (file.path.to_str(), folder.to_str()) else {
            scan.problems.push(format!("{}: the path is not valid Unicode; rename the folder", file.path.display()));
            continue;
        };
        scan.files.push(SeenFile {
            path: path.to_owned(),
            folder: folder.to_owned(),
            name: file.name.clone(),
            bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
            modified_ns: file.modified_ns,
            sidecars: fingerprint(&siblings.sidecars_of(&file.name)),
        });
    }
}

/// Changes when any of the files does; empty when there are none.
fn fingerprint(sidecars: &[PathBuf]) -> String {
    let mut hasher = blake3::Hasher::new();
    for path in sidecars {
        let Ok(metadata) = fs::metadata(path) else { continue };
        hasher.update(path.as_os_str().as_encoded_bytes());
        hasher.update(&metadata.len().to_le_bytes());
        hasher.update(&modified_ns(&metadata).to_le_bytes());
    }
    if sidecars.is_empty() { String::new() } else { hasher.finalize().to_hex()[..16].to_owned() }
}

/// Last modification, nanoseconds since 1970.
fn modified_ns(metadata: &fs::Metadata) -> i64 {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    modified.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// Whether a folder is the user's own; files always are.
fn is_the_users(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    let name = entry.file_name().to_string_lossy().to_lowercase();
    !NOT_THE_USERS.contains(&name.as_str()) && !entry.path().join(".nomedia").exists()
}

/// Whether the first bytes are those of a picture or video.
fn starts_like_media(path: &Path) -> bool {
    let mut start = [0_u8; 12];
    let read = fs::File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or(0);
    let start = &start[..read];
    let riff = start.starts_with(b"RIFF") && start.len() == 12 && (&start[8..] == b"WEBP" || &start[8..] == b"AVI ");
    let iso = start.len() >= 8 && &start[4..8] == b"ftyp";
    let known: [&[u8]; 6] = [b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*", b"\x1a\x45\xdf\xa3"];
    riff || iso || known.iter().any(|magic| start.starts_with(magic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(root: &Path) -> Vec<String> {
        scan(root).files.into_iter().map(|file| file.name).collect()
    }

    #[test]
    fn finds_media_and_leaves_out_the_rest() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a.JPG", "b.txt", ".hidden.jpg", "sub/c.mp4", "skip/d.jpg", "skip/.nomedia", "@eaDir/e.jpg"] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"x").unwrap();
        }
        fs::write(dir.path().join("noextension"), b"\xff\xd8\xff\xe0 and so on").unwrap();
        fs::write(dir.path().join("alsonone"), b"plain text, no medium").unwrap();
        assert_eq!(names(dir.path()), ["a.JPG", "noextension", "c.mp4"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        fs::write(dir.path().join("a/x.png"), b"x").unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("a/again")).unwrap();
        assert_eq!(names(dir.path()), ["x.png"]);
    }

    #[test]
    fn a_changed_sidecar_changes_the_fingerprint_of_its_picture_only() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["IMG_1.JPG", "IMG_2.JPG"] {
            fs::write(dir.path().join(name), b"x").unwrap();
        }
        let before = scan(dir.path()).files;
        fs::write(dir.path().join("IMG_1.JPG.supplemental-metada.json"), b"{}").unwrap();
        let after = scan(dir.path()).files;
        assert_ne!(before[0].sidecars, after[0].sidecars);
        assert_eq!(before[1].sidecars, after[1].sidecars);
    }
}

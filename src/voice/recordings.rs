//! The recordings of voice notes on disk: a file each, named by its content.
//!
//! What must stay true: a file under its final name is whole and has the content that its name says, because it is written
//! under another name, brought to disk and renamed; nothing a person said is thrown away while a note has it. Which notes
//! there are is the library's to know; what is said in them is [`super::listen`]'s.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::audio::{self, AudioError, AudioLimits};

/// Begin of the name of a file that is not whole yet.
const PART: &str = ".part-";
/// Leftovers are cleared away when they are older.
const LEFTOVER: Duration = Duration::from_secs(3600);

/// A recording that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// BLAKE3 of the content, hex.
    pub hash: String,
    /// Media type by content.
    pub mime: &'static str,
    /// Size in bytes.
    pub bytes: i64,
    /// Length; `None` when nothing here can decode it.
    pub duration_ms: Option<i64>,
}

/// The folder of recordings. Clones share it.
#[derive(Debug, Clone)]
pub struct Recordings {
    folder: Arc<Path>,
    changing: Arc<Mutex<()>>,
}

impl Recordings {
    /// Recordings in `folder`, which need not be there yet.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder: folder.into(), changing: Arc::default() }
    }

    /// While this is held no recording is removed: from keeping one until its note is stored.
    pub async fn hold(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.changing).lock_owned().await
    }

    /// Where the recording of this content lies.
    pub fn path(&self, hash: &str, mime: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or("00")).join(format!("{hash}.{}", ending(mime)))
    }

    /// Keeps an uploaded file. Blocks; call it from a worker thread, and hold [`Recordings::hold`].
    ///
    /// # Errors
    /// [`AudioError`] when it is no recording; one that cannot be decoded for want of a decoder is kept all the same.
    pub fn keep(&self, mut file: File, limits: &AudioLimits) -> Result<Kept, AudioError> {
        let mut start = [0; 16];
        file.seek(SeekFrom::Start(0))?;
        let read = read_up_to(&mut file, &mut start)?;
        let mime = sniff(&start[..read]);
        let duration_ms = match audio::decode(file.try_clone()?, limits) {
            Ok(recording) => Some((recording.seconds() * 1000.0).round() as i64),
            Err(AudioError::DecoderMissing) if mime != UNKNOWN => None,
            Err(error) => return Err(error),
        };
        fs::create_dir_all(&self.folder)?;
        let mut part = tempfile::Builder::new().prefix(PART).tempfile_in(&self.folder)?;
        let mut hasher = blake3::Hasher::new();
        let mut bytes = 0;
        file.seek(SeekFrom::Start(0))?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = read_up_to(&mut file, &mut buffer)?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            part.write_all(&buffer[..read])?;
            bytes += read as i64;
        }
        part.as_file().sync_all()?;
        let hash = hasher.finalize().to_hex().to_string();
        let path = self.path(&hash, mime);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        part.persist(&path).map_err(|error| error.error)?;
        // The name is on disk too before anybody is told that the note is stored.
        File::open(folder)?.sync_all()?;
        Ok(Kept { hash, mime, bytes, duration_ms })
    }

    /// Removes recordings that no note has any more. Blocks.
    ///
    /// # Errors
    /// When a file is there and cannot be removed.
    pub fn remove(&self, hashes: &[String]) -> io::Result<()> {
        for hash in hashes {
            for path in self.files()?.into_iter().filter(|path| hash_of(path) == Some(hash)) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// The content hashes of files that have lain here for a while, whole or not: those that no note has are leftovers of a
    /// process that was killed. Parts are removed here. Blocks.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn old(&self) -> io::Result<Vec<String>> {
        let now = SystemTime::now();
        let is_old = |path: &Path| {
            let changed = fs::metadata(path).and_then(|file| file.modified());
            changed.is_ok_and(|changed| now.duration_since(changed).is_ok_and(|age| age > LEFTOVER))
        };
        let mut hashes = Vec::new();
        for path in self.files()?.into_iter().filter(|path| is_old(path)) {
            match hash_of(&path) {
                Some(hash) => hashes.push(hash.to_owned()),
                None => fs::remove_file(&path)?,
            }
        }
        Ok(hashes)
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let entry = entry?;
                let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut files };
                list.push(entry.path());
            }
        }
        Ok(files)
    }
}

fn hash_of(path: &Path) -> Option<&str> {
    let stem = path.file_stem()?.to_str()?;
    (stem.len() == 64 && stem.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(stem)
}

fn read_up_to(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

const UNKNOWN: &str = "application/octet-stream";

/// Media types of recordings with the endings of their files.
const TYPES: &[(&str, &str)] = &[
    ("audio/wav", "wav"),
    ("audio/ogg", "ogg"),
    ("audio/webm", "webm"),
    ("audio/mp4", "m4a"),
    ("audio/flac", "flac"),
    ("audio/mpeg", "mp3"),
    ("audio/aac", "aac"),
    ("audio/amr", "amr"),
    ("audio/x-caf", "caf"),
];

fn ending(mime: &str) -> &'static str {
    TYPES.iter().find(|(known, _)| *known == mime).map_or("bin", |(_, ending)| ending)
}

/// The media type that the first bytes of a file show.
fn sniff(start: &[u8]) -> &'static str {
    match start {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => "audio/wav",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "audio/webm",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "audio/mp4",
        [b'f', b'L', b'a', b'C', ..] => "audio/flac",
        [b'#', b'!', b'A', b'M', b'R', ..] => "audio/amr",
        [b'c', b'a', b'f', b'f', ..] => "audio/x-caf",
        // ISO/IEC 13818-7, ADTS: twelve set bits, then a layer of 0; MPEG audio has another layer.
        [0xff, second, ..] if second & 0xf6 == 0xf0 => "audio/aac",
        [0xff, second, ..] if second & 0xe0 == 0xe0 => "audio/mpeg",
        [b'I', b'D', b'3', ..] => "audio/mpeg",
        _ => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::audio::Recording;

    fn file(content: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        file
    }

    #[test]
    fn a_recording_is_kept_once_under_the_name_of_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let recordings = Recordings::at(folder.path().join("notes"));
        let wav = Recording { samples: vec![7; 24_000] }.to_wav();
        let kept = recordings.keep(file(&wav), &AudioLimits::default()).unwrap();
        assert_eq!((kept.mime, kept.bytes, kept.duration_ms), ("audio/wav", wav.len() as i64, Some(1500)));
        assert_eq!(kept.hash, blake3::hash(&wav).to_hex().to_string());
        assert_eq!(fs::read(recordings.path(&kept.hash, kept.mime)).unwrap(), wav);
        assert_eq!(recordings.keep(file(&wav), &AudioLimits::default()).unwrap(), kept);
        assert_eq!(recordings.files().unwrap().len(), 1);
        recordings.remove(&[kept.hash]).unwrap();
        assert!(recordings.files().unwrap().is_empty());
    }

    #[test]
    fn what_is_no_recording_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let recordings = Recordings::at(folder.path().to_owned());
        assert!(matches!(recordings.keep(file(b""), &AudioLimits::default()), Err(AudioError::Empty)));
        assert!(recordings.keep(file(b"only words, and many of them"), &AudioLimits::default()).is_err());
        assert!(recordings.files().unwrap().is_empty());
    }

    #[test]
    fn leftovers_are_found_and_fresh_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let recordings = Recordings::at(folder.path().to_owned());
        let wav = Recording { samples: vec![7; 1000] }.to_wav();
        let kept = recordings.keep(file(&wav), &AudioLimits::default()).unwrap();
        fs::write(folder.path().join(".part-abc"), "half").unwrap();
        assert!(recordings.old().unwrap().is_empty());
        let long_ago = SystemTime::now() - LEFTOVER * 2;
        for path in recordings.files().unwrap() {
            File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
        assert_eq!(recordings.old().unwrap(), [kept.hash]);
        assert_eq!(recordings.files().unwrap().len(), 1, "the part is gone");
    }

    #[test]
    fn types_are_told_by_their_first_bytes() {
        for (start, mime) in [
            (&b"OggS\0\x02"[..], "audio/ogg"),
            (b"\x1a\x45\xdf\xa3", "audio/webm"),
            (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
            (b"ID3\x04", "audio/mpeg"),
            (b"\xff\xfb\x90", "audio/mpeg"),
            (b"\xff\xf1\x50", "audio/aac"),
            (b"<html>", UNKNOWN),
            (b"", UNKNOWN),
        ] {
            assert_eq!(sniff(start), mime);
        }
    }
}

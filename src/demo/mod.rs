//! The demo library: pictures and clips that the program draws itself, so that a newcomer has something to ask about.
//!
//! What it writes is the same on every run. A folder that is complete is left as it is, with whatever its owner has done to
//! it since; one whose creation was interrupted is completed, and files that are there are kept. Each file appears under
//! its name only when it is whole. Indexing the folder is somebody else's work.

mod clip;
mod draw;
mod exif;
mod picture;
mod scenes;
mod story;
mod xmp;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use clip::{CLIPS, Clip};

/// Why the demo library could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file or folder could not be written.
    #[error("cannot write {path}: {source}; make room or choose another data folder with --data", path = path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A picture could not be drawn; the program is at fault.
    #[error("cannot draw the demo picture {path}: {reason}; please report this")]
    Draw {
        /// The picture, within the demo library.
        path: String,
        /// The reason.
        reason: String,
    },
    /// A picture could not be encoded; the program is at fault.
    #[error("cannot encode the demo picture {path}: {reason}; please report this")]
    Encode {
        /// The picture, within the demo library.
        path: String,
        /// The reason.
        reason: String,
    },
    /// A clip could not be made.
    #[error("cannot make the demo clip {path}: {reason}")]
    Clip {
        /// The clip, within the demo library.
        path: String,
        /// What ffmpeg said.
        reason: String,
    },
}

/// How far the creation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Files that are done, those that were there before included.
    pub done: usize,
    /// Files in all.
    pub total: usize,
}

/// What the demo library holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSummary {
    /// Pictures of the story.
    pub pictures: usize,
    /// Clips that are there.
    pub clips: usize,
    /// Files that this call wrote; 0 when everything was there.
    pub written: usize,
    /// What the user should know, such as why there are no clips.
    pub notice: Option<String>,
}

/// The file that says, in the demo folder, that everything has been written. Its content is the story's version, and
/// whether the clips are there; ingest passes hidden files over.
const MARK: &str = ".recollect-demo";
const VERSION: &str = "1";

/// Draws the demo library into `folder`, which is made if it is not there; `progress` is told after each file, from
/// several threads.
///
/// Takes some seconds and all cores; call it off the async threads.
///
/// # Errors
/// [`DemoError::Write`] when the disk is full or may not be written. Clips that cannot be made are no error: the summary's
/// notice tells, and the next call tries again.
pub fn create(folder: &Path, progress: impl Fn(Progress) + Sync) -> Result<DemoSummary, DemoError> {
    create_with(folder, OsStr::new("ffmpeg"), progress)
}

fn create_with(folder: &Path, ffmpeg: &OsStr, progress: impl Fn(Progress) + Sync) -> Result<DemoSummary, DemoError> {
    let moments = story::moments();
    let mark = folder.join(MARK);
    let state = fs::read_to_string(&mark).unwrap_or_default();
    let mut state = state.lines();
    let drawn = state.next() == Some(VERSION);
    let filmed = drawn && state.next() == Some("clips");
    let mut summary = DemoSummary { pictures: moments.len(), clips: CLIPS.len(), written: 0, notice: None };
    if filmed {
        return Ok(summary);
    }

    let total = moments.len() + CLIPS.len();
    let (done, written) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let report = |fresh: bool| {
        written.fetch_add(usize::from(fresh), Ordering::Relaxed);
        progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
    };
    // The clips go first and one after the other: each keeps ffmpeg and a thread busy while the pictures are drawn.
    let (pictures, clips) = rayon::join(
        || {
            moments.par_iter().try_for_each(|moment| {
                let path = folder.join(moment.path);
                let fresh = !drawn && !path.exists();
                if fresh {
                    write_whole(&path, &picture::jpeg(moment)?)?;
                }
                report(fresh);
                Ok(())
            })
        },
        || CLIPS.iter().try_for_each(|clip| make_clip(folder, clip, ffmpeg).map(&report)),
    );
    pictures?;
    match clips {
        Ok(()) => write_whole(&mark, format!("{VERSION}\nclips\n").as_bytes())?,
        Err(DemoError::Clip { reason, .. }) => {
            write_whole(&mark, format!("{VERSION}\n").as_bytes())?;
            summary.clips = CLIPS.iter().filter(|clip| folder.join(clip.path).exists()).count();
            summary.notice = Some(format!(
                "The demo library has no video clips, because ffmpeg could not make them ({reason}). Install ffmpeg and start again to add them."
            ));
        }
        Err(error) => return Err(error),
    }
    summary.written = written.into_inner();
    Ok(summary)
}

/// Makes a clip and its sidecar unless they are there; returns whether it did.
fn make_clip(folder: &Path, clip: &Clip, ffmpeg: &OsStr) -> Result<bool, DemoError> {
    let path = folder.join(clip.path);
    if path.exists() {
        return Ok(false);
    }
    let part = part_of(&path)?;
    if let Err(error) = clip::encode(clip, ffmpeg, &part) {
        // Nothing that is not whole stays behind; that it may never have existed is fine.
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    // The sidecar first: a clip without it would never get one.
    let mut sidecar = path.clone().into_os_string();
    sidecar.push(".xmp");
    write_whole(Path::new(&sidecar), clip::sidecar(clip).as_bytes())?;
    finish(&part, &path)?;
    Ok(true)
}

/// Writes a file so that it is either there and whole, or not there.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    let part = part_of(path)?;
    File::create(&part)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|source| DemoError::Write { path: part.clone(), source })?;
    finish(&part, path)
}

/// The name under which a file is written until it is whole; its folder exists afterwards. A part that an interrupted run
/// left behind has the same name and is overwritten.
fn part_of(path: &Path) -> Result<PathBuf, DemoError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| DemoError::Write { path: folder.to_owned(), source })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(folder.join(format!(".{}.part", name.trim_start_matches('.'))))
}

fn finish(part: &Path, path: &Path) -> Result<(), DemoError> {
    let sync = File::open(part).and_then(|file| file.sync_all());
    sync.and_then(|()| fs::rename(part, path)).map_err(|source| DemoError::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;

//! Media to give away: as files with what is said of them beside, as a web page, as a contact sheet or a photo book.
//!
//! What must stay true: originals are only read; one picture at a time is in memory, however many there are; what cannot
//! be read is left out and named with its reason, and the rest goes on; a result is under its name whole or not at all;
//! no text of a library becomes markup, a path or a script; where pictures were taken is told only when it is asked for,
//! but for originals, which say it themselves. Who may see what is decided before: a view ([`crate::library::View`]) holds
//! back what is off limits, and what is gathered through it is all there is here.

mod copies;
mod files;
pub mod gather;
mod names;
mod once;
mod page;
mod pdf;
mod sidecar;
mod sink;
mod wish;
mod words;

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::library::MediaId;
use gather::Item;
use sink::{Fault, Folder, Sink, Zip};

pub use names::safe as safe_name;
pub use pdf::Paper;
pub use wish::{Kept, Wish};

/// The name of the list of what could not be taken in.
const LEFT_OUT: &str = "left-out.txt";

/// What media are made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Files in a folder.
    Folder,
    /// Files in a ZIP.
    Zip,
    /// A web page that needs no server: a folder, or a ZIP where one is named or downloaded.
    Page,
    /// A contact sheet, PDF.
    Sheet,
    /// A photo book, PDF.
    Book,
}

/// How pictures are taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pictures {
    /// The files as they are, with all that they say themselves.
    Originals,
    /// JPEGs, and videos as MP4, that say nothing but what they show.
    Copies {
        /// Longest edge in pixels.
        edge: u32,
    },
}

/// What is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Into what.
    pub form: Form,
    /// The name of it all.
    pub title: String,
    /// How pictures are taken along.
    pub pictures: Pictures,
    /// An XMP sidecar beside every file.
    pub sidecars: bool,
    /// Where pictures were taken is told.
    pub location: bool,
    /// Size of the pages of a PDF.
    pub paper: Paper,
    /// Of pictures that are all but the same only the best.
    pub once: bool,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOut {
    /// Name of its file.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shared {
    /// Media in it.
    pub media: usize,
    /// What is not in it.
    pub left_out: Vec<LeftOut>,
}

impl Shared {
    fn leave_out(&mut self, item: &Item, reason: impl ToString) {
        self.left_out.push(LeftOut { name: item.medium.name.clone(), reason: reason.to_string() });
    }

    /// What was left out, a line each; empty when nothing was.
    fn told(&self) -> String {
        let line = |left: &LeftOut| format!("{}: {}\r\n", left.name, left.reason);
        self.left_out.iter().map(line).collect()
    }
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// There is no picture.
    #[error("there is no picture to share")]
    Nothing,
    /// Something of that name is there.
    #[error("{} is there already; name another place, or remove it first", .0.display())]
    There(PathBuf),
    /// A folder cannot be sent.
    #[error("a folder cannot be sent; ask for a ZIP")]
    Folder,
    /// It could not be written.
    #[error("it could not be written: {0}; check the free space and the permissions")]
    Write(#[from] io::Error),
    /// A part could not be made, which is a defect.
    #[error("it could not be made: {0}")]
    Made(String),
    /// It was stopped; nothing is left of it.
    #[error("stopped")]
    Stopped,
}

/// Why a medium is not there.
enum Left {
    /// It cannot be read.
    Out(String),
    /// Nothing can go on.
    Off(ShareError),
}

impl From<Fault> for Left {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unreadable(error) => Self::Out(format!("the file cannot be read: {error}")),
            Fault::Ours(error) => Self::Off(error),
        }
    }
}

impl From<ShareError> for Left {
    fn from(error: ShareError) -> Self {
        Self::Off(error)
    }
}

/// Something to make, with all that it is made of.
#[derive(Debug)]
pub struct Sharing {
    /// What is to be made.
    pub order: Order,
    /// Its media, in order.
    pub items: Vec<Item>,
    /// What is not among them, though it was asked for.
    pub left_out: Vec<LeftOut>,
    /// The folder of thumbnails.
    pub thumbnails: PathBuf,
}

/// Who hears how far it is, and who ends it.
pub struct Course<'c> {
    /// Hears how many media are done, of how many.
    pub told: &'c dyn Fn(usize, usize),
    /// Ends it when it is set.
    pub stop: &'c AtomicBool,
}

impl Course<'_> {
    fn check(&self) -> Result<(), ShareError> {
        if self.stop.load(Ordering::Relaxed) { Err(ShareError::Stopped) } else { Ok(()) }
    }
}

impl Sharing {
    /// What an order comes to for what was gathered; `alike` holds for a medium the keys of the groups of near copies and
    /// bursts that it is in.
    pub fn of(order: Order, items: Vec<Item>, alike: &HashMap<MediaId, Vec<String>>, thumbnails: PathBuf) -> Self {
        let (items, left_out) = if order.once { once::once(items, alike) } else { (items, Vec::new()) };
        Self { order, items, left_out, thumbnails }
    }

    /// What is known of the result before anything is written.
    fn begun(&self) -> Shared {
        Shared { media: 0, left_out: self.left_out.clone() }
    }

    /// Makes it at `path`, where nothing may be yet. Blocks.
    ///
    /// # Errors
    /// Every [`ShareError`]; then nothing is at `path`, and nothing beside it.
    pub fn to_path(&self, path: &Path, course: &Course<'_>) -> Result<Shared, ShareError> {
        let path = std::path::absolute(path)?;
        if path.symlink_metadata().is_ok() {
            return Err(ShareError::There(path));
        }
        let beside = path.parent().unwrap_or(Path::new("/"));
        std::fs::create_dir_all(beside)?;
        let zipped = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
        let mut temporary = tempfile::Builder::new();
        let temporary = temporary.prefix(".sharing-");
        match self.order.form {
            Form::Folder | Form::Page if !zipped => {
                let folder = temporary.tempdir_in(beside)?;
                let mut sink = Folder::new(folder.path());
                let shared = self.fill(&mut sink, course)?;
                sink.finish()?;
                readable(folder.path())?;
                // What is there by now stays.
                if path.symlink_metadata().is_ok() {
                    return Err(ShareError::There(path));
                }
                std::fs::rename(folder.path(), &path)?;
                let _gone = folder.keep();
                sync(beside)?;
                Ok(shared)
            }
            form => {
                let mut file = temporary.tempfile_in(beside)?;
                let shared = if matches!(form, Form::Sheet | Form::Book) {
                    let mut out = BufWriter::new(file.as_file_mut());
                    let shared = pdf::write(self, &mut out, course)?;
                    out.flush()?;
                    shared
                } else {
                    let mut sink = Zip::to_file(file.as_file_mut(), self.top());
                    let shared = self.fill(&mut sink, course)?;
                    sink.finish()?;
                    shared
                };
                file.as_file().sync_all()?;
                readable(file.path())?;
                file.persist_noclobber(&path).map_err(|error| match error.error.kind() {
                    io::ErrorKind::AlreadyExists => ShareError::There(path.clone()),
                    _ => ShareError::Write(error.error),
                })?;
                sync(beside)?;
                Ok(shared)
            }
        }
    }

    /// Makes it as a stream of bytes: a ZIP, or a PDF. Blocks.
    ///
    /// # Errors
    /// Every [`ShareError`]; what was written by then is half of something.
    pub fn to_stream(&self, out: impl Write, course: &Course<'_>) -> Result<Shared, ShareError> {
        let mut out = BufWriter::with_capacity(1 << 16, out);
        let shared = match self.order.form {
            Form::Folder => return Err(ShareError::Folder),
            Form::Sheet | Form::Book => pdf::write(self, &mut out, course)?,
            Form::Zip | Form::Page => {
                let mut sink = Zip::to_stream(&mut out, self.top());
                let shared = self.fill(&mut sink, course)?;
                sink.finish()?;
                shared
            }
        };
        out.flush()?;
        Ok(shared)
    }

    /// The folder in which a ZIP unpacks.
    fn top(&self) -> String {
        names::safe(&self.order.title)
    }

    fn fill(&self, sink: &mut dyn Sink, course: &Course<'_>) -> Result<Shared, ShareError> {
        if self.items.is_empty() {
            return Err(ShareError::Nothing);
        }
        let shared = match self.order.form {
            Form::Page => page::write(self, sink, course)?,
            _ => files::write(self, sink, course)?,
        };
        if !shared.left_out.is_empty() {
            sink.put_bytes(LEFT_OUT, shared.told().as_bytes(), course)?;
        }
        Ok(shared)
    }
}

/// Temporary files are the owner's alone; what is given away may be read by all that the system lets.
fn readable(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

/// Has the names in a folder written to disk.
fn sync(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests;

//! Where files are put: a folder, or a ZIP that is written as it goes.
//!
//! What must stay true: what is copied passes through a buffer and is never whole in memory; what is packed already is
//! not packed again (entries are stored, Zip64 where they or all of them are large); an archive that is not finished
//! never looks finished; a file that cannot be read to its end leaves nothing, but in a stream, whose reader has it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use jiff::tz::TimeZone;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Course, ShareError};

/// Bytes copied at once.
const BUFFER: usize = 1 << 16;
/// Files from this size on have 64-bit sizes.
const LARGE: u64 = 0xf000_0000;

/// Why a file was not put.
#[derive(Debug)]
pub enum Fault {
    /// It could not be read; everything else can go on.
    Unreadable(io::Error),
    /// Nothing can go on.
    Ours(ShareError),
}

impl<E: Into<ShareError>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Ours(error.into())
    }
}

/// What is put.
pub struct Source<'s> {
    /// What it holds.
    pub from: &'s mut dyn Read,
    /// How much, bytes, as far as it is known before.
    pub bytes: u64,
    /// When it was changed last.
    pub modified: Option<SystemTime>,
    /// It is text, which packing makes smaller.
    pub text: bool,
}

/// Something that files are put into.
pub trait Sink {
    /// Puts a file under a relative name, its steps parted by `/`.
    ///
    /// # Errors
    /// [`Fault::Unreadable`] when the source cannot be read to its end.
    fn put(&mut self, name: &str, source: Source<'_>, course: &Course<'_>) -> Result<(), Fault>;

    /// Ends it.
    ///
    /// # Errors
    /// When the rest cannot be written.
    fn finish(&mut self) -> Result<(), ShareError>;
}

impl dyn Sink + '_ {
    /// Puts bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn put_bytes(&mut self, name: &str, bytes: &[u8], course: &Course<'_>) -> Result<(), ShareError> {
        let text = [".txt", ".xmp", ".html"].iter().any(|ending| name.ends_with(ending));
        let source = Source { from: &mut io::Cursor::new(bytes), bytes: bytes.len() as u64, modified: None, text };
        self.put(name, source, course).map_err(|fault| match fault {
            Fault::Unreadable(error) => ShareError::Write(error),
            Fault::Ours(error) => error,
        })
    }

    /// Puts a file.
    ///
    /// # Errors
    /// As [`Sink::put`].
    pub fn put_file(&mut self, name: &str, path: &Path, course: &Course<'_>) -> Result<(), Fault> {
        let mut file = File::open(path).map_err(Fault::Unreadable)?;
        let about = file.metadata().map_err(Fault::Unreadable)?;
        let modified = about.modified().ok();
        self.put(name, Source { from: &mut file, bytes: about.len(), modified, text: false }, course)
    }
}

fn pour(from: &mut dyn Read, to: &mut impl Write, course: &Course<'_>) -> Result<(), Fault> {
    let mut buffer = vec![0; BUFFER];
    loop {
        course.check()?;
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Fault::Unreadable(error)),
        };
        to.write_all(&buffer[..read])?;
    }
}

/// A folder.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// A folder that is there and empty.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

impl Sink for Folder {
    fn put(&mut self, name: &str, source: Source<'_>, course: &Course<'_>) -> Result<(), Fault> {
        let path = self.root.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = File::options().write(true).create_new(true).open(&path)?;
        let poured = pour(source.from, &mut file, course);
        if poured.is_err() {
            std::fs::remove_file(&path)?;
            return poured;
        }
        if let Some(modified) = source.modified {
            // A file system that keeps no times keeps the file.
            let _ = file.set_modified(modified);
        }
        Ok(file.sync_data()?)
    }

    fn finish(&mut self) -> Result<(), ShareError> {
        Ok(())
    }
}

/// A ZIP (PKWARE's APPNOTE 6.3.10).
pub struct Zip<W: Write + Seek> {
    writer: Option<ZipWriter<W>>,
    /// The folder that everything lies in.
    top: String,
    /// Nothing more is to reach the file: what is dropped unfinished would end the archive as if it were whole.
    dead: Arc<AtomicBool>,
    /// What was begun can be taken back.
    seeks: bool,
}

impl<'f> Zip<Mortal<&'f mut File>> {
    /// A ZIP in a file.
    pub fn to_file(file: &'f mut File, top: String) -> Self {
        let dead = Arc::<AtomicBool>::default();
        let writer = ZipWriter::new(Mortal { inner: file, dead: Arc::clone(&dead) });
        Self { writer: Some(writer), top, dead, seeks: true }
    }
}

impl<W: Write> Zip<StreamWriter<Mortal<W>>> {
    /// A ZIP in a stream.
    pub fn to_stream(out: W, top: String) -> Self {
        let dead = Arc::<AtomicBool>::default();
        let writer = ZipWriter::new_stream(Mortal { inner: out, dead: Arc::clone(&dead) });
        Self { writer: Some(writer), top, dead, seeks: false }
    }
}

fn made(error: zip::result::ZipError) -> ShareError {
    match error {
        zip::result::ZipError::Io(error) => ShareError::Write(error),
        other => ShareError::Made(other.to_string()),
    }
}

impl<W: Write + Seek> Sink for Zip<W> {
    fn put(&mut self, name: &str, source: Source<'_>, course: &Course<'_>) -> Result<(), Fault> {
        let Some(writer) = self.writer.as_mut() else { return Err(ShareError::Stopped.into()) };
        let method = if source.text { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let mut options = SimpleFileOptions::default().compression_method(method).unix_permissions(0o644);
        options = options.large_file(source.bytes >= LARGE);
        options = options.last_modified_time(time(source.modified.unwrap_or_else(SystemTime::now)));
        writer.start_file(format!("{}/{name}", self.top), options).map_err(made)?;
        let poured = pour(source.from, writer, course);
        if matches!(poured, Err(Fault::Unreadable(_))) && self.seeks {
            writer.abort_file().map_err(made)?;
        }
        poured
    }

    fn finish(&mut self) -> Result<(), ShareError> {
        let Some(writer) = self.writer.take() else { return Err(ShareError::Stopped) };
        writer.finish().map_err(made)?.flush()?;
        Ok(())
    }
}

impl<W: Write + Seek> Drop for Zip<W> {
    fn drop(&mut self) {
        self.dead.store(true, Ordering::Relaxed);
    }
}

/// Wall time of this machine, as ZIP has it: from 1980 to 2107, every other second.
fn time(at: SystemTime) -> DateTime {
    let local = jiff::Timestamp::try_from(at).map(|at| at.to_zoned(TimeZone::system()).datetime());
    let time = local.ok().and_then(|time| {
        let part = |value: i8| u8::try_from(value).ok();
        let (month, day) = (part(time.month())?, part(time.day())?);
        let (hour, minute, second) = (part(time.hour())?, part(time.minute())?, part(time.second())?);
        DateTime::from_date_and_time(u16::try_from(time.year()).ok()?, month, day, hour, minute, second).ok()
    });
    time.unwrap_or_default()
}

/// A writer that can be cut off.
pub struct Mortal<W> {
    inner: W,
    dead: Arc<AtomicBool>,
}

impl<W: Write> Write for Mortal<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.dead.load(Ordering::Relaxed) { Ok(bytes.len()) } else { self.inner.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.dead.load(Ordering::Relaxed) { Ok(()) } else { self.inner.flush() }
    }
}

impl<W: Seek> Seek for Mortal<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

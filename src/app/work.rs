//! Which workers there are: one for each kind of job that this machine has the means for.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::AppError;
use crate::config::{Config, Configured};
use crate::ingest::picture::DecodeLimits;
use crate::ingest::picture::subprocess::find_program;
use crate::ingest::read::{ReadSettings, Reader};
use crate::ingest::video::{KeyframeSettings, VideoLimits};
use crate::jobs::{ChooseKeyframes, JobKind, Queue, QueueParts, ReadFiles, Work};
use crate::library::Library;

/// Longest time for choosing the frames of one video. It is decoded as a whole when it has few that stand alone.
const KEYFRAMES_TIME: Duration = Duration::from_secs(300);

/// The part of the application that sees, without the one that reads files, searches and answers: for a process beside
/// the one that holds the data folder.
pub struct WorkerApp {
    /// Does jobs.
    pub queue: Queue,
    library: Library,
}

impl WorkerApp {
    /// Opens the library in `data` with the workers for `kinds`; for all when there are none. Nothing runs yet.
    ///
    /// # Errors
    /// When the library cannot be opened or the queue not be set up.
    pub async fn open(data: &Path, configured: Configured, kinds: &[JobKind]) -> Result<Self, AppError> {
        let config = configured.config;
        let library = Library::open(&data.join("recollect.db")).await?;
        let mut works = perception(&config, data, &library);
        works.retain(|work| kinds.is_empty() || kinds.contains(&work.kind()));
        Ok(Self { queue: queue(&config, data, &library, works)?, library })
    }

    /// Closes the library.
    pub async fn close(&self) {
        self.library.close().await;
    }
}

/// A queue with these workers.
pub(super) fn queue(
    config: &Config,
    data: &Path,
    library: &Library,
    works: Vec<Arc<dyn Work>>,
) -> Result<Queue, AppError> {
    let (library, data, config) = (library.clone(), data.to_owned(), config.jobs.clone());
    Ok(Queue::new(QueueParts { library, data, config, works })?)
}

/// The worker that reads files.
pub(super) fn reading(config: &Config, data: &Path, library: &Library) -> ReadFiles {
    let workers = match config.indexing.workers {
        0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        workers => workers,
    };
    ReadFiles {
        library: library.clone(),
        reader: Arc::new(Reader::new(read_settings(config, data))),
        workers,
        file_timeout: Duration::from_secs(config.indexing.file_timeout_s.max(1) * 2),
    }
}

fn read_settings(config: &Config, data: &Path) -> ReadSettings {
    let max_time = Duration::from_secs(config.indexing.file_timeout_s.max(1));
    let max_pixels = u64::from(config.indexing.max_megapixels) * 1_000_000;
    ReadSettings {
        thumbnails: data.join("thumbnails"),
        pictures: DecodeLimits { max_pixels, max_time, ..DecodeLimits::default() },
        videos: VideoLimits { max_time, ..VideoLimits::default() },
    }
}

/// The workers that see. A kind without its means has none: nothing is queued for it, and nothing waits for it.
pub(super) fn perception(config: &Config, data: &Path, library: &Library) -> Vec<Arc<dyn Work>> {
    let mut works: Vec<Arc<dyn Work>> = Vec::new();
    if find_program("ffmpeg").is_some() {
        let max_pixels = u64::from(config.indexing.max_megapixels) * 1_000_000;
        works.push(Arc::new(ChooseKeyframes {
            library: library.clone(),
            thumbnails: data.join("thumbnails"),
            settings: KeyframeSettings::default(),
            limits: VideoLimits { max_time: KEYFRAMES_TIME, max_pixels, ..VideoLimits::default() },
        }));
    }
    works
}

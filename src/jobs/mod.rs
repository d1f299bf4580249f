//! The workers behind the library: reading files, seeing what belongs together, keeping the indexes up to date.
//!
//! One task drives everything: it claims jobs, has files read on blocking threads, and whenever the queue is empty (or
//! every few seconds while it is not) derives events, copies and indexes from what the library holds. All of it can be
//! killed at any moment: a job is finished in the transaction that stores its result, and what is derived is derived
//! again from versions that only rise.

mod derive;
mod rate;
mod watch;
pub mod work;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::StreamExt;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::rate::Rate;
use crate::engine::TextEncoder;
use crate::ingest::read::{ReadError, Reader};
use crate::ingest::scan::{self, Scan};
use crate::library::documents::Index;
use crate::library::files::ScanOutcome;
use crate::library::jobs::{Claimant, Job, JobKind, Offer};

use crate::library::{Library, LibraryError};
use crate::search::{Search, SearchError};

pub use self::work::{Outcome, Work};
pub use crate::library::jobs::ModelKey;

/// A file that was begun so often without an end takes the process down with it and is given up.
const MOST_ATTEMPTS: i64 = 12;

/// A file whose reading failed for a passing reason is tried so often.
const MOST_RETRIES: i64 = 3;

/// While files come in, what is derived from them is brought up to date so often.
const DERIVE_EVERY: Duration = Duration::from_secs(5);

/// Without anything to do, the queue is looked at so often: postponed jobs become due.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// Why background work stopped.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The library failed.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The indexes failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// A folder cannot be watched.
    #[error("{path} cannot be watched for changes: {reason}")]
    Watch {
        /// The folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

/// What the workers use.
pub struct IndexerParts {
    /// The library.
    pub library: Library,
    /// The indexes.
    pub search: Arc<Search>,
    /// The text encoder, if there is one.
    pub encoder: Option<Arc<dyn TextEncoder>>,
    /// Reads files.
    pub reader: Arc<Reader>,
    /// Files read at once.
    pub workers: usize,
    /// Longest time for one file.
    pub file_timeout: Duration,
    /// How often folders are walked again; `None`: never.
    pub rescan_every: Option<Duration>,
}

/// Drives the workers. Clones share the same work.
#[derive(Clone)]
pub struct Indexer {
    inner: Arc<Inner>,
}

struct Inner {
    parts: IndexerParts,
    wake: Notify,
    busy: AtomicBool,
    /// The library's revision that events and copies were last derived from.
    organised: AtomicI64,
    /// The encoder failed; it is asked again after a while.
    encoder_resting: Mutex<Option<Instant>>,
    rate: Mutex<Rate>,
    watcher: Mutex<Option<watch::Watcher>>,
    watched: Mutex<HashSet<PathBuf>>,
}

impl Indexer {
    /// Workers that use these parts; nothing runs yet.
    pub fn new(parts: IndexerParts) -> Self {
        let inner = Inner {
            parts,
            wake: Notify::new(),
            busy: AtomicBool::new(false),
            organised: AtomicI64::new(0),
            encoder_resting: Mutex::default(),
            rate: Mutex::default(),
            watcher: Mutex::default(),
            watched: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    fn library(&self) -> &Library {
        &self.inner.parts.library
    }

    /// Has the workers look at the queue now.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// Indexes a folder: remembers it, walks it, queues what is new. Returns when the walk is done, not the reading.
    pub async fn add_folder(&self, folder: &Path) -> Result<ScanOutcome, JobError> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
        let text = folder.to_string_lossy().into_owned();
        self.library().add_root(&text).await?;
        let outcome = self.rescan(&folder).await?;
        if let Err(error) = self.watch(&folder) {
            tracing::warn!(%error, "changes in the folder are found by walking it again");
        }
        Ok(outcome)
    }

    /// Walks a folder that is part of the library and queues what is new or changed in it.
    pub async fn rescan(&self, folder: &Path) -> Result<ScanOutcome, JobError> {
        if !folder.exists() {
            // An unplugged drive is not a reason to forget what was on it.
            tracing::warn!(folder = %folder.display(), "the folder is not there; what is known of it is kept");
            return Ok(ScanOutcome::default());
        }
        let walked = folder.to_owned();
        let Scan { files, problems } =
            tokio::task::spawn_blocking(move || scan::scan(&walked)).await.unwrap_or_default();
        for problem in problems {
            tracing::warn!("{problem}");
        }
        let outcome = self.library().reconcile(&folder.to_string_lossy(), &files).await?;
        self.wake();
        Ok(outcome)
    }

    /// Works until `stop`, beginning with what an earlier process left.
    pub async fn run(&self, stop: CancellationToken) -> Result<(), JobError> {
        self.library().release_jobs_of("indexer").await?;
        let mut walked = Instant::now();
        loop {
            let did = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                did = self.work() => did,
            };
            match did {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "background work failed and is tried again"),
            }
            if self.inner.parts.rescan_every.is_some_and(|every| walked.elapsed() >= every) {
                walked = Instant::now();
                self.rescan_all().await?;
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = self.inner.wake.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Walks every folder of the library again.
    pub async fn rescan_all(&self) -> Result<(), JobError> {
        for root in self.library().roots().await? {
            self.rescan(Path::new(&root.path)).await?;
        }
        Ok(())
    }

    /// Works until there is nothing left to do, telling `progress` now and then how many files wait.
    pub async fn run_until_idle(&self, mut progress: impl FnMut(i64)) -> Result<(), JobError> {
        self.library().release_jobs_of("indexer").await?;
        loop {
            let did = self.work().await?;
            let counts = self.library().file_counts().await?;
            progress(counts.pending);
            if !did && !self.library().has_open_jobs(&JobKind::ALL).await? {
                return Ok(());
            }
            if !did {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }

    /// One round; returns whether there was anything to do.
    async fn work(&self) -> Result<bool, JobError> {
        self.inner.busy.store(true, Ordering::Relaxed);
        let result = self.round().await;
        self.inner.busy.store(false, Ordering::Relaxed);
        result
    }

    async fn round(&self) -> Result<bool, JobError> {
        let started = Instant::now();
        let mut read = false;
        loop {
            let now = jiff::Timestamp::now().as_second();
            let claimant = Claimant { owner: "indexer", now, until: now + 600 };
            let offer = Offer { kind: JobKind::IngestFile, model: None, limit: self.inner.parts.workers as u32 * 4 };
            let jobs = self.library().claim_jobs(&[offer], i64::MIN, claimant).await?;
            if jobs.is_empty() {
                break;
            }
            read = true;
            let roots: Vec<PathBuf> =
                self.library().roots().await?.into_iter().map(|root| PathBuf::from(root.path)).collect();
            let roots = &roots;
            let done = futures::stream::iter(jobs)
                .map(|job| async move { self.read_file(&job, roots).await })
                .buffer_unordered(self.inner.parts.workers);
            let results: Vec<Result<(), JobError>> = done.collect().await;
            results.into_iter().collect::<Result<Vec<()>, _>>()?;
            if started.elapsed() >= DERIVE_EVERY {
                break;
            }
        }
        let derived = self.derive().await?;
        Ok(read || derived)
    }

    /// Reads one file and stores what came of it.
    async fn read_file(&self, job: &Job, roots: &[PathBuf]) -> Result<(), JobError> {
        let path = PathBuf::from(&job.subject);
        let looked = path.clone();
        let Some(file) = tokio::task::spawn_blocking(move || scan::look_at(&looked)).await.ok().flatten() else {
            self.library().forget_files(std::slice::from_ref(&job.subject)).await?;
            return Ok(());
        };
        if job.attempts > MOST_ATTEMPTS {
            let message = format!("reading it was begun {} times and never ended; it is left out", job.attempts - 1);
            return Ok(self.library().fail_job(job, "never_ends", &message).await?);
        }
        let root = roots.iter().filter(|root| path.starts_with(root)).max_by_key(|root| root.as_os_str().len());
        let root = root.cloned().unwrap_or_else(|| path.parent().unwrap_or(Path::new("/")).to_owned());
        let (reader, read) = (Arc::clone(&self.inner.parts.reader), file.clone());
        let reading = tokio::task::spawn_blocking(move || reader.read(&read, &root));
        let result = match tokio::time::timeout(self.inner.parts.file_timeout, reading).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => Err(failure("reader_panicked", &format!("the reader failed: {panic}"))),
            Err(_) => {
                let seconds = self.inner.parts.file_timeout.as_secs();
                Err(failure("timed_out", &format!("reading it took longer than {seconds} s; it is left out")))
            }
        };
        self.inner.rate.lock().unwrap_or_else(std::sync::PoisonError::into_inner).count();
        match result {
            Ok(medium) => {
                self.library().store_read(job, &file, &medium).await?;
            }
            Err(error) if error.retryable && job.attempts < MOST_RETRIES => {
                let after = jiff::Timestamp::now().as_second() + 5 * job.attempts;
                self.library().retry_job_later(job, after, &error.code, &error.message).await?;
            }
            Err(error) => {
                tracing::warn!(file = %job.subject, code = %error.code, "{}", error.message);
                self.library().fail_job(job, &error.code, &error.message).await?;
            }
        }
        Ok(())
    }

    /// How much of the indexes is behind the library.
    pub async fn behind(&self) -> Result<i64, JobError> {
        Ok(self.derived().await?.into_iter().map(|(_, queued, _)| queued).sum())
    }

    /// Each index with how many media wait for it and how many are in it.
    pub async fn derived(&self) -> Result<Vec<(&'static str, i64, i64)>, JobError> {
        let (queued, done) = self.library().index_progress(Index::Text).await?;
        let mut derived = vec![("index_text", queued, done)];
        if self.inner.parts.encoder.is_some() {
            let (queued, done) = self.library().index_progress(Index::Vectors).await?;
            derived.push(("index_meaning", queued, done));
        }
        Ok(derived)
    }

    /// Whether nothing waits and nothing is under way.
    pub async fn is_idle(&self) -> Result<bool, JobError> {
        let busy = self.inner.busy.load(Ordering::Relaxed);
        Ok(!busy && !self.library().has_open_jobs(&JobKind::ALL).await? && self.behind().await? == 0)
    }

    /// Files read each second of late.
    pub fn rate(&self) -> Option<f64> {
        self.inner.rate.lock().unwrap_or_else(std::sync::PoisonError::into_inner).per_second()
    }

    /// The folders that are watched.
    pub fn watched(&self) -> HashSet<PathBuf> {
        self.inner.watched.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

fn failure(code: &str, message: &str) -> ReadError {
    ReadError { code: code.to_owned(), message: message.to_owned(), retryable: false }
}

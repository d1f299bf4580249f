//! The one process that holds the data folder: folders are walked and watched, what belongs together is seen, media that
//! lack a result are queued, the indexes follow.
//!
//! What is derived follows what the workers store: at once when they have nothing left to do, and while they work as often
//! as costs little of their time. Doing jobs is left to the [`Queue`].

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::organise::{FaceKeeper, Overview, Rest};
use super::queue::{Pace, Queue, logged};
use super::{JobError, activity, watch};
use crate::engine::TextEncoder;
use crate::ingest::scan::{self, Scan};
use crate::library::Library;
use crate::library::documents::Index;
use crate::library::files::ScanOutcome;
use crate::library::jobs::{JobKind, ModelKey};
use crate::search::Search;

/// While jobs end, what follows from them is brought up to date so often, or more rarely when it takes long.
const DERIVE_EVERY: Duration = Duration::from_secs(5);

/// So many times as long as deriving took is left to the workers before it is done again.
pub(super) const DERIVE_SHARE: u32 = 9;

/// Without news, the library is looked at so often.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// Whether something is left to do is looked at so often by those who wait.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// What the progress of the index of vectors is listed under.
const MEANING: &str = "index_meaning";

/// What the indexer uses.
pub struct IndexerParts {
    /// The library.
    pub library: Library,
    /// The indexes.
    pub search: Arc<Search>,
    /// The text encoder, if there is one.
    pub encoder: Option<Arc<dyn TextEncoder>>,
    /// The queue, with the worker that reads files.
    pub queue: Queue,
    /// Looks after the faces that are found.
    pub faces: Arc<dyn FaceKeeper>,
    /// What is found in the library as a whole, in this order: what needs another comes after it.
    pub overviews: Vec<Arc<dyn Overview>>,
    /// Folder of the thumbnails.
    pub thumbnails: PathBuf,
    /// Code of the language in which events get their names.
    pub language: String,
    /// How often folders are walked again; `None`: never.
    pub rescan_every: Option<Duration>,
}

/// Keeps the library as the folders are, and everything that follows from it. Clones share the same work.
#[derive(Clone)]
pub struct Indexer {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) parts: IndexerParts,
    wake: Notify,
    /// The library's revision when what is seen in the whole of it was last looked for.
    pub(super) organised: AtomicI64,
    /// When it may be looked for again.
    pub(super) organising: Mutex<Rest>,
    /// How many files had been read when media that lack results were last queued; -1: never.
    filled: AtomicI64,
    pub(super) activity: activity::Cached,
    /// What the workers worked with then.
    models: Mutex<Vec<Option<ModelKey>>>,
    /// The encoder failed; it is asked again after a while.
    pub(super) encoder_resting: Mutex<Option<Instant>>,
    pub(super) watcher: Mutex<Option<watch::Watcher>>,
    pub(super) watched: Mutex<HashSet<PathBuf>>,
}

impl Indexer {
    /// An indexer of these parts; nothing runs yet.
    pub fn new(parts: IndexerParts) -> Self {
        let inner = Inner {
            parts,
            wake: Notify::new(),
            organised: AtomicI64::new(0),
            organising: Mutex::new(Rest::over()),
            filled: AtomicI64::new(-1),
            activity: activity::Cached::default(),
            models: Mutex::default(),
            encoder_resting: Mutex::default(),
            watcher: Mutex::default(),
            watched: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    pub(super) fn library(&self) -> &Library {
        &self.inner.parts.library
    }

    /// The queue that does the jobs.
    pub fn queue(&self) -> &Queue {
        &self.inner.parts.queue
    }

    /// Has the queue and the library looked at now.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
        self.queue().wake();
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

    /// Works until `stop`, beginning with what an earlier process left. What fails is logged and tried again.
    pub async fn run(&self, stop: CancellationToken) -> Result<(), JobError> {
        self.work(stop, false).await
    }

    /// The same; `strict`: ends when what follows from the library cannot be brought up to date.
    async fn work(&self, stop: CancellationToken, strict: bool) -> Result<(), JobError> {
        self.queue().forget_others().await?;
        self.library().forget_job_measures().await?;
        tokio::try_join!(self.queue().run(stop.clone()), self.follow(stop, strict))?;
        Ok(())
    }

    /// Derives what follows from the library until `stop`.
    async fn follow(&self, stop: CancellationToken, strict: bool) -> Result<(), JobError> {
        let mut ended = self.queue().ended();
        let mut walked = Instant::now();
        loop {
            let began = Instant::now();
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                result = self.catch_up() => match result {
                    Err(error) if strict => return Err(error),
                    result => logged(result, "background work failed and is tried again"),
                },
            }
            let took = began.elapsed();
            if self.inner.parts.rescan_every.is_some_and(|every| walked.elapsed() >= every) {
                walked = Instant::now();
                logged(self.rescan_all().await, "folders could not be walked again");
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = self.inner.wake.notified() => {}
                _ = ended.changed() => tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = self.inner.wake.notified() => {}
                    () = self.drained() => {}
                    () = tokio::time::sleep(DERIVE_EVERY.max(took * DERIVE_SHARE)) => {}
                },
                () = tokio::time::sleep(self.look_again()) => {}
            }
        }
    }

    /// How long nothing is looked at when there is no news.
    fn look_again(&self) -> Duration {
        let organising = self.inner.organising.lock().unwrap_or_else(PoisonError::into_inner);
        organising.left().map_or(LOOK_EVERY, |left| left.min(LOOK_EVERY))
    }

    /// Waits until the workers have nothing left to do.
    async fn drained(&self) {
        let mut ended = self.queue().ended();
        while self.queue().is_busy().await.unwrap_or(true) {
            // Whoever ends the last job says so; what other processes do is looked at.
            drop(tokio::time::timeout(Duration::from_secs(1), ended.changed()).await);
        }
    }

    /// Brings what is derived up to date, and queues media that lack results once all files are read.
    async fn catch_up(&self) -> Result<(), JobError> {
        self.derive().await?;
        let read = self.queue().files_read();
        let models = self.queue().models();
        let known = |held: &Mutex<_>| *held.lock().unwrap_or_else(PoisonError::into_inner) == models;
        let fill = self.inner.filled.load(Ordering::Relaxed) != read as i64 || !known(&self.inner.models);
        if fill && !self.library().has_open_jobs(&[JobKind::IngestFile]).await? {
            self.queue().fill().await?;
            self.inner.filled.store(read as i64, Ordering::Release);
            *self.inner.models.lock().unwrap_or_else(PoisonError::into_inner) = models;
        }
        if self.queue().pace() == Pace::Hurry && self.is_idle().await? {
            self.queue().set_pace(Pace::Usual);
        }
        Ok(())
    }

    /// Walks every folder of the library again.
    pub async fn rescan_all(&self) -> Result<(), JobError> {
        for root in self.library().roots().await? {
            self.rescan(Path::new(&root.path)).await?;
        }
        Ok(())
    }

    /// Works until there is nothing left to do that can be done, telling `progress` now and then how many jobs wait.
    pub async fn run_until_idle(&self, progress: impl FnMut(i64)) -> Result<(), JobError> {
        self.run_at(Pace::Hurry, progress).await
    }

    /// Works until files are read and what is known of them can be searched; what is to be seen in them is left for later.
    pub async fn run_until_searchable(&self, progress: impl FnMut(i64)) -> Result<(), JobError> {
        self.run_at(Pace::FilesOnly, progress).await
    }

    async fn run_at(&self, pace: Pace, mut progress: impl FnMut(i64)) -> Result<(), JobError> {
        self.queue().set_pace(pace);
        let stop = CancellationToken::new();
        let worker = tokio::spawn({
            let (indexer, stop) = (self.clone(), stop.clone());
            async move { indexer.work(stop, true).await }
        });
        let kinds = if pace == Pace::FilesOnly { &[JobKind::IngestFile][..] } else { &JobKind::ALL };
        while !worker.is_finished() && !self.is_idle().await? {
            progress(self.library().count_open_jobs(kinds).await?);
            tokio::time::sleep(ASK_EVERY).await;
        }
        stop.cancel();
        worker.await.map_err(|error| JobError::Ended(error.to_string()))?
    }

    /// How much of the indexes is behind the library, without what waits for an encoder that fails.
    pub async fn behind(&self) -> Result<i64, JobError> {
        let resting = self.encoder_rests();
        let derived = self.derived().await?.into_iter();
        Ok(derived.filter(|(index, _, _)| !(resting && *index == MEANING)).map(|(_, queued, _)| queued).sum())
    }

    /// Each index with how many media wait for it and how many are in it.
    pub async fn derived(&self) -> Result<Vec<(&'static str, i64, i64)>, JobError> {
        let (queued, done) = self.library().index_progress(Index::Text).await?;
        let mut derived = vec![("index_text", queued, done)];
        if let Some(model) = self.looks_model() {
            let (queued, done) = self.library().picture_vectors_progress(&model).await?;
            derived.push(("index_looks", queued, done));
        }
        if self.inner.parts.encoder.is_some() {
            let (queued, done) = self.library().index_progress(Index::Vectors).await?;
            derived.push((MEANING, queued, done));
        }
        Ok(derived)
    }

    /// Whether nothing is under way, and nothing waits that can be done.
    pub async fn is_idle(&self) -> Result<bool, JobError> {
        // What follows from so many files is queued: read before the jobs are looked at, so that they are among them. How
        // many files were read is taken after the jobs: what follows from one that ended meanwhile is not queued yet.
        let filled = self.inner.filled.load(Ordering::Acquire);
        if self.queue().is_busy().await? || filled != self.queue().files_read() as i64 {
            return Ok(false);
        }
        let organised = self.inner.organised.load(Ordering::Relaxed) == self.library().revision().await?;
        Ok(organised && self.behind().await? == 0 && self.library().unplaced_faces().await? == 0)
    }

    /// The folders that are watched.
    pub fn watched(&self) -> HashSet<PathBuf> {
        self.inner.watched.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

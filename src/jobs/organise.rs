//! What is seen only by looking at the whole library: events, copies and pairs, and every [`Overview`] that the program
//! has; and what it asks of whoever looks after faces.
//!
//! Each run remembers the revision that the library had at its beginning, raised as often as the run itself wrote. While
//! the library has that one, there is nothing to look for; so what somebody changes during a run is seen by the next, and
//! what a run writes is no reason for another.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;

use super::indexer::DERIVE_SHARE;
use super::{Indexer, JobError, Pace};
use crate::ingest::organise::organise;
use crate::library::{FaceId, LibraryError};

/// Looks after the faces that are found.
pub trait FaceKeeper: Send + Sync {
    /// Says whose the faces are that came in; some may have to wait for the next time.
    ///
    /// # Errors
    /// When the library fails; it can be repeated.
    fn place_arrivals(&self) -> BoxFuture<'_, Result<(), LibraryError>>;

    /// Deletes the pictures of faces that are gone.
    fn forget<'a>(&'a self, gone: &'a [FaceId]) -> BoxFuture<'a, ()>;
}

/// Something found in the library as a whole.
pub trait Overview: Send + Sync {
    /// Brings it up to date; `busy`: jobs are under way whose results will change it again. Done again in a library that
    /// nobody changed meanwhile, it writes nothing.
    ///
    /// # Errors
    /// When the library fails; it can be repeated.
    fn catch_up(&self, busy: bool) -> BoxFuture<'_, Result<Caught, LibraryError>>;
}

/// How an overview was brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caught {
    /// It is that of now, as far as that matters; what is put off until the jobs have ended is not.
    pub current: bool,
    /// How often it raised the library's revision.
    pub writes: i64,
}

/// A pause after what takes long.
pub(super) struct Rest {
    /// Its end.
    until: Instant,
    /// Something is to be done then.
    waits: bool,
}

impl Rest {
    /// None.
    pub(super) fn over() -> Self {
        Self { until: Instant::now(), waits: false }
    }

    /// How long it still takes; `None` when nothing waits for its end.
    pub(super) fn left(&self) -> Option<Duration> {
        self.waits.then(|| self.until.saturating_duration_since(Instant::now()))
    }
}

impl Indexer {
    /// Looks at the whole library if anything in it has changed. While somebody names one face after the other, that takes
    /// a tenth of the time at most, and the rest is left to who asks.
    pub(super) async fn organise(&self) -> Result<(), JobError> {
        let rest = || self.inner.organising.lock().unwrap_or_else(PoisonError::into_inner);
        let revision = self.library().revision().await?;
        if self.inner.organised.load(Ordering::Relaxed) == revision {
            return Ok(());
        }
        let (began, usual) = (Instant::now(), self.queue().pace() == Pace::Usual);
        if usual && began < rest().until {
            rest().waits = true;
            return Ok(());
        }
        let mut revision = revision + organise(self.library(), &self.inner.parts.language).await?;
        let mut current = true;
        for overview in &self.inner.parts.overviews {
            let caught = overview.catch_up(self.queue().is_busy().await?).await?;
            revision += caught.writes;
            current &= caught.current;
        }
        if current {
            self.inner.organised.store(revision, Ordering::Relaxed);
        }
        // While jobs are under way, their ends are news enough.
        let again = current && self.library().revision().await? != revision && !self.queue().is_busy().await?;
        let took = if usual { began.elapsed() * DERIVE_SHARE } else { Duration::ZERO };
        *rest() = Rest { until: Instant::now() + took, waits: again };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    use futures::FutureExt as _;

    use super::*;
    use crate::jobs::{IndexerParts, JobsConfig, Queue, QueueParts};
    use crate::library::Library;
    use crate::library::filter::MediaFilter;
    use crate::search::{Search, SearchConfig};

    /// Counts the media. While it first does, it writes one itself, and one more comes in, whose coming wakes nobody.
    struct Counted {
        library: Library,
        runs: Arc<AtomicUsize>,
        counted: Arc<AtomicUsize>,
    }

    impl Overview for Counted {
        fn catch_up(&self, _: bool) -> BoxFuture<'_, Result<Caught, LibraryError>> {
            async move {
                let media = self.library.count(&MediaFilter::default()).await?;
                self.counted.store(usize::try_from(media).unwrap_or(0), Ordering::Relaxed);
                let mut writes = 0;
                if self.runs.fetch_add(1, Ordering::Relaxed) == 0 {
                    let before = self.library.revision().await?;
                    self.library.add_medium("own.jpg").await;
                    writes = self.library.revision().await? - before;
                    self.library.add_medium("late.jpg").await;
                }
                Ok(Caught { current: true, writes })
            }
            .boxed()
        }
    }

    struct NoFaces;

    impl FaceKeeper for NoFaces {
        fn place_arrivals(&self) -> BoxFuture<'_, Result<(), LibraryError>> {
            async { Ok(()) }.boxed()
        }

        fn forget<'a>(&'a self, _: &'a [FaceId]) -> BoxFuture<'a, ()> {
            async {}.boxed()
        }
    }

    async fn indexer(dir: &tempfile::TempDir, library: &Library, overview: Counted) -> Indexer {
        let (library, data) = (library.clone(), dir.path().to_owned());
        let config = JobsConfig::default();
        let queue = Queue::new(QueueParts { library: library.clone(), data: data.clone(), config, works: Vec::new() });
        Indexer::new(IndexerParts {
            search: Arc::new(Search::open(&data.join("index"), SearchConfig::default(), None).await.unwrap()),
            encoder: None,
            queue: queue.unwrap(),
            faces: Arc::new(NoFaces),
            overviews: vec![Arc::new(overview)],
            library,
            thumbnails: data.join("thumbnails"),
            language: "en".into(),
            rescan_every: None,
        })
    }

    #[tokio::test]
    async fn what_is_changed_meanwhile_is_seen_and_then_it_rests() {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
        library.add_medium("early.jpg").await;
        let (runs, counted): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let overview = Counted { library: library.clone(), runs: Arc::clone(&runs), counted: Arc::clone(&counted) };
        let indexer = indexer(&dir, &library, overview).await;

        // As a server does it: after a pause, and without news.
        indexer.organise().await.unwrap();
        assert_eq!(counted.load(Ordering::Relaxed), 1);
        let left = indexer.inner.organising.lock().unwrap().left().expect("there is something new");
        tokio::time::sleep(left).await;
        indexer.organise().await.unwrap();
        assert_eq!(counted.load(Ordering::Relaxed), 3, "the late one is seen");
        assert!(indexer.inner.organising.lock().unwrap().left().is_none(), "and nothing else is new");
        indexer.organise().await.unwrap();
        assert_eq!(runs.load(Ordering::Relaxed), 2, "it rests");

        // And whoever waits for it is not kept waiting.
        library.add_medium("later.jpg").await;
        indexer.run_until_idle(|_| {}).await.unwrap();
        assert_eq!(counted.load(Ordering::Relaxed), 4);
        assert!(indexer.is_idle().await.unwrap());
    }
}

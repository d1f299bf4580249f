//! The worker that reads files into the library.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::work::{Outcome, Work};
use crate::ingest::read::Reader;
use crate::ingest::scan;
use crate::library::jobs::{Job, JobKind, ModelKey};
use crate::library::{JobId, Library};

/// Reads files, each on a blocking thread of its own.
pub struct ReadFiles {
    /// The library.
    pub library: Library,
    /// Reads a file.
    pub reader: Arc<Reader>,
    /// Files read at once.
    pub workers: usize,
    /// Longest time for one file.
    pub file_timeout: Duration,
}

impl Work for ReadFiles {
    fn kind(&self) -> JobKind {
        JobKind::IngestFile
    }

    fn model(&self) -> Option<ModelKey> {
        None
    }

    fn at_once(&self) -> usize {
        self.workers
    }

    fn time_limit(&self) -> Duration {
        // The file's own limit comes first and says what it is about.
        self.file_timeout * 2
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        async move {
            let mut outcomes = Vec::with_capacity(jobs.len());
            for job in jobs {
                let outcome = self.read(&job).await;
                outcomes.push((job.id, outcome));
            }
            outcomes
        }
        .boxed()
    }
}

impl ReadFiles {
    async fn read(&self, job: &Job) -> Outcome {
        let path = PathBuf::from(&job.subject);
        let looked = path.clone();
        let Some(file) = tokio::task::spawn_blocking(move || scan::look_at(&looked)).await.ok().flatten() else {
            // It is gone, and with it everything that is to be done for it.
            let forgotten = self.library.forget_files(std::slice::from_ref(&job.subject)).await;
            return forgotten.map_or_else(Outcome::from, |()| Outcome::Stored);
        };
        let roots = match self.library.root_paths().await {
            Ok(roots) => roots,
            Err(error) => return error.into(),
        };
        let root = root_of(&path, &roots);
        let (reader, read) = (Arc::clone(&self.reader), file.clone());
        let reading = tokio::task::spawn_blocking(move || reader.read(&read, &root));
        let medium = match tokio::time::timeout(self.file_timeout, reading).await {
            Ok(Ok(Ok(medium))) => medium,
            Ok(Ok(Err(error))) if error.retryable => {
                return Outcome::Retry { code: error.code, message: error.message };
            }
            Ok(Ok(Err(error))) => return Outcome::Failed { code: error.code, message: error.message },
            Ok(Err(panic)) => return Outcome::failed("reader_panicked", format!("the reader failed: {panic}")),
            Err(_) => {
                let seconds = self.file_timeout.as_secs();
                let message = format!("reading it took longer than {seconds} s; it is left out");
                return Outcome::failed("timed_out", message);
            }
        };
        self.library.store_read(job, &file, &medium).await.map_or_else(Outcome::from, |_| Outcome::Stored)
    }
}

/// The folder that the user added and that holds `path`: the innermost, if there are several.
fn root_of(path: &Path, roots: &[String]) -> PathBuf {
    let root = roots.iter().filter(|root| path.starts_with(root)).max_by_key(|root| root.len());
    root.map_or_else(|| path.parent().unwrap_or(Path::new("/")).to_owned(), PathBuf::from)
}

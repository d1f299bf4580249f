//! Shows the pictures of jobs to the engine, several in one request, and ends the jobs that come to nothing.
//!
//! What must stay true: a reason that may pass (a folder that cannot be read for now, a model that failed) is tried again; one
//! that stays (no picture, a picture that cannot be decoded) is not. A kind of job only says what is looked for and how it
//! is stored ([`Looks`]).

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::engine::ImageAnnotator;
use crate::engine::protocol::vision::{Annotation, Feature, PictureFault, SeeingModel};
use crate::ingest::picture::thumbnail_path;
use crate::jobs::{Job, JobKind, ModelKey, Outcome, Work};
use crate::library::{JobId, Library, LibraryError};

/// Pixels of the longer edge of the pictures that models see.
pub(super) const EDGE: u32 = 1024;
/// Pictures in one request.
const BATCH: u32 = 16;

/// How jobs ended.
pub(super) type Outcomes = Vec<(JobId, Outcome)>;

/// Where pictures come from and who looks at them.
#[derive(Clone)]
pub struct Pictures {
    /// The library.
    pub library: Library,
    /// Folder of the thumbnails.
    pub thumbnails: PathBuf,
    /// Sees what is in them.
    pub annotator: Arc<dyn ImageAnnotator>,
}

/// A kind of job that shows each picture once and stores what was seen.
pub(super) trait Looks: Send + Sync {
    /// The kind.
    const KIND: JobKind;

    /// Where pictures come from.
    fn pictures(&self) -> &Pictures;

    /// What is looked for.
    fn features(&self) -> &[Feature];

    /// What it is looked for with.
    fn key(&self) -> &ModelKey;

    /// Stores what was seen and ends the job, in one transaction.
    fn store<'a>(&'a self, job: &'a Job, seen: Annotation) -> BoxFuture<'a, Result<(), LibraryError>>;
}

impl<T: Looks> Work for T {
    fn kind(&self) -> JobKind {
        T::KIND
    }

    fn model(&self) -> Option<ModelKey> {
        Some(self.key().clone())
    }

    fn batch(&self) -> u32 {
        BATCH
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Outcomes> {
        async move {
            let mut outcomes = Outcomes::new();
            for (job, seen) in self.pictures().look(jobs, self.features(), &mut outcomes).await {
                let stored = self.store(&job, seen).await;
                outcomes.push((job.id, stored.map_or_else(Outcome::from, |()| Outcome::Stored)));
            }
            outcomes
        }
        .boxed()
    }
}

impl Pictures {
    /// The model for a feature, if there is one.
    pub(super) fn model(&self, feature: Feature) -> Option<&SeeingModel> {
        self.annotator.models().get(&feature)
    }

    /// What results of the model for a feature are told by, if there is one.
    pub(super) fn key(&self, feature: Feature) -> Option<ModelKey> {
        let SeeingModel { name, version, .. } = self.model(feature)?.clone();
        Some(ModelKey { name, version, settings: String::new() })
    }

    /// The jobs that there is a picture for, each with its picture; the others are ended in `outcomes`.
    pub(super) async fn ready(&self, jobs: Vec<Job>, outcomes: &mut Outcomes) -> (Vec<Job>, Vec<Bytes>) {
        let (mut ready, mut pictures) = (Vec::new(), Vec::new());
        for job in jobs {
            match self.picture(&job).await {
                Ok(picture) => {
                    ready.push(job);
                    pictures.push(picture);
                }
                Err(outcome) => outcomes.push((job.id, outcome)),
            }
        }
        (ready, pictures)
    }

    /// What is seen in the pictures of the jobs. Jobs without a picture, and those that the engine could not look at, are
    /// ended in `outcomes`.
    async fn look(&self, jobs: Vec<Job>, features: &[Feature], outcomes: &mut Outcomes) -> Vec<(Job, Annotation)> {
        let (ready, pictures) = self.ready(jobs, outcomes).await;
        let annotations = match self.annotator.annotate(&pictures, features).await {
            Ok(annotations) => annotations,
            Err(error) => {
                end_all(ready, &error.into(), outcomes);
                return Vec::new();
            }
        };
        let mut seen = Vec::new();
        for (job, annotation) in ready.into_iter().zip(annotations) {
            match &annotation.error {
                Some(fault) => outcomes.push((job.id, not_seen(fault))),
                None => seen.push((job, annotation)),
            }
        }
        seen
    }

    async fn picture(&self, job: &Job) -> Result<Bytes, Outcome> {
        let medium = match self.library.medium(job.medium()?).await {
            Ok(medium) => medium,
            // The job went with the medium.
            Err(LibraryError::NotFound { .. }) => return Err(Outcome::Superseded),
            Err(error) => return Err(error.into()),
        };
        let path = thumbnail_path(&self.thumbnails, &medium.hash, EDGE);
        match tokio::fs::read(&path).await {
            Ok(picture) => Ok(picture.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(Outcome::failed("no_thumbnail", format!("there is no picture of {}", medium.name)))
            }
            Err(error) => Err(Outcome::retry("thumbnail_unreadable", format!("{}: {error}", path.display()))),
        }
    }
}

/// Ends every one of the jobs in the same way.
pub(super) fn end_all(jobs: Vec<Job>, outcome: &Outcome, outcomes: &mut Outcomes) {
    outcomes.extend(jobs.into_iter().map(|job| (job.id, outcome.clone())));
}

/// How a job ends whose picture the engine could not look at: a model that failed may not fail again, a picture that
/// cannot be read stays so.
pub(super) fn not_seen(fault: &PictureFault) -> Outcome {
    match fault.code.as_str() {
        "failed" => Outcome::retry("model_failed", &fault.message),
        _ => Outcome::failed("picture_unreadable", &fault.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_failed_is_tried_again_and_a_broken_picture_is_not() {
        let fault = |code: &str| PictureFault { code: code.to_owned(), message: "x".to_owned() };
        assert_eq!(not_seen(&fault("failed")), Outcome::retry("model_failed", "x"));
        for code in ["unreadable", "too_large"] {
            assert_eq!(not_seen(&fault(code)), Outcome::failed("picture_unreadable", "x"));
        }
    }
}

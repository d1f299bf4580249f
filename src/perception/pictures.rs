//! Shows the pictures of jobs to the engine, several in one request.

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;

use crate::engine::ImageAnnotator;
use crate::engine::protocol::vision::{Annotation, Feature, SeeingModel};
use crate::ingest::picture::thumbnail_path;
use crate::jobs::{Job, Outcome};
use crate::library::{JobId, Library, MediaId};

/// Pixels of the longer edge of the pictures that models see.
const SIZE: u32 = 1024;
/// Pictures in one request.
pub(super) const BATCH: u32 = 16;

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

/// How jobs ended.
pub(super) type Outcomes = Vec<(JobId, Outcome)>;

impl Pictures {
    /// The model for a feature, if there is one.
    pub(super) fn model(&self, feature: Feature) -> Option<&SeeingModel> {
        self.annotator.models().get(&feature)
    }

    /// What is seen in the pictures of the jobs. Jobs without a picture, and those that the engine could not look at, are
    /// ended in `outcomes`.
    pub(super) async fn look(
        &self,
        jobs: Vec<Job>,
        features: &[Feature],
        outcomes: &mut Outcomes,
    ) -> Vec<(Job, Annotation)> {
        let (mut shown, mut pictures) = (Vec::new(), Vec::new());
        for job in jobs {
            match self.picture(&job).await {
                Ok(picture) => {
                    shown.push(job);
                    pictures.push(picture);
                }
                Err(outcome) => outcomes.push((job.id, outcome)),
            }
        }
        let annotations = match self.annotator.annotate(&pictures, features).await {
            Ok(annotations) => annotations,
            Err(error) => {
                let outcome = Outcome::from(error);
                outcomes.extend(shown.into_iter().map(|job| (job.id, outcome.clone())));
                return Vec::new();
            }
        };
        let mut seen = Vec::new();
        for (job, annotation) in shown.into_iter().zip(annotations) {
            match &annotation.error {
                // A model that failed may not fail again; a picture that cannot be read stays so.
                Some(fault) if fault.code == "failed" => {
                    outcomes.push((job.id, Outcome::retry("model_failed", &fault.message)));
                }
                Some(fault) => outcomes.push((job.id, Outcome::failed("picture_unreadable", &fault.message))),
                None => seen.push((job, annotation)),
            }
        }
        seen
    }

    async fn picture(&self, job: &Job) -> Result<Bytes, Outcome> {
        let id: MediaId = job.medium()?;
        let medium = self.library.medium(id).await?;
        let path = thumbnail_path(&self.thumbnails, &medium.hash, SIZE);
        let read = tokio::fs::read(&path).await;
        read.map(Bytes::from).map_err(|error| Outcome::failed("no_picture", format!("{}: {error}", path.display())))
    }
}

//! Finds faces: has the engine look at a picture, and stores what it saw.

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::clothes;
use crate::engine::ImageAnnotator;
use crate::engine::protocol::vision::{Annotation, Face, Feature};
use crate::ingest::picture::thumbnail_path;
use crate::jobs::{ModelKey, Outcome, Work};
use crate::library::faces::NewFace;
use crate::library::jobs::{Job, JobKind};
use crate::library::{JobId, Library, LibraryError};

/// Pictures in one request.
const BATCH: u32 = 8;

/// Edge of the picture that is looked at, pixels.
const EDGE: u32 = 1024;

/// What results depend on beside the model.
const SETTINGS: &str = "edge=1024,clothes=1";

/// Finds the faces of media.
pub struct FindFaces {
    library: Library,
    annotator: Arc<dyn ImageAnnotator>,
    thumbnails: PathBuf,
}

impl FindFaces {
    /// Looks at the thumbnails in this folder.
    pub fn new(library: Library, annotator: Arc<dyn ImageAnnotator>, thumbnails: PathBuf) -> Self {
        Self { library, annotator, thumbnails }
    }

    /// The picture of a job's medium; `None` when the medium is gone.
    async fn picture(&self, job: &Job) -> Result<Option<Bytes>, Outcome> {
        let medium = match self.library.medium(job.medium()?).await {
            Ok(medium) => medium,
            Err(LibraryError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let path = thumbnail_path(&self.thumbnails, &medium.hash, EDGE);
        match tokio::fs::read(&path).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(Outcome::failed("no_thumbnail", format!("there is no picture of {}", medium.name)))
            }
            Err(error) => Err(Outcome::retry("thumbnail_unreadable", error)),
        }
    }

    async fn store(&self, job: &Job, model: &ModelKey, picture: Bytes, seen: Annotation) -> Outcome {
        if let Some(fault) = seen.error {
            return Outcome::failed(&fault.code, fault.message);
        }
        let found = tokio::task::spawn_blocking(move || faces(&picture, seen.faces.unwrap_or_default()));
        let Ok(found) = found.await else {
            return Outcome::failed("reader_panicked", "the picture could not be read");
        };
        match self.library.store_faces(job, model, &found).await {
            Ok(()) => Outcome::Stored,
            Err(error) => error.into(),
        }
    }

    async fn look(&self, jobs: Vec<Job>) -> Vec<(JobId, Outcome)> {
        let Some(model) = self.model() else {
            let none = Outcome::unavailable("no_model", "there is no model that finds faces");
            return jobs.into_iter().map(|job| (job.id, none.clone())).collect();
        };
        let (mut outcomes, mut ready, mut pictures) = (Vec::new(), Vec::new(), Vec::new());
        for job in jobs {
            match self.picture(&job).await {
                Ok(Some(picture)) => {
                    pictures.push(picture);
                    ready.push(job);
                }
                // The job went with the medium.
                Ok(None) => outcomes.push((job.id, Outcome::Superseded)),
                Err(outcome) => outcomes.push((job.id, outcome)),
            }
        }
        match self.annotator.annotate(&pictures, &[Feature::Faces]).await {
            Ok(seen) => {
                for ((job, picture), seen) in ready.into_iter().zip(pictures).zip(seen) {
                    outcomes.push((job.id, self.store(&job, &model, picture, seen).await));
                }
            }
            Err(error) => {
                let outcome = Outcome::from(error);
                outcomes.extend(ready.into_iter().map(|job| (job.id, outcome.clone())));
            }
        }
        outcomes
    }
}

impl Work for FindFaces {
    fn kind(&self) -> JobKind {
        JobKind::FindFaces
    }

    fn model(&self) -> Option<ModelKey> {
        let model = self.annotator.models().get(&Feature::Faces)?;
        Some(ModelKey { name: model.name.clone(), version: model.version.clone(), settings: SETTINGS.to_owned() })
    }

    fn batch(&self) -> u32 {
        BATCH
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        self.look(jobs).boxed()
    }
}

/// Faces as they are stored. What is worn is left out when the picture cannot be decoded a second time.
fn faces(picture: &[u8], seen: Vec<Face>) -> Vec<NewFace> {
    let decoded = if seen.is_empty() { None } else { image::load_from_memory(picture).ok().map(|p| p.to_rgb8()) };
    let face = |face: Face| NewFace {
        frame_ms: None,
        area: face.area.map(f64::from),
        score: face.score.into(),
        sharpness: face.sharpness.into(),
        yaw: face.yaw.into(),
        pixels: face.pixels.into(),
        clothes: decoded.as_ref().map(|picture| clothes::colours(picture, face.area)).unwrap_or_default(),
        embedding: face.embedding,
    };
    seen.into_iter().map(face).collect()
}

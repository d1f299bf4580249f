//! Finds faces, and animals: has the engine look at a picture, and stores what it saw.
//!
//! Animals are found when there are models for objects and for vectors of pictures; whose an animal is follows from the
//! vector of the cut around it.

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::{animals, clothes};
use crate::engine::protocol::vision::{Annotation, Face, Feature, Object, PictureFault};
use crate::engine::{EngineError, ImageAnnotator};
use crate::ingest::picture::thumbnail_path;
use crate::jobs::{ModelKey, Outcome, Work};
use crate::library::faces::NewFace;
use crate::library::jobs::{Job, JobKind};
use crate::library::{JobId, Library, LibraryError};

/// Pictures in one request.
const BATCH: u32 = 8;

/// Edge of the picture that is looked at, pixels.
const EDGE: u32 = 1024;

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

    /// What is looked for: animals too, if there are models that find them and tell them apart.
    fn features(&self) -> Vec<Feature> {
        let animals = [Feature::Objects, Feature::Embedding].iter().all(|f| self.annotator.models().contains_key(f));
        if animals { vec![Feature::Faces, Feature::Objects] } else { vec![Feature::Faces] }
    }

    /// The model of the vectors of a feature.
    fn vectors(&self, feature: Feature) -> String {
        self.annotator.models().get(&feature).map(|m| format!("{}|{}", m.name, m.version)).unwrap_or_default()
    }

    /// Has the engine look at pictures that can be decoded here too, and at the animals in them once more.
    async fn see(&self, pictures: &[Bytes]) -> Result<Vec<Result<Vec<NewFace>, PictureFault>>, EngineError> {
        let seen = self.annotator.annotate(pictures, &self.features()).await?;
        let mut found = Vec::with_capacity(seen.len());
        let (mut cuts, mut whose) = (Vec::new(), Vec::new());
        for (at, (seen, picture)) in seen.into_iter().zip(pictures).enumerate() {
            if let Some(fault) = seen.error {
                found.push(Err(fault));
                continue;
            }
            let (picture, vectors) = (picture.clone(), self.vectors(Feature::Faces));
            let looked = tokio::task::spawn_blocking(move || looked_at(&picture, seen, &vectors)).await;
            let (faces, animals) = looked.unwrap_or_default();
            found.push(Ok(faces));
            for (cut, animal) in animals {
                cuts.push(cut);
                whose.push((at, animal));
            }
        }
        if cuts.is_empty() {
            return Ok(found);
        }
        let looks = self.annotator.annotate(&cuts, &[Feature::Embedding]).await?;
        for ((at, mut animal), look) in whose.into_iter().zip(looks) {
            if let (Some(embedding), Some(Ok(faces))) = (look.embedding, found.get_mut(at)) {
                (animal.embedding, animal.vectors) = (embedding, self.vectors(Feature::Embedding));
                faces.push(animal);
            }
        }
        Ok(found)
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
        match self.see(&pictures).await {
            Ok(found) => {
                for (job, found) in ready.into_iter().zip(found) {
                    let outcome = match found {
                        Err(fault) => Outcome::failed(&fault.code, fault.message),
                        Ok(faces) => match self.library.store_faces(&job, &model, &faces).await {
                            Ok(()) => Outcome::Stored,
                            Err(error) => error.into(),
                        },
                    };
                    outcomes.push((job.id, outcome));
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
        let mut settings = format!("edge={EDGE},clothes=1");
        if self.features().contains(&Feature::Objects) {
            // Versions of the two models that find animals and tell them apart.
            for feature in [Feature::Objects, Feature::Embedding] {
                let version = self.annotator.models().get(&feature).map_or("", |model| model.version.as_str());
                settings.push_str(&format!(",{feature}={version}"));
            }
        }
        Some(ModelKey { name: model.name.clone(), version: model.version.clone(), settings })
    }

    fn batch(&self) -> u32 {
        BATCH
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        self.look(jobs).boxed()
    }
}

/// Faces as they are stored, and animals with the cuts that they are to be known by. What needs the pixels is left out when
/// the picture cannot be decoded a second time.
fn looked_at(picture: &[u8], seen: Annotation, vectors: &str) -> (Vec<NewFace>, Vec<(Bytes, NewFace)>) {
    let (found, objects) = (seen.faces.unwrap_or_default(), seen.objects.unwrap_or_default());
    let animals = animals::animals(&objects, seen.width, seen.height);
    let empty = found.is_empty() && animals.is_empty();
    let decoded = if empty { None } else { image::load_from_memory(picture).ok().map(|p| p.to_rgb8()) };
    let face = |face: Face| NewFace {
        frame_ms: None,
        area: face.area.map(f64::from),
        score: face.score.into(),
        sharpness: face.sharpness.into(),
        yaw: face.yaw.into(),
        pixels: face.pixels.into(),
        clothes: decoded.as_ref().map(|picture| clothes::colours(picture, face.area)).unwrap_or_default(),
        embedding: face.embedding,
        vectors: vectors.to_owned(),
        animal: false,
    };
    let animal = |object: &Object| {
        let cut = animals::cut(decoded.as_ref()?, object.area)?;
        let pixels = (object.area[2] * seen.width as f32).min(object.area[3] * seen.height as f32);
        let animal = NewFace {
            frame_ms: None,
            area: object.area.map(f64::from),
            score: object.score.into(),
            sharpness: 0.0,
            yaw: 0.0,
            pixels: pixels.into(),
            clothes: Vec::new(),
            embedding: Vec::new(),
            vectors: String::new(),
            animal: true,
        };
        Some((cut, animal))
    };
    let animals = animals.into_iter().filter_map(animal).collect();
    (found.into_iter().map(face).collect(), animals)
}

//! Finds faces, and animals: has the engine look at a picture, and stores what it saw.
//!
//! Animals are found when there are models for objects and for vectors of pictures; whose an animal is follows from the
//! vector of the cut around it.

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::{animals, clothes};
use crate::engine::EngineError;
use crate::engine::protocol::vision::{Annotation, Face, Feature, Object, PictureFault};
use crate::jobs::{ModelKey, Outcome, Work};
use crate::library::JobId;
use crate::library::faces::NewFace;
use crate::library::jobs::{Job, JobKind};
use crate::perception::pictures::{EDGE, Outcomes, Pictures, end_all, not_seen};

/// Pictures in one request.
const BATCH: u32 = 8;

/// Finds the faces of media.
pub struct FindFaces {
    pictures: Pictures,
}

impl FindFaces {
    /// The worker, if there is a model that finds faces.
    pub fn new(pictures: &Pictures) -> Option<Self> {
        pictures.model(Feature::Faces)?;
        Some(Self { pictures: pictures.clone() })
    }

    /// What is looked for: animals too, if there are models that find them and tell them apart.
    fn features(&self) -> Vec<Feature> {
        let animals = [Feature::Objects, Feature::Embedding].iter().all(|feature| self.pictures.model(*feature).is_some());
        if animals { vec![Feature::Faces, Feature::Objects] } else { vec![Feature::Faces] }
    }

    /// The model of the vectors of a feature.
    fn vectors(&self, feature: Feature) -> String {
        self.pictures.model(feature).map(|m| format!("{}|{}", m.name, m.version)).unwrap_or_default()
    }

    /// Has the engine look at pictures that can be decoded here too, and at the animals in them once more.
    async fn see(&self, pictures: &[Bytes]) -> Result<Vec<Result<Vec<NewFace>, PictureFault>>, EngineError> {
        let seen = self.pictures.annotator.annotate(pictures, &self.features()).await?;
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
        let looks = self.pictures.annotator.annotate(&cuts, &[Feature::Embedding]).await?;
        for ((at, mut animal), look) in whose.into_iter().zip(looks) {
            if let (Some(embedding), Some(Ok(faces))) = (look.embedding, found.get_mut(at)) {
                (animal.embedding, animal.vectors) = (embedding, self.vectors(Feature::Embedding));
                faces.push(animal);
            }
        }
        Ok(found)
    }

    async fn look(&self, jobs: Vec<Job>) -> Outcomes {
        let Some(model) = self.model() else {
            let none = Outcome::unavailable("no_model", "there is no model that finds faces");
            return jobs.into_iter().map(|job| (job.id, none.clone())).collect();
        };
        let mut outcomes = Outcomes::new();
        let (ready, pictures) = self.pictures.ready(jobs, &mut outcomes).await;
        let found = match self.see(&pictures).await {
            Ok(found) => found,
            Err(error) => {
                end_all(ready, &error.into(), &mut outcomes);
                return outcomes;
            }
        };
        for (job, found) in ready.into_iter().zip(found) {
            let outcome = match found {
                Err(fault) => not_seen(&fault),
                Ok(faces) => {
                    let stored = self.pictures.library.store_faces(&job, &model, &faces).await;
                    stored.map_or_else(Outcome::from, |()| Outcome::Stored)
                }
            };
            outcomes.push((job.id, outcome));
        }
        outcomes
    }
}

impl Work for FindFaces {
    fn kind(&self) -> JobKind {
        JobKind::FindFaces
    }

    fn model(&self) -> Option<ModelKey> {
        let model = self.pictures.model(Feature::Faces)?;
        let mut settings = format!("edge={EDGE},clothes=1");
        if self.features().contains(&Feature::Objects) {
            // Versions of the two models that find animals and tell them apart.
            for feature in [Feature::Objects, Feature::Embedding] {
                let version = self.pictures.model(feature).map_or("", |model| model.version.as_str());
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

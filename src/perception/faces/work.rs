//! Finds faces, and animals: has the engine look at a picture, and stores what it saw.
//!
//! Animals are found when there are models for objects and for vectors of pictures; whose an animal is follows from the
//! vector of the cut around it. Of a video each face is stored once, see [`super::tracks`].

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::tracks::tracks;
use super::{animals, clothes};
use crate::engine::protocol::vision::{Annotation, Face, Feature, Object};
use crate::jobs::ModelKey;
use crate::library::LibraryError;
use crate::library::faces::NewFace;
use crate::library::jobs::{Job, JobKind};
use crate::perception::pictures::{EDGE, Frame, Looks, Pictures, Sights};

/// Finds the faces of media.
pub struct FindFaces {
    pictures: Pictures,
    /// What is looked for: animals too, if there are models that find them and tell them apart.
    features: Vec<Feature>,
    key: ModelKey,
}

impl FindFaces {
    /// The worker, if there is a model that finds faces.
    pub fn new(pictures: &Pictures) -> Option<Self> {
        let model = pictures.model(Feature::Faces)?;
        let mut settings = format!("edge={EDGE},clothes=1");
        let mut features = vec![Feature::Faces];
        let animals = [Feature::Objects, Feature::Embedding].map(|feature| (feature, pictures.model(feature)));
        if animals.iter().all(|(_, model)| model.is_some()) {
            features.push(Feature::Objects);
            // Versions of the two models that find animals and tell them apart.
            for (feature, model) in animals {
                let version = model.map_or("", |model| model.version.as_str());
                settings.push_str(&format!(",{feature}={version}"));
            }
        }
        let key = ModelKey { name: model.name.clone(), version: model.version.clone(), settings };
        Some(Self { features, key, pictures: pictures.clone() })
    }

    /// The model of the vectors of a feature.
    fn vectors(&self, feature: Feature) -> String {
        self.pictures.model(feature).map(|m| format!("{}|{}", m.name, m.version)).unwrap_or_default()
    }

    /// Has the engine look at pictures that can be decoded here too, and at the animals in them once more.
    async fn find(&self, pictures: Vec<Bytes>) -> Sights<Vec<NewFace>> {
        let seen = self.pictures.annotate(&pictures, &self.features).await?;
        let mut found = Vec::with_capacity(seen.len());
        let (mut cuts, mut whose) = (Vec::new(), Vec::new());
        for (at, (seen, picture)) in seen.into_iter().zip(pictures).enumerate() {
            let seen = match seen {
                Ok(seen) => seen,
                Err(fault) => {
                    found.push(Err(fault));
                    continue;
                }
            };
            let vectors = self.vectors(Feature::Faces);
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
        let looks = self.pictures.annotate(&cuts, &[Feature::Embedding]).await?;
        for ((at, mut animal), look) in whose.into_iter().zip(looks) {
            let embedding = look.ok().and_then(|look| look.embedding);
            if let (Some(embedding), Some(Ok(faces))) = (embedding, found.get_mut(at)) {
                (animal.embedding, animal.vectors) = (embedding, self.vectors(Feature::Embedding));
                faces.push(animal);
            }
        }
        Ok(found)
    }
}

impl Looks for FindFaces {
    const KIND: JobKind = JobKind::FindFaces;
    const BATCH: u32 = 8;
    type Seen = Vec<NewFace>;

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    fn key(&self) -> &ModelKey {
        &self.key
    }

    fn see(&self, pictures: Vec<Bytes>) -> BoxFuture<'_, Sights<Vec<NewFace>>> {
        self.find(pictures).boxed()
    }

    fn store<'a>(&'a self, job: &'a Job, frames: Vec<Frame<Vec<NewFace>>>) -> BoxFuture<'a, Result<(), LibraryError>> {
        let in_frame = |Frame { frame_ms, seen }: Frame<Vec<NewFace>>| {
            seen.into_iter().map(|face| NewFace { frame_ms, ..face }).collect()
        };
        let faces = tracks(frames.into_iter().map(in_frame).collect());
        async move { self.pictures.library.store_faces(job, &self.key, &faces).await }.boxed()
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
        frames: Vec::new(),
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
            frames: Vec::new(),
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

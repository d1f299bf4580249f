//! The worker that says what a picture as a whole shows, and whether it is fit for everybody.

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::pictures::{Frame, Looks, Pictures, Sights};
use crate::engine::protocol::vision::{Annotation, Feature};
use crate::jobs::{Job, JobKind, ModelKey};
use crate::library::LibraryError;
use crate::library::seen::{Model, SeenLabel};

/// Says what pictures show.
pub struct Classify {
    pictures: Pictures,
    features: Vec<Feature>,
    labels: Option<Model>,
    safety: Option<Model>,
    key: ModelKey,
}

impl Classify {
    /// The worker, if there is a model for either.
    pub fn new(pictures: &Pictures) -> Option<Self> {
        let features = [Feature::Labels, Feature::Safety];
        let features: Vec<Feature> = features.into_iter().filter(|f| pictures.model(*f).is_some()).collect();
        let models: Vec<_> = features.iter().filter_map(|feature| pictures.model(*feature)).collect();
        let (first, rest) = models.split_first()?;
        let joined = |one: &str, rest: Vec<&str>| [vec![one], rest].concat().join("+");
        let key = ModelKey {
            name: joined(&first.name, rest.iter().map(|model| model.name.as_str()).collect()),
            version: joined(&first.version, rest.iter().map(|model| model.version.as_str()).collect()),
            settings: String::new(),
        };
        let model = |feature| {
            let model = pictures.model(feature)?;
            Some(Model { model: model.name.clone(), version: model.version.clone() })
        };
        let (labels, safety) = (model(Feature::Labels), model(Feature::Safety));
        Some(Self { pictures: pictures.clone(), features, labels, safety, key })
    }
}

impl Looks for Classify {
    const KIND: JobKind = JobKind::Classify;
    type Seen = Annotation;

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    fn key(&self) -> &ModelKey {
        &self.key
    }

    fn see(&self, pictures: Vec<Bytes>) -> BoxFuture<'_, Sights<Annotation>> {
        async move { self.pictures.annotate(&pictures, &self.features).await }.boxed()
    }

    fn store<'a>(&'a self, job: &'a Job, frames: Vec<Frame<Annotation>>) -> BoxFuture<'a, Result<(), LibraryError>> {
        async move {
            let (mut labels, mut safety) = (Vec::new(), Vec::new());
            for Frame { frame_ms, seen } in frames {
                let row = |label: String, score: f32| SeenLabel { frame_ms, label, score: f64::from(score) };
                labels.extend(seen.labels.unwrap_or_default().into_iter().map(|label| row(label.label, label.score)));
                safety.extend(seen.safety.unwrap_or_default().into_iter().map(|(class, score)| row(class, score)));
            }
            let labels = self.labels.as_ref().map(|model| (model, labels.as_slice()));
            let safety = self.safety.as_ref().map(|model| (model, safety.as_slice()));
            self.pictures.library.store_labels(job, &self.key, labels, safety).await
        }
        .boxed()
    }
}

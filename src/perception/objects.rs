//! The worker that finds things and animals.

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::pictures::{Frame, Looks, Pictures, Sights};
use crate::engine::protocol::vision::{Annotation, Feature};
use crate::jobs::{Job, JobKind, ModelKey};
use crate::library::LibraryError;
use crate::library::seen::SeenObject;

/// Finds things and animals.
pub struct FindObjects {
    pictures: Pictures,
    key: ModelKey,
}

impl FindObjects {
    /// The worker, if there is a model for it.
    pub fn new(pictures: &Pictures) -> Option<Self> {
        Some(Self { key: pictures.key(Feature::Objects)?, pictures: pictures.clone() })
    }
}

impl Looks for FindObjects {
    const KIND: JobKind = JobKind::FindObjects;
    type Seen = Annotation;

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    fn key(&self) -> &ModelKey {
        &self.key
    }

    fn see(&self, pictures: Vec<Bytes>) -> BoxFuture<'_, Sights<Annotation>> {
        async move { self.pictures.annotate(&pictures, &[Feature::Objects]).await }.boxed()
    }

    fn store<'a>(&'a self, job: &'a Job, frames: Vec<Frame<Annotation>>) -> BoxFuture<'a, Result<(), LibraryError>> {
        async move {
            let mut objects = Vec::new();
            for Frame { frame_ms, seen } in frames {
                objects.extend(seen.objects.unwrap_or_default().into_iter().map(|object| {
                    let [x, y, w, h] = object.area.map(f64::from);
                    SeenObject { frame_ms, label: object.label, score: f64::from(object.score), x, y, w, h }
                }));
            }
            self.pictures.library.store_objects(job, &self.key, &objects).await
        }
        .boxed()
    }
}

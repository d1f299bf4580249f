//! The worker that finds things and animals.

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::pictures::{Looks, Pictures};
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

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    fn features(&self) -> &[Feature] {
        &[Feature::Objects]
    }

    fn key(&self) -> &ModelKey {
        &self.key
    }

    fn store<'a>(&'a self, job: &'a Job, seen: Annotation) -> BoxFuture<'a, Result<(), LibraryError>> {
        async move {
            let objects = seen.objects.unwrap_or_default().into_iter().map(|object| {
                let [x, y, w, h] = object.area.map(f64::from);
                SeenObject { label: object.label, score: f64::from(object.score), x, y, w, h }
            });
            let objects: Vec<SeenObject> = objects.collect();
            self.pictures.library.store_objects(job, &self.key, &objects).await
        }
        .boxed()
    }
}

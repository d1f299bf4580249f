//! The worker that finds things and animals.

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::pictures::{BATCH, Outcomes, Pictures};
use crate::engine::protocol::vision::{Annotation, Feature};
use crate::jobs::{Job, JobKind, ModelKey, Outcome, Work};
use crate::library::JobId;
use crate::library::seen::SeenObject;

/// Finds things and animals.
pub struct FindObjects {
    pictures: Pictures,
    key: ModelKey,
}

impl FindObjects {
    /// The worker, if there is a model for it.
    pub fn new(pictures: &Pictures) -> Option<Self> {
        let model = pictures.model(Feature::Objects)?.clone();
        let key = ModelKey { name: model.name, version: model.version, settings: String::new() };
        Some(Self { pictures: pictures.clone(), key })
    }

    async fn store(&self, job: &Job, seen: Annotation) -> Outcome {
        let objects: Vec<SeenObject> = seen
            .objects
            .unwrap_or_default()
            .into_iter()
            .map(|object| {
                let [x, y, w, h] = object.area.map(f64::from);
                SeenObject { label: object.label, score: f64::from(object.score), x, y, w, h }
            })
            .collect();
        let stored = self.pictures.library.store_objects(job, &self.key, &objects).await;
        stored.map_or_else(Outcome::from, |()| Outcome::Stored)
    }
}

impl Work for FindObjects {
    fn kind(&self) -> JobKind {
        JobKind::FindObjects
    }

    fn model(&self) -> Option<ModelKey> {
        Some(self.key.clone())
    }

    fn batch(&self) -> u32 {
        BATCH
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        async move {
            let mut outcomes = Outcomes::new();
            for (job, seen) in self.pictures.look(jobs, &[Feature::Objects], &mut outcomes).await {
                let outcome = self.store(&job, seen).await;
                outcomes.push((job.id, outcome));
            }
            outcomes
        }
        .boxed()
    }
}

//! The worker that makes the vectors by which pictures are compared.

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::pictures::{BATCH, Outcomes, Pictures};
use crate::engine::protocol::vision::Feature;
use crate::jobs::{Job, JobKind, ModelKey, Outcome, Work};
use crate::library::JobId;

/// Makes pictures vectors.
pub struct EmbedImages {
    pictures: Pictures,
    key: ModelKey,
}

impl EmbedImages {
    /// The worker, if there is a model for it.
    pub fn new(pictures: &Pictures) -> Option<Self> {
        let model = pictures.model(Feature::Embedding)?.clone();
        let key = ModelKey { name: model.name, version: model.version, settings: String::new() };
        Some(Self { pictures: pictures.clone(), key })
    }
}

impl Work for EmbedImages {
    fn kind(&self) -> JobKind {
        JobKind::EmbedImage
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
            for (job, seen) in self.pictures.look(jobs, &[Feature::Embedding], &mut outcomes).await {
                let vector = seen.embedding.unwrap_or_default();
                let stored = self.pictures.library.store_picture_vector(&job, &self.key, &vector).await;
                outcomes.push((job.id, stored.map_or_else(Outcome::from, |()| Outcome::Stored)));
            }
            outcomes
        }
        .boxed()
    }
}

//! The worker that makes the vectors by which pictures are compared.

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::pictures::{Looks, Pictures};
use crate::engine::protocol::vision::{Annotation, Feature};
use crate::jobs::{Job, JobKind, ModelKey};
use crate::library::LibraryError;

/// Makes pictures vectors.
pub struct EmbedImages {
    pictures: Pictures,
    key: ModelKey,
}

impl EmbedImages {
    /// The worker, if there is a model for it.
    pub fn new(pictures: &Pictures) -> Option<Self> {
        Some(Self { key: pictures.key(Feature::Embedding)?, pictures: pictures.clone() })
    }
}

impl Looks for EmbedImages {
    const KIND: JobKind = JobKind::EmbedImage;

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    fn features(&self) -> &[Feature] {
        &[Feature::Embedding]
    }

    fn key(&self) -> &ModelKey {
        &self.key
    }

    fn store<'a>(&'a self, job: &'a Job, seen: Annotation) -> BoxFuture<'a, Result<(), LibraryError>> {
        async move {
            let vector = seen.embedding.unwrap_or_default();
            self.pictures.library.store_picture_vector(job, &self.key, &vector).await
        }
        .boxed()
    }
}

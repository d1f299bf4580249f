//! The worker that makes the vectors by which pictures are compared.

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::pictures::{Frame, Looks, Pictures, Sights};
use crate::engine::protocol::vision::{Annotation, Feature};
use crate::jobs::{Job, JobKind, ModelKey};
use crate::library::LibraryError;
use crate::library::seen::FrameVector;

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
    type Seen = Annotation;

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    fn key(&self) -> &ModelKey {
        &self.key
    }

    fn see(&self, pictures: Vec<Bytes>) -> BoxFuture<'_, Sights<Annotation>> {
        async move { self.pictures.annotate(&pictures, &[Feature::Embedding]).await }.boxed()
    }

    fn store<'a>(&'a self, job: &'a Job, frames: Vec<Frame<Annotation>>) -> BoxFuture<'a, Result<(), LibraryError>> {
        async move {
            let vector = |Frame { frame_ms, seen }: Frame<Annotation>| FrameVector {
                frame_ms,
                vector: seen.embedding.unwrap_or_default(),
            };
            let vectors: Vec<FrameVector> = frames.into_iter().map(vector).collect();
            self.pictures.library.store_picture_vectors(job, &self.key, &vectors).await
        }
        .boxed()
    }
}

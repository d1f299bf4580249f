//! How words and pictures look to the encoder of pictures: as vectors that the search compares with those of the library.
//!
//! Without an encoder, or with one that takes no texts, there are no such vectors, and what can be done without is done.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;

use crate::engine::protocol::vision::Feature;
use crate::engine::{EngineError, ImageAnnotator, TextEncoder};

/// A search waits no longer for its words to become a vector; an engine that starts loads hundreds of megabytes.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a picture has no vector.
#[derive(Debug, thiserror::Error)]
pub enum LooksError {
    /// There is no encoder of pictures.
    #[error("there is no model that compares pictures; {0}")]
    NoModel(String),
    /// The picture cannot be read.
    #[error("{0}")]
    Picture(String),
    /// The model failed.
    #[error("{error}; {hint}", error = .0, hint = .0.hint())]
    Engine(#[from] EngineError),
}

/// What makes pictures and words vectors. Clones share it.
#[derive(Clone, Default)]
pub struct Looks {
    eyes: Option<Arc<dyn ImageAnnotator>>,
    reader: Option<Arc<dyn TextEncoder>>,
    hint: String,
}

impl Looks {
    /// Of the encoder of pictures, and that of words in the same space; `hint` says how to get the first.
    pub fn new(
        eyes: Option<Arc<dyn ImageAnnotator>>,
        reader: Option<Arc<dyn TextEncoder>>,
        hint: Option<String>,
    ) -> Self {
        let eyes = eyes.filter(|eyes| eyes.models().contains_key(&Feature::Embedding));
        Self { eyes, reader, hint: hint.unwrap_or_else(|| "`recollect doctor` says how to add one".to_owned()) }
    }

    /// How something that is called so looks; `None` when nothing can say, because a search finds much without.
    pub async fn of_words(&self, text: &str) -> Option<Vec<f32>> {
        let reader = self.reader.as_ref()?;
        let text = [text.to_owned()];
        match tokio::time::timeout(PATIENCE, reader.embed(&text)).await {
            Ok(Ok(vectors)) => vectors.into_iter().next(),
            Ok(Err(error)) => {
                tracing::warn!(%error, "searching without how pictures look");
                None
            }
            Err(_) => {
                tracing::warn!("the encoder of pictures is not ready yet: searching without it");
                None
            }
        }
    }

    /// The vector of an upright picture (JPEG, PNG or WebP).
    ///
    /// # Errors
    /// [`LooksError`].
    pub async fn of_picture(&self, picture: impl Into<Bytes>) -> Result<Vec<f32>, LooksError> {
        let eyes = self.eyes.as_ref().ok_or_else(|| LooksError::NoModel(self.hint.clone()))?;
        let seen = eyes.annotate(&[picture.into()], &[Feature::Embedding]).await?;
        let seen = seen.into_iter().next().unwrap_or_default();
        match (seen.embedding, seen.error) {
            (Some(vector), None) => Ok(vector),
            (_, Some(fault)) => Err(LooksError::Picture(fault.message)),
            (None, None) => Err(LooksError::Picture("nothing was seen in the picture".to_owned())),
        }
    }
}

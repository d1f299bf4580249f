//! Text in, vectors out: what search and ingest use, wherever the model runs.
//!
//! Vectors of one encoder are all of one model, version and length; [`TextEncoder::model`] names it without starting
//! anything, so that it can be written beside every stored vector. A vector of another model is an error, never a result.

use std::fmt;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::client::EngineClient;
use super::error::EngineError;
use super::supervisor::Supervisor;

/// Texts in one request: enough to fill an engine's batches, few enough that its queue takes several callers.
const TEXTS_PER_REQUEST: usize = 256;
/// How often a full queue is waited for.
const BUSY_ATTEMPTS: u32 = 20;

/// Which model made a vector. Vectors mix only if all three are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModelName {
    /// Identifier, such as `all-MiniLM-L6-v2`.
    pub name: String,
    /// Which weights: the first 16 hexadecimal digits of their SHA-256, or `unknown` when a remote engine does not say.
    pub version: String,
    /// Length of the vectors.
    pub dimensions: usize,
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (version {}, {} dimensions)", self.name, self.version, self.dimensions)
    }
}

/// Turns texts into vectors whose dot product says how near their meanings are.
pub trait TextEncoder: Send + Sync {
    /// The model that makes the vectors. Starts nothing.
    fn model(&self) -> &ModelName;

    /// One vector a text, in order, each of `model().dimensions` floats and Euclidean length 1. Any number of texts;
    /// what is too long for the model is cut off. An empty text has a vector too.
    ///
    /// # Errors
    /// Any [`EngineError`].
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, EngineError>>;
}

/// A text encoder in an engine.
#[derive(Debug, Clone)]
pub struct EngineTextEncoder {
    engine: Engine,
    model: ModelName,
}

#[derive(Debug, Clone)]
enum Engine {
    Local(Supervisor),
    Remote(EngineClient),
}

impl EngineTextEncoder {
    /// An encoder in a child of this process, started at first use. `model` is what the engine will be found to serve.
    pub fn local(supervisor: Supervisor, model: ModelName) -> Self {
        Self { engine: Engine::Local(supervisor), model }
    }

    /// An encoder in an engine elsewhere. `wanted` picks a model of those it serves; the first one when `None`.
    /// An engine that does not say how long its vectors are is asked for one.
    ///
    /// # Errors
    /// [`EngineError::OtherModel`] when it does not serve `wanted`, else any [`EngineError`] of a request.
    pub async fn connect(client: EngineClient, wanted: Option<&str>) -> Result<Self, EngineError> {
        let cards = client.models().await?;
        let found = cards.iter().map(|card| card.id.as_str()).collect::<Vec<_>>().join(", ");
        let card = match wanted {
            Some(id) => cards.into_iter().find(|card| card.id == id || card.id == format!("{id}:latest")),
            None => cards.into_iter().next(),
        };
        let card = card.ok_or_else(|| EngineError::OtherModel {
            wanted: wanted.unwrap_or("a text encoder").to_owned(),
            found: if found.is_empty() { "none".to_owned() } else { found },
        })?;
        let dimensions = match card.dimensions {
            Some(dimensions) => dimensions,
            None => client.embed(&card.id, &["a".to_owned()]).await?.first().map_or(0, Vec::len),
        };
        let version = card.version.unwrap_or_else(|| "unknown".to_owned());
        Ok(Self { engine: Engine::Remote(client), model: ModelName { name: card.id, version, dimensions } })
    }

    async fn embed_some(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EngineError> {
        let vectors = match &self.engine {
            Engine::Remote(client) => embed_when_free(client, &self.model.name, texts).await?,
            Engine::Local(supervisor) => {
                let lease = supervisor.lease().await?;
                match embed_when_free(lease.client(), &self.model.name, texts).await {
                    Ok(vectors) => vectors,
                    Err(error) => return Err(lease.explain(error).await),
                }
            }
        };
        match vectors.iter().find(|vector| vector.len() != self.model.dimensions) {
            Some(vector) => Err(EngineError::OtherModel {
                wanted: self.model.to_string(),
                found: format!("one with {} dimensions", vector.len()),
            }),
            None => Ok(vectors.into_iter().map(unit_length).collect()),
        }
    }
}

impl TextEncoder for EngineTextEncoder {
    fn model(&self) -> &ModelName {
        &self.model
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, EngineError>> {
        async move {
            let mut vectors = Vec::with_capacity(texts.len());
            for some in texts.chunks(TEXTS_PER_REQUEST) {
                vectors.extend(self.embed_some(some).await?);
            }
            Ok(vectors)
        }
        .boxed()
    }
}

/// Asks again while the engine's queue is full.
async fn embed_when_free(client: &EngineClient, model: &str, texts: &[String]) -> Result<Vec<Vec<f32>>, EngineError> {
    let mut attempt = 1;
    loop {
        match client.embed(model, texts).await {
            Err(EngineError::Busy { retry_after, .. }) if attempt < BUSY_ATTEMPTS => {
                attempt += 1;
                tokio::time::sleep(retry_after.min(Duration::from_secs(10))).await;
            }
            result => return result,
        }
    }
}

/// Scales a vector to length 1: not every server normalises. A zero vector stays.
pub fn unit_length(mut vector: Vec<f32>) -> Vec<f32> {
    let norm = vector.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    if norm > 0.0 && (norm - 1.0).abs() > 1e-6 {
        for value in &mut vector {
            *value = (f64::from(*value) / norm) as f32;
        }
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_get_length_one_and_zero_stays_zero() {
        assert_eq!(unit_length(vec![3.0, 4.0]), [0.6, 0.8]);
        assert_eq!(unit_length(vec![0.0, 0.0]), [0.0, 0.0]);
    }
}

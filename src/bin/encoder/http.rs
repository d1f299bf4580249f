//! The engine's HTTP routes: `/v1/embeddings`, `/v1/models`, `/health`.
//!
//! Nothing of a text reaches the log.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::routing::{get, post};
use axum::{Json, Router};
use recollect::engine::host::{self, Failure};
use recollect::engine::protocol::{EmbeddingRequest, EmbeddingResponse, ModelCard, ModelList};

use crate::tokens::Tokens;
use crate::worker::{NoRoom, Queue};

/// Texts of one request, as with OpenAI.
const MOST_TEXTS: usize = 2048;
const LARGEST_BODY: usize = 16 << 20;
const EXPECTED: &str = "the body must be JSON with `input`: a text or a list of texts";
/// When to ask again if the queue is full: some batches take about so long.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What the engine serves.
#[derive(Debug, Clone)]
pub struct Info {
    /// What requests call the model.
    pub name: String,
    /// Which weights.
    pub version: String,
    /// Length of its vectors.
    pub dimensions: usize,
    /// Tokens of a text that it reads.
    pub max_tokens: usize,
}

/// Turns a text into tokens; a tokenizer, or a simple stand-in in tests.
pub type Tokenize = Arc<dyn Fn(&str) -> anyhow::Result<Vec<u32>> + Send + Sync>;

#[derive(Clone)]
struct Engine {
    info: Arc<Info>,
    tokenize: Tokenize,
    queue: Queue,
    started: u64,
}

/// The routes.
pub fn router(info: Info, tokens: Tokens, queue: Queue, token: Option<&str>) -> Router {
    routes(info, Arc::new(move |text: &str| tokens.encode(text)), queue, token)
}

fn routes(info: Info, tokenize: Tokenize, queue: Queue, token: Option<&str>) -> Router {
    let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let engine = Engine { info: Arc::new(info), tokenize, queue, started };
    let own = Router::new()
        .route("/v1/embeddings", post(create_embeddings))
        .route("/v1/models", get(list_models))
        .with_state(engine);
    host::routes(own, token, LARGEST_BODY)
}

async fn list_models(State(engine): State<Engine>) -> Json<ModelList> {
    let card = ModelCard {
        id: engine.info.name.clone(),
        object: "model".to_owned(),
        created: engine.started,
        owned_by: "recollect".to_owned(),
        version: Some(engine.info.version.clone()),
        dimensions: Some(engine.info.dimensions),
        max_input_tokens: Some(engine.info.max_tokens),
        features: Vec::new(),
    };
    Json(ModelList { object: "list".to_owned(), data: vec![card] })
}

async fn create_embeddings(
    State(engine): State<Engine>,
    body: Result<Json<EmbeddingRequest>, JsonRejection>,
) -> Result<Json<EmbeddingResponse>, Failure> {
    let Json(request) = body.map_err(|rejection| Failure::unreadable(&rejection, EXPECTED))?;
    let format = request.encoding_format.unwrap_or_default();
    check(&request, &engine.info)?;
    let texts = request.input.into_texts();
    if texts.is_empty() || texts.len() > MOST_TEXTS {
        return Err(Failure::invalid("input", format!("a request has 1 to {MOST_TEXTS} texts, not {}", texts.len())));
    }
    // Room is taken before any work is done for the request.
    let place = engine.queue.reserve(texts.len()).map_err(|reason| match reason {
        NoRoom::Full => Failure::busy(RETRY_AFTER),
        NoRoom::TooLarge => {
            Failure::invalid("input", "the request has more texts than the engine's queue takes; send less at once")
        }
    })?;
    let tokenize = Arc::clone(&engine.tokenize);
    let tokens = tokio::task::spawn_blocking(move || {
        texts.iter().map(|text| tokenize(text)).collect::<anyhow::Result<Vec<_>>>()
    });
    let tokens = tokens.await.map_err(|error| Failure::internal(error.to_string()))?;
    let tokens = tokens.map_err(|error| Failure::invalid("input", format!("{error:#}")))?;
    let count = tokens.iter().map(|text| text.len() as u64).sum();
    let vectors = engine.queue.embed(place, tokens).await.map_err(Failure::internal)?;
    Ok(Json(EmbeddingResponse::new(&engine.info.name, vectors, format, count)))
}

fn check(request: &EmbeddingRequest, info: &Info) -> Result<(), Failure> {
    if let Some(model) = request.model.as_ref().filter(|model| **model != info.name) {
        return Err(Failure::other_model(model, &info.name));
    }
    match request.dimensions {
        Some(dimensions) if dimensions != info.dimensions => {
            let message = format!("the model's vectors have {} dimensions, not {dimensions}", info.dimensions);
            Err(Failure::invalid("dimensions", message))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;

//! The engine's HTTP routes: `/v1/chat/completions`, `/v1/embeddings`, `/v1/models`, `/metrics`, `/health`.
//!
//! Nothing of a conversation reaches the log.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use recollect::engine::host::reply::{self, Head};
use recollect::engine::host::{self, Failure};
use recollect::engine::protocol::chat::ChatRequest;
use recollect::engine::protocol::{EmbeddingRequest, EmbeddingResponse, ModelCard, ModelList};
use tokio::sync::{Semaphore, mpsc};
use uuid::Uuid;

use crate::embed::{self, Texts};
use crate::job::Job;
use crate::metrics::Metrics;
use crate::model::Loaded;
use crate::prepare::{Eyes, prepare};

/// A conversation with some pictures in base64 stays below it.
const LARGEST_BODY: usize = 256 << 20;
/// Texts of one request, as with OpenAI.
const MOST_TEXTS: usize = 2048;
const RETRY_AFTER: Duration = Duration::from_secs(2);
const EXPECTED_CHAT: &str = "the body must be JSON with `messages`: a list of messages with `role` and `content`";
const EXPECTED_TEXTS: &str = "the body must be JSON with `input`: a text or a list of texts";

/// What requests are answered with.
#[derive(Clone)]
pub struct Engine {
    /// The model.
    pub loaded: Arc<Loaded>,
    /// What reads pictures, if it does.
    pub eyes: Option<Arc<Eyes>>,
    /// The way to the computing thread.
    pub work: Work,
    /// Room in the queue.
    pub room: Arc<Semaphore>,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Unix time in seconds at which the model was loaded.
    pub started: u64,
}

/// What the model does.
#[derive(Clone)]
pub enum Work {
    /// It chats.
    Chat(mpsc::UnboundedSender<Job>),
    /// It turns texts into vectors.
    Embed(mpsc::UnboundedSender<Texts>),
}

/// Unix time in seconds.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// The routes.
pub fn router(engine: Engine, token: Option<&str>) -> Router {
    let own = Router::new()
        .route("/v1/chat/completions", post(complete_chat))
        .route("/v1/embeddings", post(create_embeddings))
        .route("/v1/models", get(list_models))
        .route("/metrics", get(async |State(engine): State<Engine>| engine.metrics.text()))
        .with_state(engine);
    host::routes(own, token, LARGEST_BODY)
}

async fn list_models(State(engine): State<Engine>) -> Json<ModelList> {
    let loaded = &engine.loaded;
    let dimensions = loaded.embeds.then(|| usize::try_from(loaded.model.n_embd_out()).unwrap_or(0));
    let card = ModelCard {
        dimensions,
        max_input_tokens: Some(loaded.context as usize),
        ..ModelCard::ours(&loaded.name, Some(loaded.version.clone()), engine.started)
    };
    Json(ModelList { object: "list".to_owned(), data: vec![card] })
}

async fn complete_chat(
    State(engine): State<Engine>,
    body: Result<Json<ChatRequest>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(request) = body.map_err(|rejection| Failure::unreadable(&rejection, EXPECTED_CHAT))?;
    let Work::Chat(jobs) = engine.work.clone() else {
        let message = "this model turns texts into vectors and does not chat; ask /v1/embeddings";
        return Err(Failure::invalid("model", message));
    };
    check_model(&engine, request.model.as_deref())?;
    let place = Arc::clone(&engine.room).try_acquire_owned().map_err(|_| refuse(&engine))?;
    let (stream, priority) = (request.stream, request.priority.unwrap_or(0));
    let with_usage = request.stream_options.unwrap_or_default().include_usage;
    let (loaded, eyes) = (Arc::clone(&engine.loaded), engine.eyes.clone());
    let prepared = tokio::task::spawn_blocking(move || prepare(&loaded, eyes.as_deref(), request));
    let request = prepared.await.map_err(|error| Failure::internal(error.to_string()))??;
    let left_out = request.left_out;
    let (events, answer) = mpsc::unbounded_channel();
    Metrics::add(&engine.metrics.requests, 1);
    jobs.send(Job { request, priority, events, place }).map_err(|_| Failure::internal("the engine is ending"))?;
    let head =
        Head { id: format!("chatcmpl-{}", Uuid::now_v7().simple()), created: now(), model: engine.loaded.name.clone() };
    let mut response = if stream {
        Sse::new(reply::stream(head, answer, with_usage)).keep_alive(KeepAlive::default()).into_response()
    } else {
        Json(reply::whole(head, answer).await?).into_response()
    };
    if left_out > 0 {
        response.headers_mut().insert("x-left-out-messages", left_out.into());
    }
    Ok(response)
}

async fn create_embeddings(
    State(engine): State<Engine>,
    body: Result<Json<EmbeddingRequest>, JsonRejection>,
) -> Result<Json<EmbeddingResponse>, Failure> {
    let Json(request) = body.map_err(|rejection| Failure::unreadable(&rejection, EXPECTED_TEXTS))?;
    let Work::Embed(sender) = engine.work.clone() else {
        let message = "this model chats; to get vectors from it start the engine with --embeddings";
        return Err(Failure::invalid("model", message));
    };
    check_model(&engine, request.model.as_deref())?;
    let dimensions = usize::try_from(engine.loaded.model.n_embd_out()).unwrap_or(0);
    if request.dimensions.is_some_and(|wanted| wanted != dimensions) {
        return Err(Failure::invalid("dimensions", format!("the model's vectors have {dimensions} dimensions")));
    }
    let format = request.encoding_format.unwrap_or_default();
    let texts = request.input.into_texts();
    if texts.is_empty() || texts.len() > MOST_TEXTS {
        return Err(Failure::invalid("input", format!("a request has 1 to {MOST_TEXTS} texts, not {}", texts.len())));
    }
    let _place = Arc::clone(&engine.room).try_acquire_owned().map_err(|_| refuse(&engine))?;
    Metrics::add(&engine.metrics.requests, 1);
    let loaded = Arc::clone(&engine.loaded);
    let tokens = tokio::task::spawn_blocking(move || embed::tokens(&loaded, &texts));
    let tokens = tokens.await.map_err(|error| Failure::internal(error.to_string()))?;
    let count = tokens.iter().map(|text| text.len() as u64).sum();
    let vectors = embed::ask(&sender, tokens).await.map_err(Failure::internal)?;
    Ok(Json(EmbeddingResponse::new(&engine.loaded.name, vectors, format, count)))
}

fn check_model(engine: &Engine, asked: Option<&str>) -> Result<(), Failure> {
    match asked {
        Some(asked) if asked != engine.loaded.name => Err(Failure::other_model(asked, &engine.loaded.name)),
        _ => Ok(()),
    }
}

fn refuse(engine: &Engine) -> Failure {
    Metrics::add(&engine.metrics.refused, 1);
    Failure::busy(RETRY_AFTER)
}

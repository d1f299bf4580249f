//! The engine's HTTP routes: `/v1/audio/transcriptions`, `/v1/audio/translations`, `/v1/models`, `/metrics`.
//!
//! Nothing of what was said reaches the log. How a request is read is in [`form`], how an answer is written in [`answer`].

mod answer;
mod form;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use recollect::engine::host::{self, Failure};
use recollect::engine::protocol::{ModelCard, ModelList};
use recollect::voice::audio::{self, AudioError, AudioLimits};
use tokio::sync::Semaphore;

use crate::job::Task;
use crate::worker::Queue;
use form::Form;
pub use form::language;

/// What a form has beside its recording.
const FORM_BYTES: u64 = 1 << 20;
/// Recordings that are decoded at once.
const DECODERS: usize = 2;
/// When to ask again if the queue is full: some recordings take about so long.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// What the engine serves.
#[derive(Debug, Clone)]
pub struct Info {
    /// What requests call the model.
    pub name: String,
    /// Whether it knows languages other than English.
    pub multilingual: bool,
    /// The language of requests that name none.
    pub language: Option<&'static str>,
    /// Bounds on a recording.
    pub limits: AudioLimits,
}

/// What every handler sees.
#[derive(Debug)]
pub struct Engine {
    info: Info,
    queue: Queue,
    decoders: Semaphore,
    started: u64,
}

type Shared = State<Arc<Engine>>;

impl Engine {
    /// An engine that hands recordings to `queue`.
    pub fn new(info: Info, queue: Queue) -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        Self { info, queue, decoders: Semaphore::new(DECODERS), started }
    }
}

/// The routes.
pub fn router(engine: Arc<Engine>, token: Option<&str>) -> Router {
    let largest = usize::try_from(engine.info.limits.max_bytes + FORM_BYTES).unwrap_or(usize::MAX);
    let own = Router::new()
        .route("/v1/audio/transcriptions", post(create_transcription))
        .route("/v1/audio/translations", post(create_translation))
        .route("/v1/models", get(list_models))
        .route("/metrics", get(show_metrics))
        .with_state(engine);
    host::routes(own, token, largest)
}

async fn list_models(State(engine): Shared) -> Json<ModelList> {
    let card = ModelCard::ours(&engine.info.name, None, engine.started);
    Json(ModelList { object: "list".to_owned(), data: vec![card] })
}

async fn show_metrics(State(engine): Shared) -> Response {
    let text = engine.queue.metrics.text(engine.queue.len());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

type Body = Result<Multipart, MultipartRejection>;

async fn create_transcription(State(engine): Shared, body: Body) -> Result<Response, Failure> {
    create(&engine, body, Task::Transcribe).await
}

async fn create_translation(State(engine): Shared, body: Body) -> Result<Response, Failure> {
    create(&engine, body, Task::Translate).await
}

async fn create(engine: &Engine, body: Body, task: Task) -> Result<Response, Failure> {
    let Form { file, mut options, format, segments, stream } = Form::read(body, &engine.info).await?;
    options.task = task;
    // Room is taken before any work is done for the request.
    let place = engine.queue.reserve().ok_or_else(|| Failure::busy(RETRY_AFTER))?;
    let decoding = engine.decoders.acquire().await.map_err(|error| Failure::internal(error.to_string()))?;
    let limits = engine.info.limits.clone();
    let recording = tokio::task::spawn_blocking(move || audio::decode(file, &limits)).await;
    drop(decoding);
    let recording =
        recording.map_err(|error| Failure::internal(error.to_string()))?.map_err(|error| unusable(&error))?;
    let events = engine.queue.transcribe(place, recording, options);
    let shape = answer::Shape { format, segments };
    if stream { Ok(answer::streamed(events, shape)) } else { answer::whole(events, shape).await }
}

/// A recording that cannot be used is the client's fault, a missing decoder is not.
fn unusable(error: &AudioError) -> Failure {
    match error {
        AudioError::DecoderMissing => Failure::internal(error.to_string()),
        _ => Failure { code: error.code(), ..Failure::invalid("file", error.to_string()) },
    }
}

#[cfg(test)]
mod tests;

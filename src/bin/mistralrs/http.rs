//! The engine's HTTP routes: `/v1/chat/completions`, `/v1/models`, `/health`.
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
use mistralrs::{NormalRequest, Request};
use recollect::engine::host::reply::{self, Head};
use recollect::engine::host::{self, Failure};
use recollect::engine::protocol::chat::ChatRequest;
use recollect::engine::protocol::{ModelCard, ModelList};
use tokio::sync::{Notify, Semaphore, mpsc};
use uuid::Uuid;

use crate::answer;
use crate::arguments::Arguments;
use crate::model::Loaded;
use crate::prepare::{Prepared, prepare};

/// A conversation with some pictures in base64 stays below it.
const LARGEST_BODY: usize = 256 << 20;
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// Pieces of an answer that may wait for a slow client.
const PIECES_WAITING: usize = 64;
const EXPECTED: &str = "the body must be JSON with `messages`: a list of messages with `role` and `content`";

/// What requests are answered with.
#[derive(Clone)]
pub struct Engine {
    loaded: Arc<Loaded>,
    room: Arc<Semaphore>,
    dead: Arc<Notify>,
    started: u64,
}

impl Engine {
    /// An engine with this model.
    pub fn new(loaded: Loaded, arguments: &Arguments) -> Self {
        let room = arguments.queue as usize + usize::from(arguments.slots);
        let (room, dead) = (Arc::new(Semaphore::new(room)), Arc::default());
        Self { loaded: Arc::new(loaded), room, dead, started: now() }
    }

    /// Is notified when mistral.rs answers no more.
    pub fn dead(&self) -> Arc<Notify> {
        Arc::clone(&self.dead)
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// The routes.
pub fn router(engine: Engine, token: Option<&str>) -> Router {
    let own = Router::new()
        .route("/v1/chat/completions", post(complete_chat))
        .route("/v1/models", get(list_models))
        .with_state(engine);
    host::routes(own, token, LARGEST_BODY)
}

async fn list_models(State(engine): State<Engine>) -> Json<ModelList> {
    let card = ModelCard {
        max_input_tokens: engine.loaded.context,
        ..ModelCard::ours(&engine.loaded.name, Some(engine.loaded.version.clone()), engine.started)
    };
    Json(ModelList { object: "list".to_owned(), data: vec![card] })
}

async fn complete_chat(
    State(engine): State<Engine>,
    body: Result<Json<ChatRequest>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(request) = body.map_err(|rejection| Failure::unreadable(&rejection, EXPECTED))?;
    let name = &engine.loaded.name;
    if let Some(asked) = request.model.as_deref().filter(|asked| asked != name) {
        return Err(Failure::other_model(asked, name));
    }
    let place = Arc::clone(&engine.room).try_acquire_owned().map_err(|_| Failure::busy(RETRY_AFTER))?;
    let stream = request.stream;
    let with_usage = request.stream_options.unwrap_or_default().include_usage;
    let loaded = Arc::clone(&engine.loaded);
    let prepared = tokio::task::spawn_blocking(move || prepare(&loaded, request));
    let prepared = prepared.await.map_err(|error| Failure::internal(error.to_string()))??;
    let is_call = prepared.is_call;
    let responses = ask(&engine, prepared).await?;
    let (events, answer) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        answer::pass_on(responses, events, is_call).await;
        drop(place);
    });
    let head = Head { id: format!("chatcmpl-{}", Uuid::now_v7().simple()), created: now(), model: name.clone() };
    if stream {
        return Ok(Sse::new(reply::stream(head, answer, with_usage)).keep_alive(KeepAlive::default()).into_response());
    }
    Ok(Json(reply::whole(head, answer).await?).into_response())
}

/// Hands a request to mistral.rs; what it answers comes out of the channel.
async fn ask(engine: &Engine, prepared: Prepared) -> Result<mpsc::Receiver<mistralrs::Response>, Failure> {
    let (sender, responses) = mpsc::channel(PIECES_WAITING);
    let (tools, choice) = prepared.tools.unzip();
    let mut request = NormalRequest::new_simple(prepared.messages, prepared.sampling, sender, 0, tools, choice);
    request.is_streaming = true;
    request.constraint = prepared.constraint;
    let gone = |error: String| {
        engine.dead.notify_one();
        Failure::internal(format!("mistral.rs answers no more: {error}"))
    };
    let requests = engine.loaded.model.inner().get_sender(None).map_err(|error| gone(error.to_string()))?;
    requests.send(Request::Normal(Box::new(request))).await.map_err(|error| gone(error.to_string()))?;
    Ok(responses)
}

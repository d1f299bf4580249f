//! The engine's HTTP routes: `/v1/embeddings`, `/v1/models`, `/health`.
//!
//! Every answer that is an error has OpenAI's shape. All routes but `/health` want the token, if there is one. Nothing of
//! a text reaches the log.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use recollect::engine::protocol::{
    Embedding, EmbeddingRequest, EmbeddingResponse, ErrorBody, ErrorResponse, Health, ModelCard, ModelList, Usage,
    Vector,
};
use sha2::{Digest as _, Sha256};
use tower_http::catch_panic::CatchPanicLayer;

use crate::tokens::Tokens;
use crate::worker::{NoRoom, Queue};

/// Texts of one request, as with OpenAI.
const MOST_TEXTS: usize = 2048;
const LARGEST_BODY: usize = 16 << 20;
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
    /// Hash of the token: equal hashes are compared in a time that tells nothing about the token.
    token: Option<[u8; 32]>,
}

/// The routes.
pub fn router(info: Info, tokens: Tokens, queue: Queue, token: Option<&str>) -> Router {
    routes(info, Arc::new(move |text: &str| tokens.encode(text)), queue, token)
}

fn routes(info: Info, tokenize: Tokenize, queue: Queue, token: Option<&str>) -> Router {
    let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let token = token.map(|token| Sha256::digest(token.as_bytes()).into());
    let engine = Engine { info: Arc::new(info), tokenize, queue, started, token };
    Router::new()
        .route("/v1/embeddings", post(create_embeddings))
        .route("/v1/models", get(list_models))
        .layer(axum::middleware::from_fn_with_state(engine.clone(), require_token))
        .route("/health", get(show_health))
        .fallback(async || Failure::new(StatusCode::NOT_FOUND, "not_found", "there is no such route"))
        .method_not_allowed_fallback(async || {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "the route has no such method")
        })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(|_| {
            Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "the engine failed; its log says more")
                .into_response()
        }))
        .with_state(engine)
}

/// An answer that is an error.
#[derive(Debug)]
struct Failure {
    status: StatusCode,
    code: &'static str,
    message: String,
    param: Option<&'static str>,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), param: None }
    }

    fn invalid(param: &'static str, message: impl Into<String>) -> Self {
        Self { param: Some(param), ..Self::new(StatusCode::BAD_REQUEST, "invalid_value", message) }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let kind = match self.status {
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            StatusCode::UNAUTHORIZED => "authentication_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        };
        let error = ErrorBody {
            message: self.message,
            kind: kind.to_owned(),
            param: self.param.map(str::to_owned),
            code: Some(self.code.to_owned()),
        };
        let mut response = (self.status, Json(ErrorResponse { error })).into_response();
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER.as_secs()));
        }
        response
    }
}

async fn require_token(State(engine): State<Engine>, headers: HeaderMap, request: Request, next: Next) -> Response {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let given: Option<[u8; 32]> = given.map(|token| Sha256::digest(token).into());
    if engine.token.is_none() || engine.token == given {
        return next.run(request).await;
    }
    let message = "the request must carry the engine's token as `Authorization: Bearer TOKEN`";
    let mut response = Failure::new(StatusCode::UNAUTHORIZED, "invalid_token", message).into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

async fn show_health() -> Json<Health> {
    Json(Health { status: "ok".to_owned() })
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
    };
    Json(ModelList { object: "list".to_owned(), data: vec![card] })
}

async fn create_embeddings(
    State(engine): State<Engine>,
    body: Result<Json<EmbeddingRequest>, JsonRejection>,
) -> Result<Json<EmbeddingResponse>, Failure> {
    let Json(request) = body.map_err(unreadable)?;
    let format = request.encoding_format.unwrap_or_default();
    check(&request, &engine.info)?;
    let texts = request.input.into_texts();
    if texts.is_empty() || texts.len() > MOST_TEXTS {
        return Err(Failure::invalid("input", format!("a request has 1 to {MOST_TEXTS} texts, not {}", texts.len())));
    }
    // Room is taken before any work is done for the request.
    let place = engine.queue.reserve(texts.len()).map_err(|reason| match reason {
        NoRoom::Full => Failure::new(
            StatusCode::TOO_MANY_REQUESTS,
            "queue_full",
            "the engine has too much to do; ask again in a second",
        ),
        NoRoom::TooLarge => {
            Failure::invalid("input", "the request has more texts than the engine's queue takes; send less at once")
        }
    })?;
    let tokenize = Arc::clone(&engine.tokenize);
    let tokens = tokio::task::spawn_blocking(move || {
        texts.iter().map(|text| tokenize(text)).collect::<anyhow::Result<Vec<_>>>()
    });
    let internal = |message: String| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", message);
    let tokens = tokens.await.map_err(|error| internal(error.to_string()))?;
    let tokens = tokens.map_err(|error| Failure::invalid("input", format!("{error:#}")))?;
    let count = tokens.iter().map(|text| text.len() as u64).sum();
    let vectors = engine.queue.embed(place, tokens).await.map_err(internal)?;
    let data = vectors.into_iter().enumerate().map(|(index, vector)| Embedding {
        object: "embedding".to_owned(),
        index,
        embedding: Vector::encode(vector, format),
    });
    Ok(Json(EmbeddingResponse {
        object: "list".to_owned(),
        data: data.collect(),
        model: engine.info.name.clone(),
        usage: Usage { prompt_tokens: count, total_tokens: count },
    }))
}

fn check(request: &EmbeddingRequest, info: &Info) -> Result<(), Failure> {
    if let Some(model) = request.model.as_ref().filter(|model| **model != info.name) {
        let message = format!("the model `{model}` is not served here; `{}` is", info.name);
        return Err(Failure {
            param: Some("model"),
            ..Failure::new(StatusCode::NOT_FOUND, "model_not_found", message)
        });
    }
    match request.dimensions {
        Some(dimensions) if dimensions != info.dimensions => {
            let message = format!("the model's vectors have {} dimensions, not {dimensions}", info.dimensions);
            Err(Failure::invalid("dimensions", message))
        }
        _ => Ok(()),
    }
}

fn unreadable(rejection: JsonRejection) -> Failure {
    let status = rejection.status();
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Failure::new(status, "too_large", format!("a request has at most {} MiB", LARGEST_BODY >> 20));
    }
    let hint = "the body must be JSON with `input`: a text or a list of texts";
    Failure::new(StatusCode::BAD_REQUEST, "invalid_body", format!("{hint} ({})", rejection.body_text()))
}

#[cfg(test)]
mod tests;

//! One client for every engine: over a Unix socket or HTTP(S), with a bearer token, with timeouts and typed errors.
//!
//! A client is cheap to clone and keeps its connections. It never retries: who calls it knows whether that is right.
//! It follows no redirect, so that a token is sent to nobody but the configured address.

mod speech;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use speech::{SpeechEvent, SpeechRequest};

use super::error::EngineError;
use super::protocol::{
    EmbeddingInput, EmbeddingRequest, EmbeddingResponse, EncodingFormat, ErrorResponse, ModelCard, ModelList,
};

/// Bytes of an answer that are read at most: 2,048 vectors of 4,096 floats as JSON numbers stay below it.
const MAX_ANSWER_BYTES: usize = 128 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const HEALTH_TIMEOUT: Duration = Duration::from_secs(5);

/// Where an engine listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A Unix socket on this machine, written `unix:PATH`.
    Unix(PathBuf),
    /// The base URL of a server, with or without `/v1` at its end.
    Http(Url),
}

impl FromStr for Endpoint {
    type Err = EngineError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |reason: String| EngineError::Address { text: text.to_owned(), reason };
        if let Some(path) = text.strip_prefix("unix:") {
            let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
            return if path.is_absolute() {
                Ok(Self::Unix(path))
            } else {
                Err(refuse("the socket's path must be absolute".to_owned()))
            };
        }
        let mut url = Url::parse(text).map_err(|error| refuse(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(refuse("it must start with `unix:`, `http://` or `https://`".to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("it must not carry a query, a fragment or a user name".to_owned()));
        }
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix("/v1").unwrap_or(path).to_owned();
        url.set_path(&path);
        Ok(Self::Http(url))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Http(url) => f.write_str(url.as_str().trim_end_matches('/')),
        }
    }
}

/// A connection to one engine.
#[derive(Clone)]
pub struct EngineClient {
    http: reqwest::Client,
    endpoint: Endpoint,
    base: String,
    token: Option<String>,
    timeout: Duration,
}

impl fmt::Debug for EngineClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineClient").field("endpoint", &self.endpoint.to_string()).finish_non_exhaustive()
    }
}

impl EngineClient {
    /// A client for the engine at `endpoint`. `timeout` is the time from sending a request to the end of its answer.
    ///
    /// # Errors
    /// [`EngineError::Address`] when no HTTP client can be made (the system's certificates cannot be read).
    pub fn new(endpoint: Endpoint, token: Option<String>, timeout: Duration) -> Result<Self, EngineError> {
        let builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("recollect/", env!("CARGO_PKG_VERSION")));
        let (builder, base) = match &endpoint {
            Endpoint::Unix(path) => (builder.unix_socket(path.as_path()).no_proxy(), "http://localhost".to_owned()),
            Endpoint::Http(url) => (builder, url.as_str().trim_end_matches('/').to_owned()),
        };
        let http = builder.build().map_err(|error| EngineError::Address {
            text: endpoint.to_string(),
            reason: format!("no HTTP client can be made for it: {}", innermost(&error)),
        })?;
        Ok(Self { http, endpoint, base, token, timeout })
    }

    /// Where the engine listens.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Whether the engine is ready: `GET /health`, or `GET /v1/models` where a server has no such route.
    ///
    /// # Errors
    /// Any [`EngineError`] of a request.
    pub async fn health(&self) -> Result<(), EngineError> {
        match self.send(self.request(Method::GET, "/health").timeout(HEALTH_TIMEOUT), HEALTH_TIMEOUT).await {
            Ok(_) => Ok(()),
            Err(EngineError::Refused { status: 404 | 405, .. }) => self.models().await.map(drop),
            Err(error) => Err(error),
        }
    }

    /// The models that the engine serves.
    ///
    /// # Errors
    /// Any [`EngineError`] of a request.
    pub async fn models(&self) -> Result<Vec<ModelCard>, EngineError> {
        let list: ModelList =
            self.read(self.request(Method::GET, "/v1/models"), HEALTH_TIMEOUT.max(self.timeout)).await?;
        Ok(list.data)
    }

    /// The vectors of `texts`, in their order. `model` is an identifier from [`Self::models`].
    ///
    /// # Errors
    /// Any [`EngineError`] of a request; [`EngineError::Answer`] when vectors are missing, of unequal length or not finite.
    pub async fn embed(&self, model: &str, texts: &[String]) -> Result<Vec<Vec<f32>>, EngineError> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let body = EmbeddingRequest {
            model: Some(model.to_owned()),
            input: EmbeddingInput::Many(texts.to_vec()),
            encoding_format: Some(EncodingFormat::Base64),
            dimensions: None,
        };
        let answer: EmbeddingResponse = self.post("/v1/embeddings", &body).await?;
        ordered_vectors(answer, texts.len())
            .map_err(|reason| EngineError::Answer { endpoint: self.endpoint.to_string(), reason })
    }

    /// Sends `body` as JSON to `route` (such as `/v1/embeddings`) and reads the JSON answer.
    ///
    /// # Errors
    /// Any [`EngineError`] of a request.
    pub async fn post<Q: Serialize + Sync, A: DeserializeOwned>(
        &self,
        route: &str,
        body: &Q,
    ) -> Result<A, EngineError> {
        self.read(self.request(Method::POST, route).json(body), self.timeout).await
    }

    /// Sends `body` as JSON to `route` and gives the answer once its head is there; its body comes piece by piece, for as
    /// long as it takes. `first` is the time until the head.
    ///
    /// # Errors
    /// Any [`EngineError`] of a request.
    pub(super) async fn open_stream<Q: Serialize + Sync>(
        &self,
        route: &str,
        body: &Q,
        first: Duration,
    ) -> Result<Response, EngineError> {
        let opened = async {
            let response = self.request(Method::POST, route).json(body).send().await;
            self.accept(response.map_err(|error| self.transport(&error, first))?, first).await
        };
        tokio::time::timeout(first, opened)
            .await
            .unwrap_or_else(|_| Err(EngineError::Timeout { endpoint: self.endpoint.to_string(), after: first }))
    }

    fn request(&self, method: Method, route: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{route}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn send(&self, request: RequestBuilder, timeout: Duration) -> Result<Response, EngineError> {
        let response = request.timeout(timeout).send().await.map_err(|error| self.transport(&error, timeout))?;
        self.accept(response, timeout).await
    }

    /// Turns an answer that is no success into an error.
    async fn accept(&self, response: Response, timeout: Duration) -> Result<Response, EngineError> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let endpoint = self.endpoint.to_string();
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(EngineError::Unauthorized { endpoint }),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                let seconds = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
                Err(EngineError::Busy { endpoint, retry_after: Duration::from_secs(seconds.unwrap_or(1)) })
            }
            _ => {
                let body = self.body(response, timeout).await.unwrap_or_default();
                Err(EngineError::Refused { endpoint, status: status.as_u16(), message: refusal(&body) })
            }
        }
    }

    async fn read<A: DeserializeOwned>(&self, request: RequestBuilder, timeout: Duration) -> Result<A, EngineError> {
        let response = self.send(request, timeout).await?;
        let body = self.body(response, timeout).await?;
        serde_json::from_slice(&body)
            .map_err(|error| EngineError::Answer { endpoint: self.endpoint.to_string(), reason: error.to_string() })
    }

    async fn body(&self, mut response: Response, timeout: Duration) -> Result<Vec<u8>, EngineError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.transport(&error, timeout))? {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                let reason = format!("it is larger than {} MiB", MAX_ANSWER_BYTES >> 20);
                return Err(EngineError::Answer { endpoint: self.endpoint.to_string(), reason });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn transport(&self, error: &reqwest::Error, timeout: Duration) -> EngineError {
        let endpoint = self.endpoint.to_string();
        if error.is_timeout() && !error.is_connect() {
            return EngineError::Timeout { endpoint, after: timeout };
        }
        EngineError::Unreachable { endpoint, reason: innermost(error) }
    }
}

/// The vectors of an answer in the order of the texts.
fn ordered_vectors(answer: EmbeddingResponse, texts: usize) -> Result<Vec<Vec<f32>>, String> {
    let mut vectors: Vec<Option<Vec<f32>>> = vec![None; texts];
    for item in answer.data {
        let place = vectors.get_mut(item.index).ok_or_else(|| format!("it has a vector for text {}", item.index))?;
        *place = Some(item.embedding.decode()?);
    }
    let vectors: Vec<Vec<f32>> =
        vectors.into_iter().collect::<Option<_>>().ok_or("it lacks the vectors of some texts".to_owned())?;
    let dimensions = vectors.first().map_or(0, Vec::len);
    if dimensions == 0 || vectors.iter().any(|vector| vector.len() != dimensions) {
        return Err("its vectors are empty or of unequal length".to_owned());
    }
    if vectors.iter().flatten().any(|value| !value.is_finite()) {
        return Err("its vectors hold numbers that are not finite".to_owned());
    }
    Ok(vectors)
}

/// The message of an error body, whatever its shape, cut to a readable length.
fn refusal(body: &[u8]) -> String {
    let message = match serde_json::from_slice::<ErrorResponse>(body) {
        Ok(error) => error.error.message,
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    let message: String = message.trim().chars().take(500).collect();
    if message.is_empty() { "it gave no reason".to_owned() } else { message }
}

/// The cause at the bottom of the chain: "connection refused" says more than "error sending request".
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests;

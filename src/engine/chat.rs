//! A conversation in, a message out, piece by piece: what the assistant uses, wherever the language model runs.
//!
//! What stays true: dropping the stream ends the request, and with it the engine's work; a stream ends with
//! [`ChatEvent::Done`] or with an error, never silently; a request is repeated only for a passing failure and only
//! before its first piece, so that nothing is said twice; tool calls come whole. Between two events of the engine no more
//! than the idle time passes. What the pieces mean is left to the caller.

mod assemble;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use eventsource_stream::{Event, EventStreamError, Eventsource as _};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use serde_json::Value;
use tokio::sync::OnceCell;

use self::assemble::Assembly;
use super::client::EngineClient;
use super::error::EngineError;
use super::protocol::Usage;
use super::protocol::chat::{ChatChunk, ChatRequest, FinishReason, StreamOptions, ToolCall};
use super::supervisor::{Lease, Supervisor};
use super::turns::{Priority, Turns};

/// Attempts at one request, the first included.
const ATTEMPTS: u32 = 4;
const FIRST_BACK_OFF: Duration = Duration::from_millis(300);
/// An engine that asks for more patience than this is told on.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum ChatEvent {
    /// More of the answer's text.
    Text(String),
    /// More of the model's thinking, which is no part of the answer.
    Reasoning(String),
    /// A whole call of a tool.
    ToolCall(ToolCall),
    /// The end.
    Done {
        /// Why it ends.
        reason: FinishReason,
        /// What it cost, where the engine says so.
        usage: Option<Usage>,
    },
}

/// An answer on its way. Dropping it ends the request.
pub type ChatStream = BoxStream<'static, Result<ChatEvent, EngineError>>;

/// A language model.
pub trait ChatModel: Send + Sync {
    /// What people call it. Starts nothing.
    fn name(&self) -> &str;

    /// Which weights it has, as far as that is known; another version writes other words.
    fn version(&self) -> &str;

    /// Tokens that question and answer may have together.
    fn context(&self) -> usize;

    /// Asks for the next message. Nothing happens before the stream is polled; `stream` of the request is set here.
    fn chat(&self, request: ChatRequest, priority: Priority) -> ChatStream;
}

/// The model that there is now, or what to do to have one: it comes and goes while the program runs.
pub type FindChat = Arc<dyn Fn() -> Result<Arc<dyn ChatModel>, String> + Send + Sync>;

/// What is known of a language model before it is asked.
#[derive(Debug, Clone)]
pub struct ChatSettings {
    /// What requests call it; empty asks a remote engine for its first model, and a local one needs none.
    pub model: String,
    /// Which weights it has; empty where nobody knows.
    pub version: String,
    /// Tokens that question and answer may have together.
    pub context: usize,
    /// Longest time between two events of the engine, the first included: reading a long prompt takes a while.
    pub idle: Duration,
    /// Requests that the engine works on at once.
    pub slots: usize,
    /// Requests that may wait beyond them.
    pub waiting: usize,
}

/// A language model in an engine. Clones share the queue.
#[derive(Clone)]
pub struct EngineChat {
    engine: Engine,
    settings: Arc<ChatSettings>,
    /// The name that the engine itself uses.
    served: Arc<OnceCell<String>>,
    turns: Turns,
}

#[derive(Clone)]
enum Engine {
    Local(Supervisor),
    Remote(EngineClient),
}

impl fmt::Debug for EngineChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineChat").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl EngineChat {
    /// A model in a child of this process, started at first use.
    pub fn local(supervisor: Supervisor, settings: ChatSettings) -> Self {
        Self::new(Engine::Local(supervisor), settings)
    }

    /// A model in an engine elsewhere. It is not contacted before it is asked something.
    pub fn remote(client: EngineClient, settings: ChatSettings) -> Self {
        Self::new(Engine::Remote(client), settings)
    }

    fn new(engine: Engine, settings: ChatSettings) -> Self {
        let turns = Turns::new(settings.slots, settings.waiting);
        Self { engine, settings: Arc::new(settings), served: Arc::default(), turns }
    }

    fn address(&self) -> String {
        match &self.engine {
            Engine::Local(supervisor) => supervisor.name().to_owned(),
            Engine::Remote(client) => client.endpoint().to_string(),
        }
    }

    async fn open(&self, request: &ChatRequest) -> Result<Opened, EngineError> {
        match &self.engine {
            Engine::Local(supervisor) => {
                let lease = supervisor.lease().await?;
                match self.send(lease.client(), request).await {
                    Ok(events) => Ok(Opened { events, lease: Some(lease), address: self.address() }),
                    Err(error) => Err(lease.explain(error).await),
                }
            }
            Engine::Remote(client) => {
                let request = ChatRequest { model: Some(self.served(client).await?), ..request.clone() };
                let events = self.send(client, &request).await?;
                Ok(Opened { events, lease: None, address: self.address() })
            }
        }
    }

    async fn send(&self, client: &EngineClient, request: &ChatRequest) -> Result<Events, EngineError> {
        let response = client.open_stream("/v1/chat/completions", request, self.settings.idle).await?;
        Ok(response.bytes_stream().eventsource().boxed())
    }

    /// What a remote engine calls the model.
    async fn served(&self, client: &EngineClient) -> Result<String, EngineError> {
        if !self.settings.model.is_empty() {
            return Ok(self.settings.model.clone());
        }
        let first = || async {
            let card = client.models().await?.into_iter().next();
            card.map(|card| card.id).ok_or_else(|| EngineError::OtherModel {
                wanted: "a language model".to_owned(),
                found: "none".to_owned(),
            })
        };
        self.served.get_or_try_init(first).await.cloned()
    }
}

impl ChatModel for EngineChat {
    fn name(&self) -> &str {
        if self.settings.model.is_empty() { "the engine's own model" } else { &self.settings.model }
    }

    fn version(&self) -> &str {
        &self.settings.version
    }

    fn context(&self) -> usize {
        self.settings.context
    }

    fn chat(&self, mut request: ChatRequest, priority: Priority) -> ChatStream {
        request.stream = true;
        request.stream_options = Some(StreamOptions { include_usage: true });
        let this = self.clone();
        async_stream::stream! {
            let _turn = match this.turns.enter(priority, &this.address()).await {
                Ok(turn) => turn,
                Err(error) => {
                    yield Err(error);
                    return;
                }
            };
            for attempt in 1.. {
                let mut begun = false;
                let mut answer = this.attempt(&request);
                let mut failure = None;
                while let Some(piece) = answer.next().await {
                    match piece {
                        Err(error) => failure = Some(error),
                        Ok(piece) => {
                            begun = true;
                            yield Ok(piece);
                        }
                    }
                }
                let Some(error) = failure else { return };
                let wait = if begun { None } else { next_attempt(&error, attempt) };
                let Some(wait) = wait else {
                    yield Err(error);
                    return;
                };
                tracing::info!(%error, attempt, "the language model is asked again");
                tokio::time::sleep(wait).await;
            }
        }
        .boxed()
    }
}

impl EngineChat {
    /// One attempt; ends after an error.
    fn attempt(&self, request: &ChatRequest) -> ChatStream {
        let (this, request) = (self.clone(), request.clone());
        async_stream::stream! {
            let mut opened = match this.open(&request).await {
                Ok(opened) => opened,
                Err(error) => {
                    yield Err(error);
                    return;
                }
            };
            let mut assembly = Assembly::default();
            loop {
                match opened.next(this.settings.idle).await {
                    Ok(Some(chunk)) => match assembly.take(chunk) {
                        Ok(pieces) => for piece in pieces { yield Ok(piece) },
                        Err(reason) => {
                            yield Err(EngineError::Answer { endpoint: opened.address, reason });
                            return;
                        }
                    },
                    Ok(None) if assembly.is_complete() => {
                        for piece in assembly.finish() { yield Ok(piece) }
                        return;
                    }
                    Ok(None) => {
                        let reason = "the connection ended in the middle of the answer".to_owned();
                        let error = EngineError::Unreachable { endpoint: opened.address.clone(), reason };
                        yield Err(opened.explain(error).await);
                        return;
                    }
                    Err(error) => {
                        yield Err(opened.explain(error).await);
                        return;
                    }
                }
            }
        }
        .boxed()
    }
}

type Events = BoxStream<'static, Result<Event, EventStreamError<reqwest::Error>>>;

/// An answer that has begun.
struct Opened {
    events: Events,
    /// Keeps a local engine from being idle.
    lease: Option<Lease>,
    address: String,
}

impl Opened {
    /// The next chunk; `None` at the end, marked or not.
    async fn next(&mut self, idle: Duration) -> Result<Option<ChatChunk>, EngineError> {
        let endpoint = || self.address.clone();
        let event = match tokio::time::timeout(idle, self.events.next()).await {
            Err(_) => return Err(EngineError::Timeout { endpoint: endpoint(), after: idle }),
            Ok(None) => return Ok(None),
            Ok(Some(Ok(event))) => event,
            Ok(Some(Err(EventStreamError::Transport(error)))) => {
                let reason = super::client::innermost(&error);
                return Err(EngineError::Unreachable { endpoint: endpoint(), reason });
            }
            Ok(Some(Err(error))) => {
                return Err(EngineError::Answer { endpoint: endpoint(), reason: error.to_string() });
            }
        };
        if event.data.trim() == "[DONE]" {
            return Ok(None);
        }
        let unreadable = |error: serde_json::Error| EngineError::Answer {
            endpoint: endpoint(),
            reason: format!("an event of its answer cannot be read: {error}"),
        };
        let value: Value = serde_json::from_str(&event.data).map_err(unreadable)?;
        if let Some(error) = value.get("error").filter(|error| !error.is_null()) {
            let message = error.get("message").and_then(Value::as_str).or_else(|| error.as_str());
            let message = message.unwrap_or("it gave no reason").chars().take(500).collect();
            return Err(EngineError::Failed { endpoint: endpoint(), message });
        }
        serde_json::from_value(value).map(Some).map_err(unreadable)
    }

    async fn explain(self, error: EngineError) -> EngineError {
        match self.lease {
            Some(lease) => lease.explain(error).await,
            None => error,
        }
    }
}

/// How long to wait before the attempt after number `attempt`; `None`: not at all.
fn next_attempt(error: &EngineError, attempt: u32) -> Option<Duration> {
    if attempt >= ATTEMPTS {
        return None;
    }
    let doubled = FIRST_BACK_OFF.saturating_mul(1 << attempt.saturating_sub(1).min(8));
    let wait = match error {
        EngineError::Busy { retry_after, .. } | EngineError::BackingOff { retry_after, .. } => *retry_after,
        EngineError::Unreachable { .. } | EngineError::Crashed { .. } => doubled,
        // Silence for the whole idle time is long enough for whoever waits.
        _ => return None,
    };
    (wait <= LONGEST_WAIT).then_some(wait)
}

#[cfg(test)]
mod tests;

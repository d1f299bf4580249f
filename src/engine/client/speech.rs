//! Speech to text by an engine: a recording out, text back while the engine works.

use async_stream::try_stream;
use eventsource_stream::Eventsource as _;
use futures::{Stream, StreamExt as _};
use reqwest::{Method, Response};
use serde::Deserialize;

use super::{EngineClient, innermost, refusal};
use crate::engine::error::EngineError;
use crate::engine::multipart::Multipart;
use crate::engine::protocol::{Segment, Transcription, Word};

/// A recording and what is wanted of it.
#[derive(Debug, Clone, Default)]
pub struct SpeechRequest {
    /// A file in one of the formats that engines take, such as WAV.
    pub content: Vec<u8>,
    /// Its name; the ending says its format.
    pub file_name: String,
    /// ISO 639-1 code of the language that is spoken; it is heard when `None`.
    pub language: Option<String>,
    /// Text before the recording: names and style are taken from it.
    pub prompt: Option<String>,
    /// Whether the text is wanted in English.
    pub translate: bool,
    /// Whether times of words are wanted.
    pub words: bool,
    /// Whether nobody waits for it: a person goes before.
    pub background: bool,
}

/// What an engine tells while it listens; [`SpeechEvent::Done`] is the last.
#[derive(Debug, Clone, PartialEq)]
pub enum SpeechEvent {
    /// So much is done, from 0 to 1.
    Progress(f64),
    /// More text.
    Text(String),
    /// All of it.
    Done(Transcription),
}

/// An event on the wire: those of OpenAI's API reference, and `transcript.progress` of our own engine.
#[derive(Deserialize)]
#[serde(tag = "type")]
enum WireEvent {
    #[serde(rename = "transcript.progress")]
    Progress { progress: f64 },
    #[serde(rename = "transcript.text.delta")]
    Delta { delta: String },
    #[serde(rename = "transcript.text.done")]
    Done(Done),
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Done {
    text: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    duration: f64,
    segments: Option<Vec<Segment>>,
    words: Option<Vec<Word>>,
}

impl EngineClient {
    /// Sends a recording to the model `model` and streams what is heard. Dropping the stream gives the request up. A
    /// server that does not stream gives everything at once.
    ///
    /// # Errors
    /// Any [`EngineError`] of a request, at once or in the stream; the stream ends after one.
    pub async fn transcribe(
        &self,
        model: &str,
        request: &SpeechRequest,
    ) -> Result<impl Stream<Item = Result<SpeechEvent, EngineError>> + Send + use<>, EngineError> {
        let (kind, body) = form(model, request);
        let route = if request.translate { "/v1/audio/translations" } else { "/v1/audio/transcriptions" };
        let http = self.request(Method::POST, route).header("content-type", kind).body(body);
        let response = self.send(http, self.timeout).await?;
        let client = self.clone();
        Ok(try_stream! {
            if !is_stream(&response) {
                let body = client.body(response, client.timeout).await?;
                let transcription: Transcription = serde_json::from_slice(&body).map_err(|error| client.unusable(error))?;
                yield SpeechEvent::Done(transcription);
                return;
            }
            let mut events = response.bytes_stream().eventsource();
            while let Some(event) = events.next().await {
                let event = event.map_err(|error| client.broken(&error))?;
                if event.data == "[DONE]" {
                    break;
                }
                if let Some(event) = client.read_event(&event.data)? {
                    let last = matches!(event, SpeechEvent::Done(_));
                    yield event;
                    if last {
                        return;
                    }
                }
            }
            Err::<(), _>(EngineError::Unreachable {
                endpoint: client.endpoint.to_string(),
                reason: "the answer broke off".to_owned(),
            })?;
        })
    }

    fn read_event(&self, data: &str) -> Result<Option<SpeechEvent>, EngineError> {
        if data.starts_with(r#"{"error""#) {
            let (endpoint, message) = (self.endpoint.to_string(), refusal(data.as_bytes()));
            return Err(EngineError::Refused { endpoint, status: 500, message });
        }
        Ok(match serde_json::from_str(data).map_err(|error| self.unusable(error))? {
            WireEvent::Progress { progress } => Some(SpeechEvent::Progress(progress)),
            WireEvent::Delta { delta } => Some(SpeechEvent::Text(delta)),
            WireEvent::Done(done) => Some(SpeechEvent::Done(Transcription {
                task: String::new(),
                language: done.language,
                duration: done.duration,
                text: done.text,
                segments: done.segments,
                words: done.words,
            })),
            WireEvent::Other => None,
        })
    }

    fn unusable(&self, error: serde_json::Error) -> EngineError {
        EngineError::Answer { endpoint: self.endpoint.to_string(), reason: error.to_string() }
    }

    fn broken(&self, error: &dyn std::error::Error) -> EngineError {
        EngineError::Unreachable { endpoint: self.endpoint.to_string(), reason: innermost(error) }
    }
}

fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
}

fn form(model: &str, request: &SpeechRequest) -> (String, Vec<u8>) {
    let mut form = Multipart::default().field("model", model).field("response_format", "verbose_json");
    form = form.field("stream", "true").field("timestamp_granularities[]", "segment");
    if request.words {
        form = form.field("timestamp_granularities[]", "word");
    }
    if let Some(language) = &request.language {
        form = form.field("language", language);
    }
    if let Some(prompt) = &request.prompt {
        form = form.field("prompt", prompt);
    }
    form.file("file", &request.file_name, &request.content).finish()
}

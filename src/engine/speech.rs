//! Speech in, text out: what voice questions and voice notes use, wherever the model runs.
//!
//! A stream that is dropped gives the request up, down to the engine. A waiting person goes before work in the background.
//! A full queue is waited for, a little.

use std::time::Duration;

use async_stream::stream;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt as _};

use super::client::{EngineClient, SpeechEvent, SpeechRequest};
use super::error::EngineError;
use super::protocol::Transcription;
use super::supervisor::{Lease, Supervisor};
use super::turns::{Priority, Turns};

/// Recordings that are handed to the engine at once; it hears one after the other.
const AT_ONCE: usize = 1;
/// Recordings that may wait.
const WAITING: usize = 64;
/// How often a full queue is waited for.
const BUSY_ATTEMPTS: u32 = 5;

/// What is told of a recording; the last is [`SpeechEvent::Done`] or an error.
pub type SpeechStream = BoxStream<'static, Result<SpeechEvent, EngineError>>;

/// Turns speech into text.
pub trait SpeechModel: Send + Sync {
    /// The model's identifier. Starts nothing.
    fn name(&self) -> &str;

    /// Which weights it has, as far as that is known; another version hears other words.
    fn version(&self) -> &str;

    /// Listens to a recording.
    fn transcribe(&self, request: SpeechRequest) -> SpeechStream;
}

/// The whole of what was said.
///
/// # Errors
/// The stream's own; [`EngineError::Answer`] when it ends before its end.
pub async fn whole(mut events: SpeechStream) -> Result<Transcription, EngineError> {
    while let Some(event) = events.next().await {
        if let SpeechEvent::Done(transcription) = event? {
            return Ok(transcription);
        }
    }
    Err(EngineError::Answer { endpoint: "the speech engine".to_owned(), reason: "it has no end".to_owned() })
}

/// A speech model in an engine.
#[derive(Debug, Clone)]
pub struct EngineSpeechModel {
    engine: Engine,
    model: String,
    version: String,
    turns: Turns,
    /// The language of requests that name none.
    language: Option<String>,
}

#[derive(Debug, Clone)]
enum Engine {
    Local(Supervisor),
    Remote(EngineClient),
}

impl EngineSpeechModel {
    /// A model in a child of this process, started at first use.
    pub fn local(supervisor: Supervisor, model: String, language: Option<String>) -> Self {
        Self::new(Engine::Local(supervisor), model, language)
    }

    /// A model in an engine elsewhere. Nothing is asked of it yet.
    pub fn remote(client: EngineClient, model: String, language: Option<String>) -> Self {
        Self::new(Engine::Remote(client), model, language)
    }

    fn new(engine: Engine, model: String, language: Option<String>) -> Self {
        Self { engine, model, version: String::new(), turns: Turns::new(AT_ONCE, WAITING), language }
    }

    /// The same with the version of its weights.
    #[must_use]
    pub fn with_version(mut self, version: String) -> Self {
        self.version = version;
        self
    }

    /// The engine, started now if need be, and what keeps it running.
    async fn engine(&self) -> Result<(EngineClient, Option<Lease>), EngineError> {
        match &self.engine {
            Engine::Remote(client) => Ok((client.clone(), None)),
            Engine::Local(supervisor) => {
                let lease = supervisor.lease().await?;
                Ok((lease.client().clone(), Some(lease)))
            }
        }
    }
}

impl SpeechModel for EngineSpeechModel {
    fn name(&self) -> &str {
        &self.model
    }

    fn version(&self) -> &str {
        &self.version
    }

    fn transcribe(&self, mut request: SpeechRequest) -> SpeechStream {
        let this = self.clone();
        if request.language.is_none() {
            request.language.clone_from(&self.language);
        }
        let priority = if request.background { Priority::Background } else { Priority::Chat };
        stream! {
            let _turn = match this.turns.enter(priority, "the speech engine").await {
                Ok(turn) => turn,
                Err(error) => {
                    yield Err(error);
                    return;
                }
            };
            let (client, lease) = match this.engine().await {
                Ok(engine) => engine,
                Err(error) => {
                    yield Err(error);
                    return;
                }
            };
            let failure = match ask_when_free(&client, &this.model, &request).await {
                Err(error) => error,
                Ok(events) => {
                    let mut events = std::pin::pin!(events);
                    loop {
                        match events.next().await {
                            Some(Ok(event)) => yield Ok(event),
                            Some(Err(error)) => break error,
                            None => return,
                        }
                    }
                }
            };
            yield Err(match lease {
                Some(lease) => lease.explain(failure).await,
                None => failure,
            });
        }
        .boxed()
    }
}

/// Asks again while the engine's queue is full.
async fn ask_when_free(
    client: &EngineClient,
    model: &str,
    request: &SpeechRequest,
) -> Result<impl Stream<Item = Result<SpeechEvent, EngineError>> + Send + use<>, EngineError> {
    let mut attempt = 1;
    loop {
        match client.transcribe(model, request).await {
            Err(EngineError::Busy { retry_after, .. }) if attempt < BUSY_ATTEMPTS => {
                attempt += 1;
                tokio::time::sleep(retry_after.min(Duration::from_secs(10))).await;
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::Multipart;
    use axum::http::StatusCode;
    use axum::response::{IntoResponse, Response};
    use axum::routing::post;

    use super::*;

    /// An engine that answers as the prompt says.
    async fn answer(mut form: Multipart) -> Response {
        let mut fields = Vec::new();
        while let Some(field) = form.next_field().await.unwrap() {
            fields.push((field.name().unwrap().to_owned(), field.bytes().await.unwrap()));
        }
        let find = |name: &str| fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
        assert_eq!((find("model").unwrap(), find("stream").unwrap()), ("m".into(), "true".into()));
        assert_eq!(find("file").unwrap(), &b"sound"[..]);
        let language = find("language").map_or("none".into(), |value| String::from_utf8_lossy(&value).into_owned());
        let events = |text: &str| ([("content-type", "text/event-stream")], text.to_owned()).into_response();
        match find("prompt").as_deref() {
            Some(b"plain") => ([("content-type", "application/json")], r#"{"text":"all at once"}"#).into_response(),
            Some(b"fail") => events("data: {\"error\":{\"message\":\"out of luck\"}}\n\n"),
            Some(b"cut") => events("data: {\"type\":\"transcript.text.delta\",\"delta\":\"a\"}\n\n"),
            Some(b"busy") => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "0")], "").into_response(),
            Some(b"refuse") => (StatusCode::BAD_REQUEST, r#"{"error":{"message":"no sound"}}"#).into_response(),
            _ => events(&format!(
                ": ping\n\ndata: {{\"type\":\"transcript.progress\",\"progress\":0.5}}\n\ndata: {{\"type\":\"something.new\"}}\n\n\
                 data: {{\"type\":\"transcript.text.delta\",\"delta\":\"Zürich \"}}\n\n\
                 data: {{\"type\":\"transcript.text.done\",\"text\":\"Zürich in {language}\",\"duration\":2}}\n\ndata: [DONE]\n\n"
            )),
        }
    }

    async fn model(language: Option<&str>) -> EngineSpeechModel {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().route("/v1/audio/transcriptions", post(answer));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let client = EngineClient::new(address.parse().unwrap(), None, Duration::from_secs(5)).unwrap();
        EngineSpeechModel::remote(client, "m".to_owned(), language.map(str::to_owned))
    }

    fn request(prompt: &str) -> SpeechRequest {
        SpeechRequest {
            content: b"sound".to_vec(),
            file_name: "a.wav".to_owned(),
            prompt: Some(prompt.to_owned()),
            ..SpeechRequest::default()
        }
    }

    #[tokio::test]
    async fn text_comes_in_parts_and_then_whole_in_the_configured_language() {
        let events: Vec<_> = model(Some("de")).await.transcribe(request("")).map(Result::unwrap).collect().await;
        assert_eq!(events.len(), 3, "{events:?}");
        assert_eq!(events[0], SpeechEvent::Progress(0.5));
        assert_eq!(events[1], SpeechEvent::Text("Zürich ".to_owned()));
        assert!(matches!(&events[2], SpeechEvent::Done(all) if all.text == "Zürich in de" && all.duration == 2.0));
        let other = SpeechRequest { language: Some("fr".to_owned()), ..request("") };
        assert_eq!(whole(model(Some("de")).await.transcribe(other)).await.unwrap().text, "Zürich in fr");
    }

    #[tokio::test]
    async fn a_server_that_does_not_stream_gives_everything_at_once() {
        let said = whole(model(None).await.transcribe(request("plain"))).await.unwrap();
        assert_eq!(said.text, "all at once");
    }

    #[tokio::test]
    async fn failures_come_out_of_the_stream_as_they_are() {
        for (prompt, expected) in
            [("fail", "out of luck"), ("cut", "broke off"), ("busy", "too much to do"), ("refuse", "no sound")]
        {
            let error = whole(model(None).await.transcribe(request(prompt))).await.unwrap_err();
            assert!(error.to_string().contains(expected), "{prompt}: {error}");
        }
    }
}

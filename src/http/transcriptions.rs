//! Speech to text: a recording in, what was said out, in parts while it is heard or as a whole.
//!
//! A recording is kept in a file without a name while it is decoded, and not after; what was said is not stored here.

use std::convert::Infallible;
use std::fs::File;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Api;
use super::error::{ApiError, Envelope, data};
use crate::engine::protocol::Transcription;
use crate::engine::speech::{SpeechStream, whole};
use crate::engine::{EngineError, SpeechEvent};
use crate::library::transcripts::Segment;
use crate::voice::audio::{AudioError, AudioLimits};
use crate::voice::{self, VoiceError};

/// No recording has more bytes: hours of compressed speech.
pub(super) const MAX_RECORDING: usize = 64 << 20;

/// Routes of this resource, with their own limit on the size of a request.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create_transcription)).layer(DefaultBodyLimit::max(MAX_RECORDING + (1 << 16)))
}

/// A recording.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the request; the fields are read as they come")]
pub(super) struct NewTranscription {
    /// The recording, in any format that ffmpeg reads: webm, ogg, mp4, m4a, mp3, wav, flac.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// ISO 639-1 code of the language that is spoken. Without it the language is heard.
    language: Option<String>,
}

/// What was said.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TranscriptionView {
    /// All of it; empty when nobody speaks.
    pub text: String,
    /// English name of the language that is spoken.
    pub language: String,
    /// Length of the recording in seconds.
    pub duration_s: f64,
    /// Its parts with their times.
    pub segments: Vec<SegmentView>,
}

/// A part of what was said.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SegmentView {
    /// Seconds from the start of the recording.
    pub start: f64,
    /// Seconds from the start of the recording.
    pub end: f64,
    /// What was said.
    pub text: String,
}

impl From<&Segment> for SegmentView {
    fn from(part: &Segment) -> Self {
        let seconds = |ms: i64| ms as f64 / 1000.0;
        Self { start: seconds(part.start_ms), end: seconds(part.end_ms), text: part.text.clone() }
    }
}

impl From<Transcription> for TranscriptionView {
    fn from(said: Transcription) -> Self {
        let segments = said.segments.unwrap_or_default().into_iter();
        Self {
            text: said.text.trim().to_owned(),
            language: said.language,
            duration_s: said.duration,
            segments: segments
                .map(|part| SegmentView { start: part.start, end: part.end, text: part.text.trim().to_owned() })
                .collect(),
        }
    }
}

/// Writes down what is said in a recording. With `Accept: text/event-stream` it streams `progress`, `text`, then `done`
/// or `error`.
#[utoipa::path(post, path = "/transcriptions", request_body(content = NewTranscription, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = Envelope<TranscriptionView>, content_type = "application/json"),
        (status = 200, body = String, content_type = "text/event-stream"),
        (status = 503, description = "no speech model is installed; the hint is the command that adds one"),
    ))]
async fn create_transcription(
    State(api): State<Api>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, ApiError> {
    let speech = api.app.speech().map_err(no_speech_model)?;
    let (file, language) = read(form).await?;
    let limits = AudioLimits { max_bytes: MAX_RECORDING as u64, ..AudioLimits::default() };
    let recording = voice::decode(file, limits).await.map_err(|error| failure(&error))?;
    let events = speech.transcribe(voice::request(&recording, language));
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/event-stream") {
        return Ok(Sse::new(stream(events)).keep_alive(KeepAlive::default()).into_response());
    }
    let said = whole(events).await.map_err(|error| failure(&error.into()))?;
    Ok(data(TranscriptionView::from(said)).into_response())
}

/// What to do to have a speech model.
pub(super) fn no_speech_model(hint: String) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "no_speech_model", "no speech model is installed").hint(hint)
}

fn stream(mut events: SpeechStream) -> impl Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        while let Some(event) = events.next().await {
            yield Ok(match event {
                Ok(SpeechEvent::Progress(progress)) => sse("progress", &json!({ "progress": progress })),
                Ok(SpeechEvent::Text(delta)) => sse("text", &json!({ "delta": delta })),
                Ok(SpeechEvent::Done(said)) => sse("done", &TranscriptionView::from(said)),
                Err(error) => sse("error", &failure(&error.into()).body("")),
            });
        }
    }
}

fn sse(name: &str, value: &impl Serialize) -> Event {
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    Event::default().event(name).data(text)
}

/// The recording, and the language if one is named.
pub(super) async fn read(mut form: Multipart) -> Result<(File, Option<String>), ApiError> {
    let (mut file, mut language) = (None, None);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => file = Some(save(field).await?),
            "language" => language = Some(field.text().await.map_err(broken)?).filter(|text| !text.trim().is_empty()),
            _ => {}
        }
    }
    let file =
        file.ok_or_else(|| ApiError::bad_request("the request has no `file`").hint("send the recording as `file`"))?;
    Ok((file, language))
}

/// Writes the recording into a file without a name.
async fn save(mut field: Field<'_>) -> Result<File, ApiError> {
    let failed = |error: std::io::Error| ApiError::internal(&error);
    let file = tokio::task::spawn_blocking(tempfile::tempfile).await.map_err(|error| ApiError::internal(&error))?;
    let mut file = tokio::fs::File::from_std(file.map_err(failed)?);
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    Ok(file.into_std().await)
}

fn broken(error: MultipartError) -> ApiError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(
            error.status(),
            "too_large",
            format!("the recording is larger than {} MiB", MAX_RECORDING >> 20),
        )
        .hint("cut it, or send a compressed format"),
        _ => ApiError::bad_request("the recording did not arrive whole").hint("send it again as multipart/form-data"),
    }
}

pub(super) fn failure(error: &VoiceError) -> ApiError {
    match error {
        VoiceError::Audio(AudioError::DecoderMissing) => {
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "decoder_missing", error.to_string())
        }
        VoiceError::Audio(audio) => ApiError::new(StatusCode::BAD_REQUEST, audio.code(), error.to_string()),
        VoiceError::Engine(engine) => {
            let code = match engine {
                EngineError::Busy { .. } => "speech_busy",
                EngineError::Crashed { .. } => "speech_crashed",
                _ => "speech_failed",
            };
            tracing::warn!(%engine, "a recording was not understood");
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, code, engine.to_string()).hint(engine.hint())
        }
        VoiceError::Decoding => ApiError::internal(error),
    }
}

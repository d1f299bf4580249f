//! Writes an answer: as one body, or as server-sent events while the model works.
//!
//! Events are those of OpenAI's API reference ("transcript.text.delta", "transcript.text.done"), and one of our own:
//! `transcript.progress` with `progress` from 0 to 1, which other clients ignore. After an error event comes nothing.

use std::convert::Infallible;

use axum::Json;
use axum::http::header;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use recollect::engine::host::Failure;
use recollect::engine::protocol::Transcription;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::form::Format;
use crate::job::Event;
use crate::subtitles;

/// What an answer has.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// How it is written.
    pub format: Format,
    /// Whether `verbose_json` has segments.
    pub segments: bool,
}

/// The whole answer, when it is there.
pub async fn whole(mut events: UnboundedReceiver<Event>, shape: Shape) -> Result<Response, Failure> {
    while let Some(event) = events.recv().await {
        match event {
            Event::Done(transcription) => return Ok(written(*transcription, shape)),
            Event::Failed(reason) => return Err(Failure::internal(reason)),
            Event::Progress(_) | Event::Text(_) => {}
        }
    }
    Err(Failure::internal("the engine is ending"))
}

fn written(mut transcription: Transcription, shape: Shape) -> Response {
    let plain = |kind: &'static str, text: String| ([(header::CONTENT_TYPE, kind)], text).into_response();
    let segments = transcription.segments.as_deref().unwrap_or_default();
    match shape.format {
        Format::Json => Json(json!({ "text": transcription.text })).into_response(),
        Format::Text => plain("text/plain; charset=utf-8", format!("{}\n", transcription.text)),
        Format::Srt => plain("application/x-subrip; charset=utf-8", subtitles::srt(segments)),
        Format::Vtt => plain("text/vtt; charset=utf-8", subtitles::vtt(segments)),
        Format::Verbose => {
            if !shape.segments {
                transcription.segments = None;
            }
            Json(transcription).into_response()
        }
    }
}

/// The answer as it comes.
pub fn streamed(events: UnboundedReceiver<Event>, shape: Shape) -> Response {
    Sse::new(stream(events, shape)).keep_alive(KeepAlive::default()).into_response()
}

fn stream(
    mut events: UnboundedReceiver<Event>,
    shape: Shape,
) -> impl Stream<Item = Result<SseEvent, Infallible>> + Send {
    async_stream::stream! {
        while let Some(event) = events.recv().await {
            match event {
                Event::Progress(progress) => {
                    yield Ok(data(&json!({ "type": "transcript.progress", "progress": progress })));
                }
                Event::Text(delta) => yield Ok(data(&json!({ "type": "transcript.text.delta", "delta": delta }))),
                Event::Done(transcription) => {
                    yield Ok(data(&done(*transcription, shape)));
                    yield Ok(SseEvent::default().data("[DONE]"));
                    return;
                }
                Event::Failed(reason) => {
                    yield Ok(failed(reason));
                    return;
                }
            }
        }
        yield Ok(failed("the engine is ending".to_owned()));
    }
}

/// The last event: the text, what is known of the recording, and in `verbose_json` all the rest.
fn done(transcription: Transcription, shape: Shape) -> Value {
    let mut event = json!({
        "type": "transcript.text.done",
        "text": transcription.text,
        "language": transcription.language,
        "duration": transcription.duration,
    });
    if shape.format == Format::Verbose {
        if shape.segments {
            event["segments"] = json!(transcription.segments);
        }
        if transcription.words.is_some() {
            event["words"] = json!(transcription.words);
        }
    }
    event
}

fn failed(reason: String) -> SseEvent {
    data(&json!(Failure::internal(reason).body()))
}

fn data(value: &Value) -> SseEvent {
    SseEvent::default().data(value.to_string())
}

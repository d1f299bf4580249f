//! `POST /v1/embeddings`: texts in, vectors out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use recollect::engine::host::Failure;
use recollect::engine::protocol::{EmbeddingRequest, EmbeddingResponse};

use super::{Engine, Info, RETRY_AFTER, Text};
use crate::text::worker::NoRoom;

/// Texts of one request, as with OpenAI.
const MOST_TEXTS: usize = 2048;
const EXPECTED: &str = "the body must be JSON with `input`: a text or a list of texts";

/// Makes texts vectors.
pub(super) async fn create_embeddings(
    State(engine): State<Engine>,
    body: Result<Json<EmbeddingRequest>, JsonRejection>,
) -> Result<Json<EmbeddingResponse>, Failure> {
    let Json(request) = body.map_err(|rejection| Failure::unreadable(&rejection, EXPECTED))?;
    let text = encoder(&engine, request.model.as_deref())?;
    let format = request.encoding_format.unwrap_or_default();
    check(&request, &text.info)?;
    let texts = request.input.into_texts();
    if texts.is_empty() || texts.len() > MOST_TEXTS {
        return Err(Failure::invalid("input", format!("a request has 1 to {MOST_TEXTS} texts, not {}", texts.len())));
    }
    // Room is taken before any work is done for the request.
    let place = text.queue.reserve(texts.len()).map_err(|reason| match reason {
        NoRoom::Full => Failure::busy(RETRY_AFTER),
        NoRoom::TooLarge => {
            Failure::invalid("input", "the request has more texts than the engine's queue takes; send less at once")
        }
    })?;
    let tokenize = Arc::clone(&text.tokenize);
    let tokens = tokio::task::spawn_blocking(move || {
        texts.iter().map(|text| tokenize(text)).collect::<anyhow::Result<Vec<_>>>()
    });
    let tokens = tokens.await.map_err(|error| Failure::internal(error.to_string()))?;
    let tokens = tokens.map_err(|error| Failure::invalid("input", format!("{error:#}")))?;
    let count = tokens.iter().map(|text| text.len() as u64).sum();
    let vectors = text.queue.embed(place, tokens).await.map_err(Failure::internal)?;
    Ok(Json(EmbeddingResponse::new(&text.info.name, vectors, format, count)))
}

/// The encoder of that name; the first when none is named.
fn encoder<'e>(engine: &'e Engine, name: Option<&str>) -> Result<&'e Text, Failure> {
    let Some(first) = engine.texts.first() else {
        return Err(Failure::new(StatusCode::NOT_FOUND, "model_not_found", "no text encoder is loaded here"));
    };
    let Some(name) = name else { return Ok(first) };
    let served = || engine.texts.iter().map(|text| text.info.name.as_str()).collect::<Vec<_>>().join(", ");
    let named = engine.texts.iter().find(|text| text.info.name == name);
    named.ok_or_else(|| Failure::other_model(name, &served()))
}

fn check(request: &EmbeddingRequest, info: &Info) -> Result<(), Failure> {
    match request.dimensions {
        Some(dimensions) if dimensions != info.dimensions => {
            let message = format!("the model's vectors have {} dimensions, not {dimensions}", info.dimensions);
            Err(Failure::invalid("dimensions", message))
        }
        _ => Ok(()),
    }
}

//! `POST /v1/images/annotations`: pictures in, what is seen in them out.
//!
//! Nothing of a picture reaches the log. The body is read off the asynchronous threads: it may have tens of megabytes.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use recollect::engine::host::Failure;
use recollect::engine::protocol::vision::{AnnotationRequest, AnnotationResponse, Feature};

use super::{Engine, RETRY_AFTER, Vision};
use crate::text::worker::NoRoom;

/// Pictures of one request.
const MOST_PICTURES: usize = 256;
const EXPECTED: &str = "the body must be JSON with `images`, a list of data: URLs, and `features`, a list of names";

/// Looks at pictures.
pub(super) async fn create_annotations(
    State(engine): State<Engine>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<AnnotationResponse>, Failure> {
    let body = body.map_err(|rejection| Failure::new(rejection.status(), "too_large", "the request is too large"))?;
    let parsed = tokio::task::spawn_blocking(move || serde_json::from_slice::<AnnotationRequest>(&body)).await;
    let request = parsed
        .map_err(|error| Failure::internal(error.to_string()))?
        .map_err(|error| Failure::new(StatusCode::BAD_REQUEST, "invalid_body", format!("{EXPECTED} ({error})")))?;
    let Some(vision) = &engine.vision else {
        return Err(Failure::new(StatusCode::NOT_FOUND, "model_not_found", "no model that sees is loaded here"));
    };
    check(&request, vision)?;
    let place = vision.queue.reserve(request.images.len()).map_err(|reason| match reason {
        NoRoom::Full => Failure::busy(RETRY_AFTER),
        NoRoom::TooLarge => {
            Failure::invalid("images", "the request has more pictures than the engine's queue takes; send less at once")
        }
    })?;
    let mut features = request.features;
    features.sort_unstable();
    features.dedup();
    let models = vision.models.iter().filter(|(feature, _)| features.contains(feature));
    let models = models.map(|(feature, model)| (*feature, model.clone())).collect();
    let data = vision.queue.see(place, request.images, features).await.map_err(Failure::internal)?;
    Ok(Json(AnnotationResponse { object: "list".to_owned(), data, models }))
}

fn check(request: &AnnotationRequest, vision: &Vision) -> Result<(), Failure> {
    let pictures = request.images.len();
    if pictures == 0 || pictures > MOST_PICTURES {
        return Err(Failure::invalid("images", format!("a request has 1 to {MOST_PICTURES} pictures, not {pictures}")));
    }
    if request.features.is_empty() {
        return Err(Failure::invalid("features", "the request asks for nothing"));
    }
    match request.features.iter().find(|feature| !vision.models.contains_key(feature)) {
        Some(feature) => {
            let served: Vec<&str> = vision.models.keys().map(|feature: &Feature| feature.name()).collect();
            let message =
                format!("no model for `{feature}` is loaded here; there are models for {}", served.join(", "));
            Err(Failure::invalid("features", message))
        }
        None => Ok(()),
    }
}

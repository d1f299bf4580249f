//! Around an engine's routes: `/health`, the token, answers to what does not exist, and panics caught.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};
use tower_http::catch_panic::CatchPanicLayer;

use super::Failure;
use crate::engine::protocol::Health;

/// `routes` of an engine with all that surrounds them. All but `/health` want the token, if there is one. A body has at
/// most `largest_body` bytes.
pub fn routes(routes: Router, token: Option<&str>, largest_body: usize) -> Router {
    routes_with_models(routes, token, largest_body, Vec::new())
}

/// The same; `/health` names these models.
pub fn routes_with_models(routes: Router, token: Option<&str>, largest_body: usize, models: Vec<String>) -> Router {
    let health = Health { status: "ok".to_owned(), models };
    // Equal hashes are compared in a time that tells nothing about the token.
    let token: Option<[u8; 32]> = token.map(|token| Sha256::digest(token.as_bytes()).into());
    let guarded = match token {
        Some(token) => routes.layer(axum::middleware::from_fn(move |request, next| require(token, request, next))),
        None => routes,
    };
    guarded
        .route("/health", get(async move || axum::Json(health.clone())))
        .fallback(async || Failure::new(StatusCode::NOT_FOUND, "not_found", "there is no such route"))
        .method_not_allowed_fallback(async || {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "the route has no such method")
        })
        .layer(DefaultBodyLimit::max(largest_body))
        .layer(CatchPanicLayer::custom(|_| Failure::internal("the engine failed; its log says more").into_response()))
}

async fn require(token: [u8; 32], request: Request, next: Next) -> Response {
    let given =
        request.headers().get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let given: Option<[u8; 32]> = given.map(|token| Sha256::digest(token).into());
    if given == Some(token) {
        return next.run(request).await;
    }
    let message = "the request must carry the engine's token as `Authorization: Bearer TOKEN`";
    Failure::new(StatusCode::UNAUTHORIZED, "invalid_token", message).into_response()
}

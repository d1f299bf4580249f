//! An engine's answer that is an error, in OpenAI's shape.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::engine::protocol::{ErrorBody, ErrorResponse};

/// An answer that is an error.
#[derive(Debug, Clone)]
pub struct Failure {
    /// HTTP status.
    pub status: StatusCode,
    /// The error, for a program.
    pub code: &'static str,
    /// What happened and what to do, for a person.
    pub message: String,
    /// The field of the request that is to blame.
    pub param: Option<&'static str>,
    /// When to ask again.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// An error with this status.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), param: None, retry_after: None }
    }

    /// A field of the request has a value that cannot be used.
    pub fn invalid(param: &'static str, message: impl Into<String>) -> Self {
        Self { param: Some(param), ..Self::new(StatusCode::BAD_REQUEST, "invalid_value", message) }
    }

    /// The engine failed; the request may be fine.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", message)
    }

    /// The queue has no room: ask again after `retry_after`.
    pub fn busy(retry_after: Duration) -> Self {
        let message = format!("the engine has too much to do; ask again in {} s", retry_after.as_secs().max(1));
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "queue_full", message) }
    }

    /// The request names a model that is not served here.
    pub fn other_model(asked: &str, served: &str) -> Self {
        let message = format!("the model `{asked}` is not served here; `{served}` is");
        Self { param: Some("model"), ..Self::new(StatusCode::NOT_FOUND, "model_not_found", message) }
    }

    /// The body is no JSON of the right shape, or too large. `expected` says what it must be.
    pub fn unreadable(rejection: &JsonRejection, expected: &str) -> Self {
        let status = rejection.status();
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::new(status, "too_large", "the request is larger than this engine takes; send less at once");
        }
        Self::new(StatusCode::BAD_REQUEST, "invalid_body", format!("{expected} ({})", rejection.body_text()))
    }

    /// The error as it is written into a body or an event.
    pub fn body(&self) -> ErrorResponse {
        let kind = match self.status {
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            StatusCode::UNAUTHORIZED => "authentication_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        };
        ErrorResponse {
            error: ErrorBody {
                message: self.message.clone(),
                kind: kind.to_owned(),
                param: self.param.map(str::to_owned),
                code: Some(self.code.to_owned()),
            },
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        if let Some(after) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

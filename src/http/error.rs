//! The envelope that every answer comes in, and the errors of the API.
//!
//! An error says what happened, and where it can, what to do; it carries the request's identifier and never a Rust
//! debug string. Failures of the server itself are logged with their cause and told without it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::assistant::AssistantError;
use crate::assistant::tools::ToolError;
use crate::jobs::JobError;
use crate::library::LibraryError;

/// Version of the API in every envelope.
pub const API_VERSION: &str = "1";

/// A successful answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Envelope<T> {
    /// Version of the API.
    pub api_version: &'static str,
    /// The answer.
    pub data: T,
    /// What is said about it: totals, cursors.
    pub meta: Value,
    /// Always null here.
    pub error: Option<ErrorBody>,
}

/// What went wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErrorBody {
    /// Stable code.
    pub code: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Identifier of the request, the same as in the log.
    pub request_id: String,
}

/// Wraps data without anything to say about it.
pub fn data<T: Serialize>(data: T) -> Json<Envelope<T>> {
    Json(Envelope { api_version: API_VERSION, data, meta: json!({}), error: None })
}

/// Wraps a page of a list.
pub fn page<T: Serialize>(data: T, total: u64, next_cursor: Option<String>) -> Json<Envelope<T>> {
    Json(Envelope {
        api_version: API_VERSION,
        data,
        meta: json!({ "total": total, "next_cursor": next_cursor }),
        error: None,
    })
}

/// An error on its way out; the request's identifier is added by the middleware that sees all answers.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// Status of the answer.
    pub status: StatusCode,
    /// Stable code.
    pub code: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl ApiError {
    /// An error with a status and a stable code.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), hint: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The client sent something that makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// There is nothing of that name.
    pub fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// The server failed; the cause goes to the log.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong on the server")
            .hint("the log in the data folder says more; the request id finds it")
    }

    /// The error object of the envelope.
    pub fn body(&self, request_id: &str) -> ErrorBody {
        ErrorBody {
            code: self.code,
            message: self.message.clone(),
            hint: self.hint.clone(),
            request_id: request_id.to_owned(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // The middleware replaces the empty body by the envelope, because it knows the request's identifier.
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<LibraryError> for ApiError {
    fn from(error: LibraryError) -> Self {
        match &error {
            LibraryError::NotFound { what, .. } => {
                let code = match *what {
                    "medium" => "media_not_found",
                    "album" => "album_not_found",
                    "concept" => "concept_not_found",
                    "conversation" => "conversation_not_found",
                    "event" => "event_not_found",
                    "film" => "film_not_found",
                    "note" => "note_not_found",
                    "failed job" => "job_not_found",
                    "person" => "person_not_found",
                    "theme" => "theme_not_found",
                    "face" => "face_not_found",
                    _ => "not_found",
                };
                Self::not_found(code, error.to_string())
            }
            LibraryError::Refused(reason) => Self::new(StatusCode::CONFLICT, "conflict", reason.clone()),
            _ => Self::internal(&error),
        }
    }
}

impl From<JobError> for ApiError {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Library(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<ToolError> for ApiError {
    fn from(error: ToolError) -> Self {
        match error {
            ToolError::Library(error) => error.into(),
            ToolError::Search(error) => Self::internal(&error),
            ToolError::Argument(message) => Self::bad_request(message),
            ToolError::Example(message) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "picture_not_compared", message),
            ToolError::State(_) => Self::new(StatusCode::CONFLICT, "conflict", error.to_string()),
        }
    }
}

impl From<AssistantError> for ApiError {
    fn from(error: AssistantError) -> Self {
        match error {
            AssistantError::Question(message) => Self::bad_request(message),
            AssistantError::NoAgent => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "no_language_model", error.to_string())
            }
            AssistantError::Library(error) => error.into(),
            AssistantError::Tool(error) => error.into(),
        }
    }
}

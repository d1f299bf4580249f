//! Who asks: the owner, the owner with what is off limits left out, or a guest. Each is answered by routes over a library
//! that shows what they may see ([`crate::library::view`]), so that no route has to think of it.
//!
//! A guest presents `server.guest_token`: they look at pictures, people, events, albums and themes and search them;
//! they change nothing, and conversations, notes, work and settings are not theirs to see.

use std::convert::Infallible;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use tower::ServiceExt as _;
use utoipa::ToSchema;

use super::error::ApiError;

/// Name of the cookie by which the app leaves out what is off limits.
const GUARDED: &str = "recollect_guarded";

/// What guests may see of the API.
const FOR_GUESTS: [&str; 11] =
    ["albums", "events", "faces", "keyframes", "map", "media", "people", "search", "tags", "themes", "timeline"];

/// Who the server takes the asker for, as it tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Asker {
    /// Everything is theirs.
    Owner,
    /// They look and search, and change nothing.
    Guest,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Audience {
    /// The owner.
    Owner,
    /// The owner, who wants to see only what others may.
    Guarded,
    /// Somebody else.
    Guest,
}

impl Audience {
    /// The owner, by what their request asks for.
    pub fn owner(request: &Request) -> Self {
        if cookie(request, GUARDED) == Some("1") { Self::Guarded } else { Self::Owner }
    }

    /// What they are told that they are.
    pub fn asker(self) -> Asker {
        match self {
            Self::Owner | Self::Guarded => Asker::Owner,
            Self::Guest => Asker::Guest,
        }
    }

    /// Refuses what is not for them.
    pub fn check(self, request: &Request) -> Result<(), ApiError> {
        let path = request.uri().path();
        let Some(resource) = path.strip_prefix("/api/v1/").filter(|_| self == Self::Guest) else {
            let metrics = self == Self::Guest && path == super::metrics::PATH;
            return if metrics { Err(forbidden()) } else { Ok(()) };
        };
        let first = resource.split('/').next().unwrap_or_default();
        let looks = matches!(*request.method(), Method::GET | Method::HEAD);
        let theirs =
            FOR_GUESTS.contains(&first) && !resource.split('/').any(|part| part == "notes" || part == "changes");
        let basic = matches!(resource, "status" | "suggestions" | "session" | "openapi.json");
        if (looks && theirs) || basic { Ok(()) } else { Err(forbidden()) }
    }
}

/// The value of a cookie.
pub(super) fn cookie<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let cookies = request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn forbidden() -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, "guests_only_look", "guests can look and search, and nothing else")
        .hint("sign in with the owner's token")
}

/// Routes for everybody: who asks was found out before.
pub(super) fn routes(of: impl Fn(Audience) -> Router) -> Router {
    let (owner, guarded, guest) = (of(Audience::Owner), of(Audience::Guarded), of(Audience::Guest));
    let answer = move |request: Request| {
        let routes = match request.extensions().get::<Audience>() {
            Some(Audience::Owner) => owner.clone(),
            Some(Audience::Guarded) => guarded.clone(),
            // Whoever is not known sees the least.
            Some(Audience::Guest) | None => guest.clone(),
        };
        async move {
            let answered: Result<Response, Infallible> = routes.oneshot(request).await;
            answered.into_response()
        }
    };
    Router::new().fallback(answer)
}

//! The HTTP API and the web app: one file a resource, one envelope, OpenAPI generated from the code.
//!
//! What must stay true: nothing is served beyond loopback without a token; every answer of the API is an envelope, also
//! when a handler panics; the pages may load nothing from elsewhere. What routes do is left to `app` and `assistant`.

mod activity;
mod albums;
mod assets;
mod audience;
mod captions;
mod collections;
mod concepts;
mod conversations;
mod error;
mod events;
mod faces;
mod films;
mod folders;
mod guard;
mod keyframes;
mod lines;
mod map;
mod media;
mod memories;
mod metrics;
mod models;
mod music;
mod notes;
mod people;
mod questions;
mod renders;
mod search;
mod shares;
mod status;
mod summaries;
mod themes;
mod transcriptions;
pub mod views;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::routing::get;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::limit::RequestBodyLimitLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use self::activity::{Changed, Jobs, Selection};
pub use self::albums::{AlbumEdit, AlbumView, ChangedAlbum, NewAlbum};
use self::audience::Audience;
pub use self::conversations::{AskRequest, AskedPicture};
pub use self::error::{ApiError, Envelope, ErrorBody};
pub use self::films::{CreateFilmRequest, FilmView};
pub use self::search::{PictureResults, PictureSearch};
pub use self::transcriptions::TranscriptionView;
use crate::app::App;
use crate::library::Library;

/// No request is larger, but for recordings.
const MAX_BODY: usize = 1 << 20;

/// What every handler sees.
#[derive(Clone)]
pub struct Api {
    /// The application.
    pub app: App,
    /// What clients must present; `None` on loopback.
    token: Option<String>,
    /// Taken by everything that is made to be taken away.
    shares: Arc<Semaphore>,
    /// Who is answered.
    audience: Audience,
}

impl Api {
    /// What guests present; `None` when there are none.
    fn guest_token(&self) -> Option<&str> {
        Some(self.app.configured.config.server.guest_token.as_str()).filter(|token| !token.is_empty())
    }

    fn library(&self) -> &Library {
        &self.app.library
    }
}

/// What a handler of the API answers.
type Reply<T> = Result<Json<Envelope<T>>, ApiError>;

#[derive(OpenApi)]
#[openapi(info(
    title = "Recollect",
    description = "A private assistant for a person's photos and videos. Every answer is an envelope of data, meta and error."
))]
struct Description;

fn api_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(Description::openapi()).nest(
        "/api/v1",
        OpenApiRouter::new()
            .merge(activity::routes())
            .merge(albums::routes())
            .merge(captions::routes())
            .merge(collections::routes())
            .merge(concepts::routes())
            .merge(conversations::routes())
            .merge(events::routes())
            .merge(faces::routes())
            .merge(films::routes())
            .merge(renders::routes())
            .merge(folders::routes())
            .merge(guard::routes())
            .merge(keyframes::routes())
            .merge(map::routes())
            .merge(media::routes())
            .merge(memories::routes())
            .merge(models::routes())
            .merge(music::routes())
            .merge(notes::routes())
            .merge(people::routes())
            .merge(questions::routes())
            .merge(search::routes())
            .merge(shares::routes())
            .merge(status::routes())
            .merge(summaries::routes())
            .merge(themes::routes())
            .layer(RequestBodyLimitLayer::new(MAX_BODY))
            .merge(music::uploads())
            .merge(notes::uploads())
            .merge(transcriptions::routes()),
    )
}

/// The description of the API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api_routes().into_openapi()
}

/// Everything that the server answers. `token`: what clients must present.
pub fn router(app: App, token: Option<String>) -> Router {
    let shares = Arc::new(Semaphore::new(shares::AT_ONCE));
    let api = Api { app, token, shares, audience: Audience::Owner };
    let safety = &api.app.configured.config.safety;
    let of = |audience| {
        let (routes, description) = api_routes().split_for_parts();
        let view = match audience {
            Audience::Owner => safety.owner(false),
            Audience::Guarded => safety.owner(true),
            Audience::Guest => safety.others(),
        };
        routes
            .route("/api/v1/openapi.json", get(move || std::future::ready(Json(description.clone()))))
            .route(metrics::PATH, get(metrics::get_metrics))
            .fallback(assets::serve_asset)
            .with_state(Api { app: api.app.seen_through(view), audience, ..api.clone() })
    };
    audience::routes(of)
        .layer(axum::middleware::from_fn_with_state(api.clone(), guard::check_token))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(axum::middleware::from_fn_with_state(api.clone(), guard::finish))
        .layer(CompressionLayer::new().compress_when(worth_packing()))
}

/// What is made smaller on its way: not what is packed already.
fn worth_packing() -> impl Predicate {
    let packed = ["application/zip", "application/pdf", "video/"].map(NotForContentType::const_new);
    let [zip, pdf, video] = packed;
    DefaultPredicate::new().and(zip).and(pdf).and(video)
}

/// Whether an address can be reached from this machine only.
pub fn is_private(address: &SocketAddr) -> bool {
    address.ip().is_loopback()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_description_names_every_resource() {
        let text = super::openapi().to_json().unwrap();
        for path in [
            "/api/v1/media/{id}",
            "/api/v1/conversations/{id}/turns",
            "/api/v1/people/changes/{id}/undo",
            "/api/v1/events/changes/{id}/undo",
            "/api/v1/faces/{id}/crop",
            "/api/v1/map/clusters",
            "/api/v1/search",
            "/api/v1/search/pictures",
            "/api/v1/concepts/{id}/questions",
            "/api/v1/jobs",
            "/api/v1/models/{id}/pull",
            "/api/v1/transcriptions",
            "/api/v1/media/{id}/notes",
            "/api/v1/notes/{id}/audio",
            "/api/v1/films/{id}/video",
            "/api/v1/memories/feedback/{about}/{subject}",
            "/api/v1/albums/{id}/media/{medium}/reasons",
            "/api/v1/events/{id}/export",
            "/api/v1/themes/changes/{id}/undo",
        ] {
            assert!(text.contains(path), "{path}");
        }
    }
}

//! The state of the server: what is in the library, what is missing, and what one could ask.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::audience::Asker;
use super::error::{Envelope, data};
use super::{Api, Reply};
use crate::app::ModelState;
use crate::assistant::suggestions::{self, Suggestion};
use crate::jobs::activity::Counts;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_status)).routes(routes!(list_suggestions))
}

/// The state of the server.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Status {
    version: String,
    media: i64,
    photos: i64,
    videos: i64,
    people: i64,
    events: i64,
    /// Whether files are being read or indexes brought up to date.
    indexing: bool,
    jobs: Counts,
    models: Vec<ModelState>,
    /// The demo library is open.
    demo: bool,
    /// Who asks: what a guest may not do is not offered to them.
    audience: Asker,
}

/// What is in the library, what is being done, and what is missing.
#[utoipa::path(get, path = "/status", responses((status = 200, body = Envelope<Status>)))]
async fn get_status(State(api): State<Api>) -> Reply<Status> {
    let numbers = api.library().numbers().await?;
    Ok(data(Status {
        version: env!("CARGO_PKG_VERSION").into(),
        media: numbers.media,
        photos: numbers.photos,
        videos: numbers.videos,
        people: numbers.people,
        events: numbers.events,
        indexing: !api.app.indexer.is_idle().await?,
        jobs: api.app.indexer.activity().await?.counts.clone(),
        models: api.app.model_states(),
        demo: api.app.is_demo().await?,
        audience: api.audience.asker(),
    }))
}

/// Questions that this very library can answer.
#[utoipa::path(get, path = "/suggestions", responses((status = 200, body = Envelope<Vec<Suggestion>>)))]
async fn list_suggestions(State(api): State<Api>) -> Reply<Vec<Suggestion>> {
    Ok(data(suggestions::suggest(&*api.library().vocabulary().await?)))
}

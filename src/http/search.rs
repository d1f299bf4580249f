//! Search: a query read like a question, its recognised parts as removable chips, and what was found; and search by a
//! picture, or a part of one.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collections::next;
use super::error::{ApiError, Envelope, data, page};
use super::media::window;
use super::views::{HitView, ReadingView, found, hits};
use super::{Api, AskedPicture, Reply};
use crate::assistant::example::ExampleError;
use crate::assistant::looks::LooksError;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(search_media)).routes(routes!(search_by_picture))
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
struct SearchQuery {
    /// The query, in any of the languages of the assistant.
    q: String,
    /// Identifiers of chips that the user removed, separated by commas.
    #[serde(default)]
    without: String,
    /// Where to go on.
    cursor: Option<String>,
    /// Number of hits, 500 at the most.
    limit: Option<u32>,
}

/// What was found.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct SearchResults {
    /// What the query was understood to mean.
    reading: ReadingView,
    /// A page of what was found, best first.
    hits: Vec<HitView>,
    /// How many there are.
    total: usize,
}

/// Finds media by a query.
#[utoipa::path(get, path = "/search", params(SearchQuery), responses((status = 200, body = Envelope<SearchResults>)))]
async fn search_media(State(api): State<Api>, Query(query): Query<SearchQuery>) -> Reply<SearchResults> {
    let (offset, limit) = window(query.cursor.as_deref(), query.limit)?;
    let removed: Vec<usize> = query.without.split(',').filter_map(|id| id.trim().parse().ok()).collect();
    let (reading, media) = api.app.assistant.search(&query.q, None, &removed).await?;
    let total = media.len();
    let from = (offset as usize).min(total);
    let to = (from + limit as usize).min(total);
    let hits = hits(api.library(), &found(&media[from..to])).await?;
    let next = next(offset, to - from, total as u64);
    Ok(page(SearchResults { reading: (&reading).into(), hits, total }, total as u64, next))
}

/// A picture to find others by.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PictureSearch {
    /// The picture.
    #[serde(flatten)]
    pub picture: AskedPicture,
    /// A part of it: `[x, y, w, h]` in 0–1 of the upright picture.
    #[serde(rename = "box", default, skip_serializing_if = "Option::is_none")]
    pub area: Option<[f64; 4]>,
    /// What is different: "at night", "with snow", "in 2019".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub but: String,
    /// Number of hits, 500 at the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// What looks like a picture.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PictureResults {
    /// Best first.
    pub hits: Vec<HitView>,
}

/// Finds media that look like a picture or a part of one.
#[utoipa::path(post, path = "/search/pictures", request_body = PictureSearch,
    responses((status = 200, body = Envelope<PictureResults>)))]
async fn search_by_picture(State(api): State<Api>, Json(search): Json<PictureSearch>) -> Reply<PictureResults> {
    let limit = search.limit.unwrap_or(100).clamp(1, 500) as usize;
    let picture = search.picture.read().await?;
    let media = api.app.assistant.like(&picture, search.area, search.but.trim(), limit).await?;
    Ok(data(PictureResults { hits: hits(api.library(), &found(&media)).await? }))
}

impl From<ExampleError> for ApiError {
    fn from(error: ExampleError) -> Self {
        match error {
            ExampleError::Looks(LooksError::NoModel(hint)) => {
                let message = "searching by a picture needs a model that compares pictures";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "no_image_encoder", message).hint(hint)
            }
            ExampleError::Area(reason) => Self::bad_request(reason),
            ExampleError::Looks(LooksError::Picture(reason)) => Self::bad_request(reason),
            ExampleError::Sight(error) => Self::bad_request(error.to_string()),
            ExampleError::Looks(error) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "picture_not_compared", error.to_string())
            }
            ExampleError::Tool(error) => error.into(),
        }
    }
}

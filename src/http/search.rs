//! Search: a query read like a question, its recognised parts as removable chips, and what was found.

use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{Envelope, page};
use super::media::window;
use super::views::{HitView, ReadingView, found, hits};
use super::{Api, Reply};

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(search_media))
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
    let next = (to < total).then(|| to.to_string());
    Ok(page(SearchResults { reading: (&reading).into(), hits, total }, total as u64, next))
}

//! Keywords, and what lists of collections share. People are in [`super::people`], events in [`super::events`], albums in
//! [`super::albums`].

use std::collections::HashMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data, page};
use super::media::window;
use super::views::MediaCard;
use super::{Api, Reply};
use crate::library::MediaId;
use crate::library::filter::MediaFilter;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_tags))
}

/// A keyword.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct TagView {
    /// The keyword in its folded form.
    id: String,
    name: String,
    count: i64,
    cover: Option<MediaCard>,
}

/// What lists show of these media, of those that may be seen.
pub(super) async fn cards(api: &Api, ids: &[MediaId]) -> Result<HashMap<MediaId, MediaCard>, ApiError> {
    let media = api.library().media_by_ids(ids).await?;
    Ok(media.iter().map(|medium| (medium.id, MediaCard::from(medium))).collect())
}

/// The media that stand for collections.
pub(super) async fn covers(
    api: &Api,
    ids: impl Iterator<Item = Option<MediaId>>,
) -> Result<HashMap<MediaId, MediaCard>, ApiError> {
    cards(api, &ids.flatten().collect::<Vec<_>>()).await
}

/// Keywords, most used first.
#[utoipa::path(get, path = "/tags", responses((status = 200, body = Envelope<Vec<TagView>>)))]
async fn list_tags(State(api): State<Api>) -> Reply<Vec<TagView>> {
    let tags = api.library().tags().await?;
    let views = tags.into_iter().map(|tag| TagView { id: tag.folded, name: tag.name, count: tag.count, cover: None });
    Ok(data(views.collect()))
}

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct PageQuery {
    /// Where to go on.
    pub cursor: Option<String>,
    /// Number of entries, 500 at the most.
    pub limit: Option<u32>,
}

/// Where a list of `total` entries goes on after `read` of them from `offset` on; `None` at its end.
pub(super) fn next(offset: u32, read: usize, total: u64) -> Option<String> {
    let end = u64::from(offset) + read as u64;
    (end < total).then(|| end.to_string())
}

/// A page of media.
pub(super) async fn list(api: &Api, filter: MediaFilter, query: &PageQuery) -> Reply<Vec<MediaCard>> {
    let (offset, limit) = window(query.cursor.as_deref(), query.limit)?;
    let total = api.library().count(&filter).await?;
    let media = api.library().page(&filter, offset, limit).await?;
    Ok(page(media.iter().map(MediaCard::from).collect(), total, next(offset, media.len(), total)))
}

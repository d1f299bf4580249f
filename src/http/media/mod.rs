//! Media: the timeline, lists, everything known about one ([`mod@detail`]), and their files ([`files`]).

mod detail;
mod files;

use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use detail::{MediaDetail, detail};
pub(super) use files::serve;

use super::collections::{PageQuery, list};
use super::error::{ApiError, Envelope, data};
use super::views::{HitView, MediaCard, found, hits};
use super::{Api, Reply};
use crate::assistant::albums;
use crate::assistant::tools::find_similar::{self, FindSimilar};
use crate::library::filter::{MediaFilter, TimeSpan};
use crate::library::{AlbumId, EventId, MediaId, PersonId};

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_timeline))
        .routes(routes!(list_media))
        .routes(routes!(list_similar))
        .merge(detail::routes())
        .merge(files::routes())
}

/// A day of the timeline.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct DayCount {
    /// ISO 8601 day; null for the undated.
    day: Option<String>,
    /// Number of media.
    count: i64,
}

/// The days of the library.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Timeline {
    /// Latest first, the undated last.
    days: Vec<DayCount>,
    /// Number of media.
    total: i64,
}

/// The days that have media, with how many: all that is needed to lay out the whole library.
#[utoipa::path(get, path = "/timeline", responses((status = 200, body = Envelope<Timeline>)))]
async fn get_timeline(State(api): State<Api>) -> Reply<Timeline> {
    let days: Vec<DayCount> =
        api.library().days().await?.into_iter().map(|(day, count)| DayCount { day, count }).collect();
    let total = days.iter().map(|day| day.count).sum();
    Ok(data(Timeline { days, total }))
}

/// Which media are listed.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct ListQuery {
    /// First day, ISO 8601.
    day_from: Option<String>,
    /// Last day, ISO 8601.
    day_to: Option<String>,
    /// Only media without a date.
    #[serde(default)]
    undated: bool,
    /// Of a person.
    person: Option<PersonId>,
    /// Of an event.
    event: Option<EventId>,
    /// Of an album.
    album: Option<AlbumId>,
    /// Carrying a keyword.
    tag: Option<String>,
    /// Where to go on: `meta.next_cursor` of the page before.
    cursor: Option<String>,
    /// Number of media, 500 at the most.
    limit: Option<u32>,
}

/// Media, latest first, in the order of the timeline.
#[utoipa::path(get, path = "/media", params(ListQuery), responses((status = 200, body = Envelope<Vec<MediaCard>>)))]
async fn list_media(State(api): State<Api>, Query(query): Query<ListQuery>) -> Reply<Vec<MediaCard>> {
    let by_day = query.day_from.is_some() || query.day_to.is_some();
    let filter = MediaFilter {
        taken: days(query.day_from.as_deref(), query.day_to.as_deref())?,
        // Days are those of the timeline, which knows no day of a year that only a title names.
        dated: if query.undated { Some(false) } else { by_day.then_some(true) },
        people: query.person.map(|person| vec![vec![person]]).unwrap_or_default(),
        events: query.event.into_iter().collect(),
        albums: query.album.into_iter().collect(),
        tags: query.tag.into_iter().collect(),
        ..MediaFilter::default()
    };
    let filter = albums::expanded(api.app.assistant.context(), &filter).await?;
    list(&api, filter.into_owned(), &PageQuery { cursor: query.cursor, limit: query.limit }).await
}

/// Offset and size of a page.
pub(super) fn window(cursor: Option<&str>, limit: Option<u32>) -> Result<(u32, u32), ApiError> {
    let offset = cursor.map_or(Ok(0), str::parse).map_err(|_| ApiError::bad_request("`cursor` is not one of ours"))?;
    Ok((offset, limit.unwrap_or(100).clamp(1, 500)))
}

fn days(from: Option<&str>, to: Option<&str>) -> Result<Vec<TimeSpan>, ApiError> {
    if from.is_none() && to.is_none() {
        return Ok(Vec::new());
    }
    let day = |text: &str| {
        text.parse::<jiff::civil::Date>()
            .map_err(|_| ApiError::bad_request(format!("`{text}` is not a day such as 2019-06-09")))
    };
    let start = from.map(day).transpose()?.unwrap_or(jiff::civil::Date::MIN);
    let end = to.map(day).transpose()?.unwrap_or(jiff::civil::Date::MAX);
    let end = end.tomorrow().unwrap_or(jiff::civil::Date::MAX);
    Ok(vec![TimeSpan { start: start.at(0, 0, 0, 0), end: end.at(0, 0, 0, 0) }])
}

/// Media like this one.
#[utoipa::path(get, path = "/media/{id}/similar", responses((status = 200, body = Envelope<Vec<HitView>>)))]
async fn list_similar(State(api): State<Api>, Path(id): Path<MediaId>) -> Reply<Vec<HitView>> {
    api.library().medium(id).await?;
    let similar = find_similar::run(api.app.assistant.context(), &FindSimilar { id, limit: 24 }).await?;
    Ok(data(hits(api.library(), &found(&similar)).await?))
}

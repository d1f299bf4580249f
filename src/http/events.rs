//! Events and trips: lists, days and moments, what the user does to them, clocks that were off.
//!
//! Everything that the user does is a change, posted to one place and taken back at another.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collections::{PageQuery, covers, list};
use super::error::{Envelope, data};
use super::media::window;
use super::views::{ChangeHead, MediaCard};
use super::{Api, Reply};
use crate::assistant::summary::names_of_event;
use crate::assistant::understand::Language;
use crate::ingest::events::days::days;
use crate::ingest::gather::{clocks_off, names_for, shot_of};
use crate::library::changes::Change;
use crate::library::events::EventSummary;
use crate::library::events::change::Action;
use crate::library::filter::MediaFilter;
use crate::library::media::{Medium, Ordering};
use crate::library::{ChangeId, EventId, MediaId};
use crate::map::stops::{Point, Stop, stops};

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_events))
        .routes(routes!(get_event))
        .routes(routes!(list_event_media))
        .routes(routes!(propose_names))
        .routes(routes!(list_changes, change_events))
        .routes(routes!(undo_change))
        .routes(routes!(list_clocks))
}

/// An event or trip.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct EventView {
    id: EventId,
    name: String,
    count: i64,
    cover: Option<MediaCard>,
    /// Local time of the first medium.
    start: Option<String>,
    /// Local time of the last medium.
    end: Option<String>,
    place: Option<String>,
    /// `event` or `trip`.
    kind: String,
    /// The trip that it is part of.
    parent: Option<EventId>,
    /// The name is the user's.
    named: bool,
}

impl EventView {
    fn new(event: EventSummary, covers: &HashMap<MediaId, MediaCard>) -> Self {
        Self {
            id: event.id,
            name: event.name,
            count: event.count,
            cover: event.cover.and_then(|id| covers.get(&id).cloned()),
            start: event.starts,
            end: event.ends,
            place: event.place,
            kind: event.kind,
            parent: event.parent,
            named: event.named,
        }
    }
}

/// What was photographed without a pause.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct MomentView {
    /// Local time of its first medium.
    start: Option<String>,
    /// Local time of its last medium.
    end: Option<String>,
    /// Its media, in order.
    media: Vec<MediaId>,
}

/// A day of an event.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct DayView {
    /// ISO 8601.
    date: String,
    /// Where most of it was.
    place: Option<String>,
    /// Number of media.
    count: usize,
    moments: Vec<MomentView>,
}

/// Where somebody was for a while.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct StopView {
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
    /// Where most of its media were.
    place: Option<String>,
    /// Local time of its first medium.
    start: String,
    /// Local time of its last medium.
    end: String,
    /// Its media, in order.
    media: Vec<MediaId>,
}

impl From<Stop> for StopView {
    fn from(stop: Stop) -> Self {
        let Stop { position, place, start, end, media } = stop;
        Self { lat: position.lat, lon: position.lon, place, start, end, media }
    }
}

/// An event with its days.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct WholeEventView {
    #[serde(flatten)]
    event: EventView,
    days: Vec<DayView>,
    /// Where it went, in order of time, as far as its media have positions.
    stops: Vec<StopView>,
    /// Events that are part of it.
    parts: Vec<EventView>,
}

/// Events and trips, latest first.
#[utoipa::path(get, path = "/events", responses((status = 200, body = Envelope<Vec<EventView>>)))]
async fn list_events(State(api): State<Api>) -> Reply<Vec<EventView>> {
    let events = api.library().events().await?;
    let covers = covers(&api, events.iter().map(|event| event.cover)).await?;
    Ok(data(events.into_iter().map(|event| EventView::new(event, &covers)).collect()))
}

/// An event with its days and their moments, and the events that are part of it.
#[utoipa::path(get, path = "/events/{id}", responses((status = 200, body = Envelope<WholeEventView>)))]
async fn get_event(State(api): State<Api>, Path(id): Path<EventId>) -> Reply<WholeEventView> {
    let event = api.library().event(id).await?;
    let mut parts = api.library().events_within(id).await?;
    parts.reverse();
    let covers = covers(&api, parts.iter().chain([&event]).map(|event| event.cover)).await?;
    let filter = MediaFilter { events: vec![id], ..MediaFilter::default() };
    let ids = api.library().select(&filter, Ordering::Oldest, None).await?;
    let media = api.library().media_by_ids(&ids).await?;
    Ok(data(WholeEventView {
        event: EventView::new(event, &covers),
        days: day_views(&media),
        stops: stops(&media.iter().filter_map(Point::of).collect::<Vec<_>>()).into_iter().map(StopView::from).collect(),
        parts: parts.into_iter().map(|part| EventView::new(part, &covers)).collect(),
    }))
}

fn day_views(media: &[Medium]) -> Vec<DayView> {
    let shots: Vec<_> = media.iter().map(shot_of).collect();
    let view = |moment: Vec<usize>| MomentView {
        start: moment.iter().filter_map(|&at| media[at].taken.clone()).min(),
        end: moment.iter().filter_map(|&at| media[at].taken.clone()).max(),
        media: moment.into_iter().map(|at| media[at].id).collect(),
    };
    days(&shots)
        .into_iter()
        .map(|day| {
            let mut places: HashMap<String, usize> = HashMap::new();
            for place in day.moments.iter().flatten().filter_map(|&at| media[at].place()) {
                *places.entry(place).or_default() += 1;
            }
            let place = places.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
            DayView {
                date: day.date.to_string(),
                place: place.map(|(place, _)| place),
                count: day.moments.iter().map(Vec::len).sum(),
                moments: day.moments.into_iter().map(view).collect(),
            }
        })
        .collect()
}

/// Media of an event, latest first.
#[utoipa::path(get, path = "/events/{id}/media", params(PageQuery), responses((status = 200, body = Envelope<Vec<MediaCard>>)))]
async fn list_event_media(
    State(api): State<Api>,
    Path(id): Path<EventId>,
    Query(query): Query<PageQuery>,
) -> Reply<Vec<MediaCard>> {
    list(&api, MediaFilter { events: vec![id], ..MediaFilter::default() }, &query).await
}

/// What an event could be called.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct NameView {
    name: String,
    /// The language model that proposes it; empty: the library's own rules.
    by: String,
}

/// In which language.
#[derive(Debug, Deserialize, IntoParams)]
struct NamesQuery {
    /// Code of the language: `en`, `de`, `fr`, `es`, `zh`.
    #[serde(default)]
    language: Option<String>,
}

/// What an event could be called: as a language model says it, where there is one and the facts bear it out, and by the
/// library's own rules.
#[utoipa::path(get, path = "/events/{id}/names", params(NamesQuery), responses((status = 200, body = Envelope<Vec<NameView>>)))]
async fn propose_names(
    State(api): State<Api>,
    Path(id): Path<EventId>,
    Query(query): Query<NamesQuery>,
) -> Reply<Vec<NameView>> {
    let language = query.language.as_deref().and_then(Language::of).unwrap_or_default();
    let ruled = names_for(api.library(), id, language.code()).await?;
    let mut names: Vec<NameView> = Vec::new();
    if let Some(model) = api.app.language_model() {
        for name in names_of_event(api.library(), id, &*model, language).await? {
            names.push(NameView { name, by: model.name().to_owned() });
        }
    }
    for name in ruled {
        if names.iter().all(|known| known.name != name) {
            names.push(NameView { name, by: String::new() });
        }
    }
    Ok(data(names))
}

/// Something that was done to events.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct EventChangeView {
    #[serde(flatten)]
    change: ChangeHead,
    /// The event that it made or was about.
    event: Option<EventId>,
    /// Rows that were kept as they are, because they were changed since.
    kept: usize,
}

impl EventChangeView {
    fn new(change: Change, event: Option<EventId>, kept: usize) -> Self {
        Self { change: change.into(), event, kept }
    }
}

/// What was done to events, the latest first.
#[utoipa::path(get, path = "/events/changes", params(PageQuery), responses((status = 200, body = Envelope<Vec<EventChangeView>>)))]
async fn list_changes(State(api): State<Api>, Query(query): Query<PageQuery>) -> Reply<Vec<EventChangeView>> {
    let changes = api.library().event_changes(window(None, query.limit)?.1).await?;
    Ok(data(changes.into_iter().map(|change| EventChangeView::new(change, None, 0)).collect()))
}

/// Does something to events: rename, merge, split, cover, set_clock.
#[utoipa::path(post, path = "/events/changes", request_body = Action, responses((status = 200, body = Envelope<EventChangeView>)))]
async fn change_events(State(api): State<Api>, axum::Json(action): axum::Json<Action>) -> Reply<EventChangeView> {
    let (change, event) = api.library().change_events(&action).await?;
    api.app.indexer.wake();
    Ok(data(EventChangeView::new(change, event, 0)))
}

/// Takes a change back.
#[utoipa::path(post, path = "/events/changes/{id}/undo", responses((status = 200, body = Envelope<EventChangeView>)))]
async fn undo_change(State(api): State<Api>, Path(id): Path<ChangeId>) -> Reply<EventChangeView> {
    let (change, kept) = api.library().undo_event_change(id).await?;
    api.app.indexer.wake();
    Ok(data(EventChangeView::new(change, None, kept)))
}

/// A camera whose clock was off, to be put right with the change `set_clock`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ClockView {
    camera: String,
    /// Local time of its first medium there, as it is.
    start: Option<String>,
    /// Its media there.
    media: Vec<MediaId>,
    /// Seconds to add to their times.
    shift_s: i64,
    /// The cameras that tell.
    compared_with: Vec<String>,
    /// Moments of the camera that fit those of the others then, as they are, and of how many.
    fits: [usize; 3],
}

/// Cameras whose clock was off, as far as the others tell. Nothing is changed before somebody says so.
#[utoipa::path(get, path = "/events/clocks", responses((status = 200, body = Envelope<Vec<ClockView>>)))]
async fn list_clocks(State(api): State<Api>) -> Reply<Vec<ClockView>> {
    let mut views = Vec::new();
    for (off, ids) in clocks_off(api.library()).await? {
        let media = api.library().media_by_ids(&ids).await?;
        views.push(ClockView {
            camera: off.camera,
            start: media.iter().filter_map(|medium| medium.taken.clone()).min(),
            media: ids,
            shift_s: off.shift_s,
            compared_with: off.compared_with,
            fits: [off.fit.0, off.fit.1, off.fit.2],
        });
    }
    Ok(data(views))
}

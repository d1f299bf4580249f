//! Memories: what there is to see again on a day, and what the user wants less of.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collections::covers;
use super::error::{ApiError, Envelope, data};
use super::views::MediaCard;
use super::{Api, Reply};
use crate::assistant::memories::feedback::{About, Feedback};
use crate::assistant::memories::{self, Kind, Memory, Side};
use crate::assistant::summary::Sentence;
use crate::library::{EventId, MediaId, PersonId};

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_memories))
        .routes(routes!(list_feedback, give_feedback))
        .routes(routes!(take_back_feedback))
}

/// Of which day.
#[derive(Debug, Deserialize, IntoParams)]
struct DayQuery {
    /// ISO 8601; today at the server without it.
    date: Option<String>,
}

/// A picture of a memory.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ShownView {
    media: MediaCard,
    /// Why it was chosen, in words.
    why: String,
    /// The middle of the faces in it, 0–1 of the upright picture.
    focus: Option<[f64; 2]>,
}

/// Whom or what a memory is about.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct NamedView<Id> {
    id: Id,
    name: String,
}

/// Something to see again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct MemoryView {
    /// What it is known by on its day.
    id: String,
    kind: Kind,
    /// "6 years ago today".
    title: String,
    /// "Lofoten, July 2019".
    subtitle: String,
    /// Why it is shown.
    reason: String,
    /// What there is to tell of a year.
    summary: Option<Sentence>,
    /// How many years ago, or between then and now.
    years: i16,
    /// First day of its pictures, ISO 8601.
    first: String,
    /// The last.
    last: String,
    /// In order of time.
    media: Vec<ShownView>,
    /// Then and now, of a pair.
    sides: Option<[Side; 2]>,
    /// Who is in it, most first.
    people: Vec<NamedView<PersonId>>,
    /// The event that most of it is of.
    event: Option<NamedView<EventId>>,
}

impl MemoryView {
    fn new(memory: &Memory, cards: &HashMap<MediaId, MediaCard>) -> Self {
        let shown = |shown: &memories::Shown| {
            let media = cards.get(&shown.media)?.clone();
            Some(ShownView { media, why: shown.why.clone(), focus: shown.focus })
        };
        Self {
            id: memory.id.clone(),
            kind: memory.kind,
            title: memory.title.clone(),
            subtitle: memory.subtitle.clone(),
            reason: memory.reason.clone(),
            summary: memory.summary.clone(),
            years: memory.years,
            first: memory.first.to_string(),
            last: memory.last.to_string(),
            media: memory.media.iter().filter_map(shown).collect(),
            sides: memory.sides.clone(),
            people: memory.people.iter().map(|(id, name)| NamedView { id: *id, name: name.clone() }).collect(),
            event: memory.event.as_ref().map(|(id, name)| NamedView { id: *id, name: name.clone() }),
        }
    }
}

/// The memories of a day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Today {
    /// The day, ISO 8601.
    date: String,
    /// What is worth most first.
    memories: Vec<MemoryView>,
}

/// What there is to see again on a day, what is worth most first; the same for the same day while nothing changes.
#[utoipa::path(get, path = "/memories", params(DayQuery), responses((status = 200, body = Envelope<Today>)))]
async fn list_memories(State(api): State<Api>, Query(query): Query<DayQuery>) -> Reply<Today> {
    let date: Date = match &query.date {
        Some(date) => date.parse().map_err(|_| ApiError::bad_request("`date` is a day such as 2026-11-21"))?,
        None => jiff::Zoned::now().date(),
    };
    let memories = api.app.memories(date).await?;
    let cards = covers(&api, memories.iter().flat_map(|memory| &memory.media).map(|shown| Some(shown.media))).await?;
    let memories = memories.iter().map(|memory| MemoryView::new(memory, &cards)).collect();
    Ok(data(Today { date: date.to_string(), memories }))
}

/// Something that the user said of memories.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct FeedbackView {
    #[serde(flatten)]
    feedback: Feedback,
    /// What the subject is called.
    name: String,
}

/// What the user wants less of, latest first.
#[utoipa::path(get, path = "/memories/feedback", responses((status = 200, body = Envelope<Vec<FeedbackView>>)))]
async fn list_feedback(State(api): State<Api>) -> Reply<Vec<FeedbackView>> {
    let said = memories::said(api.library()).await?;
    Ok(data(said.into_iter().map(|(feedback, name)| FeedbackView { feedback, name }).collect()))
}

/// Says that less of something is wanted, or nothing of it; in place of what was said of it before.
#[utoipa::path(post, path = "/memories/feedback", request_body = Feedback, responses((status = 200, body = Envelope<Vec<FeedbackView>>)))]
async fn give_feedback(State(api): State<Api>, Json(feedback): Json<Feedback>) -> Reply<Vec<FeedbackView>> {
    memories::say(api.library(), &feedback).await?;
    list_feedback(State(api)).await
}

/// Takes back what was said of something.
#[utoipa::path(delete, path = "/memories/feedback/{about}/{subject}", responses((status = 200, body = Envelope<Vec<FeedbackView>>)))]
async fn take_back_feedback(
    State(api): State<Api>,
    Path((about, subject)): Path<(String, String)>,
) -> Reply<Vec<FeedbackView>> {
    let none = || ApiError::not_found("feedback_not_found", format!("nothing was said of the {about} {subject}"));
    let known = About::of_key(&about, &subject).ok_or_else(none)?;
    let (about_known, subject_known) = known.key();
    if !api.library().unsay_of_memories(about_known, &subject_known).await? {
        return Err(none());
    }
    list_feedback(State(api)).await
}

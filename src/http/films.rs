//! Films: made from a wish, talked about, changed, deleted and taken back.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collections::cards;
use super::error::{ApiError, Envelope, data};
use super::renders::RenderView;
use super::views::{MediaCard, instant};
use super::{Api, Reply};
use crate::film::storyboard::Storyboard;
use crate::film::studio::{self, FilmError, Versioned};
use crate::library::films::Film;
use crate::library::{FilmId, MediaId};

/// No wish and no change is longer, bytes.
const LONGEST_TEXT: usize = 2000;
/// Media that can be named for one film.
const MOST_MEDIA: usize = 5000;
/// What is offered in place of a shot.
const OFFERED: usize = 12;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_films, create_film))
        .routes(routes!(plan_film))
        .routes(routes!(get_film, delete_film))
        .routes(routes!(restore_film))
        .routes(routes!(put_storyboard))
        .routes(routes!(take_up_storyboard))
        .routes(routes!(change_film))
        .routes(routes!(list_alternatives))
}

/// A film in a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FilmCard {
    /// Identifier.
    pub id: FilmId,
    /// Title.
    pub title: String,
    /// Length in seconds.
    pub seconds: f64,
    /// Number of shots, the card with the title left out.
    pub shots: usize,
    /// Its first medium.
    pub cover: Option<MediaCard>,
    /// Its video files, and how far they are.
    pub renders: Vec<RenderView>,
    /// ISO 8601.
    pub updated: String,
    /// When it was deleted, ISO 8601; it can be taken back for a while.
    pub deleted: Option<String>,
}

/// A film.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FilmView {
    /// What a list shows.
    #[serde(flatten)]
    pub card: FilmCard,
    /// The words that it was made from.
    pub prompt: String,
    /// Version of the storyboard.
    pub version: i64,
    /// What made this version, in words.
    pub said: String,
    /// The storyboard.
    pub storyboard: Storyboard,
    /// The media of the storyboard.
    #[schema(value_type = Object)]
    pub media: HashMap<MediaId, MediaCard>,
}

impl From<FilmError> for ApiError {
    fn from(error: FilmError) -> Self {
        match error {
            FilmError::Library(error) => error.into(),
            FilmError::Refused(message) => Self::bad_request(message),
            FilmError::Render(error) => Self::new(StatusCode::CONFLICT, "film_cannot_be_made", error.to_string()),
        }
    }
}

async fn media(api: &Api, boards: &[&Storyboard]) -> Result<HashMap<MediaId, MediaCard>, ApiError> {
    let mut ids: Vec<MediaId> = boards.iter().flat_map(|board| board.shots.iter().map(|shot| shot.media)).collect();
    ids.sort_unstable();
    ids.dedup();
    cards(api, &ids).await
}

async fn card(api: &Api, film: &Film, board: &Storyboard, cover: Option<MediaCard>) -> Result<FilmCard, ApiError> {
    let renders = api.library().renders(film.id).await?;
    Ok(FilmCard {
        id: film.id,
        title: film.title.clone(),
        seconds: board.length_ms() as f64 / 1000.0,
        shots: board.shown(),
        cover,
        renders: renders.iter().map(|render| RenderView::of(render, film.version)).collect(),
        updated: instant(film.updated),
        deleted: film.deleted.map(instant),
    })
}

/// A film as it is sent.
pub(super) async fn view(api: &Api, id: FilmId) -> Reply<FilmView> {
    let (film, storyboard) = api.app.studio.film(id).await?;
    let media = media(api, &[&storyboard]).await?;
    let cover = storyboard.shots.first().and_then(|shot| media.get(&shot.media).cloned());
    let prompt =
        serde_json::from_str::<crate::film::wish::Wish>(&film.wish).map(|wish| wish.prompt).unwrap_or_default();
    let card = card(api, &film, &storyboard, cover).await?;
    Ok(data(FilmView { card, prompt, version: film.version, said: film.said, storyboard, media }))
}

/// Films, latest first.
#[utoipa::path(get, path = "/films", responses((status = 200, body = Envelope<Vec<FilmCard>>)))]
async fn list_films(State(api): State<Api>) -> Reply<Vec<FilmCard>> {
    let mut cards = Vec::new();
    for film in api.library().films().await? {
        // A film that another version of Recollect made is listed as far as it can be read.
        let Ok(board) = studio::read(&film.storyboard) else { continue };
        let first: Vec<MediaId> = board.shots.first().map(|shot| shot.media).into_iter().collect();
        let cover = api.library().media_by_ids(&first).await?.first().map(MediaCard::from);
        cards.push(card(&api, &film, &board, cover).await?);
    }
    Ok(data(cards))
}

/// What a film is to be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateFilmRequest {
    /// "A two-minute film of Anna's first year, gentle, end with the birthday".
    pub prompt: String,
    /// A storyboard to begin with in place of a planned one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storyboard: Option<Storyboard>,
    /// The media that it is made of, in place of those that the words would find.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<MediaId>,
    /// What it is called when the words do not say, with `media`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What "today" is, local time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// Plans a film.
#[utoipa::path(post, path = "/films", request_body = CreateFilmRequest, responses((status = 200, body = Envelope<FilmView>)))]
async fn create_film(State(api): State<Api>, Json(request): Json<CreateFilmRequest>) -> Reply<FilmView> {
    let now = request.now.map(|now| now.parse()).transpose();
    let now = now.map_err(|_| ApiError::bad_request("`now` is local time such as 2026-11-21T12:00:00"))?;
    let prompt = words(&request.prompt)?;
    let made = match (request.media.as_slice(), request.storyboard) {
        ([], storyboard) => api.app.create_film(prompt, storyboard, now).await?,
        (_, Some(_)) => return Err(ApiError::bad_request("a film is made of media or from a storyboard, not both")),
        (media, None) => api.app.create_film_of(few_enough(media)?, prompt, request.name).await?,
    };
    view(&api, made.film).await
}

/// A film that is planned and not kept: to be played at once.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct PlanView {
    storyboard: Storyboard,
    /// The media of the storyboard.
    #[schema(value_type = Object)]
    media: HashMap<MediaId, MediaCard>,
}

/// Plans a film of the media that are named, and keeps nothing.
#[utoipa::path(post, path = "/films/plan", request_body = CreateFilmRequest, responses((status = 200, body = Envelope<PlanView>)))]
async fn plan_film(State(api): State<Api>, Json(request): Json<CreateFilmRequest>) -> Reply<PlanView> {
    let of = few_enough(&request.media)?;
    let storyboard = api.app.plan_film_of(of, words(&request.prompt)?, request.name).await?;
    let media = media(&api, &[&storyboard]).await?;
    Ok(data(PlanView { storyboard, media }))
}

fn few_enough(media: &[MediaId]) -> Result<&[MediaId], ApiError> {
    match media.len() {
        0..=MOST_MEDIA => Ok(media),
        _ => Err(ApiError::bad_request(format!("a film is made of {MOST_MEDIA} media at the most"))),
    }
}

fn words(text: &str) -> Result<&str, ApiError> {
    match text.trim() {
        "" => Err(ApiError::bad_request("say what the film is to be of")),
        text if text.len() > LONGEST_TEXT => {
            Err(ApiError::bad_request(format!("the text is longer than {LONGEST_TEXT} bytes")))
        }
        text => Ok(text),
    }
}

/// One film.
#[utoipa::path(get, path = "/films/{id}", responses((status = 200, body = Envelope<FilmView>)))]
async fn get_film(State(api): State<Api>, Path(id): Path<FilmId>) -> Reply<FilmView> {
    view(&api, id).await
}

/// Deletes a film; its media stay, and it can be taken back for 30 days.
#[utoipa::path(delete, path = "/films/{id}", responses((status = 200, body = Envelope<serde_json::Value>)))]
async fn delete_film(State(api): State<Api>, Path(id): Path<FilmId>) -> Reply<serde_json::Value> {
    api.app.studio.delete(id).await?;
    Ok(data(serde_json::json!({})))
}

/// Takes the deletion of a film back.
#[utoipa::path(post, path = "/films/{id}/restore", responses((status = 200, body = Envelope<FilmView>)))]
async fn restore_film(State(api): State<Api>, Path(id): Path<FilmId>) -> Reply<FilmView> {
    api.app.studio.restore(id).await?;
    view(&api, id).await
}

/// A storyboard that was edited.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct PutStoryboard {
    /// The version that was edited.
    version: i64,
    /// The storyboard as it is to be.
    storyboard: Storyboard,
}

/// Puts a storyboard in place of the one that was edited; refused when another one counts by now.
#[utoipa::path(put, path = "/films/{id}/storyboard", request_body = PutStoryboard, responses((status = 200, body = Envelope<FilmView>)))]
async fn put_storyboard(
    State(api): State<Api>,
    Path(id): Path<FilmId>,
    Json(put): Json<PutStoryboard>,
) -> Reply<FilmView> {
    api.app.studio.put(id, put.version, put.storyboard, "edited by hand").await?;
    view(&api, id).await
}

/// Takes up an older version of the storyboard again.
#[utoipa::path(post, path = "/films/{id}/storyboards/{version}/take-up", responses((status = 200, body = Envelope<FilmView>)))]
async fn take_up_storyboard(State(api): State<Api>, Path((id, version)): Path<(FilmId, i64)>) -> Reply<FilmView> {
    api.app.studio.take_up(id, version).await?;
    view(&api, id).await
}

/// What is to be changed, in words.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Change {
    /// "shorter", "more of Rex", "start with the boat".
    text: String,
}

/// Changes a film by words.
#[utoipa::path(post, path = "/films/{id}/changes", request_body = Change, responses((status = 200, body = Envelope<FilmView>)))]
async fn change_film(State(api): State<Api>, Path(id): Path<FilmId>, Json(change): Json<Change>) -> Reply<FilmView> {
    let Versioned { .. } = api.app.studio.say(id, words(&change.text)?).await?;
    view(&api, id).await
}

/// What could stand in place of a shot, best first; shots are counted from 0, the card with the title left out.
#[utoipa::path(get, path = "/films/{id}/shots/{shot}/alternatives", responses((status = 200, body = Envelope<Vec<MediaCard>>)))]
async fn list_alternatives(State(api): State<Api>, Path((id, shot)): Path<(FilmId, usize)>) -> Reply<Vec<MediaCard>> {
    let ids = api.app.studio.alternatives(id, shot, OFFERED).await?;
    let media = api.library().media_by_ids(&ids).await?;
    Ok(data(media.iter().map(MediaCard::from).collect()))
}

//! People and pets, found groups among them: who they are, whose faces are, what was changed.
//!
//! Everything that the user does to people is a change, posted to one place and taken back at another, so that nothing
//! can be done that cannot be undone; but for deleting what identifies somebody, which asks for their name first.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collections::{PageQuery, covers, list, next};
use super::error::{ApiError, Envelope, data, page};
use super::media::window;
use super::views::{ChangeHead, MediaCard};
use super::{Api, Reply};
use crate::library::changes::Change;
use crate::library::faces::Face;
use crate::library::filter::MediaFilter;
use crate::library::people::Person;
use crate::library::people::change::Action;
use crate::library::people::forget::Forgotten;
use crate::library::{ChangeId, FaceId, MediaId, PersonId, fold};
use crate::perception::faces::identify::IdentifyError;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_people))
        .routes(routes!(get_person))
        .routes(routes!(list_person_media))
        .routes(routes!(list_person_faces))
        .routes(routes!(forget_person))
        .routes(routes!(list_changes, change_people))
        .routes(routes!(undo_change))
        .routes(routes!(get_placing, start_placing, stop_placing))
}

/// A person, a pet or a found group.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct PersonView {
    id: PersonId,
    /// Empty for a found group.
    name: String,
    /// Has a name.
    confirmed: bool,
    count: i64,
    /// A medium that shows them, for those without a face.
    cover: Option<MediaCard>,
    /// A pet rather than a person.
    pet: bool,
    hidden: bool,
    favourite: bool,
    nickname: Option<String>,
    /// Day of birth, ISO 8601.
    born: Option<String>,
    relation: Option<String>,
    /// Number of faces.
    faces: i64,
    /// The face that shows them best.
    face: Option<FaceId>,
    /// Local time of the first medium.
    first: Option<String>,
    /// Local time of the last medium.
    last: Option<String>,
}

impl PersonView {
    pub(super) fn new(person: Person, covers: &HashMap<MediaId, MediaCard>) -> Self {
        Self {
            id: person.id,
            confirmed: !person.name.is_empty(),
            name: person.name,
            count: person.count,
            cover: person.cover.and_then(|id| covers.get(&id).cloned()),
            pet: person.pet,
            hidden: person.hidden,
            favourite: person.favourite,
            nickname: person.nickname,
            born: person.born,
            relation: person.relation,
            faces: person.faces,
            face: person.face,
            first: person.first,
            last: person.last,
        }
    }
}

/// A face.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct FaceView {
    id: FaceId,
    media: MediaId,
    /// The frame of a video that it is shown in, milliseconds from the start; null: the photo, or the video's poster.
    frame_ms: Option<i64>,
    /// `[x, y, w, h]` in 0–1 of the upright picture.
    #[serde(rename = "box")]
    area: [f64; 4],
    /// An animal rather than a person's face.
    animal: bool,
    person: Option<PersonId>,
    /// Name of the person; empty for a found group.
    name: Option<String>,
    /// `metadata`, `confirmed` or `automatic`.
    how: Option<String>,
    /// How alike it is to the person's other faces.
    likeness: Option<f64>,
    /// Local time of the medium.
    taken: Option<String>,
}

impl From<Face> for FaceView {
    fn from(face: Face) -> Self {
        Self {
            id: face.id,
            media: face.media_id,
            frame_ms: face.frame_ms,
            area: face.area(),
            animal: face.animal,
            person: face.person_id,
            name: face.name,
            how: face.how,
            likeness: face.likeness,
            taken: face.taken,
        }
    }
}

/// Whom to list.
#[derive(Debug, Deserialize, IntoParams)]
struct PeopleQuery {
    /// Found groups without a name, too.
    #[serde(default)]
    unnamed: bool,
    /// Those that are hidden, too.
    #[serde(default)]
    hidden: bool,
}

/// Everybody: favourites first, then those in most pictures.
#[utoipa::path(get, path = "/people", params(PeopleQuery), responses((status = 200, body = Envelope<Vec<PersonView>>)))]
async fn list_people(State(api): State<Api>, Query(query): Query<PeopleQuery>) -> Reply<Vec<PersonView>> {
    let everybody = api.library().everybody().await?;
    let wanted = |person: &&Person| (query.unnamed || !person.name.is_empty()) && (query.hidden || !person.hidden);
    // A face shows a person better than a whole picture.
    let faceless = everybody.iter().filter(wanted).filter(|person| person.face.is_none()).map(|person| person.cover);
    let covers = covers(&api, faceless).await?;
    Ok(data(everybody.iter().filter(wanted).map(|person| PersonView::new(person.clone(), &covers)).collect()))
}

/// One person.
#[utoipa::path(get, path = "/people/{id}", responses((status = 200, body = Envelope<PersonView>)))]
async fn get_person(State(api): State<Api>, Path(id): Path<PersonId>) -> Reply<PersonView> {
    let person = api.library().person(id).await?;
    let covers = covers(&api, std::iter::once(person.cover)).await?;
    Ok(data(PersonView::new(person, &covers)))
}

/// Media that show a person, latest first; of a found group those with its faces.
#[utoipa::path(get, path = "/people/{id}/media", params(PageQuery), responses((status = 200, body = Envelope<Vec<MediaCard>>)))]
async fn list_person_media(
    State(api): State<Api>,
    Path(id): Path<PersonId>,
    Query(query): Query<PageQuery>,
) -> Reply<Vec<MediaCard>> {
    if !api.library().person(id).await?.name.is_empty() {
        return list(&api, MediaFilter { people: vec![vec![id]], ..MediaFilter::default() }, &query).await;
    }
    let media = api.library().media_of_group(id).await?;
    list(&api, MediaFilter { among: Some(media), ..MediaFilter::default() }, &query).await
}

/// Faces of a person: confirmed ones first, then the surest.
#[utoipa::path(get, path = "/people/{id}/faces", params(PageQuery), responses((status = 200, body = Envelope<Vec<FaceView>>)))]
async fn list_person_faces(
    State(api): State<Api>,
    Path(id): Path<PersonId>,
    Query(query): Query<PageQuery>,
) -> Reply<Vec<FaceView>> {
    let (offset, limit) = window(query.cursor.as_deref(), query.limit)?;
    let (faces, total) = api.library().faces_of(id, offset, limit).await?;
    let next = next(offset, faces.len(), total);
    Ok(page(faces.into_iter().map(FaceView::from).collect(), total, next))
}

/// Whose data are to be deleted, said twice.
#[derive(Debug, Deserialize, ToSchema)]
struct ForgetRequest {
    /// Their name; of a found group the identifier.
    confirm: String,
}

/// What was deleted and what is left.
#[derive(Debug, Serialize, ToSchema)]
struct ForgetReport {
    #[serde(flatten)]
    rows: Forgotten,
    /// Crops of faces that were deleted.
    crops_deleted: usize,
    /// Media whose entries in the word index are still to be written anew.
    waiting_for_index: i64,
}

/// Deletes what identifies a person: faces' vectors and crops, names, what was recorded of changes. The pictures stay.
/// This cannot be undone.
#[utoipa::path(post, path = "/people/{id}/forget", request_body = ForgetRequest,
    responses((status = 200, body = Envelope<ForgetReport>)))]
async fn forget_person(
    State(api): State<Api>,
    Path(id): Path<PersonId>,
    axum::Json(request): axum::Json<ForgetRequest>,
) -> Reply<ForgetReport> {
    let person = api.library().person(id).await?;
    let expected = if person.name.is_empty() { id.to_string() } else { person.name };
    if fold(&request.confirm) != fold(&expected) {
        return Err(
            ApiError::bad_request("the name does not fit").hint(format!("to delete, confirm with `{expected}`"))
        );
    }
    let (rows, crops_deleted) = api.app.forget_person(id).await?;
    api.app.indexer.wake();
    let waiting_for_index = api.app.indexer.behind().await?;
    Ok(data(ForgetReport { rows, crops_deleted, waiting_for_index }))
}

/// Something that was done to people.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct ChangeView {
    #[serde(flatten)]
    change: ChangeHead,
    /// The person that it made or was about.
    person: Option<PersonId>,
    /// Rows that were kept as they are, because they were changed since.
    kept: usize,
}

impl ChangeView {
    fn new(change: Change, person: Option<PersonId>, kept: usize) -> Self {
        Self { change: change.into(), person, kept }
    }
}

/// What was done to people, the latest first.
#[utoipa::path(get, path = "/people/changes", params(PageQuery), responses((status = 200, body = Envelope<Vec<ChangeView>>)))]
async fn list_changes(State(api): State<Api>, Query(query): Query<PageQuery>) -> Reply<Vec<ChangeView>> {
    let changes = api.library().people_changes(window(None, query.limit)?.1).await?;
    Ok(data(changes.into_iter().map(|change| ChangeView::new(change, None, 0)).collect()))
}

/// Does something to people: rename, describe, merge, split, move, confirm, reject, not_a_face, apart, pet, no_pet.
#[utoipa::path(post, path = "/people/changes", request_body = Action, responses((status = 200, body = Envelope<ChangeView>)))]
async fn change_people(State(api): State<Api>, axum::Json(action): axum::Json<Action>) -> Reply<ChangeView> {
    let (change, person) = api.library().change_people(&action).await?;
    api.app.indexer.wake();
    Ok(data(ChangeView::new(change, person, 0)))
}

/// Takes a change back.
#[utoipa::path(post, path = "/people/changes/{id}/undo", responses((status = 200, body = Envelope<ChangeView>)))]
async fn undo_change(State(api): State<Api>, Path(id): Path<ChangeId>) -> Reply<ChangeView> {
    let (change, kept) = api.library().undo_people_change(id).await?;
    api.app.indexer.wake();
    Ok(data(ChangeView::new(change, None, kept)))
}

/// Whether all faces are being placed anew.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct PlacingView {
    running: bool,
    /// How much is done, 0–1.
    progress: f32,
    /// Faces that wait to be placed.
    waiting: i64,
}

/// Whether all faces are being placed anew, and how far that is.
#[utoipa::path(get, path = "/people/placing", responses((status = 200, body = Envelope<PlacingView>)))]
async fn get_placing(State(api): State<Api>) -> Reply<PlacingView> {
    let progress = api.app.identifier.progress();
    let waiting = api.library().unplaced_faces().await?;
    Ok(data(PlacingView { running: progress.is_some(), progress: progress.unwrap_or(1.0), waiting }))
}

/// Places every face anew that nobody confirmed.
#[utoipa::path(post, path = "/people/placing", responses((status = 202, body = Envelope<PlacingView>)))]
async fn start_placing(State(api): State<Api>) -> Result<(StatusCode, axum::Json<Envelope<PlacingView>>), ApiError> {
    if api.app.identifier.progress().is_none() {
        let app = api.app.clone();
        tokio::spawn(async move {
            if let Err(error) = app.identifier.place_everything().await {
                tracing::warn!(%error, "faces could not be placed");
            }
            app.indexer.wake();
        });
    }
    let waiting = api.library().unplaced_faces().await?;
    Ok((StatusCode::ACCEPTED, data(PlacingView { running: true, progress: 0.0, waiting })))
}

/// Stops placing faces anew; they stay where they are.
#[utoipa::path(delete, path = "/people/placing", responses((status = 200, body = Envelope<serde_json::Value>)))]
async fn stop_placing(State(api): State<Api>) -> Reply<serde_json::Value> {
    api.app.identifier.stop();
    Ok(data(serde_json::json!({})))
}

impl From<IdentifyError> for ApiError {
    fn from(error: IdentifyError) -> Self {
        match error {
            IdentifyError::Library(error) => error.into(),
            IdentifyError::Stopped(_) => Self::new(StatusCode::CONFLICT, "stopped", error.to_string()),
        }
    }
}

//! Albums: made by hand or kept by a rule, changed, explained, taken back; and rules while they are written.
//!
//! Everything that is done to an album answers with the change that it was, which `/albums/changes/{id}/undo` takes back.
//! Places in the text of a rule count UTF-16 units, as browsers do.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collections::{PageQuery, covers, next};
use super::error::{ApiError, Envelope, data, page};
use super::media::window;
use super::views::{MediaCard, instant};
use super::{Api, Reply};
use crate::assistant::albums::{self, Album, AlbumError, Explanation, Parsed, Problem};
use crate::assistant::tools::{ToolContext, ToolError};
use crate::library::albums::change::AlbumChange;
use crate::library::{AlbumId, ChangeId, MediaId};

/// Media that are shown of a rule that is being written.
const PREVIEWED: usize = 12;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_albums, create_album))
        .routes(routes!(get_album, change_album, delete_album))
        .routes(routes!(list_album_media, add_album_media, remove_album_media))
        .routes(routes!(explain_album_medium))
        .routes(routes!(undo_album_change))
        .routes(routes!(read_rule))
}

/// An album.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AlbumView {
    /// Identifier.
    pub id: AlbumId,
    /// Name.
    pub name: String,
    /// Number of media now.
    pub count: i64,
    /// Its first medium.
    pub cover: Option<MediaCard>,
    /// The rule by which it keeps itself; absent: its media were put in by hand.
    pub rule: Option<String>,
    /// Why its rule cannot be followed.
    pub problem: Option<String>,
    /// ISO 8601.
    pub created: String,
    /// ISO 8601.
    pub edited: String,
}

/// What was done to an album.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangedAlbum {
    /// What it is taken back by.
    pub change: ChangeId,
    /// In words.
    pub summary: String,
    /// The album as it is now; absent: it is gone.
    pub album: Option<AlbumView>,
}

/// An album to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NewAlbum {
    /// Its name.
    pub name: String,
    /// The rule by which it keeps itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The media that are put in; none for an album with a rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<MediaId>,
}

/// A change of an album: its name or its rule.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AlbumEdit {
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another rule. Empty: the album stays as it is now, and is filled by hand from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// Media of an album.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AlbumMedia {
    /// Identifiers.
    pub media: Vec<MediaId>,
}

/// A rule that is being written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RuleDraft {
    /// The text so far.
    pub text: String,
    /// Where the cursor is; without it nothing is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<usize>,
    /// The album that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album: Option<AlbumId>,
}

/// What a rule means, what is wrong with it, and how it could go on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RuleView {
    /// The rule as it is kept; absent while something is wrong.
    pub rule: Option<String>,
    /// How many media it finds now.
    pub count: Option<usize>,
    /// The first of them.
    pub media: Vec<MediaCard>,
    /// What is wrong, in the order of the text.
    pub problems: Vec<ProblemView>,
    /// Where what is offered would stand.
    pub start: usize,
    /// Its end.
    pub end: usize,
    /// What could stand there, the most fitting first.
    pub candidates: Vec<CandidateView>,
}

/// What is wrong with a rule.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ProblemView {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What is wrong and what is expected instead.
    pub message: String,
}

/// What could come next in a rule.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CandidateView {
    /// What is written.
    pub text: String,
    /// What it is.
    pub hint: String,
}

impl From<AlbumError> for ApiError {
    fn from(error: AlbumError) -> Self {
        match error {
            AlbumError::Rule(_) => Self::new(StatusCode::BAD_REQUEST, "rule_wrong", error.to_string())
                .hint("POST /api/v1/albums/rules says where, and what could stand there"),
            other => ToolError::from(other).into(),
        }
    }
}

fn now() -> DateTime {
    jiff::Zoned::now().datetime()
}

fn context(api: &Api) -> &ToolContext {
    api.app.assistant.context()
}

async fn views(api: &Api, albums: Vec<Album>) -> Result<Vec<AlbumView>, ApiError> {
    let covers = covers(api, albums.iter().map(|album| album.summary.cover)).await?;
    let view = |Album { summary, problem }: Album| AlbumView {
        id: summary.id,
        name: summary.name,
        count: summary.count,
        cover: summary.cover.and_then(|id| covers.get(&id).cloned()),
        rule: summary.rule,
        problem,
        created: instant(summary.created),
        edited: instant(summary.edited),
    };
    Ok(albums.into_iter().map(view).collect())
}

async fn view(api: &Api, id: AlbumId) -> Result<AlbumView, ApiError> {
    let album = albums::album(context(api), id, now()).await?;
    let view = views(api, vec![album]).await?.pop();
    view.ok_or_else(|| ApiError::not_found("album_not_found", format!("there is no album {id}")))
}

/// What the change was, and the album after it.
async fn changed(api: &Api, change: AlbumChange) -> Reply<ChangedAlbum> {
    api.app.indexer.wake();
    let there = api.library().albums().await?.iter().any(|album| album.id == change.album);
    let album = if there { Some(view(api, change.album).await?) } else { None };
    Ok(data(ChangedAlbum { change: change.id, summary: change.summary, album }))
}

/// Reads a rule that is to be kept, as far as it can be followed now.
async fn checked(api: &Api, text: &str, of: Option<AlbumId>) -> Result<String, ApiError> {
    let parsed = albums::parse(text).map_err(AlbumError::Rule)?;
    albums::media(context(api), &parsed, of, now()).await?;
    Ok(parsed.rule.to_string())
}

/// Albums, latest first.
#[utoipa::path(get, path = "/albums", responses((status = 200, body = Envelope<Vec<AlbumView>>)))]
async fn list_albums(State(api): State<Api>) -> Reply<Vec<AlbumView>> {
    let albums = albums::albums(context(&api), now()).await?;
    Ok(data(views(&api, albums).await?))
}

/// Makes an album: of media, or one that keeps itself by a rule.
#[utoipa::path(post, path = "/albums", request_body = NewAlbum, responses((status = 200, body = Envelope<ChangedAlbum>)))]
async fn create_album(State(api): State<Api>, Json(new): Json<NewAlbum>) -> Reply<ChangedAlbum> {
    let rule = match &new.rule {
        Some(_) if !new.media.is_empty() => {
            return Err(ApiError::bad_request("an album has a rule or media, not both"));
        }
        Some(rule) => Some(checked(&api, rule, None).await?),
        None => None,
    };
    let change = api.library().create_album(&new.name, rule.as_deref(), &new.media).await?;
    changed(&api, change).await
}

/// An album.
#[utoipa::path(get, path = "/albums/{id}", responses((status = 200, body = Envelope<AlbumView>)))]
async fn get_album(State(api): State<Api>, Path(id): Path<AlbumId>) -> Reply<AlbumView> {
    Ok(data(view(&api, id).await?))
}

/// Gives an album another name or another rule.
#[utoipa::path(patch, path = "/albums/{id}", request_body = AlbumEdit,
    responses((status = 200, body = Envelope<ChangedAlbum>)))]
async fn change_album(
    State(api): State<Api>,
    Path(id): Path<AlbumId>,
    Json(edit): Json<AlbumEdit>,
) -> Reply<ChangedAlbum> {
    let change = match (edit.name, edit.rule) {
        (Some(name), None) => api.library().rename_album(id, &name).await?,
        (None, Some(rule)) if rule.trim().is_empty() => {
            let media = albums::members(context(&api), id, now()).await?;
            api.library().set_album_rule(id, None, &media).await?
        }
        (None, Some(rule)) => {
            let rule = checked(&api, &rule, Some(id)).await?;
            api.library().set_album_rule(id, Some(&rule), &[]).await?
        }
        _ => return Err(ApiError::bad_request("give `name` or `rule`, one at a time")),
    };
    changed(&api, change).await
}

/// Removes an album; its media stay.
#[utoipa::path(delete, path = "/albums/{id}", responses((status = 200, body = Envelope<ChangedAlbum>)))]
async fn delete_album(State(api): State<Api>, Path(id): Path<AlbumId>) -> Reply<ChangedAlbum> {
    let change = api.library().delete_album(id).await?;
    changed(&api, change).await
}

/// Media of an album, latest first.
#[utoipa::path(get, path = "/albums/{id}/media", params(PageQuery), responses((status = 200, body = Envelope<Vec<MediaCard>>)))]
async fn list_album_media(
    State(api): State<Api>,
    Path(id): Path<AlbumId>,
    Query(query): Query<PageQuery>,
) -> Reply<Vec<MediaCard>> {
    let (offset, limit) = window(query.cursor.as_deref(), query.limit)?;
    let ids = albums::members(context(&api), id, now()).await?;
    let from = (offset as usize).min(ids.len());
    let to = (from + limit as usize).min(ids.len());
    let media = api.library().media_by_ids(&ids[from..to]).await?;
    let total = ids.len() as u64;
    Ok(page(media.iter().map(MediaCard::from).collect(), total, next(offset, to - from, total)))
}

/// Puts media into an album that was made by hand.
#[utoipa::path(post, path = "/albums/{id}/media", request_body = AlbumMedia,
    responses((status = 200, body = Envelope<ChangedAlbum>)))]
async fn add_album_media(
    State(api): State<Api>,
    Path(id): Path<AlbumId>,
    Json(media): Json<AlbumMedia>,
) -> Reply<ChangedAlbum> {
    let change = api.library().add_to_album(id, &media.media).await?;
    changed(&api, change).await
}

/// Takes media out of an album that was made by hand.
#[utoipa::path(delete, path = "/albums/{id}/media", request_body = AlbumMedia,
    responses((status = 200, body = Envelope<ChangedAlbum>)))]
async fn remove_album_media(
    State(api): State<Api>,
    Path(id): Path<AlbumId>,
    Json(media): Json<AlbumMedia>,
) -> Reply<ChangedAlbum> {
    let change = api.library().remove_from_album(id, &media.media).await?;
    changed(&api, change).await
}

/// Why a medium is in an album that keeps itself, or is not.
#[utoipa::path(get, path = "/albums/{id}/media/{medium}/reasons", responses((status = 200, body = Envelope<Explanation>)))]
async fn explain_album_medium(
    State(api): State<Api>,
    Path((id, medium)): Path<(AlbumId, MediaId)>,
) -> Reply<Explanation> {
    let album = api.library().album(id).await?;
    let Some(rule) = album.rule else {
        let kept = albums::members(context(&api), id, now()).await?.contains(&medium);
        return Ok(data(Explanation { kept, clauses: Vec::new() }));
    };
    let parsed = albums::parse(&rule).map_err(AlbumError::Rule)?;
    Ok(data(albums::explain(context(&api), &parsed, medium, now()).await?))
}

/// Takes back the last change of an album.
#[utoipa::path(post, path = "/albums/changes/{id}/undo", responses((status = 200, body = Envelope<ChangedAlbum>)))]
async fn undo_album_change(State(api): State<Api>, Path(id): Path<ChangeId>) -> Reply<ChangedAlbum> {
    let change = api.library().undo_album_change(id).await?;
    changed(&api, change).await
}

/// Reads a rule while it is written: what it finds, what is wrong with it, how it could go on. Nothing is changed.
#[utoipa::path(post, path = "/albums/rules", request_body = RuleDraft, responses((status = 200, body = Envelope<RuleView>)))]
async fn read_rule(State(api): State<Api>, Json(draft): Json<RuleDraft>) -> Reply<RuleView> {
    let text = draft.text.as_str();
    if text.len() > albums::LONGEST {
        return Err(ApiError::bad_request(format!("the rule is longer than {} bytes", albums::LONGEST)));
    }
    let completion = match draft.cursor {
        Some(cursor) => albums::complete(text, byte_at(text, cursor), &*api.library().vocabulary().await?),
        None => albums::Completion::default(),
    };
    let offered = completion.candidates.into_iter();
    let mut view = RuleView {
        rule: None,
        count: None,
        media: Vec::new(),
        problems: Vec::new(),
        start: units(text, completion.range.start),
        end: units(text, completion.range.end),
        candidates: offered.map(|one| CandidateView { text: one.text, hint: one.hint }).collect(),
    };
    match followed(&api, text, draft.album).await {
        Ok((parsed, ids)) => {
            let shown = &ids[..ids.len().min(PREVIEWED)];
            view.rule = Some(parsed.rule.to_string());
            view.count = Some(ids.len());
            view.media = api.library().media_by_ids(shown).await?.iter().map(MediaCard::from).collect();
        }
        Err(AlbumError::Rule(problems)) => {
            let told = |Problem { range, message }: Problem| ProblemView {
                start: units(text, range.start),
                end: units(text, range.end),
                message,
            };
            view.problems = problems.into_iter().map(told).collect();
        }
        Err(error) => return Err(error.into()),
    }
    Ok(data(view))
}

async fn followed(api: &Api, text: &str, of: Option<AlbumId>) -> Result<(Parsed, Vec<MediaId>), AlbumError> {
    let parsed = albums::parse(text).map_err(AlbumError::Rule)?;
    let ids = albums::media(context(api), &parsed, of, now()).await?;
    Ok((parsed, ids))
}

/// The UTF-16 units before a byte of a text.
fn units(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or(text).encode_utf16().count()
}

/// The byte at which so many UTF-16 units are passed.
fn byte_at(text: &str, units: usize) -> usize {
    let mut passed = 0;
    let letter = text.char_indices().find(|(_, letter)| {
        passed += letter.len_utf16();
        passed > units
    });
    letter.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_as_browsers_do() {
        let text = "tag: 🎂é;x";
        let cake = text.find('🎂').unwrap();
        assert_eq!((units(text, cake), units(text, text.len())), (5, 10));
        assert_eq!((byte_at(text, 5), byte_at(text, 7), byte_at(text, 99)), (cake, cake + 4, text.len()));
    }
}

//! Themes: what comes back over the years, with what sets each apart; naming and hiding them.
//!
//! Everything that is done to a theme answers with the change that it was, which `/themes/changes/{id}/undo` takes back.
//! What the user hid is not shown to guests at all.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::audience::Audience;
use super::collections::{PageQuery, covers, list};
use super::error::{ApiError, Envelope, data};
use super::media::window;
use super::views::{ChangeHead, MediaCard};
use super::{Api, Reply};
use crate::assistant::themes::{self, Alike, Evidence, Kind, Shown};
use crate::assistant::understand::Language;
use crate::library::changes::Change;
use crate::library::filter::MediaFilter;
use crate::library::themes::change::ThemeEdit;
use crate::library::{ChangeId, LibraryError, MediaId, ThemeId};

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_themes))
        .routes(routes!(get_theme, change_theme))
        .routes(routes!(list_theme_media))
        .routes(routes!(list_changes))
        .routes(routes!(undo_change))
}

/// In which language, and whether with what is hidden.
#[derive(Debug, Deserialize, IntoParams)]
struct ThemesQuery {
    /// Code of the language: `en`, `de`, `fr`, `es`, `zh`.
    #[serde(default)]
    language: Option<String>,
    /// With the themes that the user hid.
    #[serde(default)]
    hidden: bool,
}

impl ThemesQuery {
    fn language(&self) -> Language {
        self.language.as_deref().and_then(Language::of).unwrap_or_default()
    }
}

/// A year of a theme.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct YearView {
    year: i16,
    /// Number of media.
    count: usize,
}

/// A theme.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct ThemeView {
    id: ThemeId,
    kind: Kind,
    name: String,
    /// The name is the user's.
    named: bool,
    /// The user does not want to see it.
    hidden: bool,
    /// Why it is a theme, in a sentence.
    why: String,
    /// Number of media.
    count: usize,
    years: Vec<YearView>,
    /// First day of its media, ISO 8601.
    first: String,
    /// The last.
    last: String,
    /// Media that stand for it.
    covers: Vec<MediaCard>,
}

impl ThemeView {
    fn new(theme: &Shown, cards: &HashMap<MediaId, MediaCard>) -> Self {
        Self {
            id: theme.id,
            kind: theme.kind,
            name: theme.name.clone(),
            named: theme.named,
            hidden: theme.hidden,
            why: theme.why.clone(),
            count: theme.media.len(),
            years: theme.years.iter().map(|&(year, count)| YearView { year, count }).collect(),
            first: theme.first.to_string(),
            last: theme.last.to_string(),
            covers: theme.covers.iter().filter_map(|id| cards.get(id).cloned()).collect(),
        }
    }
}

/// The themes of the library.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ThemesView {
    /// Those of most years first.
    themes: Vec<ThemeView>,
    /// Pictures are compared by their looks; where not, themes come from the calendar, places and keywords alone.
    compared: bool,
}

/// A word that sets a theme apart from the rest of the library.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ReasonView {
    /// The word as it is shown; `evidence.text` is as it is known.
    text: String,
    evidence: Evidence,
}

/// A theme with what sets it apart.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct WholeThemeView {
    #[serde(flatten)]
    theme: ThemeView,
    /// What tells the most first.
    reasons: Vec<ReasonView>,
    /// How alike its pictures are, of one that was found by that.
    alike: Option<Alike>,
    /// Its media in order of time.
    media: Vec<MediaId>,
}

/// Whether a theme is for the eyes of whoever asks.
fn is_theirs(api: &Api, theme: &Shown) -> bool {
    !theme.hidden || api.audience != Audience::Guest
}

async fn theme_for(api: &Api, id: ThemeId, language: Language) -> Result<Shown, ApiError> {
    let theme = themes::theme(api.library(), id, language).await?;
    let none = || LibraryError::NotFound { what: "theme", key: id.to_string() };
    Some(theme).filter(|theme| is_theirs(api, theme)).ok_or_else(|| none().into())
}

/// What comes back over the years, that of most years first.
#[utoipa::path(get, path = "/themes", params(ThemesQuery), responses((status = 200, body = Envelope<ThemesView>)))]
async fn list_themes(State(api): State<Api>, Query(query): Query<ThemesQuery>) -> Reply<ThemesView> {
    let mut found = themes::themes(api.library(), query.language()).await?;
    found.retain(|theme| is_theirs(&api, theme) && (query.hidden || !theme.hidden));
    let cards = covers(&api, found.iter().flat_map(|theme| &theme.covers).map(|id| Some(*id))).await?;
    let compared = api.library().main_picture_model().await?.is_some();
    Ok(data(ThemesView { themes: found.iter().map(|theme| ThemeView::new(theme, &cards)).collect(), compared }))
}

/// A theme with what sets it apart, and its media.
#[utoipa::path(get, path = "/themes/{id}", params(ThemesQuery), responses((status = 200, body = Envelope<WholeThemeView>)))]
async fn get_theme(
    State(api): State<Api>,
    Path(id): Path<ThemeId>,
    Query(query): Query<ThemesQuery>,
) -> Reply<WholeThemeView> {
    let theme = theme_for(&api, id, query.language()).await?;
    let cards = covers(&api, theme.covers.iter().map(|id| Some(*id))).await?;
    let view = ThemeView::new(&theme, &cards);
    let reasons = theme.reasons.into_iter().map(|reason| ReasonView { text: reason.text, evidence: reason.evidence });
    Ok(data(WholeThemeView { theme: view, reasons: reasons.collect(), alike: theme.alike, media: theme.media }))
}

/// Media of a theme, latest first.
#[utoipa::path(get, path = "/themes/{id}/media", params(PageQuery), responses((status = 200, body = Envelope<Vec<MediaCard>>)))]
async fn list_theme_media(
    State(api): State<Api>,
    Path(id): Path<ThemeId>,
    Query(query): Query<PageQuery>,
) -> Reply<Vec<MediaCard>> {
    let theme = theme_for(&api, id, Language::default()).await?;
    list(&api, MediaFilter { among: Some(theme.media), ..MediaFilter::default() }, &query).await
}

/// Something that was done to a theme.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ThemeChangeView {
    #[serde(flatten)]
    change: ChangeHead,
    /// Themes that were kept as they are, because they were changed since or are gone.
    kept: usize,
}

impl ThemeChangeView {
    fn new(change: Change, kept: usize) -> Self {
        Self { change: change.into(), kept }
    }
}

/// Names a theme, hides it or shows it again.
#[utoipa::path(patch, path = "/themes/{id}", request_body = ThemeEdit, params(ThemesQuery),
    responses((status = 200, body = Envelope<ThemeChangeView>)))]
async fn change_theme(
    State(api): State<Api>,
    Path(id): Path<ThemeId>,
    Query(query): Query<ThemesQuery>,
    Json(edit): Json<ThemeEdit>,
) -> Reply<ThemeChangeView> {
    let called = themes::theme(api.library(), id, query.language()).await?.name;
    let change = api.library().change_theme(id, &edit, &called).await?;
    Ok(data(ThemeChangeView::new(change, 0)))
}

/// What was done to themes, the latest first.
#[utoipa::path(get, path = "/themes/changes", params(PageQuery), responses((status = 200, body = Envelope<Vec<ThemeChangeView>>)))]
async fn list_changes(State(api): State<Api>, Query(query): Query<PageQuery>) -> Reply<Vec<ThemeChangeView>> {
    let changes = api.library().theme_changes(window(None, query.limit)?.1).await?;
    Ok(data(changes.into_iter().map(|change| ThemeChangeView::new(change, 0)).collect()))
}

/// Takes a change back.
#[utoipa::path(post, path = "/themes/changes/{id}/undo", responses((status = 200, body = Envelope<ThemeChangeView>)))]
async fn undo_change(State(api): State<Api>, Path(id): Path<ChangeId>) -> Reply<ThemeChangeView> {
    let (change, kept) = api.library().undo_theme_change(id).await?;
    Ok(data(ThemeChangeView::new(change, kept)))
}

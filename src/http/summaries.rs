//! What there is to tell of an event, an album, a year or a person; the user may tell it in their own words.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::{Api, Reply};
use crate::assistant::summary::{Length, Sentence, Subject, Summary, Telling, Tone, at_once, of_subject, write};
use crate::assistant::understand::Language;

/// Longest text of a user, bytes.
const LONGEST: usize = 20_000;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_summary, write_summary))
}

/// How it is to be told.
#[derive(Debug, Deserialize, IntoParams)]
struct SummaryQuery {
    /// `line`, `paragraph` or `page`.
    #[serde(default)]
    length: Length,
    /// `plain`, `warm` or `playful`.
    #[serde(default)]
    tone: Tone,
    /// Code of the language: `en`, `de`, `fr`, `es`, `zh`.
    #[serde(default)]
    language: Option<String>,
    /// Waits for no language model: what it has told before, or what can be told without it.
    #[serde(default)]
    at_once: bool,
}

/// What was told.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct SummaryView {
    /// What it is called.
    name: String,
    /// All of it.
    text: String,
    /// Its sentences, each with the media that bear it out.
    sentences: Vec<Sentence>,
    /// Empty: told without a language model; `user`: the user's own words; else the language model's name.
    by: String,
    /// The library has changed since the user wrote it.
    outdated: bool,
    /// A language model is still to tell it: ask again, and wait for it.
    to_come: bool,
}

impl From<Summary> for SummaryView {
    fn from(summary: Summary) -> Self {
        Self {
            text: summary.text(),
            name: summary.name,
            sentences: summary.sentences,
            by: summary.by,
            outdated: summary.outdated,
            to_come: false,
        }
    }
}

/// The user's own words.
#[derive(Debug, Deserialize, ToSchema)]
struct WriteSummary {
    /// The text; an empty one brings back what the library tells.
    text: String,
}

fn subject(about: &str, id: &str) -> Result<Subject, ApiError> {
    let none = || ApiError::new(StatusCode::NOT_FOUND, "not_found", format!("there is no {about} {id}"));
    Ok(match about {
        "event" => Subject::Event(id.parse().map_err(|_| none())?),
        "album" => Subject::Album(id.parse().map_err(|_| none())?),
        "person" => Subject::Person(id.parse().map_err(|_| none())?),
        "year" => Subject::Year(id.parse().ok().filter(|year| (1..=9998).contains(year)).ok_or_else(none)?),
        other => {
            return Err(
                ApiError::bad_request(format!("nothing is told of a {other}")).hint("event, album, year or person")
            );
        }
    })
}

fn language(query: &SummaryQuery) -> Language {
    query.language.as_deref().and_then(Language::of).unwrap_or_default()
}

/// What there is to tell; kept until what it tells of changes.
#[utoipa::path(get, path = "/summaries/{about}/{id}", params(SummaryQuery), responses((status = 200, body = Envelope<SummaryView>)))]
async fn get_summary(
    State(api): State<Api>,
    Path((about, id)): Path<(String, String)>,
    Query(query): Query<SummaryQuery>,
) -> Reply<SummaryView> {
    let model = api.app.language_model();
    let telling =
        Telling { length: query.length, tone: query.tone, language: language(&query), model: model.as_deref() };
    let subject = subject(&about, &id)?;
    if query.at_once {
        let (summary, to_come) = at_once(api.library(), &subject, telling).await?;
        return Ok(data(SummaryView { to_come, ..summary.into() }));
    }
    Ok(data(of_subject(api.library(), &subject, telling).await?.into()))
}

/// Keeps the user's own words.
#[utoipa::path(post, path = "/summaries/{about}/{id}", params(SummaryQuery), request_body = WriteSummary,
    responses((status = 200, body = Envelope<SummaryView>)))]
async fn write_summary(
    State(api): State<Api>,
    Path((about, id)): Path<(String, String)>,
    Query(query): Query<SummaryQuery>,
    axum::Json(request): axum::Json<WriteSummary>,
) -> Reply<SummaryView> {
    if request.text.len() > LONGEST {
        return Err(ApiError::bad_request("the text is too long").hint(format!("at most {LONGEST} bytes")));
    }
    let model = api.app.language_model();
    let telling =
        Telling { length: query.length, tone: query.tone, language: language(&query), model: model.as_deref() };
    Ok(data(write(api.library(), &subject(&about, &id)?, telling, &request.text).await?.into()))
}

//! Music for films: what the user has, what they give, and how what is made for a film sounds.

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::media::serve;
use super::{Api, Reply};
use crate::film::sound;
use crate::film::storyboard::Mood;
use crate::film::tunes::{Tune, Tunes};
use crate::library::FilmId;

/// No file of music is larger, bytes.
const MOST: usize = 64 << 20;
/// Music that is made is sounded so long, seconds.
const SAMPLE_S: u32 = 20;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_music)).routes(routes!(get_audio)).routes(routes!(sample_music))
}

/// The route that takes files.
pub(super) fn uploads() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(add_music)).layer(DefaultBodyLimit::max(MOST))
}

/// A piece of music of the user's.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct TuneView {
    id: String,
    title: String,
    /// Where it lies: what the storyboard of a film names.
    path: String,
    /// It was given to the app, and does not lie in the folder of the settings.
    given: bool,
}

impl From<Tune> for TuneView {
    fn from(tune: Tune) -> Self {
        Self { id: tune.id, title: tune.title, path: tune.path.to_string_lossy().into_owned(), given: tune.given }
    }
}

impl Api {
    /// Does something with the user's music on a thread that may wait for files.
    async fn tunes<T: Send + 'static>(&self, work: impl FnOnce(Tunes) -> T + Send + 'static) -> Result<T, ApiError> {
        let tunes = Tunes::new(&self.app.configured.config.film.music, self.app.data().join("music"));
        tokio::task::spawn_blocking(move || work(tunes)).await.map_err(|error| ApiError::internal(&error))
    }
}

/// The user's music, by title: the folder of the settings, and what was given to the app.
#[utoipa::path(get, path = "/music", responses((status = 200, body = Envelope<Vec<TuneView>>)))]
async fn list_music(State(api): State<Api>) -> Reply<Vec<TuneView>> {
    let tunes = api.tunes(|tunes| tunes.list()).await?;
    Ok(data(tunes.into_iter().map(TuneView::from).collect()))
}

/// What is given.
#[derive(Debug, Deserialize, IntoParams)]
struct Given {
    /// The name of the file.
    name: String,
}

/// Keeps a file of music, sent as the body of the request.
#[utoipa::path(post, path = "/music", params(Given), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Envelope<TuneView>)))]
async fn add_music(State(api): State<Api>, Query(given): Query<Given>, body: Bytes) -> Reply<TuneView> {
    let kept = api.tunes(move |tunes| tunes.keep(&given.name, &body)).await?;
    Ok(data(kept.map_err(ApiError::bad_request)?.into()))
}

/// A piece of music, whole or in ranges.
#[utoipa::path(get, path = "/music/{id}/audio", responses((status = 200, body = Vec<u8>), (status = 206, body = Vec<u8>)))]
async fn get_audio(State(api): State<Api>, Path(id): Path<String>, request: Request) -> Result<Response, ApiError> {
    let tune = api.tunes(move |tunes| tunes.find(&id)).await?;
    let tune = tune.ok_or_else(|| ApiError::not_found("music_not_found", "there is no such music any more"))?;
    let ending = tune.path.extension().map(|ending| ending.to_ascii_lowercase().to_string_lossy().into_owned());
    let mime = match ending.as_deref() {
        Some("mp3") => "audio/mpeg",
        Some("m4a" | "aac") => "audio/mp4",
        Some("flac") => "audio/flac",
        Some("ogg" | "opus") => "audio/ogg",
        Some("wav") => "audio/wav",
        _ => "application/octet-stream",
    };
    serve(&tune.path, mime, request).await
}

/// How it is to feel.
#[derive(Debug, Deserialize, IntoParams)]
struct Wanted {
    /// `gentle`, `happy`, `nostalgic`, `epic` or `energetic`.
    #[param(inline)]
    mood: Mood,
}

/// How the music begins that would be made for a film in a mood: a WAV file of 20 seconds.
#[utoipa::path(get, path = "/films/{id}/music", params(Wanted), responses((status = 200, body = Vec<u8>)))]
async fn sample_music(
    State(api): State<Api>,
    Path(id): Path<FilmId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, ApiError> {
    let (_, board) = api.app.studio.film(id).await?;
    let made = tokio::task::spawn_blocking(move || sound::sample(&board, wanted.mood, SAMPLE_S)).await;
    let mut response = Response::new(Body::from(made.map_err(|error| ApiError::internal(&error))?));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("audio/wav"));
    Ok(response)
}

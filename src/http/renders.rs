//! The video files of films: made in the background in a quality and a codec, followed, stopped and served.

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::films::{FilmView, view};
use super::media::serve;
use super::{Api, Reply};
use crate::film::render::{Codec, Encoding, Quality};
use crate::library::FilmId;
use crate::library::films::FilmRender;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_codecs))
        .routes(routes!(render_film))
        .routes(routes!(cancel_render))
        .routes(routes!(get_video))
}

/// The video file of a film in one quality, or the making of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RenderView {
    /// `preview`, `medium` or `full`.
    pub quality: String,
    /// `h264`, `hevc` or `av1`.
    pub codec: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// How far it is, 0–1.
    pub progress: f64,
    /// It shows the storyboard as it is now.
    pub current: bool,
    /// Why it failed.
    pub error: Option<String>,
    /// Why another encoder was used than was to be.
    pub notice: Option<String>,
}

impl RenderView {
    /// How far a render is, seen from version `version` of its film.
    pub(super) fn of(render: &FilmRender, version: i64) -> Self {
        Self {
            quality: render.quality.clone(),
            codec: render.codec.clone(),
            state: render.state.clone(),
            progress: if render.frames > 0 { render.done as f64 / render.frames as f64 } else { 0.0 },
            current: render.version == version,
            error: render.error.clone(),
            notice: render.notice.clone(),
        }
    }
}

/// Which video file is meant.
#[derive(Debug, Deserialize, IntoParams)]
struct WhichVideo {
    /// `preview`, `medium` or `full`.
    #[serde(default)]
    #[param(inline)]
    quality: Quality,
    /// `1`: to be saved rather than shown.
    #[serde(default)]
    download: Option<u8>,
}

/// A way to compress films.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct CodecView {
    codec: Codec,
    /// Its name for people.
    title: String,
    /// ffmpeg's name of the encoder; none when this machine has none.
    encoder: Option<String>,
    /// The encoder is part of a graphics card or processor.
    hardware: bool,
    /// What is missing, and what to install.
    missing: Option<String>,
}

/// How films can be compressed here.
#[utoipa::path(get, path = "/films/codecs", responses((status = 200, body = Envelope<Vec<CodecView>>)))]
async fn list_codecs(State(api): State<Api>) -> Reply<Vec<CodecView>> {
    let mut views = Vec::new();
    for codec in Codec::ALL {
        let chosen = api.app.studio.can_encode(codec).await;
        views.push(CodecView {
            codec,
            title: codec.title().to_owned(),
            encoder: chosen.as_ref().ok().map(|coder| coder.name.to_owned()),
            hardware: chosen.as_ref().is_ok_and(|coder| coder.hardware),
            missing: chosen.err().map(|error| error.to_string()),
        });
    }
    Ok(data(views))
}

/// How a film is to be made.
#[derive(Debug, Deserialize, IntoParams)]
struct HowEncoded {
    /// `preview`, `medium` or `full`.
    #[serde(default)]
    #[param(inline)]
    quality: Quality,
    /// `h264`, `hevc` or `av1`.
    #[serde(default)]
    #[param(inline)]
    codec: Codec,
}

/// Renders a film in the background.
#[utoipa::path(post, path = "/films/{id}/render", params(HowEncoded), responses((status = 200, body = Envelope<FilmView>)))]
async fn render_film(State(api): State<Api>, Path(id): Path<FilmId>, Query(how): Query<HowEncoded>) -> Reply<FilmView> {
    api.app.studio.queue(id, Encoding { quality: how.quality, codec: how.codec }).await?;
    view(&api, id).await
}

/// Stops the rendering of a film.
#[utoipa::path(post, path = "/films/{id}/cancel", params(WhichVideo), responses((status = 200, body = Envelope<FilmView>)))]
async fn cancel_render(
    State(api): State<Api>,
    Path(id): Path<FilmId>,
    Query(which): Query<WhichVideo>,
) -> Reply<FilmView> {
    api.app.studio.cancel(id, which.quality).await?;
    view(&api, id).await
}

/// The video file of a film, whole or in ranges.
#[utoipa::path(get, path = "/films/{id}/video", params(WhichVideo),
    responses((status = 200, body = Vec<u8>), (status = 206, body = Vec<u8>)))]
async fn get_video(
    State(api): State<Api>,
    Path(id): Path<FilmId>,
    Query(which): Query<WhichVideo>,
    request: Request,
) -> Result<Response, ApiError> {
    let film = api.library().film(id).await?;
    let path = api.app.studio.output(id, which.quality);
    if !path.is_file() {
        let missing = ApiError::not_found("film_not_rendered", format!("{} has not been rendered yet", film.title));
        return Err(missing.hint("render it first"));
    }
    let mut response = serve(&path, "video/mp4", request).await?;
    let name = percent_encoding::utf8_percent_encode(&film.title, percent_encoding::NON_ALPHANUMERIC);
    let how = if which.download.unwrap_or(0) == 1 { "attachment" } else { "inline" };
    if let Ok(value) = HeaderValue::from_str(&format!("{how}; filename*=UTF-8''{name}.mp4")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

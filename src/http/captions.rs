//! What is written about a medium: the captions of models, and the user's own words, which go before them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::media::{MediaDetail, detail};
use super::views::instant;
use super::{Api, Reply};
use crate::library::MediaId;
use crate::library::captions::WrittenCaption;

/// Characters of a description.
const LONGEST: usize = 4000;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(set_description)).routes(routes!(write_caption)).routes(routes!(delete_caption))
}

/// What a model wrote about a picture.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct CaptionView {
    /// A few words.
    title: String,
    /// One plain sentence.
    sentence: String,
    /// Words to find it by.
    tags: Vec<String>,
    /// Code of the language, such as `de`.
    language: String,
    /// The model that wrote it.
    model: String,
    /// Which weights; empty where nobody knows.
    version: String,
    /// When, ISO 8601.
    written: String,
    /// It is the one that is shown and searched: of the model in use, and the user wrote nothing.
    current: bool,
}

impl From<WrittenCaption> for CaptionView {
    fn from(written: WrittenCaption) -> Self {
        let (caption, current) = (written.caption, written.current);
        Self {
            title: caption.title,
            sentence: caption.sentence,
            tags: caption.tags,
            language: written.language,
            model: written.model,
            version: written.version,
            written: instant(written.written),
            current,
        }
    }
}

/// The user's own words about a medium.
#[derive(Debug, Deserialize, ToSchema)]
struct Description {
    /// The words; null or nothing takes back what was written, and what the file or a model says is shown again.
    description: Option<String>,
}

/// Writes the user's own description of a medium. Files stay as they are, and no model writes over it.
#[utoipa::path(put, path = "/media/{id}/description", request_body = Description,
    responses((status = 200, body = Envelope<MediaDetail>)))]
async fn set_description(
    State(api): State<Api>,
    Path(id): Path<MediaId>,
    Json(request): Json<Description>,
) -> Reply<MediaDetail> {
    let words = request.description.map(|words| words.trim().to_owned()).filter(|words| !words.is_empty());
    if words.as_ref().is_some_and(|words| words.chars().count() > LONGEST) {
        return Err(ApiError::bad_request(format!("a description has at most {LONGEST} characters")));
    }
    api.library().medium(id).await?;
    api.library().annotate(&[id], words.as_deref()).await?;
    api.app.indexer.wake();
    Ok(data(detail(&api, id).await?))
}

/// Has the model write about a medium again, before all others. What it wrote before stays until then.
#[utoipa::path(post, path = "/media/{id}/caption", responses((status = 200, body = Envelope<MediaDetail>)))]
async fn write_caption(State(api): State<Api>, Path(id): Path<MediaId>) -> Reply<MediaDetail> {
    api.library().medium(id).await?;
    let missing = |hint: String| {
        let what = "there is no model that may write captions";
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "no_vision_model", what).hint(hint)
    };
    let key = api.app.captions.key().map_err(missing)?;
    api.library().write_caption_again(id, &key).await?;
    api.app.indexer.wake();
    Ok(data(detail(&api, id).await?))
}

/// Deletes what a model wrote about a medium. It is written again only when somebody asks for it, or by another model.
#[utoipa::path(delete, path = "/media/{id}/captions/{model}", responses((status = 200, body = Envelope<MediaDetail>)))]
async fn delete_caption(State(api): State<Api>, Path((id, model)): Path<(MediaId, String)>) -> Reply<MediaDetail> {
    api.library().medium(id).await?;
    api.library().delete_caption(id, &model).await?;
    api.app.indexer.wake();
    Ok(data(detail(&api, id).await?))
}

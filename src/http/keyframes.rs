//! The frames that stand for a video: when they are shown, what they show, and where in it somebody or something is seen or
//! something is written.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::media::serve;
use super::views::moments;
use super::{Api, Reply};
use crate::library::MediaId;
use crate::library::moments::Moment;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_keyframes)).routes(routes!(get_keyframe)).routes(routes!(list_moments))
}

/// A frame of a video.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct KeyframeView {
    /// Milliseconds from the start of the video.
    at_ms: i64,
}

/// The frames that stand for the scenes of a video, in order; none for a photo, or before they were chosen.
#[utoipa::path(get, path = "/media/{id}/keyframes", responses((status = 200, body = Envelope<Vec<KeyframeView>>)))]
async fn list_keyframes(State(api): State<Api>, Path(id): Path<MediaId>) -> Reply<Vec<KeyframeView>> {
    let medium = api.library().medium(id).await?;
    let frames = api.library().keyframes(medium.id).await?;
    Ok(data(frames.into_iter().map(|at_ms| KeyframeView { at_ms }).collect()))
}

/// Where in a video each person and each thing is seen and each line of text is written, one by one in order of time; none
/// for a photo.
#[utoipa::path(get, path = "/media/{id}/moments", responses((status = 200, body = Envelope<Vec<Moment>>)))]
async fn list_moments(State(api): State<Api>, Path(id): Path<MediaId>) -> Reply<Vec<Moment>> {
    let medium = api.library().medium(id).await?;
    let document = api.library().documents(&[medium.id]).await?.pop();
    Ok(data(match document {
        Some(document) => moments(api.library(), &document).await?,
        None => Vec::new(),
    }))
}

/// The picture of a frame, JPEG.
#[utoipa::path(get, path = "/media/{id}/keyframes/{at_ms}",
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
async fn get_keyframe(
    State(api): State<Api>,
    Path((id, at_ms)): Path<(MediaId, i64)>,
    request: Request,
) -> Result<Response, ApiError> {
    let medium = api.library().medium(id).await?;
    let path = api.app.keyframe(&medium.hash, at_ms);
    if !path.exists() {
        let message = format!("{} has no frame at {at_ms} ms", medium.name);
        return Err(ApiError::not_found("no_keyframe", message));
    }
    serve(&path, "image/jpeg", request).await
}

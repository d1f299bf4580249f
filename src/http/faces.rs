//! Faces: those of a medium, and small pictures of them.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::media::serve;
use super::people::FaceView;
use super::{Api, Reply};
use crate::library::{FaceId, MediaId};

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_media_faces)).routes(routes!(get_face_crop))
}

/// The faces of a medium, left to right.
#[utoipa::path(get, path = "/media/{id}/faces", responses((status = 200, body = Envelope<Vec<FaceView>>)))]
async fn list_media_faces(State(api): State<Api>, Path(id): Path<MediaId>) -> Reply<Vec<FaceView>> {
    api.library().medium(id).await?;
    Ok(data(api.library().faces_in(id).await?.into_iter().map(FaceView::from).collect()))
}

/// A small picture of a face, JPEG, square.
#[utoipa::path(get, path = "/faces/{id}/crop", responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
async fn get_face_crop(State(api): State<Api>, Path(id): Path<FaceId>, request: Request) -> Result<Response, ApiError> {
    let face = api.library().face(id).await?;
    let medium = api.library().medium(face.media_id).await?;
    if face.state == "forgotten" {
        return Err(ApiError::not_found("face_not_found", "this face was forgotten"));
    }
    let (crops, area) = (api.app.crops(), face.area());
    let picture = match face.frame_ms {
        Some(at) => api.app.keyframe(&medium.hash, at),
        None => api.app.thumbnail(&medium.hash, 1024),
    };
    let made = tokio::task::spawn_blocking(move || crops.get(id, face.frame_ms, area, &picture)).await;
    let path = made
        .map_err(|error| ApiError::internal(&error))?
        .map_err(|error| ApiError::not_found("no_crop", format!("there is no picture of this face: {error}")))?;
    let mut response = serve(&path, "image/jpeg", request).await?;
    let a_day = HeaderValue::from_static("private, max-age=86400");
    response.headers_mut().insert(header::CACHE_CONTROL, a_day);
    Ok(response)
}

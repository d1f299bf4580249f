//! The files of media: thumbnails, originals, pictures that every browser shows, moving parts.

use std::path::{Path as FilePath, PathBuf};

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tower::ServiceExt;
use tower_http::services::ServeFile;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::Api;
use crate::http::error::ApiError;
use crate::library::MediaId;
use crate::library::media::Medium;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_thumbnail))
        .routes(routes!(get_original))
        .routes(routes!(get_preview))
        .routes(routes!(get_motion))
}

/// Size of a thumbnail.
#[derive(Debug, Deserialize, IntoParams)]
struct ThumbnailQuery {
    /// Longest edge in pixels: 256 or 1024.
    size: Option<u32>,
}

/// A small picture of a medium, JPEG.
#[utoipa::path(get, path = "/media/{id}/thumbnail", params(ThumbnailQuery),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
async fn get_thumbnail(
    State(api): State<Api>,
    Path(id): Path<MediaId>,
    Query(query): Query<ThumbnailQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let medium = api.library().medium(id).await?;
    let path = api.app.thumbnail(&medium.hash, query.size.unwrap_or(256));
    if !path.exists() {
        let error = ApiError::not_found("no_thumbnail", format!("there is no picture of {}", medium.name));
        return Err(match medium.problem {
            Some(problem) => error.hint(problem),
            None => error,
        });
    }
    let mut response = serve(&path, "image/jpeg", request).await?;
    // The address carries the version, so what it names never changes.
    let forever = HeaderValue::from_static("private, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, forever);
    Ok(response)
}

/// How the original is wanted.
#[derive(Debug, Deserialize, IntoParams)]
struct OriginalQuery {
    /// `1`: to be saved rather than shown.
    #[serde(default)]
    download: Option<u8>,
}

/// The original file, whole or in ranges.
#[utoipa::path(get, path = "/media/{id}/original", params(OriginalQuery),
    responses((status = 200, body = Vec<u8>), (status = 206, body = Vec<u8>)))]
async fn get_original(
    State(api): State<Api>,
    Path(id): Path<MediaId>,
    Query(query): Query<OriginalQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let medium = api.library().medium(id).await?;
    let path = present(&api, &medium).await?;
    let mut response = serve(&path, &medium.mime, request).await?;
    let encoded = percent_encoding::utf8_percent_encode(&medium.name, percent_encoding::NON_ALPHANUMERIC);
    let how = if query.download.unwrap_or(0) == 1 { "attachment" } else { "inline" };
    if let Ok(value) = HeaderValue::from_str(&format!("{how}; filename*=UTF-8''{encoded}")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    // A picture can be an SVG or HTML in disguise; it must not run as a page of ours.
    let sandbox = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, sandbox);
    Ok(response)
}

/// A large picture that every browser can show: the original where it can, else a JPEG of it.
#[utoipa::path(get, path = "/media/{id}/preview", responses((status = 200, body = Vec<u8>)))]
async fn get_preview(State(api): State<Api>, Path(id): Path<MediaId>, request: Request) -> Result<Response, ApiError> {
    let medium = api.library().medium(id).await?;
    let shown_by_browsers = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"];
    if shown_by_browsers.contains(&medium.mime.as_str()) {
        let path = present(&api, &medium).await?;
        return serve(&path, &medium.mime, request).await;
    }
    let path = api.app.thumbnail(&medium.hash, 1024);
    if !path.exists() {
        return Err(ApiError::not_found("no_thumbnail", format!("there is no picture of {}", medium.name)));
    }
    serve(&path, "image/jpeg", request).await
}

/// The moving part of a live or motion photo, MP4 or MOV.
#[utoipa::path(get, path = "/media/{id}/motion", responses((status = 200, body = Vec<u8>)))]
async fn get_motion(State(api): State<Api>, Path(id): Path<MediaId>, request: Request) -> Result<Response, ApiError> {
    let library = api.library();
    if let Some(video) = library.motion_of(id).await? {
        let video = library.medium(video).await?;
        let path = present(&api, &video).await?;
        return serve(&path, &video.mime, request).await;
    }
    let medium = library.medium(id).await?;
    let (Some(offset), Some(length)) = (medium.motion_offset, medium.motion_length) else {
        return Err(ApiError::not_found("no_motion", format!("{} has no moving part", medium.name)));
    };
    let path = present(&api, &medium).await?;
    let bytes = tokio::task::spawn_blocking(move || read_part(&path, offset, length)).await;
    let bytes = bytes.map_err(|error| ApiError::internal(&error))?.map_err(|error| ApiError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "video/mp4")], Body::from(bytes)).into_response())
}

fn read_part(path: &FilePath, offset: i64, length: i64) -> std::io::Result<Vec<u8>> {
    use std::io::{Read, Seek, SeekFrom};
    /// A moment of video is a few megabytes.
    const MOST: i64 = 256 << 20;
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(offset.max(0) as u64))?;
    let mut bytes = Vec::new();
    file.take(length.clamp(0, MOST) as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file of the medium that is there now; the one it was read from may have been moved a moment ago.
async fn present(api: &Api, medium: &Medium) -> Result<PathBuf, ApiError> {
    let paths = api.library().paths(medium.id).await?;
    std::iter::once(medium.path.clone()).chain(paths).map(PathBuf::from).find(|path| path.is_file()).ok_or_else(|| {
        ApiError::not_found("file_missing", format!("{} is not there any more", medium.path))
            .hint("if it lies on a drive or network folder, connect it; if it was moved, index the new folder")
    })
}

/// Serves a file with ranges and conditional requests.
pub(in crate::http) async fn serve(path: &FilePath, mime: &str, request: Request) -> Result<Response, ApiError> {
    let Ok(response) = ServeFile::new(path).oneshot(request).await;
    let mut response = response.map(Body::new);
    if let Ok(mime) = HeaderValue::from_str(mime) {
        response.headers_mut().insert(header::CONTENT_TYPE, mime);
    }
    Ok(response)
}

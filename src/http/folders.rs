//! Folders: which are indexed, and indexing one more.

use std::path::PathBuf;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::{Api, Reply};
use crate::jobs::Pace;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_folders, add_folder))
}

/// A folder that is indexed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct FolderView {
    path: String,
    media: i64,
    watched: bool,
}

/// The folders that are indexed.
#[utoipa::path(get, path = "/folders", responses((status = 200, body = Envelope<Vec<FolderView>>)))]
async fn list_folders(State(api): State<Api>) -> Reply<Vec<FolderView>> {
    let watched = api.app.indexer.watched();
    let folders = api.library().roots().await?;
    let views = folders.into_iter().map(|root| FolderView {
        watched: watched.contains(&PathBuf::from(&root.path)),
        media: root.media,
        path: root.path,
    });
    Ok(data(views.collect()))
}

/// A folder to index.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct NewFolder {
    /// Absolute path on the server's machine.
    path: String,
    /// Somebody waits until everything is done: quiet hours and other programs' load hold nothing back.
    #[serde(default)]
    hurry: bool,
}

/// Indexes a folder and watches it.
#[utoipa::path(post, path = "/folders", request_body = NewFolder, responses((status = 200, body = Envelope<Value>)))]
async fn add_folder(State(api): State<Api>, Json(folder): Json<NewFolder>) -> Reply<Value> {
    let path = PathBuf::from(&folder.path);
    if !path.is_absolute() {
        return Err(ApiError::bad_request(format!("{} is not an absolute path", folder.path)));
    }
    if !path.is_dir() {
        return Err(ApiError::not_found("folder_not_found", format!("there is no folder {}", folder.path))
            .hint("the path is one of the machine that the server runs on"));
    }
    if folder.hurry {
        api.app.indexer.queue().set_pace(Pace::Hurry);
    }
    let outcome = api.app.indexer.add_folder(&path).await?;
    Ok(data(json!({ "queued": outcome.queued, "unchanged": outcome.unchanged, "gone": outcome.gone })))
}

//! Activity: jobs and their progress, failures and their reasons, the folders that are watched.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::{ApiError, Envelope, data};
use super::{Api, Reply};
use crate::library::JobId;
use crate::library::jobs::Which;

/// Failures listed at the most.
const MOST_FAILURES: u32 = 500;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(retry_job))
        .routes(routes!(list_folders, add_folder))
        .routes(routes!(stream_events))
}

/// How many jobs are in which state.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(super) struct Counts {
    queued: i64,
    running: i64,
    done: i64,
    failed: i64,
}

/// The same for one kind of job.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct KindCounts {
    kind: String,
    #[serde(flatten)]
    counts: Counts,
}

/// A job that was given up.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct FailedView {
    id: JobId,
    kind: String,
    path: String,
    code: String,
    message: String,
    attempts: i64,
}

/// What is going on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Activity {
    counts: Counts,
    by_kind: Vec<KindCounts>,
    failed: Vec<FailedView>,
    /// Files read each second of late.
    rate_per_s: Option<f64>,
    /// Seconds until the queue is empty at that rate.
    eta_s: Option<f64>,
}

/// Counts over all kinds.
pub(super) async fn counts(api: &Api) -> Result<Counts, ApiError> {
    let mut sum = Counts::default();
    for kind in api.library().job_counts().await? {
        sum.queued += kind.queued;
        sum.running += kind.running;
        sum.done += kind.done;
        sum.failed += kind.failed;
    }
    let behind = api.app.indexer.behind().await?;
    sum.queued += behind;
    Ok(sum)
}

/// Jobs with their progress, and those that failed with their reasons.
#[utoipa::path(get, path = "/jobs", responses((status = 200, body = Envelope<Activity>)))]
async fn list_jobs(State(api): State<Api>) -> Reply<Activity> {
    let kinds = api.library().job_counts().await?;
    let mut by_kind: Vec<KindCounts> = kinds
        .into_iter()
        .map(|k| KindCounts {
            kind: k.kind,
            counts: Counts { queued: k.queued, running: k.running, done: k.done, failed: k.failed },
        })
        .collect();
    for (kind, queued, done) in api.app.indexer.derived().await? {
        by_kind.push(KindCounts { kind: kind.to_owned(), counts: Counts { queued, done, ..Counts::default() } });
    }
    let failed = api.library().failed_jobs(MOST_FAILURES).await?;
    let failed = failed.into_iter().map(|job| FailedView {
        id: job.id,
        kind: job.kind,
        path: job.path,
        code: job.error_code,
        message: job.error,
        attempts: job.attempts,
    });
    let counts = counts(&api).await?;
    let rate: Option<f64> = None;
    let eta = rate.filter(|rate| *rate > 0.0).map(|rate| (counts.queued + counts.running) as f64 / rate);
    Ok(data(Activity { failed: failed.collect(), by_kind, counts, rate_per_s: rate, eta_s: eta }))
}

/// Tries a failed job again.
#[utoipa::path(post, path = "/jobs/{id}/retry", responses((status = 200, body = Envelope<Value>)))]
async fn retry_job(State(api): State<Api>, Path(id): Path<JobId>) -> Reply<Value> {
    api.library().retry_jobs(Which::One(id)).await?;
    api.app.indexer.wake();
    Ok(data(json!({})))
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
pub struct NewFolder {
    /// Absolute path on the server's machine.
    pub path: String,
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
    let outcome = api.app.indexer.add_folder(&path).await?;
    Ok(data(json!({ "queued": outcome.queued, "unchanged": outcome.unchanged, "gone": outcome.gone })))
}

/// What changes: `jobs` with counts, `library` when media were added or changed; at most two a second.
#[utoipa::path(get, path = "/events-stream", responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn stream_events(State(api): State<Api>) -> impl IntoResponse {
    let stream = async_stream::stream! {
        let mut told = (None, 0);
        loop {
            if let Ok(counts) = counts(&api).await
                && told.0.as_ref() != Some(&counts)
            {
                yield Ok::<_, Infallible>(event("jobs", &json!(counts)));
                told.0 = Some(counts);
            }
            if let Ok(revision) = api.library().revision().await
                && told.1 != revision
            {
                if let Ok(numbers) = api.library().numbers().await {
                    yield Ok(event("library", &json!({ "media": numbers.media })));
                }
                told.1 = revision;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    Sse::new(stream).keep_alive(KeepAlive::default())
}

fn event(name: &str, value: &Value) -> Event {
    Event::default().event(name).data(value.to_string())
}

//! Activity: jobs and their progress, failures and their reasons, what the user does to the queue.

use std::convert::Infallible;
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

use super::error::{Envelope, data};
use super::{Api, Reply};
use crate::jobs::JobKind;
use crate::jobs::activity::Activity;
use crate::library::JobId;
use crate::library::jobs::{Ended, FailedJob, RunningJob, Which};

/// Failures listed at the most.
const MOST_FAILURES: u32 = 500;

/// Jobs under way listed at the most.
const MOST_RUNNING: u32 = 50;

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(pause_jobs))
        .routes(routes!(resume_jobs))
        .routes(routes!(retry_jobs))
        .routes(routes!(cancel_jobs))
        .routes(routes!(retry_job))
        .routes(routes!(cancel_job))
        .routes(routes!(stream_events))
}

/// A job that was given up.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FailedView {
    /// Identifier.
    pub id: JobId,
    /// Kind.
    pub kind: String,
    /// The file that it is about.
    pub path: String,
    /// Stable code of the reason.
    pub code: String,
    /// The reason in words.
    pub message: String,
    /// How often it was begun.
    pub attempts: i64,
}

impl From<FailedJob> for FailedView {
    fn from(job: FailedJob) -> Self {
        let FailedJob { id, kind, path, error_code: code, error: message, attempts } = job;
        Self { id, kind, path, code, message, attempts }
    }
}

/// A job that is under way.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RunningView {
    /// Identifier.
    pub id: JobId,
    /// Kind.
    pub kind: String,
    /// The file that it is about.
    pub path: String,
    /// 0–1.
    pub progress: f64,
}

impl From<RunningJob> for RunningView {
    fn from(job: RunningJob) -> Self {
        Self { id: job.id, kind: job.kind, path: job.path, progress: job.progress }
    }
}

/// What is going on, with the jobs that it goes on with.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Jobs {
    /// Numbers.
    #[serde(flatten)]
    pub activity: Activity,
    /// Under way, some of them.
    pub running: Vec<RunningView>,
    /// Given up, some of them.
    pub failed: Vec<FailedView>,
}

impl Jobs {
    /// What is going on in an application.
    ///
    /// # Errors
    /// When the library cannot be read.
    pub async fn of(app: &crate::app::App) -> Result<Self, crate::jobs::JobError> {
        let running = app.library.running_jobs(MOST_RUNNING).await?;
        let failed = app.library.failed_jobs(MOST_FAILURES).await?;
        Ok(Self {
            activity: app.indexer.activity_now().await?,
            running: running.into_iter().map(RunningView::from).collect(),
            failed: failed.into_iter().map(FailedView::from).collect(),
        })
    }
}

/// Jobs with their progress, those under way, and those that failed with their reasons.
#[utoipa::path(get, path = "/jobs", responses((status = 200, body = Envelope<Jobs>)))]
async fn list_jobs(State(api): State<Api>) -> Reply<Jobs> {
    Ok(data(Jobs::of(&api.app).await?))
}

/// The jobs that something is done to.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Those of a kind; all when there is none.
    pub kind: Option<JobKind>,
}

impl Selection {
    fn which(&self) -> Which {
        self.kind.map_or(Which::All, Which::Kind)
    }
}

/// The jobs that are tried again.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetrySelection {
    /// Those of a kind; all when there is none.
    pub kind: Option<JobKind>,
    /// Only those that ended so.
    pub ended: Option<Ended>,
}

/// To how many jobs something was done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    /// Number of jobs.
    pub jobs: u64,
}

/// Holds jobs back until they are resumed, also after a restart. What is under way is brought to its end.
#[utoipa::path(post, path = "/jobs/pause", request_body = Selection, responses((status = 200, body = Envelope<Value>)))]
async fn pause_jobs(State(api): State<Api>, Json(selection): Json<Selection>) -> Reply<Value> {
    api.library().pause_jobs(selection.kind).await?;
    Ok(data(json!({})))
}

/// Lets jobs go on.
#[utoipa::path(post, path = "/jobs/resume", request_body = Selection, responses((status = 200, body = Envelope<Value>)))]
async fn resume_jobs(State(api): State<Api>, Json(selection): Json<Selection>) -> Reply<Value> {
    api.library().resume_jobs(selection.kind).await?;
    api.app.indexer.wake();
    Ok(data(json!({})))
}

/// Tries jobs again that were given up or cancelled.
#[utoipa::path(post, path = "/jobs/retry", request_body = RetrySelection, responses((status = 200, body = Envelope<Changed>)))]
async fn retry_jobs(State(api): State<Api>, Json(selection): Json<RetrySelection>) -> Reply<Changed> {
    let which = selection.kind.map_or(Which::All, Which::Kind);
    changed(&api, api.library().retry_jobs(which, selection.ended).await?)
}

/// Cancels jobs that wait or are under way; they stay so until they are tried again.
#[utoipa::path(post, path = "/jobs/cancel", request_body = Selection, responses((status = 200, body = Envelope<Changed>)))]
async fn cancel_jobs(State(api): State<Api>, Json(selection): Json<Selection>) -> Reply<Changed> {
    changed(&api, api.library().cancel_jobs(selection.which()).await?)
}

/// Tries a job again that was given up or cancelled.
#[utoipa::path(post, path = "/jobs/{id}/retry", responses((status = 200, body = Envelope<Changed>)))]
async fn retry_job(State(api): State<Api>, Path(id): Path<JobId>) -> Reply<Changed> {
    changed(&api, api.library().retry_jobs(Which::One(id), None).await?)
}

/// Cancels a job that waits or is under way.
#[utoipa::path(post, path = "/jobs/{id}/cancel", responses((status = 200, body = Envelope<Changed>)))]
async fn cancel_job(State(api): State<Api>, Path(id): Path<JobId>) -> Reply<Changed> {
    changed(&api, api.library().cancel_jobs(Which::One(id)).await?)
}

fn changed(api: &Api, jobs: u64) -> Reply<Changed> {
    api.app.indexer.wake();
    Ok(data(Changed { jobs }))
}

/// What changes: `jobs` with all numbers of the queue, `library` when media were added or changed; at most two a second.
#[utoipa::path(get, path = "/events-stream", responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn stream_events(State(api): State<Api>) -> impl IntoResponse {
    let stream = async_stream::stream! {
        let mut told = (None, 0);
        loop {
            if let Ok(activity) = api.app.indexer.activity().await
                && told.0.as_ref() != Some(&activity)
            {
                yield Ok::<_, Infallible>(event("jobs", &json!(*activity)));
                told.0 = Some(activity);
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

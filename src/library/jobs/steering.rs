//! What a person sees of the queue and does to it: numbers, pauses, trying again, cancelling.

use serde::{Deserialize, Serialize};
use sqlx::{FromRow, QueryBuilder, Sqlite};
use utoipa::ToSchema;

use super::super::{JobId, Library, LibraryError, Part, Result, touch, unix_now};
use super::JobKind;

/// How many jobs of one kind are in which state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Kind.
    pub kind: String,
    /// Waiting.
    pub queued: i64,
    /// Under way.
    pub running: i64,
    /// Finished.
    pub done: i64,
    /// Given up.
    pub failed: i64,
    /// Not to be done.
    pub cancelled: i64,
}

/// A job that was given up.
#[derive(Debug, Clone, FromRow)]
pub struct FailedJob {
    /// Identifier.
    pub id: JobId,
    /// Kind.
    pub kind: String,
    /// The file: what was to be read, or what is shown of the medium.
    pub path: String,
    /// Stable code of the reason.
    pub error_code: String,
    /// The reason in words.
    pub error: String,
    /// How often it was begun.
    pub attempts: i64,
}

/// A job that is under way.
#[derive(Debug, Clone, FromRow)]
pub struct RunningJob {
    /// Identifier.
    pub id: JobId,
    /// Kind.
    pub kind: String,
    /// The file: what is read, or what is shown of the medium.
    pub path: String,
    /// 0–1.
    pub progress: f64,
}

/// What is held back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pauses {
    /// Everything.
    pub all: bool,
    /// These kinds.
    pub kinds: Vec<String>,
}

impl Pauses {
    /// Whether jobs of a kind are held back.
    pub fn hold(&self, kind: JobKind) -> bool {
        self.all || self.kinds.iter().any(|name| name == kind.name())
    }
}

/// Which jobs something is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those of a kind.
    Kind(JobKind),
    /// One.
    One(JobId),
}

impl Which {
    fn push(self, query: &mut QueryBuilder<Sqlite>) {
        match self {
            Self::All => query,
            Self::Kind(kind) => query.push(" AND kind = ").push_bind(kind.name()),
            Self::One(id) => query.push(" AND id = ").push_bind(id),
        };
    }
}

/// How a job ended that is to be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It was given up.
    Failed,
    /// The user did not want it.
    Cancelled,
}

/// The file that a job is about.
const PATH: &str = "COALESCE((SELECT m.path FROM media m WHERE m.id = j.subject), j.subject) AS path";

impl Library {
    /// Holds back all jobs, or those of a kind, until [`Library::resume_jobs`], also after a restart. What is under way
    /// is brought to its end.
    pub async fn pause_jobs(&self, kind: Option<JobKind>) -> Result<()> {
        let sql = "INSERT INTO job_pauses (kind, since) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        sqlx::query(sql).bind(kind.map_or("", JobKind::name)).bind(unix_now()).execute(&self.write).await?;
        Ok(())
    }

    /// Lets all jobs go on, or those of a kind.
    pub async fn resume_jobs(&self, kind: Option<JobKind>) -> Result<()> {
        match kind {
            None => sqlx::query("DELETE FROM job_pauses").execute(&self.write).await?,
            Some(kind) => {
                sqlx::query("DELETE FROM job_pauses WHERE kind = $1").bind(kind.name()).execute(&self.write).await?
            }
        };
        Ok(())
    }

    /// What is held back.
    pub async fn job_pauses(&self) -> Result<Pauses> {
        let kinds: Vec<String> =
            sqlx::query_scalar("SELECT kind FROM job_pauses ORDER BY kind").fetch_all(&self.read).await?;
        let all = kinds.iter().any(String::is_empty);
        Ok(Pauses { all, kinds: kinds.into_iter().filter(|kind| !kind.is_empty()).collect() })
    }

    /// Queues jobs again that were given up or cancelled, or only those that `ended` so; returns how many.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] when one job is meant and it is neither.
    pub async fn retry_jobs(&self, which: Which, ended: Option<Ended>) -> Result<u64> {
        let mut query = QueryBuilder::new(
            "UPDATE jobs SET state = 'queued', attempts = 0, retries = 0, run_after = 0, progress = 0, claim = claim + 1, \
             error_code = NULL, error = NULL WHERE ",
        );
        query.push(match ended {
            None => "state IN ('failed', 'cancelled')",
            Some(Ended::Failed) => "state = 'failed'",
            Some(Ended::Cancelled) => "state = 'cancelled'",
        });
        which.push(&mut query);
        found(which, "failed job", query.build().execute(&self.write).await?.rows_affected())
    }

    /// Takes jobs that wait or are under way out of the queue until [`Library::retry_jobs`]; returns how many. Files that
    /// were to be read are listed as cancelled.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] when one job is meant and it is neither.
    pub async fn cancel_jobs(&self, which: Which) -> Result<u64> {
        let mut tx = self.begin().await?;
        let mut query = QueryBuilder::new(
            "UPDATE jobs SET state = 'cancelled', claim = claim + 1, owner = NULL, lease_until = NULL, updated = ",
        );
        query.push_bind(unix_now()).push(" WHERE state IN ('queued', 'running')");
        which.push(&mut query);
        let cancelled = query.build().execute(&mut *tx).await?.rows_affected();
        sqlx::query(
            "UPDATE files SET state = 'failed', error_code = 'cancelled', error = 'reading it was cancelled' \
             WHERE state = 'pending' AND path IN \
             (SELECT subject FROM jobs WHERE kind = 'ingest_file' AND state = 'cancelled')",
        )
        .execute(&mut *tx)
        .await?;
        touch(&mut tx, Part::Contents).await?;
        tx.commit().await?;
        found(which, "open job", cancelled)
    }

    /// Counts by kind.
    pub async fn job_counts(&self) -> Result<Vec<JobCounts>> {
        let sql = "SELECT kind, state, COUNT(*) FROM jobs GROUP BY state, kind ORDER BY kind, state";
        let rows: Vec<(String, String, i64)> = sqlx::query_as(sql).fetch_all(&self.read).await?;
        let mut counts: Vec<JobCounts> = Vec::new();
        for (kind, state, number) in rows {
            if counts.last().is_none_or(|last| last.kind != kind) {
                counts.push(JobCounts { kind, ..JobCounts::default() });
            }
            let Some(of) = counts.last_mut() else { continue };
            match state.as_str() {
                "queued" => of.queued = number,
                "running" => of.running = number,
                "done" => of.done = number,
                "failed" => of.failed = number,
                _ => of.cancelled = number,
            }
        }
        Ok(counts)
    }

    /// Failed jobs by kind and code of the reason.
    pub async fn failures_by_code(&self) -> Result<Vec<(String, String, i64)>> {
        let sql = "SELECT kind, COALESCE(error_code, ''), COUNT(*) FROM jobs WHERE state = 'failed' \
                   GROUP BY 1, 2 ORDER BY 1, 2";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// Jobs finished since `since`, whoever did them: kind, how many, when the first.
    pub async fn jobs_done_since(&self, since: i64) -> Result<Vec<(String, i64, i64)>> {
        // The kinds are named so that the index leads to the latest of each.
        let kinds = JobKind::ALL.map(|kind| format!("'{kind}'")).join(", ");
        let sql = format!(
            "SELECT kind, COUNT(*), MIN(updated) FROM jobs WHERE state = 'done' AND kind IN ({kinds}) AND updated >= $1 \
             GROUP BY kind ORDER BY kind"
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(since).fetch_all(&self.read).await?)
    }

    /// Whether jobs of these kinds wait or are under way: without those held back, and those that wait for one held back.
    pub async fn has_open_jobs(&self, kinds: &[JobKind]) -> Result<bool> {
        let pauses = self.job_pauses().await?;
        let open = |kind: &JobKind| {
            format!(
                "EXISTS (SELECT 1 FROM jobs j WHERE j.kind = '{kind}' AND j.state IN ('queued', 'running'){})",
                super::free(*kind)
            )
        };
        let open: Vec<String> = kinds.iter().filter(|kind| !pauses.hold(**kind)).map(open).collect();
        if open.is_empty() {
            return Ok(false);
        }
        // All at one moment: asked one after another, a job that sets others free could end in between.
        let sql = format!("SELECT {}", open.join(" OR "));
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&self.read).await?)
    }

    /// How many jobs of these kinds wait or are under way, whatever holds them back.
    pub async fn count_open_jobs(&self, kinds: &[JobKind]) -> Result<i64> {
        let counts = self.job_counts().await?.into_iter();
        let of = counts.filter(|counts| kinds.iter().any(|kind| kind.name() == counts.kind));
        Ok(of.map(|counts| counts.queued + counts.running).sum())
    }

    /// Notes that a person asks something, for the workers of every process: they yield until `until`.
    pub async fn note_asking(&self, until: i64) -> Result<()> {
        let sql = "UPDATE asking SET until = $1 WHERE id = 1 AND until < $1";
        sqlx::query(sql).bind(until).execute(&self.write).await?;
        Ok(())
    }

    /// Until when a person asks something.
    pub async fn asking_until(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT until FROM asking WHERE id = 1").fetch_one(&self.read).await?)
    }

    /// Jobs that were given up, by kind and subject.
    pub async fn failed_jobs(&self, limit: u32) -> Result<Vec<FailedJob>> {
        let sql = format!(
            "SELECT j.id, j.kind, {PATH}, COALESCE(j.error_code, '') AS error_code, COALESCE(j.error, '') AS error, \
             j.attempts FROM jobs j WHERE j.state = 'failed' ORDER BY j.kind, j.subject LIMIT $1"
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(i64::from(limit)).fetch_all(&self.read).await?)
    }

    /// Jobs that are under way, by kind and subject.
    pub async fn running_jobs(&self, limit: u32) -> Result<Vec<RunningJob>> {
        let sql = format!(
            "SELECT j.id, j.kind, {PATH}, j.progress FROM jobs j WHERE j.state = 'running' \
             ORDER BY j.kind, j.subject LIMIT $1"
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(i64::from(limit)).fetch_all(&self.read).await?)
    }
}

fn found(which: Which, what: &'static str, number: u64) -> Result<u64> {
    match which {
        Which::One(id) if number == 0 => Err(LibraryError::NotFound { what, key: id.to_string() }),
        _ => Ok(number),
    }
}

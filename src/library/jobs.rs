//! The durable queue: what is to be done, by whom until when, and what went wrong.
//!
//! A job is unique by kind and subject. It is claimed with a lease; a process that dies loses the lease and the job is
//! claimed again. Its result and its end are written in one transaction by the code that stores the result, so finished
//! work is never repeated and unfinished work never lost.

use std::fmt;

use sqlx::FromRow;

use super::{JobId, Library, LibraryError, Result, Tx, unix_now};

/// How long a worker may take before its job is given to another, seconds.
const LEASE_S: i64 = 600;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Read one file: subject is its path.
    IngestFile,
}

impl JobKind {
    /// The name stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::IngestFile => "ingest_file",
        }
    }
}

impl fmt::Display for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A claimed job.
#[derive(Debug, Clone, FromRow)]
pub struct Job {
    /// Identifier.
    pub id: JobId,
    /// What it is about: for [`JobKind::IngestFile`] a path.
    pub subject: String,
    /// How often it was begun, this time included.
    pub attempts: i64,
}

/// How many jobs of one kind are in which state.
#[derive(Debug, Clone, FromRow)]
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
}

/// A job that was given up.
#[derive(Debug, Clone, FromRow)]
pub struct FailedJob {
    /// Identifier.
    pub id: JobId,
    /// Kind.
    pub kind: String,
    /// Path or medium.
    pub subject: String,
    /// Stable code of the reason.
    pub error_code: String,
    /// The reason in words.
    pub error: String,
    /// How often it was begun.
    pub attempts: i64,
}

impl Library {
    /// Claims up to `limit` jobs of a kind: those queued, and those whose worker has gone silent.
    pub async fn claim_jobs(&self, kind: JobKind, limit: u32) -> Result<Vec<Job>> {
        let now = unix_now();
        let mut tx = self.begin().await?;
        let jobs = sqlx::query_as(
            "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_until = $3, updated = $2 WHERE id IN \
             (SELECT id FROM jobs WHERE kind = $1 AND run_after <= $2 AND \
              (state = 'queued' OR (state = 'running' AND lease_until < $2)) ORDER BY subject LIMIT $4) \
             RETURNING id, subject, attempts",
        )
        .bind(kind.name())
        .bind(now)
        .bind(now + LEASE_S)
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(jobs)
    }

    /// Gives back every job that a process which is no longer there had begun. Call once, before any worker starts,
    /// by the one process that holds the data folder.
    pub async fn release_jobs(&self) -> Result<u64> {
        let sql = "UPDATE jobs SET state = 'queued', lease_until = NULL WHERE state = 'running'";
        Ok(sqlx::query(sql).execute(&self.write).await?.rows_affected())
    }

    /// Puts a job back for a later try.
    pub async fn postpone_job(&self, id: JobId, seconds: i64, code: &str, error: &str) -> Result<()> {
        sqlx::query(
            "UPDATE jobs SET state = 'queued', lease_until = NULL, run_after = $2, error_code = $3, error = $4, updated = $5 \
             WHERE id = $1",
        )
        .bind(id)
        .bind(unix_now() + seconds)
        .bind(code)
        .bind(error)
        .bind(unix_now())
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Ends a job whose subject is gone.
    pub async fn drop_job(&self, kind: JobKind, subject: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        forget(&mut tx, kind, subject).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Queues a failed job again.
    pub async fn retry_job(&self, id: JobId) -> Result<()> {
        let sql = "UPDATE jobs SET state = 'queued', attempts = 0, run_after = 0, error_code = NULL, error = NULL \
                   WHERE id = $1 AND state = 'failed'";
        match sqlx::query(sql).bind(id).execute(&self.write).await?.rows_affected() {
            0 => Err(LibraryError::NotFound { what: "failed job", key: id.to_string() }),
            _ => Ok(()),
        }
    }

    /// Counts by kind.
    pub async fn job_counts(&self) -> Result<Vec<JobCounts>> {
        let sql = "SELECT kind, SUM(CASE WHEN state = 'queued' THEN 1 ELSE 0 END) AS queued, \
                   SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END) AS running, \
                   SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END) AS done, \
                   SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed FROM jobs GROUP BY kind ORDER BY kind";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// Whether anything waits or is under way.
    pub async fn has_open_jobs(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM jobs WHERE state IN ('queued', 'running'))";
        Ok(sqlx::query_scalar(sql).fetch_one(&self.read).await?)
    }

    /// Jobs that were given up, by subject.
    pub async fn failed_jobs(&self, limit: u32) -> Result<Vec<FailedJob>> {
        let sql = "SELECT id, kind, subject, COALESCE(error_code, '') AS error_code, COALESCE(error, '') AS error, attempts \
                   FROM jobs WHERE state = 'failed' ORDER BY subject LIMIT $1";
        Ok(sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(&self.read).await?)
    }
}

/// Queues a job, or queues it again when it was done or given up.
pub(super) async fn queue(tx: &mut Tx<'_>, kind: JobKind, subject: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO jobs (id, kind, subject, state, updated) VALUES ($1, $2, $3, 'queued', $4) \
         ON CONFLICT (kind, subject) DO UPDATE SET state = 'queued', attempts = 0, run_after = 0, lease_until = NULL, \
         error_code = NULL, error = NULL, updated = excluded.updated",
    )
    .bind(JobId::new())
    .bind(kind.name())
    .bind(subject)
    .bind(unix_now())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends a job within the transaction that stores its result.
pub(super) async fn finish(tx: &mut Tx<'_>, kind: JobKind, subject: &str) -> Result<()> {
    sqlx::query(
        "UPDATE jobs SET state = 'done', progress = 1, lease_until = NULL, error_code = NULL, error = NULL, updated = $3 \
         WHERE kind = $1 AND subject = $2",
    )
    .bind(kind.name())
    .bind(subject)
    .bind(unix_now())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives a job up within the transaction that records the failure.
pub(super) async fn fail(tx: &mut Tx<'_>, kind: JobKind, subject: &str, code: &str, error: &str) -> Result<()> {
    sqlx::query(
        "UPDATE jobs SET state = 'failed', lease_until = NULL, error_code = $3, error = $4, updated = $5 \
         WHERE kind = $1 AND subject = $2",
    )
    .bind(kind.name())
    .bind(subject)
    .bind(code)
    .bind(error)
    .bind(unix_now())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a job whose subject is gone.
pub(super) async fn forget(tx: &mut Tx<'_>, kind: JobKind, subject: &str) -> Result<()> {
    sqlx::query("DELETE FROM jobs WHERE kind = $1 AND subject = $2")
        .bind(kind.name())
        .bind(subject)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

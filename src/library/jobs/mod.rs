//! The durable queue: what is to be done, by whom until when, and what went wrong.
//!
//! A job is unique by kind and subject. It is claimed for a time, by one process; who dies loses the claim and the job is
//! claimed again. Each claim has a number that no later claim of the job has. A result is stored and its job ended in one
//! transaction ([`finish`]), which fails with [`LibraryError::Superseded`] when the claim no longer holds: finished work
//! is never repeated, unfinished work never lost, and nothing is stored twice.
//!
//! ```text
//! queued ── claim ──▶ running ── finish ──▶ done ── queue, a new model ──▶ queued
//!    ▲                 │  │  └─── fail ───▶ failed ─── retry ──▶ queued
//!    └─ retry later, ──┘  └───── cancel ──▶ cancelled ─ retry ─▶ queued
//!       claim ran out
//! ```
//!
//! Times come from the caller, Unix seconds. Which jobs there should be is in [`results`], what a person does to the queue
//! in [`steering`]; when a worker claims how many is left to `jobs`.

mod kind;
mod measures;
mod results;
mod steering;
#[cfg(test)]
pub(crate) mod tests;

use sqlx::FromRow;

pub use kind::{JobKind, PERSON_WAITS, Subject, UnknownKind};
pub use results::ModelKey;
pub use steering::{Ended, FailedJob, JobCounts, Pauses, RunningJob, Which};

use super::{JobId, Library, LibraryError, MediaId, NoteId, Result, Tx, unix_now};

/// A claimed job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Identifier.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// What it is about: a path, a medium or a note, see [`JobKind::subject`].
    pub subject: String,
    /// How often it was begun since it was queued, this time included.
    pub attempts: i64,
    /// How often it failed for a passing reason since it was queued.
    pub retries: i64,
    /// Which claim on the job this is.
    pub claim: i64,
}

impl Job {
    /// The medium that the job is about.
    ///
    /// # Errors
    /// When it is about something else.
    pub fn medium(&self) -> Result<MediaId> {
        self.subject.parse().map_err(|_| LibraryError::Stored(format!("{} is no identifier of a medium", self.subject)))
    }

    /// The voice note that the job is about.
    ///
    /// # Errors
    /// When it is about something else.
    pub fn note(&self) -> Result<NoteId> {
        self.subject.parse().map_err(|_| LibraryError::Stored(format!("{} is no identifier of a note", self.subject)))
    }
}

/// What a worker can take on.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Kind of job.
    pub kind: JobKind,
    /// What it works with; only jobs queued for exactly that are given. `None` for kinds that use no model.
    pub model: Option<ModelKey>,
    /// Jobs at the most.
    pub limit: u32,
    /// Only jobs of at least this priority.
    pub floor: i64,
}

/// Who claims, when, until when.
#[derive(Debug, Clone, Copy)]
pub struct Claimant<'a> {
    /// Names the process.
    pub owner: &'a str,
    /// Now.
    pub now: i64,
    /// When the claim ends unless it is renewed.
    pub until: i64,
}

#[derive(FromRow)]
struct Claimed {
    id: JobId,
    subject: String,
    attempts: i64,
    retries: i64,
    claim: i64,
}

/// Which jobs of a kind may be claimed: $1 kind, $2 model, $3 now, $4 lowest priority.
fn claimable(kind: JobKind) -> String {
    let mut sql = String::from(
        "j.kind = $1 AND j.state = 'queued' AND j.model = $2 AND j.run_after <= $3 AND j.priority >= $4 \
         AND NOT EXISTS (SELECT 1 FROM job_pauses p WHERE p.kind IN ('', $1))",
    );
    sql.push_str(&free(kind));
    sql
}

/// Restricts to jobs (`j`) of a kind that wait for no other job.
fn free(kind: JobKind) -> String {
    let needs = kind.needs().iter().map(|kind| format!("'{kind}'")).collect::<Vec<_>>().join(", ");
    if needs.is_empty() {
        return String::new();
    }
    format!(
        " AND NOT EXISTS (SELECT 1 FROM jobs n WHERE n.kind IN ({needs}) AND n.subject = j.subject \
         AND n.state IN ('queued', 'running'))"
    )
}

impl Library {
    /// Claims jobs of one kind: of the one among `offers` whose next job has the highest priority. Empty when nothing is
    /// due.
    pub async fn claim_jobs(&self, offers: &[Offer], claimant: Claimant<'_>) -> Result<Vec<Job>> {
        // What waits for other jobs is looked through only where nothing that may be done goes before it.
        let mut most = Vec::new();
        for offer in offers.iter().filter(|offer| offer.limit > 0) {
            if let Some(priority) = self.highest_priority(offer).await? {
                most.push((priority, offer));
            }
        }
        most.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
        let mut best: Option<(i64, String, &Offer)> = None;
        for (most, offer) in most {
            if best.as_ref().is_some_and(|(found, _, _)| *found > most) {
                break;
            }
            let sql = format!(
                "SELECT j.priority, j.subject FROM jobs j WHERE {} ORDER BY j.priority DESC, j.subject LIMIT 1",
                claimable(offer.kind)
            );
            let next: Option<(i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(offer.kind.name())
                .bind(ModelKey::text(offer.model.as_ref()))
                .bind(claimant.now)
                .bind(offer.floor)
                .fetch_optional(&self.read)
                .await?;
            // Of the same priority, the medium that came first goes first, whatever the kind.
            if let Some((priority, subject)) = next
                && best
                    .as_ref()
                    .is_none_or(|(most, first, _)| priority > *most || (priority == *most && subject < *first))
            {
                best = Some((priority, subject, offer));
            }
        }
        match best {
            Some((_, _, offer)) => self.claim(offer, claimant).await,
            None => Ok(Vec::new()),
        }
    }

    /// The highest priority of the jobs of an offer, whether or not they may be claimed.
    async fn highest_priority(&self, offer: &Offer) -> Result<Option<i64>> {
        let sql = "SELECT priority FROM jobs WHERE kind = $1 AND state = 'queued' AND model = $2 AND priority >= $3 \
                   ORDER BY priority DESC LIMIT 1";
        let highest = sqlx::query_scalar(sql).bind(offer.kind.name()).bind(ModelKey::text(offer.model.as_ref()));
        Ok(highest.bind(offer.floor).fetch_optional(&self.read).await?)
    }

    async fn claim(&self, offer: &Offer, claimant: Claimant<'_>) -> Result<Vec<Job>> {
        let sql = format!(
            "UPDATE jobs SET state = 'running', attempts = attempts + 1, claim = claim + 1, progress = 0, owner = $5, \
             lease_until = $6, updated = $3 WHERE id IN (SELECT j.id FROM jobs j WHERE {} \
             ORDER BY j.priority DESC, j.subject LIMIT $7) RETURNING id, subject, attempts, retries, claim",
            claimable(offer.kind)
        );
        let mut tx = self.begin().await?;
        let mut claimed: Vec<Claimed> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(offer.kind.name())
            .bind(ModelKey::text(offer.model.as_ref()))
            .bind(claimant.now)
            .bind(offer.floor)
            .bind(claimant.owner)
            .bind(claimant.until)
            .bind(i64::from(offer.limit))
            .fetch_all(&mut *tx)
            .await?;
        tx.commit().await?;
        claimed.sort_by(|a, b| a.subject.cmp(&b.subject));
        let kind = offer.kind;
        let job = |c: Claimed| Job {
            id: c.id,
            kind,
            subject: c.subject,
            attempts: c.attempts,
            retries: c.retries,
            claim: c.claim,
        };
        Ok(claimed.into_iter().map(job).collect())
    }

    /// Prolongs claims; returns those that no longer hold: their work is for nothing and may be stopped.
    pub async fn renew_jobs(&self, jobs: &[Job], until: i64) -> Result<Vec<Job>> {
        let mut lost = Vec::new();
        let mut tx = self.begin().await?;
        for job in jobs {
            let sql = "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND claim = $2 AND state = 'running'";
            let renewed = sqlx::query(sql).bind(job.id).bind(job.claim).bind(until).execute(&mut *tx).await?;
            if renewed.rows_affected() == 0 {
                lost.push(job.clone());
            }
        }
        tx.commit().await?;
        Ok(lost)
    }

    /// Gives back jobs whose claim has run out at `now`.
    pub async fn release_expired_jobs(&self, now: i64) -> Result<u64> {
        let sql = "UPDATE jobs SET state = 'queued', owner = NULL, lease_until = NULL \
                   WHERE state = 'running' AND lease_until <= $1";
        Ok(sqlx::query(sql).bind(now).execute(&self.write).await?.rows_affected())
    }

    /// Gives back every job of a process that is no longer there.
    pub async fn release_jobs_of(&self, owner: &str) -> Result<u64> {
        let sql = "UPDATE jobs SET state = 'queued', owner = NULL, lease_until = NULL \
                   WHERE state = 'running' AND owner = $1";
        Ok(sqlx::query(sql).bind(owner).execute(&self.write).await?.rows_affected())
    }

    /// Forgets the waiting jobs of a kind that nobody can do, so that what needs them waits no longer.
    pub async fn drop_waiting_jobs(&self, kind: JobKind) -> Result<u64> {
        let sql = "DELETE FROM jobs WHERE kind = $1 AND state = 'queued'";
        Ok(sqlx::query(sql).bind(kind.name()).execute(&self.write).await?.rows_affected())
    }

    /// The processes that have claimed jobs.
    pub async fn job_owners(&self) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT owner FROM jobs WHERE state = 'running' AND owner IS NOT NULL";
        Ok(sqlx::query_scalar(sql).fetch_all(&self.read).await?)
    }

    /// Gives a job back as if it had not been begun: the worker stops, or has not the means.
    pub async fn give_back_job(&self, job: &Job) -> Result<()> {
        let sql = "UPDATE jobs SET state = 'queued', owner = NULL, lease_until = NULL, attempts = attempts - 1 \
                   WHERE id = $1 AND claim = $2 AND state = 'running'";
        sqlx::query(sql).bind(job.id).bind(job.claim).execute(&self.write).await?;
        Ok(())
    }

    /// Puts a job that failed for a passing reason back for a try at `run_after`.
    pub async fn retry_job_later(&self, job: &Job, run_after: i64, code: &str, error: &str) -> Result<()> {
        sqlx::query(
            "UPDATE jobs SET state = 'queued', owner = NULL, lease_until = NULL, retries = retries + 1, run_after = $3, \
             error_code = $4, error = $5, updated = $6 WHERE id = $1 AND claim = $2 AND state = 'running'",
        )
        .bind(job.id)
        .bind(job.claim)
        .bind(run_after)
        .bind(code)
        .bind(error)
        .bind(unix_now())
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Gives a job up: it is kept with the reason until somebody has it tried again. A file that could not be read is
    /// recorded as such.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`] when the claim no longer holds.
    pub async fn fail_job(&self, job: &Job, code: &str, error: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let failed = sqlx::query(
            "UPDATE jobs SET state = 'failed', owner = NULL, lease_until = NULL, error_code = $3, error = $4, \
             updated = $5 WHERE id = $1 AND claim = $2 AND state = 'running'",
        )
        .bind(job.id)
        .bind(job.claim)
        .bind(code)
        .bind(error)
        .bind(unix_now())
        .execute(&mut *tx)
        .await?;
        check_claim(job, failed.rows_affected())?;
        if job.kind == JobKind::IngestFile {
            super::files::mark_failed(&mut tx, &job.subject, code, error).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Records how far a job is, 0–1.
    pub async fn report_progress(&self, job: &Job, progress: f32) -> Result<()> {
        let sql = "UPDATE jobs SET progress = $3 WHERE id = $1 AND claim = $2 AND state = 'running'";
        let progress = f64::from(progress.clamp(0.0, 1.0));
        sqlx::query(sql).bind(job.id).bind(job.claim).bind(progress).execute(&self.write).await?;
        Ok(())
    }
}

fn check_claim(job: &Job, rows: u64) -> Result<()> {
    if rows == 0 { Err(LibraryError::Superseded { kind: job.kind, subject: job.subject.clone() }) } else { Ok(()) }
}

/// Queues a job that uses no model, or queues it again in whatever state it is: who works on it now does so for nothing.
pub(super) async fn queue(tx: &mut Tx<'_>, kind: JobKind, subject: &str) -> Result<()> {
    queue_for(tx, kind, subject, None, kind.priority()).await
}

/// Queues a job, or queues it again in whatever state it is.
pub(super) async fn queue_for(
    tx: &mut Tx<'_>,
    kind: JobKind,
    subject: &str,
    model: Option<&ModelKey>,
    priority: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO jobs (id, kind, subject, state, priority, model, updated) VALUES ($1, $2, $3, 'queued', $4, $5, $6) \
         ON CONFLICT (kind, subject) DO UPDATE SET state = 'queued', priority = excluded.priority, model = excluded.model, \
         attempts = 0, retries = 0, run_after = 0, progress = 0, claim = jobs.claim + 1, owner = NULL, lease_until = NULL, \
         error_code = NULL, error = NULL, updated = excluded.updated",
    )
    .bind(JobId::new())
    .bind(kind.name())
    .bind(subject)
    .bind(priority)
    .bind(ModelKey::text(model))
    .bind(unix_now())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends a job within the transaction that stores its result, before anything else is written in it. Give the model that
/// the result was made with; for a kind without model, `None`.
///
/// # Errors
/// [`LibraryError::Superseded`] when the claim no longer holds; the transaction must be dropped then.
pub(super) async fn finish(tx: &mut Tx<'_>, job: &Job, model: Option<&ModelKey>) -> Result<()> {
    let done = sqlx::query(
        "UPDATE jobs SET state = 'done', progress = 1, owner = NULL, lease_until = NULL, retries = 0, error_code = NULL, \
         error = NULL, updated = $3 WHERE id = $1 AND claim = $2 AND state = 'running'",
    )
    .bind(job.id)
    .bind(job.claim)
    .bind(unix_now())
    .execute(&mut **tx)
    .await?;
    check_claim(job, done.rows_affected())?;
    match model {
        Some(model) => results::record(tx, job, model).await,
        None => Ok(()),
    }
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

/// Removes every job about a medium that is gone.
pub(super) async fn forget_medium(tx: &mut Tx<'_>, id: MediaId) -> Result<()> {
    for kind in JobKind::ALL.into_iter().filter(|kind| !matches!(kind.subject(), Subject::File | Subject::Note)) {
        forget(tx, kind, &id.to_string()).await?;
    }
    Ok(())
}

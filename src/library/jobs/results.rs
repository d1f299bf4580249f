//! Which media have a current result of which kind, and the jobs for those that have none.
//!
//! A result names the model, its version and the settings it was made with. It stays, and what it found stays
//! searchable, until the transaction that stores a newer one replaces it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite};

use super::super::{Library, MediaId, NoteId, Result, Tx, select, unix_now};
use super::{Job, JobKind, Subject, queue_for};

/// Jobs queued in one transaction: the writer stays free for the workers.
const AT_ONCE: usize = 500;

/// What a result is made with. Results of two keys are never compared with each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ModelKey {
    /// The model, such as `yunet-2023mar`.
    pub name: String,
    /// Which weights, such as the first digits of their checksum.
    pub version: String,
    /// What else decides the result, such as `min_score=0.6,size=640`. Empty: nothing.
    pub settings: String,
}

impl ModelKey {
    /// As it lies in a job: `name|version|settings`; empty for kinds that use no model.
    pub(in crate::library) fn text(key: Option<&Self>) -> String {
        key.map(|key| format!("{}|{}|{}", key.name, key.version, key.settings)).unwrap_or_default()
    }
}

/// Which media (`m`) a kind is about. The moving half of a live photo is seen in its still.
fn wanted(kind: JobKind) -> &'static str {
    match kind.subject() {
        Subject::File | Subject::Note => "FALSE",
        Subject::Picture => "m.problem_code IS NULL AND m.live_of IS NULL",
        Subject::Video => "m.problem_code IS NULL AND m.live_of IS NULL AND m.kind = 'video'",
    }
}

/// Restricts to media without a result of `kind` made with `model`.
fn push_lacking(query: &mut QueryBuilder<Sqlite>, kind: JobKind, model: &ModelKey) {
    query.push(wanted(kind));
    query
        .push(" AND NOT EXISTS (SELECT 1 FROM media_results r WHERE r.media_id = m.id AND r.kind = ")
        .push_bind(kind.name());
    query.push(" AND r.model = ").push_bind(model.name.clone());
    query.push(" AND r.version = ").push_bind(model.version.clone());
    query.push(" AND r.settings = ").push_bind(model.settings.clone()).push(")");
}

impl Library {
    /// Queues a job for every medium that lacks a current result, and returns for how many: new ones, and those whose result
    /// was made with another model, version or settings. Without those that there is no picture of.
    ///
    /// Left alone are media whose job waits or runs with this model already, was given up with it, or was cancelled.
    pub async fn queue_lacking(&self, kind: JobKind, model: &ModelKey) -> Result<u64> {
        if kind.subject() == Subject::Note {
            return self.queue_unheard_notes(kind, model).await;
        }
        let mut query = QueryBuilder::new("SELECT m.id FROM media m WHERE ");
        push_lacking(&mut query, kind, model);
        query.push(" AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.subject = m.id AND j.kind = ").push_bind(kind.name());
        query.push(" AND (j.state IN ('running', 'cancelled') OR (j.state IN ('queued', 'failed') AND j.model = ");
        query.push_bind(ModelKey::text(Some(model))).push("))) ORDER BY m.id");
        let media: Vec<MediaId> = query.build_query_scalar().fetch_all(&self.read).await?;
        for some in media.chunks(AT_ONCE) {
            let mut tx = self.begin().await?;
            for id in some {
                queue_for(&mut tx, kind, &id.to_string(), Some(model), kind.priority()).await?;
            }
            tx.commit().await?;
        }
        Ok(media.len() as u64)
    }

    /// Queues a job for every note that no model has written down, or another one, unless the user put its words right.
    async fn queue_unheard_notes(&self, kind: JobKind, model: &ModelKey) -> Result<u64> {
        let sql = "SELECT n.id FROM notes n WHERE n.model <> $1 AND n.edited = 0 AND n.deleted IS NULL AND NOT EXISTS \
                   (SELECT 1 FROM jobs j WHERE j.subject = n.id AND j.kind = $2 AND (j.state IN ('running', 'cancelled') \
                    OR (j.state IN ('queued', 'failed') AND j.model = $1))) ORDER BY n.id";
        let notes: Vec<NoteId> =
            sqlx::query_scalar(sql).bind(ModelKey::text(Some(model))).bind(kind.name()).fetch_all(&self.read).await?;
        for some in notes.chunks(AT_ONCE) {
            let mut tx = self.begin().await?;
            for id in some {
                queue_for(&mut tx, kind, &id.to_string(), Some(model), kind.priority()).await?;
            }
            tx.commit().await?;
        }
        Ok(notes.len() as u64)
    }

    /// Queues one job that a person waits for, whether or not there is a result already.
    pub async fn queue_first(&self, kind: JobKind, model: &ModelKey, id: MediaId) -> Result<()> {
        let mut tx = self.begin().await?;
        queue_for(&mut tx, kind, &id.to_string(), Some(model), super::PERSON_WAITS).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Which kinds of jobs wait or are under way for each of these media, without those that are held back.
    pub async fn open_kinds(&self, ids: &[MediaId]) -> Result<HashMap<String, Vec<JobKind>>> {
        let mut open: HashMap<String, Vec<JobKind>> = HashMap::new();
        let kinds: Vec<JobKind> = JobKind::ALL.into_iter().filter(|kind| kind.subject() == Subject::Picture).collect();
        let pauses = self.job_pauses().await?;
        let mut query = QueryBuilder::new("SELECT kind, subject, state FROM jobs WHERE kind IN (");
        let mut list = query.separated(", ");
        for kind in kinds.into_iter().filter(|kind| !pauses.hold(*kind)) {
            list.push_bind(kind.name());
        }
        query.push(") AND subject IN (");
        select::push_ids(&mut query, ids);
        query.push(")");
        // Asked by their state too, SQLite might read all that wait instead of the few jobs of these media.
        let found: Vec<(String, String, String)> = query.build_query_as().fetch_all(&self.read).await?;
        for (kind, subject, _) in found.into_iter().filter(|(_, _, state)| state == "queued" || state == "running") {
            open.entry(subject).or_default().extend(kind.parse::<JobKind>());
        }
        open.values_mut().for_each(|kinds| kinds.sort_unstable());
        Ok(open)
    }
}

/// Records what the job's result was made with. What is made from it is due again.
pub(super) async fn record(tx: &mut Tx<'_>, job: &Job, model: &ModelKey) -> Result<()> {
    let id = job.medium()?;
    for made in job.kind.makes() {
        sqlx::query("DELETE FROM media_results WHERE media_id = $1 AND kind = $2")
            .bind(id)
            .bind(made.name())
            .execute(&mut **tx)
            .await?;
        // One that runs began before this result was there.
        let sql = "UPDATE jobs SET state = 'queued', attempts = 0, retries = 0, run_after = 0, progress = 0, owner = NULL, \
                   lease_until = NULL, claim = claim + 1 WHERE kind = $1 AND subject = $2 AND state IN ('done', 'running')";
        sqlx::query(sql).bind(made.name()).bind(&job.subject).execute(&mut **tx).await?;
    }
    sqlx::query(
        "INSERT INTO media_results (media_id, kind, model, version, settings, stored) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (media_id, kind) DO UPDATE SET model = excluded.model, version = excluded.version, \
         settings = excluded.settings, stored = excluded.stored",
    )
    .bind(id)
    .bind(job.kind.name())
    .bind(&model.name)
    .bind(&model.version)
    .bind(&model.settings)
    .bind(unix_now())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

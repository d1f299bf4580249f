//! Files and the folders they were found in.

use std::collections::HashMap;

use sqlx::FromRow;

use super::jobs::{self, JobKind};
use super::media::SeenFile;
use super::{Library, MediaId, Part, Result, Tx, removed, touch, unix_now};

/// A folder that the user asked to have indexed.
#[derive(Debug, Clone, FromRow)]
pub struct Root {
    /// Absolute path.
    pub path: String,
    /// Number of media in it.
    pub media: i64,
}

/// What a scan changed.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScanOutcome {
    /// Files that will be read: new or changed.
    pub queued: u64,
    /// Files that are as they were.
    pub unchanged: u64,
    /// Files that are gone.
    pub gone: u64,
}

impl Library {
    /// Remembers a folder to index.
    pub async fn add_root(&self, path: &str) -> Result<()> {
        sqlx::query("INSERT INTO roots (path, added) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(path)
            .bind(unix_now())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Forgets a folder and what was indexed in it; the files stay where they are.
    pub async fn remove_root(&self, path: &str) -> Result<()> {
        let known: Vec<String> = sqlx::query_scalar(
            "SELECT path FROM files WHERE folder = $1 OR SUBSTR(folder, 1, LENGTH($1) + 1) = $1 || '/'",
        )
        .bind(path)
        .fetch_all(&self.read)
        .await?;
        sqlx::query("DELETE FROM roots WHERE path = $1").bind(path).execute(&self.write).await?;
        self.forget_files(&known).await
    }

    /// The folders to index.
    pub async fn roots(&self) -> Result<Vec<Root>> {
        let sql = "SELECT r.path, (SELECT COUNT(DISTINCT f.media_id) FROM files f WHERE f.state = 'indexed' \
                   AND (f.folder = r.path OR SUBSTR(f.folder, 1, LENGTH(r.path) + 1) = r.path || '/')) AS media \
                   FROM roots r ORDER BY r.path";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// The paths of the folders to index.
    pub async fn root_paths(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar("SELECT path FROM roots ORDER BY path").fetch_all(&self.read).await?)
    }

    /// Compares what a scan saw under `root` with what is known, queues what is new or changed, and forgets what is gone.
    pub async fn reconcile(&self, root: &str, seen: &[SeenFile]) -> Result<ScanOutcome> {
        let mut outcome = ScanOutcome::default();
        let mut known: HashMap<String, (i64, i64, String, String)> = HashMap::new();
        let rows: Vec<(String, i64, i64, String, String)> = sqlx::query_as(
            "SELECT path, bytes, modified_ns, sidecars, state FROM files \
             WHERE folder = $1 OR SUBSTR(folder, 1, LENGTH($1) + 1) = $1 || '/'",
        )
        .bind(root)
        .fetch_all(&self.read)
        .await?;
        for (path, bytes, modified, sidecars, state) in rows {
            known.insert(path, (bytes, modified, sidecars, state));
        }
        // Short transactions keep the writer free for the workers that are already reading files.
        for chunk in seen.chunks(500) {
            let mut tx = self.begin().await?;
            for file in chunk {
                match known.remove(&file.path) {
                    Some((bytes, modified, sidecars, state))
                        if bytes == file.bytes
                            && modified == file.modified_ns
                            && sidecars == file.sidecars
                            && (state == "indexed" || state == "failed") =>
                    {
                        outcome.unchanged += 1;
                    }
                    _ => {
                        expect_file(&mut tx, file).await?;
                        jobs::queue(&mut tx, JobKind::IngestFile, &file.path).await?;
                        outcome.queued += 1;
                    }
                }
            }
            tx.commit().await?;
        }
        let gone: Vec<String> = known.into_keys().collect();
        outcome.gone = gone.len() as u64;
        self.forget_files(&gone).await?;
        Ok(outcome)
    }

    /// Queues one file that appeared or changed.
    #[cfg(test)]
    pub(super) async fn queue_file(&self, file: &SeenFile) -> Result<()> {
        let mut tx = self.begin().await?;
        expect_file(&mut tx, file).await?;
        jobs::queue(&mut tx, JobKind::IngestFile, &file.path).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets files that are gone. A medium that has no file left stays until [`Library::drop_orphans`].
    pub async fn forget_files(&self, paths: &[String]) -> Result<()> {
        if paths.is_empty() {
            return Ok(());
        }
        for chunk in paths.chunks(500) {
            let mut tx = self.begin().await?;
            for path in chunk {
                let medium: Option<Option<MediaId>> =
                    sqlx::query_scalar("DELETE FROM files WHERE path = $1 RETURNING media_id")
                        .bind(path)
                        .fetch_optional(&mut *tx)
                        .await?;
                jobs::forget(&mut tx, JobKind::IngestFile, path).await?;
                if let Some(Some(id)) = medium {
                    show_another_file(&mut tx, id, path).await?;
                }
            }
            touch(&mut tx, Part::Media).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Forgets media that have no file any more; does nothing while a file waits to be read, in which one that moved may
    /// be found again.
    pub async fn drop_orphans(&self) -> Result<u64> {
        const ORPHANS: &str = "SELECT m.id FROM media m WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.media_id = m.id) \
             AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'ingest_file' AND j.state IN ('queued', 'running'))";
        // Looked at without holding up the writer: mostly there are none.
        let some: Option<MediaId> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("{ORPHANS} LIMIT 1"))).fetch_optional(&self.read).await?;
        if some.is_none() {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let orphans: Vec<MediaId> = sqlx::query_scalar(ORPHANS).fetch_all(&mut *tx).await?;
        for id in &orphans {
            removed::note(&mut tx, *id).await?;
            jobs::forget_medium(&mut tx, *id).await?;
            sqlx::query("DELETE FROM media WHERE id = $1").bind(id).execute(&mut *tx).await?;
        }
        if !orphans.is_empty() {
            touch(&mut tx, Part::Media).await?;
        }
        tx.commit().await?;
        Ok(orphans.len() as u64)
    }
}

/// Notes a file that will be read. A file that moved keeps its medium: the content decides when it is read.
async fn expect_file(tx: &mut Tx<'_>, file: &SeenFile) -> Result<()> {
    sqlx::query(
        "INSERT INTO files (path, folder, name, bytes, modified_ns, sidecars, state) \
         VALUES ($1, $2, $3, $4, $5, $6, 'pending') ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes, \
         modified_ns = excluded.modified_ns, sidecars = excluded.sidecars, state = 'pending'",
    )
    .bind(&file.path)
    .bind(&file.folder)
    .bind(&file.name)
    .bind(file.bytes)
    .bind(file.modified_ns)
    .bind(&file.sidecars)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Records why a file could not be read; what it held before is no longer in it.
pub(super) async fn mark_failed(tx: &mut Tx<'_>, path: &str, code: &str, message: &str) -> Result<()> {
    let sql = "UPDATE files SET state = 'failed', media_id = NULL, error_code = $2, error = $3 WHERE path = $1";
    sqlx::query(sql).bind(path).bind(code).bind(message).execute(&mut **tx).await?;
    touch(tx, Part::Media).await
}

/// Marks a file as holding `id`; the medium it held before loses it.
pub(super) async fn mark_indexed(tx: &mut Tx<'_>, file: &SeenFile, id: MediaId) -> Result<()> {
    let before: Option<Option<MediaId>> = sqlx::query_scalar("SELECT media_id FROM files WHERE path = $1")
        .bind(&file.path)
        .fetch_optional(&mut **tx)
        .await?;
    sqlx::query(
        "INSERT INTO files (path, media_id, folder, name, bytes, modified_ns, sidecars, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'indexed') ON CONFLICT (path) DO UPDATE SET media_id = excluded.media_id, \
         bytes = excluded.bytes, modified_ns = excluded.modified_ns, sidecars = excluded.sidecars, state = 'indexed', \
         error_code = NULL, error = NULL",
    )
    .bind(&file.path)
    .bind(id)
    .bind(&file.folder)
    .bind(&file.name)
    .bind(file.bytes)
    .bind(file.modified_ns)
    .bind(&file.sidecars)
    .execute(&mut **tx)
    .await?;
    if let Some(Some(before)) = before
        && before != id
    {
        show_another_file(tx, before, &file.path).await?;
    }
    Ok(())
}

/// After `lost` stopped holding the medium: has the remaining copies read again if it was the one that is shown.
async fn show_another_file(tx: &mut Tx<'_>, id: MediaId, lost: &str) -> Result<()> {
    let rest: Vec<String> = sqlx::query_scalar("SELECT path FROM files WHERE media_id = $1 ORDER BY path")
        .bind(id)
        .fetch_all(&mut **tx)
        .await?;
    if rest.is_empty() {
        // The file may have moved: until everything waiting has been read, the medium stays.
        return Ok(());
    }
    let shown: String =
        sqlx::query_scalar("SELECT path FROM media WHERE id = $1").bind(id).fetch_one(&mut **tx).await?;
    if shown == lost {
        for path in &rest {
            sqlx::query("UPDATE files SET state = 'pending' WHERE path = $1").bind(path).execute(&mut **tx).await?;
            jobs::queue(tx, JobKind::IngestFile, path).await?;
        }
    }
    sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

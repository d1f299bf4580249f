//! The frames that stand for videos: when they are shown.

use super::jobs::{self, Job, ModelKey};
use super::{Library, MediaId, Part, Result, touch};

impl Library {
    /// Replaces the frames of a job's video, milliseconds from its start, and ends the job, in one transaction. Their
    /// pictures are there already.
    ///
    /// # Errors
    /// [`Superseded`](super::LibraryError::Superseded) when the job is no longer the caller's.
    pub async fn store_keyframes(&self, job: &Job, model: &ModelKey, at_ms: &[i64]) -> Result<()> {
        let id = job.medium()?;
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, Some(model)).await?;
        sqlx::query("DELETE FROM media_keyframes WHERE media_id = $1").bind(id).execute(&mut *tx).await?;
        for at in at_ms {
            sqlx::query("INSERT INTO media_keyframes (media_id, at_ms) VALUES ($1, $2)")
                .bind(id)
                .bind(at)
                .execute(&mut *tx)
                .await?;
        }
        // The indexes know which time each frame stands for.
        sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut *tx).await?;
        touch(&mut tx, Part::Contents).await?;
        tx.commit().await?;
        Ok(())
    }

    /// When the frames of a video are shown, milliseconds from its start, in order. Empty for photos, and for videos whose
    /// frames have not been chosen yet.
    pub async fn keyframes(&self, id: MediaId) -> Result<Vec<i64>> {
        let sql = "SELECT at_ms FROM media_keyframes WHERE media_id = $1 ORDER BY at_ms";
        Ok(sqlx::query_scalar(sql).bind(id).fetch_all(&self.read).await?)
    }
}

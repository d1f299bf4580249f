//! What the processes that work on one library measured of their jobs, where each of them finds what the others did.
//!
//! A process writes all that it measured since it began, again and again; what it wrote stays when it ends, until the next
//! server starts. What a measure is made of is left to `jobs::metrics`.

use super::super::{Library, Result};
use super::JobKind;

impl Library {
    /// Writes what a process has measured by now, a text for each kind, in place of what it wrote before.
    pub async fn store_job_measures(&self, process: &str, measures: &[(JobKind, String)]) -> Result<()> {
        let mut tx = self.begin().await?;
        for (kind, measured) in measures {
            let sql = "INSERT INTO job_measures (process, kind, measured) VALUES ($1, $2, $3) \
                       ON CONFLICT (process, kind) DO UPDATE SET measured = excluded.measured";
            sqlx::query(sql).bind(process).bind(kind.name()).bind(measured).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// What every process but this one has measured: kind and text.
    pub async fn job_measures_beside(&self, process: &str) -> Result<Vec<(String, String)>> {
        let sql = "SELECT kind, measured FROM job_measures WHERE process <> $1 ORDER BY process, kind";
        Ok(sqlx::query_as(sql).bind(process).fetch_all(&self.read).await?)
    }

    /// Forgets what was measured so far. Processes that live write theirs again.
    pub async fn forget_job_measures(&self) -> Result<()> {
        sqlx::query("DELETE FROM job_measures").execute(&self.write).await?;
        Ok(())
    }
}

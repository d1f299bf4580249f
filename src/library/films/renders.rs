//! How far films are rendered.

use sqlx::FromRow;

use crate::library::{FilmId, Library, Result, unix_now};

/// The video file of a film in one quality, or the making of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct FilmRender {
    /// The film.
    pub film_id: FilmId,
    /// `preview`, `medium` or `full`.
    pub quality: String,
    /// The version of the storyboard.
    pub version: i64,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// Frames that are there.
    pub done: i64,
    /// All frames; 0 while they are not known.
    pub frames: i64,
    /// Why it failed.
    pub error: Option<String>,
    /// `h264`, `hevc` or `av1`.
    pub codec: String,
    /// Why another encoder was used than was to be.
    pub notice: Option<String>,
}

const RENDER: &str = "SELECT film_id, quality, version, state, done, frames, error, codec, notice FROM film_renders";

impl Library {
    /// Queues the rendering of a film's storyboard `version`; what was rendered before stays until that is done.
    pub async fn queue_render(&self, id: FilmId, quality: &str, codec: &str, version: i64) -> Result<()> {
        let sql = "INSERT INTO film_renders (film_id, quality, version, state, updated, codec) VALUES ($1, $2, $3, 'queued', $4, $5) \
                   ON CONFLICT (film_id, quality) DO UPDATE SET version = excluded.version, state = 'queued', done = 0, \
                   frames = 0, error = NULL, notice = NULL, codec = excluded.codec, updated = excluded.updated";
        let insert = sqlx::query(sql).bind(id).bind(quality).bind(version).bind(unix_now()).bind(codec);
        insert.execute(&self.write).await?;
        Ok(())
    }

    /// The renders of a film.
    pub async fn renders(&self, id: FilmId) -> Result<Vec<FilmRender>> {
        let sql = format!("{RENDER} WHERE film_id = $1 ORDER BY quality");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(&self.read).await?)
    }

    /// Begins the render that waits longest; previews first, because somebody waits for them. One that was running when
    /// its process was killed waits again: whoever holds the data folder calls this, and nobody else.
    pub async fn begin_render(&self) -> Result<Option<FilmRender>> {
        let mut tx = self.begin().await?;
        let sql = format!(
            "{RENDER} WHERE state IN ('queued', 'running') AND film_id IN (SELECT id FROM films WHERE deleted IS NULL) \
             ORDER BY quality <> 'preview', updated, film_id LIMIT 1"
        );
        let next: Option<FilmRender> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_optional(&mut *tx).await?;
        if let Some(render) = &next {
            let sql = "UPDATE film_renders SET state = 'running', done = 0 WHERE film_id = $1 AND quality = $2";
            sqlx::query(sql).bind(render.film_id).bind(&render.quality).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(next)
    }

    /// Says how far a running render is.
    pub async fn note_render(&self, render: &FilmRender, done: usize, frames: usize) -> Result<()> {
        let sql =
            "UPDATE film_renders SET done = $3, frames = $4 WHERE film_id = $1 AND quality = $2 AND state = 'running'";
        let update = sqlx::query(sql).bind(render.film_id).bind(&render.quality).bind(done as i64).bind(frames as i64);
        update.execute(&self.write).await?;
        Ok(())
    }

    /// Keeps what there is to say of the making of a film.
    pub async fn remark_render(&self, render: &FilmRender, notice: &str) -> Result<()> {
        let sql =
            "UPDATE film_renders SET notice = $3 WHERE film_id = $1 AND quality = $2 AND version = $4 AND codec = $5";
        let update = sqlx::query(sql).bind(render.film_id).bind(&render.quality).bind(notice);
        update.bind(render.version).bind(&render.codec).execute(&self.write).await?;
        Ok(())
    }

    /// Ends a render with a state, unless it was queued anew for another version or codec meanwhile.
    pub async fn end_render(&self, render: &FilmRender, state: &str, error: Option<&str>) -> Result<()> {
        let sql = "UPDATE film_renders SET state = $4, error = $5, updated = $6, done = CASE WHEN $4 = 'done' THEN frames ELSE done END \
                   WHERE film_id = $1 AND quality = $2 AND version = $3 AND codec = $7 AND state IN ('queued', 'running')";
        let update = sqlx::query(sql).bind(render.film_id).bind(&render.quality).bind(render.version);
        update.bind(state).bind(error).bind(unix_now()).bind(&render.codec).execute(&self.write).await?;
        Ok(())
    }
}

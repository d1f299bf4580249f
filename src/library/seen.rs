//! What models saw in the pictures: things with boxes, labels, safety, and the vectors that pictures are compared by.
//!
//! A photo is one picture. Of a video the poster is seen and the frames that stand for its scenes, each with its time.
//! Storing a result replaces what another look at the medium found, and ends the job in the same transaction. Scores are
//! kept as the models give them; what is believed of them is left to `search::sights`.

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::concepts::scores::forget_scores;
use super::faces::to_bytes;
use super::jobs::{self, Job, ModelKey};
use super::{Library, LibraryError, MediaId, Part, Result, Tx, select, touch};

/// A thing seen in a picture.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct SeenObject {
    /// When the frame of a video is shown, milliseconds from its start; `None` for a photo and for a video's poster.
    pub frame_ms: Option<i64>,
    /// Its class by the model's own name.
    pub label: String,
    /// Certainty of the model, 0–1.
    pub score: f64,
    /// Left edge, 0–1 of the upright picture.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// What a picture as a whole shows.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct SeenLabel {
    /// When the frame of a video is shown, milliseconds from its start; `None` for a photo and for a video's poster.
    pub frame_ms: Option<i64>,
    /// Its class by the model's own name.
    pub label: String,
    /// Certainty of the model, 0–1.
    pub score: f64,
}

/// All that is seen in one medium, each row with its model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seen {
    /// Things, the surest first.
    pub objects: Vec<(SeenObject, Model)>,
    /// Labels, the surest first.
    pub labels: Vec<(SeenLabel, Model)>,
    /// Classes of safety, the surest first.
    pub safety: Vec<(SeenLabel, Model)>,
}

/// The model that saw something.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Model {
    /// Identifier.
    pub model: String,
    /// Which weights.
    pub version: String,
}

#[derive(FromRow)]
struct Row<T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow>> {
    media_id: MediaId,
    #[sqlx(flatten)]
    what: T,
    #[sqlx(flatten)]
    by: Model,
}

/// The vector of one picture of a medium.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameVector {
    /// When the frame of a video is shown, milliseconds from its start; `None` for a photo and for a video's poster.
    pub frame_ms: Option<i64>,
    /// The vector, of length 1.
    pub vector: Vec<f32>,
}

/// The vectors of all pictures of a medium.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureVectors {
    /// The medium.
    pub id: MediaId,
    /// One a picture, in order of time, the poster first.
    pub frames: Vec<FrameVector>,
}

impl PictureVectors {
    /// Of a medium that is one picture.
    pub fn photo(id: MediaId, vector: Vec<f32>) -> Self {
        Self { id, frames: vec![FrameVector { frame_ms: None, vector }] }
    }
}

impl Library {
    /// Stores the things that a job found, and ends it.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`] when the job's claim no longer holds; then nothing is stored.
    pub async fn store_objects(&self, job: &Job, model: &ModelKey, objects: &[SeenObject]) -> Result<()> {
        let id = job.medium()?;
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, Some(model)).await?;
        sqlx::query("DELETE FROM media_objects WHERE media_id = $1").bind(id).execute(&mut *tx).await?;
        for (position, object) in objects.iter().enumerate() {
            let sql = "INSERT INTO media_objects (media_id, position, frame_ms, label, score, x, y, w, h, model, version) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
            let insert = sqlx::query(sql).bind(id).bind(position as i64).bind(object.frame_ms).bind(&object.label);
            let insert = insert.bind(object.score).bind(object.x).bind(object.y).bind(object.w).bind(object.h);
            insert.bind(&model.name).bind(&model.version).execute(&mut *tx).await?;
        }
        changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Stores the labels and the safety that a job found, each with the model it is of, and ends it with `key`, which
    /// names both.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`] when the job's claim no longer holds; then nothing is stored.
    pub async fn store_labels(
        &self,
        job: &Job,
        key: &ModelKey,
        labels: Option<(&Model, &[SeenLabel])>,
        safety: Option<(&Model, &[SeenLabel])>,
    ) -> Result<()> {
        let id = job.medium()?;
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, Some(key)).await?;
        for (table, column, rows) in [("media_labels", "label", labels), ("media_safety", "class", safety)] {
            let sql = format!("DELETE FROM {table} WHERE media_id = $1");
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).execute(&mut *tx).await?;
            let Some((model, rows)) = rows else { continue };
            for (position, row) in rows.iter().enumerate() {
                let sql = format!(
                    "INSERT INTO {table} (media_id, position, frame_ms, {column}, score, model, version) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)"
                );
                let insert = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(position as i64).bind(row.frame_ms);
                insert
                    .bind(&row.label)
                    .bind(row.score)
                    .bind(&model.model)
                    .bind(&model.version)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Stores the vectors of a medium's pictures, and ends the job that made them.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`] when the job's claim no longer holds; then nothing is stored.
    pub async fn store_picture_vectors(&self, job: &Job, model: &ModelKey, frames: &[FrameVector]) -> Result<()> {
        let id = job.medium()?;
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, Some(model)).await?;
        sqlx::query("DELETE FROM media_vectors WHERE media_id = $1").bind(id).execute(&mut *tx).await?;
        for (position, frame) in frames.iter().enumerate() {
            let sql = "INSERT INTO media_vectors (media_id, position, frame_ms, vector, model, version, indexed) \
                       VALUES ($1, $2, $3, $4, $5, $6, 0)";
            let insert = sqlx::query(sql).bind(id).bind(position as i64).bind(frame.frame_ms);
            let insert = insert.bind(to_bytes(&frame.vector)).bind(&model.name).bind(&model.version);
            insert.execute(&mut *tx).await?;
        }
        forget_scores(&mut tx, id).await?;
        touch(&mut tx, Part::Contents).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What is seen in these media, in their order.
    pub async fn seen(&self, ids: &[MediaId]) -> Result<Vec<Seen>> {
        let mut seen = vec![Seen::default(); ids.len()];
        let at = |id: MediaId| ids.iter().position(|known| *known == id);
        let objects = "SELECT media_id, frame_ms, label, score, x, y, w, h, model, version FROM media_objects";
        for row in self.seen_rows::<SeenObject>(objects, ids).await? {
            if let Some(at) = at(row.media_id) {
                seen[at].objects.push((row.what, row.by));
            }
        }
        let labels = "SELECT media_id, frame_ms, label, score, model, version FROM media_labels";
        for row in self.seen_rows::<SeenLabel>(labels, ids).await? {
            if let Some(at) = at(row.media_id) {
                seen[at].labels.push((row.what, row.by));
            }
        }
        let safety = "SELECT media_id, frame_ms, class AS label, score, model, version FROM media_safety";
        for row in self.seen_rows::<SeenLabel>(safety, ids).await? {
            if let Some(at) = at(row.media_id) {
                seen[at].safety.push((row.what, row.by));
            }
        }
        Ok(seen)
    }

    async fn seen_rows<T>(&self, sql: &str, ids: &[MediaId]) -> Result<Vec<Row<T>>>
    where
        T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
    {
        let mut query = QueryBuilder::<Sqlite>::new(format!("{sql} WHERE media_id IN ("));
        select::push_ids(&mut query, ids);
        query.push(") ORDER BY media_id, score DESC, label");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// Vectors of pictures, made with this model, that the index does not hold yet: all those of some media, of so many
    /// that they have about `limit`.
    pub async fn picture_vectors_to_index(&self, model: &Model, limit: u32) -> Result<Vec<PictureVectors>> {
        let sql = "SELECT media_id, COUNT(*) FROM media_vectors WHERE indexed = 0 AND model = $1 AND version = $2 \
                   GROUP BY media_id ORDER BY media_id LIMIT $3";
        let waiting = sqlx::query_as(sql).bind(&model.model).bind(&model.version).bind(i64::from(limit));
        let waiting: Vec<(MediaId, i64)> = waiting.fetch_all(&self.read).await?;
        let mut taken = 0;
        let some = waiting.into_iter().take_while(|(_, count)| {
            let room = taken < i64::from(limit);
            taken += count;
            room
        });
        let ids: Vec<MediaId> = some.map(|(id, _)| id).collect();
        let mut query =
            QueryBuilder::<Sqlite>::new("SELECT media_id, frame_ms, vector FROM media_vectors WHERE media_id IN (");
        select::push_ids(&mut query, &ids);
        query.push(") ORDER BY media_id, position");
        let rows: Vec<(MediaId, Option<i64>, Vec<u8>)> = query.build_query_as().fetch_all(&self.read).await?;
        let mut vectors: Vec<PictureVectors> =
            ids.into_iter().map(|id| PictureVectors { id, frames: Vec::new() }).collect();
        for (id, frame_ms, bytes) in rows {
            if let Ok(at) = vectors.binary_search_by_key(&id, |of| of.id) {
                vectors[at].frames.push(FrameVector { frame_ms, vector: floats(&bytes)? });
            }
        }
        Ok(vectors)
    }

    /// How many vectors of pictures, made with this model, the index does not hold yet, and how many of any it does.
    pub async fn picture_vectors_progress(&self, model: &Model) -> Result<(i64, i64)> {
        let sql = "SELECT (SELECT COUNT(*) FROM media_vectors WHERE indexed = 0 AND model = $1 AND version = $2), \
                   (SELECT COUNT(*) FROM media_vectors WHERE indexed = 1)";
        Ok(sqlx::query_as(sql).bind(&model.model).bind(&model.version).fetch_one(&self.read).await?)
    }

    /// Records that the index holds these vectors.
    pub async fn mark_picture_vectors(&self, ids: &[MediaId]) -> Result<()> {
        let mut tx = self.begin().await?;
        for id in ids {
            sqlx::query("UPDATE media_vectors SET indexed = 1 WHERE media_id = $1").bind(id).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Has every vector of pictures put into the index again.
    pub async fn forget_picture_vectors(&self) -> Result<()> {
        sqlx::query("UPDATE media_vectors SET indexed = 0 WHERE indexed <> 0").execute(&self.write).await?;
        Ok(())
    }
}

pub(super) fn floats(bytes: &[u8]) -> Result<Vec<f32>> {
    let (floats, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(LibraryError::Stored(format!("a vector of {} bytes is no whole number of floats", bytes.len())));
    }
    Ok(floats.iter().map(|float| f32::from_le_bytes(*float)).collect())
}

/// Has the word index take the medium in again.
async fn changed(tx: &mut Tx<'_>, id: MediaId) -> Result<()> {
    sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut **tx).await?;
    touch(tx, Part::Contents).await
}

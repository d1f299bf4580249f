//! What is said in videos, with its times.
//!
//! A transcript is replaced as a whole, in the transaction that ends the job that made it; a video in which nobody speaks
//! has one without segments.

use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::jobs::{self, Job, ModelKey};
use super::{Library, MediaId, Part, Result, select, touch};

/// A part of what was said: a sentence or so.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Segment {
    /// Milliseconds from the start of the recording.
    pub start_ms: i64,
    /// Milliseconds from the start of the recording.
    pub end_ms: i64,
    /// The words.
    pub text: String,
}

/// What is said in one video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// English name of the language, as it was heard; empty when nobody speaks.
    pub language: String,
    /// In order of time; empty when nobody speaks.
    pub segments: Vec<Segment>,
}

#[derive(FromRow)]
struct Row {
    media_id: MediaId,
    #[sqlx(flatten)]
    segment: Segment,
}

impl Library {
    /// Stores what is said in the job's video and ends the job, all in one transaction.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`](super::LibraryError::Superseded) when the job is no longer the caller's.
    pub async fn store_transcript(&self, job: &Job, model: &ModelKey, transcript: &Transcript) -> Result<()> {
        let id = job.medium()?;
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, Some(model)).await?;
        sqlx::query("DELETE FROM transcript_segments WHERE media_id = $1").bind(id).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO transcripts (media_id, language) VALUES ($1, $2) \
             ON CONFLICT (media_id) DO UPDATE SET language = excluded.language",
        )
        .bind(id)
        .bind(&transcript.language)
        .execute(&mut *tx)
        .await?;
        for (position, segment) in transcript.segments.iter().enumerate() {
            sqlx::query(
                "INSERT INTO transcript_segments (media_id, position, start_ms, end_ms, text) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(id)
            .bind(position as i64)
            .bind(segment.start_ms)
            .bind(segment.end_ms)
            .bind(&segment.text)
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut *tx).await?;
        touch(&mut tx, Part::Contents).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What is said in a video; `None` when no model has listened to it.
    pub async fn transcript(&self, id: MediaId) -> Result<Option<Transcript>> {
        let sql = "SELECT language FROM transcripts WHERE media_id = $1";
        let language: Option<String> = sqlx::query_scalar(sql).bind(id).fetch_optional(&self.read).await?;
        let Some(language) = language else { return Ok(None) };
        let segments = self.spoken_in(&[id]).await?.remove(&id).unwrap_or_default();
        Ok(Some(Transcript { language, segments }))
    }

    /// What is said in each of these media, in order of time.
    pub(super) async fn spoken_in(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Vec<Segment>>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT media_id, start_ms, end_ms, text FROM transcript_segments WHERE media_id IN (",
        );
        select::push_ids(&mut query, ids);
        query.push(") ORDER BY media_id, position");
        let mut spoken: HashMap<MediaId, Vec<Segment>> = HashMap::new();
        for row in query.build_query_as::<Row>().fetch_all(&self.read).await? {
            spoken.entry(row.media_id).or_default().push(row.segment);
        }
        Ok(spoken)
    }
}

//! Conversations: questions, answers, what the answers rest on, and what was done.

use sqlx::FromRow;

use super::moments::Moment;
use super::{ConversationId, Library, LibraryError, MediaId, Result, TurnId, unix_now};

/// A conversation in a list.
#[derive(Debug, Clone, FromRow)]
pub struct ConversationSummary {
    /// Identifier.
    pub id: ConversationId,
    /// Its first question.
    pub title: String,
    /// Unix seconds.
    pub created: i64,
    /// Unix seconds.
    pub updated: i64,
}

/// A stored turn.
#[derive(Debug, Clone, FromRow)]
pub struct StoredTurn {
    /// Identifier.
    pub id: TurnId,
    /// The question.
    pub question: String,
    /// The answer, markdown.
    pub answer: String,
    /// JSON of the reading.
    pub reading: String,
    /// Number of media the answer rests on.
    pub total: i64,
    /// The number that was asked for, if one was.
    pub count: Option<i64>,
    /// `direct` or `agent`.
    pub mode: String,
    /// How long the answer took.
    pub elapsed_ms: i64,
    /// Unix seconds.
    pub created: i64,
}

/// One medium of an answer.
#[derive(Debug, Clone)]
pub struct TurnMedium {
    /// The medium.
    pub id: MediaId,
    /// 0–1.
    pub score: f64,
    /// Why it is part of the answer.
    pub why: Vec<String>,
    /// Where in a video it is what was asked for, in order of time.
    pub moments: Vec<Moment>,
}

/// A tool call of a turn.
#[derive(Debug, Clone, FromRow)]
pub struct StoredCall {
    /// Identifier, a UUID.
    pub id: String,
    /// Tool.
    pub name: String,
    /// JSON.
    pub arguments: String,
    /// `done`, `needs_confirmation`, `failed`, `rejected` or `undone`.
    pub status: String,
    /// JSON.
    pub result: String,
    /// JSON: how to take it back.
    pub undo: Option<String>,
    /// How long it took.
    pub elapsed_ms: i64,
}

impl Library {
    /// Starts a conversation.
    pub async fn create_conversation(&self, title: &str) -> Result<ConversationId> {
        let id = ConversationId::new();
        sqlx::query("INSERT INTO conversations (id, title, created, updated) VALUES ($1, $2, $3, $3)")
            .bind(id)
            .bind(title)
            .bind(unix_now())
            .execute(&self.write)
            .await?;
        Ok(id)
    }

    /// Every conversation that has a turn, latest first.
    pub async fn conversations(&self) -> Result<Vec<ConversationSummary>> {
        let sql = "SELECT id, title, created, updated FROM conversations c \
                   WHERE EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id) ORDER BY updated DESC, id DESC LIMIT 500";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// One conversation.
    pub async fn conversation(&self, id: ConversationId) -> Result<ConversationSummary> {
        sqlx::query_as("SELECT id, title, created, updated FROM conversations WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.read)
            .await?
            .ok_or_else(|| LibraryError::NotFound { what: "conversation", key: id.to_string() })
    }

    /// Deletes a conversation with its turns.
    pub async fn delete_conversation(&self, id: ConversationId) -> Result<()> {
        let deleted = sqlx::query("DELETE FROM conversations WHERE id = $1").bind(id).execute(&self.write).await?;
        match deleted.rows_affected() {
            0 => Err(LibraryError::NotFound { what: "conversation", key: id.to_string() }),
            _ => Ok(()),
        }
    }

    /// The turns of a conversation, in order.
    pub async fn turns(&self, id: ConversationId) -> Result<Vec<StoredTurn>> {
        let sql = "SELECT id, question, answer, reading, total, count, mode, elapsed_ms, created FROM turns \
                   WHERE conversation_id = $1 ORDER BY id";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// The readings of the last questions, JSON, the latest first.
    pub async fn recent_readings(&self, limit: u32) -> Result<Vec<String>> {
        let sql = "SELECT reading FROM turns ORDER BY id DESC LIMIT $1";
        Ok(sqlx::query_scalar(sql).bind(i64::from(limit)).fetch_all(&self.read).await?)
    }

    /// Stores a turn with the media it rests on and what it called.
    pub async fn store_turn(
        &self,
        conversation: ConversationId,
        turn: &StoredTurn,
        media: &[TurnMedium],
        calls: &[(StoredCall, Vec<MediaId>)],
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO turns (id, conversation_id, question, answer, reading, total, count, mode, elapsed_ms, created) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(turn.id)
        .bind(conversation)
        .bind(&turn.question)
        .bind(&turn.answer)
        .bind(&turn.reading)
        .bind(turn.total)
        .bind(turn.count)
        .bind(&turn.mode)
        .bind(turn.elapsed_ms)
        .bind(turn.created)
        .execute(&mut *tx)
        .await?;
        for (position, medium) in media.iter().enumerate() {
            let sql = "INSERT INTO turn_media (turn_id, position, media_id, score, why, moments) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
            let insert = sqlx::query(sql).bind(turn.id).bind(position as i64).bind(medium.id).bind(medium.score);
            let insert = insert.bind(serde_json::to_string(&medium.why)?).bind(serde_json::to_string(&medium.moments)?);
            insert.execute(&mut *tx).await?;
        }
        for (position, (call, about)) in calls.iter().enumerate() {
            store_call(&mut tx, turn.id, position, call, about).await?;
        }
        sqlx::query(
            "UPDATE conversations SET updated = $2, title = CASE WHEN title = '' THEN $3 ELSE title END WHERE id = $1",
        )
        .bind(conversation)
        .bind(unix_now())
        .bind(&turn.question)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes the turn `from` of a conversation and those after it, but not `keep` and none with a change that was carried
    /// out: it must stay possible to take that back.
    pub async fn delete_turns(&self, conversation: ConversationId, from: TurnId, keep: TurnId) -> Result<()> {
        let sql = "DELETE FROM turns WHERE conversation_id = $1 AND id >= $2 AND id <> $3 AND NOT EXISTS \
                   (SELECT 1 FROM tool_calls c WHERE c.turn_id = turns.id AND c.status = 'done' AND c.undo IS NOT NULL)";
        sqlx::query(sql).bind(conversation).bind(from).bind(keep).execute(&self.write).await?;
        Ok(())
    }

    /// A page of the media a turn rests on.
    pub async fn turn_media(&self, turn: TurnId, offset: u32, limit: u32) -> Result<Vec<TurnMedium>> {
        let sql = "SELECT media_id, score, why, moments FROM turn_media WHERE turn_id = $1 ORDER BY position \
                   LIMIT $2 OFFSET $3";
        let rows: Vec<(MediaId, f64, String, String)> =
            sqlx::query_as(sql).bind(turn).bind(i64::from(limit)).bind(i64::from(offset)).fetch_all(&self.read).await?;
        let medium = |(id, score, why, moments): (MediaId, f64, String, String)| {
            let (why, moments) = (serde_json::from_str(&why)?, serde_json::from_str(&moments)?);
            Ok(TurnMedium { id, score, why, moments })
        };
        rows.into_iter().map(medium).collect()
    }

    /// What a turn called.
    pub async fn tool_calls(&self, turn: TurnId) -> Result<Vec<StoredCall>> {
        let sql = "SELECT id, name, arguments, status, result, undo, elapsed_ms FROM tool_calls WHERE turn_id = $1 \
                   ORDER BY position";
        Ok(sqlx::query_as(sql).bind(turn).fetch_all(&self.read).await?)
    }

    /// One call with the media it is about.
    pub async fn tool_call(&self, id: &str) -> Result<(StoredCall, Vec<MediaId>)> {
        let sql = "SELECT id, name, arguments, status, result, undo, elapsed_ms FROM tool_calls WHERE id = $1";
        let call: StoredCall = sqlx::query_as(sql)
            .bind(id)
            .fetch_optional(&self.read)
            .await?
            .ok_or_else(|| LibraryError::NotFound { what: "tool call", key: id.to_owned() })?;
        let sql = "SELECT media_id FROM tool_call_media WHERE call_id = $1 ORDER BY position";
        Ok((call, sqlx::query_scalar(sql).bind(id).fetch_all(&self.read).await?))
    }

    /// Moves a call from one status to another. Returns whether it was in the status expected: two confirmations of the
    /// same call act once.
    pub async fn move_call(&self, id: &str, from: &str, to: &str, result: &str, undo: Option<&str>) -> Result<bool> {
        let sql = "UPDATE tool_calls SET status = $3, result = $4, undo = $5 WHERE id = $1 AND status = $2";
        let moved = sqlx::query(sql).bind(id).bind(from).bind(to).bind(result).bind(undo).execute(&self.write).await?;
        Ok(moved.rows_affected() == 1)
    }
}

async fn store_call(
    tx: &mut super::Tx<'_>,
    turn: TurnId,
    position: usize,
    call: &StoredCall,
    about: &[MediaId],
) -> Result<()> {
    sqlx::query(
        "INSERT INTO tool_calls (id, turn_id, position, name, arguments, status, result, undo, elapsed_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&call.id)
    .bind(turn)
    .bind(position as i64)
    .bind(&call.name)
    .bind(&call.arguments)
    .bind(&call.status)
    .bind(&call.result)
    .bind(&call.undo)
    .bind(call.elapsed_ms)
    .execute(&mut **tx)
    .await?;
    for (position, id) in about.iter().enumerate() {
        sqlx::query("INSERT INTO tool_call_media (call_id, position, media_id) VALUES ($1, $2, $3)")
            .bind(&call.id)
            .bind(position as i64)
            .bind(id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

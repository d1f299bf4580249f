//! Voice notes: what the user says about a medium, an event or an album.
//!
//! The recording itself lies in a file of the data folder, named by its content; here is what it is about and what was
//! said. Words that the user has put right are never written over by a model. A deleted note can be taken back until it is
//! purged. Every change raises the versions of the media that are found by it: the medium, or those of the event or album.

use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::jobs::{self, Job, JobKind, ModelKey, PERSON_WAITS};
use super::transcripts::Segment;
use super::{AlbumId, EventId, Library, LibraryError, MediaId, NoteId, Part, Result, Tx, select, touch, unix_now};

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A photo or video.
    Medium(MediaId),
    /// An event.
    Event(EventId),
    /// An album.
    Album(AlbumId),
}

impl About {
    fn name(self) -> &'static str {
        match self {
            Self::Medium(_) => "medium",
            Self::Event(_) => "event",
            Self::Album(_) => "album",
        }
    }

    fn id(self) -> String {
        match self {
            Self::Medium(id) => id.to_string(),
            Self::Event(id) => id.to_string(),
            Self::Album(id) => id.to_string(),
        }
    }
}

/// A recording to be stored as a note; its file is there already.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// BLAKE3 of the recording, hex.
    pub audio: String,
    /// Media type by content.
    pub mime: String,
    /// Size of the file.
    pub bytes: i64,
    /// Length; `None` when nothing here can decode it.
    pub duration_ms: Option<i64>,
}

/// A note.
#[derive(Debug, Clone, FromRow)]
pub struct Note {
    /// Identifier.
    pub id: NoteId,
    /// What it is about: `medium`, `event` or `album`.
    pub about: String,
    /// Identifier of what it is about; `None` while that is not in the library.
    pub subject: Option<String>,
    /// Its name.
    pub subject_name: Option<String>,
    /// BLAKE3 of the recording, hex.
    pub audio: String,
    /// Media type of the recording.
    pub mime: String,
    /// Size of the recording.
    pub bytes: i64,
    /// Its length.
    pub duration_ms: Option<i64>,
    /// English name of the language, as it was heard.
    pub language: String,
    /// Whether a model has written it down.
    pub heard: bool,
    /// Whether the user has put the words right.
    pub edited: bool,
    /// Unix seconds.
    pub created: i64,
    /// Unix seconds.
    pub updated: i64,
    /// When it was deleted, Unix seconds.
    pub deleted: Option<i64>,
    /// State of the job that writes it down.
    pub job: Option<String>,
    /// How far that is, 0–1.
    pub progress: Option<f64>,
    /// Why it failed, or was put off: stable code.
    pub error_code: Option<String>,
    /// The same in words.
    pub error: Option<String>,
}

/// What was said about a medium, or about an event or album that it is part of.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Remark {
    /// The medium.
    pub media_id: MediaId,
    /// Name of the event or album; `None`: it is about the medium itself.
    pub of: Option<String>,
    /// The words.
    pub text: String,
}

const NOTE: &str = "SELECT n.id, n.about, n.audio, n.mime, n.bytes, n.duration_ms, n.language, n.model <> '' AS heard, \
     n.edited <> 0 AS edited, n.created, n.updated, n.deleted, \
     CASE n.about WHEN 'medium' THEN (SELECT m.id FROM media m WHERE m.hash = n.subject) \
       WHEN 'event' THEN (SELECT e.id FROM events e WHERE e.origin = n.subject) \
       ELSE (SELECT a.id FROM albums a WHERE a.id = n.subject) END AS subject, \
     CASE n.about WHEN 'medium' THEN (SELECT m.name FROM media m WHERE m.hash = n.subject) \
       WHEN 'event' THEN (SELECT e.name FROM events e WHERE e.origin = n.subject) \
       ELSE (SELECT a.name FROM albums a WHERE a.id = n.subject) END AS subject_name, \
     j.state AS job, j.progress, j.error_code, j.error \
     FROM notes n LEFT JOIN jobs j ON j.kind = 'transcribe_note' AND j.subject = n.id";

impl Library {
    /// Stores a note and, when there is a model that can write it down, queues that before everything else.
    pub async fn create_note(&self, about: About, new: &NewNote, model: Option<&ModelKey>) -> Result<NoteId> {
        let id = NoteId::new();
        let mut tx = self.begin().await?;
        let subject = subject(&mut tx, about).await?;
        sqlx::query(
            "INSERT INTO notes (id, about, subject, audio, mime, bytes, duration_ms, created, updated) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        )
        .bind(id)
        .bind(about.name())
        .bind(subject)
        .bind(&new.audio)
        .bind(&new.mime)
        .bind(new.bytes)
        .bind(new.duration_ms)
        .bind(unix_now())
        .execute(&mut *tx)
        .await?;
        if let Some(model) = model {
            queue(&mut tx, id, model).await?;
        }
        touch(&mut tx, Part::Contents).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A note, also one that was deleted and not purged yet.
    pub async fn note(&self, id: NoteId) -> Result<Note> {
        let sql = format!("{NOTE} WHERE n.id = $1");
        let found = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.read).await?;
        found.ok_or_else(|| LibraryError::NotFound { what: "note", key: id.to_string() })
    }

    /// The notes about one thing, earliest first.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] when it is not in the library.
    pub async fn notes_about(&self, about: About) -> Result<Vec<Note>> {
        let mut tx = self.read.begin().await?;
        let subject = subject(&mut tx, about).await?;
        let sql = format!("{NOTE} WHERE n.about = $1 AND n.subject = $2 AND n.deleted IS NULL ORDER BY n.id");
        let notes = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(about.name()).bind(subject);
        Ok(notes.fetch_all(&mut *tx).await?)
    }

    /// Every note, latest first.
    pub async fn notes(&self) -> Result<Vec<Note>> {
        let sql = format!("{NOTE} WHERE n.deleted IS NULL ORDER BY n.id DESC");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await?)
    }

    /// What is said in a note, in order of time.
    pub async fn note_segments(&self, id: NoteId) -> Result<Vec<Segment>> {
        let sql = "SELECT start_ms, end_ms, text FROM note_segments WHERE note_id = $1 ORDER BY position";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// Stores what a model heard in the job's note and ends the job, all in one transaction. Words of the user stay.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`] when the job is no longer the caller's.
    pub async fn store_heard(&self, job: &Job, model: &ModelKey, language: &str, said: &[Segment]) -> Result<()> {
        let id: NoteId = job.note()?;
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, None).await?;
        let edited: Option<bool> =
            sqlx::query_scalar("SELECT edited <> 0 FROM notes WHERE id = $1").bind(id).fetch_optional(&mut *tx).await?;
        if edited == Some(false) {
            sqlx::query("UPDATE notes SET language = $2, model = $3, updated = $4 WHERE id = $1")
                .bind(id)
                .bind(language)
                .bind(ModelKey::text(Some(model)))
                .bind(unix_now())
                .execute(&mut *tx)
                .await?;
            write_segments(&mut tx, id, said).await?;
            changed(&mut tx, id).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Replaces the words of a note by the user's. No model writes over them until [`Library::hear_again`].
    pub async fn edit_note(&self, id: NoteId, said: &[Segment]) -> Result<()> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE notes SET edited = 1, updated = $2 WHERE id = $1 AND deleted IS NULL";
        found(id, sqlx::query(sql).bind(id).bind(unix_now()).execute(&mut *tx).await?.rows_affected())?;
        write_segments(&mut tx, id, said).await?;
        changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Has a model write a note down again; its words take the place of the user's.
    pub async fn hear_again(&self, id: NoteId, model: &ModelKey) -> Result<()> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE notes SET edited = 0 WHERE id = $1 AND deleted IS NULL";
        found(id, sqlx::query(sql).bind(id).execute(&mut *tx).await?.rows_affected())?;
        queue(&mut tx, id, model).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes a note, or takes that back.
    pub async fn set_note_deleted(&self, id: NoteId, deleted: bool) -> Result<()> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE notes SET deleted = $2 WHERE id = $1";
        let at = deleted.then(unix_now);
        found(id, sqlx::query(sql).bind(id).bind(at).execute(&mut *tx).await?.rows_affected())?;
        changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets notes that were deleted before `until`, Unix seconds. Returns the recordings that no note has any more.
    pub async fn purge_notes(&self, until: i64) -> Result<Vec<String>> {
        let mut tx = self.begin().await?;
        let gone: Vec<(NoteId, String)> = sqlx::query_as("DELETE FROM notes WHERE deleted < $1 RETURNING id, audio")
            .bind(until)
            .fetch_all(&mut *tx)
            .await?;
        let mut free = Vec::new();
        for (id, audio) in gone {
            jobs::forget(&mut tx, JobKind::TranscribeNote, &id.to_string()).await?;
            let sql = "SELECT EXISTS (SELECT 1 FROM notes WHERE audio = $1)";
            let used: bool = sqlx::query_scalar(sql).bind(&audio).fetch_one(&mut *tx).await?;
            if !used && !free.contains(&audio) {
                free.push(audio);
            }
        }
        tx.commit().await?;
        Ok(free)
    }

    /// Whether any note, deleted ones too, has this recording.
    pub async fn has_recording(&self, audio: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM notes WHERE audio = $1)";
        Ok(sqlx::query_scalar(sql).bind(audio).fetch_one(&self.read).await?)
    }

    /// What was said about these media themselves and about their events and albums: those about a medium come first.
    pub(super) async fn remarks_on(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Vec<Remark>>> {
        let own = "SELECT m.id AS media_id, NULL AS of, s.text FROM media m \
                   JOIN notes n ON n.about = 'medium' AND n.subject = m.hash";
        let events = "SELECT em.media_id, e.name AS of, s.text FROM event_media em JOIN events e ON e.id = em.event_id \
                      JOIN notes n ON n.about = 'event' AND n.subject = e.origin";
        let albums = "SELECT am.media_id, a.name AS of, s.text FROM album_media am JOIN albums a ON a.id = am.album_id \
                      JOIN notes n ON n.about = 'album' AND n.subject = a.id";
        let mut remarks: HashMap<MediaId, Vec<Remark>> = HashMap::new();
        for (sql, id) in [(own, "m.id"), (events, "em.media_id"), (albums, "am.media_id")] {
            let mut query = QueryBuilder::<Sqlite>::new(sql);
            query.push(" JOIN note_segments s ON s.note_id = n.id WHERE n.deleted IS NULL AND ").push(id).push(" IN (");
            select::push_ids(&mut query, ids);
            query.push(") ORDER BY n.id, s.position");
            for remark in query.build_query_as::<Remark>().fetch_all(&self.read).await? {
                remarks.entry(remark.media_id).or_default().push(remark);
            }
        }
        Ok(remarks)
    }
}

fn found(id: NoteId, rows: u64) -> Result<()> {
    if rows == 0 { Err(LibraryError::NotFound { what: "note", key: id.to_string() }) } else { Ok(()) }
}

async fn queue(tx: &mut Tx<'_>, id: NoteId, model: &ModelKey) -> Result<()> {
    jobs::queue_for(tx, JobKind::TranscribeNote, &id.to_string(), Some(model), PERSON_WAITS).await
}

/// What stays of the thing that a note is about when it is made anew.
async fn subject(tx: &mut Tx<'_>, about: About) -> Result<String> {
    let sql = match about {
        About::Medium(_) => "SELECT hash FROM media WHERE id = $1",
        About::Event(_) => "SELECT origin FROM events WHERE id = $1",
        About::Album(_) => "SELECT id FROM albums WHERE id = $1",
    };
    let subject: Option<String> = sqlx::query_scalar(sql).bind(about.id()).fetch_optional(&mut **tx).await?;
    subject.ok_or_else(|| LibraryError::NotFound { what: about.name(), key: about.id() })
}

async fn write_segments(tx: &mut Tx<'_>, id: NoteId, said: &[Segment]) -> Result<()> {
    sqlx::query("DELETE FROM note_segments WHERE note_id = $1").bind(id).execute(&mut **tx).await?;
    for (position, segment) in said.iter().enumerate() {
        sqlx::query(
            "INSERT INTO note_segments (note_id, position, start_ms, end_ms, text) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(position as i64)
        .bind(segment.start_ms)
        .bind(segment.end_ms)
        .bind(&segment.text)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Raises the versions of the media that are found by a note.
async fn changed(tx: &mut Tx<'_>, id: NoteId) -> Result<()> {
    for members in [
        "SELECT m.id FROM media m JOIN notes n ON n.about = 'medium' AND n.subject = m.hash WHERE n.id = $1",
        "SELECT em.media_id FROM event_media em JOIN events e ON e.id = em.event_id \
         JOIN notes n ON n.about = 'event' AND n.subject = e.origin WHERE n.id = $1",
        "SELECT am.media_id FROM album_media am JOIN notes n ON n.about = 'album' AND n.subject = am.album_id WHERE n.id = $1",
    ] {
        let sql = format!("UPDATE media SET version = version + 1 WHERE id IN ({members})");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).execute(&mut **tx).await?;
    }
    touch(tx, Part::Contents).await
}

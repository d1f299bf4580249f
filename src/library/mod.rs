//! The library: everything Recollect knows about a person's media, in SQLite, the single truth.
//!
//! All SQL of the project lies in this folder, written in what SQLite and PostgreSQL share. Other modules see values
//! ([`media::Medium`], [`filter::MediaFilter`], [`vocabulary::Vocabulary`] …) and the methods of [`Library`].
//!
//! What must stay true: a change and the job that caused it are one transaction; every change of a medium raises its
//! `version`, and every change of anything raises the library's revision, so that indexes and caches know when they are
//! stale. Reading files and building indexes is left to `ingest` and `search`.

pub mod albums;
pub mod captions;
pub mod changes;
mod clocks;
pub mod colours;
pub mod concepts;
pub mod conversations;
pub mod copies;
pub mod demands;
pub mod documents;
pub mod events;
pub mod faces;
pub mod files;
pub mod films;
pub mod filter;
mod identifiers_sql;
pub mod ids;
pub mod jobs;
pub mod keyframes;
pub mod lettering;
pub mod media;
pub mod memories;
pub mod moments;
pub mod notes;
pub mod people;
pub mod positions;
pub mod removed;
mod revision;
pub mod seen;
mod select;
pub mod shared;
pub mod summaries;
pub mod summary;
pub mod synthetic;
pub mod tags;
#[cfg(test)]
mod tests;
pub mod themes;
pub mod transcripts;
pub mod view;
pub mod vocabulary;
mod vocabulary_query;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};
use tokio::sync::RwLock;

pub use filter::MediaFilter;
pub use ids::{
    AlbumId, ChangeId, ConceptId, ConversationId, EventId, FaceId, FilmId, JobId, MediaId, NoteId, PersonId, ProbeId,
    ThemeId, TurnId,
};
pub use view::View;
pub use vocabulary::Vocabulary;

use revision::{Part, Revisions, touch};
use vocabulary_query::KeptVocabulary;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// What can go wrong in the library.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The database could not be opened or brought up to date.
    #[error("the library at {path} cannot be opened: {reason}")]
    Open {
        /// The database file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A statement failed.
    #[error("the library's database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// A stored value does not have the shape it was written with.
    #[error("a stored value cannot be read: {0}")]
    Stored(String),
    /// There is nothing with this identifier or name.
    #[error("there is no {what} {key}")]
    NotFound {
        /// "medium", "album" …
        what: &'static str,
        /// What was asked for.
        key: String,
    },
    /// What was asked cannot be done as things are; the text says why, for the person who asked.
    #[error("{0}")]
    Refused(String),
    /// The claim on a job was lost before its result was stored: it ran out, or the job was cancelled or queued anew.
    /// Nothing was stored.
    #[error("the job `{kind}` of {subject} is no longer this worker's")]
    Superseded {
        /// Kind of the job.
        kind: jobs::JobKind,
        /// What it is about.
        subject: String,
    },
}

impl From<serde_json::Error> for LibraryError {
    fn from(error: serde_json::Error) -> Self {
        Self::Stored(error.to_string())
    }
}

/// Results of library calls.
pub type Result<T> = std::result::Result<T, LibraryError>;

type Tx<'t> = Transaction<'t, Sqlite>;

/// Everybody with the revision that they were read at.
type CachedPeople = Option<(i64, Arc<Vec<people::Person>>)>;

/// A handle on the library. Clones share the same connections.
#[derive(Clone)]
pub struct Library {
    read: SqlitePool,
    /// SQLite has one writer; queueing for it here is fairer than its busy timeout.
    write: SqlitePool,
    vocabulary: Arc<RwLock<Option<KeptVocabulary>>>,
    everybody: Arc<RwLock<CachedPeople>>,
    counts: people::KeptCounts,
    view: View,
}

impl Library {
    /// Opens the library in the file `path`, making it and bringing its schema up to date.
    pub async fn open(path: &Path) -> Result<Self> {
        let open = |reason: String| LibraryError::Open { path: path.to_owned(), reason };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30))
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-8000");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| open(error.to_string()))?;
        MIGRATIONS.run(&write).await.map_err(|error| open(error.to_string()))?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .idle_timeout(Duration::from_secs(60))
            .connect_with(options)
            .await
            .map_err(|error| open(error.to_string()))?;
        let (vocabulary, everybody, counts) = Default::default();
        Ok(Self { read, write, vocabulary, everybody, counts, view: View::default() })
    }

    /// Closes every connection; what was committed is on disk.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// The words of the library, from memory as far as nothing has changed. In a large library that is being filled,
    /// what they say of media may be some seconds old.
    pub async fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        let now = Revisions::read(&self.read).await?;
        let before = self.vocabulary.read().await.clone();
        let kept = KeptVocabulary::brought_up(before, &self.read, now).await?;
        let vocabulary = Arc::clone(&kept.vocabulary);
        *self.vocabulary.write().await = Some(kept);
        Ok(vocabulary)
    }

    /// Starts a transaction that will write.
    async fn begin(&self) -> Result<Tx<'_>> {
        Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Now, in Unix seconds.
fn unix_now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// Folds a name for comparison: compatibility form, lower case, without diacritics, single spaces.
pub fn fold(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    let folded: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    folded.replace('ß', "ss").split_whitespace().collect::<Vec<_>>().join(" ")
}

//! The log of what the user did to people, events and themes: each change in words, with the rows that it touched, so
//! that it can be taken back for ever.
//!
//! Which rows those are, and what follows from them, is left to whose changes they are.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::FromRow;

use super::{ChangeId, Library, LibraryError, Result, Tx, unix_now};

/// Something that was done.
#[derive(Debug, Clone, FromRow)]
pub struct Change {
    /// Identifier.
    pub id: ChangeId,
    /// When, Unix seconds.
    pub made: i64,
    /// Which action, or `undo`.
    pub action: String,
    /// What it was, for a person to read.
    pub summary: String,
    /// The change that it took back.
    pub undoes: Option<ChangeId>,
    /// The change that took it back.
    pub undone: Option<ChangeId>,
}

/// The statements of one log.
pub(super) struct Log {
    insert: &'static str,
    find: &'static str,
    close: &'static str,
    latest: &'static str,
}

macro_rules! log {
    ($table:literal) => {
        Log {
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (id, made, action, summary, deltas, undoes) VALUES ($1, $2, $3, $4, $5, $6)"
            ),
            find: concat!("SELECT summary, deltas, undone FROM ", $table, " WHERE id = $1"),
            close: concat!("UPDATE ", $table, " SET undone = $2 WHERE id = $1"),
            latest: concat!(
                "SELECT id, made, action, summary, undoes, undone FROM ",
                $table,
                " ORDER BY id DESC LIMIT $1"
            ),
        }
    };
}

/// What was done to people.
pub(super) const PEOPLE: Log = log!("people_changes");
/// What was done to events.
pub(super) const EVENTS: Log = log!("event_changes");
/// What was done to themes.
pub(super) const THEMES: Log = log!("theme_changes");

impl Log {
    /// Writes a change down; one that takes another back closes that.
    pub async fn write<D: Serialize>(
        &self,
        tx: &mut Tx<'_>,
        (action, summary): (&str, String),
        deltas: &[D],
        undoes: Option<ChangeId>,
    ) -> Result<Change> {
        let (id, made) = (ChangeId::new(), unix_now());
        sqlx::query(self.insert)
            .bind(id)
            .bind(made)
            .bind(action)
            .bind(&summary)
            .bind(serde_json::to_string(deltas)?)
            .bind(undoes)
            .execute(&mut **tx)
            .await?;
        if let Some(undone) = undoes {
            sqlx::query(self.close).bind(undone).bind(id).execute(&mut **tx).await?;
        }
        Ok(Change { id, made, action: action.to_owned(), summary, undoes, undone: None })
    }

    /// The words and the rows of a change that is to be taken back.
    pub async fn to_take_back<D: DeserializeOwned>(&self, tx: &mut Tx<'_>, id: ChangeId) -> Result<(String, Vec<D>)> {
        let row: Option<(String, String, Option<String>)> =
            sqlx::query_as(self.find).bind(id).fetch_optional(&mut **tx).await?;
        let (summary, deltas, undone) =
            row.ok_or_else(|| LibraryError::NotFound { what: "change", key: id.to_string() })?;
        if undone.is_some() {
            return Err(LibraryError::Refused("it was taken back already".into()));
        }
        Ok((summary, serde_json::from_str(&deltas)?))
    }

    /// The latest changes, the last first.
    pub async fn latest(&self, library: &Library, limit: u32) -> Result<Vec<Change>> {
        Ok(sqlx::query_as(self.latest).bind(i64::from(limit)).fetch_all(&library.read).await?)
    }
}

/// What counts when a change from `before` to `after` is made to what is so `now`: nothing that was changed since is lost.
pub(super) fn carried<T: PartialEq>(now: T, before: &T, after: T) -> T {
    if now == *before { after } else { now }
}

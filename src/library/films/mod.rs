//! Films: their storyboards, what they may be made of, and how far they are rendered.
//!
//! A storyboard is never written over: each change is a new version, and the film says which one counts. What a storyboard
//! means is left to `film`; here it is a text.

mod facts;
mod renders;

use sqlx::FromRow;

use super::{FilmId, Library, LibraryError, MediaId, Result, unix_now};

pub use facts::{FilmFace, FilmFacts};
pub use renders::FilmRender;

/// A film.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Film {
    /// Identifier.
    pub id: FilmId,
    /// Title.
    pub title: String,
    /// What was wished, JSON.
    pub wish: String,
    /// The version of the storyboard that counts.
    pub version: i64,
    /// That storyboard, JSON.
    pub storyboard: String,
    /// What made it, in words.
    pub said: String,
    /// Unix seconds.
    pub created: i64,
    /// Unix seconds.
    pub updated: i64,
    /// When it was deleted, Unix seconds.
    pub deleted: Option<i64>,
}

/// A film to be stored.
#[derive(Debug, Clone)]
pub struct NewFilm<'f> {
    /// Title.
    pub title: &'f str,
    /// What was wished, JSON.
    pub wish: &'f str,
    /// Its storyboard, JSON.
    pub storyboard: &'f str,
    /// What made it, in words.
    pub said: &'f str,
    /// The media that it was asked about, each with how well it fits.
    pub candidates: &'f [(MediaId, f64)],
}

const FILM: &str = "SELECT f.id, f.title, f.wish, f.version, s.storyboard, s.said, f.created, f.updated, f.deleted \
     FROM films f JOIN film_storyboards s ON s.film_id = f.id AND s.version = f.version";

impl Library {
    /// Stores a film with its first storyboard.
    pub async fn create_film(&self, new: &NewFilm<'_>) -> Result<FilmId> {
        let (id, now) = (FilmId::new(), unix_now());
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO films (id, title, wish, version, created, updated) VALUES ($1, $2, $3, 1, $4, $4)";
        sqlx::query(sql).bind(id).bind(new.title).bind(new.wish).bind(now).execute(&mut *tx).await?;
        let sql = "INSERT INTO film_storyboards (film_id, version, storyboard, said, made) VALUES ($1, 1, $2, $3, $4)";
        sqlx::query(sql).bind(id).bind(new.storyboard).bind(new.said).bind(now).execute(&mut *tx).await?;
        for (position, (medium, relevance)) in new.candidates.iter().enumerate() {
            let sql = "INSERT INTO film_candidates (film_id, media_id, position, relevance) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT DO NOTHING";
            let insert = sqlx::query(sql).bind(id).bind(medium).bind(position as i64).bind(relevance);
            insert.execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// A film, also one that was deleted and not purged yet.
    pub async fn film(&self, id: FilmId) -> Result<Film> {
        let sql = format!("{FILM} WHERE f.id = $1");
        let found = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.read).await?;
        found.ok_or_else(|| LibraryError::NotFound { what: "film", key: id.to_string() })
    }

    /// Every film, latest first.
    pub async fn films(&self) -> Result<Vec<Film>> {
        let sql = format!("{FILM} WHERE f.deleted IS NULL ORDER BY f.id DESC");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await?)
    }

    /// The media that a film was asked about, each with how well it fits; what is gone from the library is left out.
    pub async fn film_candidates(&self, id: FilmId) -> Result<Vec<(MediaId, f64)>> {
        let sql = "SELECT c.media_id, c.relevance FROM film_candidates c JOIN media m ON m.id = c.media_id \
                   WHERE c.film_id = $1 ORDER BY c.position";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// Gives a film a new storyboard in place of the version `from`, and returns the new version.
    ///
    /// # Errors
    /// [`LibraryError::Refused`] when another version counts by now.
    pub async fn change_film(&self, id: FilmId, from: i64, title: &str, storyboard: &str, said: &str) -> Result<i64> {
        let (mut tx, now) = (self.begin().await?, unix_now());
        let counts: Option<i64> =
            sqlx::query_scalar("SELECT version FROM films WHERE id = $1").bind(id).fetch_optional(&mut *tx).await?;
        let counts = counts.ok_or_else(|| LibraryError::NotFound { what: "film", key: id.to_string() })?;
        if counts != from {
            return Err(LibraryError::Refused(format!("the film was changed meanwhile: it has version {counts} now")));
        }
        let sql = "SELECT COALESCE(MAX(version), 0) + 1 FROM film_storyboards WHERE film_id = $1";
        let next: i64 = sqlx::query_scalar(sql).bind(id).fetch_one(&mut *tx).await?;
        let sql = "INSERT INTO film_storyboards (film_id, version, storyboard, said, made) VALUES ($1, $2, $3, $4, $5)";
        sqlx::query(sql).bind(id).bind(next).bind(storyboard).bind(said).bind(now).execute(&mut *tx).await?;
        let sql = "UPDATE films SET version = $2, title = $3, updated = $4 WHERE id = $1";
        sqlx::query(sql).bind(id).bind(next).bind(title).bind(now).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(next)
    }

    /// The storyboard that a film had as `version`.
    pub async fn film_storyboard(&self, id: FilmId, version: i64) -> Result<String> {
        let sql = "SELECT storyboard FROM film_storyboards WHERE film_id = $1 AND version = $2";
        let found = sqlx::query_scalar(sql).bind(id).bind(version).fetch_optional(&self.read).await?;
        found.ok_or_else(|| LibraryError::NotFound { what: "storyboard", key: format!("{id} {version}") })
    }

    /// Deletes a film, or takes that back.
    pub async fn set_film_deleted(&self, id: FilmId, deleted: bool) -> Result<()> {
        let when = deleted.then(unix_now);
        let sql = "UPDATE films SET deleted = $2 WHERE id = $1";
        let done = sqlx::query(sql).bind(id).bind(when).execute(&self.write).await?.rows_affected();
        if done == 0 {
            return Err(LibraryError::NotFound { what: "film", key: id.to_string() });
        }
        Ok(())
    }

    /// Forgets films that were deleted before `before` (Unix seconds), and returns them.
    pub async fn purge_films(&self, before: i64) -> Result<Vec<FilmId>> {
        let sql = "DELETE FROM films WHERE deleted IS NOT NULL AND deleted < $1 RETURNING id";
        Ok(sqlx::query_scalar(sql).bind(before).fetch_all(&self.write).await?)
    }
}

//! Albums: collections that the user names. Those without a rule hold what was put into them; those with one keep
//! themselves: `assistant::albums` looks up what belongs, and nothing of it is stored here.
//!
//! Everything that is done to albums is in [`change`] and can be taken back.

pub mod change;

use sqlx::FromRow;

use super::{AlbumId, Library, LibraryError, MediaId, Result};

/// An album in a list.
#[derive(Debug, Clone, FromRow)]
pub struct AlbumSummary {
    /// Identifier.
    pub id: AlbumId,
    /// Name.
    pub name: String,
    /// The rule by which it keeps itself; `None`: its media were put in by hand.
    pub rule: Option<String>,
    /// Number of media that were put in.
    pub count: i64,
    /// The first medium that was put in.
    pub cover: Option<MediaId>,
    /// When it was made, Unix seconds.
    pub created: i64,
    /// When it was changed last, Unix seconds.
    pub edited: i64,
}

const ALBUM: &str = "SELECT a.id, a.name, a.rule, (SELECT COUNT(*) FROM album_media am WHERE am.album_id = a.id) AS count, \
                     (SELECT am.media_id FROM album_media am WHERE am.album_id = a.id ORDER BY am.position LIMIT 1) AS cover, \
                     a.created, a.edited FROM albums a";

impl Library {
    /// Every album, latest first.
    pub async fn albums(&self) -> Result<Vec<AlbumSummary>> {
        let sql = format!("{ALBUM} ORDER BY a.created DESC, a.name");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await?)
    }

    /// One album.
    pub async fn album(&self, id: AlbumId) -> Result<AlbumSummary> {
        let sql = format!("{ALBUM} WHERE a.id = $1");
        let found = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.read).await?;
        found.ok_or_else(|| LibraryError::NotFound { what: "album", key: id.to_string() })
    }

    /// The albums that a medium was put into.
    pub async fn albums_of(&self, id: MediaId) -> Result<Vec<(AlbumId, String)>> {
        let sql = "SELECT a.id, a.name FROM albums a JOIN album_media am ON am.album_id = a.id WHERE am.media_id = $1 \
                   ORDER BY a.name";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// The albums that keep themselves, each with its rule, by name.
    pub async fn album_rules(&self) -> Result<Vec<(AlbumId, String, String)>> {
        let sql = "SELECT id, name, rule FROM albums WHERE rule IS NOT NULL ORDER BY name";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }
}

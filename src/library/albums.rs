//! Albums: collections that the user names.

use sqlx::FromRow;

use super::{AlbumId, Library, LibraryError, MediaId, Result, touch, unix_now};

/// An album in a list.
#[derive(Debug, Clone, FromRow)]
pub struct AlbumSummary {
    /// Identifier.
    pub id: AlbumId,
    /// Name.
    pub name: String,
    /// Number of media.
    pub count: i64,
    /// Its first medium.
    pub cover: Option<MediaId>,
}

impl Library {
    /// Every album, latest first.
    pub async fn albums(&self) -> Result<Vec<AlbumSummary>> {
        let sql = "SELECT a.id, a.name, (SELECT COUNT(*) FROM album_media am WHERE am.album_id = a.id) AS count, \
                   (SELECT am.media_id FROM album_media am WHERE am.album_id = a.id ORDER BY am.position LIMIT 1) AS cover \
                   FROM albums a ORDER BY a.created DESC, a.name";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// The albums a medium is in.
    pub async fn albums_of(&self, id: MediaId) -> Result<Vec<(AlbumId, String)>> {
        let sql = "SELECT a.id, a.name FROM albums a JOIN album_media am ON am.album_id = a.id WHERE am.media_id = $1 \
                   ORDER BY a.name";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// Makes an album of these media, in this order.
    pub async fn create_album(&self, name: &str, ids: &[MediaId]) -> Result<AlbumId> {
        let album = AlbumId::new();
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO albums (id, name, created) VALUES ($1, $2, $3)")
            .bind(album)
            .bind(name.trim())
            .bind(unix_now())
            .execute(&mut *tx)
            .await?;
        for (position, id) in ids.iter().enumerate() {
            sqlx::query(
                "INSERT INTO album_media (album_id, media_id, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            )
            .bind(album)
            .bind(id)
            .bind(position as i64)
            .execute(&mut *tx)
            .await?;
            sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut *tx).await?;
        }
        touch(&mut tx).await?;
        tx.commit().await?;
        Ok(album)
    }

    /// Removes an album; its media stay.
    pub async fn delete_album(&self, id: AlbumId) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE media SET version = version + 1 WHERE id IN (SELECT media_id FROM album_media WHERE album_id = $1)",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        let gone = sqlx::query("DELETE FROM albums WHERE id = $1").bind(id).execute(&mut *tx).await?.rows_affected();
        touch(&mut tx).await?;
        tx.commit().await?;
        if gone == 0 {
            return Err(LibraryError::NotFound { what: "album", key: id.to_string() });
        }
        Ok(())
    }
}

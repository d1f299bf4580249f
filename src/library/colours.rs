//! Which pictures are in black and white, as it is stored; how that is told is left to `ingest::picture::colours`.

use sqlx::FromRow;

use super::{Library, MediaId, Part, Result, touch};

/// A medium whose colours nobody has looked at.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Unlooked {
    /// The medium.
    pub id: MediaId,
    /// BLAKE3 of its content, hex.
    pub hash: String,
    /// Its ThumbHash, if it is a photo that shows something: base64.
    pub placeholder: Option<String>,
}

impl Library {
    /// Media whose colours nobody has looked at, at most `limit`.
    pub async fn unlooked_colours(&self, limit: u32) -> Result<Vec<Unlooked>> {
        let sql = "SELECT id, hash, CASE WHEN kind = 'photo' AND screenshot = 0 AND problem_code IS NULL THEN placeholder END \
                   AS placeholder FROM media WHERE colourless IS NULL ORDER BY id LIMIT $1";
        Ok(sqlx::query_as(sql).bind(limit).fetch_all(&self.read).await?)
    }

    /// Records which of the media are in black and white: they are found by that.
    pub async fn set_colourless(&self, looked_at: &[(MediaId, bool)]) -> Result<()> {
        let mut tx = self.begin().await?;
        for (id, colourless) in looked_at {
            let sql = "UPDATE media SET colourless = $2, version = version + $2 WHERE id = $1";
            sqlx::query(sql).bind(id).bind(i64::from(*colourless)).execute(&mut *tx).await?;
        }
        if looked_at.iter().any(|(_, colourless)| *colourless) {
            touch(&mut tx, Part::Contents).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

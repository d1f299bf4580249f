//! The library in numbers.

use sqlx::FromRow;

use super::{Library, Result};

/// How much of what there is.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct LibraryNumbers {
    /// Photos and videos together.
    pub media: i64,
    /// Photos.
    pub photos: i64,
    /// Videos.
    pub videos: i64,
    /// People and pets.
    pub people: i64,
    /// Events.
    pub events: i64,
}

impl Library {
    /// The library in numbers.
    pub async fn numbers(&self) -> Result<LibraryNumbers> {
        let sql = "SELECT COUNT(*) AS media, COALESCE(SUM(CASE WHEN kind = 'photo' THEN 1 ELSE 0 END), 0) AS photos, \
                   COALESCE(SUM(CASE WHEN kind = 'video' THEN 1 ELSE 0 END), 0) AS videos, \
                   (SELECT COUNT(DISTINCT person_id) FROM media_people) AS people, (SELECT COUNT(*) FROM events) AS events \
                   FROM media WHERE live_of IS NULL";
        Ok(sqlx::query_as(sql).fetch_one(&self.read).await?)
    }
}

//! Keywords: those that files carry and those that the user adds.

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::{Library, MediaId, Part, Result, fold, people, select, touch};

/// A keyword in a list.
#[derive(Debug, Clone, FromRow)]
pub struct TagSummary {
    /// The keyword as most often written.
    pub name: String,
    /// Its folded form, which identifies it.
    pub folded: String,
    /// Number of media.
    pub count: i64,
}

impl Library {
    /// Every keyword, most used first.
    pub async fn tags(&self) -> Result<Vec<TagSummary>> {
        let sql = "SELECT MIN(t.tag) AS name, t.folded, COUNT(*) AS count FROM media_tags t \
                   JOIN media m ON m.id = t.media_id AND m.live_of IS NULL GROUP BY t.folded ORDER BY count DESC, t.folded";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// Adds the user's keywords to media. Returns, for undoing, the media that did not have each keyword before.
    pub async fn add_tags(&self, ids: &[MediaId], tags: &[String]) -> Result<Vec<(String, Vec<MediaId>)>> {
        let mut added = Vec::new();
        let mut tx = self.begin().await?;
        for tag in tags {
            let mut fresh = Vec::new();
            for id in ids {
                let result = sqlx::query(
                    "INSERT INTO media_tags (media_id, tag, folded, source) VALUES ($1, $2, $3, 'user') ON CONFLICT DO NOTHING",
                )
                .bind(id)
                .bind(tag.trim())
                .bind(fold(tag))
                .execute(&mut *tx)
                .await?;
                if result.rows_affected() > 0 {
                    fresh.push(*id);
                    sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1")
                        .bind(id)
                        .execute(&mut *tx)
                        .await?;
                }
            }
            people::keyword_changed(&mut tx, &fresh, &fold(tag)).await?;
            added.push((tag.clone(), fresh));
        }
        touch(&mut tx, Part::Tags).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// Takes the user's keyword away from media.
    pub async fn remove_tag(&self, ids: &[MediaId], tag: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        for sql in [
            "DELETE FROM media_tags AS m WHERE m.source = 'user' AND m.folded = ",
            "UPDATE media AS m SET version = version + 1 WHERE '' <> ",
        ] {
            let mut query = QueryBuilder::<Sqlite>::new(sql);
            query.push_bind(fold(tag));
            query.push(if sql.starts_with("DELETE") { " AND m.media_id IN (" } else { " AND m.id IN (" });
            select::push_ids(&mut query, ids);
            query.push(")");
            query.build().execute(&mut *tx).await?;
        }
        people::keyword_changed(&mut tx, ids, &fold(tag)).await?;
        touch(&mut tx, Part::Tags).await?;
        tx.commit().await?;
        Ok(())
    }
}

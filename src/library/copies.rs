//! Near duplicates, bursts and live-photo pairs: which media belong together.

use std::collections::{BTreeMap, HashMap, HashSet};

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::{Library, MediaId, Part, Result, select, touch};

/// Media asked for at once.
const BATCH: usize = 500;

/// What the search for copies and pairs looks at.
#[derive(Debug, Clone, FromRow)]
pub struct CopySource {
    /// The medium.
    pub id: MediaId,
    /// `photo` or `video`.
    pub kind: String,
    /// The file shown for it.
    pub path: String,
    /// Its folder.
    pub folder: String,
    /// Its name.
    pub name: String,
    /// 64-bit perceptual hash.
    pub phash: Option<i64>,
    /// Width as displayed.
    pub width: Option<i64>,
    /// Height as displayed.
    pub height: Option<i64>,
    /// Length of a video, milliseconds.
    pub duration_ms: Option<i64>,
    /// Local time.
    pub taken: Option<String>,
    /// Whether the local time is exact to the second.
    pub timed: bool,
    /// Camera label.
    pub camera: Option<String>,
    /// Apple's live photo identifier.
    pub content_id: Option<String>,
}

/// Media that belong together: kind (`near` or `burst`), a key for the group, its members.
pub type CopyGroups = Vec<(&'static str, String, Vec<MediaId>)>;

impl Library {
    /// What copies and pairs are found from, in order of path.
    pub async fn copy_sources(&self) -> Result<Vec<CopySource>> {
        let sql = "SELECT id, kind, path, folder, name, phash, width, height, duration_ms, taken, \
                   taken_minute IS NOT NULL AS timed, camera, content_id FROM media ORDER BY path";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// Replaces all groups of near duplicates and bursts, writing only what differs; returns whether anything did.
    pub async fn replace_copies(&self, groups: &CopyGroups) -> Result<bool> {
        let mut wanted = BTreeMap::new();
        for (kind, key, members) in groups {
            for id in members {
                wanted.insert((*id, (*kind).to_owned()), key.clone());
            }
        }
        let mut tx = self.begin().await?;
        let had: Vec<(MediaId, String, String)> =
            sqlx::query_as("SELECT media_id, kind, group_key FROM media_copies").fetch_all(&mut *tx).await?;
        let mut changed = false;
        for (id, kind, key) in had {
            if wanted.get(&(id, kind.clone())) == Some(&key) {
                wanted.remove(&(id, kind));
                continue;
            }
            changed = true;
            sqlx::query("DELETE FROM media_copies WHERE media_id = $1 AND kind = $2")
                .bind(id)
                .bind(kind)
                .execute(&mut *tx)
                .await?;
        }
        for ((id, kind), key) in wanted {
            changed = true;
            sqlx::query("INSERT INTO media_copies (media_id, kind, group_key) VALUES ($1, $2, $3)")
                .bind(id)
                .bind(kind)
                .bind(key)
                .execute(&mut *tx)
                .await?;
        }
        if changed {
            touch(&mut tx, Part::Contents).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Makes each video the moving half of its still, `(video, still)`; all other videos stand alone. Returns whether
    /// anything was different.
    pub async fn replace_live_pairs(&self, pairs: &[(MediaId, MediaId)]) -> Result<bool> {
        let mut tx = self.begin().await?;
        let had: Vec<(MediaId, MediaId)> =
            sqlx::query_as("SELECT id, live_of FROM media WHERE live_of IS NOT NULL").fetch_all(&mut *tx).await?;
        let (had, pairs): (HashSet<_>, HashSet<_>) = (had.into_iter().collect(), pairs.iter().copied().collect());
        for (video, still) in had.difference(&pairs) {
            sqlx::query("UPDATE media SET live_of = NULL, version = version + 1 WHERE id = $1")
                .bind(video)
                .execute(&mut *tx)
                .await?;
            sqlx::query("UPDATE media SET live = CASE WHEN motion_length IS NULL THEN 0 ELSE 1 END WHERE id = $1")
                .bind(still)
                .execute(&mut *tx)
                .await?;
        }
        for (video, still) in pairs.difference(&had) {
            sqlx::query("UPDATE media SET live_of = $2, version = version + 1 WHERE id = $1")
                .bind(video)
                .bind(still)
                .execute(&mut *tx)
                .await?;
            sqlx::query("UPDATE media SET live = 1, version = version + 1 WHERE id = $1")
                .bind(still)
                .execute(&mut *tx)
                .await?;
        }
        let changed = had != pairs;
        if changed {
            touch(&mut tx, Part::Media).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// The moving half of a live photo.
    pub async fn motion_of(&self, still: MediaId) -> Result<Option<MediaId>> {
        let sql = "SELECT id FROM media WHERE live_of = $1 ORDER BY path LIMIT 1";
        Ok(sqlx::query_scalar(sql).bind(still).fetch_optional(&self.read).await?)
    }

    /// For each of the media that resemble others the keys of their groups: near copies, and the pictures of a burst.
    pub async fn alike(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Vec<String>>> {
        let mut groups: HashMap<MediaId, Vec<String>> = HashMap::new();
        for some in ids.chunks(BATCH) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT media_id, kind || ' ' || group_key FROM media_copies WHERE media_id IN (",
            );
            select::push_ids(&mut query, some);
            query.push(") ORDER BY 1, 2");
            for (id, key) in query.build_query_as::<(MediaId, String)>().fetch_all(&self.read).await? {
                groups.entry(id).or_default().push(key);
            }
        }
        Ok(groups)
    }

    /// The media that resemble one: its near duplicates and the rest of its burst.
    pub async fn copies_of(&self, id: MediaId) -> Result<Vec<MediaId>> {
        let sql = "SELECT DISTINCT o.media_id FROM media_copies c \
                   JOIN media_copies o ON o.kind = c.kind AND o.group_key = c.group_key AND o.media_id <> c.media_id \
                   WHERE c.media_id = $1 ORDER BY 1";
        Ok(sqlx::query_scalar(sql).bind(id).fetch_all(&self.read).await?)
    }
}

//! What was found is stored under identities that stay.
//!
//! A theme that the user named or hid stays with the media it has when it is not found any more; the others go. Running it
//! again with the same themes writes nothing but when it was done.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::matching::{Known, known_of};
use crate::library::{Library, MediaId, Part, Result, ThemeId, Tx, touch, unix_now};

/// A theme to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTheme {
    /// `looks`, `feast`, `birthday`, `place` or `word`.
    pub kind: &'static str,
    /// What it is by its making, `feast:christmas`; empty: its media alone say.
    pub origin: String,
    /// What sets it apart, JSON.
    pub told: String,
    /// Its media.
    pub media: Vec<MediaId>,
}

/// What themes depend on, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Of all of it; another one where something changed.
    pub digest: String,
    /// Number of media.
    pub media: i64,
    /// Number of vectors of pictures.
    pub vectors: i64,
}

/// From what the themes were found last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How they were found.
    pub settings: String,
    /// What they depended on.
    pub basis: Basis,
    /// When, Unix seconds.
    pub made: i64,
}

#[derive(FromRow)]
struct Row {
    id: ThemeId,
    kind: String,
    origin: String,
    told: String,
    owned: bool,
}

impl Library {
    /// What themes depend on, as it is now.
    pub async fn themes_basis(&self) -> Result<Basis> {
        let sql = "SELECT (SELECT COUNT(*) FROM media), (SELECT COUNT(*) FROM media_vectors), \
                   (SELECT COALESCE(SUM(version), 0) FROM media), (SELECT COUNT(*) FROM concepts WHERE hides <> 0), \
                   (SELECT COALESCE(MAX(id), '') FROM people_changes), (SELECT COALESCE(MAX(id), '') FROM event_changes)";
        let (media, vectors, versions, hiding, people, events): (i64, i64, i64, i64, String, String) =
            sqlx::query_as(sql).fetch_one(&self.read).await?;
        Ok(Basis { digest: format!("{media} {vectors} {versions} {hiding} {people} {events}"), media, vectors })
    }

    /// From what the themes were found last; `None` when nobody looked for any yet.
    pub async fn themes_found(&self) -> Result<Option<Found>> {
        let sql = "SELECT settings, digest, media, vectors, made FROM themes_found WHERE id = 1";
        let row: Option<(String, String, i64, i64, i64)> = sqlx::query_as(sql).fetch_optional(&self.read).await?;
        Ok(row.map(|(settings, digest, media, vectors, made)| Found {
            settings,
            basis: Basis { digest, media, vectors },
            made,
        }))
    }

    /// Brings the themes up to date with what was found from `basis`; `settings` say how. Returns whether any
    /// differed.
    pub async fn replace_themes(&self, themes: &[NewTheme], settings: &str, basis: &Basis) -> Result<bool> {
        let mut tx = self.begin().await?;
        let (rows, known) = stored(&mut tx).await?;
        let found: Vec<Known> = themes
            .iter()
            .map(|theme| Known { origin: theme.origin.clone(), media: theme.media.iter().copied().collect() })
            .collect();
        let known_of = known_of(&known, &found);
        let mut changed = false;
        for (at, row) in rows.iter().enumerate() {
            if !row.owned && !known_of.contains(&Some(at)) {
                sqlx::query("DELETE FROM themes WHERE id = $1").bind(row.id).execute(&mut *tx).await?;
                changed = true;
            }
        }
        for (at, theme) in themes.iter().enumerate() {
            let before = known_of[at].map(|known_at| (&rows[known_at], &known[known_at].media));
            changed |= store(&mut tx, theme, &found[at].media, before).await?;
        }
        let sql = "INSERT INTO themes_found (id, settings, digest, media, vectors, made) VALUES (1, $1, $2, $3, $4, $5) \
                   ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, digest = excluded.digest, \
                   media = excluded.media, vectors = excluded.vectors, made = excluded.made";
        let kept = sqlx::query(sql).bind(settings).bind(&basis.digest).bind(basis.media).bind(basis.vectors);
        kept.bind(unix_now()).execute(&mut *tx).await?;
        if changed {
            touch(&mut tx, Part::Themes).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }
}

/// Every theme with its media.
async fn stored(tx: &mut Tx<'_>) -> Result<(Vec<Row>, Vec<Known>)> {
    let sql = "SELECT id, kind, origin, told, name IS NOT NULL OR hidden <> 0 AS owned FROM themes ORDER BY id";
    let rows: Vec<Row> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
    let members: Vec<(ThemeId, MediaId)> =
        sqlx::query_as("SELECT theme_id, media_id FROM theme_media").fetch_all(&mut **tx).await?;
    let mut media: BTreeMap<ThemeId, BTreeSet<MediaId>> = BTreeMap::new();
    for (theme, medium) in members {
        media.entry(theme).or_default().insert(medium);
    }
    let known = |row: &Row| Known { origin: row.origin.clone(), media: media.remove(&row.id).unwrap_or_default() };
    let known = rows.iter().map(known).collect();
    Ok((rows, known))
}

/// Stores one theme; returns whether anything differed.
async fn store(
    tx: &mut Tx<'_>,
    theme: &NewTheme,
    media: &BTreeSet<MediaId>,
    before: Option<(&Row, &BTreeSet<MediaId>)>,
) -> Result<bool> {
    let none = BTreeSet::new();
    let had = before.map_or(&none, |(_, media)| media);
    let same = before.is_some_and(|(row, _)| {
        (row.kind.as_str(), &row.origin, &row.told) == (theme.kind, &theme.origin, &theme.told)
    });
    if same && had == media {
        return Ok(false);
    }
    let id = before.map_or_else(ThemeId::new, |(row, _)| row.id);
    let sql = "INSERT INTO themes (id, kind, origin, told) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, origin = excluded.origin, told = excluded.told";
    let kept = sqlx::query(sql).bind(id).bind(theme.kind).bind(&theme.origin).bind(&theme.told);
    kept.execute(&mut **tx).await?;
    for gone in had.difference(media) {
        let sql = "DELETE FROM theme_media WHERE theme_id = $1 AND media_id = $2";
        sqlx::query(sql).bind(id).bind(gone).execute(&mut **tx).await?;
    }
    for new in media.difference(had) {
        // A medium may have gone while it was looked at.
        let sql = "INSERT INTO theme_media (theme_id, media_id) SELECT $1, m.id FROM media m WHERE m.id = $2 \
                   ON CONFLICT DO NOTHING";
        sqlx::query(sql).bind(id).bind(new).execute(&mut **tx).await?;
    }
    Ok(true)
}

//! What is done to albums: made, renamed, given a rule, filled, emptied, deleted. Each is one transaction that also writes
//! down how it is taken back; what can be taken back is kept for a while.
//!
//! Changes of one album are taken back in turn, the last first. The media themselves are never touched, but that the word
//! index takes in anew those whose album is called otherwise.

use serde::{Deserialize, Serialize};

use crate::library::{AlbumId, ChangeId, Library, LibraryError, MediaId, Part, Result, Tx, touch, unix_now};

/// How long a change can be taken back, seconds.
const KEPT: i64 = 30 * 86_400;
/// The longest name, letters.
const LONGEST_NAME: usize = 200;

/// Something that was done to an album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumChange {
    /// What it is taken back by.
    pub id: ChangeId,
    /// The album.
    pub album: AlbumId,
    /// What it was, for a person to read.
    pub summary: String,
}

/// How a change is taken back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Back {
    /// It was made.
    Delete,
    /// It was deleted.
    Restore(Row),
    /// It was called so.
    Rename(String),
    /// It had this rule, or these media.
    Rule(Option<String>, Vec<Member>),
    /// These were added.
    Take(Vec<MediaId>),
    /// These were taken out.
    Put(Vec<Member>),
}

/// A medium and its place in an album.
type Member = (MediaId, i64);

/// An album as it was.
#[derive(Debug, Serialize, Deserialize)]
struct Row {
    name: String,
    rule: Option<String>,
    created: i64,
    media: Vec<Member>,
}

impl Library {
    /// Makes an album of these media, in this order, or, with a rule, one that keeps itself.
    ///
    /// # Errors
    /// [`LibraryError::Refused`] for a name that is none.
    pub async fn create_album(&self, name: &str, rule: Option<&str>, ids: &[MediaId]) -> Result<AlbumChange> {
        let (album, name) = (AlbumId::new(), checked(name)?);
        let media = if rule.is_some() { Vec::new() } else { in_order(ids) };
        let row = Row { name: name.to_owned(), rule: rule.map(str::to_owned), created: unix_now(), media };
        let mut tx = self.begin().await?;
        insert(&mut tx, album, &row).await?;
        finish(tx, album, format!("Made the album “{name}”"), Back::Delete).await
    }

    /// Gives an album another name.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or [`LibraryError::Refused`] for a name that is none.
    pub async fn rename_album(&self, id: AlbumId, name: &str) -> Result<AlbumChange> {
        let name = checked(name)?;
        let mut tx = self.begin().await?;
        let before = row(&mut tx, id).await?;
        rename(&mut tx, id, name).await?;
        finish(tx, id, format!("Renamed the album “{}” to “{name}”", before.name), Back::Rename(before.name)).await
    }

    /// Gives an album a rule in place of what it had, or, with `None`, these media in place of its rule.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`].
    pub async fn set_album_rule(&self, id: AlbumId, rule: Option<&str>, ids: &[MediaId]) -> Result<AlbumChange> {
        let mut tx = self.begin().await?;
        let Row { name, rule: before, media, .. } = row(&mut tx, id).await?;
        let now = if rule.is_some() { Vec::new() } else { in_order(ids) };
        set_rule(&mut tx, id, rule, &now).await?;
        let summary = match rule {
            Some(_) => format!("Changed the rule of the album “{name}”"),
            None => format!("The album “{name}” stays as it is"),
        };
        finish(tx, id, summary, Back::Rule(before, media)).await
    }

    /// Puts media into an album, after those that are there.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or [`LibraryError::Refused`] for an album that keeps itself.
    pub async fn add_to_album(&self, id: AlbumId, ids: &[MediaId]) -> Result<AlbumChange> {
        let mut tx = self.begin().await?;
        let Row { name, media, .. } = by_hand(&mut tx, id).await?;
        let next = media.iter().map(|(_, position)| position + 1).max().unwrap_or(0);
        let new: Vec<Member> = ids.iter().zip(next..).map(|(id, position)| (*id, position)).collect();
        let added = put(&mut tx, id, &new).await?;
        let summary = format!("Added {} to the album “{name}”", count(added.len()));
        finish(tx, id, summary, Back::Take(added)).await
    }

    /// Takes media out of an album.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or [`LibraryError::Refused`] for an album that keeps itself.
    pub async fn remove_from_album(&self, id: AlbumId, ids: &[MediaId]) -> Result<AlbumChange> {
        let mut tx = self.begin().await?;
        let Row { name, media, .. } = by_hand(&mut tx, id).await?;
        let gone: Vec<Member> = media.into_iter().filter(|(medium, _)| ids.contains(medium)).collect();
        take(&mut tx, id, gone.iter().map(|(medium, _)| *medium)).await?;
        let summary = format!("Took {} out of the album “{name}”", count(gone.len()));
        finish(tx, id, summary, Back::Put(gone)).await
    }

    /// Deletes an album; its media stay.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`].
    pub async fn delete_album(&self, id: AlbumId) -> Result<AlbumChange> {
        let mut tx = self.begin().await?;
        let before = row(&mut tx, id).await?;
        delete(&mut tx, id).await?;
        finish(tx, id, format!("Deleted the album “{}”", before.name), Back::Restore(before)).await
    }

    /// Takes back the last change of an album; returns what was taken back.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or [`LibraryError::Refused`] when the album was changed since, or when it was taken back
    /// already.
    pub async fn undo_album_change(&self, id: ChangeId) -> Result<AlbumChange> {
        let mut tx = self.begin().await?;
        let sql = "SELECT album_id, summary, back, undone <> 0, EXISTS (SELECT 1 FROM album_changes l \
                   WHERE l.album_id = c.album_id AND l.undone = 0 AND l.id > c.id) FROM album_changes c WHERE c.id = $1";
        let found: Option<(AlbumId, String, String, bool, bool)> =
            sqlx::query_as(sql).bind(id).fetch_optional(&mut *tx).await?;
        let found = found.ok_or_else(|| LibraryError::NotFound { what: "change", key: id.to_string() })?;
        let (album, summary, back, undone, since) = found;
        if undone || since {
            let why =
                if undone { "it was taken back already" } else { "the album was changed since; take that back first" };
            return Err(LibraryError::Refused(why.to_owned()));
        }
        match serde_json::from_str(&back)? {
            Back::Delete => delete(&mut tx, album).await?,
            Back::Restore(row) => insert(&mut tx, album, &row).await?,
            Back::Rename(name) => rename(&mut tx, album, &name).await?,
            Back::Rule(rule, media) => set_rule(&mut tx, album, rule.as_deref(), &media).await?,
            Back::Take(media) => take(&mut tx, album, media.into_iter()).await?,
            Back::Put(media) => drop(put(&mut tx, album, &media).await?),
        }
        sqlx::query("UPDATE album_changes SET undone = 1 WHERE id = $1").bind(id).execute(&mut *tx).await?;
        touch(&mut tx, Part::Albums).await?;
        tx.commit().await?;
        Ok(AlbumChange { id, album, summary })
    }
}

fn checked(name: &str) -> Result<&str> {
    match name.trim() {
        "" => Err(LibraryError::Refused("an album needs a name".to_owned())),
        name if name.chars().count() > LONGEST_NAME => {
            Err(LibraryError::Refused(format!("the name is longer than {LONGEST_NAME} letters")))
        }
        name => Ok(name),
    }
}

fn in_order(ids: &[MediaId]) -> Vec<Member> {
    ids.iter().zip(0..).map(|(id, position)| (*id, position)).collect()
}

fn count(media: usize) -> String {
    if media == 1 { "1 picture".to_owned() } else { format!("{media} pictures") }
}

/// An album as it is now.
async fn row(tx: &mut Tx<'_>, id: AlbumId) -> Result<Row> {
    let found: Option<(String, Option<String>, i64)> =
        sqlx::query_as("SELECT name, rule, created FROM albums WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut **tx)
            .await?;
    let (name, rule, created) = found.ok_or_else(|| LibraryError::NotFound { what: "album", key: id.to_string() })?;
    let sql = "SELECT media_id, position FROM album_media WHERE album_id = $1 ORDER BY position";
    let media = sqlx::query_as(sql).bind(id).fetch_all(&mut **tx).await?;
    Ok(Row { name, rule, created, media })
}

async fn by_hand(tx: &mut Tx<'_>, id: AlbumId) -> Result<Row> {
    let row = row(tx, id).await?;
    match row.rule {
        None => Ok(row),
        Some(_) => Err(LibraryError::Refused(format!("the album “{}” keeps itself: change its rule", row.name))),
    }
}

async fn insert(tx: &mut Tx<'_>, id: AlbumId, row: &Row) -> Result<()> {
    let sql = "INSERT INTO albums (id, name, rule, created, edited) VALUES ($1, $2, $3, $4, $5)";
    let insert = sqlx::query(sql).bind(id).bind(&row.name).bind(&row.rule).bind(row.created);
    insert.bind(unix_now()).execute(&mut **tx).await?;
    put(tx, id, &row.media).await?;
    Ok(())
}

async fn rename(tx: &mut Tx<'_>, id: AlbumId, name: &str) -> Result<()> {
    sqlx::query("UPDATE albums SET name = $2 WHERE id = $1").bind(id).bind(name).execute(&mut **tx).await?;
    found_anew(tx, id).await
}

async fn set_rule(tx: &mut Tx<'_>, id: AlbumId, rule: Option<&str>, media: &[Member]) -> Result<()> {
    found_anew(tx, id).await?;
    sqlx::query("DELETE FROM album_media WHERE album_id = $1").bind(id).execute(&mut **tx).await?;
    sqlx::query("UPDATE albums SET rule = $2 WHERE id = $1").bind(id).bind(rule).execute(&mut **tx).await?;
    put(tx, id, media).await?;
    Ok(())
}

async fn delete(tx: &mut Tx<'_>, id: AlbumId) -> Result<()> {
    found_anew(tx, id).await?;
    sqlx::query("DELETE FROM albums WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Puts media in at their places, and returns those that were not there; what is gone from the library is left out.
async fn put(tx: &mut Tx<'_>, id: AlbumId, media: &[Member]) -> Result<Vec<MediaId>> {
    let mut added = Vec::new();
    for (medium, position) in media {
        let sql = "INSERT INTO album_media (album_id, media_id, position) SELECT $1, m.id, $3 FROM media m WHERE m.id = $2 \
                   ON CONFLICT DO NOTHING";
        let done = sqlx::query(sql).bind(id).bind(medium).bind(position).execute(&mut **tx).await?;
        if done.rows_affected() > 0 {
            let sql = "UPDATE media SET version = version + 1 WHERE id = $1";
            sqlx::query(sql).bind(medium).execute(&mut **tx).await?;
            added.push(*medium);
        }
    }
    Ok(added)
}

async fn take(tx: &mut Tx<'_>, id: AlbumId, media: impl Iterator<Item = MediaId>) -> Result<()> {
    for medium in media {
        let sql = "DELETE FROM album_media WHERE album_id = $1 AND media_id = $2";
        sqlx::query(sql).bind(id).bind(medium).execute(&mut **tx).await?;
        let sql = "UPDATE media SET version = version + 1 WHERE id = $1";
        sqlx::query(sql).bind(medium).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Has the word index take in the media of an album anew.
async fn found_anew(tx: &mut Tx<'_>, id: AlbumId) -> Result<()> {
    let sql =
        "UPDATE media SET version = version + 1 WHERE id IN (SELECT media_id FROM album_media WHERE album_id = $1)";
    sqlx::query(sql).bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Writes down what was done, and ends the transaction.
async fn finish(mut tx: Tx<'_>, album: AlbumId, summary: String, back: Back) -> Result<AlbumChange> {
    let (id, now) = (ChangeId::new(), unix_now());
    sqlx::query("UPDATE albums SET edited = $2 WHERE id = $1").bind(album).bind(now).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM album_changes WHERE made < $1").bind(now - KEPT).execute(&mut *tx).await?;
    let sql = "INSERT INTO album_changes (id, album_id, made, summary, back) VALUES ($1, $2, $3, $4, $5)";
    let insert = sqlx::query(sql).bind(id).bind(album).bind(now).bind(&summary);
    insert.bind(serde_json::to_string(&back)?).execute(&mut *tx).await?;
    touch(&mut tx, Part::Albums).await?;
    tx.commit().await?;
    Ok(AlbumChange { id, album, summary })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::MediaFilter;
    use crate::library::media::Ordering;
    use crate::library::tests::filled;

    async fn members(library: &Library, id: AlbumId) -> Vec<MediaId> {
        let filter = MediaFilter { albums: vec![id], ..MediaFilter::default() };
        library.select(&filter, Ordering::Oldest, None).await.unwrap()
    }

    #[tokio::test]
    async fn every_change_is_taken_back_the_last_first() {
        let (_dir, library) = filled().await;
        let media = library.select(&MediaFilter::default(), Ordering::Oldest, None).await.unwrap();
        let made = library.create_album(" Best ", None, &media[..2]).await.unwrap();
        let id = made.album;
        let renamed = library.rename_album(id, "Better").await.unwrap();
        let added = library.add_to_album(id, &media).await.unwrap();
        assert_eq!(added.summary, "Added 1 picture to the album “Better”");
        let removed = library.remove_from_album(id, &media[..1]).await.unwrap();
        let ruled = library.set_album_rule(id, Some("video"), &[]).await.unwrap();
        assert!(members(&library, id).await.is_empty());
        assert!(matches!(library.add_to_album(id, &media).await, Err(LibraryError::Refused(_))));
        let deleted = library.delete_album(id).await.unwrap();
        assert!(library.album(id).await.is_err());
        assert!(matches!(library.undo_album_change(renamed.id).await, Err(LibraryError::Refused(_))));

        library.undo_album_change(deleted.id).await.unwrap();
        assert_eq!(library.album(id).await.unwrap().rule.as_deref(), Some("video"));
        library.undo_album_change(ruled.id).await.unwrap();
        assert_eq!(members(&library, id).await, media[1..]);
        library.undo_album_change(removed.id).await.unwrap();
        assert_eq!(members(&library, id).await, media);
        library.undo_album_change(added.id).await.unwrap();
        assert_eq!(members(&library, id).await, media[..2]);
        library.undo_album_change(renamed.id).await.unwrap();
        assert_eq!(library.album(id).await.unwrap().name, "Best");
        library.undo_album_change(made.id).await.unwrap();
        assert!(library.albums().await.unwrap().is_empty());
        assert!(matches!(library.undo_album_change(made.id).await, Err(LibraryError::Refused(_))));
    }

    #[tokio::test]
    async fn an_album_with_a_rule_that_is_given_up_keeps_what_it_had() {
        let (_dir, library) = filled().await;
        let media = library.select(&MediaFilter::default(), Ordering::Oldest, None).await.unwrap();
        let id = library.create_album("Mine", Some("photo"), &media).await.unwrap().album;
        assert!(members(&library, id).await.is_empty());
        library.set_album_rule(id, None, &media[1..]).await.unwrap();
        assert_eq!(members(&library, id).await, media[1..]);
        assert!(matches!(library.rename_album(id, "  ").await, Err(LibraryError::Refused(_))));
    }

    #[tokio::test]
    async fn demands_are_joined_by_and_or_and_not() {
        use crate::library::demands::Demand;
        use crate::library::filter::MediaKind;
        let (_dir, library) = filled().await;
        let names = |demands: Vec<Demand>| {
            let library = library.clone();
            async move {
                let ids = library.select_meeting(&demands, Ordering::Oldest, None).await.unwrap();
                let media = library.media_by_ids(&ids).await.unwrap();
                media.into_iter().map(|medium| medium.name).collect::<Vec<_>>()
            }
        };
        let stars = MediaFilter { min_rating: Some(4), ..MediaFilter::default() };
        let video = MediaFilter { kinds: vec![MediaKind::Video], ..MediaFilter::default() };
        let either = vec![vec![stars.clone()], vec![video.clone()]];
        let both = vec![vec![stars.clone(), video]];
        assert_eq!(names(vec![]).await.len(), 3);
        assert_eq!(names(vec![Demand { not: false, any: either.clone() }]).await, ["a.jpg", "c.mp4"]);
        assert_eq!(names(vec![Demand { not: true, any: either }]).await, ["b.jpg"]);
        assert!(names(vec![Demand { not: false, any: both }]).await.is_empty());
        // What is not rated has not four stars.
        assert_eq!(names(vec![Demand { not: true, any: vec![vec![stars]] }]).await, ["b.jpg", "c.mp4"]);
        assert!(names(vec![Demand { not: false, any: vec![] }]).await.is_empty());
    }
}

//! What models wrote about pictures.
//!
//! There is one caption a medium and model, and of several the one counts whose model made the medium's current result;
//! the others stay, so that going back to a model costs nothing. What the user wrote about a medium takes the place of any
//! caption: it is never overwritten, and no caption of that medium is shown or searched.

use std::collections::{BTreeSet, HashMap};

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::jobs::{self, Job, JobKind, ModelKey};
use super::{Library, LibraryError, MediaId, Part, Result, Tx, select, touch, unix_now};

/// What a model wrote about a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// A few words.
    pub title: String,
    /// One plain sentence.
    pub sentence: String,
    /// Words to find it by.
    pub tags: Vec<String>,
}

/// A caption with who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenCaption {
    /// What was written.
    pub caption: Caption,
    /// Code of its language, such as `de`.
    pub language: String,
    /// The model.
    pub model: String,
    /// Which weights; empty where nobody knows.
    pub version: String,
    /// When, Unix seconds.
    pub written: i64,
    /// It is the one that counts.
    pub current: bool,
}

#[derive(FromRow)]
struct Row {
    media_id: MediaId,
    model: String,
    version: String,
    language: String,
    title: String,
    sentence: String,
    tags: String,
    written: i64,
    current: bool,
}

/// Captions (`c`); of each whether it is the one that counts.
const SELECT: &str = "SELECT c.media_id, c.model, c.version, c.language, c.title, c.sentence, c.tags, c.written, \
     EXISTS (SELECT 1 FROM media_results r WHERE r.media_id = c.media_id AND r.kind = 'caption' AND r.model = c.model) \
     AND NOT EXISTS (SELECT 1 FROM annotations a WHERE a.media_id = c.media_id AND a.field = 'description') AS current \
     FROM captions c WHERE c.media_id IN (";

impl Library {
    /// Stores what a job wrote and ends the job. What other models wrote stays.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`] when the job is no longer the caller's.
    pub async fn store_caption(&self, job: &Job, model: &ModelKey, language: &str, caption: &Caption) -> Result<()> {
        let id = job.medium()?;
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, Some(model)).await?;
        sqlx::query(
            "INSERT INTO captions (media_id, model, version, settings, language, title, sentence, tags, stale, written) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9) ON CONFLICT (media_id, model) DO UPDATE SET \
             version = excluded.version, settings = excluded.settings, language = excluded.language, \
             title = excluded.title, sentence = excluded.sentence, tags = excluded.tags, stale = 0, \
             written = excluded.written",
        )
        .bind(id)
        .bind(&model.name)
        .bind(&model.version)
        .bind(&model.settings)
        .bind(language)
        .bind(&caption.title)
        .bind(&caption.sentence)
        .bind(serde_json::to_string(&caption.tags)?)
        .bind(unix_now())
        .execute(&mut *tx)
        .await?;
        changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends a job whose caption is there already, from when this model was used before. Says whether it is.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`] when the job is no longer the caller's.
    pub async fn adopt_caption(&self, job: &Job, model: &ModelKey) -> Result<bool> {
        let id = job.medium()?;
        let mut tx = self.begin().await?;
        let sql = "SELECT EXISTS (SELECT 1 FROM captions WHERE media_id = $1 AND model = $2 AND version = $3 \
                   AND settings = $4 AND stale = 0)";
        let there = sqlx::query_scalar(sql).bind(id).bind(&model.name).bind(&model.version).bind(&model.settings);
        let there: bool = there.fetch_one(&mut *tx).await?;
        if !there {
            return Ok(false);
        }
        jobs::finish(&mut tx, job, Some(model)).await?;
        changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Has this model write about a medium again, before everything else that waits. What it wrote stays until then.
    pub async fn write_caption_again(&self, id: MediaId, model: &ModelKey) -> Result<()> {
        let sql = "UPDATE captions SET stale = 1 WHERE media_id = $1 AND model = $2";
        sqlx::query(sql).bind(id).bind(&model.name).execute(&self.write).await?;
        self.queue_first(JobKind::Caption, model, id).await
    }

    /// Deletes what a model wrote about a medium. It counts as written, so that it does not come back by itself while this
    /// model is in use.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] when the model wrote nothing about it.
    pub async fn delete_caption(&self, id: MediaId, model: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let sql = "DELETE FROM captions WHERE media_id = $1 AND model = $2";
        let deleted = sqlx::query(sql).bind(id).bind(model).execute(&mut *tx).await?;
        if deleted.rows_affected() == 0 {
            return Err(LibraryError::NotFound { what: "caption", key: format!("{model} of {id}") });
        }
        changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Everything that models wrote about a medium, the one that counts first.
    pub async fn captions(&self, id: MediaId) -> Result<Vec<WrittenCaption>> {
        let mut captions = self.caption_rows(&[id]).await?.remove(&id).unwrap_or_default();
        captions.sort_by_key(|caption| (!caption.current, -caption.written));
        Ok(captions)
    }

    /// The captions that count, of these media.
    pub(super) async fn current_captions(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Caption>> {
        let rows = self.caption_rows(ids).await?.into_iter();
        let current =
            |captions: Vec<WrittenCaption>| captions.into_iter().find(|written| written.current).map(|c| c.caption);
        Ok(rows.filter_map(|(id, captions)| Some((id, current(captions)?))).collect())
    }

    async fn caption_rows(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Vec<WrittenCaption>>> {
        let mut query = QueryBuilder::<Sqlite>::new(SELECT);
        select::push_ids(&mut query, ids);
        query.push(") ORDER BY c.media_id, c.model");
        let mut captions: HashMap<MediaId, Vec<WrittenCaption>> = HashMap::new();
        for row in query.build_query_as::<Row>().fetch_all(&self.read).await? {
            let caption = Caption { title: row.title, sentence: row.sentence, tags: serde_json::from_str(&row.tags)? };
            captions.entry(row.media_id).or_default().push(WrittenCaption {
                caption,
                language: row.language,
                model: row.model,
                version: row.version,
                written: row.written,
                current: row.current,
            });
        }
        Ok(captions)
    }

    /// The language of most captions, if there are any.
    pub async fn language_of_captions(&self) -> Result<Option<String>> {
        let sql = "SELECT language FROM captions GROUP BY language ORDER BY COUNT(*) DESC, language LIMIT 1";
        Ok(sqlx::query_scalar(sql).fetch_optional(&self.read).await?)
    }
}

/// Deletes captions that mention a name; they are written anew without it.
pub(super) async fn forget_name(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Ok(());
    }
    let sql = "SELECT DISTINCT media_id FROM captions WHERE title LIKE $1 OR sentence LIKE $1 OR tags LIKE $1";
    let media: Vec<MediaId> = sqlx::query_scalar(sql).bind(format!("%{name}%")).fetch_all(&mut **tx).await?;
    for id in media {
        sqlx::query("DELETE FROM captions WHERE media_id = $1").bind(id).execute(&mut **tx).await?;
        set_aside(tx, id).await?;
    }
    Ok(())
}

/// Sets the captions of a medium aside that mention somebody who is not in it any more, by one of `names`; they are written
/// anew. Until then none counts: a wrong name is not shown, and nothing is found by it.
pub(super) async fn set_aside_wrong(tx: &mut Tx<'_>, id: MediaId, names: &BTreeSet<String>) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM captions WHERE media_id = $1 AND (title LIKE $2 OR sentence LIKE $2 OR tags LIKE $2)) \
               AND NOT EXISTS (SELECT 1 FROM media_people mp JOIN people p ON p.id = mp.person_id \
               WHERE mp.media_id = $1 AND p.name = $3)";
    for name in names {
        let wrong = sqlx::query_scalar(sql).bind(id).bind(format!("%{name}%")).bind(name);
        if wrong.fetch_one(&mut **tx).await? {
            return set_aside(tx, id).await;
        }
    }
    Ok(())
}

/// Has the captions of a medium written anew. What is there is kept, and does not count.
async fn set_aside(tx: &mut Tx<'_>, id: MediaId) -> Result<()> {
    sqlx::query("UPDATE captions SET stale = 1 WHERE media_id = $1").bind(id).execute(&mut **tx).await?;
    let sql = "DELETE FROM media_results WHERE media_id = $1 AND kind = 'caption'";
    sqlx::query(sql).bind(id).execute(&mut **tx).await?;
    changed(tx, id).await
}

/// Has the indexes take the medium in again.
async fn changed(tx: &mut Tx<'_>, id: MediaId) -> Result<()> {
    sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut **tx).await?;
    touch(tx, Part::Contents).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::jobs::tests::{file, medium, model};
    use crate::library::jobs::{Claimant, Offer};
    use crate::library::media::{NewMedium, NewPerson};
    use crate::library::people::change::Action;

    async fn write(library: &Library, key: &ModelKey, sentence: &str) {
        library.queue_lacking(JobKind::Caption, key).await.unwrap();
        let offer = Offer { kind: JobKind::Caption, model: Some(key.clone()), limit: 9, floor: i64::MIN };
        let claimant = Claimant { owner: "test", now: i64::MAX / 2, until: i64::MAX };
        for job in library.claim_jobs(&[offer], claimant).await.unwrap() {
            if !library.adopt_caption(&job, key).await.unwrap() {
                let caption = Caption { title: "T".into(), sentence: sentence.into(), tags: vec!["boat".into()] };
                library.store_caption(&job, key, "en", &caption).await.unwrap();
            }
        }
    }

    async fn current(library: &Library, id: MediaId) -> Option<String> {
        library.documents(&[id]).await.unwrap().remove(0).caption.map(|caption| caption.sentence)
    }

    #[tokio::test]
    async fn the_model_in_use_counts_the_user_goes_first_and_what_was_written_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
        let id = library.add_medium("a.jpg").await;
        let (one, two) = (ModelKey { name: "one".into(), ..model("1") }, ModelKey { name: "two".into(), ..model("1") });
        write(&library, &one, "A boat.").await;
        write(&library, &two, "Ida in a boat.").await;
        assert_eq!(current(&library, id).await.as_deref(), Some("Ida in a boat."));
        write(&library, &one, "Never asked for.").await;
        assert_eq!(current(&library, id).await.as_deref(), Some("A boat."));
        assert_eq!(library.captions(id).await.unwrap().len(), 2);
        let newer = ModelKey { version: "2".into(), ..one.clone() };
        write(&library, &newer, "A red boat.").await;
        assert_eq!(current(&library, id).await.as_deref(), Some("A red boat."));
        library.annotate(&[id], Some("mine")).await.unwrap();
        assert_eq!(current(&library, id).await, None);
        library.annotate(&[id], None).await.unwrap();
        library.write_caption_again(id, &newer).await.unwrap();
        assert_eq!(current(&library, id).await.as_deref(), Some("A red boat."), "it stays until there is another");
        write(&library, &newer, "A boat again.").await;
        assert_eq!(current(&library, id).await.as_deref(), Some("A boat again."));
        assert_eq!(library.language_of_captions().await.unwrap().as_deref(), Some("en"));
    }

    #[tokio::test]
    async fn a_deleted_caption_comes_back_only_when_it_is_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
        let id = library.add_medium("a.jpg").await;
        let (one, two) = (ModelKey { name: "one".into(), ..model("1") }, ModelKey { name: "two".into(), ..model("1") });
        write(&library, &one, "A boat.").await;
        write(&library, &two, "A whale.").await;
        library.delete_caption(id, "two").await.unwrap();
        assert!(matches!(library.delete_caption(id, "two").await, Err(LibraryError::NotFound { .. })));
        write(&library, &two, "A whale again.").await;
        assert_eq!(current(&library, id).await, None, "neither again nor another model's in its place");
        assert_eq!(library.captions(id).await.unwrap().len(), 1);
        library.write_caption_again(id, &two).await.unwrap();
        write(&library, &two, "A boat after all.").await;
        assert_eq!(current(&library, id).await.as_deref(), Some("A boat after all."));
    }

    #[tokio::test]
    async fn a_caption_with_a_name_that_was_put_right_counts_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
        let region = NewPerson { name: "Ida".into(), pet: false, area: None, source: "xmp".into() };
        let ida = NewMedium { people: vec![region], ..medium("a.jpg") };
        let id = library.store_medium(&file("a.jpg"), &ida).await.unwrap();
        let other = library.add_medium("b.jpg").await;
        write(&library, &model("1"), "Ida in a boat.").await;
        let person = library.person_called("ida").await.unwrap().unwrap();
        let nickname = Some("Idchen".to_owned());
        let described =
            Action::Describe { person, nickname, born: None, relation: None, hidden: None, favourite: None, pet: None };
        library.change_people(&described).await.unwrap();
        assert!(current(&library, id).await.is_some(), "her name is the same");
        library.change_people(&Action::Rename { person, name: "Anna".into() }).await.unwrap();
        assert_eq!(current(&library, id).await, None);
        assert!(current(&library, other).await.is_some(), "she is not in that one");
        write(&library, &model("1"), "Anna in a boat.").await;
        assert_eq!(current(&library, id).await.as_deref(), Some("Anna in a boat."));
    }

    #[tokio::test]
    async fn captions_with_a_forgotten_name_go_and_are_due_again() {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
        let id = library.add_medium("a.jpg").await;
        write(&library, &model("1"), "Ida in a boat.").await;
        let mut tx = library.begin().await.unwrap();
        forget_name(&mut tx, "Jonas").await.unwrap();
        tx.commit().await.unwrap();
        assert!(current(&library, id).await.is_some());
        let mut tx = library.begin().await.unwrap();
        forget_name(&mut tx, "Ida").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(library.captions(id).await.unwrap(), []);
        assert_eq!(library.queue_lacking(JobKind::Caption, &model("1")).await.unwrap(), 1);
    }
}

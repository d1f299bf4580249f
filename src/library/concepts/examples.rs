//! What the user said of pictures: they belong to a concept or they do not. Every change is a version to go back to.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::{Concept, not_found};
use crate::library::{ConceptId, Library, LibraryError, MediaId, Part, Result, Tx, touch, unix_now};

/// Examples and counter-examples of one concept at the most: enough for any concept, and learned from in a moment.
pub const MOST_EXAMPLES: usize = 600;

/// What is said of pictures at once.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// They belong.
    pub belonging: Vec<MediaId>,
    /// They do not.
    pub others: Vec<MediaId>,
    /// Nothing is said of them any more.
    pub neither: Vec<MediaId>,
}

/// An example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Example {
    /// The medium.
    pub id: MediaId,
    /// Whether it belongs.
    pub belongs: bool,
}

/// The examples as they were after a change.
#[derive(Debug, Clone, FromRow)]
pub struct Version {
    /// Counts from 0.
    pub version: i64,
    /// The version that it was made from.
    pub parent: Option<i64>,
    /// When, Unix seconds.
    pub made: i64,
    /// What was changed.
    pub summary: String,
}

impl Library {
    /// The examples whose media are in the library, in the order of their identifiers.
    pub async fn concept_examples(&self, id: ConceptId) -> Result<Vec<Example>> {
        let sql = "SELECT m.id, e.belongs <> 0 AS belongs FROM concept_examples e JOIN media m ON m.hash = e.hash \
                   WHERE e.concept_id = $1 ORDER BY m.id";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// Says of pictures whether they belong: a new version, which is in force. Returns its number.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] for a concept or medium that is not there, [`LibraryError::Refused`] for too many.
    pub async fn say_of_concept(&self, id: ConceptId, said: &Said) -> Result<i64> {
        let mut tx = self.begin().await?;
        let version = say(&mut tx, id, said).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// The versions of a concept's examples, the last made first.
    pub async fn concept_versions(&self, id: ConceptId) -> Result<Vec<Version>> {
        let sql =
            "SELECT version, parent, made, summary FROM concept_versions WHERE concept_id = $1 ORDER BY version DESC";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// Puts a version in force; the others stay, so that this can be taken back too.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] when there is no such version.
    pub async fn restore_concept(&self, id: ConceptId, version: i64) -> Result<()> {
        let mut tx = self.begin().await?;
        let sql = "SELECT examples FROM concept_versions WHERE concept_id = $1 AND version = $2";
        let examples: Option<String> = sqlx::query_scalar(sql).bind(id).bind(version).fetch_optional(&mut *tx).await?;
        let examples =
            examples.ok_or_else(|| LibraryError::NotFound { what: "version", key: format!("{version} of {id}") })?;
        write(&mut tx, id, &serde_json::from_str::<Vec<(String, bool)>>(&examples)?.into_iter().collect()).await?;
        let sql = "UPDATE concepts SET version = $2 WHERE id = $1";
        sqlx::query(sql).bind(id).bind(version).execute(&mut *tx).await?;
        touch(&mut tx, Part::Concepts).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes back the last change that is in force; returns the version that is in force then.
    ///
    /// # Errors
    /// [`LibraryError::Refused`] when nothing was changed yet.
    pub async fn undo_concept(&self, id: ConceptId) -> Result<i64> {
        let Concept { version, .. } = self.concept(id).await?;
        let sql = "SELECT parent FROM concept_versions WHERE concept_id = $1 AND version = $2";
        let parent: Option<Option<i64>> =
            sqlx::query_scalar(sql).bind(id).bind(version).fetch_optional(&self.read).await?;
        let parent = parent.flatten().ok_or_else(|| LibraryError::Refused("there is nothing to take back".into()))?;
        self.restore_concept(id, parent).await?;
        Ok(parent)
    }
}

/// Adds what is said to the examples.
pub(super) async fn say(tx: &mut Tx<'_>, id: ConceptId, said: &Said) -> Result<i64> {
    let mut known = known(tx, id).await?;
    for (media, belongs) in [(&said.belonging, Some(true)), (&said.others, Some(false)), (&said.neither, None)] {
        for medium in media {
            let hash = hash(tx, *medium).await?;
            match belongs {
                Some(belongs) => known.insert(hash, belongs),
                None => known.remove(&hash),
            };
        }
    }
    if known.len() > MOST_EXAMPLES {
        return Err(LibraryError::Refused(format!("a concept has at most {MOST_EXAMPLES} examples")));
    }
    record(tx, id, &known, &summary(said)).await
}

async fn known(tx: &mut Tx<'_>, id: ConceptId) -> Result<BTreeMap<String, bool>> {
    let sql = "SELECT hash, belongs <> 0 FROM concept_examples WHERE concept_id = $1";
    let rows: Vec<(String, bool)> = sqlx::query_as(sql).bind(id).fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().collect())
}

async fn hash(tx: &mut Tx<'_>, id: MediaId) -> Result<String> {
    let sql = "SELECT hash FROM media WHERE id = $1";
    let hash: Option<String> = sqlx::query_scalar(sql).bind(id).fetch_optional(&mut **tx).await?;
    hash.ok_or_else(|| LibraryError::NotFound { what: "medium", key: id.to_string() })
}

/// Writes the examples down as a new version that is in force.
async fn record(tx: &mut Tx<'_>, id: ConceptId, examples: &BTreeMap<String, bool>, summary: &str) -> Result<i64> {
    let sql = "SELECT c.version, (SELECT MAX(v.version) FROM concept_versions v WHERE v.concept_id = c.id) \
               FROM concepts c WHERE c.id = $1";
    let row: Option<(i64, i64)> = sqlx::query_as(sql).bind(id).fetch_optional(&mut **tx).await?;
    let (parent, last) = row.ok_or_else(|| not_found(id))?;
    let version = last + 1;
    let sql = "INSERT INTO concept_versions (concept_id, version, parent, made, summary, examples) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let made = sqlx::query(sql).bind(id).bind(version).bind(parent).bind(unix_now()).bind(summary);
    let list: Vec<(&String, &bool)> = examples.iter().collect();
    made.bind(serde_json::to_string(&list)?).execute(&mut **tx).await?;
    write(tx, id, examples).await?;
    sqlx::query("UPDATE concepts SET version = $2 WHERE id = $1").bind(id).bind(version).execute(&mut **tx).await?;
    touch(tx, Part::Concepts).await?;
    Ok(version)
}

async fn write(tx: &mut Tx<'_>, id: ConceptId, examples: &BTreeMap<String, bool>) -> Result<()> {
    sqlx::query("DELETE FROM concept_examples WHERE concept_id = $1").bind(id).execute(&mut **tx).await?;
    for (hash, belongs) in examples {
        let sql = "INSERT INTO concept_examples (concept_id, hash, belongs) VALUES ($1, $2, $3)";
        sqlx::query(sql).bind(id).bind(hash).bind(i64::from(*belongs)).execute(&mut **tx).await?;
    }
    Ok(())
}

fn summary(said: &Said) -> String {
    let part = |media: &[MediaId], word: &str| (!media.is_empty()).then(|| format!("{} {word}", media.len()));
    let parts =
        [part(&said.belonging, "belong"), part(&said.others, "do not"), part(&said.neither, "no longer an example")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "Nothing".to_owned() } else { parts.join(", ") }
}

//! Concepts: what the user teaches by examples ("our cabin"), and the built-in ones of the same kind.
//!
//! A concept has a name, examples and counter-examples ([`examples`]: the user's words, in versions that can be gone back
//! to), probes learned from them, and a certainty for each medium ([`scores`]). [`weak`] finds what the library says already
//! for the built-in ones. What must stay true: certainties are those of one probe, named by `concepts.probe`; they are
//! replaced all at once, so that two probes never meet in one ranking; what the user said of a picture is certain.
//! Learning is left to `perception::concepts`.

pub mod examples;
pub mod scores;
#[cfg(test)]
mod tests;
pub mod weak;

use sqlx::FromRow;

use self::examples::Said;
use super::{ConceptId, Library, LibraryError, MediaId, Part, ProbeId, Result, Tx, fold, touch, unix_now};

/// Longest name, characters.
const LONGEST_NAME: usize = 80;

/// A concept.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Concept {
    /// Identifier.
    pub id: ConceptId,
    /// Which built-in one it is: see [`weak::Builtin`].
    pub builtin: Option<String>,
    /// Its name.
    pub name: String,
    /// What belongs to it is kept from others.
    pub hides: bool,
    /// Certainty from which a medium belongs.
    pub threshold: f64,
    /// The version of its examples that is in force.
    pub version: i64,
    /// The probe whose certainties are stored.
    pub probe: Option<ProbeId>,
    /// Why nothing could be learned, for a person to read.
    pub problem: Option<String>,
}

/// A concept with how much there is of it.
#[derive(Debug, Clone, FromRow)]
pub struct ConceptSummary {
    /// The concept.
    #[sqlx(flatten)]
    pub concept: Concept,
    /// Pictures of which the user said that they belong.
    pub belonging: i64,
    /// And that they do not.
    pub others: i64,
    /// Media that belong.
    pub count: i64,
}

const COLUMNS: &str = "c.id, c.builtin, c.name, c.hides <> 0 AS hides, c.threshold, c.version, c.probe, c.problem";

impl Library {
    /// Every concept, the user's own first, each by its name.
    pub async fn concepts(&self) -> Result<Vec<ConceptSummary>> {
        let sql = format!(
            "SELECT {COLUMNS}, \
             (SELECT COUNT(*) FROM concept_examples e WHERE e.concept_id = c.id AND e.belongs = 1) AS belonging, \
             (SELECT COUNT(*) FROM concept_examples e WHERE e.concept_id = c.id AND e.belongs = 0) AS others, \
             (SELECT COUNT(*) FROM concept_scores s JOIN media m ON m.id = s.media_id AND m.live_of IS NULL \
              WHERE s.concept_id = c.id AND s.certainty >= c.threshold) AS count \
             FROM concepts c ORDER BY c.builtin IS NOT NULL, c.folded"
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await?)
    }

    /// One concept.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`].
    pub async fn concept(&self, id: ConceptId) -> Result<Concept> {
        let sql = format!("SELECT {COLUMNS} FROM concepts c WHERE c.id = $1");
        let found = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.read).await?;
        found.ok_or_else(|| not_found(id))
    }

    /// The concept of this name, however it is written.
    pub async fn concept_called(&self, name: &str) -> Result<Option<ConceptId>> {
        let sql = "SELECT id FROM concepts WHERE folded = $1";
        Ok(sqlx::query_scalar(sql).bind(fold(name)).fetch_optional(&self.read).await?)
    }

    /// Makes a concept with its first examples.
    ///
    /// # Errors
    /// [`LibraryError::Refused`] when the name is empty, too long or taken, or there are too many examples;
    /// [`LibraryError::NotFound`] for a medium that is not there. Then nothing was made.
    pub async fn create_concept(&self, name: &str, said: &Said) -> Result<ConceptId> {
        let mut tx = self.begin().await?;
        let id = insert(&mut tx, name, None, false).await?;
        examples::say(&mut tx, id, said).await?;
        touch(&mut tx, Part::Concepts).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes the built-in concepts that are not there yet.
    pub async fn ensure_builtin_concepts(&self) -> Result<()> {
        let known: Vec<String> =
            sqlx::query_scalar("SELECT builtin FROM concepts WHERE builtin IS NOT NULL").fetch_all(&self.read).await?;
        for builtin in weak::Builtin::ALL.into_iter().filter(|builtin| !known.iter().any(|name| name == builtin.name()))
        {
            let mut tx = self.begin().await?;
            let title = builtin.title();
            // The user may have one of that name.
            let sql = "SELECT EXISTS (SELECT 1 FROM concepts WHERE folded = $1)";
            let taken: bool = sqlx::query_scalar(sql).bind(fold(title)).fetch_one(&mut *tx).await?;
            let title = if taken { format!("{title} (built-in)") } else { title.to_owned() };
            insert(&mut tx, &title, Some(builtin), builtin == weak::Builtin::Nudity).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Gives a concept another name.
    ///
    /// # Errors
    /// As [`Self::create_concept`], and [`LibraryError::NotFound`].
    pub async fn rename_concept(&self, id: ConceptId, name: &str) -> Result<()> {
        let name = checked_name(name)?;
        let mut tx = self.begin().await?;
        refuse_taken(&mut tx, &name, Some(id)).await?;
        let sql = "UPDATE concepts SET name = $2, folded = $3 WHERE id = $1";
        let done = sqlx::query(sql).bind(id).bind(&name).bind(fold(&name)).execute(&mut *tx).await?;
        if done.rows_affected() == 0 {
            return Err(not_found(id));
        }
        index_anew(&mut tx, id, 0.0, 2.0).await?;
        touch(&mut tx, Part::Concepts).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says whether what belongs is kept from others.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`].
    pub async fn hide_concept(&self, id: ConceptId, hides: bool) -> Result<()> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE concepts SET hides = $2 WHERE id = $1";
        let done = sqlx::query(sql).bind(id).bind(i64::from(hides)).execute(&mut *tx).await?;
        if done.rows_affected() == 0 {
            return Err(not_found(id));
        }
        touch(&mut tx, Part::Concepts).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Moves the certainty from which a medium belongs, 0–1.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or [`LibraryError::Refused`] outside 0.01–0.99.
    pub async fn move_concept_threshold(&self, id: ConceptId, threshold: f64) -> Result<()> {
        if !(0.01..=0.99).contains(&threshold) {
            return Err(LibraryError::Refused("a threshold lies between 0.01 and 0.99".into()));
        }
        let mut tx = self.begin().await?;
        let sql = "SELECT threshold FROM concepts WHERE id = $1";
        let known: Option<f64> = sqlx::query_scalar(sql).bind(id).fetch_optional(&mut *tx).await?;
        let known = known.ok_or_else(|| not_found(id))?;
        let sql = "UPDATE concepts SET threshold = $2 WHERE id = $1";
        sqlx::query(sql).bind(id).bind(threshold).execute(&mut *tx).await?;
        index_anew(&mut tx, id, known.min(threshold), known.max(threshold)).await?;
        touch(&mut tx, Part::Concepts).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes a concept with all that was said and learned of it; its pictures stay.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or [`LibraryError::Refused`] for a built-in one.
    pub async fn delete_concept(&self, id: ConceptId) -> Result<()> {
        let mut tx = self.begin().await?;
        index_anew(&mut tx, id, 0.0, 2.0).await?;
        let sql = "DELETE FROM concepts WHERE id = $1 AND builtin IS NULL";
        if sqlx::query(sql).bind(id).execute(&mut *tx).await?.rows_affected() == 0 {
            let sql = "SELECT EXISTS (SELECT 1 FROM concepts WHERE id = $1)";
            let there: bool = sqlx::query_scalar(sql).bind(id).fetch_one(&mut *tx).await?;
            let builtin =
                LibraryError::Refused("a built-in concept stays; move its threshold or hide what it finds".into());
            return Err(if there { builtin } else { not_found(id) });
        }
        touch(&mut tx, Part::Concepts).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn not_found(id: ConceptId) -> LibraryError {
    LibraryError::NotFound { what: "concept", key: id.to_string() }
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || fold(&name).is_empty() {
        return Err(LibraryError::Refused("a concept needs a name".into()));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(LibraryError::Refused(format!("a name has at most {LONGEST_NAME} characters")));
    }
    Ok(name)
}

async fn refuse_taken(tx: &mut Tx<'_>, name: &str, but: Option<ConceptId>) -> Result<()> {
    let sql = "SELECT id FROM concepts WHERE folded = $1";
    let taken: Option<ConceptId> = sqlx::query_scalar(sql).bind(fold(name)).fetch_optional(&mut **tx).await?;
    match taken {
        Some(id) if Some(id) != but => Err(LibraryError::Refused(format!("there is a concept called {name} already"))),
        _ => Ok(()),
    }
}

async fn insert(tx: &mut Tx<'_>, name: &str, builtin: Option<weak::Builtin>, hides: bool) -> Result<ConceptId> {
    let name = checked_name(name)?;
    refuse_taken(tx, &name, None).await?;
    let id = ConceptId::new();
    let sql =
        "INSERT INTO concepts (id, builtin, name, folded, hides, version, created) VALUES ($1, $2, $3, $4, $5, 0, $6)";
    let made = sqlx::query(sql).bind(id).bind(builtin.map(weak::Builtin::name)).bind(&name).bind(fold(&name));
    made.bind(i64::from(hides)).bind(unix_now()).execute(&mut **tx).await?;
    let sql = "INSERT INTO concept_versions (concept_id, version, parent, made, summary, examples) \
               VALUES ($1, 0, NULL, $2, 'Made', '[]')";
    sqlx::query(sql).bind(id).bind(unix_now()).execute(&mut **tx).await?;
    Ok(id)
}

/// Has the word index take in again the media whose certainty is at least `from` and below `to`.
async fn index_anew(tx: &mut Tx<'_>, id: ConceptId, from: f64, to: f64) -> Result<()> {
    let sql = "UPDATE media SET version = version + 1 WHERE id IN \
               (SELECT s.media_id FROM concept_scores s WHERE s.concept_id = $1 AND s.certainty >= $2 AND s.certainty < $3)";
    sqlx::query(sql).bind(id).bind(from).bind(to).execute(&mut **tx).await?;
    Ok(())
}

/// A medium with how certain it is that it belongs.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct Member {
    /// The medium.
    pub id: MediaId,
    /// 0–1.
    pub certainty: f64,
}

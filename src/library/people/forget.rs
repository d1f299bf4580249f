//! Deleting what identifies a person: vectors, boxes' owners, names and what was recorded of them; the pictures stay.
//!
//! It cannot be undone, and it leaves a report of what was there before and what is there after. Deleted rows are
//! overwritten, not just unlinked, and the journal is written back, so that neither holds the vectors any longer. Where a
//! face was stays known, without anything that identifies it, so that looking at the picture again does not make it anew;
//! of the names only digests stay, so that files which still carry them do not bring them back.

use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite};
use utoipa::ToSchema;

use super::written::{derive, digest};
use crate::library::{FaceId, Library, LibraryError, MediaId, Part, PersonId, Result, Tx, captions, touch};

/// Which rows are about a person, before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Traces {
    /// Vectors of faces.
    pub vectors: i64,
    /// Descriptions of what they wear.
    pub clothes: i64,
    /// Faces that belong to them.
    pub faces: i64,
    /// Media that name them.
    pub media: i64,
    /// Names of theirs, and media whose files were read to say them.
    pub names: i64,
    /// Values read from files that are their name.
    pub values: i64,
    /// Records of changes to them.
    pub changes: i64,
}

/// What was deleted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Forgotten {
    /// Who.
    pub person: PersonId,
    /// What there was.
    pub before: Traces,
    /// What there is: zeros.
    pub after: Traces,
    /// Media that stay, and are indexed anew without the name.
    pub media: Vec<MediaId>,
    /// The faces, whose crops are to be removed.
    #[serde(skip)]
    pub faces: Vec<FaceId>,
    /// Conversations that mention the name; they are the user's own words and are kept.
    pub conversations: i64,
    /// Descriptions that mention the name; they are kept.
    pub descriptions: i64,
}

impl Library {
    /// Deletes what identifies a person. The pictures stay.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`].
    pub async fn forget_person(&self, id: PersonId) -> Result<Forgotten> {
        // One connection writes, so this holds for the transaction that follows.
        sqlx::query("PRAGMA secure_delete = ON").execute(&self.write).await?;
        let forgotten = self.forget_rows(id).await;
        sqlx::query("PRAGMA secure_delete = OFF").execute(&self.write).await?;
        let forgotten = forgotten?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.write).await?;
        Ok(forgotten)
    }

    async fn forget_rows(&self, id: PersonId) -> Result<Forgotten> {
        let mut tx = self.begin().await?;
        let name: Option<String> =
            sqlx::query_scalar("SELECT name FROM people WHERE id = $1").bind(id).fetch_optional(&mut *tx).await?;
        let name = name.ok_or_else(|| LibraryError::NotFound { what: "person", key: id.to_string() })?;
        let names: Vec<(String, String)> = sqlx::query_as(
            "SELECT folded, name FROM person_names WHERE person_id = $1 UNION SELECT folded, name FROM people \
             WHERE id = $1 AND name <> ''",
        )
        .bind(id)
        .fetch_all(&mut *tx)
        .await?;
        let before = traces(&mut tx, id, &names).await?;
        let faces: Vec<FaceId> =
            sqlx::query_scalar("SELECT id FROM faces WHERE person_id = $1").bind(id).fetch_all(&mut *tx).await?;
        let media = media_of(&mut tx, id, &names).await?;
        delete(&mut tx, id, &names).await?;
        for id in &media {
            derive(&mut tx, *id).await?;
            // Also where the relation did not change, the values did.
            sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut *tx).await?;
        }
        for (_, name) in &names {
            captions::forget_name(&mut tx, name).await?;
        }
        let after = traces(&mut tx, id, &names).await?;
        let like = format!("%{name}%");
        let mentions = |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).bind(like.clone());
        let (conversations, descriptions) = if name.is_empty() {
            (0, 0)
        } else {
            let turns = "SELECT COUNT(DISTINCT conversation_id) FROM turns WHERE question LIKE $1 OR answer LIKE $1";
            let texts = "SELECT COUNT(*) FROM media WHERE description LIKE $1 OR title LIKE $1";
            (mentions(turns).fetch_one(&mut *tx).await?, mentions(texts).fetch_one(&mut *tx).await?)
        };
        touch(&mut tx, Part::Faces).await?;
        tx.commit().await?;
        self.counts.outdate();
        Ok(Forgotten { person: id, before, after, media, faces, conversations, descriptions })
    }
}

type Names = [(String, String)];

async fn media_of(tx: &mut Tx<'_>, id: PersonId, names: &Names) -> Result<Vec<MediaId>> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT media_id FROM media_people WHERE person_id = ");
    query.push_bind(id).push(" UNION SELECT media_id FROM faces WHERE person_id = ").push_bind(id);
    query.push(" UNION SELECT media_id FROM written_people WHERE folded IN (");
    push(&mut query, names.iter().map(|(folded, _)| folded));
    Ok(query.build_query_scalar().fetch_all(&mut **tx).await?)
}

fn push<'n>(query: &mut QueryBuilder<Sqlite>, words: impl Iterator<Item = &'n String>) {
    query.push("NULL");
    for word in words {
        query.push(", ").push_bind(word.clone());
    }
    query.push(")");
}

/// The records of changes that are about a person or mention a name of theirs.
fn push_changes(query: &mut QueryBuilder<Sqlite>, id: PersonId, names: &Names) {
    query.push(" FROM people_changes WHERE deltas LIKE ").push_bind(format!("%{id}%"));
    // A change that changed nothing has no rows to know it by.
    for (_, name) in names.iter().filter(|(_, name)| !name.is_empty()) {
        query.push(" OR (deltas = '[]' AND summary LIKE ").push_bind(format!("%{name}%")).push(")");
    }
}

async fn traces(tx: &mut Tx<'_>, id: PersonId, names: &Names) -> Result<Traces> {
    let (faces, vectors, clothes) =
        sqlx::query_as("SELECT COUNT(*), COUNT(embedding), COUNT(clothes) FROM faces WHERE person_id = $1")
            .bind(id)
            .fetch_one(&mut **tx)
            .await?;
    let media = sqlx::query_scalar("SELECT COUNT(*) FROM media_people WHERE person_id = $1").bind(id);
    let media = media.fetch_one(&mut **tx).await?;
    let mut count = QueryBuilder::<Sqlite>::new("SELECT (SELECT COUNT(*) FROM person_names WHERE folded IN (");
    push(&mut count, names.iter().map(|(folded, _)| folded));
    count.push(") + (SELECT COUNT(*) FROM people WHERE id = ").push_bind(id);
    count.push(") + (SELECT COUNT(*) FROM written_people WHERE folded IN (");
    push(&mut count, names.iter().map(|(folded, _)| folded));
    count.push(")");
    let known = count.build_query_scalar().fetch_one(&mut **tx).await?;
    let mut count = QueryBuilder::<Sqlite>::new("SELECT COUNT(*) FROM media_values WHERE value IN (");
    push(&mut count, names.iter().map(|(_, name)| name));
    let values = count.build_query_scalar().fetch_one(&mut **tx).await?;
    let mut count = QueryBuilder::<Sqlite>::new("SELECT COUNT(*)");
    push_changes(&mut count, id, names);
    let changes = count.build_query_scalar().fetch_one(&mut **tx).await?;
    Ok(Traces { vectors, clothes, faces, media, names: known, values, changes })
}

async fn delete(tx: &mut Tx<'_>, id: PersonId, names: &Names) -> Result<()> {
    let sql = "UPDATE faces SET embedding = NULL, clothes = NULL, state = 'forgotten', person_id = NULL, how = NULL, \
               likeness = NULL, placed = 1 WHERE person_id = $1";
    sqlx::query(sql).bind(id).execute(&mut **tx).await?;
    for (folded, name) in names {
        sqlx::query("INSERT INTO forgotten_names (digest) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(digest(folded))
            .execute(&mut **tx)
            .await?;
        sqlx::query("DELETE FROM media_values WHERE value = $1").bind(name).execute(&mut **tx).await?;
        sqlx::query("DELETE FROM written_people WHERE folded = $1").bind(folded).execute(&mut **tx).await?;
    }
    let mut changes = QueryBuilder::<Sqlite>::new("DELETE");
    push_changes(&mut changes, id, names);
    changes.build().execute(&mut **tx).await?;
    // Names, refusals and the relation to media go with the person.
    sqlx::query("DELETE FROM people WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

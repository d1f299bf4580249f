//! How often everybody is pictured, and what shows them best.
//!
//! Counting goes through every face, so the counts are kept, and those that took long may be a little old ([`Made`]); but
//! what the user says of faces counts at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use sqlx::{FromRow, QueryBuilder, Sqlite, SqlitePool};
use tokio::sync::Mutex;

use super::Person;
use crate::library::revision::Made;
use crate::library::{FaceId, MediaId, PersonId, Result};

/// The face that shows a person best: one the user chose before a found one, then large, frontal and certain.
const BEST_FACE: &str = "(SELECT f2.id FROM faces f2 WHERE f2.person_id = p.id AND f2.state = 'face' ORDER BY \
     CASE f2.how WHEN 'confirmed' THEN 0 WHEN 'metadata' THEN 1 ELSE 2 END, \
     f2.score * (CASE WHEN f2.pixels < 160 THEN f2.pixels / 160.0 ELSE 1 END) * (1.2 - ABS(f2.yaw)) DESC, f2.id LIMIT 1)";

/// How often one person is pictured.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Count {
    id: PersonId,
    count: i64,
    faces: i64,
    face: Option<FaceId>,
    cover: Option<MediaId>,
    first: Option<String>,
    last: Option<String>,
}

impl Count {
    /// Says it of the person.
    pub fn tell(&self, person: &mut Person) {
        let Self { count, faces, face, cover, first, last, .. } = self.clone();
        (person.count, person.faces, person.face, person.cover) = (count, faces, face, cover);
        (person.first, person.last) = (first, last);
    }
}

/// The counts of everybody.
type Counts = Arc<HashMap<PersonId, Count>>;

/// Counts, and what they were made for.
struct Kept {
    counts: Counts,
    revision: i64,
    /// How often the user had said something of faces.
    said: u64,
    made: Made,
}

impl Kept {
    fn holds(&self, revision: i64, said: u64) -> bool {
        self.revision == revision || self.said == said && self.made.rests()
    }
}

/// The counts that are kept. Clones share them.
#[derive(Clone, Default)]
pub(in crate::library) struct KeptCounts {
    kept: Arc<Mutex<Option<Kept>>>,
    said: Arc<AtomicU64>,
}

impl KeptCounts {
    /// The user has said whose faces are whose.
    pub fn outdate(&self) {
        self.said.fetch_add(1, Ordering::SeqCst);
    }

    /// The counts of the library at this revision of who is in which media, or some that are a little older; and whether they
    /// are of this one. Who asks while they are made waits for them.
    pub(super) async fn of(&self, read: &SqlitePool, revision: i64) -> Result<(Counts, bool)> {
        let mut last = self.kept.lock().await;
        let said = self.said.load(Ordering::SeqCst);
        if let Some(kept) = last.as_ref().filter(|kept| kept.holds(revision, said)) {
            return Ok((Arc::clone(&kept.counts), kept.revision == revision));
        }
        let began = Instant::now();
        let mut query = query(None);
        query.push(" GROUP BY p.id HAVING COUNT(m.id) > 0");
        let counts: Vec<Count> = query.build_query_as().fetch_all(read).await?;
        let counts: Counts = Arc::new(counts.into_iter().map(|count| (count.id, count)).collect());
        *last = Some(Kept { counts: Arc::clone(&counts), revision, said, made: Made::since(began) });
        Ok((counts, true))
    }
}

/// How often one person is pictured.
pub(super) async fn of_one(read: &SqlitePool, id: PersonId) -> Result<Option<Count>> {
    let mut query = query(Some(id));
    query.push(" WHERE p.id = ").push_bind(id).push(" GROUP BY p.id");
    Ok(query.build_query_as().fetch_optional(read).await?)
}

/// Everybody, or one person, with the media (`m`) that show them.
fn query(only: Option<PersonId>) -> QueryBuilder<Sqlite> {
    let only = |column: &str| only.map(|id| format!(" AND {column} = '{id}'")).unwrap_or_default();
    QueryBuilder::new(format!(
        "SELECT p.id, COUNT(m.id) AS count, \
         (SELECT COUNT(*) FROM faces f WHERE f.person_id = p.id AND f.state = 'face') AS faces, {BEST_FACE} AS face, \
         MAX(m.id) AS cover, MIN(m.taken) AS first, MAX(m.taken) AS last FROM people p LEFT JOIN \
         (SELECT person_id, media_id FROM media_people WHERE TRUE{} UNION \
          SELECT f.person_id, f.media_id FROM faces f WHERE f.person_id IS NOT NULL AND f.state = 'face'{}) pm \
         ON pm.person_id = p.id LEFT JOIN media m ON m.id = pm.media_id AND m.live_of IS NULL",
        only("person_id"),
        only("f.person_id"),
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn counts_that_took_long_may_be_old_but_not_once_the_user_spoke() {
        let long_ago = Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
        let kept = |made| Kept { counts: Counts::default(), revision: 7, said: 1, made };
        let (quick, slow) = (kept(Made::since(Instant::now())), kept(Made::since(long_ago)));
        assert!(quick.holds(7, 1) && slow.holds(7, 1), "nothing has changed");
        assert!(!quick.holds(8, 1) && slow.holds(8, 1));
        assert!(!slow.holds(8, 2));
    }
}

//! Events: outings, trips and parties, found by `ingest`, shaped by the user.
//!
//! Reading them is here. [`store`] keeps what was found under identities that stay, [`change`] is what the user does to
//! them, [`place`] gives pictures without a position the place of their event.

pub mod change;
mod matching;
mod place;
mod record;
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::select::push_ids;
use super::{EventId, Library, LibraryError, MediaId, PersonId, Result};

/// An event in a list.
#[derive(Debug, Clone, FromRow)]
pub struct EventSummary {
    /// Identifier.
    pub id: EventId,
    /// Name.
    pub name: String,
    /// `event` or `trip`.
    pub kind: String,
    /// Local time of the first medium.
    pub starts: Option<String>,
    /// Local time of the last medium.
    pub ends: Option<String>,
    /// Where it was, as far as its media agree.
    pub place: Option<String>,
    /// Number of media.
    pub count: i64,
    /// The medium that stands for it: the user's choice, else its best-rated.
    pub cover: Option<MediaId>,
    /// The trip that it is part of.
    pub parent: Option<EventId>,
    /// The name is the user's.
    pub named: bool,
}

/// An event to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// The folder that names it, as `folder:/path`; an event found by time and place has none.
    pub origin: Option<String>,
    /// Name.
    pub name: String,
    /// `event` or `trip`.
    pub kind: &'static str,
    /// Local time of the first medium.
    pub starts: Option<String>,
    /// Local time of the last medium.
    pub ends: Option<String>,
    /// Where it was.
    pub place: Option<String>,
    /// Its media.
    pub media: Vec<MediaId>,
    /// The event that it is part of, by its place among those that are stored with it.
    pub within: Option<usize>,
}

/// What the making of events looks at, for one file of a medium.
#[derive(Debug, Clone, FromRow)]
pub struct EventSource {
    /// The medium.
    pub id: MediaId,
    /// A folder that holds it.
    pub folder: String,
    /// Local time.
    pub taken: Option<String>,
    /// The time of the day is known.
    pub timed: bool,
    /// Unix seconds, when known.
    pub instant: Option<i64>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// City.
    pub city: Option<String>,
    /// State, province, Land.
    pub region: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Label of the camera.
    pub camera: Option<String>,
}

/// An event with what is in it. Its media are counted one event after the other: joined, all of them would be sorted.
const SUMMARY: &str = "SELECT e.id, e.name, e.kind, e.starts, e.ends, e.place, e.parent_id AS parent, \
     e.named <> 0 AS named, (SELECT COUNT(*) FROM event_media em JOIN media m ON m.id = em.media_id AND m.live_of IS NULL \
       WHERE em.event_id = e.id) AS count, \
     COALESCE((SELECT c.media_id FROM event_media c WHERE c.event_id = e.id AND c.media_id = e.cover_id), \
      (SELECT em2.media_id FROM event_media em2 JOIN media m2 ON m2.id = em2.media_id \
       WHERE em2.event_id = e.id ORDER BY COALESCE(m2.rating, 0) DESC, m2.taken, m2.name LIMIT 1)) AS cover \
     FROM events e WHERE EXISTS (SELECT 1 FROM event_media h JOIN media n ON n.id = h.media_id AND n.live_of IS NULL \
       WHERE h.event_id = e.id)";
const LATEST_FIRST: &str = "ORDER BY e.starts IS NULL, e.starts DESC, e.name";

impl Library {
    /// Every event, latest first.
    pub async fn events(&self) -> Result<Vec<EventSummary>> {
        let sql = format!("{SUMMARY} {LATEST_FIRST}");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await?)
    }

    /// The events that are part of one, latest first.
    pub async fn events_within(&self, id: EventId) -> Result<Vec<EventSummary>> {
        let sql = format!("{SUMMARY} AND e.parent_id = $1 {LATEST_FIRST}");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(&self.read).await?)
    }

    /// One event.
    pub async fn event(&self, id: EventId) -> Result<EventSummary> {
        let sql = format!("{SUMMARY} AND e.id = $1");
        let event = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.read).await?;
        event.ok_or_else(|| LibraryError::NotFound { what: "event", key: id.to_string() })
    }

    /// What every event is called, and whether it is part of no other; in no order.
    pub async fn event_names(&self) -> Result<Vec<(EventId, String, bool)>> {
        Ok(sqlx::query_as("SELECT id, name, parent_id IS NULL FROM events").fetch_all(&self.read).await?)
    }

    /// The events a medium is part of.
    pub async fn events_of(&self, id: MediaId) -> Result<Vec<(EventId, String)>> {
        let sql = "SELECT e.id, e.name FROM events e JOIN event_media em ON em.event_id = e.id WHERE em.media_id = $1 \
                   ORDER BY e.starts, e.name";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// The trips that media are part of, by themselves or by an event within: the medium and the trip.
    pub async fn trips_of(&self, ids: &[MediaId]) -> Result<Vec<(MediaId, EventId)>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT em.media_id, COALESCE(e.parent_id, e.id) FROM event_media em JOIN events e ON e.id = em.event_id \
             WHERE (e.kind = 'trip' OR e.parent_id IS NOT NULL) AND em.media_id IN (",
        );
        push_ids(&mut query, ids);
        query.push(")");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// What events are made from: one row for each file of each medium.
    pub async fn event_sources(&self) -> Result<Vec<EventSource>> {
        let sql = "SELECT m.id, f.folder, m.taken, m.taken_minute IS NOT NULL AS timed, m.taken_instant AS instant, \
                   m.lat, m.lon, COALESCE(m.city, m.locality) AS city, m.region, m.country, m.camera FROM files f \
                   JOIN media m ON m.id = f.media_id WHERE f.state = 'indexed' ORDER BY f.folder, m.taken, f.name";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// Keywords and descriptions of media: the medium, the words, and whether they are a keyword.
    pub async fn words_of_media(&self) -> Result<Vec<(MediaId, String, bool)>> {
        let sql = "SELECT t.media_id, t.tag, TRUE FROM media_tags t UNION ALL \
                   SELECT m.id, COALESCE((SELECT a.value FROM annotations a WHERE a.media_id = m.id AND a.field = 'description'), m.description), \
                   FALSE FROM media m WHERE m.description IS NOT NULL \
                   OR EXISTS (SELECT 1 FROM annotations a WHERE a.media_id = m.id AND a.field = 'description')";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// Who is in which medium.
    pub async fn people_of_media(&self) -> Result<HashMap<MediaId, Vec<PersonId>>> {
        let rows: Vec<(MediaId, PersonId)> =
            sqlx::query_as("SELECT media_id, person_id FROM media_people ORDER BY media_id, person_id")
                .fetch_all(&self.read)
                .await?;
        let mut people: HashMap<MediaId, Vec<PersonId>> = HashMap::new();
        for (medium, person) in rows {
            people.entry(medium).or_default().push(person);
        }
        Ok(people)
    }
}

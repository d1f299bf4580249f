//! Events: outings, trips and parties, made from folders and dates by `ingest`.

use std::collections::HashMap;

use sqlx::FromRow;

use super::{EventId, Library, MediaId, PersonId, Result, touch};

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
    /// Its best-rated medium.
    pub cover: Option<MediaId>,
}

/// An event to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// What it was made from; the event keeps its identifier while this stays the same.
    pub origin: String,
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
    /// Country.
    pub country: Option<String>,
    /// Label of the camera.
    pub camera: Option<String>,
}

impl Library {
    /// Every event, latest first.
    pub async fn events(&self) -> Result<Vec<EventSummary>> {
        let sql = "SELECT e.id, e.name, e.kind, e.starts, e.ends, e.place, COUNT(m.id) AS count, \
                   (SELECT em2.media_id FROM event_media em2 JOIN media m2 ON m2.id = em2.media_id \
                    WHERE em2.event_id = e.id ORDER BY COALESCE(m2.rating, 0) DESC, m2.taken, m2.name LIMIT 1) AS cover \
                   FROM events e JOIN event_media em ON em.event_id = e.id \
                   JOIN media m ON m.id = em.media_id AND m.live_of IS NULL \
                   GROUP BY e.id, e.name, e.kind, e.starts, e.ends, e.place ORDER BY e.starts IS NULL, e.starts DESC, e.name";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// The events a medium is part of.
    pub async fn events_of(&self, id: MediaId) -> Result<Vec<(EventId, String)>> {
        let sql = "SELECT e.id, e.name FROM events e JOIN event_media em ON em.event_id = e.id WHERE em.media_id = $1 \
                   ORDER BY e.starts, e.name";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// What events are made from: one row for each file of each medium.
    pub async fn event_sources(&self) -> Result<Vec<EventSource>> {
        let sql = "SELECT m.id, f.folder, m.taken, m.taken_minute IS NOT NULL AS timed, m.taken_instant AS instant, \
                   m.lat, m.lon, COALESCE(m.city, m.locality) AS city, m.country, m.camera FROM files f \
                   JOIN media m ON m.id = f.media_id WHERE f.state = 'indexed' ORDER BY f.folder, m.taken, f.name";
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

    /// Replaces all events made from files by `events`; an event whose origin stays keeps its identifier.
    ///
    /// Writes only what differs, so that running it again changes nothing.
    pub async fn replace_events(&self, events: &[NewEvent]) -> Result<()> {
        let mut tx = self.begin().await?;
        let before: Vec<(EventId, String)> =
            sqlx::query_as("SELECT id, origin FROM events").fetch_all(&mut *tx).await?;
        let mut changed = false;
        for (id, origin) in &before {
            if !events.iter().any(|event| event.origin == *origin) {
                sqlx::query(
                    "UPDATE media SET version = version + 1 WHERE id IN (SELECT media_id FROM event_media WHERE event_id = $1)",
                )
                .bind(id)
                .execute(&mut *tx)
                .await?;
                sqlx::query("DELETE FROM events WHERE id = $1").bind(id).execute(&mut *tx).await?;
                changed = true;
            }
        }
        for event in events {
            changed |= store_event(&mut tx, event).await?;
        }
        if changed {
            touch(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Gives media without a position the place that the other media of their event agree on, as far as they agree:
    /// the city, else the region, else the country. A place given so before and no longer agreed on is taken back.
    pub async fn place_by_events(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        type Agreed = (EventId, Option<String>, Option<String>, Option<String>, Option<String>);
        // `MIN = MAX` says that all placed media have the same value.
        let agreed: Vec<Agreed> = sqlx::query_as(
            "SELECT em.event_id, MIN(m.country), MIN(m.country_code), \
             CASE WHEN MIN(m.region) = MAX(m.region) AND COUNT(m.region) = COUNT(*) THEN MIN(m.region) END, \
             CASE WHEN MIN(m.city) = MAX(m.city) AND COUNT(m.city) = COUNT(*) AND MIN(m.region) = MAX(m.region) THEN MIN(m.city) END \
             FROM event_media em JOIN media m ON m.id = em.media_id JOIN events e ON e.id = em.event_id \
             WHERE m.place_source IN ('gps', 'written') GROUP BY em.event_id, e.origin \
             HAVING MIN(m.country_code) = MAX(m.country_code) ORDER BY LENGTH(e.origin), e.origin",
        )
        .fetch_all(&mut *tx)
        .await?;
        let mut wanted: HashMap<MediaId, Agreed> = HashMap::new();
        for place in agreed {
            let members: Vec<MediaId> = sqlx::query_scalar(
                "SELECT m.id FROM media m JOIN event_media em ON em.media_id = m.id WHERE em.event_id = $1 \
                 AND (m.place_source IS NULL OR m.place_source = 'folder')",
            )
            .bind(place.0)
            .fetch_all(&mut *tx)
            .await?;
            // The innermost event comes last and says most.
            wanted.extend(members.into_iter().map(|id| (id, place.clone())));
        }
        type Given = (MediaId, Option<String>, Option<String>, Option<String>, Option<String>);
        let given: Vec<Given> =
            sqlx::query_as("SELECT id, country, country_code, region, city FROM media WHERE place_source = 'folder'")
                .fetch_all(&mut *tx)
                .await?;
        let mut changes: Vec<(MediaId, Option<Agreed>)> = Vec::new();
        for (id, country, code, region, city) in given {
            match wanted.remove(&id) {
                Some(place) if (&place.1, &place.2, &place.3, &place.4) == (&country, &code, &region, &city) => {}
                other => changes.push((id, other)),
            }
        }
        changes.extend(wanted.into_iter().map(|(id, place)| (id, Some(place))));
        for (id, place) in &changes {
            let (_, country, code, region, city) = place.clone().unwrap_or((EventId::new(), None, None, None, None));
            sqlx::query(
                "UPDATE media SET country = $2, country_code = $3, region = $4, city = $5, place_source = $6, \
                 version = version + 1 WHERE id = $1",
            )
            .bind(id)
            .bind(country)
            .bind(code)
            .bind(region)
            .bind(city)
            .bind(place.as_ref().map(|_| "folder"))
            .execute(&mut *tx)
            .await?;
        }
        if !changes.is_empty() {
            touch(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Stores one event; returns whether anything differed.
async fn store_event(tx: &mut super::Tx<'_>, event: &NewEvent) -> Result<bool> {
    type Known = (EventId, String, String, Option<String>, Option<String>, Option<String>);
    let known: Option<Known> =
        sqlx::query_as("SELECT id, name, kind, starts, ends, place FROM events WHERE origin = $1")
            .bind(&event.origin)
            .fetch_optional(&mut **tx)
            .await?;
    let (id, mut had) = match &known {
        Some((id, ..)) => {
            let sql = "SELECT media_id FROM event_media WHERE event_id = $1";
            (*id, sqlx::query_scalar::<_, MediaId>(sql).bind(id).fetch_all(&mut **tx).await?)
        }
        None => (EventId::new(), Vec::new()),
    };
    had.sort_unstable();
    let mut media = event.media.clone();
    media.sort_unstable();
    media.dedup();
    let same = known.is_some_and(|(_, name, kind, starts, ends, place)| {
        name == event.name && kind == event.kind && starts == event.starts && ends == event.ends && place == event.place
    });
    if same && had == media {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO events (id, origin, name, kind, starts, ends, place) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (origin) DO UPDATE SET name = excluded.name, kind = excluded.kind, starts = excluded.starts, \
         ends = excluded.ends, place = excluded.place",
    )
    .bind(id)
    .bind(&event.origin)
    .bind(&event.name)
    .bind(event.kind)
    .bind(&event.starts)
    .bind(&event.ends)
    .bind(&event.place)
    .execute(&mut **tx)
    .await?;
    for gone in had.iter().filter(|id| media.binary_search(id).is_err()) {
        sqlx::query("DELETE FROM event_media WHERE event_id = $1 AND media_id = $2")
            .bind(id)
            .bind(gone)
            .execute(&mut **tx)
            .await?;
        sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(gone).execute(&mut **tx).await?;
    }
    for medium in media.iter().filter(|id| had.binary_search(id).is_err()) {
        sqlx::query("INSERT INTO event_media (event_id, media_id) VALUES ($1, $2)")
            .bind(id)
            .bind(medium)
            .execute(&mut **tx)
            .await?;
        sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(medium).execute(&mut **tx).await?;
    }
    Ok(true)
}

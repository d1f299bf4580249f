//! Places of pictures without a position, taken from the other pictures of their event.
//!
//! What is given so is marked, and taken back when the event's pictures do not agree any more.

use std::collections::HashMap;

use crate::library::{EventId, Library, MediaId, Part, Result, touch};

impl Library {
    /// Gives media without a position the place that the other media of their event agree on, as far as they agree:
    /// the city, else the region, else the country. A place given so before and no longer agreed on is taken back.
    /// Returns whether any was given or taken back.
    pub async fn place_by_events(&self) -> Result<bool> {
        let mut tx = self.begin().await?;
        type Agreed = (EventId, Option<String>, Option<String>, Option<String>, Option<String>);
        // `MIN = MAX` says that all placed media have the same value.
        let agreed: Vec<Agreed> = sqlx::query_as(
            "SELECT em.event_id, MIN(m.country), MIN(m.country_code), \
             CASE WHEN MIN(m.region) = MAX(m.region) AND COUNT(m.region) = COUNT(*) THEN MIN(m.region) END, \
             CASE WHEN MIN(m.city) = MAX(m.city) AND COUNT(m.city) = COUNT(*) AND MIN(m.region) = MAX(m.region) THEN MIN(m.city) END \
             FROM event_media em JOIN media m ON m.id = em.media_id JOIN events e ON e.id = em.event_id \
             WHERE m.place_source IN ('gps', 'written') GROUP BY em.event_id, e.origin \
             HAVING MIN(m.country_code) = MAX(m.country_code) \
             ORDER BY (SELECT COUNT(*) FROM event_media w WHERE w.event_id = em.event_id) DESC, e.origin",
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
            // The smallest event comes last and says most.
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
            touch(&mut tx, Part::Media).await?;
        }
        tx.commit().await?;
        Ok(!changes.is_empty())
    }
}

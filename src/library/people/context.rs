//! What surrounds faces: the events and days of their pictures, who is in them, whom their files name.

use sqlx::FromRow;

use crate::library::{EventId, Library, MediaId, PersonId, Result};

/// A medium that is part of an event.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct InEvent {
    /// The medium.
    pub media_id: MediaId,
    /// The event.
    pub event_id: EventId,
}

/// A person in a medium.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct InMedium {
    /// The medium.
    pub media_id: MediaId,
    /// The person.
    pub person_id: PersonId,
}

impl Library {
    /// The events of all media that have faces.
    pub async fn events_of_faces(&self) -> Result<Vec<InEvent>> {
        let sql = "SELECT em.media_id, em.event_id FROM event_media em \
                   WHERE EXISTS (SELECT 1 FROM faces f WHERE f.media_id = em.media_id) ORDER BY em.media_id, em.event_id";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// The people whom files name without saying where they are, in media that have faces.
    pub async fn written_without_place(&self) -> Result<Vec<InMedium>> {
        let sql = "SELECT w.media_id, n.person_id FROM written_people w JOIN person_names n ON n.folded = w.folded \
                   WHERE w.x IS NULL AND w.pet = 0 AND EXISTS (SELECT 1 FROM faces f WHERE f.media_id = w.media_id) \
                   ORDER BY w.media_id, n.person_id";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }
}

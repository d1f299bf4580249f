//! People and pets: who they are and in which media they appear.

use sqlx::FromRow;

use super::{Library, MediaId, PersonId, Result};

/// A person or pet in a list.
#[derive(Debug, Clone, FromRow)]
pub struct PersonSummary {
    /// Identifier.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// A pet.
    pub pet: bool,
    /// Number of media.
    pub count: i64,
    /// A medium that shows them, with a face if there is one.
    pub cover: Option<MediaId>,
}

/// A person in one medium.
#[derive(Debug, Clone, FromRow)]
pub struct Appearance {
    /// The medium.
    pub media_id: MediaId,
    /// The person.
    pub person_id: PersonId,
    /// Their name.
    pub name: String,
    /// Left edge, 0–1 of the upright picture; `None` when only the name is known.
    pub x: Option<f64>,
    /// Top edge.
    pub y: Option<f64>,
    /// Width.
    pub w: Option<f64>,
    /// Height.
    pub h: Option<f64>,
    /// Where the name came from.
    pub source: String,
}

impl Appearance {
    /// `[x, y, w, h]`, if it is known where in the picture they are.
    pub fn area(&self) -> Option<[f64; 4]> {
        Some([self.x?, self.y?, self.w?, self.h?])
    }
}

impl Library {
    /// Everybody, most pictured first.
    pub async fn people(&self) -> Result<Vec<PersonSummary>> {
        let sql = "SELECT p.id, p.name, p.pet <> 0 AS pet, COUNT(m.id) AS count, \
                   (SELECT mp2.media_id FROM media_people mp2 JOIN media m2 ON m2.id = mp2.media_id \
                    WHERE mp2.person_id = p.id ORDER BY mp2.w IS NULL, COALESCE(m2.rating, 0) DESC, m2.taken DESC LIMIT 1) AS cover \
                   FROM people p JOIN media_people mp ON mp.person_id = p.id \
                   JOIN media m ON m.id = mp.media_id AND m.live_of IS NULL \
                   GROUP BY p.id, p.name, p.pet ORDER BY count DESC, p.name";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// Who is in a medium, left to right.
    pub async fn people_in(&self, id: MediaId) -> Result<Vec<Appearance>> {
        let sql = "SELECT mp.media_id, mp.person_id, p.name, mp.x, mp.y, mp.w, mp.h, mp.source FROM media_people mp \
                   JOIN people p ON p.id = mp.person_id WHERE mp.media_id = $1 ORDER BY mp.x, p.name";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// Every appearance of everybody.
    pub async fn appearances(&self) -> Result<Vec<Appearance>> {
        let sql = "SELECT mp.media_id, mp.person_id, p.name, mp.x, mp.y, mp.w, mp.h, mp.source FROM media_people mp \
                   JOIN people p ON p.id = mp.person_id JOIN media m ON m.id = mp.media_id AND m.live_of IS NULL \
                   ORDER BY p.name, m.taken, m.path";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }
}

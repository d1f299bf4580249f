//! People and pets: who they are and in which media they appear.
//!
//! `media_people` is the one relation that search and the assistant read. It follows ([`written`]) from what files say
//! and from whose the faces are, so nothing else writes it. A person without a name is a group of faces that was found:
//! it is listed, but in no picture by name. What the user does to people is recorded ([`record`]) so that each change
//! ([`change`]) can be undone for ever; deleting what identifies somebody ([`forget`]) cannot.

pub mod change;
pub mod context;
mod counts;
pub mod forget;
pub mod keywords;
pub mod placing;
pub mod record;
mod regions;
#[cfg(test)]
mod tests;
mod touched;
mod written;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::revision::{Part, Revisions};
use super::{FaceId, Library, LibraryError, MediaId, PersonId, Result};

pub(super) use counts::KeptCounts;
pub(super) use keywords::keyword_changed;
pub(super) use regions::overlap;
pub(super) use written::{derive, write};

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

/// A person, a pet, or a found group of faces, as the people page shows them.
#[derive(Debug, Clone, FromRow)]
pub struct Person {
    /// Identifier.
    pub id: PersonId,
    /// Name; empty for a found group.
    pub name: String,
    /// A pet.
    pub pet: bool,
    /// What the family calls them.
    pub nickname: Option<String>,
    /// Day of birth, ISO 8601.
    pub born: Option<String>,
    /// "grandmother", in the user's words.
    pub relation: Option<String>,
    /// Not shown among the people.
    pub hidden: bool,
    /// A favourite.
    pub favourite: bool,
    /// Number of media.
    #[sqlx(default)]
    pub count: i64,
    /// Number of faces.
    #[sqlx(default)]
    pub faces: i64,
    /// The face that shows them best.
    #[sqlx(default)]
    pub face: Option<FaceId>,
    /// A medium that shows them.
    #[sqlx(default)]
    pub cover: Option<MediaId>,
    /// Local time of the first and the last medium.
    #[sqlx(default)]
    pub first: Option<String>,
    /// The last one.
    #[sqlx(default)]
    pub last: Option<String>,
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
    /// Where the name came from; `face`: the face is alike; `confirmed`: the user said so.
    pub source: String,
}

impl Appearance {
    /// `[x, y, w, h]`, if it is known where in the picture they are.
    pub fn area(&self) -> Option<[f64; 4]> {
        Some([self.x?, self.y?, self.w?, self.h?])
    }
}

/// What is said of people themselves.
macro_rules! known {
    ($which:literal) => {
        concat!(
            "SELECT id, name, pet <> 0 AS pet, nickname, born, relation, hidden <> 0 AS hidden, ",
            "favourite <> 0 AS favourite FROM people",
            $which
        )
    };
}

impl Library {
    /// Everybody who has a name, most pictured first.
    pub async fn people(&self) -> Result<Vec<PersonSummary>> {
        let sql = "SELECT p.id, p.name, p.pet <> 0 AS pet, COUNT(m.id) AS count, \
                   (SELECT mp2.media_id FROM media_people mp2 JOIN media m2 ON m2.id = mp2.media_id \
                    WHERE mp2.person_id = p.id ORDER BY mp2.w IS NULL, COALESCE(m2.rating, 0) DESC, m2.taken DESC LIMIT 1) AS cover \
                   FROM people p JOIN media_people mp ON mp.person_id = p.id \
                   JOIN media m ON m.id = mp.media_id AND m.live_of IS NULL \
                   GROUP BY p.id, p.name, p.pet ORDER BY count DESC, p.name";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// Everybody, the found groups among them, favourites first, then most pictured first.
    ///
    /// From memory while nothing has changed. How often they are pictured may be some seconds old in a large library that
    /// is being filled ([`counts`]).
    pub async fn everybody(&self) -> Result<Arc<Vec<Person>>> {
        let now = Revisions::read(&self.read).await?;
        let revision = now.of(&[Part::Media, Part::Faces, Part::Tags, Part::People]);
        if let Some((of, people)) = self.everybody.read().await.as_ref()
            && *of == revision
        {
            return Ok(Arc::clone(people));
        }
        let (counts, current) = self.counts.of(&self.read, now.of(&[Part::Media, Part::Faces, Part::Tags])).await?;
        let mut people: Vec<Person> = sqlx::query_as(known!("")).fetch_all(&self.read).await?;
        people.retain_mut(|person| counts.get(&person.id).map(|count| count.tell(person)).is_some());
        people.sort_by(|a, b| {
            let most = |person: &Person| Reverse((person.favourite, person.count));
            most(a).cmp(&most(b)).then_with(|| (&a.name, a.id).cmp(&(&b.name, b.id)))
        });
        let people = Arc::new(people);
        if current {
            *self.everybody.write().await = Some((revision, Arc::clone(&people)));
        }
        Ok(people)
    }

    /// One person.
    pub async fn person(&self, id: PersonId) -> Result<Person> {
        let person: Option<Person> =
            sqlx::query_as(known!(" WHERE id = $1")).bind(id).fetch_optional(&self.read).await?;
        let mut person = person.ok_or_else(|| LibraryError::NotFound { what: "person", key: id.to_string() })?;
        if let Some(count) = counts::of_one(&self.read, id).await? {
            count.tell(&mut person);
        }
        Ok(person)
    }

    /// The person of this name, nickname or other name that files give them.
    pub async fn person_called(&self, name: &str) -> Result<Option<PersonId>> {
        let folded = super::fold(name);
        let sql = "SELECT id FROM people WHERE folded = $1 UNION ALL SELECT person_id FROM person_names WHERE folded = $1 LIMIT 1";
        Ok(sqlx::query_scalar(sql).bind(folded).fetch_optional(&self.read).await?)
    }

    /// The media that the faces of a found group are in.
    pub async fn media_of_group(&self, id: PersonId) -> Result<Vec<MediaId>> {
        let sql = "SELECT DISTINCT media_id FROM faces WHERE person_id = $1 AND state = 'face' ORDER BY media_id";
        Ok(sqlx::query_scalar(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// Who is in a medium, left to right.
    pub async fn people_in(&self, id: MediaId) -> Result<Vec<Appearance>> {
        let sql = "SELECT mp.media_id, mp.person_id, p.name, mp.x, mp.y, mp.w, mp.h, mp.source FROM media_people mp \
                   JOIN people p ON p.id = mp.person_id WHERE mp.media_id = $1 ORDER BY mp.x, p.name";
        Ok(sqlx::query_as(sql).bind(id).fetch_all(&self.read).await?)
    }

    /// The media in which these people are known by their face alone, with their names.
    pub async fn known_by_face(&self, people: &[PersonId]) -> Result<HashMap<MediaId, Vec<String>>> {
        let mut known: HashMap<MediaId, Vec<String>> = HashMap::new();
        if people.is_empty() {
            return Ok(known);
        }
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT mp.media_id, p.name FROM media_people mp JOIN people p ON p.id = mp.person_id \
             WHERE mp.source = 'face' AND mp.person_id IN (",
        );
        super::select::push_ids(&mut query, people);
        query.push(") ORDER BY mp.media_id, p.name");
        for (id, name) in query.build_query_as::<(MediaId, String)>().fetch_all(&self.read).await? {
            known.entry(id).or_default().push(name);
        }
        Ok(known)
    }

    /// Every appearance of everybody; of found groups too, with an empty name.
    pub async fn appearances(&self) -> Result<Vec<Appearance>> {
        let sql = "SELECT mp.media_id, mp.person_id, p.name, mp.x, mp.y, mp.w, mp.h, mp.source, m.taken, m.path \
                   FROM media_people mp JOIN people p ON p.id = mp.person_id \
                   JOIN media m ON m.id = mp.media_id AND m.live_of IS NULL \
                   UNION ALL SELECT f.media_id, f.person_id, p.name, f.x, f.y, f.w, f.h, 'face', m.taken, m.path \
                   FROM faces f JOIN people p ON p.id = f.person_id AND p.name = '' \
                   JOIN media m ON m.id = f.media_id AND m.live_of IS NULL WHERE f.state = 'face' \
                   ORDER BY 3, 9, 10";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }
}

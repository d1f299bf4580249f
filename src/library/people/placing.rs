//! Whose faces are: what placing them reads, and writing down what it found.
//!
//! Reading and writing are two steps with a computation between. If the user changed people meanwhile, nothing is
//! written, and the computation is made again: [`Library::store_placing`] says so.

use std::collections::{BTreeSet, HashMap};

use sqlx::FromRow;

use super::written::derive;
use crate::library::{ChangeId, FaceId, Library, MediaId, Part, PersonId, Result, Tx, faces::from_bytes, touch};

/// Everything that placing faces looks at.
#[derive(Debug, Clone, Default)]
pub struct FaceSource {
    /// The faces that can be compared: all of one model.
    pub faces: Vec<FaceRecord>,
    /// Everybody.
    pub people: Vec<PersonRecord>,
    /// Who is never one.
    pub apart: Vec<(PersonId, PersonId)>,
    /// Who a face is not.
    pub not: Vec<(FaceId, PersonId)>,
    /// The user's last change, to see whether there was another one meanwhile.
    pub last_change: Option<ChangeId>,
}

/// A face with its vector.
#[derive(Debug, Clone)]
pub struct FaceRecord {
    /// Identifier.
    pub id: FaceId,
    /// The medium.
    pub media_id: MediaId,
    /// Where in a video, milliseconds.
    pub frame_ms: Option<i64>,
    /// Certainty of the detector, 0–1.
    pub score: f64,
    /// Variance of the Laplacian of the aligned face.
    pub sharpness: f64,
    /// −1…1, 0 is frontal.
    pub yaw: f64,
    /// Shorter side in pixels.
    pub pixels: f64,
    /// Whose it is, as numbers.
    pub vector: Vec<f32>,
    /// Colours of what is worn, a byte each; empty when unknown.
    pub clothes: Vec<u8>,
    /// Whose it is said to be.
    pub person: Option<PersonId>,
    /// A person or a file said so.
    pub fixed: bool,
    /// It was placed before.
    pub placed: bool,
    /// Local time of the medium.
    pub taken: Option<String>,
    /// Year of the medium.
    pub year: Option<i64>,
    /// Copies of a picture and pictures of one burst have the same.
    pub moment: String,
}

/// A person, as far as placing faces is concerned.
#[derive(Debug, Clone, FromRow)]
pub struct PersonRecord {
    /// Identifier.
    pub id: PersonId,
    /// Has a name.
    pub named: bool,
    /// Not shown.
    pub hidden: bool,
    /// A pet.
    pub pet: bool,
}

/// Where a face was placed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FacePlace {
    /// The face.
    pub face: FaceId,
    /// With whom; `None`: nobody.
    pub whom: Option<FaceOwner>,
    /// How alike it is to the person's other faces.
    pub likeness: f32,
}

/// With whom a face was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaceOwner {
    /// A person.
    Known(PersonId),
    /// A group that is new.
    New(u32),
}

#[derive(FromRow)]
struct Row {
    id: FaceId,
    media_id: MediaId,
    frame_ms: Option<i64>,
    score: f64,
    sharpness: f64,
    yaw: f64,
    pixels: f64,
    embedding: Vec<u8>,
    clothes: Option<Vec<u8>>,
    person_id: Option<PersonId>,
    how: Option<String>,
    placed: bool,
    taken: Option<String>,
    taken_year: Option<i64>,
    moment: String,
}

impl From<Row> for FaceRecord {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            media_id: row.media_id,
            frame_ms: row.frame_ms,
            score: row.score,
            sharpness: row.sharpness,
            yaw: row.yaw,
            pixels: row.pixels,
            vector: from_bytes(&row.embedding),
            clothes: row.clothes.unwrap_or_default(),
            person: row.person_id,
            fixed: row.person_id.is_some() && row.how.as_deref() != Some("automatic"),
            placed: row.placed,
            taken: row.taken,
            year: row.taken_year,
            moment: row.moment,
        }
    }
}

/// Whose faces are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Those of people.
    People,
    /// Those of animals, which are whole animals.
    Animals,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::People, Self::Animals];

    fn name(self) -> &'static str {
        match self {
            Self::People => "person",
            Self::Animals => "animal",
        }
    }

    /// Which faces (`f`) are compared: those of the model that most have. While pictures are looked at with another, those
    /// that were not yet keep whom they have.
    fn condition(self) -> String {
        let name = self.name();
        format!(
            "f.state = 'face' AND f.embedding IS NOT NULL AND f.subject = '{name}' AND f.model = (SELECT g.model FROM faces g \
             WHERE g.embedding IS NOT NULL AND g.subject = '{name}' GROUP BY g.model ORDER BY COUNT(*) DESC, g.model LIMIT 1)"
        )
    }
}

impl Library {
    /// How many faces were not yet looked at whose they may be.
    pub async fn unplaced_faces(&self) -> Result<i64> {
        // Nearly always there are none, which the index tells at once.
        let some = "SELECT EXISTS (SELECT 1 FROM faces WHERE placed = 0 AND state = 'face')";
        if !sqlx::query_scalar::<_, bool>(some).fetch_one(&self.read).await? {
            return Ok(0);
        }
        let mut unplaced = 0;
        for kind in Kind::ALL {
            let sql = format!(
                "SELECT COUNT(*) FROM faces f JOIN media m ON m.id = f.media_id AND m.live_of IS NULL \
                 WHERE f.placed = 0 AND {}",
                kind.condition()
            );
            unplaced += sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql)).fetch_one(&self.read).await?;
        }
        Ok(unplaced)
    }

    /// Everything that placing faces looks at: those whose vectors can be compared.
    pub async fn face_source(&self, kind: Kind) -> Result<FaceSource> {
        let last_change = sqlx::query_scalar("SELECT MAX(id) FROM people_changes").fetch_one(&self.read).await?;
        // The moving half of a live photo shows what the still shows.
        let sql = format!(
            "SELECT f.id, f.media_id, f.frame_ms, f.score, f.sharpness, f.yaw, f.pixels, f.embedding, f.clothes, \
                   f.person_id, f.how, f.placed <> 0 AS placed, m.taken, m.taken_year, \
                   COALESCE((SELECT MIN(c.kind || c.group_key) FROM media_copies c WHERE c.media_id = m.id), m.id) AS moment \
                   FROM faces f JOIN media m ON m.id = f.media_id AND m.live_of IS NULL \
             WHERE {} ORDER BY f.id",
            kind.condition()
        );
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await?;
        let people = "SELECT id, name <> '' AS named, hidden <> 0 AS hidden, pet <> 0 AS pet FROM people ORDER BY id";
        Ok(FaceSource {
            faces: rows.into_iter().map(FaceRecord::from).collect(),
            people: sqlx::query_as(people).fetch_all(&self.read).await?,
            apart: sqlx::query_as("SELECT a, b FROM people_apart ORDER BY a, b").fetch_all(&self.read).await?,
            not: sqlx::query_as("SELECT face_id, person_id FROM faces_not ORDER BY face_id, person_id")
                .fetch_all(&self.read)
                .await?,
            last_change,
        })
    }

    /// Writes down where the faces of `source` were placed. Returns `false`, having written nothing, when the user
    /// changed people since it was read.
    pub async fn store_placing(&self, source: &FaceSource, places: &[FacePlace]) -> Result<bool> {
        let mut tx = self.begin().await?;
        let last: Option<ChangeId> =
            sqlx::query_scalar("SELECT MAX(id) FROM people_changes").fetch_one(&mut *tx).await?;
        if last != source.last_change {
            return Ok(false);
        }
        let before: HashMap<FaceId, &FaceRecord> = source.faces.iter().map(|face| (face.id, face)).collect();
        let mut new: HashMap<u32, PersonId> = HashMap::new();
        let (mut changed, mut moved) = (BTreeSet::new(), false);
        for place in places {
            let Some(face) = before.get(&place.face) else { continue };
            let person = match place.whom {
                None => None,
                Some(FaceOwner::Known(person)) => Some(person),
                Some(FaceOwner::New(number)) => Some(match new.get(&number) {
                    Some(person) => *person,
                    None => *new.entry(number).or_insert(found_group(&mut tx).await?),
                }),
            };
            let likeness = person.map(|_| f64::from(place.likeness)).filter(|likeness| likeness.is_finite());
            if person != face.person && !face.fixed {
                moved = true;
                changed.insert(face.media_id);
                set_person(&mut tx, face.id, person, likeness).await?;
            } else if person.is_some() {
                let sql = "UPDATE faces SET likeness = $2 WHERE id = $1";
                sqlx::query(sql).bind(face.id).bind(likeness).execute(&mut *tx).await?;
            }
        }
        for face in source.faces.iter().filter(|face| !face.placed) {
            sqlx::query("UPDATE faces SET placed = 1 WHERE id = $1").bind(face.id).execute(&mut *tx).await?;
        }
        let mut shown = false;
        for id in changed {
            shown |= derive(&mut tx, id).await?;
        }
        if moved {
            // Groups that fell apart; what the user did to them is in the log, and comes back when it is taken back.
            let sql = "DELETE FROM people WHERE name = '' AND NOT EXISTS (SELECT 1 FROM faces f WHERE f.person_id = people.id)";
            sqlx::query(sql).execute(&mut *tx).await?;
        }
        if shown || moved {
            touch(&mut tx, Part::Faces).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

async fn found_group(tx: &mut Tx<'_>) -> Result<PersonId> {
    let id = PersonId::new();
    let sql = "INSERT INTO people (id, name, folded) VALUES ($1, '', $2)";
    sqlx::query(sql).bind(id).bind(id.to_string()).execute(&mut **tx).await?;
    Ok(id)
}

/// Places a face, unless the user or a file said whose it is.
async fn set_person(tx: &mut Tx<'_>, face: FaceId, person: Option<PersonId>, likeness: Option<f64>) -> Result<()> {
    let sql = "UPDATE faces SET person_id = $2, how = CASE WHEN $2 IS NULL THEN NULL ELSE 'automatic' END, likeness = $3, \
               placed = 1 WHERE id = $1 AND (how IS NULL OR how = 'automatic') AND state = 'face'";
    sqlx::query(sql).bind(face).bind(person).bind(likeness).execute(&mut **tx).await?;
    Ok(())
}

//! Who is in a medium: what its file says, whose its faces are, and the pets that its keywords name, brought together in
//! `media_people`.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::keywords;
use super::regions::{self, Area};
use crate::library::media::NewPerson;
use crate::library::{FaceId, MediaId, PersonId, Result, Tx, fold};

/// Stores who a file says is in it.
pub(in crate::library) async fn write(tx: &mut Tx<'_>, id: MediaId, people: &[NewPerson]) -> Result<()> {
    sqlx::query("DELETE FROM written_people WHERE media_id = $1").bind(id).execute(&mut **tx).await?;
    for person in people {
        let (name, folded) = (person.name.trim(), fold(&person.name));
        if is_forgotten(tx, &folded).await? {
            sqlx::query("DELETE FROM media_values WHERE media_id = $1 AND value = $2")
                .bind(id)
                .bind(name)
                .execute(&mut **tx)
                .await?;
            continue;
        }
        let [x, y, w, h] = person.area.map_or([None; 4], |area| area.map(Some));
        // A region says more than a name alone, whichever comes first in the file.
        sqlx::query(
            "INSERT INTO written_people (media_id, folded, name, pet, x, y, w, h, source) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (media_id, folded) DO UPDATE SET \
             x = COALESCE(written_people.x, excluded.x), y = COALESCE(written_people.y, excluded.y), \
             w = COALESCE(written_people.w, excluded.w), h = COALESCE(written_people.h, excluded.h)",
        )
        .bind(id)
        .bind(&folded)
        .bind(name)
        .bind(i64::from(person.pet))
        .bind(x)
        .bind(y)
        .bind(w)
        .bind(h)
        .bind(&person.source)
        .execute(&mut **tx)
        .await?;
    }
    derive(tx, id).await?;
    Ok(())
}

/// The digest that a forgotten name is remembered by.
pub(super) fn digest(folded: &str) -> String {
    blake3::derive_key("recollect 2026 forgotten name", folded.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

async fn is_forgotten(tx: &mut Tx<'_>, folded: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM forgotten_names WHERE digest = $1)";
    Ok(sqlx::query_scalar(sql).bind(digest(folded)).fetch_one(&mut **tx).await?)
}

#[derive(FromRow)]
struct Written {
    folded: String,
    name: String,
    pet: i64,
    x: Option<f64>,
    y: Option<f64>,
    w: Option<f64>,
    h: Option<f64>,
    source: String,
}

impl Written {
    fn area(&self) -> Option<Area> {
        Some([self.x?, self.y?, self.w?, self.h?])
    }
}

#[derive(FromRow)]
struct SeenFace {
    id: FaceId,
    frame_ms: Option<i64>,
    x: f64,
    y: f64,
    w: f64,
    h: f64,
    person_id: Option<PersonId>,
    named: bool,
    animal: bool,
    how: Option<String>,
}

impl SeenFace {
    fn area(&self) -> Area {
        [self.x, self.y, self.w, self.h]
    }

    /// Where it is in the picture that stands for the medium; `None` when it is in another frame of a video.
    fn shown(&self) -> Option<Area> {
        self.frame_ms.is_none().then(|| self.area())
    }

    fn is_confirmed(&self) -> bool {
        self.how.as_deref() == Some("confirmed")
    }
}

/// A row of `media_people`.
#[derive(Debug, Clone, PartialEq, FromRow)]
struct Row {
    person_id: PersonId,
    x: Option<f64>,
    y: Option<f64>,
    w: Option<f64>,
    h: Option<f64>,
    source: String,
}

/// Brings `media_people` of one medium up to date; returns whether it changed. A changed medium is to be indexed again.
pub(in crate::library) async fn derive(tx: &mut Tx<'_>, id: MediaId) -> Result<bool> {
    let sql = "SELECT folded, name, pet, x, y, w, h, source FROM written_people WHERE media_id = $1 ORDER BY folded";
    let written: Vec<Written> = sqlx::query_as(sql).bind(id).fetch_all(&mut **tx).await?;
    let mut named = Vec::with_capacity(written.len());
    for written in &written {
        named.push(person_of(tx, written).await?);
    }
    seed(tx, id, &written, &named).await?;
    let faces = faces(tx, id).await?;
    let mut rows: BTreeMap<PersonId, Row> = BTreeMap::new();
    for (written, &person) in written.iter().zip(&named) {
        let theirs = faces.iter().find(|face| face.person_id == Some(person));
        if theirs.is_none() && is_denied(tx, id, person).await? {
            continue;
        }
        let area = written.area().or_else(|| theirs.and_then(SeenFace::shown));
        rows.entry(person).or_insert_with(|| row(person, area, &written.source));
    }
    // The user's word before a likeness; of several faces of one person, the first.
    for face in faces.iter().filter(|face| face.is_confirmed()).chain(faces.iter().filter(|face| !face.is_confirmed()))
    {
        if let Some(person) = face.person_id.filter(|_| face.named) {
            let source = if face.is_confirmed() { "confirmed" } else { "face" };
            rows.entry(person).or_insert_with(|| row(person, face.shown(), source));
        }
    }
    for pet in keywords::pets_of(tx, id).await? {
        if !rows.contains_key(&pet) && !is_denied(tx, id, pet).await? {
            rows.insert(pet, row(pet, None, "keyword"));
        }
    }
    replace(tx, id, rows).await
}

fn row(person_id: PersonId, area: Option<Area>, source: &str) -> Row {
    let [x, y, w, h] = area.map_or([None; 4], |area| area.map(Some));
    Row { person_id, x, y, w, h, source: source.to_owned() }
}

async fn faces(tx: &mut Tx<'_>, id: MediaId) -> Result<Vec<SeenFace>> {
    let sql = "SELECT f.id, f.frame_ms, f.x, f.y, f.w, f.h, f.person_id, COALESCE(p.name, '') <> '' AS named, \
               f.subject = 'animal' AS animal, f.how FROM faces f \
               LEFT JOIN people p ON p.id = f.person_id WHERE f.media_id = $1 AND f.state = 'face' \
               ORDER BY COALESCE(f.frame_ms, -1), f.w * f.h DESC, f.id";
    Ok(sqlx::query_as(sql).bind(id).fetch_all(&mut **tx).await?)
}

/// The person that a file means by a name, made if there is none.
async fn person_of(tx: &mut Tx<'_>, written: &Written) -> Result<PersonId> {
    let known: Option<PersonId> = sqlx::query_scalar("SELECT person_id FROM person_names WHERE folded = $1")
        .bind(&written.folded)
        .fetch_optional(&mut **tx)
        .await?;
    if let Some(known) = known {
        if written.pet != 0 {
            let sql = "UPDATE people SET pet = 1 WHERE id = $1 AND pet = 0";
            sqlx::query(sql).bind(known).execute(&mut **tx).await?;
        }
        return Ok(known);
    }
    let id: PersonId = sqlx::query_scalar(
        "INSERT INTO people (id, name, folded, pet) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (folded) DO UPDATE SET pet = CASE WHEN excluded.pet > people.pet THEN excluded.pet ELSE people.pet END \
         RETURNING id",
    )
    .bind(PersonId::new())
    .bind(&written.name)
    .bind(&written.folded)
    .bind(written.pet)
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query("INSERT INTO person_names (folded, name, person_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(&written.folded)
        .bind(&written.name)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(id)
}

/// Gives the faces that the file's regions mean to whom they name, unless the user said otherwise.
async fn seed(tx: &mut Tx<'_>, id: MediaId, written: &[Written], named: &[PersonId]) -> Result<()> {
    let sql = "SELECT f.id, f.frame_ms, f.x, f.y, f.w, f.h, f.person_id, FALSE AS named, f.subject = 'animal' AS animal, f.how FROM faces f \
               WHERE f.media_id = $1 AND f.state = 'face' AND f.frame_ms IS NULL ORDER BY f.id";
    let faces: Vec<SeenFace> = sqlx::query_as(sql).bind(id).fetch_all(&mut **tx).await?;
    if faces.is_empty() {
        return Ok(());
    }
    let (animals, people) = faces.into_iter().partition(|face: &SeenFace| face.animal);
    seed_some(tx, written, named, people, false).await?;
    seed_some(tx, written, named, animals, true).await
}

async fn seed_some(
    tx: &mut Tx<'_>,
    written: &[Written],
    named: &[PersonId],
    faces: Vec<SeenFace>,
    animals: bool,
) -> Result<()> {
    let drawn: Vec<(Area, PersonId)> = written
        .iter()
        .zip(named)
        .filter(|(written, _)| (written.pet != 0) == animals)
        .filter_map(|(written, person)| Some((written.area()?, *person)))
        .collect();
    let areas: Vec<Area> = faces.iter().map(SeenFace::area).collect();
    let meant = regions::matches(&drawn.iter().map(|(area, _)| *area).collect::<Vec<_>>(), &areas);
    for (at, face) in faces.iter().enumerate().filter(|(_, face)| !face.is_confirmed()) {
        let person = meant.iter().zip(&drawn).find(|(meant, _)| **meant == Some(at)).map(|(_, (_, person))| *person);
        let person = match person {
            Some(person) if is_not(tx, face.id, person).await? => None,
            person => person,
        };
        let sql = match (person, face.how.as_deref()) {
            (Some(person), Some("metadata")) if face.person_id == Some(person) => continue,
            (Some(_), _) => "UPDATE faces SET person_id = $2, how = 'metadata', likeness = NULL WHERE id = $1",
            (None, Some("metadata")) => "UPDATE faces SET person_id = $2, how = NULL, placed = 0 WHERE id = $1",
            (None, _) => continue,
        };
        sqlx::query(sql).bind(face.id).bind(person).execute(&mut **tx).await?;
    }
    Ok(())
}

async fn is_not(tx: &mut Tx<'_>, face: FaceId, person: PersonId) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM faces_not WHERE face_id = $1 AND person_id = $2)";
    Ok(sqlx::query_scalar(sql).bind(face).bind(person).fetch_one(&mut **tx).await?)
}

/// Whether the user said of a face in the medium that it is not this person: then the file is wrong.
async fn is_denied(tx: &mut Tx<'_>, id: MediaId, person: PersonId) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM faces_not n JOIN faces f ON f.id = n.face_id \
               WHERE f.media_id = $1 AND n.person_id = $2)";
    Ok(sqlx::query_scalar(sql).bind(id).bind(person).fetch_one(&mut **tx).await?)
}

/// Writes the rows if they differ from those that are there.
async fn replace(tx: &mut Tx<'_>, id: MediaId, rows: BTreeMap<PersonId, Row>) -> Result<bool> {
    let sql = "SELECT person_id, x, y, w, h, source FROM media_people WHERE media_id = $1 AND source <> 'user' \
               ORDER BY person_id";
    let before: Vec<Row> = sqlx::query_as(sql).bind(id).fetch_all(&mut **tx).await?;
    if before.iter().eq(rows.values()) {
        return Ok(false);
    }
    sqlx::query("DELETE FROM media_people WHERE media_id = $1 AND source <> 'user'")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    for row in rows.values() {
        sqlx::query(
            "INSERT INTO media_people (media_id, person_id, x, y, w, h, source) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (media_id, person_id) DO NOTHING",
        )
        .bind(id)
        .bind(row.person_id)
        .bind(row.x)
        .bind(row.y)
        .bind(row.w)
        .bind(row.h)
        .bind(&row.source)
        .execute(&mut **tx)
        .await?;
    }
    sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(true)
}

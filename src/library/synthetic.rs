//! Invented media as they are after everything was read and looked at, written many in one transaction: large libraries
//! for benchmarks, in minutes rather than days.
//!
//! The rows are those that the workers leave, with the ends of their jobs; what is derived from them is left to who
//! derives it from real ones.

use super::faces::{self, NewFace, to_bytes};
use super::jobs::{JobKind, ModelKey};
use super::media::{NewMedium, SeenFile, store};
use super::seen::{SeenLabel, SeenObject};
use super::{FaceId, JobId, Library, MediaId, PersonId, Result, Tx, unix_now};

/// A medium that was looked at.
#[derive(Debug, Clone)]
pub struct LookedAt {
    /// The file.
    pub file: SeenFile,
    /// What was read from it.
    pub medium: NewMedium,
    /// Faces, those of the people that the file names first, in the order of their names; the others are of found groups.
    pub faces: Vec<NewFace>,
    /// Which of the found groups the faces beyond the named ones are of.
    pub group: usize,
    /// Things.
    pub objects: Vec<SeenObject>,
    /// What the picture as a whole shows.
    pub labels: Vec<SeenLabel>,
    /// The vector that it is compared by.
    pub vector: Vec<f32>,
}

/// What all of it was made with, by kind of job.
#[derive(Debug, Clone)]
pub struct LookedWith {
    /// Finds faces.
    pub faces: ModelKey,
    /// Finds things.
    pub objects: ModelKey,
    /// Says what a picture shows.
    pub labels: ModelKey,
    /// Makes vectors.
    pub vector: ModelKey,
}

impl LookedWith {
    fn kinds(&self) -> [(JobKind, &ModelKey); 4] {
        [
            (JobKind::FindFaces, &self.faces),
            (JobKind::FindObjects, &self.objects),
            (JobKind::Classify, &self.labels),
            (JobKind::EmbedImage, &self.vector),
        ]
    }
}

impl Library {
    /// Adds so many people without names.
    pub async fn add_found_groups(&self, number: usize) -> Result<Vec<PersonId>> {
        let groups: Vec<PersonId> = (0..number).map(|_| PersonId::new()).collect();
        let mut tx = self.begin().await?;
        for id in &groups {
            let sql = "INSERT INTO people (id, name, folded) VALUES ($1, '', $2)";
            sqlx::query(sql).bind(id).bind(id.to_string()).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(groups)
    }

    /// Adds media with all that was seen in them, in one transaction.
    pub async fn add_looked_at(&self, media: &[LookedAt], with: &LookedWith, groups: &[PersonId]) -> Result<()> {
        let mut tx = self.begin().await?;
        for looked in media {
            let id = store(&mut tx, &looked.file, &looked.medium).await?;
            add_job(&mut tx, JobKind::IngestFile, &looked.file.path, None).await?;
            for (kind, model) in with.kinds() {
                add_job(&mut tx, kind, &id.to_string(), Some(model)).await?;
                let sql = "INSERT INTO media_results (media_id, kind, model, version, settings, stored) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
                let insert = sqlx::query(sql).bind(id).bind(kind.name()).bind(&model.name).bind(&model.version);
                insert.bind(&model.settings).bind(unix_now()).execute(&mut *tx).await?;
            }
            add_faces(&mut tx, id, looked, groups).await?;
            add_seen(&mut tx, id, looked, with).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn add_job(tx: &mut Tx<'_>, kind: JobKind, subject: &str, model: Option<&ModelKey>) -> Result<()> {
    let sql = "INSERT INTO jobs (id, kind, subject, state, priority, model, attempts, progress, updated) \
               VALUES ($1, $2, $3, 'done', $4, $5, 1, 1, $6)";
    let insert = sqlx::query(sql).bind(JobId::new()).bind(kind.name()).bind(subject).bind(kind.priority());
    insert.bind(ModelKey::text(model)).bind(unix_now()).execute(&mut **tx).await?;
    Ok(())
}

async fn add_faces(tx: &mut Tx<'_>, id: MediaId, looked: &LookedAt, groups: &[PersonId]) -> Result<()> {
    let sql = "SELECT mp.person_id FROM media_people mp JOIN people p ON p.id = mp.person_id WHERE mp.media_id = $1 \
               ORDER BY p.name";
    let named: Vec<PersonId> = sqlx::query_scalar(sql).bind(id).fetch_all(&mut **tx).await?;
    for (at, face) in looked.faces.iter().enumerate() {
        let face: FaceId = faces::insert(tx, id, face).await?;
        let group = || groups.get((looked.group + at) % groups.len().max(1));
        let (person, how) = match named.get(at) {
            Some(named) => (Some(named), "metadata"),
            None => (group(), "automatic"),
        };
        let sql = "UPDATE faces SET person_id = $2, how = $3, likeness = 0.7, placed = 1 WHERE id = $1";
        sqlx::query(sql).bind(face).bind(person).bind(how).execute(&mut **tx).await?;
    }
    Ok(())
}

async fn add_seen(tx: &mut Tx<'_>, id: MediaId, looked: &LookedAt, with: &LookedWith) -> Result<()> {
    for (position, object) in looked.objects.iter().enumerate() {
        let sql = "INSERT INTO media_objects (media_id, position, label, score, x, y, w, h, model, version) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let insert = sqlx::query(sql).bind(id).bind(position as i64).bind(&object.label).bind(object.score);
        let insert = insert.bind(object.x).bind(object.y).bind(object.w).bind(object.h);
        insert.bind(&with.objects.name).bind(&with.objects.version).execute(&mut **tx).await?;
    }
    for (position, label) in looked.labels.iter().enumerate() {
        let sql = "INSERT INTO media_labels (media_id, position, label, score, model, version) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let insert = sqlx::query(sql).bind(id).bind(position as i64).bind(&label.label).bind(label.score);
        insert.bind(&with.labels.name).bind(&with.labels.version).execute(&mut **tx).await?;
    }
    let sql = "INSERT INTO media_vectors (media_id, position, vector, model, version) VALUES ($1, 0, $2, $3, $4)";
    let insert = sqlx::query(sql).bind(id).bind(to_bytes(&looked.vector)).bind(&with.vector.name);
    insert.bind(&with.vector.version).execute(&mut **tx).await?;
    Ok(())
}

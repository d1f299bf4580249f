//! Faces, and animals: what was found in pictures, stored with the end of the job that found it.
//!
//! A face keeps its identifier when its picture is looked at again, also by another model: what lies in the same place
//! is the same face, and keeps what the user said of it. What the user declared to be no face stays declared.

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::jobs::{Job, ModelKey};
use super::people::{self, overlap};
use super::{FaceId, Library, LibraryError, MediaId, Part, PersonId, Result, Tx, jobs, removed, select, touch};

/// Two boxes that overlap so much are of one face.
const SAME_PLACE: f64 = 0.4;

/// A face in a frame of a video.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceFrame {
    /// When the frame is shown, milliseconds from the start.
    pub frame_ms: i64,
    /// `[x, y, w, h]` in 0–1 of the upright picture.
    pub area: [f64; 4],
}

/// A face that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFace {
    /// Where in a video its best view is, milliseconds; `None` in a photo and in the poster of a video.
    pub frame_ms: Option<i64>,
    /// All the frames of a video that it is in, in order of time; none in a photo.
    pub frames: Vec<FaceFrame>,
    /// `[x, y, w, h]` in 0–1 of the upright picture.
    pub area: [f64; 4],
    /// Certainty of the detector, 0–1.
    pub score: f64,
    /// Variance of the Laplacian of the aligned face.
    pub sharpness: f64,
    /// −1…1, 0 is frontal.
    pub yaw: f64,
    /// Shorter side of the box in pixels of the picture that was looked at.
    pub pixels: f64,
    /// Whose it is, as numbers.
    pub embedding: Vec<f32>,
    /// The model of these numbers; those of different models are never compared.
    pub vectors: String,
    /// An animal rather than a person's face.
    pub animal: bool,
    /// Colours of what is worn below it, a byte each; empty when that is not in the picture.
    pub clothes: Vec<u8>,
}

/// A face as it is shown. Of a video, each is there once.
#[derive(Debug, Clone, FromRow)]
pub struct Face {
    /// Identifier.
    pub id: FaceId,
    /// The medium.
    pub media_id: MediaId,
    /// The frame of a video that it is shown in, milliseconds; `None`: the photo, or the poster.
    pub frame_ms: Option<i64>,
    /// Left edge, 0–1 of the upright picture.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
    /// Certainty of the detector, 0–1.
    pub score: f64,
    /// `face`, `not_a_face` or `forgotten`.
    pub state: String,
    /// An animal rather than a person's face.
    pub animal: bool,
    /// Whose.
    pub person_id: Option<PersonId>,
    /// Their name; empty for a found group.
    pub name: Option<String>,
    /// `metadata`, `confirmed` or `automatic`.
    pub how: Option<String>,
    /// To the person's other faces, −1…1.
    pub likeness: Option<f64>,
    /// Local time of the medium.
    pub taken: Option<String>,
}

impl Face {
    /// `[x, y, w, h]`.
    pub fn area(&self) -> [f64; 4] {
        [self.x, self.y, self.w, self.h]
    }
}

const COLUMNS: &str = "SELECT f.id, f.media_id, f.frame_ms, f.x, f.y, f.w, f.h, f.score, f.state, f.subject = 'animal' AS animal, \
     f.person_id, p.name, f.how, f.likeness, m.taken FROM faces f JOIN media m ON m.id = f.media_id LEFT JOIN people p ON p.id = f.person_id";

/// A vector as it is stored: 32-bit floats, little endian.
pub(super) fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// The reverse of [`to_bytes`]; what is left over is no number.
pub(super) fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

impl Library {
    /// Stores the faces of the job's medium in place of those found before, and ends the job. What the user said of a
    /// face that is found again stays with it.
    ///
    /// # Errors
    /// [`LibraryError::Superseded`] when the job is no longer the caller's.
    pub async fn store_faces(&self, job: &Job, model: &ModelKey, faces: &[NewFace]) -> Result<()> {
        let id = job.medium()?;
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, Some(model)).await?;
        replace(&mut tx, id, faces).await?;
        if people::derive(&mut tx, id).await? {
            touch(&mut tx, Part::Faces).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The faces of a medium, left to right, without those that are none.
    pub async fn faces_in(&self, id: MediaId) -> Result<Vec<Face>> {
        let sql = format!(
            "{COLUMNS} WHERE f.media_id = $1 AND f.state = 'face' ORDER BY COALESCE(f.frame_ms, -1), f.x, f.id"
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(&self.read).await?)
    }

    /// A page of a person's faces: confirmed ones first, then the surest, and how many there are.
    pub async fn faces_of(&self, id: PersonId, offset: u32, limit: u32) -> Result<(Vec<Face>, u64)> {
        let sql = format!(
            "{COLUMNS} WHERE f.person_id = $1 AND f.state = 'face' \
             ORDER BY f.how = 'automatic', COALESCE(f.likeness, 1) DESC, f.id LIMIT $2 OFFSET $3"
        );
        let faces = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).bind(i64::from(limit)).bind(i64::from(offset));
        let faces = faces.fetch_all(&self.read).await?;
        let count = "SELECT COUNT(*) FROM faces WHERE person_id = $1 AND state = 'face'";
        let count: i64 = sqlx::query_scalar(count).bind(id).fetch_one(&self.read).await?;
        Ok((faces, count.max(0) as u64))
    }

    /// Faces by identifier, in that order; those that are gone are left out.
    pub async fn faces_by_ids(&self, ids: &[FaceId]) -> Result<Vec<Face>> {
        let mut found = std::collections::HashMap::with_capacity(ids.len());
        for some in ids.chunks(500) {
            let mut query = QueryBuilder::<Sqlite>::new(format!("{COLUMNS} WHERE f.id IN ("));
            select::push_ids(&mut query, some);
            query.push(")");
            for face in query.build_query_as::<Face>().fetch_all(&self.read).await? {
                found.insert(face.id, face);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// One face.
    pub async fn face(&self, id: FaceId) -> Result<Face> {
        let face = self.faces_by_ids(&[id]).await?.pop();
        face.ok_or_else(|| LibraryError::NotFound { what: "face", key: id.to_string() })
    }
}

#[derive(FromRow)]
struct Known {
    id: FaceId,
    frame_ms: Option<i64>,
    x: f64,
    y: f64,
    w: f64,
    h: f64,
    state: String,
    animal: bool,
    how: Option<String>,
    /// The frames of a video that it was seen in.
    #[sqlx(skip)]
    frames: Vec<FaceFrame>,
}

impl Known {
    /// Where it is in each picture that it is known from.
    fn places(&self) -> impl Iterator<Item = (Option<i64>, [f64; 4])> {
        let best = (self.frame_ms, [self.x, self.y, self.w, self.h]);
        std::iter::once(best).chain(self.frames.iter().map(|frame| (Some(frame.frame_ms), frame.area)))
    }
}

impl NewFace {
    /// How much it covers a face that is known, in the picture where it does most.
    fn overlap(&self, known: &Known) -> f64 {
        let own = std::iter::once((self.frame_ms, self.area));
        let own = own.chain(self.frames.iter().map(|frame| (Some(frame.frame_ms), frame.area)));
        let pairs = own.flat_map(|own| known.places().map(move |place| (own, place)));
        let same = pairs.filter(|((frame, _), (other, _))| frame == other);
        same.map(|((_, area), (_, other))| overlap(area, other)).fold(0.0, f64::max)
    }
}

/// The faces of a medium that are known.
async fn known(tx: &mut Tx<'_>, id: MediaId) -> Result<Vec<Known>> {
    let sql = "SELECT id, frame_ms, x, y, w, h, state, subject = 'animal' AS animal, how FROM faces WHERE media_id = $1 ORDER BY id";
    let mut known: Vec<Known> = sqlx::query_as(sql).bind(id).fetch_all(&mut **tx).await?;
    let sql = "SELECT n.face_id, n.frame_ms, n.x, n.y, n.w, n.h FROM face_frames n JOIN faces f ON f.id = n.face_id \
               WHERE f.media_id = $1 ORDER BY n.face_id, n.frame_ms";
    let frames: Vec<(FaceId, i64, f64, f64, f64, f64)> = sqlx::query_as(sql).bind(id).fetch_all(&mut **tx).await?;
    for (face, frame_ms, x, y, w, h) in frames {
        if let Ok(at) = known.binary_search_by_key(&face, |known| known.id) {
            known[at].frames.push(FaceFrame { frame_ms, area: [x, y, w, h] });
        }
    }
    Ok(known)
}

async fn replace(tx: &mut Tx<'_>, id: MediaId, faces: &[NewFace]) -> Result<()> {
    let mut known = known(tx, id).await?;
    for face in faces {
        let same = known
            .iter()
            .enumerate()
            .filter(|(_, known)| known.animal == face.animal)
            .map(|(at, known)| (face.overlap(known), at))
            .filter(|(overlap, _)| *overlap >= SAME_PLACE)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
        match same {
            // What identifies this face was deleted; it is not to be made again.
            Some((_, at)) if known[at].state == "forgotten" => {}
            Some((_, at)) => update(tx, known.remove(at).id, face).await?,
            None => drop(insert(tx, id, face).await?),
        }
    }
    // What was not found again is no face any more, but for what the user said of it.
    for gone in known.iter().filter(|known| known.state == "face" && known.how.as_deref() != Some("confirmed")) {
        removed::note_face(tx, gone.id).await?;
        sqlx::query("DELETE FROM faces WHERE id = $1").bind(gone.id).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Stores a face that nobody has seen yet.
pub(super) async fn insert(tx: &mut Tx<'_>, id: MediaId, face: &NewFace) -> Result<FaceId> {
    let sql = "INSERT INTO faces (id, media_id, frame_ms, x, y, w, h, score, sharpness, yaw, pixels, embedding, clothes, model, \
               subject) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let new = FaceId::new();
    let query = sqlx::query(sql).bind(new).bind(id).bind(face.frame_ms);
    let subject = if face.animal { "animal" } else { "person" };
    measured(query, face).bind(subject).execute(&mut **tx).await?;
    set_frames(tx, new, &face.frames).await?;
    Ok(new)
}

async fn update(tx: &mut Tx<'_>, id: FaceId, face: &NewFace) -> Result<()> {
    let sql = "UPDATE faces SET x = $2, y = $3, w = $4, h = $5, score = $6, sharpness = $7, yaw = $8, pixels = $9, \
               embedding = $10, clothes = $11, model = $12, frame_ms = $13, placed = 0 WHERE id = $1";
    measured(sqlx::query(sql).bind(id), face).bind(face.frame_ms).execute(&mut **tx).await?;
    set_frames(tx, id, &face.frames).await
}

async fn set_frames(tx: &mut Tx<'_>, id: FaceId, frames: &[FaceFrame]) -> Result<()> {
    sqlx::query("DELETE FROM face_frames WHERE face_id = $1").bind(id).execute(&mut **tx).await?;
    for FaceFrame { frame_ms, area: [x, y, w, h] } in frames {
        let sql = "INSERT INTO face_frames (face_id, frame_ms, x, y, w, h) VALUES ($1, $2, $3, $4, $5, $6)";
        let insert = sqlx::query(sql).bind(id).bind(frame_ms).bind(x).bind(y).bind(w).bind(h);
        insert.execute(&mut **tx).await?;
    }
    Ok(())
}

type Statement<'q> = sqlx::query::Query<'q, Sqlite, sqlx::sqlite::SqliteArguments>;

/// Binds what was measured of a face, in the order of the columns.
fn measured<'q>(query: Statement<'q>, face: &NewFace) -> Statement<'q> {
    let [x, y, w, h] = face.area;
    let worn = Some(face.clothes.clone()).filter(|clothes| !clothes.is_empty());
    let query = query.bind(x).bind(y).bind(w).bind(h).bind(face.score).bind(face.sharpness).bind(face.yaw);
    query.bind(face.pixels).bind(to_bytes(&face.embedding)).bind(worn).bind(face.vectors.clone())
}

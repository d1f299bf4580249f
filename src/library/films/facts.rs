//! What planning a film needs beside the documents of media, read in batches.

use std::collections::{HashMap, HashSet};

use sqlx::{FromRow, QueryBuilder, Sqlite};

use crate::library::filter::{MediaFilter, MediaKind};
use crate::library::media::Ordering;
use crate::library::{Library, MediaId, Result, faces, select};

/// Identifiers of one statement.
const BATCH: usize = 500;

/// Where a face is, or somebody whom the file's metadata mark.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct FilmFace {
    /// The medium.
    pub media_id: MediaId,
    /// When in a video, milliseconds.
    pub frame_ms: Option<i64>,
    /// Left edge, 0–1 of the upright picture.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
    /// Variance of the Laplacian of the face; 0 when nothing has measured it.
    pub sharpness: f64,
    /// An animal, all of it, rather than a person's face.
    pub animal: bool,
    /// Whose it is.
    pub person: Option<String>,
}

/// What is known of media beside their documents.
#[derive(Debug, Clone, Default)]
pub struct FilmFacts {
    /// Faces of each medium.
    pub faces: HashMap<MediaId, Vec<FilmFace>>,
    /// Keys of bursts and groups of near duplicates.
    pub groups: HashMap<MediaId, Vec<String>>,
    /// Frames that stand for videos, milliseconds.
    pub keyframes: HashMap<MediaId, Vec<i64>>,
    /// What pictures are compared by.
    pub vectors: HashMap<MediaId, Vec<f32>>,
    /// Pictures of screens.
    pub screens: HashSet<MediaId>,
}

impl Library {
    /// What planning a film of these media needs.
    pub async fn film_facts(&self, ids: &[MediaId]) -> Result<FilmFacts> {
        let mut facts = FilmFacts { groups: self.alike(ids).await?, ..FilmFacts::default() };
        for some in ids.chunks(BATCH) {
            let faces = "SELECT f.media_id, f.frame_ms, f.x, f.y, f.w, f.h, f.sharpness, f.subject = 'animal' AS animal, \
                         p.name AS person FROM faces f LEFT JOIN people p ON p.id = f.person_id \
                         WHERE f.state = 'face' AND f.media_id IN (";
            let written = "SELECT m.media_id, NULL AS frame_ms, m.x, m.y, m.w, m.h, 0.0 AS sharpness, p.pet <> 0 AS animal, \
                           p.name AS person FROM media_people m JOIN people p ON p.id = m.person_id \
                           WHERE m.x IS NOT NULL AND m.w > 0 AND m.media_id IN (";
            let elsewhere = "SELECT f.media_id, o.frame_ms, o.x, o.y, o.w, o.h, 0.0 AS sharpness, \
                             f.subject = 'animal' AS animal, p.name AS person FROM face_frames o \
                             JOIN faces f ON f.id = o.face_id LEFT JOIN people p ON p.id = f.person_id \
                             WHERE f.state = 'face' AND f.media_id IN (";
            for sql in [faces, written, elsewhere] {
                for face in self.about::<FilmFace>(sql, some).await? {
                    facts.faces.entry(face.media_id).or_default().push(face);
                }
            }
            let sql = "SELECT media_id, at_ms FROM media_keyframes WHERE media_id IN (";
            for (id, at) in self.about::<(MediaId, i64)>(sql, some).await? {
                facts.keyframes.entry(id).or_default().push(at);
            }
            let sql = "SELECT media_id, vector FROM media_vectors WHERE position = 0 AND media_id IN (";
            for (id, vector) in self.about::<(MediaId, Vec<u8>)>(sql, some).await? {
                facts.vectors.insert(id, faces::from_bytes(&vector));
            }
        }
        let screens =
            MediaFilter { kinds: vec![MediaKind::Screenshot], among: Some(ids.to_vec()), ..MediaFilter::default() };
        facts.screens.extend(self.select(&screens, Ordering::Oldest, None).await?);
        Ok(facts)
    }

    async fn about<T>(&self, sql: &str, ids: &[MediaId]) -> Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
    {
        let mut query = QueryBuilder::<Sqlite>::new(sql);
        select::push_ids(&mut query, ids);
        query.push(") ORDER BY 1, 2");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }
}

//! Probes and what they say of media. Scores of a new probe replace those of the one before in one transaction; media
//! that come in are scored by the probe in force.

use std::collections::{HashMap, HashSet};

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::Member;
use crate::library::faces::to_bytes;
use crate::library::filter::MediaFilter;
use crate::library::seen::{FrameVector, Model, PictureVectors, floats};
use crate::library::{ConceptId, Library, LibraryError, MediaId, Part, ProbeId, Result, Tx, select, touch, unix_now};

/// Identifiers in one statement.
const IDS: usize = 500;

/// What was learned from a version of a concept's examples.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredProbe {
    /// Identifier.
    pub id: ProbeId,
    /// The version of the examples.
    pub version: i64,
    /// Whose vectors it takes.
    pub model: Model,
    /// How it was trained, or which published head it is.
    pub settings: String,
    /// Weights; none for a published head.
    pub weights: Option<Vec<f32>>,
    /// Added to the product.
    pub bias: f32,
    /// JSON of how good it is.
    pub quality: Option<String>,
    /// Of how many of the user's examples there were vectors.
    pub examples: i64,
    /// And of how many media that nobody spoke of.
    pub others: i64,
}

/// That a medium belongs to a concept.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Membership {
    /// The medium.
    pub media_id: MediaId,
    /// The concept.
    pub id: ConceptId,
    /// Its name.
    pub name: String,
    /// Whether it is a built-in one.
    pub builtin: bool,
    /// How certain it is, 0–1.
    pub certainty: f64,
}

#[derive(FromRow)]
struct ProbeRow {
    id: ProbeId,
    version: i64,
    model: String,
    model_version: String,
    settings: String,
    weights: Option<Vec<u8>>,
    bias: f64,
    quality: Option<String>,
    examples: i64,
    others: i64,
}

impl ProbeRow {
    fn read(self) -> Result<StoredProbe> {
        let weights = self.weights.as_deref().map(floats).transpose()?;
        let model = Model { model: self.model, version: self.model_version };
        let Self { id, version, settings, quality, examples, others, .. } = self;
        Ok(StoredProbe { id, version, model, settings, weights, bias: self.bias as f32, quality, examples, others })
    }
}

const PROBE: &str = "id, version, model, model_version, settings, weights, bias, quality, examples, others";

impl Library {
    /// The model that most vectors of pictures are of; `None` when there are none.
    pub async fn main_picture_model(&self) -> Result<Option<Model>> {
        let sql = "SELECT model, version FROM media_vectors GROUP BY model, version ORDER BY COUNT(*) DESC LIMIT 1";
        Ok(sqlx::query_as(sql).fetch_optional(&self.read).await?)
    }

    /// Vectors of this model, of `limit` media after `after`, in the order of the media.
    pub async fn picture_vectors(
        &self,
        model: &Model,
        after: Option<MediaId>,
        limit: u32,
    ) -> Result<Vec<PictureVectors>> {
        let sql = "SELECT media_id, frame_ms, vector FROM media_vectors WHERE model = $1 AND version = $2 AND media_id IN \
                   (SELECT DISTINCT media_id FROM media_vectors WHERE media_id > $3 AND model = $1 AND version = $2 \
                   ORDER BY media_id LIMIT $4) ORDER BY media_id, position";
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let query = sqlx::query_as(sql).bind(&model.model).bind(&model.version).bind(after).bind(i64::from(limit));
        vectors(query.fetch_all(&self.read).await?)
    }

    /// Vectors of this model of these media, as far as there are any; of a video that of its poster.
    pub async fn picture_vectors_of(&self, model: &Model, ids: &[MediaId]) -> Result<HashMap<MediaId, Vec<f32>>> {
        let mut found = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(IDS) {
            let mut query =
                QueryBuilder::<Sqlite>::new("SELECT media_id, frame_ms, vector FROM media_vectors WHERE model = ");
            query.push_bind(&model.model).push(" AND version = ").push_bind(&model.version).push(" AND media_id IN (");
            select::push_ids(&mut query, ids);
            query.push(") ORDER BY media_id, position");
            let rows = query.build_query_as().fetch_all(&self.read).await?;
            let first = |of: PictureVectors| Some((of.id, of.frames.into_iter().next()?.vector));
            found.extend(vectors(rows)?.into_iter().filter_map(first));
        }
        Ok(found)
    }

    /// The media that have a vector of this model.
    pub async fn media_with_vectors(&self, model: &Model) -> Result<Vec<MediaId>> {
        let sql = "SELECT DISTINCT v.media_id FROM media_vectors v JOIN media m ON m.id = v.media_id AND m.live_of IS NULL \
                   WHERE v.model = $1 AND v.version = $2 ORDER BY v.media_id";
        Ok(sqlx::query_scalar(sql).bind(&model.model).bind(&model.version).fetch_all(&self.read).await?)
    }

    /// A probe by its identifier.
    pub async fn probe(&self, id: ProbeId) -> Result<Option<StoredProbe>> {
        let sql = format!("SELECT {PROBE} FROM concept_probes WHERE id = $1");
        let row: Option<ProbeRow> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.read).await?;
        row.map(ProbeRow::read).transpose()
    }

    /// Puts a probe in force with what it says of all media. Returns `false`, and changes nothing, when the examples were
    /// changed meanwhile.
    pub async fn put_probe(&self, concept: ConceptId, probe: &StoredProbe, scores: &[Member]) -> Result<bool> {
        let mut tx = self.begin().await?;
        let sql = "SELECT version, threshold FROM concepts WHERE id = $1";
        let row: Option<(i64, f64)> = sqlx::query_as(sql).bind(concept).fetch_optional(&mut *tx).await?;
        let Some((_, threshold)) = row.filter(|(version, _)| *version == probe.version) else { return Ok(false) };
        let sql = "INSERT INTO concept_probes (id, concept_id, version, model, model_version, settings, weights, bias, quality, \
                   examples, others, trained) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING";
        let weights = probe.weights.as_deref().map(to_bytes);
        let made = sqlx::query(sql).bind(probe.id).bind(concept).bind(probe.version).bind(&probe.model.model);
        let made = made.bind(&probe.model.version).bind(&probe.settings).bind(weights).bind(f64::from(probe.bias));
        let made = made.bind(&probe.quality).bind(probe.examples).bind(probe.others);
        made.bind(unix_now()).execute(&mut *tx).await?;
        let before = members(&mut tx, concept, threshold).await?;
        sqlx::query("DELETE FROM concept_scores WHERE concept_id = $1").bind(concept).execute(&mut *tx).await?;
        insert(&mut tx, concept, scores).await?;
        let after = members(&mut tx, concept, threshold).await?;
        index_changed(&mut tx, before.symmetric_difference(&after)).await?;
        let sql = "UPDATE concepts SET probe = $2, problem = NULL WHERE id = $1";
        sqlx::query(sql).bind(concept).bind(probe.id).execute(&mut *tx).await?;
        touch(&mut tx, Part::Concepts).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Records why nothing can be learned of a concept as it is; what was believed of media by an earlier probe is forgotten,
    /// what the user said stays. Returns whether anything was different.
    pub async fn drop_probe(&self, concept: ConceptId, version: i64, problem: &str) -> Result<bool> {
        let known = self.concept(concept).await?;
        if known.probe.is_none() && known.problem.as_deref() == Some(problem) {
            return Ok(false);
        }
        let said = self.concept_examples(concept).await?;
        let mut tx = self.begin().await?;
        let before = members(&mut tx, concept, known.threshold).await?;
        sqlx::query("DELETE FROM concept_scores WHERE concept_id = $1").bind(concept).execute(&mut *tx).await?;
        let certain = |example: &super::examples::Example| f64::from(u8::from(example.belongs));
        let said: Vec<Member> = said.iter().map(|e| Member { id: e.id, certainty: certain(e) }).collect();
        insert(&mut tx, concept, &said).await?;
        let after = members(&mut tx, concept, known.threshold).await?;
        index_changed(&mut tx, before.symmetric_difference(&after)).await?;
        let sql = "UPDATE concepts SET probe = NULL, problem = $3 WHERE id = $1 AND version = $2";
        sqlx::query(sql).bind(concept).bind(version).bind(problem).execute(&mut *tx).await?;
        touch(&mut tx, Part::Concepts).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Vectors of `limit` media that the probe in force has said nothing of.
    pub async fn unscored_vectors(&self, concept: ConceptId, model: &Model, limit: u32) -> Result<Vec<PictureVectors>> {
        let sql = "SELECT media_id, frame_ms, vector FROM media_vectors WHERE model = $2 AND version = $3 AND media_id IN \
                   (SELECT DISTINCT v.media_id FROM media_vectors v WHERE v.model = $2 AND v.version = $3 AND NOT EXISTS \
                   (SELECT 1 FROM concept_scores s WHERE s.media_id = v.media_id AND s.concept_id = $1) LIMIT $4) \
                   ORDER BY media_id, position";
        let query = sqlx::query_as(sql).bind(concept).bind(&model.model).bind(&model.version).bind(i64::from(limit));
        vectors(query.fetch_all(&self.read).await?)
    }

    /// Adds what the probe in force says of media that came in; nothing when another one is in force by now. Returns
    /// whether any of them belong.
    pub async fn add_concept_scores(&self, concept: ConceptId, probe: ProbeId, scores: &[Member]) -> Result<bool> {
        let mut tx = self.begin().await?;
        let sql = "SELECT threshold FROM concepts WHERE id = $1 AND probe = $2";
        let threshold: Option<f64> = sqlx::query_scalar(sql).bind(concept).bind(probe).fetch_optional(&mut *tx).await?;
        let Some(threshold) = threshold else { return Ok(false) };
        insert(&mut tx, concept, scores).await?;
        let belonging = scores.iter().filter(|score| score.certainty >= threshold).map(|score| &score.id);
        let belonging: Vec<&MediaId> = belonging.collect();
        let any = !belonging.is_empty();
        if any {
            index_changed(&mut tx, belonging.into_iter()).await?;
            touch(&mut tx, Part::Concepts).await?;
        }
        tx.commit().await?;
        Ok(any)
    }

    /// The media that belong to a concept and pass the filter, the most certain first.
    pub async fn concept_members(&self, id: ConceptId, offset: u32, limit: u32) -> Result<(Vec<Member>, u64)> {
        let filter = MediaFilter { concepts: vec![id], ..MediaFilter::default() };
        let total = self.count(&filter).await?;
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT m.id, s.certainty FROM concept_scores s JOIN media m ON m.id = s.media_id WHERE s.concept_id = ",
        );
        query.push_bind(id).push(" AND ");
        self.push_filter(&mut query, &filter);
        query.push(" ORDER BY s.certainty DESC, m.id LIMIT ").push_bind(i64::from(limit));
        query.push(" OFFSET ").push_bind(i64::from(offset));
        Ok((query.build_query_as().fetch_all(&self.read).await?, total))
    }

    /// The media that it is least certain of, without those of which the user said whether they belong.
    pub async fn uncertain_members(&self, id: ConceptId, threshold: f64, limit: u32) -> Result<Vec<Member>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT m.id, s.certainty FROM concept_scores s JOIN media m ON m.id = s.media_id WHERE s.concept_id = ",
        );
        query.push_bind(id).push(" AND NOT EXISTS (SELECT 1 FROM concept_examples e WHERE e.concept_id = ");
        query.push_bind(id).push(" AND e.hash = m.hash) AND ");
        self.push_filter(&mut query, &MediaFilter::default());
        query.push(" ORDER BY ABS(s.certainty - ").push_bind(threshold).push("), m.id LIMIT ");
        query.push_bind(i64::from(limit));
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// How certain it is that these media belong to a concept.
    pub async fn concept_certainties(&self, id: ConceptId, ids: &[MediaId]) -> Result<HashMap<MediaId, f64>> {
        let mut found = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(IDS) {
            let mut query =
                QueryBuilder::<Sqlite>::new("SELECT media_id, certainty FROM concept_scores WHERE concept_id = ");
            query.push_bind(id).push(" AND media_id IN (");
            select::push_ids(&mut query, ids);
            query.push(")");
            found.extend(query.build_query_as::<(MediaId, f64)>().fetch_all(&self.read).await?);
        }
        Ok(found)
    }

    /// The concepts that media belong to, the most certain first.
    pub async fn concepts_of(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Vec<Membership>>> {
        let mut found: HashMap<MediaId, Vec<Membership>> = HashMap::new();
        for ids in ids.chunks(IDS) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT s.media_id, c.id, c.name, c.builtin IS NOT NULL AS builtin, s.certainty FROM concept_scores s \
                 JOIN concepts c ON c.id = s.concept_id AND s.certainty >= c.threshold WHERE s.media_id IN (",
            );
            select::push_ids(&mut query, ids);
            query.push(") ORDER BY s.certainty DESC, c.name");
            for membership in query.build_query_as::<Membership>().fetch_all(&self.read).await? {
                found.entry(membership.media_id).or_default().push(membership);
            }
        }
        Ok(found)
    }
}

/// Has what is said of a medium's picture said again, because the picture's vector is another one.
pub(in crate::library) async fn forget_scores(tx: &mut Tx<'_>, id: MediaId) -> Result<()> {
    sqlx::query("DELETE FROM concept_scores WHERE media_id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Rows of one medium after the other, as its vectors.
fn vectors(rows: Vec<(MediaId, Option<i64>, Vec<u8>)>) -> Result<Vec<PictureVectors>> {
    let mut found: Vec<PictureVectors> = Vec::new();
    for (id, frame_ms, bytes) in rows {
        let frame = FrameVector { frame_ms, vector: floats(&bytes)? };
        match found.last_mut().filter(|last| last.id == id) {
            Some(last) => last.frames.push(frame),
            None => found.push(PictureVectors { id, frames: vec![frame] }),
        }
    }
    Ok(found)
}

async fn members(tx: &mut Tx<'_>, concept: ConceptId, threshold: f64) -> Result<HashSet<MediaId>> {
    let sql = "SELECT media_id FROM concept_scores WHERE concept_id = $1 AND certainty >= $2";
    let ids: Vec<MediaId> = sqlx::query_scalar(sql).bind(concept).bind(threshold).fetch_all(&mut **tx).await?;
    Ok(ids.into_iter().collect())
}

async fn insert(tx: &mut Tx<'_>, concept: ConceptId, scores: &[Member]) -> Result<()> {
    for score in scores {
        if !score.certainty.is_finite() {
            return Err(LibraryError::Stored(format!("the certainty of {} is no number", score.id)));
        }
        // A medium may have gone while it was looked at.
        let sql = "INSERT INTO concept_scores (media_id, concept_id, certainty) SELECT m.id, $2, $3 FROM media m \
                   WHERE m.id = $1 ON CONFLICT (media_id, concept_id) DO UPDATE SET certainty = excluded.certainty";
        sqlx::query(sql).bind(score.id).bind(concept).bind(score.certainty).execute(&mut **tx).await?;
    }
    Ok(())
}

async fn index_changed(tx: &mut Tx<'_>, ids: impl Iterator<Item = &MediaId>) -> Result<()> {
    let ids: Vec<&MediaId> = ids.collect();
    for ids in ids.chunks(IDS) {
        let mut query = QueryBuilder::<Sqlite>::new("UPDATE media SET version = version + 1 WHERE id IN (");
        select::push_ids(&mut query, ids);
        query.push(")");
        query.build().execute(&mut **tx).await?;
    }
    Ok(())
}

//! Media like one medium, like a picture, or like a picture and words at once.
//!
//! Likeness of a medium is that of its texts or of its picture. Of a picture that is no medium there are only looks. A
//! picture with words ("like this, but at night") needs an encoder of pictures and texts: each candidate is judged by how
//! far it stands out towards the picture and towards the words, and must do both.

use std::collections::{HashMap, HashSet};

use super::document::{AllowedSet, SearchOutcome, Why};
use super::fusion::Fused;
use super::looks::{Spread, both};
use super::pictures::Near;
use super::text::WordMatches;
use super::{Search, SearchError, add_moment, explain};
use crate::library::ids::MediaId;

/// Cosine up to which two pictures do not look alike, and from which they look the same. Measured with a MobileNet on 110
/// pictures of a family: of all pairs 95 % are below the first, of the nearest to each picture three quarters above.
const UNLIKE: f32 = 0.6;
const ALIKE: f32 = 0.95;
/// Pictures that are looked at for being alike.
const LOOKS_ALIKE: usize = 300;
/// Similarity that a medium of its own kind must have to be similar (cosine of their texts).
const SIMILAR: f32 = 0.4;
/// Candidates for a picture and words at once, of either.
const OF_EITHER: usize = 500;
/// Share of the best score that a medium like a picture and words must have.
const OF_BEST: f32 = 0.5;

impl Search {
    /// Finds the media whose texts mean nearly the same as those of this one, or whose pictures look like its picture,
    /// best first. A medium without vectors has none.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub async fn similar(&self, id: MediaId, limit: usize) -> Result<SearchOutcome, SearchError> {
        let mut best = self.alike_in_words(id).await?;
        let looks = self.alike_in_looks(id).await?;
        for (other, near) in &looks {
            let fused = best.entry(*other).or_insert_with(|| Fused::blank(*other));
            fused.score = 1.0 - (1.0 - fused.score) * (1.0 - alike(near.cosine));
        }
        let mut ranking: Vec<Fused> = best.into_values().collect();
        ranking.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        let total = ranking.len();
        ranking.truncate(limit);
        let hits = self.on_words(move |words| {
            let mut hits = explain(words, &ranking, &WordMatches::default(), "")?;
            for hit in &mut hits {
                let Some(near) = looks.get(&hit.id) else { continue };
                let why = Why { field: "looks".to_owned(), text: "alike".to_owned() };
                add_moment(words, hit, near, alike(near.cosine), &why)?;
                hit.why.insert(0, why);
            }
            Ok(hits)
        });
        Ok(SearchOutcome { hits: hits.await?, total })
    }

    async fn alike_in_words(&self, id: MediaId) -> Result<HashMap<MediaId, Fused>, SearchError> {
        let mut best: HashMap<MediaId, Fused> = HashMap::new();
        let Some(table) = &self.vectors else { return Ok(best) };
        for (_, vector) in table.of(id).await? {
            for found in table.nearest(&vector, None, &self.config.meaning).await? {
                let score = found.similarity.clamp(0.0, 1.0);
                if found.id != id && score >= SIMILAR && best.get(&found.id).is_none_or(|known| known.score < score) {
                    let fused = Fused { score, meaning: score, nearest: Some(found), ..Fused::blank(found.id) };
                    best.insert(found.id, fused);
                }
            }
        }
        Ok(best)
    }

    /// Media that look like this one, each with the picture that does.
    async fn alike_in_looks(&self, id: MediaId) -> Result<HashMap<MediaId, Near>, SearchError> {
        let Some(table) = &self.pictures else { return Ok(HashMap::new()) };
        let near = table.like(id, LOOKS_ALIKE).await?.into_iter();
        Ok(near.filter(|near| alike(near.cosine) > 0.0).map(|near| (near.id, near)).collect())
    }

    /// The allowed media one of whose pictures looks most like this vector, best first; none without a model.
    ///
    /// # Errors
    /// When the vector is of another model, or the engine fails.
    pub async fn nearest_pictures(
        &self,
        vector: &[f32],
        allowed: Option<&AllowedSet>,
        limit: usize,
    ) -> Result<Vec<Near>, SearchError> {
        match &self.pictures {
            Some(table) => Ok(table.nearest_among(vector, allowed, limit).await?),
            None => Ok(Vec::new()),
        }
    }

    /// The allowed media that look like the picture and fit the words, both given as vectors, best first, with a score of
    /// 0–1.
    ///
    /// # Errors
    /// When a vector is of another model, or the engine fails.
    pub async fn like_but(
        &self,
        picture: &[f32],
        words: &[f32],
        allowed: Option<&AllowedSet>,
        limit: usize,
    ) -> Result<Vec<(MediaId, f32)>, SearchError> {
        let Some(table) = &self.pictures else { return Ok(Vec::new()) };
        let config = &self.config.looks;
        let (alike, fitting) = tokio::try_join!(
            table.nearest_among(picture, allowed, OF_EITHER),
            table.nearest_among(words, allowed, OF_EITHER)
        )?;
        let (of_picture, of_words) = tokio::try_join!(table.spread(picture, config), table.spread(words, config))?;
        let ids: HashSet<MediaId> = alike.iter().chain(&fitting).map(|near| near.id).collect();
        let ids: Vec<MediaId> = ids.into_iter().collect();
        // Of a video the picture counts that is most like both.
        let mut best: HashMap<MediaId, f32> = HashMap::new();
        for (id, own) in table.of_all(&ids).await? {
            let steps = |spread: &Spread, other: &[f32]| spread.steps(cosine(&own.vector, other));
            let score = both(steps(&of_picture, picture), steps(&of_words, words), config);
            let known = best.entry(id).or_default();
            *known = known.max(score);
        }
        let mut found: Vec<(MediaId, f32)> = best.into_iter().collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let best = found.first().map_or(0.0, |(_, score)| *score);
        found.retain(|(_, score)| *score > 0.0 && *score >= OF_BEST * best);
        found.truncate(limit);
        Ok(found)
    }
}

/// How alike two pictures look, 0–1, by the cosine of their vectors.
fn alike(cosine: f32) -> f32 {
    ((cosine - UNLIKE) / (ALIKE - UNLIKE)).clamp(0.0, 1.0)
}

/// Cosine of the angle between two vectors.
fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(f32::MIN_POSITIVE)
}

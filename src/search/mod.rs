//! Search: finds media by what is said about them, by words and by meaning.
//!
//! In reading order: [`document`] (what goes in and comes out), [`text`] (words, in tantivy), [`vectors`] (meaning, in
//! LanceDB), [`pictures`] (looks, in LanceDB), [`looks`] (what a likeness is worth), [`sights`] (what is believed of what was
//! seen), [`paperwork`] (what a text is on), [`moments`] (where in a video), [`fusion`] (one ranking, and where it ends),
//! [`alike`] (media like one medium or picture), [`config`] (weights), [`recall`] (how much the index of looks misses).
//! [`Search`] ties them together.
//!
//! What must stay true: both indexes are derived and can be made anew from the library at any time; a medium that the
//! metadata conditions exclude is never a hit; an irrelevant medium is not a result, and no result is an answer.
//! Reading questions is left to the assistant, metadata conditions to the library, encoding texts to an engine.

pub mod alike;
pub mod config;
pub mod document;
pub mod fusion;
pub mod looks;
pub mod moments;
mod occurrence;
pub mod paperwork;
pub mod passages;
pub mod pictures;
pub mod recall;
pub mod sights;
pub mod text;
pub mod vectors;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::library::ids::MediaId;
use crate::library::moments::{Moment, join};
pub use config::SearchConfig;
pub use document::{
    AllowedSet, EmbeddableText, Expansion, ExpansionOf, Facts, Hit, MediaDocument, QueryText, SearchOutcome,
    SourceField, TextVector, Why,
};
use fusion::{Covered, Fused, Meaning, fuse};
use passages::quote;
pub use passages::{Passage, Quoted, moment_of, quoted};
pub use pictures::{Near, PictureModel, PictureTable};
use text::language::Stemmers;
use text::query::WordQuery;
use text::reasons::StoredTexts;
use text::{TextIndex, TextIndexError, WordMatch, WordMatches};
use vectors::MeaningMatch;
pub use vectors::{EncoderModel, VectorError, VectorTable, pushed_down};

/// Share of unwanted content from which a medium is left out ([`QueryText::without`]).
const UNWANTED: f32 = 0.5;

/// Why a search could not be done.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The word index failed.
    #[error(transparent)]
    Words(#[from] TextIndexError),
    /// The vector index failed.
    #[error(transparent)]
    Vectors(#[from] VectorError),
    /// Vectors were given and there is no text encoder.
    #[error("vectors cannot be stored without a text encoder; `recollect doctor` says what is missing")]
    NoModel,
    /// The work was stopped, because the program ends or a bug made it panic.
    #[error("the search was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// The content of a question as vectors, as far as there are models for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Encoded {
    /// In the space of the library's texts.
    pub meaning: Option<Vec<f32>>,
    /// In the space of the library's pictures.
    pub looks: Option<Vec<f32>>,
}

/// The search over one library's texts; safe to use from many tasks.
pub struct Search {
    config: Arc<SearchConfig>,
    words: Arc<TextIndex>,
    vectors: Option<VectorTable>,
    pictures: Option<PictureTable>,
}

impl Search {
    /// Opens the indexes in `dir` (`text/` and `vectors/` below it), making what is missing. Without a model only words
    /// are searched.
    ///
    /// # Errors
    /// When the folder cannot be used. Damaged indexes are no error: they are emptied; see [`Self::needs_rebuild`] and
    /// [`Self::has_no_vectors`].
    pub async fn open(dir: &Path, config: SearchConfig, model: Option<EncoderModel>) -> Result<Self, SearchError> {
        let text = dir.join("text");
        let words = tokio::task::spawn_blocking(move || TextIndex::open(&text)).await??;
        let vectors = match model {
            Some(model) => Some(VectorTable::open(&dir.join("vectors"), model).await?),
            None => None,
        };
        Ok(Self { config: Arc::new(config), words: Arc::new(words), vectors, pictures: None })
    }

    /// The same with the vectors of pictures of this model, which lie beside those of texts.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub async fn with_pictures(self, dir: &Path, model: PictureModel) -> Result<Self, SearchError> {
        let pictures = Some(PictureTable::open(&dir.join("vectors"), model).await?);
        Ok(Self { pictures, ..self })
    }

    /// The vectors of pictures, if there is a model for them.
    pub fn pictures(&self) -> Option<&PictureTable> {
        self.pictures.as_ref()
    }

    /// Whether the word index is new, of another version or was damaged, so that all media must be put in again.
    pub fn needs_rebuild(&self) -> bool {
        self.words.needs_rebuild()
    }

    /// States that all media have been put in.
    ///
    /// # Errors
    /// When that cannot be written down.
    pub async fn finish_rebuild(&self) -> Result<(), SearchError> {
        self.on_words(|words| words.finish_rebuild()).await
    }

    /// Empties the indexes, vectors included; they need a rebuild from now on.
    ///
    /// # Errors
    /// When the disk or an engine fails.
    pub async fn clear(&self) -> Result<(), SearchError> {
        self.on_words(|words| words.clear()).await?;
        if let Some(table) = &self.vectors {
            table.clear().await?;
        }
        if let Some(pictures) = &self.pictures {
            pictures.clear().await?;
        }
        Ok(())
    }

    /// Puts media in, replacing what was known of them. Vectors of texts that they no longer have are removed, those of
    /// the others stay. Several hundred media at once are quickest.
    ///
    /// # Errors
    /// When the disk or an engine fails. It can be repeated.
    pub async fn upsert(&self, documents: Vec<MediaDocument>) -> Result<(), SearchError> {
        if let Some(table) = &self.vectors {
            table.reconcile(&documents).await?;
        }
        self.on_words(move |words| words.upsert(&documents)).await
    }

    /// The texts of these media that have no vector of the model in use yet; none when there is no model.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn missing_vectors(
        &self,
        documents: &[MediaDocument],
    ) -> Result<Vec<(MediaId, EmbeddableText)>, SearchError> {
        match &self.vectors {
            Some(table) => Ok(table.missing(documents).await?),
            None => Ok(Vec::new()),
        }
    }

    /// Stores the vectors of texts, replacing earlier ones.
    ///
    /// # Errors
    /// When there is no model, a vector is of another one, or the engine fails. It can be repeated.
    pub async fn upsert_vectors(&self, vectors: &[TextVector]) -> Result<(), SearchError> {
        Ok(self.vectors.as_ref().ok_or(SearchError::NoModel)?.upsert(vectors).await?)
    }

    /// Whether there is a model and not a single vector of it, as when it is new or its table was lost.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn has_no_vectors(&self) -> Result<bool, SearchError> {
        match &self.vectors {
            Some(table) => Ok(table.count().await? == 0),
            None => Ok(false),
        }
    }

    /// Takes media out; unknown ones are ignored.
    ///
    /// # Errors
    /// When the disk or an engine fails. It can be repeated.
    pub async fn delete(&self, ids: Vec<MediaId>) -> Result<(), SearchError> {
        if let Some(table) = &self.vectors {
            table.delete(&ids).await?;
        }
        if let Some(pictures) = &self.pictures {
            pictures.delete(&ids).await?;
        }
        self.on_words(move |words| words.delete(&ids)).await
    }

    /// Tidies the vector index: joins its files, drops old versions, indexes it when it is large. For moments of leisure,
    /// after a batch of work.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn optimize(&self) -> Result<(), SearchError> {
        if let Some(table) = &self.vectors {
            table.optimize().await?;
        }
        Ok(())
    }

    /// Number of media in the word index.
    pub fn len(&self) -> u64 {
        self.words.len()
    }

    /// Whether no medium is in the word index.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Finds the media that fit the question among the allowed ones (`None`: all), best first. `encoded` is the question's
    /// content, encoded by the models in use; without it, or without models, words decide alone. Empty content finds
    /// nothing: what the metadata conditions leave is the caller's answer then.
    ///
    /// # Errors
    /// When an index cannot be read, or a vector is of another model.
    pub async fn query(
        &self,
        query: &QueryText,
        encoded: Encoded,
        allowed: Option<&AllowedSet>,
        limit: usize,
    ) -> Result<SearchOutcome, SearchError> {
        let config = Arc::clone(&self.config);
        let (asked, among) = (query.clone(), allowed.cloned());
        let by_words = self.on_words(move |words| {
            let mut stemmers = Stemmers::new();
            let found = words.search(&WordQuery::new(&asked, &mut stemmers), among.as_ref(), &config)?;
            let without = unwanted(words, &asked, among.as_ref(), &config, &mut stemmers)?;
            Ok((found, without))
        });
        let by_looks = self.looks(encoded.looks, allowed);
        let by_meaning = self.meaning(encoded.meaning, allowed);
        let ((found, without), meaning, looks) = tokio::try_join!(by_words, by_meaning, by_looks)?;
        let covered = |found: &WordMatch| Covered { id: found.id, written: found.score, seen: found.seen };
        let covered: Vec<Covered> = found.matches.iter().map(covered).collect();
        let worths: Vec<(MediaId, f32)> = looks.iter().map(|(near, worth)| (near.id, *worth)).collect();
        let mut ranking = fuse(&covered, meaning.as_ref(), &worths, &without, found.words, &self.config);
        let total = ranking.len();
        ranking.truncate(limit);
        let asked = query.text.clone();
        let frames: HashMap<MediaId, (Near, f32)> = looks.into_iter().map(|found| (found.0.id, found)).collect();
        let hits = self.on_words(move |words| {
            let mut hits = explain(words, &ranking, &found, &asked)?;
            let why = looks_like(&asked);
            for hit in &mut hits {
                if let Some((near, worth)) = frames.get(&hit.id) {
                    add_moment(words, hit, near, *worth, &why)?;
                }
            }
            Ok(hits)
        });
        Ok(SearchOutcome { hits: hits.await?, total })
    }

    /// The media whose pictures look like this, each with the picture that does and what that is worth.
    async fn looks(
        &self,
        vector: Option<Vec<f32>>,
        allowed: Option<&AllowedSet>,
    ) -> Result<Vec<(Near, f32)>, SearchError> {
        let (Some(vector), Some(table)) = (vector, &self.pictures) else { return Ok(Vec::new()) };
        let config = &self.config.looks;
        let near = table.nearest_among(&vector, allowed, config.candidates).await?;
        let spread = table.spread(&vector, config).await?;
        let all = match allowed {
            Some(allowed) => allowed.ids.len(),
            None => table.count().await?,
        };
        let cosines: Vec<f32> = near.iter().map(|near| near.cosine).collect();
        let worths = looks::worths(&cosines, all, &spread, config);
        Ok(near.into_iter().zip(worths).filter(|(_, worth)| *worth > 0.0).collect())
    }

    async fn meaning(
        &self,
        vector: Option<Vec<f32>>,
        allowed: Option<&AllowedSet>,
    ) -> Result<Option<Meaning>, SearchError> {
        let (Some(vector), Some(table)) = (vector, &self.vectors) else { return Ok(None) };
        let (matches, background) = tokio::try_join!(
            table.nearest(&vector, allowed, &self.config.meaning),
            table.background(&vector, &self.config.meaning)
        )?;
        Ok(Some(Meaning { matches, background }))
    }

    /// Runs work on the word index, which blocks, off the async threads.
    async fn on_words<T: Send + 'static>(
        &self,
        work: impl FnOnce(&TextIndex) -> Result<T, TextIndexError> + Send + 'static,
    ) -> Result<T, SearchError> {
        let words = Arc::clone(&self.words);
        Ok(tokio::task::spawn_blocking(move || work(&words)).await??)
    }
}

/// The media that show what must not be there.
fn unwanted(
    words: &TextIndex,
    query: &QueryText,
    allowed: Option<&AllowedSet>,
    config: &SearchConfig,
    stemmers: &mut Stemmers,
) -> Result<HashSet<MediaId>, TextIndexError> {
    let Some(without) = &query.without else { return Ok(HashSet::new()) };
    let query = QueryText { text: without.clone(), expansions: Vec::new(), without: None, ..query.clone() };
    let found = words.search(&WordQuery::new(&query, stemmers), allowed, config)?;
    Ok(found.matches.into_iter().filter(|found| found.score + found.seen >= UNWANTED).map(|found| found.id).collect())
}

/// Turns a ranking into hits with their reasons and moments; `asked` is what pictures were compared with. Reading the texts
/// of many hits is most of a search's work, so that all processors share it.
fn explain(words: &TextIndex, ranking: &[Fused], found: &WordMatches, asked: &str) -> Result<Vec<Hit>, TextIndexError> {
    let places: HashMap<MediaId, usize> = found.matches.iter().enumerate().map(|(at, found)| (found.id, at)).collect();
    let explained = ranking.par_iter().map_init(Stemmers::new, |stemmers, fused| {
        let (texts, mut why, mut moments) = match places.get(&fused.id) {
            Some(at) => {
                let texts = words.texts_of_match(found, *at)?;
                let (why, moments) = (texts.reasons(found, stemmers), texts.moments(found, stemmers));
                (texts, why, moments)
            }
            None if fused.nearest.is_some() => (words.texts(fused.id)?, Vec::new(), Vec::new()),
            None => Default::default(),
        };
        if let Some(nearest) = fused.nearest
            && (why.is_empty() || fused.meaning > fused.words)
        {
            let (meant, moment) = meant(&texts, &nearest, fused.meaning);
            why.insert(if fused.words > 0.0 { why.len() } else { 0 }, meant);
            moments.extend(moment);
        }
        if fused.looks > 0.0 {
            let first = fused.looks >= fused.words.max(fused.meaning);
            why.insert(if first { 0 } else { why.len() }, looks_like(asked));
        }
        Ok(Hit { id: fused.id, score: fused.score, why, moments: join(moments) })
    });
    explained.collect()
}

/// The reason that a picture looks like what was asked for.
fn looks_like(asked: &str) -> Why {
    Why { field: "looks like".to_owned(), text: asked.to_owned() }
}

/// Adds the moment of a video whose frame is near.
fn add_moment(words: &TextIndex, hit: &mut Hit, near: &Near, worth: f32, why: &Why) -> Result<(), TextIndexError> {
    if let Some(at) = near.frame_ms {
        let frames = words.texts(hit.id)?.frames;
        hit.moments.extend(moments::looks(at, &frames, worth, &why.to_string()));
        hit.moments = join(std::mem::take(&mut hit.moments));
    }
    Ok(())
}

/// The text that is nearest in meaning, as a reason and, where it is said in a video, as a moment.
fn meant(stored: &StoredTexts, nearest: &MeaningMatch, score: f32) -> (Why, Option<Moment>) {
    if nearest.source.is_said() {
        let said = passages::chunks(&stored.said).into_iter().find(|chunk| nearest.is_of(&chunk.text));
        if let Some(chunk) = said {
            let why = Why { field: chunk.first.label(), text: quote(&chunk.text.text) };
            let moment = moments::spoken(chunk.first, chunk.end_ms, &stored.frames, score, why.to_string());
            return (why, moment);
        }
    }
    let text = stored.texts.iter().find(|(source, _)| *source == nearest.source).map(|(_, text)| text.as_str());
    // What a model wrote is said to be its words, also where it is only near.
    let field = if nearest.source == SourceField::Caption { nearest.source.label() } else { "meaning" };
    (Why { field: field.to_owned(), text: quote(text.unwrap_or_default()) }, None)
}

#[cfg(test)]
mod tests;

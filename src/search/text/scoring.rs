//! Finds the media whose texts contain a question's words.
//!
//! A medium's score is the share of the question that it covers: the sum over the question's words of how well it
//! contains each (0–1), weighted by how rare the word is in the library (inverse document frequency), divided by the same
//! sum for a medium that contained them all. A word that the library lacks counts nearly as the rarest, so that what is
//! asked for and not there lowers every score. Scores are therefore comparable between questions; where to stop is left to
//! [`crate::search::fusion`].

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::{DocAddress, DocId, Searcher, SegmentReader};

use super::index::{TextIndex, TextIndexError};
use super::language::{Language, Stemmers};
use super::postings::{Posting, SegmentScorer, both, either};
use super::query::{Alternative, WordQuery};
use super::typos;
use crate::library::ids::MediaId;
use crate::search::config::SearchConfig;
use crate::search::document::{AllowedSet, SourceField};
use crate::search::moments::{AskedWord, Wording};

/// Most media that the words of a question hand on to fusion.
const MOST: usize = 2_000;

/// A medium that contains words of the question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WordMatch {
    /// The medium.
    pub id: MediaId,
    /// The share of the question that its texts cover, 0–1.
    pub score: f32,
    /// The share that is to be seen in it, by certainty, 0–1. A word counts in one of the two, where it is worth more.
    pub seen: f32,
    /// Whether it is a video of which it is known what its frames show.
    pub(super) filmed: bool,
    /// Where it lies in the index that was searched.
    pub(super) address: DocAddress,
}

/// What a question's words found.
#[derive(Debug, Clone, Default)]
pub struct WordMatches {
    /// The media, best first.
    pub matches: Vec<WordMatch>,
    /// Number of content words of the question.
    pub words: usize,
    /// Every term that counted, for saying why.
    pub(super) terms: HashSet<String>,
    /// The ways to say all of the question, each with what counted as its words.
    pub(super) wordings: Vec<Wording>,
    pub(super) searcher: Option<Searcher>,
}

/// What is worth keeping of a segment between questions; segments never change.
struct SegmentFacts {
    ids: Vec<MediaId>,
    filmed: Vec<bool>,
    lengths: Vec<f32>,
}

/// [`SegmentFacts`] of the segments in use.
#[derive(Default)]
pub(super) struct SegmentCache(Mutex<HashMap<SegmentId, Arc<SegmentFacts>>>);

impl SegmentCache {
    fn of(&self, searcher: &Searcher, index: &TextIndex) -> Result<Vec<Arc<SegmentFacts>>, TextIndexError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let readers = searcher.segment_readers();
        known.retain(|id, _| readers.iter().any(|reader| reader.segment_id() == *id));
        let mut facts = Vec::with_capacity(readers.len());
        for reader in readers {
            if let Entry::Vacant(free) = known.entry(reader.segment_id()) {
                free.insert(Arc::new(segment_facts(reader, index)?));
            }
            facts.extend(known.get(&reader.segment_id()).cloned());
        }
        Ok(facts)
    }
}

fn segment_facts(reader: &SegmentReader, index: &TextIndex) -> Result<SegmentFacts, TextIndexError> {
    let high = reader.fast_fields().u64("id_high")?;
    let low = reader.fast_fields().u64("id_low")?;
    let id = |doc: DocId| {
        let id = uuid::Uuid::from_u64_pair(high.first(doc).unwrap_or_default(), low.first(doc).unwrap_or_default());
        id.to_string().parse().map_err(|_| io::Error::other("a document carries no identifier").into())
    };
    let ids = (0..reader.max_doc()).map(id).collect::<Result<Vec<MediaId>, TextIndexError>>()?;
    let frames = reader.fast_fields().u64("frames")?;
    let filmed = (0..reader.max_doc()).map(|doc| frames.first(doc).unwrap_or_default() > 0).collect();
    let mut lengths = Vec::with_capacity(SourceField::ALL.len());
    for field in &index.fields.sources {
        let norms = reader.get_fieldnorms_reader(*field)?;
        let (sum, count) = (0..reader.max_doc())
            .map(|doc| norms.fieldnorm(doc))
            .filter(|length| *length > 0)
            .fold((0.0_f64, 0_u32), |(sum, count), length| (sum + f64::from(length), count + 1));
        lengths.push((sum / f64::from(count.max(1))) as f32);
    }
    Ok(SegmentFacts { ids, filmed, lengths })
}

/// The documents of every segment that contain a word.
type Found = Vec<Vec<Posting>>;

fn documents(found: &Found) -> usize {
    found.iter().map(Vec::len).sum()
}

/// One search in the making.
struct Search<'a> {
    searcher: &'a Searcher,
    scorers: Vec<SegmentScorer<'a>>,
    media: f32,
}

impl Search<'_> {
    fn alternative(&mut self, alternative: &Alternative) -> io::Result<Found> {
        let mut found: Option<Found> = None;
        for forms in &alternative.words {
            let next: Found = self.scorers.iter_mut().map(|s| s.word(forms)).collect::<io::Result<_>>()?;
            found = Some(match found {
                None => next,
                Some(found) => found.iter().zip(&next).map(|(a, b)| both(a, b)).collect(),
            });
        }
        let mut found = found.unwrap_or_default();
        for posting in found.iter_mut().flatten() {
            posting.worth *= alternative.weight;
            posting.seen *= alternative.weight;
        }
        Ok(found)
    }

    fn any_of(&mut self, alternatives: &[Alternative]) -> io::Result<Found> {
        let mut found: Found = vec![Vec::new(); self.scorers.len()];
        for alternative in alternatives {
            let next = self.alternative(alternative)?;
            found = found.into_iter().zip(next).map(|(a, b)| either(a, b)).collect();
        }
        Ok(found)
    }

    /// How much a word tells that so many media contain.
    fn rarity(&self, documents: usize) -> f32 {
        let documents = documents as f32;
        (1.0 + (self.media - documents + 0.5).max(0.5) / (documents + 0.5)).ln()
    }
}

impl TextIndex {
    /// Finds the media that contain words of the question, among the allowed ones. Blocks.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(
        &self,
        query: &WordQuery,
        allowed: Option<&AllowedSet>,
        config: &SearchConfig,
    ) -> Result<WordMatches, TextIndexError> {
        let searcher = self.searcher();
        let facts = self.segments.of(&searcher, self)?;
        let scorers = searcher.segment_readers().iter().zip(&facts);
        let scorers = scorers.map(|(reader, facts)| SegmentScorer::new(reader, &self.fields, config, &facts.lengths));
        let mut search =
            Search { searcher: &searcher, scorers: scorers.collect(), media: (searcher.num_docs() as f32).max(1.0) };
        let mut asked = Asked::default();
        let total = self.cover(query, &mut search, config, &mut asked)?;
        let mut matches = Vec::new();
        for (segment, covered) in total.into_iter().enumerate() {
            let SegmentFacts { ids, filmed, .. } = &*facts[segment];
            for (doc, Share { written, seen }) in covered {
                let id = ids[doc as usize];
                if written + seen > 0.0 && allowed.is_none_or(|allowed| allowed.contains(id)) {
                    let address = DocAddress::new(segment as u32, doc);
                    matches.push(WordMatch { id, score: written, seen, filmed: filmed[doc as usize], address });
                }
            }
        }
        drop(search);
        let best_first =
            |a: &WordMatch, b: &WordMatch| (b.score + b.seen).total_cmp(&(a.score + a.seen)).then(a.id.cmp(&b.id));
        matches.sort_by(best_first);
        matches.truncate(MOST);
        self.rank_by_best_frame(&searcher, &mut matches, &asked.wordings)?;
        matches.sort_by(best_first);
        let Asked { terms, wordings } = asked;
        Ok(WordMatches { matches, words: query.words.len(), terms, wordings, searcher: Some(searcher) })
    }

    /// The share of the question that each document covers, by segment.
    fn cover(
        &self,
        query: &WordQuery,
        search: &mut Search<'_>,
        config: &SearchConfig,
        asked: &mut Asked,
    ) -> Result<Vec<HashMap<DocId, Share>>, TextIndexError> {
        let mut stemmers = Stemmers::new();
        let mut covered: Vec<HashMap<DocId, Share>> = vec![HashMap::new(); search.scorers.len()];
        let split = Split { written: config.cut_off.words, seen: config.fields.seen };
        let mut whole = 0.0;
        let mut wording = Wording::new();
        for word in &query.words {
            let mut found = search.any_of(&word.alternatives)?;
            let mut ways = asked.remember(&word.alternatives);
            if documents(&found) == 0 && word.typable {
                let stem = stemmers.stem(Language::English, &word.folded);
                let forms = typos::nearest(&word.folded, &stem, search.searcher, &self.fields, &config.words)?;
                if !forms.is_empty() {
                    let meant = [Alternative { words: vec![forms], weight: 1.0 }];
                    found = search.any_of(&meant)?;
                    ways.extend(asked.remember(&meant));
                }
            }
            let known = documents(&found);
            let rarity = search.rarity(known) * if known == 0 { config.words.absent } else { 1.0 };
            whole += rarity;
            wording.push(AskedWord { weight: rarity, ways });
            add(&mut covered, &found, rarity, split);
        }
        asked.wordings.push(wording);
        if !query.any.is_empty() && whole > 0.0 {
            // Each stands for one of the words, and it is not known which: it is worth an average one.
            let mean = whole / query.words.len() as f32;
            for alternative in &query.any {
                let found = search.alternative(alternative)?;
                asked.remember(std::slice::from_ref(alternative));
                add(&mut covered, &found, mean, split);
            }
        }
        for share in covered.iter_mut().flat_map(HashMap::values_mut) {
            *share = share.of(whole, 1.0);
        }
        for alternative in &query.whole {
            let mut other: Vec<HashMap<DocId, Share>> = vec![HashMap::new(); search.scorers.len()];
            let (mut whole, mut wording) = (0.0, Wording::new());
            for forms in &alternative.words {
                let alone = Alternative { words: vec![forms.clone()], weight: 1.0 };
                let found = search.alternative(&alone)?;
                let rarity = search.rarity(documents(&found));
                whole += rarity;
                wording.push(AskedWord { weight: rarity, ways: asked.remember(&[alone]) });
                add(&mut other, &found, rarity, split);
            }
            asked.wordings.push(wording);
            for (covered, other) in covered.iter_mut().zip(other) {
                for (doc, share) in other {
                    let best = covered.entry(doc).or_default();
                    let share = share.of(whole, alternative.weight);
                    if split.worth(share) > split.worth(*best) {
                        *best = share;
                    }
                }
            }
        }
        Ok(covered)
    }
}

/// What a question asks for, as it was looked up.
#[derive(Default)]
struct Asked {
    terms: HashSet<String>,
    wordings: Vec<Wording>,
}

impl Asked {
    /// Takes the terms of these alternatives in, and gives them with what each is worth, the best first.
    fn remember(&mut self, alternatives: &[Alternative]) -> Vec<(f32, HashSet<String>)> {
        let mut ways: Vec<(f32, HashSet<String>)> = Vec::with_capacity(alternatives.len());
        for alternative in alternatives {
            let terms: HashSet<String> = alternative.words.iter().flatten().map(|lookup| lookup.term.clone()).collect();
            self.terms.extend(terms.iter().cloned());
            ways.push((alternative.weight, terms));
        }
        ways.sort_by(|a, b| b.0.total_cmp(&a.0));
        ways
    }
}

/// How much of a question a document covers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Share {
    /// By what is written about it.
    written: f32,
    /// By what is to be seen in it.
    seen: f32,
}

impl Share {
    /// The share of `whole`, worth `weight`; at most 1 in all.
    fn of(self, whole: f32, weight: f32) -> Self {
        let all = ((self.written + self.seen) / whole).max(1.0);
        Self { written: weight * self.written / whole / all, seen: weight * self.seen / whole / all }
    }
}

/// What a written and a seen word are worth against each other.
#[derive(Debug, Clone, Copy)]
struct Split {
    written: f32,
    seen: f32,
}

impl Split {
    fn worth(self, share: Share) -> f32 {
        self.written * share.written + self.seen * share.seen
    }
}

fn add(covered: &mut [HashMap<DocId, Share>], found: &Found, rarity: f32, split: Split) {
    for (covered, found) in covered.iter_mut().zip(found) {
        for posting in found {
            let share = covered.entry(posting.doc).or_default();
            if split.seen * posting.seen > split.written * posting.worth {
                share.seen += rarity * posting.seen;
            } else {
                share.written += rarity * posting.worth;
            }
        }
    }
}

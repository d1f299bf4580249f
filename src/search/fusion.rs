//! Joins what words and meaning found into one ranking, and ends it where results stop being results.
//!
//! Pure. The rules:
//! - Words give the share of the question that a medium's texts cover, each word weighted by its rarity, so 1 is a medium
//!   that says everything asked for. Meaning gives a cosine, less part of what this question has in common with everything
//!   in the library, stretched so that 0 is unrelated and 1 the same statement.
//! - What models saw in a medium covers words as well, by how certain they were. A word counts once, seen or written,
//!   where it is worth more: seen it is evidence of the thing itself and worth nearly all, written only part.
//! - Where pictures can be compared with words, how much a picture looks like them ([`super::looks`]) is a third list.
//! - Words, meaning and looks are evidence for the same thing and may each be missing, so they add up like independent
//!   chances: 1 − (1 − words)(1 − meaning)(1 − looks). None can take away what another gives.
//! - A hit must be good by itself (`least`) and not much worse than the best (`of_best`). So nothing is found when nothing
//!   fits, and when something fits exactly, what fits half does not follow it.
//!
//! Scores therefore mean the same for every question. The defaults are round numbers in the middle of a plateau: on the
//! 36 content questions of a family library of 319 media, 100 of them described, and on 32 questions for what is not
//! there, neighbouring values change the answer to one or two questions.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::config::{CutOffConfig, MeaningConfig, SearchConfig};
use super::vectors::MeaningMatch;
use crate::library::ids::MediaId;

/// What meaning found.
#[derive(Debug, Clone, Default)]
pub struct Meaning {
    /// The media near in meaning.
    pub matches: Vec<MeaningMatch>,
    /// How near the library is to the question on the whole: mean cosine.
    pub background: f32,
}

/// How much of a question one medium covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Covered {
    /// The medium.
    pub id: MediaId,
    /// The share that its texts cover, 0–1.
    pub written: f32,
    /// The share that is to be seen in it, by certainty, 0–1.
    pub seen: f32,
}

/// A medium in the ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fused {
    /// The medium.
    pub id: MediaId,
    /// How well it fits, 0–1.
    pub score: f32,
    /// The share that words gave, 0–1.
    pub words: f32,
    /// The share that meaning gave, 0–1.
    pub meaning: f32,
    /// The share that looks gave, 0–1.
    pub looks: f32,
    /// The text that was nearest in meaning, if any was near.
    pub nearest: Option<MeaningMatch>,
}

impl Fused {
    /// A medium that nothing is known of yet.
    pub fn blank(id: MediaId) -> Self {
        Self { id, score: 0.0, words: 0.0, meaning: 0.0, looks: 0.0, nearest: None }
    }
}

/// Ranks what was found and cuts the ranking off; best first, ties by identifier. `words` are media with the share of the
/// question that their texts and their pictures cover; `meaning` is `None` when the question has no vector; `looks` are
/// media with what it is worth how they look; `count` is the number of content words.
pub fn fuse(
    words: &[Covered],
    meaning: Option<&Meaning>,
    looks: &[(MediaId, f32)],
    without: &HashSet<MediaId>,
    count: usize,
    config: &SearchConfig,
) -> Vec<Fused> {
    let mut all: HashMap<MediaId, Fused> = HashMap::with_capacity(words.len());
    for covered in words {
        let worth = if meaning.is_some() { config.cut_off.words } else { 1.0 };
        let fused = all.entry(covered.id).or_insert_with(|| Fused::blank(covered.id));
        let share = worth * covered.written + config.fields.seen * covered.seen;
        fused.words = fused.words.max(share.clamp(0.0, 1.0));
    }
    if let Some(meaning) = meaning {
        for found in &meaning.matches {
            let worth = config.meaning.of(found.source)
                * likeness(found.similarity, meaning.background, count, &config.meaning);
            let fused = all.entry(found.id).or_insert_with(|| Fused::blank(found.id));
            if worth > fused.meaning {
                (fused.meaning, fused.nearest) = (worth, Some(*found));
            }
        }
    }
    for (id, worth) in looks {
        let fused = all.entry(*id).or_insert_with(|| Fused::blank(*id));
        fused.looks = fused.looks.max(worth.clamp(0.0, 1.0));
    }
    let mut ranking: Vec<Fused> = all.into_values().filter(|fused| !without.contains(&fused.id)).collect();
    for fused in &mut ranking {
        fused.score = 1.0 - (1.0 - fused.words) * (1.0 - fused.meaning) * (1.0 - fused.looks);
    }
    ranking.sort_by(best_first);
    cut_off(&mut ranking, &config.cut_off);
    ranking
}

/// How much a similarity says that the text is what is meant, 0–1.
fn likeness(similarity: f32, background: f32, words: usize, config: &MeaningConfig) -> f32 {
    let own = similarity - config.background * (background - config.usual);
    let share = (own - config.unrelated) / (config.same - config.unrelated).max(f32::EPSILON);
    let worth = if words == 1 { config.single_word } else { 1.0 };
    if share.is_nan() { 0.0 } else { worth * share.clamp(0.0, 1.0) }
}

fn best_first(a: &Fused, b: &Fused) -> Ordering {
    b.score.total_cmp(&a.score).then(a.id.cmp(&b.id))
}

/// Ends a ranking, best first, where its hits stop being results.
fn cut_off(ranking: &mut Vec<Fused>, config: &CutOffConfig) {
    let best = ranking.first().map_or(0.0, |fused| fused.score);
    let least = config.least.max(config.of_best * best);
    ranking.retain(|fused| fused.score >= least && fused.score > 0.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::document::SourceField;
    use proptest::prelude::*;

    fn near(id: MediaId, similarity: f32) -> MeaningMatch {
        MeaningMatch { id, source: SourceField::Description, text: 0, similarity }
    }

    fn written(words: &[(MediaId, f32)]) -> Vec<Covered> {
        words.iter().map(|(id, written)| Covered { id: *id, written: *written, seen: 0.0 }).collect()
    }

    fn run(words: &[(MediaId, f32)], similar: &[(MediaId, f32)], count: usize) -> Vec<MediaId> {
        let matches = similar.iter().map(|(id, similarity)| near(*id, *similarity)).collect();
        let meaning = Meaning { matches, background: 0.08 };
        let ranking = fuse(&written(words), Some(&meaning), &[], &HashSet::new(), count, &SearchConfig::default());
        ranking.into_iter().map(|fused| fused.id).collect()
    }

    #[test]
    fn nothing_is_found_when_nothing_fits() {
        let id = MediaId::new();
        assert!(run(&[], &[], 2).is_empty());
        assert!(run(&[(id, 0.3)], &[(id, 0.2)], 3).is_empty());
        assert!(run(&[], &[(id, 0.42)], 1).is_empty(), "one word is near to all of its topic");
    }

    #[test]
    fn either_evidence_is_enough_and_both_are_better() {
        let [word, meant, both] = [MediaId::new(), MediaId::new(), MediaId::new()];
        let found = run(&[(word, 0.9), (both, 0.6)], &[(meant, 0.56), (both, 0.56)], 3);
        assert_eq!(found[0], both);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn an_exact_answer_is_not_followed_by_half_ones() {
        let [exact, half] = [MediaId::new(), MediaId::new()];
        assert_eq!(run(&[(exact, 1.0), (half, 0.4)], &[(exact, 0.75), (half, 0.45)], 3), [exact]);
        assert_eq!(run(&[(half, 0.4)], &[(half, 0.45)], 3), [half], "which are answers where nothing is better");
    }

    #[test]
    fn without_a_vector_words_decide_alone() {
        let [all, most, few] = [MediaId::new(), MediaId::new(), MediaId::new()];
        let words = [(few, 0.2), (most, 0.75), (all, 1.0)];
        let ranking = fuse(&written(&words), None, &[], &HashSet::new(), 2, &SearchConfig::default());
        assert_eq!(ranking.iter().map(|f| (f.id, f.score)).collect::<Vec<_>>(), [(all, 1.0), (most, 0.75)]);
    }

    #[test]
    fn what_is_not_wanted_is_no_hit_however_well_it_fits() {
        let [dog, other] = [MediaId::new(), MediaId::new()];
        let words = [(dog, 1.0), (other, 0.6)];
        let ranking = fuse(&written(&words), None, &[], &HashSet::from([dog]), 2, &SearchConfig::default());
        assert_eq!(ranking.iter().map(|f| f.id).collect::<Vec<_>>(), [other], "and does not set the bar for others");
    }

    #[test]
    fn looks_find_what_no_text_says_and_strengthen_what_one_does() {
        let [seen, said, both, hardly] = std::array::from_fn(|_| MediaId::new());
        let looks = [(both, 0.6), (seen, 0.55), (hardly, 0.2)];
        let words = written(&[(said, 0.9), (both, 0.5)]);
        let ranking = fuse(&words, None, &looks, &HashSet::new(), 2, &SearchConfig::default());
        assert_eq!(ranking.iter().map(|fused| fused.id).collect::<Vec<_>>(), [said, both]);
        let ranking = fuse(&written(&[]), None, &looks, &HashSet::new(), 2, &SearchConfig::default());
        assert_eq!(ranking.iter().map(|fused| fused.id).collect::<Vec<_>>(), [both, seen], "{ranking:?}");
        let wanted = fuse(&words, None, &looks, &HashSet::from([both, said]), 2, &SearchConfig::default());
        assert_eq!(wanted.iter().map(|fused| fused.id).collect::<Vec<_>>(), [seen]);
    }

    proptest! {
        #[test]
        fn scores_are_shares_in_order(covered in proptest::collection::vec(-1.0f32..2.0, 0..20),
                                      similar in proptest::collection::vec(-1.0f32..1.0, 0..20), background in -1.0f32..1.0) {
            let words: Vec<_> = covered.iter().map(|c| (MediaId::new(), *c)).collect();
            let ids = words.iter().map(|(id, _)| *id).chain(std::iter::repeat_with(MediaId::new));
            let matches = similar.iter().zip(ids).map(|(s, id)| near(id, *s)).collect();
            let meaning = Meaning { matches, background };
            let ranking = fuse(&written(&words), Some(&meaning), &[], &HashSet::new(), 2, &SearchConfig::default());
            prop_assert!(ranking.iter().all(|f| f.score > 0.0 && f.score <= 1.0));
            prop_assert!(ranking.windows(2).all(|pair| pair[0].score >= pair[1].score));
        }
    }
}

//! Videos among what words found: ranked by their best frame, and where in them it is.
//!
//! Reads what is stored of the few media that it is about, as [`super::reasons`] does.

use std::collections::HashSet;

use tantivy::Searcher;

use super::index::{TextIndex, TextIndexError};
use super::language::Stemmers;
use super::reasons::{LONGEST_SAID, StoredTexts, matching};
use super::scoring::{WordMatch, WordMatches};
use crate::library::moments::Moment;
use crate::search::document::SourceField;
use crate::search::moments::{Shown, Wording, spoken};
use crate::search::passages::excerpt;

/// Videos that are looked at, the best by what all their frames together show.
const MOST: usize = 200;

impl TextIndex {
    /// Lowers what is seen in videos to what their best frame shows.
    pub(super) fn rank_by_best_frame(
        &self,
        searcher: &Searcher,
        matches: &mut [WordMatch],
        wordings: &[Wording],
    ) -> Result<(), TextIndexError> {
        if wordings.iter().all(|wording| wording.len() < 2) {
            // One word is seen in the best frame as well as anywhere.
            return Ok(());
        }
        let mut stemmers = Stemmers::new();
        for found in matches.iter_mut().filter(|found| found.filmed && found.seen > 0.0).take(MOST) {
            let stored = self.stored(searcher, found.address)?;
            found.seen *= shown(&stored, wordings, &mut stemmers).at_best();
        }
        Ok(())
    }
}

impl StoredTexts {
    /// Where in a video with these texts, which matches, the question's words are seen and said; one by one, in no order.
    pub fn moments(&self, found: &WordMatches, stemmers: &mut Stemmers) -> Vec<Moment> {
        let mut moments = shown(self, &found.wordings, stemmers).moments(&self.frames);
        moments.extend(said(self, found, stemmers));
        moments
    }
}

fn shown(stored: &StoredTexts, wordings: &[Wording], stemmers: &mut Stemmers) -> Shown {
    let says =
        |field: SourceField, text: &str, terms: &HashSet<String>| !matching(field, text, terms, stemmers).is_empty();
    Shown::new(&stored.frames, wordings, says)
}

/// The passages of a video that say most of the words.
fn said(stored: &StoredTexts, found: &WordMatches, stemmers: &mut Stemmers) -> Vec<Moment> {
    let mut passages = Vec::new();
    let mut looked_at = 0;
    for passage in stored.said.iter().filter(|passage| passage.start_ms.is_some()) {
        looked_at += passage.text.len();
        if looked_at > LONGEST_SAID {
            break;
        }
        let named = matching(passage.field, &passage.text, &found.terms, stemmers);
        let different = named.iter().map(|word| word.to_lowercase()).collect::<HashSet<_>>().len();
        if different > 0 {
            passages.push((different, passage, named));
        }
    }
    let most = passages.iter().map(|(different, ..)| *different).max().unwrap_or_default();
    passages.retain(|(different, ..)| *different == most);
    let score = (most as f32 / found.words.max(1) as f32).min(1.0);
    let moment = |(_, passage, named): (usize, &crate::search::Passage, Vec<String>)| {
        let reason = format!("{}: {}", passage.label(), excerpt(&passage.text, &named));
        spoken(passage, None, &stored.frames, score, reason)
    };
    passages.into_iter().filter_map(moment).collect()
}

//! Finds where the words of an event's name stand in a question, and how surely they mean the event.
//!
//! Words of a name stand together, parted by nothing but links and nouns for an occasion.

use std::ops::Range;

use super::super::general::General;
use super::super::kinship;
use super::super::sentence::Sentence;
use super::super::stem::stem;
use super::super::words::{EVENT_NOUNS, MEDIA_NOUNS, is_link, is_stop_word};
use super::Surroundings;
use super::entry::{Entry, Sort, number_of};
use super::phrase::{compounds, noun_before_links};

/// The words of the question in the form that names are compared in.
pub(super) fn concepts(s: &Sentence, general: &General, known: impl Fn(&str) -> bool) -> Vec<String> {
    let tokens = s.tokens();
    (0..tokens.len())
        .map(|at| {
            let word = &tokens[at].fold;
            if let Some((1, kin)) = kinship::at(tokens, at) {
                return kinship::class(kin);
            }
            number_of(word).unwrap_or_else(|| {
                let concept = general.concept(word);
                if known(&concept) {
                    return concept;
                }
                general.mend(word).map_or(concept, |mended| general.concept(&mended))
            })
        })
        .collect()
}

/// Where words of an event's name stand: word of the question, number of words of the name covered, first of these.
pub(super) fn positions(s: &Sentence, concepts: &[String], entry: &Entry) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    for (at, concept) in concepts.iter().enumerate() {
        if !s.free_at(at) {
            continue;
        }
        for (index, (word, sort)) in entry.words.iter().enumerate() {
            let raw = s.word(at);
            let same = concept == word || (matches!(sort, Sort::Person | Sort::Place) && raw == word);
            if same && *sort != Sort::Filler {
                found.push((at, 1, index));
            } else if entry.joined.get(index).is_some_and(|pair| concept == pair) {
                found.push((at, 2, index));
            } else if s.free_at(at + 1) && *word == stem(&format!("{raw}{}", s.word(at + 1))) {
                found.push((at, 1, index));
                found.push((at + 1, 1, index));
            }
        }
    }
    found
}

/// The longest run of positions that only links and nouns for occasions part.
pub(super) fn cluster(s: &Sentence, positions: &[(usize, usize, usize)]) -> Option<(usize, usize)> {
    let hit = |at: usize| positions.iter().any(|(position, ..)| *position == at);
    let passable = |at: usize| {
        let token = &s.tokens()[at];
        s.free_at(at)
            && (is_link(&token.fold)
                || is_stop_word(&token.fold) && !MEDIA_NOUNS.is_at(s.tokens(), at)
                || EVENT_NOUNS.is_at(s.tokens(), at)
                || token.fold == "&")
    };
    let mut best: Option<(usize, usize, usize)> = None;
    for start in (0..s.len()).filter(|at| hit(*at)) {
        let mut end = start + 1;
        let mut count = 1;
        let mut gap = 0;
        for at in start + 1..s.len() {
            let marked = s.tokens()[at].mark.is_some_and(|mark| !matches!(mark, ','));
            if marked {
                break;
            }
            if hit(at) {
                end = at + 1;
                count += 1;
                gap = 0;
            } else if passable(at) && gap < 3 {
                gap += 1;
            } else {
                break;
            }
        }
        if best.is_none_or(|(_, _, most)| count > most) {
            best = Some((start, end, count));
        }
    }
    best.map(|(start, end, _)| (start, end))
}

/// How certainly the plain words of a name mean the event.
pub(super) fn plain_certainty(s: &Sentence, around: Surroundings, range: Range<usize>, words: usize) -> f32 {
    let next = range.end;
    let noun_after = EVENT_NOUNS.is_at(s.tokens(), next) && s.tokens()[next].mark.is_none();
    let noun_before =
        range.start > 0 && noun_before_links(s, range.start - 1).is_some() && is_link(s.word(range.start - 1));
    let before = s.word_before(range.start);
    let definite = matches!(
        before,
        "the"
            | "our"
            | "my"
            | "that"
            | "der"
            | "die"
            | "das"
            | "den"
            | "dem"
            | "unser"
            | "unsere"
            | "le"
            | "la"
            | "notre"
            | "el"
            | "nuestra"
            | "nuestro"
    );
    let provenance = range.start >= 2
        && matches!(s.word(range.start - 2), "from" | "at" | "during" | "vom" | "von" | "bei" | "beim" | "de" | "aus");
    let media_after = MEDIA_NOUNS.is_at(s.tokens(), next);
    let alone = range.len() == s.len();
    let everyday = range.clone().all(|at| {
        let word = s.word(at);
        around.general.is_common(word) || is_stop_word(word)
    });
    let compound = compounds(s, next, around.general, |_| false);
    if noun_after || noun_before {
        return 0.9;
    }
    if compound && everyday {
        return 0.3;
    }
    match (words >= 2, everyday) {
        (true, _) => {
            if definite || alone || media_after || provenance {
                0.9
            } else {
                0.6
            }
        }
        (false, false) => {
            if definite || alone || media_after || provenance {
                0.85
            } else {
                0.6
            }
        }
        (false, true) => {
            if definite && (provenance || media_after || alone) {
                0.75
            } else {
                0.4
            }
        }
    }
}

//! Finds events by a noun for a journey beside a place or a mark of the event: "our Sydney trip", "the ski week".
//!
//! "Our holidays" with nothing beside them are all that had a night. Also widens what names an event to the words
//! around that say the same.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::super::phrases::Phrases;
use super::super::reading::Edge;
use super::super::sentence::Sentence;
use super::super::words::{ALL_JOURNEYS, EVENT_NOUNS, MEDIA_NOUNS, OCCASIONS, is_link, is_stop_word};
use super::entry::{Entry, Sort, number_of};
use super::phrase::{noun_before_links, noun_phrase};
use super::{Events, Mention, Surroundings};
use crate::library::filter::TimeSpan;

/// Which of the journeys: the first or the last.
static EDGES: LazyLock<Phrases<Edge>> = LazyLock::new(|| {
    Phrases::new([
        ("first|very first|erste|ersten|erster|premier|premiers|premières|primer|primeras|第一次", Edge::Start),
        (
            "last|latest|most recent|newest|letzte|letzten|letzter|letztes|jüngste|jüngsten|neueste|dernier|dernière|dernières|último|última|últimas|\
             más reciente|上次|上一次|最近的|最近一次|最后一次",
            Edge::End,
        ),
    ])
});

/// Nouns for a journey that has nights.
static JOURNEYS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new([(
        "trip|holiday|holidays|vacation|vacations|journey|getaway|reise|urlaub|ferien|urlaubsreise|voyage|vacances|viaje|vacaciones|旅行|假期|旅游",
        (),
    )])
});

impl Events {
    /// "our Sydney trip", "the ski week", "trip to Kenya": a noun for a journey beside a place or a mark of the event.
    pub(super) fn by_journeys(
        &self,
        s: &Sentence,
        around: Surroundings,
        concepts: &[String],
        taken: &[TimeSpan],
    ) -> Vec<Mention> {
        let mut found = Vec::new();
        for at in 0..s.len() {
            let Some((length, ())) = EVENT_NOUNS.at(s.tokens(), at).filter(|(length, _)| s.is_free(at..at + length))
            else {
                continue;
            };
            let (range, modifiers) = noun_phrase(s, at, length, around.place);
            let mut best: (f32, Vec<usize>) = (0.0, Vec::new());
            for index in
                modifiers.iter().filter_map(|word| self.traces(&concepts[*word])).flatten().collect::<BTreeSet<_>>()
            {
                let entry = &self.entries[index];
                let score: f32 = modifiers
                    .iter()
                    .map(|word| {
                        let concept = &concepts[*word];
                        let named = entry.words.iter().any(|(own, sort)| own == concept && *sort != Sort::Filler);
                        if named {
                            1.0
                        } else if entry.hints.contains(concept) {
                            0.6
                        } else {
                            0.0
                        }
                    })
                    .sum();
                if score > best.0 + 0.01 {
                    best = (score, vec![index]);
                } else if score > best.0 - 0.01 {
                    best.1.push(index);
                }
            }
            // A place that is only a hint is better asked for as a place.
            let only_place = best.0 < 1.0 && modifiers.iter().all(|word| around.place[*word]);
            if best.0 > 0.5 && !only_place && !modifiers.is_empty() {
                let chosen = self.narrowed(best.1, taken);
                found.push(self.mention(range, &chosen, if best.0 >= 1.0 { 0.9 } else { 0.7 }));
            }
        }
        found
    }

    /// "Our holidays", "all our trips": every event that had a night.
    pub(super) fn all_journeys(&self, s: &Sentence, taken: &[TimeSpan]) -> Option<Mention> {
        let (at, length, ()) = ALL_JOURNEYS.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))?;
        let nights = |index: &usize| self.entries[*index].span.is_some_and(|(from, to)| from.date() < to.date());
        let chosen: Vec<usize> = (0..self.entries.len()).filter(nights).collect();
        let range = at..at + length;
        let label = s.written(range.clone()).to_owned();
        (!chosen.is_empty()).then(|| Mention { label, ..self.mention(range, &self.narrowed(chosen, taken), 0.8) })
    }

    /// "Our most recent trip", "der letzte Urlaub": the last of those that had a night, or the first.
    pub(super) fn edge_journey(&self, s: &Sentence) -> Option<Mention> {
        let edges = (0..s.len()).filter_map(|at| {
            let (length, edge) = EDGES.at(s.tokens(), at)?;
            let (noun, ()) = JOURNEYS.at(s.tokens(), at + length)?;
            let range = at..at + length + noun;
            // "The last trip to Kenya" is one of those to Kenya.
            let goes_on = matches!(
                s.word_after(range.end - 1),
                "to" | "with" | "of" | "in" | "nach" | "mit" | "a" | "au" | "en" | "avec" | "con"
            );
            (s.is_free(range.clone()) && !goes_on).then_some((range, *edge))
        });
        let (range, edge) = edges.into_iter().next()?;
        let nights = |entry: &&Entry| entry.span.is_some_and(|(from, to)| from.date() < to.date());
        let all = self.entries.iter().enumerate().filter(|(_, entry)| nights(entry));
        let (chosen, _) = match edge {
            Edge::Start => all.min_by_key(|(_, entry)| entry.span),
            Edge::End => all.max_by_key(|(_, entry)| entry.span),
        }?;
        Some(self.mention(range, &[chosen], 0.95))
    }

    fn traces(&self, concept: &str) -> Option<Vec<usize>> {
        let named = self.by_word.get(concept).into_iter().flatten();
        let hinted = self.by_hint.get(concept).into_iter().flatten();
        let all: Vec<usize> = named.chain(hinted).copied().collect();
        (!all.is_empty()).then_some(all)
    }

    /// Takes in the words around that say the same: nouns for an occasion, marks of the event, its number.
    pub(super) fn widen(
        &self,
        s: &Sentence,
        range: Range<usize>,
        chosen: &[usize],
        concepts: &[String],
        firm: bool,
    ) -> Range<usize> {
        if !firm {
            return range;
        }
        let mut end = range.end;
        let occasion = |at: usize| {
            let (length, occasion) = OCCASIONS.at(s.tokens(), at)?;
            chosen.iter().any(|index| self.entries[*index].occasions.contains(occasion)).then_some(length)
        };
        while let Some(length) = EVENT_NOUNS
            .at(s.tokens(), end)
            .map(|(length, ())| length)
            .max(occasion(end))
            .filter(|length| s.is_free(end..end + length) && s.tokens()[end].mark.is_none())
        {
            end += length;
        }
        let mut start = range.start;
        while start > 0 && s.free_at(start - 1) && s.tokens()[start].mark.is_none() {
            let before = s.word(start - 1);
            let own = self.is_own_word(chosen, concepts, start - 1) && !MEDIA_NOUNS.is_at(s.tokens(), start - 1);
            let noun = EVENT_NOUNS.is_at(s.tokens(), start - 1);
            // "our day at the zoo": the noun stands before, links between.
            let linked = is_link(before) && start >= 2 && noun_before_links(s, start - 1).is_some();
            if linked {
                start = noun_before_links(s, start - 1).unwrap_or(start - 1);
            } else if (own || noun || number_of(before).is_some()) && !is_stop_word(before) {
                start -= 1;
            } else {
                break;
            }
        }
        start..end
    }
}

//! Finds the events that a question means: by their names, by what sort of occasion they are, by where they went.
//!
//! An event becomes a condition only when the question points at it: all of its name, "the wedding", "our Sydney trip".
//! A weaker trace ("beach" where an event is called "Beach day") only raises what is ranked. A word for an occasion that goes
//! on to another noun ("birthday cake") is content. "Ben's birthday" is Ben's and nobody else's.

mod entry;
mod journeys;
mod matching;
mod phrase;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use self::entry::{Entry, Sort, number_of};
use self::matching::{cluster, concepts, plain_certainty, positions};
use self::phrase::{compounds, owner};
use super::general::General;
use super::people::People;
use super::places::Places;
use super::sentence::Sentence;
use super::stem::stem;
use super::words::OCCASIONS;
use crate::library::filter::TimeSpan;
use crate::library::ids::EventId;
use crate::library::vocabulary::Vocabulary;

/// The events of a library, ready for lookup.
#[derive(Debug, Clone, Default)]
pub struct Events {
    entries: Vec<Entry>,
    by_word: HashMap<String, Vec<usize>>,
    by_hint: HashMap<String, Vec<usize>>,
    by_occasion: HashMap<&'static str, Vec<usize>>,
}

/// Events that the question means.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// The words that say so.
    pub range: Range<usize>,
    /// The events, any of which is meant.
    pub events: Vec<EventId>,
    /// Their names.
    pub label: String,
    /// How certain that is, 0–1: a condition above 0.5, a preference below.
    pub certainty: f32,
}

/// What the other readers know of the question.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Which words name a person.
    pub person: &'a [bool],
    /// Which words name a place.
    pub place: &'a [bool],
    /// General knowledge of words.
    pub general: &'a General,
}

impl Events {
    /// Indexes the events of a library.
    pub fn new(vocabulary: &Vocabulary, people: &People, places: &Places, general: &General) -> Self {
        let mut events = Self::default();
        for event in &vocabulary.events {
            let index = events.entries.len();
            let entry = Entry::new(event, people, places, general);
            for (word, sort) in &entry.words {
                // "Trip" is in many names and finds none of them, unless an event has no other name.
                let bare = entry.words.iter().all(|(_, sort)| matches!(sort, Sort::Noun | Sort::Filler));
                if *sort != Sort::Filler && (*sort != Sort::Noun || bare) {
                    push(&mut events.by_word, word.clone(), index);
                }
            }
            for pair in &entry.joined {
                push(&mut events.by_word, pair.clone(), index);
            }
            for hint in &entry.hints {
                push(&mut events.by_hint, hint.clone(), index);
            }
            for occasion in &entry.occasions {
                push(&mut events.by_occasion, occasion, index);
            }
            events.entries.push(entry);
        }
        events
    }

    /// The names of these events that lie within a place and nowhere else of its level.
    pub fn within(&self, names: &BTreeSet<String>, others: &BTreeSet<String>) -> Vec<EventId> {
        let inside = |entry: &&Entry| entry.places.iter().any(|place| names.contains(place));
        let elsewhere =
            |entry: &&Entry| entry.places.iter().any(|place| others.contains(place) && !names.contains(place));
        self.entries.iter().filter(inside).filter(|entry| !elsewhere(entry)).map(|entry| entry.id).collect()
    }

    /// Events, and with a journey those that happened on it.
    pub fn with_parts(&self, chosen: &[usize]) -> Vec<EventId> {
        let mut ids: Vec<EventId> = Vec::new();
        for index in chosen {
            let whole = &self.entries[*index];
            ids.push(whole.id);
            let Some((start, end)) = whole.span.filter(|(start, end)| end.date() > start.date()) else { continue };
            let within = |entry: &&Entry| {
                entry.span.is_some_and(|(from, to)| from >= start.date().into() && to.date() <= end.date())
            };
            ids.extend(self.entries.iter().filter(within).filter(|entry| entry.id != whole.id).map(|entry| entry.id));
        }
        let mut seen = BTreeSet::new();
        ids.retain(|id| seen.insert(*id));
        ids
    }

    /// Keeps the events of these that overlap the spans, if any does.
    fn narrowed(&self, mut chosen: Vec<usize>, taken: &[TimeSpan]) -> Vec<usize> {
        let overlaps = |index: &usize| {
            self.entries[*index]
                .span
                .is_some_and(|(start, end)| taken.iter().any(|span| start < span.end && end >= span.start))
        };
        if !taken.is_empty() && chosen.iter().any(overlaps) {
            chosen.retain(overlaps);
        }
        chosen
    }

    /// Everything that names an event, strongest first; mentions do not overlap.
    pub fn find(&self, s: &Sentence, around: Surroundings, taken: &[TimeSpan]) -> Vec<Mention> {
        let concepts =
            concepts(s, around.general, |word| self.by_word.contains_key(word) || self.by_hint.contains_key(word));
        let mut found = self.by_names(s, around, &concepts, taken);
        found.extend(self.by_occasions(s, around, &concepts, taken));
        found.extend(self.by_journeys(s, around, &concepts, taken));
        found.extend(self.all_journeys(s, taken));
        found.extend(self.edge_journey(s));
        found.sort_by(|a, b| {
            (b.certainty, b.range.len()).partial_cmp(&(a.certainty, a.range.len())).unwrap_or(std::cmp::Ordering::Equal)
        });
        let mut kept: Vec<Mention> = Vec::new();
        for mention in found {
            let overlaps =
                kept.iter().any(|other| mention.range.start < other.range.end && other.range.start < mention.range.end);
            if !overlaps {
                kept.push(mention);
            }
        }
        kept
    }

    fn mention(&self, range: Range<usize>, chosen: &[usize], certainty: f32) -> Mention {
        let mut labels: Vec<&str> = chosen.iter().map(|index| self.entries[*index].name.as_str()).collect();
        labels.dedup();
        let label =
            if labels.len() > 3 { format!("{} and {} more", labels[0], labels.len() - 1) } else { labels.join(" or ") };
        Mention { range, events: self.with_parts(chosen), label, certainty }
    }

    /// Events whose own words stand together in the question.
    fn by_names(&self, s: &Sentence, around: Surroundings, concepts: &[String], taken: &[TimeSpan]) -> Vec<Mention> {
        let mut candidates: BTreeSet<usize> = BTreeSet::new();
        for (at, concept) in concepts.iter().enumerate() {
            candidates.extend(self.by_word.get(concept).into_iter().flatten());
            if at + 1 < s.len() {
                let joined = stem(&format!("{}{}", s.word(at), s.word(at + 1)));
                candidates.extend(self.by_word.get(&joined).into_iter().flatten());
            }
        }
        let mut best: HashMap<(usize, usize), (f32, Vec<usize>)> = HashMap::new();
        for index in candidates {
            let Some((range, score)) = self.match_name(s, around, concepts, index) else { continue };
            let slot = best.entry((range.start, range.end)).or_default();
            if score > slot.0 + 0.01 {
                *slot = (score, vec![index]);
            } else if score > slot.0 - 0.01 {
                slot.1.push(index);
            }
        }
        best.into_iter()
            .map(|((start, end), (score, chosen))| {
                let range = self.widen(s, start..end, &chosen, concepts, score > 0.5);
                self.mention(range, &self.narrowed(chosen, taken), score)
            })
            .collect()
    }

    /// Where and how well an event's name stands in the question.
    fn match_name(
        &self,
        s: &Sentence,
        around: Surroundings,
        concepts: &[String],
        index: usize,
    ) -> Option<(Range<usize>, f32)> {
        let entry = &self.entries[index];
        let positions = positions(s, concepts, entry);
        let (start, end) = cluster(s, &positions)?;
        let matched: Vec<&(usize, usize, usize)> =
            positions.iter().filter(|(at, ..)| (start..end).contains(at)).collect();
        let has = |word: usize| matched.iter().any(|(_, length, of)| (*of..*of + length.max(&1)).contains(&word));
        let own = |sorts: &[Sort]| {
            entry
                .words
                .iter()
                .enumerate()
                .filter(|(_, (_, sort))| sorts.contains(sort))
                .map(|(i, _)| i)
                .collect::<Vec<_>>()
        };
        let plain = own(&[Sort::Plain]);
        let key = own(&[Sort::Plain, Sort::Occasion, Sort::Number]);
        let names = own(&[Sort::Person, Sort::Place]);
        let all = own(&[Sort::Plain, Sort::Occasion, Sort::Number, Sort::Person, Sort::Place, Sort::Noun]);
        let whole = !all.is_empty() && all.iter().all(|word| has(*word));
        if whole && all.len() >= 2 && !(key.is_empty() && own(&[Sort::Noun]).is_empty()) {
            return Some((start..end, 0.95 + 0.01 * (all.len().min(4) as f32)));
        }
        // "grandma's 80th": a person and the number, or a person and the occasion.
        let numbers = own(&[Sort::Number, Sort::Occasion]);
        let person = names.iter().any(|word| has(*word));
        if person && !numbers.is_empty() && numbers.iter().all(|word| has(*word)) && plain.iter().all(|word| has(*word))
        {
            return Some((start..end, 0.93));
        }
        if plain.is_empty() || !plain.iter().all(|word| has(*word)) {
            return None;
        }
        Some((start..end, plain_certainty(s, around, start..end, plain.len())))
    }

    /// Events of the kind that a word for an occasion names: "the wedding", "at birthdays", "Ben's birthday".
    fn by_occasions(
        &self,
        s: &Sentence,
        around: Surroundings,
        concepts: &[String],
        taken: &[TimeSpan],
    ) -> Vec<Mention> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < s.len() {
            let Some((length, occasion)) =
                OCCASIONS.at(s.tokens(), at).filter(|(length, _)| s.is_free(at..at + length))
            else {
                at += 1;
                continue;
            };
            let range = at..at + length;
            at += length;
            let Some(mut chosen) = self.by_occasion.get(occasion).cloned() else { continue };
            let mut range = range;
            let mut start = range.start;
            if compounds(s, range.end, around.general, |next| self.is_named(&chosen, concepts, next)) {
                continue;
            }
            if let Some((owner, words)) = owner(s, range.start, around.person) {
                range.end = range.end.max(owner.end);
                let owner = owner.start;
                let of_owner = |index: &usize| {
                    self.entries[*index].words.iter().any(|(word, sort)| *sort == Sort::Person && words.contains(word))
                };
                chosen.retain(of_owner);
                start = owner;
                if chosen.is_empty() {
                    continue;
                }
            }
            let named: Vec<usize> =
                chosen.iter().copied().filter(|index| self.entries[*index].occasion_named).collect();
            if !named.is_empty() {
                chosen = named;
            }
            range.end = self.past_couple(s, range.clone(), &chosen);
            let ordinal = self.with_number(s, start, &chosen);
            let chosen = self.narrowed(ordinal.unwrap_or(chosen), taken);
            let range = self.widen(s, start..range.end, &chosen, concepts, true);
            found.push(self.mention(range, &chosen, 0.9));
        }
        found
    }

    /// "Se casaron Ana y Pablo": behind a verb stands whose it is.
    fn past_couple(&self, s: &Sentence, range: Range<usize>, chosen: &[usize]) -> usize {
        const VERBS: [&str; 8] = ["caso", "casaron", "marie", "mariee", "maries", "mariees", "heirateten", "married"];
        let mut end = range.end;
        if !VERBS.contains(&s.word(end - 1)) {
            return end;
        }
        let theirs = |at: usize| {
            let named = |index: &usize| {
                self.entries[*index].words.iter().any(|(word, sort)| *sort == Sort::Person && word == s.word(at))
            };
            s.free_at(at) && s.tokens()[at].mark.is_none() && chosen.iter().any(named)
        };
        loop {
            let joint = usize::from(end > range.end && matches!(s.word(end), "and" | "y" | "e" | "et" | "und" | "&"));
            if !theirs(end + joint) {
                return end;
            }
            end += joint + 1;
        }
    }

    /// Whether word `at` is in the name of one of the events.
    fn is_named(&self, chosen: &[usize], concepts: &[String], at: usize) -> bool {
        concepts.get(at).is_some_and(|word| {
            chosen.iter().any(|index| self.entries[*index].words.iter().any(|(own, _)| own == word))
        })
    }

    fn is_own_word(&self, chosen: &[usize], concepts: &[String], at: usize) -> bool {
        concepts.get(at).is_some_and(|word| {
            chosen.iter().any(|index| {
                let entry = &self.entries[*index];
                entry.hints.contains(word) || entry.words.iter().any(|(own, _)| own == word)
            })
        })
    }

    /// "80th birthday": the events of these whose name has the number before the occasion, if any has.
    fn with_number(&self, s: &Sentence, start: usize, chosen: &[usize]) -> Option<Vec<usize>> {
        let number = number_of(s.word(start.checked_sub(1)?))
            .or_else(|| (start..start + 3).find_map(|at| number_of(s.word(at))))?;
        let with: Vec<usize> = chosen
            .iter()
            .copied()
            .filter(|index| self.entries[*index].words.iter().any(|(word, _)| *word == number))
            .collect();
        (!with.is_empty()).then_some(with)
    }
}

fn push<K: std::hash::Hash + Eq>(map: &mut HashMap<K, Vec<usize>>, key: K, index: usize) {
    let list = map.entry(key).or_default();
    if list.last() != Some(&index) {
        list.push(index);
    }
}

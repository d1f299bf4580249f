//! Finds the events that a question means: by their names, by what sort of occasion they are, by where they went.
//!
//! An event becomes a condition only when the question points at it: all of its name, "the wedding", "our Sydney trip".
//! A weaker trace ("beach" where an event is called "Beach day") only raises what is ranked. A word for an occasion that goes
//! on to another noun ("birthday cake") is content. "Ben's birthday" is Ben's and nobody else's.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use jiff::civil::DateTime;

use super::general::General;
use super::kinship;
use super::people::People;
use super::places::Places;
use super::sentence::Sentence;
use super::stem::stem;
use super::tokens::tokenize;
use super::words::{EVENT_NOUNS, MEDIA_NOUNS, OCCASIONS, is_link, is_stop_word};
use crate::library::filter::TimeSpan;
use crate::library::ids::EventId;
use crate::library::vocabulary::{EventEntry, Vocabulary};

/// What a word of an event's name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Plain,
    Occasion,
    Number,
    Person,
    Place,
    Noun,
    Filler,
}

#[derive(Debug, Clone)]
struct Entry {
    id: EventId,
    name: String,
    words: Vec<(String, Sort)>,
    /// Each word run together with the next: "bike path" is also "bikepath".
    joined: Vec<String>,
    hints: BTreeSet<String>,
    occasions: BTreeSet<&'static str>,
    /// Whether the occasions are in the name rather than the hints.
    occasion_named: bool,
    span: Option<(DateTime, DateTime)>,
    /// Folded names of places among its hints and its name.
    places: BTreeSet<String>,
}

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
                if *sort != Sort::Filler {
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
        for at in 0..s.len() {
            let joined = (at + 1 < s.len()).then(|| stem(&format!("{}{}", s.word(at), s.word(at + 1))));
            for word in std::iter::once(concepts[at].clone()).chain(joined) {
                candidates.extend(self.by_word.get(&word).into_iter().flatten());
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
            let ordinal = self.with_number(s, start, &chosen);
            let chosen = self.narrowed(ordinal.unwrap_or(chosen), taken);
            let range = self.widen(s, start..range.end, &chosen, concepts, true);
            found.push(self.mention(range, &chosen, 0.9));
        }
        found
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

    /// "our Sydney trip", "the ski week", "trip to Kenya": a noun for a journey beside a place or a mark of the event.
    fn by_journeys(&self, s: &Sentence, around: Surroundings, concepts: &[String], taken: &[TimeSpan]) -> Vec<Mention> {
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

    fn traces(&self, concept: &str) -> Option<Vec<usize>> {
        let named = self.by_word.get(concept).into_iter().flatten();
        let hinted = self.by_hint.get(concept).into_iter().flatten();
        let all: Vec<usize> = named.chain(hinted).copied().collect();
        (!all.is_empty()).then_some(all)
    }

    /// Takes in the words around that say the same: nouns for an occasion, marks of the event, its number.
    fn widen(
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

/// The noun for an occasion before a run of links: its place.
fn noun_before_links(s: &Sentence, mut at: usize) -> Option<usize> {
    let last = at;
    loop {
        if EVENT_NOUNS.is_at(s.tokens(), at) && s.free_at(at) && at < last {
            return Some(at);
        }
        if !is_link(s.word(at)) || !s.free_at(at) || s.tokens()[at].mark.is_some() || at == 0 {
            return None;
        }
        at -= 1;
    }
}

impl Entry {
    fn new(event: &EventEntry, people: &People, places: &Places, general: &General) -> Self {
        let tokens = tokenize(&event.name).tokens;
        let mut listed: Vec<(String, Sort)> = Vec::new();
        let mut raw: Vec<String> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            if let Some((length, kin)) = kinship::at(&tokens, at) {
                listed.push((kinship::class(kin), Sort::Person));
                raw.push(String::new());
                at += length;
                continue;
            }
            let place_length = places.name_length(&tokens, at);
            if place_length > 0 {
                listed.extend(tokens[at..at + place_length].iter().map(|token| (token.fold.clone(), Sort::Place)));
                raw.extend(tokens[at..at + place_length].iter().map(|token| token.fold.clone()));
                at += place_length;
                continue;
            }
            let word = &tokens[at].fold;
            let concept = number_of(word).unwrap_or_else(|| general.concept(word));
            let sort = if word == "&" || is_stop_word(word) || is_year(word) {
                Sort::Filler
            } else if number_of(word).is_some() {
                Sort::Number
            } else if OCCASIONS.is_at(&tokens, at) {
                Sort::Occasion
            } else if people.knows(word) {
                Sort::Person
            } else if places.knows(word) {
                Sort::Place
            } else if EVENT_NOUNS.is_at(&tokens, at) {
                Sort::Noun
            } else {
                Sort::Plain
            };
            let concept = if matches!(sort, Sort::Person | Sort::Place) { word.clone() } else { concept };
            listed.push((concept, sort));
            raw.push(word.clone());
            at += 1;
        }
        let mut occasions: BTreeSet<&'static str> = occasions_in(&event.name).collect();
        let aged = listed.iter().any(|(_, sort)| *sort == Sort::Person)
            && listed.iter().any(|(_, sort)| *sort == Sort::Number);
        if aged {
            occasions.insert("birthday");
        }
        let occasion_named = !occasions.is_empty();
        occasions.extend(event.hints.iter().flat_map(|hint| occasions_in(hint)));
        let hints = event
            .hints
            .iter()
            .flat_map(|hint| tokenize(hint).tokens)
            .map(|token| general.concept(&token.fold))
            .collect();
        let folded = |text: &String| super::tokens::words(text).join(" ");
        let places = event
            .hints
            .iter()
            .map(folded)
            .chain(std::iter::once(folded(&event.name)))
            .chain(listed.iter().filter(|(_, sort)| *sort == Sort::Place).map(|(word, _)| word.clone()))
            .collect();
        let joined = raw.windows(2).map(|pair| stem(&pair.concat())).collect();
        Self {
            id: event.id,
            name: event.name.clone(),
            words: listed,
            joined,
            hints,
            occasions,
            occasion_named,
            span: event.start.zip(event.end),
            places,
        }
    }
}

fn occasions_in(text: &str) -> impl Iterator<Item = &'static str> {
    let tokens = tokenize(text).tokens;
    (0..tokens.len())
        .filter_map(|at| OCCASIONS.at(&tokens, at).map(|(_, occasion)| *occasion))
        .collect::<Vec<_>>()
        .into_iter()
}

fn push<K: std::hash::Hash + Eq>(map: &mut HashMap<K, Vec<usize>>, key: K, index: usize) {
    let list = map.entry(key).or_default();
    if list.last() != Some(&index) {
        list.push(index);
    }
}

/// The words of the question in the form that names are compared in.
fn concepts(s: &Sentence, general: &General, known: impl Fn(&str) -> bool) -> Vec<String> {
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

/// "80th", "80." and "80" are the same number; years and days are none.
fn number_of(word: &str) -> Option<String> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    let plain = matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "eme" | "o" | "a");
    (plain && (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.to_owned())
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Where words of an event's name stand: word of the question, number of words of the name covered, first of these.
fn positions(s: &Sentence, concepts: &[String], entry: &Entry) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    for at in 0..s.len() {
        if !s.free_at(at) {
            continue;
        }
        for (index, (word, sort)) in entry.words.iter().enumerate() {
            let raw = s.word(at);
            let same = concepts[at] == *word || (matches!(sort, Sort::Person | Sort::Place) && raw == word);
            if same && *sort != Sort::Filler {
                found.push((at, 1, index));
            } else if entry.joined.get(index).is_some_and(|pair| concepts[at] == *pair) {
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
fn cluster(s: &Sentence, positions: &[(usize, usize, usize)]) -> Option<(usize, usize)> {
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
fn plain_certainty(s: &Sentence, around: Surroundings, range: Range<usize>, words: usize) -> f32 {
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
            if definite && (provenance || media_after) || alone && definite {
                0.75
            } else {
                0.4
            }
        }
    }
}

/// Whether the words go on to another noun that makes them part of a compound: "birthday cake".
fn compounds(s: &Sentence, next: usize, general: &General, own: impl Fn(usize) -> bool) -> bool {
    let Some(token) = s.tokens().get(next) else { return false };
    let word = token.fold.as_str();
    token.mark.is_none()
        && token.quote.is_none()
        && s.free_at(next)
        && !s.tokens()[next - 1].possessive
        && !is_stop_word(word)
        && !s.known[next]
        && !MEDIA_NOUNS.is_at(s.tokens(), next)
        && !EVENT_NOUNS.is_at(s.tokens(), next)
        && !word.starts_with(|c: char| c.is_ascii_digit())
        && super::negation::NEGATIONS.at(s.tokens(), next).is_none()
        && !own(next)
        && (general.is_word(word) || token.cjk || s.language == super::language::Language::English)
}

/// The person whose occasion it is: the words that say so, and the compared words of the name.
fn owner(s: &Sentence, at: usize, person: &[bool]) -> Option<(Range<usize>, Vec<String>)> {
    // "Ben's birthday", "grandma's 80th birthday": back over numbers and adjectives of the occasion.
    let mut before = at;
    while before > 0 && number_of(s.word(before - 1)).is_some() {
        before -= 1;
    }
    if before > 0
        && person[before - 1]
        && (s.tokens()[before - 1].possessive || before < at || s.language != super::language::Language::English)
    {
        let start = (0..before).rev().take_while(|index| person[*index]).last()?;
        return Some((start..before, kinship::compared(&s.tokens()[start..before])));
    }
    if before > 1 && s.word(before - 1) == "的" && person[before - 2] {
        let start = (0..before - 1).rev().take_while(|index| person[*index]).last()?;
        return Some((start..before, kinship::compared(&s.tokens()[start..before - 1])));
    }
    let of =
        (at..s.len()).find(|index| OCCASIONS.at(s.tokens(), at).is_some_and(|(length, _)| *index == at + length))?;
    let linked = matches!(s.word(of), "of" | "von" | "de" | "d" | "del");
    let name = of + 1;
    (linked && person.get(name) == Some(&true)).then(|| {
        let end = (name..s.len()).take_while(|index| person[*index]).last().map_or(name, |last| last + 1);
        (at..end, kinship::compared(&s.tokens()[name..end]))
    })
}

/// The noun phrase around a noun for a journey: its words, and those that say which journey.
fn noun_phrase(s: &Sentence, at: usize, length: usize, place: &[bool]) -> (Range<usize>, Vec<usize>) {
    let mut modifiers = Vec::new();
    let mut start = at;
    while start > 0 && s.free_at(start - 1) && s.tokens()[start].mark.is_none() {
        let word = s.word(start - 1);
        if is_stop_word(word) || is_link(word) || MEDIA_NOUNS.is_at(s.tokens(), start - 1) {
            break;
        }
        start -= 1;
        modifiers.push(start);
    }
    let mut end = at + length;
    let mut next = end;
    while next < s.len()
        && s.tokens()[next].mark.is_none()
        && is_link(s.word(next))
        && !matches!(s.word(next), "with" | "mit" | "avec" | "con")
    {
        next += 1;
    }
    let after_link = next > end;
    while after_link && next < s.len() && place[next] && s.free_at(next) {
        modifiers.push(next);
        next += 1;
        end = next;
    }
    modifiers.sort_unstable();
    (start..end, modifiers)
}

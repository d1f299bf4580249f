//! Reads questions against the words of one library.
//!
//! Building a [`Lexicon`] costs time once; reading a question against it is a matter of microseconds and touches nothing.
//! Readers run in a fixed order, the ones that take words verbatim or by fixed phrases first, content last.

use std::collections::HashSet;

use jiff::civil::DateTime;

use super::cameras::Cameras;
use super::dates;
use super::events::{Events, Surroundings};
use super::followup;
use super::gazetteer::Gazetteer;
use super::general::General;
use super::intent;
use super::joining;
use super::kinship;
use super::named_sets::NamedSets;
use super::names;
use super::people::{People, Who};
use super::places::Places;
use super::question_words::{BEING_THERE, FACTS};
use super::reading::{Action, FollowUp, Intent, LikelyEvent, Reading, Role};
use super::sentence::{Claim, Sentence};
use super::{
    abroad, actions, attributes, content, generated, measures, negation, order, place_reader, rating, settle, spoken,
    steps, tokens, unnamed, whether, written,
};
use crate::library::vocabulary::Vocabulary;

/// The words of one library, indexed.
#[derive(Debug, Clone)]
pub struct Lexicon {
    pub(super) people: People,
    pub(super) places: Places,
    pub(super) events: Events,
    cameras: Cameras,
    sets: NamedSets,
    home_country: Option<String>,
    years: (i16, i16),
    /// Words of names and keywords: they are spelt as they are meant.
    words: HashSet<String>,
    pub(super) general: &'static General,
}

impl Lexicon {
    /// Indexes a library's words.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let general = General::get();
        let people = People::new(vocabulary, general);
        let places = Places::new(vocabulary);
        let events = Events::new(vocabulary, &people, &places, general);
        let years = vocabulary.dated.map_or((1990, 2030), |(first, last)| (first.year() - 1, last.year() + 1));
        let names = vocabulary.events.iter().map(|event| &event.name);
        let names = names.chain(vocabulary.events.iter().flat_map(|event| &event.hints));
        let names = names
            .chain(vocabulary.tags.iter().map(|tag| &tag.name))
            .chain(vocabulary.albums.iter().map(|album| &album.name))
            .chain(vocabulary.concepts.iter().map(|concept| &concept.name))
            .chain(vocabulary.themes.iter().map(|theme| &theme.name));
        let words = names.flat_map(|name| tokens::words(name)).collect();
        Self {
            people,
            places,
            events,
            cameras: Cameras::new(vocabulary),
            sets: NamedSets::new(vocabulary),
            home_country: vocabulary.home_country.clone(),
            years,
            words,
            general,
        }
    }

    /// Reads a question. `now` is the user's local time; `previous` is the reading of the question before in the
    /// conversation.
    pub fn understand(
        &self,
        question: &str,
        gazetteer: &dyn Gazetteer,
        now: DateTime,
        previous: Option<&Reading>,
    ) -> Reading {
        let mut s = Sentence::new(question);
        if let Some(reading) = self.read_whole(&s, gazetteer, now, previous) {
            return reading;
        }
        let (reading, kind) = self.read_parts(&mut s, gazetteer, now, previous);
        match previous {
            Some(previous) if kind != FollowUp::None => joining::join(previous, reading, kind),
            Some(previous) if followup::counts_within(&s, &reading, previous) => {
                joining::join(previous, reading, FollowUp::Change)
            }
            _ => reading,
        }
    }

    /// Questions that are read as a whole, and not part by part.
    fn read_whole(
        &self,
        s: &Sentence,
        gazetteer: &dyn Gazetteer,
        now: DateTime,
        previous: Option<&Reading>,
    ) -> Option<Reading> {
        match previous {
            Some(previous) if followup::asks_for_more(s) => Some(joining::more(previous, s.language)),
            Some(previous) if followup::asks_for_the_others(s) => Some(joining::others(previous, s.language)),
            _ => self.read_between(s, gazetteer, now),
        }
    }

    /// What the question says by itself, and how it hangs together with the one before.
    fn read_parts(
        &self,
        s: &mut Sentence,
        gazetteer: &dyn Gazetteer,
        now: DateTime,
        previous: Option<&Reading>,
    ) -> (Reading, FollowUp) {
        let mut reading = Reading { language: s.language, ..Reading::default() };
        spoken::read(s);
        written::read(s);
        negation::read_afterwards(s);
        let leaves_out = previous.is_some() && followup::leaves_out(s);
        let action = if leaves_out { None } else { actions::read(s) };
        let mut kind = match previous {
            Some(_) if leaves_out => FollowUp::Narrow,
            Some(_) if action.is_none() => followup::opener(s),
            _ => FollowUp::None,
        };
        let found = match action {
            Some(action) => intent::Found { intent: Intent::Act { action }, counting: None },
            None => intent::read(s),
        };
        if let Some(previous) = previous {
            followup::take_over(s, previous, &mut reading.filter);
            if steps::read(s, previous, &mut reading.filter) && kind == FollowUp::None {
                kind = FollowUp::Change;
            }
        }
        reading.intent = found.intent;
        read_form(s, &mut reading);
        let sorts = order::is_all(s);
        s.skip_all(&content::TOGETHER);
        s.skip_all(&content::ALL_THERE_IS);
        let fixed = self.read_conditions(s, &mut reading, gazetteer, now, found.counting, kind);
        if sorts {
            s.skip(0..s.len());
        }
        if previous.is_some() {
            let found = follow_up(s, &reading, fixed, sorts);
            kind = if kind == FollowUp::None { found } else { kind };
        }
        s.release_said();
        let (content, without) = content::read(s, self.general, &self.words);
        reading.content = content;
        reading.without_content.extend(without);
        reading.parts = std::mem::take(&mut s.parts);
        reading.parts.sort_by_key(|part| part.range.as_ref().map_or(0, |range| range.start));
        settle::settle(s, &mut reading);
        reading.certainty = self.certainty(s, &reading);
        (reading, kind)
    }

    /// Everything but intent and content. Returns the number of words that were accounted for as parts.
    fn read_conditions(
        &self,
        s: &mut Sentence,
        reading: &mut Reading,
        gazetteer: &dyn Gazetteer,
        now: DateTime,
        counting: Option<usize>,
        kind: FollowUp,
    ) -> usize {
        let filter = &mut reading.filter;
        self.sets.read(s, filter);
        if attributes::read_peopleless(s, filter) {
            reading
                .without_content
                .push(super::reading::Wording { text: "people".to_owned(), english: "people".to_owned() });
        }
        unnamed::read(s, filter);
        attributes::read_shape_and_copies(s, filter);
        generated::read(s, filter);
        measures::read(s, filter);
        rating::read(s, filter, &mut reading.order);
        self.cameras.read(s, filter);
        let (person, place) = self.mark_known(s, gazetteer);
        let earlier = std::mem::take(&mut filter.taken);
        dates::read(s, dates::Context { now, years: self.years }, filter);
        if filter.taken.is_empty() {
            filter.taken = earlier;
        }
        self.read_events(s, reading, &person, &place);
        skip_clause(s);
        self.read_people(s, reading, kind);
        abroad::read(s, reading, self.home_country.as_ref());
        place_reader::read(self, s, reading, gazetteer);
        names::read(s, self, reading);
        order::read(s, &mut reading.order, &mut reading.limit);
        if matches!(reading.intent, Intent::When { .. }) {
            order::read_last(s, &mut reading.order, &mut reading.limit);
        }
        attributes::read_kinds(s, &mut reading.filter, counting);
        s.claims.iter().filter(|claim| matches!(claim, Claim::Part(_))).count()
    }

    /// Marks the words of names, so that no reader takes them for something else; returns which name people and places.
    fn mark_known(&self, s: &mut Sentence, gazetteer: &dyn Gazetteer) -> (Vec<bool>, Vec<bool>) {
        self.people.mark_possessives(s, self.general);
        let mut person = vec![false; s.len()];
        let mut place = vec![false; s.len()];
        let mut at = 0;
        while at < s.len() {
            let found = s.free_at(at).then(|| self.places.at(s, at, gazetteer, self.general)).flatten();
            let length = found.map_or(0, |mention| mention.length);
            place[at..at + length].fill(true);
            at += length.max(1);
        }
        s.placed.clone_from(&place);
        for mention in self.people.find(s, self.general) {
            let in_place = place[mention.at] && super::place_cues::has_place_preposition(s, mention.at);
            if !in_place {
                person[mention.at..mention.at + mention.length].fill(true);
            }
        }
        for at in 0..s.len() {
            s.known[at] = person[at] || place[at];
        }
        (person, place)
    }

    fn read_events(&self, s: &mut Sentence, reading: &mut Reading, person: &[bool], place: &[bool]) {
        let around = Surroundings { person, place, general: self.general };
        let mut negated = vec![false; s.len()];
        let mut mentions = self.events.find(s, around, &reading.filter.taken);
        mentions.sort_by_key(|mention| mention.range.start);
        for mention in mentions {
            if mention.certainty <= 0.5 {
                let weight = mention.certainty;
                reading.likely_events.extend(mention.events.into_iter().map(|event| LikelyEvent { event, weight }));
                continue;
            }
            if !s.is_free(mention.range.clone()) {
                continue;
            }
            if let Some(from) = negation::start(s, mention.range.start, &negated) {
                negated[mention.range.clone()].fill(true);
                reading.filter.without_events.extend(mention.events);
                s.claim_left_out(from..mention.range.end, Role::Event, &mention.label);
            } else {
                let known = &mut reading.filter.events;
                known.extend(mention.events.into_iter().filter(|id| !known.contains(id)).collect::<Vec<_>>());
                s.claim(mention.range, Role::Event, mention.label);
            }
        }
    }

    fn read_people(&self, s: &mut Sentence, reading: &mut Reading, kind: FollowUp) {
        let mut negated = vec![false; s.len()];
        let mut last: Option<usize> = None;
        let mut open_group: Option<usize> = None;
        for mention in self.people.find(s, self.general) {
            let end = mention.at + mention.length;
            let is_place =
                self.places.knows(s.word(mention.at)) && super::place_cues::has_place_preposition(s, mention.at);
            if is_place || !s.is_free(mention.at..end) {
                continue;
            }
            let mut start = mention.at;
            while let Some(length) =
                kinship::relation_before(s.tokens(), start).filter(|length| s.is_free(start - length..start))
            {
                start -= length;
            }
            let from = negation::start(s, start, &negated);
            let joined_by_or = last.is_some_and(|last| names::joined_by_or(s, last, start));
            let role = if matches!(mention.who, Who::Tag(_)) { Role::Tag } else { Role::Person };
            if let Some(from) = from {
                negated[start..end].fill(true);
                match mention.who {
                    Who::People(ids) => reading.filter.without_people.extend(ids),
                    Who::Tag(name) => reading.filter.without_tags.push(name),
                }
                s.claim_left_out(from..end, role, &mention.label);
                open_group = None;
            } else {
                match mention.who {
                    Who::People(ids) => match open_group.filter(|_| joined_by_or) {
                        Some(group) => reading.filter.people[group].extend(ids),
                        None => {
                            // "Anna, Ben or Joe": the comma before says "or" too.
                            reading.filter.people.push(ids);
                            open_group = Some(reading.filter.people.len() - 1);
                        }
                    },
                    Who::Tag(name) => reading.filter.tags.push(name),
                }
                let exclusive = names::is_exclusive(s, start, end, kind);
                reading.filter.only_these_people |= exclusive.is_some();
                let end = names::past_apposition(s, end);
                s.claim(start..end, role, mention.label);
                if let Some(words) = exclusive {
                    s.skip(words);
                }
            }
            last = Some(end);
        }
        names::merge_lists(s, reading);
        names::read_nobody_else(s, reading);
    }

    /// How certain the reading is.
    fn certainty(&self, s: &Sentence, reading: &Reading) -> f32 {
        if matches!(reading.intent, Intent::Chat | Intent::Thanks) {
            return 0.9;
        }
        let mut certainty: f32 = 0.97;
        if let Some(content) = &reading.content {
            let tokens = super::tokens::tokenize(&content.wording.english).tokens;
            let unknown = tokens.iter().filter(|token| !self.general.is_word(&token.fold)).count();
            certainty -= 0.08 * unknown.min(4) as f32;
            certainty -= 0.04 * tokens.len().saturating_sub(5).min(8) as f32;
        } else if reading.filter.is_empty()
            && reading.without_content.is_empty()
            && reading.intent == Intent::Find
            && reading.unknown_names.is_empty()
        {
            let asked = s.claims.contains(&Claim::Filler);
            certainty -= if asked { 0.15 } else { 0.6 };
        }
        let puzzled = ["why", "how", "warum", "pourquoi", "怎"].iter().any(|word| {
            s.tokens().iter().any(|token| token.fold == *word)
                && matches!(reading.intent, Intent::Find | Intent::Summarize { .. })
        });
        if puzzled {
            certainty -= 0.45;
        }
        if matches!(reading.intent, Intent::Summarize { .. } | Intent::Act { action: Action::Unsupported { .. } }) {
            certainty -= 0.1;
        }
        certainty.clamp(0.05, 1.0)
    }
}

/// "When they opened the bike path": the clause names the event, its verb says no more.
fn skip_clause(s: &mut Sentence) {
    let opens = matches!(s.word(0), "when" | "als" | "quand" | "cuando") && s.free_at(0);
    let Some(event) = s.claims.iter().position(|claim| *claim == Claim::Part(Role::Event)) else { return };
    let free = (1..event).filter(|at| s.free_at(*at) && !super::words::is_stop_word(s.word(*at))).count();
    if opens && free <= 2 {
        s.skip(0..event);
    }
}

/// Reads what the form of a question says beside its words: that it wants a yes or a no, or a fact.
fn read_form(s: &mut Sentence, reading: &mut Reading) {
    if reading.intent != Intent::Find {
        return;
    }
    reading.yes_or_no = whether::asks(s);
    reading.asks_a_fact = FACTS.is_at(s.tokens(), 0);
    if reading.yes_or_no {
        s.skip_all(&BEING_THERE);
    }
}

/// How a question without an opening word hangs together with the one before; `fixed` words of it are conditions, and
/// `sorts` where an order is all it says.
fn follow_up(s: &mut Sentence, reading: &Reading, fixed: usize, sorts: bool) -> FollowUp {
    let bare = followup::nothing_left(s, reading, fixed);
    let of_set = followup::asks_of_set(s, reading);
    let pointed = followup::points_back(s);
    let asks = !matches!(reading.intent, Intent::Find | Intent::Chat | Intent::Thanks | Intent::List { .. });
    if sorts || bare && (pointed || asks) {
        FollowUp::Same
    } else if of_set || pointed && asks && followup::refers_to_set(s) || followup::picks_one(s, reading) {
        FollowUp::Narrow
    } else {
        FollowUp::None
    }
}

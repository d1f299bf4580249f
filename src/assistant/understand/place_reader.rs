//! Reads every place of the sentence into the filter.
//!
//! Places are alternatives; one that lies within another named beside it is what is meant. "At home" gives way to a
//! place that is named. Events that took place entirely at a place bring in their media without a position.

use super::gazetteer::Gazetteer;
use super::lexicon::Lexicon;
use super::negation;
use super::places::Mention;
use super::reading::{Reading, Role};
use super::sentence::Sentence;
use super::tokens;
use super::words::is_link;
use crate::library::filter::PlaceRef;

/// Reads places.
pub fn read(lexicon: &Lexicon, s: &mut Sentence, reading: &mut Reading, gazetteer: &dyn Gazetteer) {
    let mut negated = vec![false; s.len()];
    let mut wanted: Vec<Mention> = Vec::new();
    let mut home: Option<Mention> = None;
    let mut at = 0;
    while at < s.len() {
        if !s.free_at(at) {
            at += 1;
            continue;
        }
        let from = negation::start(s, at, &negated);
        if let Some(mention) =
            lexicon.places.home_at(s, at, from.is_some()).filter(|found| s.is_free(at..at + found.length))
        {
            at += mention.length;
            claim(s, &mention, from, &mut negated);
            match from {
                Some(_) => reading.filter.without_places.extend(mention.places),
                None => home = Some(mention),
            }
            continue;
        }
        let found =
            lexicon.places.at(s, at, gazetteer, lexicon.general).filter(|found| s.is_free(at..at + found.length));
        let Some(mut mention) = found else {
            at += 1;
            continue;
        };
        if let Some(outer) = outer_of(lexicon, s, &mention, gazetteer) {
            mention = outer;
        }
        at += mention.length;
        claim(s, &mention, from, &mut negated);
        match from {
            Some(_) => reading.filter.without_places.extend(mention.places),
            None => wanted.push(mention),
        }
    }
    if wanted.is_empty() {
        wanted.extend(home);
    }
    for mention in &wanted {
        skip_journey(s, mention.at, mention.at + mention.length);
    }
    for mention in narrowest(wanted) {
        add(lexicon, reading, mention);
    }
}

/// "Trips in Asia", "our Norway holiday": the noun says no more than the place.
pub(super) fn skip_journey(s: &mut Sentence, start: usize, end: usize) {
    const NOUNS: &str = " trip trips holiday holidays vacation vacations journey journeys visit visits tour tours stay stays travel travels travelling \
        traveling reise reisen urlaub ausflug ausfluge besuch voyage voyages vacances sejour viaje viajes vacaciones visita ";
    let is_noun = |s: &Sentence, at: usize| s.free_at(at) && NOUNS.contains(&format!(" {} ", s.word(at)));
    if is_noun(s, end) && s.tokens()[end].mark.is_none() {
        s.skip(end..end + 1);
    }
    let mut before = start;
    // "Reise nach Rom": elsewhere "nach" is no link, but says "after" or "by".
    let links = |word: &str| is_link(word) || word == "nach";
    while before > 0 && s.tokens()[before].mark.is_none() && links(s.word(before - 1)) {
        before -= 1;
    }
    if before > 0 && is_noun(s, before - 1) && s.tokens()[before].mark.is_none() {
        s.skip(before - 1..start);
    }
    let chinese: Vec<usize> = (end..(end + 4).min(s.len())).filter(|at| s.tokens()[*at].cjk).collect();
    for pair in chinese.windows(2) {
        let word = [s.word(pair[0]), s.word(pair[1])].concat();
        if matches!(word.as_str(), "旅行" | "旅游" | "之旅" | "之行") {
            s.skip(pair[0]..pair[1] + 1);
        }
    }
}

/// The place together with the one right after that it lies in: "Paris, Texas", "Rome Italy".
fn outer_of(lexicon: &Lexicon, s: &Sentence, inner: &Mention, gazetteer: &dyn Gazetteer) -> Option<Mention> {
    let next = inner.at + inner.length;
    let adjacent = s.tokens().get(next).is_some_and(|token| token.mark.is_none_or(|mark| mark == ','));
    let linked = next + usize::from(adjacent && matches!(s.word(next), "in"));
    if !adjacent || !s.free_at(linked) {
        return None;
    }
    let outer = lexicon.places.at(s, linked, gazetteer, lexicon.general)?;
    lexicon.places.nest(inner, &outer)
}

fn claim(s: &mut Sentence, mention: &Mention, from: Option<usize>, negated: &mut [bool]) {
    let end = mention.at + mention.length;
    match from {
        Some(from) => {
            negated[mention.at..end].fill(true);
            s.claim_left_out(from..end, Role::Place, &mention.label);
        }
        None => s.claim(mention.at..end, Role::Place, mention.label.clone()),
    }
}

/// Leaves out places that hold another of the places: "Rome, on our Italy trip" is about Rome.
fn narrowest(mentions: Vec<Mention>) -> Vec<Mention> {
    let holds = |outer: &Mention, inner: &Mention| {
        outer != inner && inner.places.iter().all(|small| outer.places.iter().any(|large| contains(large, small)))
    };
    mentions.iter().filter(|outer| !mentions.iter().any(|inner| holds(outer, inner))).cloned().collect()
}

fn contains(large: &PlaceRef, small: &PlaceRef) -> bool {
    let within = |a: &Option<String>, b: &Option<String>| a.is_none() || a == b;
    large != small
        && within(&large.city, &small.city)
        && within(&large.region, &small.region)
        && within(&large.country_code, &small.country_code)
}

fn add(lexicon: &Lexicon, reading: &mut Reading, mention: Mention) {
    let mut names = lexicon.places.names_for(&mention);
    names.insert(tokens::words(&mention.label).join(" "));
    let others = lexicon.places.level_of(&mention).map(|level| lexicon.places.names_of(level)).unwrap_or_default();
    let events = lexicon.events.within(&names, &others);
    // A journey named after a place of which no medium has a position is the only trace of it.
    if !mention.in_library && !events.is_empty() {
        reading.filter.events.extend(events);
        return;
    }
    let filter = &mut reading.filter;
    filter
        .place_events
        .extend(events.into_iter().filter(|event| !filter.place_events.contains(event)).collect::<Vec<_>>());
    let added: Vec<PlaceRef> = mention.places.into_iter().filter(|place| !filter.places.contains(place)).collect();
    filter.places.extend(added);
}

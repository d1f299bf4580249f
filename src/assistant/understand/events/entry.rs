//! An event of the library as questions are compared with it: what each word of its name is.
//!
//! Words are kept in the form in which those of all languages and inflections meet; years and function words count for
//! nothing.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use super::super::general::General;
use super::super::kinship;
use super::super::people::People;
use super::super::places::Places;
use super::super::stem::stem;
use super::super::tokens::{tokenize, words};
use super::super::words::{EVENT_NOUNS, OCCASIONS, is_stop_word};
use crate::library::ids::EventId;
use crate::library::vocabulary::EventEntry;

/// What a word of an event's name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Plain,
    Occasion,
    Number,
    Person,
    Place,
    Noun,
    Filler,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: EventId,
    pub(super) name: String,
    pub(super) words: Vec<(String, Sort)>,
    /// Each word run together with the next: "bike path" is also "bikepath".
    pub(super) joined: Vec<String>,
    pub(super) hints: BTreeSet<String>,
    pub(super) occasions: BTreeSet<&'static str>,
    /// Whether the occasions are in the name rather than the hints.
    pub(super) occasion_named: bool,
    pub(super) span: Option<(DateTime, DateTime)>,
    /// Folded names of places among its hints and its name.
    pub(super) places: BTreeSet<String>,
}

impl Entry {
    pub(super) fn new(event: &EventEntry, people: &People, places: &Places, general: &General) -> Self {
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
        let folded = |text: &String| words(text).join(" ");
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

pub(super) fn occasions_in(text: &str) -> impl Iterator<Item = &'static str> {
    let tokens = tokenize(text).tokens;
    (0..tokens.len())
        .filter_map(|at| OCCASIONS.at(&tokens, at).map(|(_, occasion)| *occasion))
        .collect::<Vec<_>>()
        .into_iter()
}

/// "80th", "80." and "80" are the same number; years and days are none.
pub(super) fn number_of(word: &str) -> Option<String> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    let plain = matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "eme" | "o" | "a");
    (plain && (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.to_owned())
}

pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())
}

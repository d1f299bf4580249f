//! What somebody says by the way, which no list of such words foresees: "our train journey *round* Europe", "*wee* Anna".
//!
//! A pure function of the reading; whether the library knows such a word, and what is done about it, is decided where the
//! library is ([`crate::assistant`]). Never an aside is what names something that can be seen or done, what may be a
//! name (a capital, in German a noun), a number, and what stands in quotation marks.

use std::ops::Range;

use super::general::General;
use super::language::Language;
use super::reading::{Reading, Role};
use super::sentence::Sentence;
use super::words::is_stop_word;

/// Parts that ask for something by themselves, so that a question without its asides still asks for it.
fn is_condition(role: Role) -> bool {
    matches!(
        role,
        Role::Person
            | Role::Place
            | Role::Time
            | Role::Event
            | Role::Album
            | Role::Theme
            | Role::Tag
            | Role::Concept
            | Role::Camera
            | Role::Rating
    )
}

/// The words of a question's content that may have been said by the way: their bytes and how they are written. None where
/// nothing else is asked for, or where the answer would say yes to them.
pub fn asides<'q>(question: &'q str, reading: &Reading) -> Vec<(Range<usize>, &'q str)> {
    let asked = reading.parts.iter().any(|part| part.range.is_some() && is_condition(part.role));
    if !asked || reading.yes_or_no || reading.asks_a_fact || !reading.unknown_names.is_empty() {
        return Vec::new();
    }
    let general = General::get();
    let sentence = Sentence::new(question);
    let content: Vec<&Range<usize>> =
        reading.parts.iter().filter(|part| part.role == Role::Content).filter_map(|part| part.range.as_ref()).collect();
    let tokens = sentence.tokens().iter().enumerate();
    let words = tokens.filter(|(at, token)| {
        let word = token.fold.as_str();
        let inside = content.iter().any(|range| range.start <= token.range.start && token.range.end <= range.end);
        let name = token.capital && (*at > 0 || sentence.language == Language::German);
        let letters = word.chars().count() > 1 && word.chars().all(char::is_alphabetic);
        let known = is_stop_word(word) || general.is_thing(word) || general.is_given_name(word);
        let meant = general.mend(word).is_some() || general.speaks(sentence.language, word);
        inside && letters && !(token.cjk || name || token.quote.is_some() || known || meant)
    });
    words.map(|(_, token)| (token.range.clone(), &question[token.range.clone()])).collect()
}

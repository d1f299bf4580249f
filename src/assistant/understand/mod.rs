//! Reads a question against the words of a library: who, where, when, what is wanted of it, and what is left to be seen.
//!
//! Pure: a [`Reading`] depends on the question, the library's [`Vocabulary`], the gazetteer, the time and the reading before,
//! and on nothing else. Nothing is guessed that the question does not say: what no reader can place is left as content.
//! Every part carries the bytes it came from. Five languages, English first.
//!
//! The order of reading: `tokens` and `language` cut the question up (`sentence`); `between` takes questions that are
//! two; `spoken` and `written` set aside what is to be heard, and what is written in the picture; `actions`,
//! `followup`, `intent` (with `how_often`, `grouping`, `edges`, `manner`) and `whether` take the words that say what is
//! wanted; `named_sets`, `attributes`, `unnamed`, `measures`, `rating`, `cameras`, `dates`, `events`, `people`,
//! `abroad`, `places` take the conditions; `content` makes a query of the rest, with the tables of `general`; `settle`
//! decides what no reader can alone; `asides` tells what may have been said by the way. How a reading is answered is left
//! to the tools.

mod abroad;
mod actions;
mod appearing;
mod asides;
mod attributes;
mod between;
mod cameras;
mod compounds;
mod content;
mod dates;
mod edges;
mod events;
mod followup;
mod gazetteer;
mod general;
mod generated;
mod grouping;
mod how_often;
mod intent;
mod joining;
mod kinship;
mod language;
mod lexicon;
mod manner;
mod manner_words;
mod measures;
mod named_sets;
mod names;
mod negation;
mod order;
mod people;
mod phrases;
mod place_cues;
mod place_reader;
mod places;
mod question_words;
mod rating;
mod reading;
mod sentence;
mod settle;
mod spelling;
mod spoken;
mod stem;
mod steps;
mod tokens;
mod travelling;
mod unnamed;
mod whether;
mod words;
mod written;

use jiff::civil::DateTime;

pub use self::asides::asides;
pub use self::between::is_only_time;
pub(super) use self::dates::{holiday, holiday_in};
pub use self::gazetteer::{Gazetteer, GazetteerHit};
pub use self::general::{General, has_cjk};
pub use self::language::Language;
pub use self::lexicon::Lexicon;
pub use self::reading::{
    Action, Content, Edge, Expansion, FollowUp, Intent, LikelyEvent, Listed, Manner, Order, Part, Pick, Reading, Role,
    Unit, Wording,
};
use crate::library::vocabulary::Vocabulary;

/// Reads one question. For many questions about the same library build a [`Lexicon`] once.
pub fn understand(
    question: &str,
    vocabulary: &Vocabulary,
    gazetteer: &dyn Gazetteer,
    now: DateTime,
    previous: Option<&Reading>,
) -> Reading {
    Lexicon::new(vocabulary).understand(question, gazetteer, now, previous)
}

/// The keywords of a library that look like names of people or pets and are nobody's so far.
pub fn keywords_like_names(vocabulary: &Vocabulary) -> Vec<String> {
    people::People::new(vocabulary, General::get()).keywords().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;

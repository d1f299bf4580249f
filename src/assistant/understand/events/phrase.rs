//! The words around an occasion: whose it is, what it is part of, which noun for a journey stands beside it.
//!
//! Nothing here knows the library's events.

use std::ops::Range;

use super::super::general::General;
use super::super::kinship;
use super::super::language::Language;
use super::super::negation::NEGATIONS;
use super::super::sentence::Sentence;
use super::super::words::{EVENT_NOUNS, MEDIA_NOUNS, OCCASIONS, is_link, is_stop_word};
use super::entry::number_of;

/// The noun for an occasion before a run of links: its place.
pub(super) fn noun_before_links(s: &Sentence, mut at: usize) -> Option<usize> {
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

/// Whether the words go on to another noun that makes them part of a compound: "birthday cake".
pub(super) fn compounds(s: &Sentence, next: usize, general: &General, own: impl Fn(usize) -> bool) -> bool {
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
        && NEGATIONS.at(s.tokens(), next).is_none()
        && !own(next)
        && (general.is_word(word) || token.cjk || s.language == Language::English)
}

/// The person whose occasion it is: the words that say so, and the compared words of the name.
pub(super) fn owner(s: &Sentence, at: usize, person: &[bool]) -> Option<(Range<usize>, Vec<String>)> {
    // "Ben's birthday", "grandma's 80th birthday": back over numbers and adjectives of the occasion.
    let mut before = at;
    while before > 0 && number_of(s.word(before - 1)).is_some() {
        before -= 1;
    }
    if before > 0
        && person[before - 1]
        && (s.tokens()[before - 1].possessive || before < at || s.language != Language::English)
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
pub(super) fn noun_phrase(s: &Sentence, at: usize, length: usize, place: &[bool]) -> (Range<usize>, Vec<usize>) {
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

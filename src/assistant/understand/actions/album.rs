//! Reads the making of an album, and names as the user gives them.
//!
//! A name is taken verbatim: quoted, or after "called" up to where the media follow, or with a capital at the end.

use std::ops::Range;

use super::super::reading::{Action, Role};
use super::super::sentence::Sentence;
use super::super::words::MEDIA_NOUNS;
use super::words::{ALBUM, CALLED, KEEP, MAKE, NAME_ENDS, SMART};
use super::{quote_text, quoted, start};

pub(super) fn create_album(s: &mut Sentence) -> Option<Action> {
    let (at, length, ()) = ALBUM.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length))?;
    let begin = start(s);
    let keep = KEEP.at(s.tokens(), begin).map(|(length, ())| length);
    let smart =
        SMART.before(s.tokens(), at).map(|(length, ())| at - length..at).filter(|words| s.is_free(words.clone()));
    let verb = keep.or_else(|| MAKE.at(s.tokens(), begin).map(|(length, ())| length));
    let verb_last =
        (at..s.len()).any(|index| matches!(s.word(index), "an" | "erstellen" | "anlegen" | "machen" | "hinzu"));
    let bare = begin == at && quoted(s).is_some();
    if verb.is_none() && !bare && !verb_last {
        return None;
    }
    let named = name_of(s, at + length);
    let end_of_verb = begin + verb.unwrap_or(0);
    s.skip(begin..end_of_verb);
    let name = named.map(|(range, name)| {
        s.claim(range, Role::Action, format!("album “{name}”"));
        name
    });
    let front = smart.as_ref().map_or(at, |words| words.start);
    s.skip(front..at);
    for index in [front.wrapping_sub(1), front.wrapping_sub(2), front.wrapping_sub(3)] {
        if matches!(
            s.word(index),
            "an" | "a"
                | "the"
                | "new"
                | "into"
                | "in"
                | "to"
                | "ein"
                | "neues"
                | "das"
                | "dem"
                | "un"
                | "une"
                | "nouvel"
                | "l"
                | "dans"
                | "nuevo"
                | "el"
                | "al"
                | "zum"
                | "zu"
        ) {
            s.skip(index..index + 1);
        }
    }
    let keeps = keep.is_some() || smart.is_some();
    s.claim(at..at + length, Role::Action, if keeps { "keep an album" } else { "make an album" });
    for index in at..s.len() {
        if matches!(s.word(index), "an" | "erstellen" | "anlegen" | "machen" | "hinzu" | "里" | "中")
            && s.free_at(index)
            && (index + 1 == s.len() || index == at + length)
        {
            s.skip(index..index + 1);
        }
    }
    Some(if keeps { Action::KeepAlbum { name, rule: None } } else { Action::CreateAlbum { name } })
}

/// The name after "called", in quotation marks, or right after the noun at the end: its words and text.
pub(super) fn name_of(s: &Sentence, after_noun: usize) -> Option<(Range<usize>, String)> {
    if let Some((quote, words)) = quoted(s) {
        let name = quote_text(s, quote);
        let called = CALLED.before(s.tokens(), words.start).map_or(0, |(length, ())| length);
        return Some((words.start - called..words.end, name));
    }
    if let Some((at, length, ())) = CALLED.find(s.tokens()).filter(|(at, length, ())| s.is_free(*at..at + length)) {
        let end = name_end(s, at + length);
        return (end > at + length).then(|| (at..end, s.written(at + length..end).to_owned()));
    }
    // "… into an album Summer": what is left at the end, if it begins with a capital.
    let colon = s.tokens().get(after_noun).is_some_and(|token| token.mark == Some(':'));
    let capital = s.tokens().get(after_noun).is_some_and(|token| token.capital && (token.mark.is_none() || colon));
    let end = name_end(s, after_noun);
    (capital && end > after_noun).then(|| (after_noun..end, s.written(after_noun..end).to_owned()))
}

/// Where a name that begins at `from` ends: before a preposition that goes on to the media, or at the end.
pub(super) fn name_end(s: &Sentence, from: usize) -> usize {
    let mut end = from;
    while end < s.len() {
        let token = &s.tokens()[end];
        let boundary = end > from
            && (token.mark.is_some_and(|mark| !matches!(mark, '.' | '&' | '/' | '-' | '–')) || ends_name(s, end));
        if boundary {
            break;
        }
        end += 1;
    }
    end
}

/// "of" and "from" end a name only where the media follow: "Best of 2019" is a name.
pub(super) fn ends_name(s: &Sentence, at: usize) -> bool {
    let Some((length, ())) = NAME_ENDS.at(s.tokens(), at) else { return false };
    let rest = at + length..s.len();
    let media = rest.clone().any(|index| MEDIA_NOUNS.is_at(s.tokens(), index));
    let article = matches!(
        s.word(at + length),
        "them"
            | "these"
            | "those"
            | "this"
            | "that"
            | "ihnen"
            | "diesen"
            | "the"
            | "all"
            | "every"
            | "my"
            | "our"
            | "everything"
            | "den"
            | "allen"
            | "meinen"
            | "les"
            | "toutes"
            | "las"
            | "todas"
            | "los"
    );
    media || article
}

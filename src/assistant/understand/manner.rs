//! Reads how something is to be told: in which tone, at what length, in which language.
//!
//! Only what speaks of the telling counts: "cheerfully", "in a cheerful tone", "as a short formal text", and not what was
//! cheerful or short itself: "the funny videos" are told of. Words that name a telling are in [`super::manner_words`].

use super::manner_words::{ABOUT, FORM, JOINING, LIKE, Meaning, SAID};
use super::reading::Manner;
use super::sentence::Sentence;
use crate::assistant::summary::Length;

/// Reads how it is to be told, and accounts for the words that say so.
pub(super) fn read(s: &mut Sentence) -> Manner {
    let mut manner = Manner::default();
    let mut at = 0;
    while at < s.len() {
        let length = said(s, at, &mut manner).or_else(|| form(s, at, &mut manner));
        at += length.unwrap_or(1);
    }
    manner
}

/// Words that say it wherever they stand; returns how many they are.
fn said(s: &mut Sentence, at: usize, manner: &mut Manner) -> Option<usize> {
    let (length, meaning) = SAID.at(s.tokens(), at).map(|(length, meaning)| (length, *meaning))?;
    let own = (at..at + length).all(|at| s.tokens()[at].quote.is_none());
    if let (Some(meaning), true) = (meaning, own && s.is_free(at..at + length)) {
        take(manner, meaning);
        s.skip(at..at + length);
    }
    Some(length)
}

/// "As a short formal text", "un texte court et formel": what a text, a tone or a sentence is called, with the words
/// beside it. Returns how many words it is from `at` on.
fn form(s: &mut Sentence, at: usize, manner: &mut Manner) -> Option<usize> {
    let (length, form) = FORM.at(s.tokens(), at).map(|(length, form)| (length, *form))?;
    let mut meanings = Vec::new();
    let start = before(s, at, &mut meanings);
    let end = after(s, at + length, &mut meanings);
    let leads =
        ABOUT.before(s.tokens(), start).map(|(length, ())| length).filter(|length| s.is_free(start - length..start));
    // A text that nothing is said of, or that nothing leads to, is one that can be seen.
    if meanings.is_empty() && (form.is_none() || leads.is_none()) || s.tokens()[at].quote.is_some() {
        return None;
    }
    let tone_or_language = |meaning: &&Meaning| !matches!(meaning, Meaning::Length(_));
    meanings.iter().filter(tone_or_language).for_each(|meaning| take(manner, *meaning));
    let wanted = meanings.iter().find_map(|meaning| match meaning {
        Meaning::Length(length) => Some(*length),
        _ => None,
    });
    manner.length = match (form, wanted) {
        // A short text has a few sentences, a long one a page.
        (Some(Length::Paragraph), Some(Length::Page)) => Length::Page,
        (Some(form), _) => form,
        (None, wanted) => wanted.unwrap_or(manner.length),
    };
    s.skip(start - leads.unwrap_or(0)..end);
    Some(end - at)
}

fn take(manner: &mut Manner, meaning: Meaning) {
    match meaning {
        Meaning::Tone(tone) => manner.tone = tone,
        Meaning::Length(length) => manner.length = length,
        Meaning::Language(language) => manner.language = Some(language),
    }
}

/// Reads the words before a form: adjectives, with what joins them and an article. Returns where they begin.
fn before(s: &Sentence, at: usize, meanings: &mut Vec<Meaning>) -> usize {
    let mut start = at;
    loop {
        let free = |length: &usize| s.is_free(start - length..start);
        if let Some((length, meaning)) = LIKE.before(s.tokens(), start).filter(|(length, _)| free(length)) {
            meanings.push(*meaning);
            start -= length;
        } else if let Some((length, ())) = JOINING.before(s.tokens(), start).filter(|(length, ())| free(length)) {
            start -= length;
        } else {
            return start;
        }
    }
}

/// Reads the words after a form, where French and Spanish have their adjectives. Returns where they end.
fn after(s: &Sentence, at: usize, meanings: &mut Vec<Meaning>) -> usize {
    let (mut end, mut next) = (at, at);
    while next < s.len() {
        if let Some((length, meaning)) = LIKE.at(s.tokens(), next).filter(|(length, _)| s.is_free(next..next + length))
        {
            meanings.push(*meaning);
            next += length;
            end = next;
        } else if let Some((length, ())) =
            JOINING.at(s.tokens(), next).filter(|(length, ())| s.is_free(next..next + length))
        {
            next += length;
        } else {
            break;
        }
    }
    end
}

//! Reads the giving of keywords: "tag … with 'x' and 'y'", "give … the keyword x", "add the tags a, b to …".
//!
//! Keywords are taken verbatim, one or several.

use std::ops::Range;

use super::super::reading::{Action, Role};
use super::super::sentence::Sentence;
use super::words::{GIVE, TAG_NOUNS, TAG_VERBS, WITH_AS};
use super::{quote_text, quoted, start};

pub(super) fn add_tags(s: &mut Sentence) -> Option<Action> {
    let begin = start(s);
    let words = tag_words(s, begin)?;
    let tags = split_tags(s, words.clone());
    if tags.is_empty() {
        return None;
    }
    s.claim(words, Role::Action, format!("add keyword {}", tags.join(", ")));
    Some(Action::AddTags { tags })
}

/// The words that are the keywords, with what introduces them claimed as filler.
pub(super) fn tag_words(s: &mut Sentence, begin: usize) -> Option<Range<usize>> {
    // "give the zoo photos the keyword animals", "add the tags a, b to all photos of …"
    let give = GIVE.at(s.tokens(), begin).map(|(length, ())| length);
    let verb = TAG_VERBS.at(s.tokens(), begin).map(|(length, ())| length);
    let noun = (begin..s.len())
        .filter_map(|at| TAG_NOUNS.at(s.tokens(), at).map(|(length, ())| (at, length)))
        .find(|(at, _)| *at > begin || verb.is_none());
    if let (Some(give), Some((at, length))) = (give.or(verb), noun) {
        let mut first = at + length;
        first += usize::from(matches!(s.word(first), "of" | "named" | "called" | "namens" | "de" | "为"));
        let end = tags_end(s, first);
        if end > first {
            s.skip(begin..begin + give);
            let mut from = at;
            while from > begin + give
                && matches!(
                    s.word(from - 1),
                    "the"
                        | "with"
                        | "as"
                        | "mit"
                        | "le"
                        | "la"
                        | "el"
                        | "avec"
                        | "con"
                        | "als"
                        | "dem"
                        | "den"
                        | "das"
                        | "die"
                )
            {
                from -= 1;
            }
            s.skip(from..first);
            if matches!(s.word(end), "to" | "zu" | "hinzu" | "a" | "aux") && s.free_at(end) {
                s.skip(end..end + 1);
            }
            return Some(first..end);
        }
    }
    // "tag these with 'x' and 'y'", "mark … as favourite"
    let verb = verb.filter(|_| s.len() > begin + 1)?;
    let with = (begin + verb..s.len()).rev().find(|at| WITH_AS.is_at(s.tokens(), *at) && s.free_at(*at))?;
    let (length, ()) = WITH_AS.at(s.tokens(), with)?;
    let quoted_first = quoted(s).map(|(_, words)| words.start);
    let with =
        quoted_first.and_then(|first| (begin..first).rev().find(|at| WITH_AS.is_at(s.tokens(), *at))).unwrap_or(with);
    let first = with + length;
    let end = tags_end(s, first);
    (end > first).then(|| {
        s.skip(begin..begin + verb);
        s.skip(with..first);
        first..end
    })
}

/// Where a list of keywords ends: past the last quotation, or before "to", or at the end.
pub(super) fn tags_end(s: &Sentence, first: usize) -> usize {
    let quoted_here = s.tokens().get(first).is_some_and(|token| token.quote.is_some());
    let mut end = first;
    while end < s.len() {
        let token = &s.tokens()[end];
        let joint = matches!(token.fold.as_str(), "and" | "&" | "und" | "et" | "y" | "e" | "和");
        if quoted_here && token.quote.is_none() && !joint {
            break;
        }
        if !quoted_here
            && end > first
            && (matches!(
                token.fold.as_str(),
                "to" | "for" | "zu" | "hinzu" | "a" | "aux" | "fur" | "para" | "pour" | "on" | "please" | "bitte"
            ) || token.mark.is_some_and(|mark| matches!(mark, '.' | ';' | '?' | '!' | '(')))
        {
            break;
        }
        end += 1;
    }
    while end > first && matches!(s.word(end - 1), "and" | "und" | "et" | "y" | "和") {
        end -= 1;
    }
    end
}

pub(super) fn split_tags(s: &Sentence, words: Range<usize>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let mut from = words.start;
    let mut flush = |range: Range<usize>| {
        if range.start < range.end {
            let text = s.written(range.clone());
            let quote = s.tokens()[range.start].quote;
            tags.push(quote.map_or_else(|| text.to_owned(), |quote| quote_text(s, quote)));
        }
    };
    for at in words.clone() {
        let token = &s.tokens()[at];
        let joint = matches!(token.fold.as_str(), "and" | "&" | "und" | "et" | "y" | "和") && token.quote.is_none();
        let apart = at > from
            && (token.mark.is_some_and(|mark| matches!(mark, ',' | '、' | ';')) && token.quote.is_none()
                || token.quote != s.tokens()[at - 1].quote);
        if joint || apart {
            flush(from..at);
            from = if joint { at + 1 } else { at };
        }
    }
    flush(from..words.end);
    tags.retain(|tag| !tag.is_empty());
    tags.dedup();
    tags
}

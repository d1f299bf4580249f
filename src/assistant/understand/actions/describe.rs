//! Reads the describing of media: "write 'x' as the description of …".
//!
//! The description is quoted and taken verbatim.

use super::super::reading::{Action, Role};
use super::super::sentence::Sentence;
use super::words::{DESCRIBE, DESCRIPTION_NOUNS, WITH_AS};
use super::{quote_text, quoted, start};

pub(super) fn annotate(s: &mut Sentence) -> Option<Action> {
    let (quote, words) = quoted(s)?;
    let noun = DESCRIPTION_NOUNS
        .find(s.tokens())
        .filter(|(at, length, ())| s.is_free(*at..at + length) && s.tokens()[*at].quote.is_none());
    let begin = start(s);
    let verb = DESCRIBE.at(s.tokens(), begin).map(|(length, ())| length);
    if noun.is_none() && verb.is_none() {
        return None;
    }
    let description = quote_text(s, quote);
    if let Some((at, length, ())) = noun {
        let mut first = at;
        while first > 0
            && matches!(
                s.word(first - 1),
                "as" | "the" | "a" | "an" | "to" | "als" | "die" | "der" | "comme" | "la" | "le" | "como" | "una"
            )
            && s.free_at(first - 1)
        {
            first -= 1;
        }
        let tail =
            usize::from(matches!(s.word(at + length), "of" | "for" | "to" | "von" | "fur" | "de" | "para" | "pour"));
        s.skip(first..at + length + tail);
    }
    let opener = if verb.is_some() {
        verb.unwrap_or(1)
    } else {
        usize::from(begin < words.start && is_writing_verb(s.word(begin)))
    };
    s.skip(begin..begin + opener);
    if let Some(before) = words.start.checked_sub(1)
        && WITH_AS.is_at(s.tokens(), before)
    {
        s.skip(before..before + 1);
    }
    s.claim(words, Role::Action, format!("describe as “{description}”"));
    Some(Action::Annotate { description })
}

pub(super) fn is_writing_verb(word: &str) -> bool {
    matches!(
        word,
        "write"
            | "add"
            | "set"
            | "put"
            | "use"
            | "save"
            | "give"
            | "note"
            | "store"
            | "enter"
            | "schreib"
            | "schreibe"
            | "setze"
            | "fuge"
            | "ecris"
            | "ecrire"
            | "ajoute"
            | "mets"
            | "escribe"
            | "pon"
            | "anade"
            | "写"
            | "添加"
            | "attach"
            | "insert"
            | "type"
    )
}

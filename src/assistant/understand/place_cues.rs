//! Tells from the words around a name whether a place is meant.
//!
//! A preposition of place, a capital inside the question, or the name standing alone are cues; an article is a cue against.

use super::language::Language;
use super::sentence::Sentence;
use super::tokens::Token;
use super::words::MEDIA_NOUNS;

/// Whether the words from `at` are the name, with nothing between them.
pub fn matches(tokens: &[Token], at: usize, name: &[String]) -> bool {
    tokens.len() >= at + name.len()
        && tokens[at..at + name.len()].iter().zip(name).all(|(token, word)| token.fold == *word)
        && !is_parted(tokens, at, name.len())
}

/// Whether punctuation parts the words.
pub fn is_parted(tokens: &[Token], at: usize, length: usize) -> bool {
    tokens[at..at + length].iter().skip(1).any(|token| token.mark.is_some_and(|mark| !matches!(mark, '.' | ',')))
        || tokens[at..at + length].iter().skip(1).any(|token| token.mark == Some(','))
}

/// Whether a name that is also an everyday word is meant as a place.
pub fn cued(s: &Sentence, at: usize) -> bool {
    let token = &s.tokens()[at];
    let article = matches!(s.word_before(at), "the" | "a" | "an");
    let alone = s.len() == 1 || (at == 0 && MEDIA_NOUNS.is_at(s.tokens(), 1));
    (token.capital && at > 0 && !article) || alone || (has_place_preposition(s, at) && !article)
}

/// Whether a preposition of place stands right before word `at`.
pub fn has_place_preposition(s: &Sentence, at: usize) -> bool {
    const PREPOSITIONS: &str = " in from to near at around outside inside through across visiting visited towards toward \
        aus nach bei of von within beyond 在 去 到 从 ";
    const ROMANCE: &str = " en a au aux de du depuis hacia desde cerca dans vers ";
    let romance = matches!(s.language, Language::French | Language::Spanish);
    let before = |index: usize| {
        let word = format!(" {} ", s.word(index));
        PREPOSITIONS.contains(&word) || romance && ROMANCE.contains(&word)
    };
    let parted = s.tokens().get(at).is_some_and(|token| token.mark.is_some_and(|mark| mark != ','));
    if at == 0 || parted {
        return false;
    }
    let article = matches!(s.word(at - 1), "the" | "der" | "den" | "dem" | "la" | "le" | "les" | "el" | "los");
    if article && at >= 2 {
        before(at - 2) && s.word(at - 2) != "of"
    } else {
        !s.word(at - 1).is_empty() && before(at - 1)
    }
}

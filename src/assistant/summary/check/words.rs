//! The words of a sentence as the check compares them: folded, without marks, a possessive as the name itself.
//!
//! Numbers with grouped digits are one word. What words mean is left to the check.

use crate::library::fold;

/// A word of a sentence.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub text: String,
    pub folded: String,
    /// Begins the sentence, or what follows a colon or a mark of speech.
    pub first: bool,
}

/// The number that a word is, whatever letters end it: "3rd".
pub(super) fn number(word: &Word) -> Option<i16> {
    word.folded.trim_end_matches(char::is_alphabetic).parse().ok()
}

pub(super) fn year(word: &Word) -> Option<i16> {
    number(word).filter(|year| word.folded.len() == 4 && (1800..2200).contains(year))
}

/// Whether words say a name.
pub(super) fn is_said(words: &[Word], name: &str) -> bool {
    let parts: Vec<&str> = name.split(' ').collect();
    words.windows(parts.len()).any(|window| window.iter().map(|word| word.folded.as_str()).eq(parts.iter().copied()))
}

/// Folded words with single spaces and without marks; a possessive is the name.
pub(super) fn plain(text: &str) -> String {
    words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}

/// `1,200`, `1.200` and `1 200` with a narrow space are one number.
fn ungrouped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    let groups = |at: usize| {
        let three = (1..=3).all(|ahead| digit(at + ahead)) && !digit(at + 4);
        at > 0 && digit(at - 1) && three && matches!(characters[at], ',' | '.' | '\u{a0}' | '\u{202f}')
    };
    (0..characters.len()).filter(|&at| !groups(at)).map(|at| characters[at]).collect()
}

pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut first = true;
    let text = ungrouped(text);
    for piece in text.split(|c: char| c.is_whitespace() || "-–—/()[],;".contains(c)) {
        let bare = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let stem = ["’s", "'s", "’", "'"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
        for part in stem.split(['’', '\'', '.', ':']).filter(|part| !part.is_empty()) {
            found.push(Word { text: part.to_owned(), folded: fold(part), first });
            first = false;
        }
        first |= piece.ends_with([':', '.', '!', '?']) && !bare.chars().all(|c| c.is_ascii_digit());
    }
    found
}

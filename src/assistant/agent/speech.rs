//! What a model says, cut into sentences as it comes, and each sentence checked before anybody sees it.
//!
//! What stays true: a citation leads to a medium that a tool returned in this turn, or it is taken out; a sentence with a
//! number that no tool gave is not said; no address leads out of the answer. Where a sentence ends is a guess that errs
//! towards longer pieces.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::numbers::{Numbers, first_unfounded};
use crate::assistant::tools::references::References;
use crate::assistant::understand::Language;
use crate::library::MediaId;

const THINKING: (&str, &str) = ("<think>", "</think>");

/// `[m1]`, `[m1, m4]`, `(m2)`.
static CITATION: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\[(]\s*(m\d+(?:\s*[,;]\s*m\d+)*)\s*[\])]"));
/// "1." before an entry of a list.
static ENTRY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^\s*\d{1,2}[.)]\s"));
/// What only this program may write.
static FORGED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\[media:[^\]]*\]\]"));
static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"!?\[([^\]]*)\]\([^)]*\)"));
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:https?|ftp|data|javascript|file):\S+|\bwww\.\S+"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("{text}: {error}"))
}

/// Text that has come and is not said yet.
#[derive(Debug, Default)]
pub(super) struct Speech {
    rest: String,
    thinking: bool,
    begun: bool,
    said: bool,
}

/// A piece of what a model says.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// One or more sentences with the space behind them.
    Sentence(String),
    /// Thinking that the engine did not keep apart.
    Thought(String),
}

impl Speech {
    /// Takes more text; gives what is complete.
    pub(super) fn push(&mut self, text: &str) -> Vec<Piece> {
        self.rest.push_str(text);
        let mut pieces = Vec::new();
        loop {
            if !self.begun {
                let start = self.rest.trim_start();
                if start.len() < THINKING.0.len() && THINKING.0.starts_with(start) {
                    return pieces;
                }
                self.begun = true;
                if let Some(thought) = start.strip_prefix(THINKING.0) {
                    (self.rest, self.thinking) = (thought.to_owned(), true);
                }
            }
            if self.thinking {
                let Some((thought, said)) = self.rest.split_once(THINKING.1) else { return pieces };
                pieces.push(Piece::Thought(thought.trim().to_owned()));
                (self.rest, self.thinking) = (said.to_owned(), false);
            }
            if !self.said {
                self.rest = self.rest.trim_start().to_owned();
            }
            let Some(end) = sentence_end(&self.rest) else { return pieces };
            self.said = true;
            let sentence: String = self.rest.drain(..end).collect();
            pieces.push(Piece::Sentence(sentence));
        }
    }

    /// The end of what is said.
    pub(super) fn finish(&mut self) -> Option<Piece> {
        let rest = std::mem::take(&mut self.rest);
        let thinking = std::mem::take(&mut self.thinking);
        match () {
            () if rest.trim().is_empty() => None,
            () if thinking => Some(Piece::Thought(rest)),
            () => Some(Piece::Sentence(rest)),
        }
    }
}

/// Where the first sentence ends, the space and citations behind it included. A citation may still be on its way, so a
/// sentence is complete only when something else follows.
fn sentence_end(text: &str) -> Option<usize> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let at = |index: usize| characters.get(index).map(|(_, character)| *character);
    for index in 0..characters.len() {
        let ends = match at(index)? {
            '\n' | '。' | '！' | '？' => true,
            '!' | '?' => at(index + 1).is_some_and(char::is_whitespace),
            // "9. Juni" is no end, "in 2019. Then" is one.
            '.' => {
                let digits =
                    (0..index).rev().take_while(|before| at(*before).is_some_and(|c| c.is_ascii_digit())).count();
                at(index + 1).is_some_and(char::is_whitespace) && (digits == 0 || digits >= 4)
            }
            _ => false,
        };
        if !ends {
            continue;
        }
        let mut next = index + 1;
        loop {
            while at(next).is_some_and(char::is_whitespace) {
                next += 1;
            }
            match at(next) {
                // The start of a citation: it belongs to the sentence before it.
                Some('[' | '(') if at(next + 1).is_none_or(|c| c == 'm' || c == '[') => {
                    let close = (next..characters.len()).find(|index| matches!(at(*index), Some(']' | ')')))?;
                    next = close + 1;
                }
                Some(_) => return characters.get(next).map(|(byte, _)| *byte),
                None => return None,
            }
        }
    }
    None
}

/// What is checked against.
pub(super) struct Grounds<'a> {
    pub references: &'a References,
    pub numbers: &'a Numbers,
    pub language: Language,
}

/// A sentence that may be said.
#[derive(Debug, PartialEq)]
pub(super) struct Checked {
    /// The sentence with citations as `[[media:ID]]`.
    pub text: String,
    /// The media that it cites.
    pub cited: Vec<MediaId>,
}

/// The sentence as it may be said; the error is the number that no tool gave.
pub(super) fn check(sentence: &str, grounds: &Grounds<'_>) -> Result<Checked, String> {
    let sentence = FORGED.replace_all(sentence, "");
    let sentence = LINK.replace_all(&sentence, |link: &Captures<'_>| match CITATION.is_match(&link[0]) {
        true => link[0].to_owned(),
        false => link[1].to_owned(),
    });
    let sentence = ADDRESS.replace_all(&sentence, "");
    let words = CITATION.replace_all(&sentence, "");
    let words = ENTRY.replace_all(&words, "");
    if let Some(number) = first_unfounded(&words, grounds.language, grounds.numbers) {
        return Err(number);
    }
    let mut cited = Vec::new();
    let text = CITATION.replace_all(&sentence, |found: &Captures<'_>| {
        let known = found[1].split([',', ';']).filter_map(|name| grounds.references.get(name));
        let known: Vec<MediaId> = known.collect();
        cited.extend(known.iter().copied());
        known.iter().map(|id| format!("[[media:{id}]]")).collect::<String>()
    });
    Ok(Checked { text: text.into_owned(), cited })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<String> {
        let mut whole: Option<Vec<Piece>> = None;
        // Wherever the text is cut on its way, the sentences are the same.
        for size in [1, 2, 7, text.len()] {
            let mut speech = Speech::default();
            let characters: Vec<char> = text.chars().collect();
            let mut pieces: Vec<Piece> =
                characters.chunks(size).flat_map(|piece| speech.push(&piece.iter().collect::<String>())).collect();
            pieces.extend(speech.finish());
            if let Some(whole) = &whole {
                assert_eq!(&pieces, whole, "in pieces of {size}");
            }
            whole = Some(pieces);
        }
        let text = |piece| match piece {
            Piece::Sentence(text) => text,
            Piece::Thought(text) => format!("({text})"),
        };
        whole.unwrap().into_iter().map(text).collect()
    }

    #[test]
    fn text_is_cut_at_the_ends_of_sentences() {
        assert_eq!(sentences("We went. [m1] Then we ate! Why?"), ["We went. [m1] ", "Then we ate! ", "Why?"]);
        assert_eq!(sentences("Das war am 9. Juni 2019. Schön."), ["Das war am 9. Juni 2019. ", "Schön."]);
        assert_eq!(sentences("a list\n- one\n- two"), ["a list\n", "- one\n", "- two"]);
        assert_eq!(sentences("一张照片。[m1]在罗马。"), ["一张照片。[m1]", "在罗马。"]);
        assert_eq!(sentences("at 3.5 m"), ["at 3.5 m"]);
    }

    #[test]
    fn thinking_in_the_text_is_kept_apart() {
        assert_eq!(sentences("<think>hm. 5?</think>\nYes. No."), ["(hm. 5?)", "Yes. ", "No."]);
        assert_eq!(sentences("<think>never ends. Or"), ["(never ends. Or)"]);
        assert_eq!(sentences("<th is no tag."), ["<th is no tag."]);
    }

    #[test]
    fn citations_lead_to_what_a_tool_returned_or_nowhere() {
        let (mut references, numbers) = (References::default(), Numbers::new());
        let (a, b) = (MediaId::new(), MediaId::new());
        references.name(a);
        references.name(b);
        let grounds = Grounds { references: &references, numbers: &numbers, language: Language::English };
        let said = |text: &str| check(text, &grounds).unwrap();
        assert_eq!(
            said("Boats [m1, m2]."),
            Checked { text: format!("Boats [[media:{a}]][[media:{b}]]."), cited: vec![a, b] }
        );
        assert_eq!(said("Boats [m9](m2).").text, format!("Boats [[media:{b}]]."));
        let forged = format!("Boats [[media:{a}]][[media:x]].");
        assert_eq!(said(&forged).text, "Boats .");
        assert_eq!(
            said("[click](https://evil.example/?q=Ida) https://evil.example ![x](http://e/1.png)").text,
            "click  x"
        );
        assert_eq!(check("There are 57 [m1].", &grounds).unwrap_err(), "57");
    }
}

//! Finds fixed phrases of one or more words in a question.
//!
//! A phrase is written as a user would write it and compared in folded form; the longest phrase wins.
//! Phrases do not reach across quotation marks or sentence ends. What a phrase means is its value.

use std::collections::HashMap;

use super::tokens::{Token, words};

/// Phrases by their first word, longest first, each with its value.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    by_first: HashMap<String, Vec<(Vec<String>, T)>>,
}

impl<T: Clone> Phrases<T> {
    /// Takes groups of alternatives: `("how many|wie viele", value)`.
    pub fn new<'a>(groups: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut by_first: HashMap<String, Vec<(Vec<String>, T)>> = HashMap::new();
        for (alternatives, value) in groups {
            for phrase in alternatives.split('|') {
                let phrase = words(phrase);
                if let Some(first) = phrase.first() {
                    by_first.entry(first.clone()).or_default().push((phrase, value.clone()));
                }
            }
        }
        for phrases in by_first.values_mut() {
            phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        Self { by_first }
    }

    /// The longest phrase that starts at word `at`: its number of words and its value.
    pub fn at(&self, tokens: &[Token], at: usize) -> Option<(usize, &T)> {
        let phrases = self.by_first.get(&tokens.get(at)?.fold)?;
        phrases
            .iter()
            .find(|(phrase, _)| starts_with(&tokens[at..], phrase))
            .map(|(phrase, value)| (phrase.len(), value))
    }

    /// Whether a phrase starts at word `at`.
    pub fn is_at(&self, tokens: &[Token], at: usize) -> bool {
        self.at(tokens, at).is_some()
    }

    /// The longest phrase that ends just before word `end`: its number of words and its value.
    pub fn before(&self, tokens: &[Token], end: usize) -> Option<(usize, &T)> {
        (end.saturating_sub(5)..end).find_map(|start| {
            let phrases = self.by_first.get(&tokens.get(start)?.fold)?;
            let ends = |phrase: &Vec<String>| start + phrase.len() == end && starts_with(&tokens[start..], phrase);
            phrases.iter().find(|(phrase, _)| ends(phrase)).map(|(phrase, value)| (phrase.len(), value))
        })
    }

    /// The first place where a phrase starts: index, number of words, value.
    pub fn find(&self, tokens: &[Token]) -> Option<(usize, usize, &T)> {
        (0..tokens.len()).find_map(|at| self.at(tokens, at).map(|(length, value)| (at, length, value)))
    }

    /// The value of a phrase that is exactly `words`.
    pub fn exact(&self, words: &[String]) -> Option<&T> {
        let phrases = self.by_first.get(words.first()?)?;
        phrases.iter().find(|(phrase, _)| phrase == words).map(|(_, value)| value)
    }
}

fn starts_with(tokens: &[Token], phrase: &[String]) -> bool {
    tokens.len() >= phrase.len()
        && tokens.iter().zip(phrase).enumerate().all(|(index, (token, word))| {
            token.fold == *word
                && token.quote == tokens[0].quote
                && (index == 0 || token.mark.is_none_or(|mark| !matches!(mark, '(' | ')' | ';' | '?' | '!')))
        })
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let phrases = Phrases::new([("how many|wie viele", 1), ("how many different", 2), ("多少", 3)]);
        let text = tokenize("in how many different towns");
        assert_eq!(phrases.at(&text.tokens, 1), Some((3, &2)));
        assert_eq!(phrases.at(&text.tokens, 0), None);
        assert_eq!(phrases.before(&text.tokens, 3), Some((2, &1)));
        assert_eq!(phrases.find(&tokenize("有多少个").tokens), Some((1, 2, &3)));
    }

    #[test]
    fn phrases_do_not_cross_brackets() {
        let phrases = Phrases::new([("how many", 1)]);
        assert_eq!(phrases.at(&tokenize("how (many)").tokens, 0), None);
    }
}

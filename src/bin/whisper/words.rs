//! From a model's tokens, each with its time, to words.
//!
//! A token is some bytes: a word, part of a word, or part of a character. In most languages a word begins with a space; in
//! those written without, each character is taken for one, as OpenAI's own Whisper does (`whisper/tokenizer.py`).

use recollect::engine::protocol::Word;

/// Codes of the languages that are written without spaces.
const WITHOUT_SPACES: [&str; 6] = ["zh", "ja", "th", "lo", "my", "yue"];
/// Signs that belong to what stands before them.
const CLOSING: &str = "\"'.。,，!！?？:：”)]}、";

/// A token of text and when it was said, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Seconds.
    pub start: f64,
    /// Seconds.
    pub end: f64,
}

/// Puts tokens together to words. Bytes that are no character become U+FFFD.
pub fn words(tokens: &[Token], language: &str) -> Vec<Word> {
    let spaced = !WITHOUT_SPACES.contains(&language);
    let mut words: Vec<(Vec<u8>, f64, f64)> = Vec::new();
    for token in tokens {
        let begins = match words.last() {
            None => true,
            Some(_) if token.bytes.first() == Some(&b' ') => true,
            Some((bytes, ..)) => !spaced && std::str::from_utf8(bytes).is_ok() && !is_closing(&token.bytes),
        };
        match words.last_mut() {
            Some((bytes, _, end)) if !begins => {
                bytes.extend(&token.bytes);
                *end = token.end.max(*end);
            }
            _ => words.push((token.bytes.clone(), token.start, token.end)),
        }
    }
    let words = words.into_iter().map(|(bytes, start, end)| Word {
        word: String::from_utf8_lossy(&bytes).trim().to_owned(),
        start,
        end: end.max(start),
    });
    words.filter(|word| !word.word.is_empty()).collect()
}

fn is_closing(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(|letter| CLOSING.contains(letter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(parts: &[&[u8]], language: &str) -> Vec<(String, f64, f64)> {
        let token =
            |(at, bytes): (usize, &&[u8])| Token { bytes: bytes.to_vec(), start: at as f64, end: at as f64 + 0.5 };
        let tokens: Vec<Token> = parts.iter().enumerate().map(token).collect();
        words(&tokens, language).into_iter().map(|word| (word.word, word.start, word.end)).collect()
    }

    #[test]
    fn parts_of_a_word_are_joined_with_the_sign_behind_it() {
        let words = said(&[b" Grand", b"pa", b"'s", b" boat", b"."], "en");
        assert_eq!(words, [("Grandpa's".to_owned(), 0.0, 2.5), ("boat.".to_owned(), 3.0, 4.5)]);
    }

    #[test]
    fn without_spaces_each_character_is_a_word_also_when_it_is_cut() {
        let letters = "山の。".as_bytes();
        let words = said(&[&letters[..2], &letters[2..3], &letters[3..6], &letters[6..]], "ja");
        assert_eq!(words, [("山".to_owned(), 0.0, 1.5), ("の。".to_owned(), 2.0, 3.5)]);
    }

    #[test]
    fn half_a_character_and_nothing_are_no_failure() {
        assert!(said(&[b" ", b""], "en").is_empty());
        assert_eq!(said(&[&[0xE5]], "en")[0].0, "\u{FFFD}");
    }
}

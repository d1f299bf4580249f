//! Which words are believed: textures, windows and leaves look like letters too.
//!
//! A reader's certainty says more of a long word than of a short one: of the words that were read where there are none,
//! in some 300 photographs of a family, those of five letters or more hardly ever exceeded 0.65, those of three often did.
//! So a word needs the more certainty the shorter it is, and one of less than three letters or digits none can give: it is
//! believed only beside another word of its line, which needs less too. What has no vowel though it is not in capitals, or
//! the same letter over and over, is no word. Where nothing but the reader itself says that there is text, all need more.

use super::reader::{RawLine, RawWord};

/// Certainty that a word needs to stand for itself, by its letters and digits, from three; the last for all longer ones.
const ALONE: [f32; 3] = [0.85, 0.75, 0.65];
/// … and by how much more where no detector found the line.
const UNFOUND: f32 = 0.1;
/// Certainty that a word needs beside one that is believed.
const BESIDE: f32 = 0.4;
/// … and a single letter or digit, or a sign.
const SINGLE_BESIDE: f32 = 0.6;
/// Share of letters and digits in a word that stands for itself.
const LETTERS: f32 = 0.6;
/// Letters in a row that are the same in no word.
const REPEATED: usize = 3;

/// The words of a line that are believed, if there are any that stand for themselves.
pub fn believed(line: &RawLine) -> Vec<RawWord> {
    let more = if line.found.is_some() { 0.0 } else { UNFOUND };
    if !line.words.iter().any(|word| stands_alone(word, more)) {
        return Vec::new();
    }
    let mut words: Vec<RawWord> =
        line.words.iter().filter(|word| stands_alone(word, more) || stands_beside(word)).cloned().collect();
    // Signs at the ends are the frame around the text.
    let text = |word: &RawWord| word.text.chars().any(char::is_alphanumeric);
    let (first, last) = (words.iter().position(text), words.iter().rposition(text));
    words.truncate(last.map_or(0, |last| last + 1));
    words.drain(..first.unwrap_or(0));
    words
}

fn stands_alone(word: &RawWord, more: f32) -> bool {
    let characters: Vec<char> = word.text.chars().collect();
    let letters = characters.iter().filter(|c| c.is_alphanumeric()).count();
    let Some(over) = letters.checked_sub(3) else {
        return ideographic(&word.text) && word.certainty >= ALONE[0] + more;
    };
    word.certainty >= ALONE[over.min(ALONE.len() - 1)] + more
        && letters as f32 >= LETTERS * characters.len() as f32
        && like_a_word(&characters)
}

fn stands_beside(word: &RawWord) -> bool {
    let letters = word.text.chars().filter(|c| c.is_alphanumeric()).count();
    word.certainty >= if letters > 1 { BESIDE } else { SINGLE_BESIDE }
}

/// Whether it has a vowel where its script writes them, and no letter too often in a row.
fn like_a_word(characters: &[char]) -> bool {
    let repeated = characters.windows(REPEATED).any(|run| run[0].is_alphabetic() && run.iter().all(|c| *c == run[0]));
    let latin = characters.iter().any(|c| c.is_lowercase() && c.is_ascii());
    let digits = characters.iter().any(|c| c.is_numeric());
    let vowels =
        || crate::library::fold(&characters.iter().collect::<String>()).contains(['a', 'e', 'i', 'o', 'u', 'y']);
    !repeated && (!latin || digits || vowels())
}

/// Two characters are a word where a character is a syllable.
fn ideographic(text: &str) -> bool {
    text.chars()
        .filter(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
        .count()
        > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(found: Option<f32>, words: &[(&str, f32)]) -> Vec<String> {
        let word = |(text, certainty): &(&str, f32)| RawWord {
            text: (*text).to_owned(),
            certainty: *certainty,
            span: [0.0, 1.0],
        };
        let line = RawLine { corners: [[0.0; 2]; 4], found, words: words.iter().map(word).collect() };
        believed(&line).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn the_shorter_a_word_the_surer_it_must_be() {
        let found = Some(0.9);
        assert_eq!(read(found, &[("Koelnmesse", 0.7)]), ["Koelnmesse"]);
        for junk in [("Koelnmesse", 0.5), ("wre", 0.74), ("IT", 0.93), ("4", 0.99), ("»", 0.8)] {
            assert!(read(found, &[junk]).is_empty(), "{junk:?}");
        }
        assert_eq!(read(found, &[("Bay", 0.9)]), ["Bay"]);
        assert_eq!(read(found, &[("出口", 0.9)]), ["出口"]);
    }

    #[test]
    fn a_sure_word_vouches_for_those_beside_it() {
        let line = [("|", 0.9), ("Please", 0.9), ("take", 0.5), ("&", 0.7), ("x", 0.3), ("it", 0.45), ("=", 0.9)];
        assert_eq!(read(Some(0.9), &line), ["Please", "take", "&", "it"]);
    }

    #[test]
    fn what_is_no_word_is_none_however_sure() {
        for junk in ["hssrt", "EEEE", "a-|/_", "«»)(x"] {
            assert!(read(Some(0.9), &[(junk, 0.99)]).is_empty(), "{junk}");
        }
        for word in ["BBQ", "Brr4", "14:05", "schön", "ΑΘΗΝΑ"] {
            assert_eq!(read(Some(0.9), &[(word, 0.99)]), [word]);
        }
    }

    #[test]
    fn without_a_detector_more_is_needed() {
        assert_eq!(read(Some(0.9), &[("Brooklyn", 0.7)]), ["Brooklyn"]);
        assert!(read(None, &[("Brooklyn", 0.7)]).is_empty());
        assert_eq!(read(None, &[("Brooklyn", 0.8)]), ["Brooklyn"]);
    }
}

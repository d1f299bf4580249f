//! Finds the known word that a mistyped one was meant to be.
//!
//! A mistake is one letter too many, too few, wrong or swapped; long words may have two. The first letter is held to be
//! right, which keeps the search short: words are looked up by it and by their length.

use std::collections::HashMap;

use strsim::osa_distance;

/// Known words by first letter and length.
#[derive(Debug, Clone, Default)]
pub struct Index {
    words: HashMap<(char, usize), Vec<(u32, String)>>,
}

impl Index {
    /// Adds a folded word.
    pub fn add(&mut self, word: &str) {
        let Some(first) = word.chars().next() else { return };
        let words = self.words.entry((first, word.chars().count())).or_default();
        if !words.iter().any(|(_, known)| known == word) {
            words.push((letters(word), word.to_owned()));
        }
    }

    /// The nearest known word for a word of at least `shortest` letters; `None` where nothing is near, or two are as near.
    pub fn nearest(&self, word: &str, shortest: usize) -> Option<&str> {
        let length = word.chars().count();
        if length < shortest || word.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        let limit = if length >= 7 { 2 } else { 1 };
        let first = word.chars().next()?;
        let mut best: Option<(usize, &str)> = None;
        let mut tied = false;
        let own = letters(word);
        for near in length.saturating_sub(limit)..=length + limit {
            for (letters_of, known) in self.words.get(&(first, near)).into_iter().flatten() {
                // Each mistake changes the set of letters by two at most: most words need no closer look.
                if (letters_of ^ own).count_ones() > 2 * u32::try_from(limit).unwrap_or(2) {
                    continue;
                }
                let distance = osa_distance(known, word);
                if distance > limit || near < 4 {
                    continue;
                }
                match best {
                    Some((least, _)) if distance > least => {}
                    Some((least, _)) if distance == least => tied = true,
                    _ => {
                        best = Some((distance, known));
                        tied = false;
                    }
                }
            }
        }
        best.filter(|_| !tied).map(|(_, known)| known)
    }
}

/// The set of letters of a word: a bit for each of the Latin alphabet, others shared.
fn letters(word: &str) -> u32 {
    word.chars().fold(0, |set, c| match c {
        'a'..='z' => set | 1 << (u32::from(c) - u32::from('a')),
        _ => set | 1 << 26,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_mistakes_are_mended() {
        let mut index = Index::default();
        for word in ["benedikt", "melbourne", "anna", "elephant", "marta", "maria"] {
            index.add(word);
        }
        assert_eq!(index.nearest("benedkt", 4), Some("benedikt"));
        assert_eq!(index.nearest("melborne", 4), Some("melbourne"));
        assert_eq!(index.nearest("elefant", 4), Some("elephant"));
        assert_eq!(index.nearest("elepant", 4), Some("elephant"));
        assert_eq!(index.nearest("mariaa", 4), Some("maria"));
        assert_eq!(index.nearest("marua", 4), None, "marta is as near as maria");
        assert_eq!(index.nearest("ann", 4), None);
        assert_eq!(index.nearest("benjamin", 4), None);
    }
}

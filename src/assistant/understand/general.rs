//! General knowledge of words: what everyday things are called, in English and four other languages.
//!
//! Read once from the tables beside this file and shared by all libraries; nothing in it comes from a library or a question.
//! A thesaurus of what people photograph, a dictionary of everyday concepts, other things that can be seen or done, common
//! given names, common English words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::language::Language;
use super::sentence::Sentence;
use super::spelling;
use super::stem::{singular, stem};
use super::tokens::{is_cjk, words};

/// How far a kind of the thing stands for the thing.
const NARROWER: f32 = 0.6;
/// How far another word for the thing stands for it.
const SYNONYM: f32 = 0.9;
/// How far the thing stands for one of its kinds.
const BROADER: f32 = 0.4;

static GENERAL: LazyLock<General> = LazyLock::new(General::read);

/// General knowledge of words.
#[derive(Debug, Default)]
pub struct General {
    /// Heads, each with its related words and their weights.
    related: HashMap<String, Vec<(String, f32)>>,
    /// Longest entry of the thesaurus, in words.
    longest: usize,
    /// Single English words of thesaurus and dictionary, singular.
    concepts: HashSet<String>,
    /// Words of all other languages that the dictionary knows.
    foreign: HashSet<String>,
    dictionary: HashMap<Language, HashMap<String, String>>,
    /// What things are called in other languages, as it is written there, by the English word.
    names: HashMap<Language, HashMap<&'static str, &'static str>>,
    given_names: HashSet<&'static str>,
    everyday: HashSet<&'static str>,
    things: HashSet<&'static str>,
    spellings: spelling::Index,
}

impl General {
    /// The tables, read at first use.
    pub fn get() -> &'static Self {
        &GENERAL
    }

    fn read() -> Self {
        let mut general = Self {
            given_names: entries(include_str!("data/given_names.txt")),
            everyday: entries(include_str!("data/words.txt")),
            things: entries(include_str!("data/things.txt")),
            ..Self::default()
        };
        for row in rows(include_str!("data/thesaurus.tsv")) {
            general.add_group(&row);
        }
        for row in rows(include_str!("data/translations.tsv")) {
            general.add_translations(&row);
        }
        for word in &general.concepts {
            general.spellings.add(word);
        }
        general
    }

    fn add_group(&mut self, row: &[&str]) {
        let list = |column: usize| {
            row.get(column).into_iter().flat_map(|cell| cell.split(',')).map(str::trim).filter(|s| !s.is_empty())
        };
        let Some(head) = row.first() else { return };
        for synonym in list(1) {
            self.relate(head, synonym, SYNONYM);
            // A synonym of more than one head ("lamb", "cow") would say too much; heads that exist speak for themselves.
            self.relate(synonym, head, SYNONYM * 0.9);
        }
        for narrower in list(2) {
            self.relate(head, narrower, NARROWER);
            self.relate(narrower, head, BROADER);
        }
    }

    fn relate(&mut self, from: &str, to: &str, weight: f32) {
        let key = key(from);
        self.longest = self.longest.max(key.split(' ').count());
        if let [word] = words(from).as_slice() {
            self.concepts.insert(singular(word));
        }
        let related = self.related.entry(key).or_default();
        match related.iter_mut().find(|(term, _)| term == to) {
            Some(found) => found.1 = found.1.max(weight),
            None => related.push((to.to_owned(), weight)),
        }
    }

    fn add_translations(&mut self, row: &[&'static str]) {
        let Some(english) = row.first() else { return };
        if let [word] = words(english).as_slice()
            && !super::words::is_stop_word_of(Language::English, word)
        {
            self.concepts.insert(singular(word));
        }
        let languages = [Language::German, Language::French, Language::Spanish, Language::Chinese];
        for (language, cell) in languages.into_iter().zip(row.iter().skip(1)) {
            if let Some(name) = cell.split('|').next().filter(|name| !name.is_empty()) {
                self.names.entry(language).or_default().entry(english).or_insert(name);
            }
            for term in cell.split('|') {
                let key = words(term).join(" ");
                if language != Language::Chinese && !key.contains(' ') {
                    self.foreign.insert(key.clone());
                }
                self.dictionary.entry(language).or_default().entry(key).or_insert_with(|| (*english).to_owned());
            }
        }
    }

    /// Whether the folded word names an everyday thing in any language.
    pub fn is_common(&self, word: &str) -> bool {
        self.is_concept(word) || self.foreign.contains(word)
    }

    /// Whether the folded word names an everyday thing in English.
    pub fn is_concept(&self, word: &str) -> bool {
        self.concepts.contains(&singular(word)) || self.related.contains_key(&stem(word))
    }

    /// Whether the folded word names something that can be seen or done, in any language.
    pub fn is_thing(&self, word: &str) -> bool {
        self.is_common(word) || self.things.contains(word) || self.things.contains(singular(word).as_str())
    }

    /// Whether the folded word is a word of a language, so that it needs no mending.
    pub fn is_word(&self, word: &str) -> bool {
        self.is_common(word)
            || super::words::is_stop_word(word)
            || self.everyday.contains(word)
            || self.everyday.contains(singular(word).as_str())
    }

    /// Whether the folded word, or what it is inflected from, is in the dictionary of this language.
    pub fn speaks(&self, language: Language, word: &str) -> bool {
        self.word_in_english(language, word).is_some()
    }

    /// What an everyday thing is called in a language, by its English word in the singular.
    pub fn name_in(&self, language: Language, english: &str) -> Option<&'static str> {
        self.names.get(&language)?.get(english).copied()
    }

    /// Whether the folded word is a common given name.
    pub fn is_given_name(&self, word: &str) -> bool {
        self.given_names.contains(word)
    }

    /// Whether word `at` goes on to a noun that makes it part of a compound: "tiger enclosure".
    pub fn continues(&self, s: &Sentence, at: usize) -> bool {
        let next = s.word_after(at);
        let media = super::words::MEDIA_NOUNS.is_at(s.tokens(), at + 1);
        !next.is_empty() && s.language == Language::English && self.is_concept(next) && !media && singular(next) == next
    }

    /// The English word that was mistyped, if one is near.
    pub fn mend(&self, word: &str) -> Option<String> {
        if self.is_word(word) || self.is_given_name(word) {
            return None;
        }
        let plural = word.ends_with('s');
        let base = if plural { &word[..word.len() - 1] } else { word };
        let found = self.spellings.nearest(base, 6).or_else(|| self.spellings.nearest(word, 6))?;
        Some(if plural && !found.ends_with('s') { format!("{found}s") } else { found.to_owned() })
    }

    /// A form in which a word of any language equals its English counterpart and their inflections: "Hochzeit" = "wedding".
    pub fn concept(&self, word: &str) -> String {
        if self.concepts.contains(&singular(word)) {
            return stem(word);
        }
        let translated = [Language::German, Language::French, Language::Spanish, Language::Chinese]
            .into_iter()
            .find_map(|language| self.word_in_english(language, word));
        let compound = || self.split_compound(word).filter(|_| word.len() > 7);
        // Two words count as one run together, as in names: "Chorkonzert" is "choirconcert".
        translated
            .map(str::to_owned)
            .or_else(compound)
            .map_or_else(|| stem(word), |english| stem(&english.replace(' ', "")))
    }

    fn word_in_english(&self, language: Language, word: &str) -> Option<&str> {
        let dictionary = self.dictionary.get(&language)?;
        let endings: &[&str] = match language {
            Language::German => &["", "n", "en", "e", "er", "ern", "s", "es", "nen"],
            Language::French => &["", "s", "x", "e", "es"],
            Language::Spanish => &["", "s", "es"],
            _ => &[""],
        };
        endings.iter().find_map(|ending| {
            let base = word.strip_suffix(ending).filter(|base| base.len() > 2 || ending.is_empty())?;
            dictionary.get(base).map(String::as_str)
        })
    }

    /// The longest concept of the dictionary that starts with `words`: number of words and English.
    pub fn translate_at(&self, language: Language, words: &[&str]) -> Option<(usize, String)> {
        let dictionary = self.dictionary.get(&language)?;
        for length in (2..=words.len().min(6)).rev() {
            let rest = words[1..length].join(" ");
            let phrase = |first: &str| dictionary.get(&format!("{first} {rest}"));
            // "árboles de navidad": the first word may stand in the plural.
            let singular =
                ["", "s", "es", "x", "e", "n", "en"].iter().find_map(|ending| phrase(words[0].strip_suffix(ending)?));
            if let Some(english) = singular {
                return Some((length, english.clone()));
            }
        }
        let word = words.first()?;
        self.word_in_english(language, word)
            .map(str::to_owned)
            .or_else(|| (language == Language::German).then(|| self.split_compound(word)).flatten())
            .map(|english| (1, english))
    }

    /// "Hundestrand" → "dog beach": a German word of two known ones.
    fn split_compound(&self, word: &str) -> Option<String> {
        let cuts = word.char_indices().map(|(at, _)| at).filter(|at| *at >= 3 && word.len() - at >= 3);
        cuts.rev().find_map(|cut| {
            let second = self.word_in_english(Language::German, &word[cut..])?;
            let head = &word[..cut];
            let first = ["", "s", "n", "en", "es", "e"].iter().find_map(|joint| {
                self.word_in_english(Language::German, head.strip_suffix(joint).filter(|base| base.len() > 2)?)
            })?;
            Some(format!("{first} {second}"))
        })
    }

    /// Other words for the longest entry that starts with `words`: number of words and the words with their weights.
    pub fn related_at(&self, words: &[&str]) -> Option<(usize, &[(String, f32)])> {
        (1..=words.len().min(self.longest)).rev().find_map(|length| {
            let key = words[..length].iter().map(|word| stem(word)).collect::<Vec<_>>().join(" ");
            self.related.get(&key).map(|related| (length, related.as_slice()))
        })
    }
}

fn key(text: &str) -> String {
    words(text).iter().map(|word| stem(word)).collect::<Vec<_>>().join(" ")
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split('\t').collect())
}

fn entries(list: &'static str) -> HashSet<&'static str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// Whether the text has a CJK character.
pub fn has_cjk(text: &str) -> bool {
    text.chars().any(is_cjk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_well_formed() {
        for row in rows(include_str!("data/thesaurus.tsv")) {
            assert!((2..=3).contains(&row.len()), "{row:?}");
        }
        for row in rows(include_str!("data/translations.tsv")) {
            assert_eq!(row.len(), 5, "{row:?}");
        }
    }

    #[test]
    fn words_of_all_languages_meet() {
        let general = General::get();
        for word in ["hochzeit", "mariage", "boda", "weddings"] {
            assert_eq!(general.concept(word), stem("wedding"), "{word}");
        }
        assert_eq!(general.translate_at(Language::German, &["regenschirmen"]), Some((1, "umbrella".into())));
        assert_eq!(general.translate_at(Language::German, &["hundestrand"]), Some((1, "dog beach".into())));
        assert_eq!(general.translate_at(Language::Chinese, &["滑", "雪", "的"]), Some((2, "skiing".into())));
        assert_eq!(general.mend("elefants").as_deref(), Some("elephants"));
        assert_eq!(general.mend("benedikt"), None);
    }

    #[test]
    fn related_words_are_found_by_any_inflection() {
        let general = General::get();
        let (length, related) = general.related_at(&["riding", "a", "wave"]).unwrap();
        assert_eq!(length, 3);
        assert!(related.iter().any(|(term, weight)| term == "surfing" && *weight > 0.8));
        assert!(general.related_at(&["aeroplanes"]).unwrap().1.iter().any(|(term, _)| term == "airplane"));
        assert!(general.related_at(&["animals"]).unwrap().1.iter().any(|(term, _)| term == "giraffe"));
    }
}

//! A question's words and, for each, everything in the library's texts that would count as that word.
//!
//! Function words are dropped, unless nothing else is left. Each [`QueryWord`] holds alternatives: the word itself in
//! its forms, its neighbour joined to it, and the expansions the caller gave. Which of them occur is left to
//! [`super::scoring`].

use super::analysis::{Lookup, Word, joined_lookups, lookups, words};
use super::language::{Language, Stemmers, detect, is_media_word, is_stop_word};
use crate::search::document::{Expansion, ExpansionOf, QueryText};

/// One way to say a word: all of these must occur.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The forms of each word, any of which will do. Never empty.
    pub words: Vec<Vec<Lookup>>,
    /// What the alternative is worth, 0–1.
    pub weight: f32,
}

/// A content word of the question.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryWord {
    /// As written in the question.
    pub surface: String,
    /// Folded.
    pub folded: String,
    /// Whether typing errors may be looked for: written in letters, and not a number.
    pub typable: bool,
    /// What counts as the word, the word itself first.
    pub alternatives: Vec<Alternative>,
}

/// A question, ready to be looked up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WordQuery {
    /// Its content words.
    pub words: Vec<QueryWord>,
    /// Alternatives for the whole of it.
    pub whole: Vec<Alternative>,
    /// Alternatives for any one of its words.
    pub any: Vec<Alternative>,
}

/// The languages in which a question's words are stemmed: its own and English, in which most models describe.
fn languages(query: &QueryText) -> Vec<Language> {
    let own = query
        .language
        .as_deref()
        .and_then(Language::from_code)
        .or_else(|| if query.language.is_some() { None } else { detect(&query.original) });
    match own {
        Some(Language::English) | None => vec![Language::English],
        Some(own) => vec![own, Language::English],
    }
}

/// The content words of a text: without function words, and without words for the media themselves, unless nothing else
/// is left.
pub(super) fn content_words(text: &str, languages: &[Language]) -> Vec<Word> {
    // Chinese function words and words for media would otherwise become parts of pairs.
    let text = CHINESE_NOISE.iter().fold(text.to_owned(), |text, noise| text.replace(noise, " "));
    let all = words(&text);
    let own = languages.first().copied().unwrap_or(Language::English);
    let content: Vec<Word> = all.iter().filter(|w| w.ideographic || !is_stop_word(own, &w.surface)).cloned().collect();
    let telling: Vec<Word> = content.iter().filter(|w| !is_media_word(&w.folded)).cloned().collect();
    let mut kept = [telling, content, all].into_iter().find(|words| !words.is_empty()).unwrap_or_default();
    // A lone letter is the rest of a contraction or a list mark.
    if kept.len() > 1 {
        kept.retain(|word| word.ideographic || word.folded.chars().count() > 1);
    }
    let mut seen = std::collections::HashSet::new();
    kept.retain(|word| seen.insert(word.folded.clone()));
    kept
}

const CHINESE_NOISE: [&str; 22] = [
    "照片", "相片", "图片", "圖片", "影片", "视频", "視頻", "我们", "我們", "什么", "所有", "一些", "显示", "给我",
    "的", "了", "在", "和", "与", "有", "吗", "呢",
];

impl WordQuery {
    /// Reads a question.
    pub fn new(query: &QueryText, stemmers: &mut Stemmers) -> Self {
        let languages = languages(query);
        let content = content_words(&query.text, &languages);
        let mut out = Self::default();
        for (at, word) in content.iter().enumerate() {
            let mut alternatives = vec![Alternative { words: vec![lookups(word, &languages, stemmers)], weight: 1.0 }];
            let before = at.checked_sub(1).map(|before| (&content[before], word));
            let after = content.get(at + 1).map(|after| (word, after));
            for (first, second) in before.into_iter().chain(after) {
                let joined = joined_lookups(first, second, &languages, stemmers);
                if !joined.is_empty() {
                    alternatives.push(Alternative { words: vec![joined], weight: 1.0 });
                }
            }
            out.words.push(QueryWord {
                surface: word.surface.clone(),
                folded: word.folded.clone(),
                typable: !word.ideographic && word.folded.chars().all(char::is_alphabetic),
                alternatives,
            });
        }
        for expansion in &query.expansions {
            out.add(expansion, &languages, stemmers);
        }
        out
    }

    fn add(&mut self, expansion: &Expansion, languages: &[Language], stemmers: &mut Stemmers) {
        // An expansion may be in another language than the question: English, when it is a translation.
        let words = content_words(&expansion.text, &[Language::English]);
        let words: Vec<_> = words.iter().map(|word| lookups(word, languages, stemmers)).collect();
        if words.is_empty() || expansion.weight.is_nan() {
            return;
        }
        let alternative = Alternative { words, weight: expansion.weight.clamp(0.0, 1.0) };
        match &expansion.of {
            ExpansionOf::Word(of) => {
                let of = super::analysis::words(of);
                let meant = |word: &&mut QueryWord| of.iter().any(|w| w.folded == word.folded);
                self.words.iter_mut().filter(meant).for_each(|word| word.alternatives.push(alternative.clone()));
            }
            ExpansionOf::AnyWord if self.words.len() > 1 => self.any.push(alternative),
            ExpansionOf::AnyWord | ExpansionOf::Whole => self.whole.push(alternative),
        }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.whole.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, expansions: &[(&str, Option<&str>)]) -> WordQuery {
        let query = QueryText {
            text: text.to_owned(),
            original: text.to_owned(),
            expansions: expansions
                .iter()
                .map(|(text, of)| Expansion {
                    of: of.map_or(ExpansionOf::AnyWord, |of| ExpansionOf::Word(of.to_owned())),
                    text: (*text).to_owned(),
                    weight: 0.8,
                })
                .collect(),
            ..QueryText::default()
        };
        WordQuery::new(&query, &mut Stemmers::new())
    }

    fn surfaces(query: &WordQuery) -> Vec<&str> {
        query.words.iter().map(|word| word.surface.as_str()).collect()
    }

    #[test]
    fn only_content_is_looked_for() {
        assert_eq!(surfaces(&read("show me photos of somebody riding a wave", &[])), ["riding", "wave"]);
        assert_eq!(surfaces(&read("zeig mir die Bilder von Regenschirmen", &[])), ["Regenschirmen"]);
        assert_eq!(surfaces(&read("滑雪的照片", &[])), ["滑雪"]);
        assert_eq!(surfaces(&read("the photo", &[])), ["photo"]);
        assert!(read("", &[]).is_empty());
    }

    #[test]
    fn an_expansion_joins_the_word_it_is_of() {
        let query = read("luggage on a trolley", &[("suitcase", Some("luggage")), ("handcart", None)]);
        assert_eq!(query.words[0].alternatives.len(), query.words[1].alternatives.len() + 1);
        assert_eq!((query.any.len(), query.whole.len()), (1, 0));
        assert_eq!(read("aeroplanes", &[("airplane", None)]).whole.len(), 1);
    }
}

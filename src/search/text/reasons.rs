//! Says which words of which field made a medium match, as they stand there.
//!
//! Reads the stored texts of the few media that are shown; nothing here changes what is found.

use std::collections::HashSet;

use serde::Deserialize;
use tantivy::DocAddress;
use tantivy::schema::Value;
use tantivy::{Searcher, TantivyDocument};

use super::analysis::{split_name, word_terms, words};
use super::index::{TextIndex, TextIndexError};
use super::language::{Language, Stemmers};
use super::scoring::WordMatches;
use crate::library::ids::MediaId;
use crate::search::document::{SourceField, Why};
use crate::search::moments::FrameText;
use crate::search::passages::{Passage, excerpt};

/// Words of a text that are looked at; a transcript is longer than any reason needs.
const WORDS: usize = 2_000;
/// Bytes of what was said that are looked at: hours of talk.
pub(super) const LONGEST_SAID: usize = 400_000;
/// Words that one reason names.
const NAMED: usize = 6;

/// The texts of a medium, as they were put in.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct StoredTexts {
    /// One by one.
    pub texts: Vec<(SourceField, String)>,
    /// What was said, in order.
    pub said: Vec<Passage>,
    /// What each picture of a video shows.
    #[serde(default)]
    pub frames: Vec<FrameText>,
}

impl TextIndex {
    /// The texts of the `at`-th match, as they were when it was found.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn texts_of_match(&self, found: &WordMatches, at: usize) -> Result<StoredTexts, TextIndexError> {
        match (&found.searcher, found.matches.get(at)) {
            (Some(searcher), Some(hit)) => self.stored(searcher, hit.address),
            _ => Ok(StoredTexts::default()),
        }
    }

    /// The texts of a medium, as they were put in; empty when it is not there.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn texts(&self, id: MediaId) -> Result<StoredTexts, TextIndexError> {
        let searcher = self.searcher();
        let term = self.id_term(id);
        let query = tantivy::query::TermQuery::new(term, tantivy::schema::IndexRecordOption::Basic);
        let found = searcher.search(&query, &tantivy::collector::TopDocs::with_limit(1).order_by_score())?;
        match found.first() {
            Some((_, address)) => self.stored(&searcher, *address),
            None => Ok(StoredTexts::default()),
        }
    }

    pub(super) fn stored(&self, searcher: &Searcher, address: DocAddress) -> Result<StoredTexts, TextIndexError> {
        let document: TantivyDocument = searcher.doc(address)?;
        let bytes = document.get_first(self.fields.texts).and_then(|value| value.as_bytes());
        Ok(bytes.and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default())
    }
}

impl StoredTexts {
    /// The reasons why a medium with these texts matches, the field with most matching words first.
    pub fn reasons(&self, found: &WordMatches, stemmers: &mut Stemmers) -> Vec<Why> {
        let mut reasons: Vec<(SourceField, Vec<String>)> = Vec::new();
        for (source, text) in &self.texts {
            let named = matching(*source, text, &found.terms, stemmers);
            match reasons.iter_mut().find(|(s, _)| s == source) {
                Some((_, all)) => all.extend(named),
                None => reasons.push((*source, named)),
            }
        }
        let why = |(source, mut named): (SourceField, Vec<String>)| {
            let matched = named.len();
            let mut seen = HashSet::new();
            named.retain(|word| seen.insert(word.to_lowercase()));
            named.truncate(NAMED);
            (matched, source, Why { field: source.label().to_owned(), text: named.join(", ") })
        };
        let mut reasons: Vec<(usize, SourceField, Why)> = reasons.into_iter().map(why).collect();
        reasons.extend(said(&self.said, &found.terms, stemmers));
        reasons.retain(|(matched, ..)| *matched > 0);
        reasons.sort_by_key(|(matched, source, _)| (std::cmp::Reverse(*matched), *source));
        reasons.into_iter().map(|(.., why)| why).collect()
    }
}

/// For each field of what was said, the passage with most of the words, and how many it has.
fn said(
    passages: &[Passage],
    terms: &HashSet<String>,
    stemmers: &mut Stemmers,
) -> impl Iterator<Item = (usize, SourceField, Why)> + use<> {
    let mut best: Vec<(usize, &Passage, Vec<String>)> = Vec::new();
    let mut looked_at = 0;
    for passage in passages {
        looked_at += passage.text.len();
        if looked_at > LONGEST_SAID {
            break;
        }
        let named = matching(passage.field, &passage.text, terms, stemmers);
        let different = named.iter().map(|word| word.to_lowercase()).collect::<HashSet<_>>().len();
        match best.iter_mut().find(|(_, known, _)| known.field == passage.field) {
            Some(known) if known.0 >= different => {}
            Some(known) => *known = (different, passage, named),
            None => best.push((different, passage, named)),
        }
    }
    let why = |(matched, passage, named): (usize, &Passage, Vec<String>)| {
        (matched, passage.field, Why { field: passage.label(), text: excerpt(&passage.text, &named) })
    };
    best.into_iter().map(why).collect::<Vec<_>>().into_iter()
}

pub(super) fn matching(
    source: SourceField,
    text: &str,
    terms: &HashSet<String>,
    stemmers: &mut Stemmers,
) -> Vec<String> {
    let name = matches!(source, SourceField::FileName | SourceField::Folders);
    let text = if name { split_name(text) } else { text.to_owned() };
    let words = words(&text);
    let asked = |language: &Language| terms.iter().any(|term| term.starts_with(language.prefix()));
    let languages: Vec<Language> = Language::ALL.into_iter().filter(asked).collect();
    let mut named = Vec::new();
    for at in 0..words.len().min(WORDS) {
        let matched = word_terms(&words, at, &languages, stemmers);
        let matched: Vec<&String> = matched.iter().filter(|term| terms.contains(*term)).collect();
        if matched.iter().any(|term| !term.starts_with('+')) {
            named.push(words[at].surface.clone());
        } else if !matched.is_empty() {
            let next = words.get(at + 1).map_or("", |next| next.surface.as_str());
            named.push(format!("{} {next}", words[at].surface));
        }
    }
    named
}

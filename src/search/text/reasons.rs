//! Says which words of which field made a medium match, as they stand there.
//!
//! Reads the stored texts of the few media that are shown; nothing here changes what is found.

use std::collections::HashSet;

use tantivy::DocAddress;
use tantivy::schema::Value;
use tantivy::{Searcher, TantivyDocument};

use super::analysis::{split_name, word_terms, words};
use super::index::{TextIndex, TextIndexError};
use super::language::{Language, Stemmers};
use super::scoring::WordMatches;
use crate::library::ids::MediaId;
use crate::search::document::{SourceField, Why};

/// Words of a text that are looked at; a transcript is longer than any reason needs.
const WORDS: usize = 2_000;
/// Words that one reason names.
const NAMED: usize = 6;

impl TextIndex {
    /// The reasons why the `at`-th match is one, the field with most matching words first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn reasons(&self, found: &WordMatches, at: usize, stemmers: &mut Stemmers) -> Result<Vec<Why>, TextIndexError> {
        let (Some(searcher), Some(hit)) = (&found.searcher, found.matches.get(at)) else { return Ok(Vec::new()) };
        let mut reasons: Vec<(SourceField, Vec<String>)> = Vec::new();
        for (source, text) in self.stored(searcher, hit.address)? {
            let named = matching(source, &text, &found.terms, stemmers);
            match reasons.iter_mut().find(|(s, _)| *s == source) {
                Some((_, all)) => all.extend(named),
                None => reasons.push((source, named)),
            }
        }
        reasons.retain(|(_, named)| !named.is_empty());
        reasons.sort_by_key(|(source, named)| (std::cmp::Reverse(named.len()), *source));
        let why = |(source, mut named): (SourceField, Vec<String>)| {
            let mut seen = HashSet::new();
            named.retain(|word| seen.insert(word.to_lowercase()));
            named.truncate(NAMED);
            Why { field: source.label().to_owned(), text: named.join(", ") }
        };
        Ok(reasons.into_iter().map(why).collect())
    }

    /// The texts of a medium, as they were put in; empty when it is not there.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn texts(&self, id: MediaId) -> Result<Vec<(SourceField, String)>, TextIndexError> {
        let searcher = self.searcher();
        let term = self.id_term(id);
        let query = tantivy::query::TermQuery::new(term, tantivy::schema::IndexRecordOption::Basic);
        let found = searcher.search(&query, &tantivy::collector::TopDocs::with_limit(1).order_by_score())?;
        match found.first() {
            Some((_, address)) => self.stored(&searcher, *address),
            None => Ok(Vec::new()),
        }
    }

    fn stored(&self, searcher: &Searcher, address: DocAddress) -> Result<Vec<(SourceField, String)>, TextIndexError> {
        let document: TantivyDocument = searcher.doc(address)?;
        let bytes = document.get_first(self.fields.texts).and_then(|value| value.as_bytes());
        Ok(bytes.and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default())
    }
}

fn matching(source: SourceField, text: &str, terms: &HashSet<String>, stemmers: &mut Stemmers) -> Vec<String> {
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

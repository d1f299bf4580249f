//! Words of the library that a misspelt word may mean.
//!
//! Asked only for words that occur nowhere. The first letter is taken to be right, as it nearly always is, which keeps
//! the part of the dictionary that is looked at small.

use std::collections::BTreeMap;
use std::io;

use strsim::osa_distance;
use tantivy::Searcher;

use super::analysis::Lookup;
use super::index::Fields;
use crate::search::config::WordConfig;
use crate::search::document::SourceField;

/// Most words that one misspelling is taken to mean.
const CANDIDATES: usize = 3;

/// The indexed words nearest to `word` (folded) or to its `stem`, all at the same distance, as lookups of lesser worth.
pub(super) fn nearest(
    word: &str,
    stem: &str,
    searcher: &Searcher,
    fields: &Fields,
    config: &WordConfig,
) -> io::Result<Vec<Lookup>> {
    // Endings are the same in many words: "diving" and "driving" differ in a fourth of what tells them from others.
    let allowed = match stem.chars().count() {
        long if long >= config.two_typos => 2,
        long if long >= config.one_typo => 1,
        _ => return Ok(Vec::new()),
    };
    let length = word.chars().count();
    let Some(first) = word.chars().next() else { return Ok(Vec::new()) };
    let start = format!("={first}");
    // The distance of each word, and in how many documents it occurs.
    let mut found: BTreeMap<String, (usize, u32)> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        for source in SourceField::ALL {
            let Ok(index) = segment.inverted_index(fields.sources[source as usize]) else { continue };
            let mut terms = index.terms().range().ge(&start).into_stream()?;
            while terms.advance() {
                let Some(candidate) = std::str::from_utf8(terms.key()).ok().filter(|key| key.starts_with(&start))
                else {
                    break;
                };
                let candidate = &candidate[1..];
                if candidate.chars().count().abs_diff(length) > allowed + 1 {
                    continue;
                }
                let distance = osa_distance(word, candidate).min(osa_distance(stem, candidate));
                if distance <= allowed {
                    let documents = terms.value().doc_freq;
                    found.entry(candidate.to_owned()).or_insert((distance, 0)).1 += documents;
                }
            }
        }
    }
    let Some(least) = found.values().map(|(distance, _)| *distance).min() else { return Ok(Vec::new()) };
    let mut nearest: Vec<_> = found.into_iter().filter(|(_, (distance, _))| *distance == least).collect();
    nearest.sort_by_key(|(_, (_, documents))| std::cmp::Reverse(*documents));
    nearest.truncate(CANDIDATES);
    let weight = config.typo_weight.powi(i32::try_from(least.max(1)).unwrap_or(1));
    Ok(nearest.into_iter().map(|(word, _)| Lookup { term: format!("={word}"), weight }).collect())
}

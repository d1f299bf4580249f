//! Which media of one segment contain a word, how well, and in which field.
//!
//! The lists are in the order of the segment's documents and hold no deleted one. BM25F: the occurrences of a word in
//! the fields of a medium are weighted and added before they saturate, so that a word that stands in title and
//! description counts little more than one that stands in either.

use std::io;

use tantivy::postings::Postings;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::analysis::Lookup;
use super::index::{CERTAIN, Fields};
use crate::search::config::SearchConfig;
use crate::search::document::SourceField;

/// One medium that contains a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Posting {
    /// Document within the segment.
    pub doc: DocId,
    /// How well its texts contain it, 0–1: 1 is one plain occurrence in a description of ordinary length.
    pub worth: f32,
    /// How certain it is that what the word names is to be seen, 0–1.
    pub seen: f32,
}

/// Scores words within one segment; its buffers serve one word after the other.
pub(super) struct SegmentScorer<'a> {
    reader: &'a SegmentReader,
    fields: &'a Fields,
    config: &'a SearchConfig,
    /// Mean number of terms of each field, over the documents that have it.
    lengths: &'a [f32],
    field_buffer: Vec<f32>,
    word_buffer: Vec<f32>,
}

impl<'a> SegmentScorer<'a> {
    pub fn new(reader: &'a SegmentReader, fields: &'a Fields, config: &'a SearchConfig, lengths: &'a [f32]) -> Self {
        let size = reader.max_doc() as usize;
        Self { reader, fields, config, lengths, field_buffer: vec![0.0; size], word_buffer: vec![0.0; size] }
    }

    /// The documents that contain any of the forms of a word.
    pub fn word(&mut self, forms: &[Lookup]) -> io::Result<Vec<Posting>> {
        let mut touched: Vec<DocId> = Vec::new();
        let mut in_field: Vec<DocId> = Vec::new();
        for source in SourceField::ALL.into_iter().filter(|source| *source != SourceField::Seen) {
            self.field(source, forms, &mut in_field)?;
            let weight = self.config.fields.of(source);
            for doc in in_field.drain(..) {
                let at = doc as usize;
                if self.word_buffer[at] == 0.0 {
                    touched.push(doc);
                }
                self.word_buffer[at] += weight * self.field_buffer[at];
                self.field_buffer[at] = 0.0;
            }
        }
        touched.sort_unstable();
        let k1 = self.config.words.k1;
        let postings = touched.into_iter().map(|doc| {
            let frequency = std::mem::take(&mut self.word_buffer[doc as usize]);
            Posting { doc, worth: (frequency * (k1 + 1.0) / (k1 + frequency)).min(1.0), seen: 0.0 }
        });
        let written: Vec<Posting> = postings.collect();
        Ok(either(written, self.seen(forms)?))
    }

    /// The documents in which any of the forms of a word was seen.
    fn seen(&mut self, forms: &[Lookup]) -> io::Result<Vec<Posting>> {
        let field = self.fields.sources[SourceField::Seen as usize];
        let Ok(index) = self.reader.inverted_index(field) else { return Ok(Vec::new()) };
        let mut found: Vec<Posting> = Vec::new();
        for form in forms {
            let term = Term::from_field_text(field, &form.term);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::WithFreqs)? else { continue };
            let mut list = Vec::new();
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !self.reader.is_deleted(doc) {
                    let certainty = (postings.term_freq() as f32 / CERTAIN).min(1.0);
                    list.push(Posting { doc, worth: 0.0, seen: form.weight * certainty });
                }
                doc = postings.advance();
            }
            found = either(found, list);
        }
        Ok(found)
    }

    /// Puts the best worth of any form in one field into `field_buffer`, and the documents into `found`.
    fn field(&mut self, source: SourceField, forms: &[Lookup], found: &mut Vec<DocId>) -> io::Result<()> {
        let field = self.fields.sources[source as usize];
        let Ok(index) = self.reader.inverted_index(field) else { return Ok(()) };
        let norms = self.reader.get_fieldnorms_reader(field).ok();
        let b = self.config.words.b;
        let mean = self.lengths.get(source as usize).copied().unwrap_or(1.0).max(1.0);
        for form in forms {
            let term = Term::from_field_text(field, &form.term);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::WithFreqs)? else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !self.reader.is_deleted(doc) {
                    let length = norms.as_ref().map_or(mean, |norms| norms.fieldnorm(doc) as f32);
                    let frequency = postings.term_freq() as f32 / (1.0 - b + b * length / mean);
                    let best = &mut self.field_buffer[doc as usize];
                    if *best == 0.0 {
                        found.push(doc);
                    }
                    *best = best.max(form.weight * frequency).max(f32::MIN_POSITIVE);
                }
                doc = postings.advance();
            }
        }
        Ok(())
    }
}

/// The documents of either list, each with the better worth.
pub(super) fn either(a: Vec<Posting>, b: Vec<Posting>) -> Vec<Posting> {
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() { b } else { a };
    }
    let mut out = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x.doc == y.doc => {
                out.push(Posting { doc: x.doc, worth: x.worth.max(y.worth), seen: x.seen.max(y.seen) });
                a.next();
                b.next();
            }
            (Some(x), Some(y)) if x.doc > y.doc => out.extend(b.next()),
            (Some(_), _) => out.extend(a.next()),
            (None, _) => {
                out.extend(b);
                return out;
            }
        }
    }
}

/// The documents of both lists, each with the lesser worth.
pub(super) fn both(a: &[Posting], b: &[Posting]) -> Vec<Posting> {
    let mut b = b.iter().peekable();
    let mut out = Vec::new();
    for x in a {
        while b.next_if(|y| y.doc < x.doc).is_some() {}
        if let Some(y) = b.next_if(|y| y.doc == x.doc) {
            out.push(Posting { doc: x.doc, worth: x.worth.min(y.worth), seen: x.seen.min(y.seen) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn list(docs: &BTreeMap<u32, u8>) -> Vec<Posting> {
        docs.iter().map(|(doc, worth)| Posting { doc: *doc, worth: f32::from(*worth), seen: 0.0 }).collect()
    }

    proptest! {
        #[test]
        fn lists_merge_like_maps(a: BTreeMap<u32, u8>, b: BTreeMap<u32, u8>) {
            let mut union = a.clone();
            for (doc, worth) in &b {
                union.entry(*doc).and_modify(|w| *w = (*w).max(*worth)).or_insert(*worth);
            }
            let common: BTreeMap<u32, u8> =
                a.iter().filter_map(|(d, w)| b.get(d).map(|v| (*d, *w.min(v)))).collect();
            prop_assert_eq!(either(list(&a), list(&b)), list(&union));
            prop_assert_eq!(both(&list(&a), &list(&b)), list(&common));
        }
    }
}

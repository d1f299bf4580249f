//! The word index on disk: one tantivy document a medium.
//!
//! A commit is atomic and a kill at any moment leaves the last one. The index is derived: when it is missing, damaged or
//! of another [`VERSION`] it is emptied, and [`TextIndex::needs_rebuild`] stays true, across restarts too, until
//! [`TextIndex::finish_rebuild`]. Writing takes memory only while a batch is written. What questions find is decided in
//! [`super::scoring`].

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::analysis::{index_terms, split_name};
use super::language::Stemmers;
use super::scoring::SegmentCache;
use crate::library::ids::MediaId;
use crate::search::document::{MediaDocument, SourceField};

/// Version of the index's layout and of [`super::analysis`]. Another version on disk is rebuilt.
pub const VERSION: u32 = 5;

const MARKER: &str = "recollect-index.json";

/// Memory in which a batch is gathered before it is written to a segment, in bytes (tantivy's smallest is 15 MB).
const WRITER_MEMORY: usize = 30_000_000;

/// Occurrences of a word in [`SourceField::Seen`] that stand for certainty 1.
pub(super) const CERTAIN: f32 = 10.0;

/// Longest text indexed of one field, in bytes; the rest of an endless text is left out.
const LONGEST_TEXT: usize = 1_000_000;

/// Why the word index could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum TextIndexError {
    /// The index folder cannot be created, read or emptied.
    #[error("cannot use the word index in {}: {source}. Check that the folder can be written to and that the disk is not full", path.display())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The index engine failed.
    #[error("the word index failed: {0}. `recollect index rebuild` makes it anew; nothing is lost")]
    Engine(#[from] tantivy::TantivyError),
    /// A segment cannot be read.
    #[error("the word index cannot be read: {0}. `recollect index rebuild` makes it anew; nothing is lost")]
    Read(#[from] std::io::Error),
}

/// What the marker file says.
#[derive(Serialize, Deserialize)]
struct Marker {
    version: u32,
    complete: bool,
}

/// The fields of the tantivy schema.
#[derive(Clone)]
pub(super) struct Fields {
    /// The medium's identifier as text, for deleting.
    pub id: Field,
    /// Its upper and lower 64 bits, for reading many quickly.
    pub high: Field,
    pub low: Field,
    /// How many pictures a video is known by, 0 for a photo.
    pub frames: Field,
    /// The texts as JSON, for saying why.
    pub texts: Field,
    /// The terms of each [`SourceField`], in the order of [`SourceField::ALL`].
    pub sources: Vec<Field>,
}

/// The word index.
pub struct TextIndex {
    dir: PathBuf,
    index: Index,
    reader: IndexReader,
    pub(super) fields: Fields,
    /// Held while writing: tantivy allows one writer.
    writing: Mutex<()>,
    complete: Mutex<bool>,
    pub(super) segments: SegmentCache,
}

impl TextIndex {
    /// Opens the index in `dir`, or makes an empty one. Blocks.
    ///
    /// # Errors
    /// When the folder cannot be used. A damaged index is no error: it is emptied and needs a rebuild.
    pub fn open(dir: &Path) -> Result<Self, TextIndexError> {
        let folder = |source| TextIndexError::Folder { path: dir.to_owned(), source };
        let (schema, fields) = schema();
        let marker = fs::read(dir.join(MARKER)).ok().and_then(|bytes| serde_json::from_slice::<Marker>(&bytes).ok());
        let current = marker.as_ref().is_some_and(|m| m.version == VERSION);
        let opened = if current { Index::open_in_dir(dir).ok().filter(|index| index.schema() == schema) } else { None };
        let (index, complete) = match opened {
            Some(index) => (index, marker.is_some_and(|m| m.complete)),
            None => {
                if dir.exists() {
                    tracing::warn!(folder = %dir.display(), "the word index is new, damaged or of another version: rebuilding it");
                    fs::remove_dir_all(dir).map_err(folder)?;
                }
                fs::create_dir_all(dir).map_err(folder)?;
                let index = Index::create_in_dir(dir, schema)?;
                write_marker(dir, false)?;
                (index, false)
            }
        };
        // The reader is reloaded after each commit of this process, the only one that writes.
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self {
            dir: dir.to_owned(),
            index,
            reader,
            fields,
            writing: Mutex::new(()),
            complete: Mutex::new(complete),
            segments: SegmentCache::default(),
        })
    }

    /// Whether media may be missing from the index, so that all must be put in again.
    pub fn needs_rebuild(&self) -> bool {
        !*lock(&self.complete)
    }

    /// States that every medium of the library has been put in.
    ///
    /// # Errors
    /// When the marker file cannot be written.
    pub fn finish_rebuild(&self) -> Result<(), TextIndexError> {
        write_marker(&self.dir, true)?;
        *lock(&self.complete) = true;
        Ok(())
    }

    /// Empties the index; it needs a rebuild from now on. Blocks.
    ///
    /// # Errors
    /// When the disk or the engine fails.
    pub fn clear(&self) -> Result<(), TextIndexError> {
        write_marker(&self.dir, false)?;
        *lock(&self.complete) = false;
        self.write(|writer| writer.delete_all_documents().map(|_| ()))
    }

    /// Puts media in, replacing what was there under their identifiers. All or nothing. Blocks.
    ///
    /// # Errors
    /// When the disk or the engine fails; then the index is as before.
    pub fn upsert(&self, documents: &[MediaDocument]) -> Result<(), TextIndexError> {
        if documents.is_empty() {
            return Ok(());
        }
        let mut stemmers = Stemmers::new();
        self.write(|writer| {
            for document in documents {
                writer.delete_term(self.id_term(document.id));
                writer.add_document(self.tantivy_document(document, &mut stemmers))?;
            }
            Ok(())
        })
    }

    /// Takes media out; unknown ones are ignored. Blocks.
    ///
    /// # Errors
    /// When the disk or the engine fails; then the index is as before.
    pub fn delete(&self, ids: &[MediaId]) -> Result<(), TextIndexError> {
        if ids.is_empty() {
            return Ok(());
        }
        self.write(|writer| {
            for id in ids {
                writer.delete_term(self.id_term(*id));
            }
            Ok(())
        })
    }

    /// Number of media in the index.
    pub fn len(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// Whether no medium is in the index.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    pub(super) fn id_term(&self, id: MediaId) -> Term {
        Term::from_field_text(self.fields.id, &id.to_string())
    }

    fn write(&self, work: impl FnOnce(&mut IndexWriter) -> tantivy::Result<()>) -> Result<(), TextIndexError> {
        let _one_at_a_time = lock(&self.writing);
        let options =
            IndexWriterOptions::builder().memory_budget_per_thread(WRITER_MEMORY).num_merge_threads(1).build();
        let mut writer = self.index.writer_with_options(options)?;
        work(&mut writer)?;
        writer.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        Ok(())
    }

    fn tantivy_document(&self, document: &MediaDocument, stemmers: &mut Stemmers) -> TantivyDocument {
        let fields = &self.fields;
        let mut out = TantivyDocument::new();
        let text_id = document.id.to_string();
        let bits = text_id.parse::<uuid::Uuid>().map(|id| id.as_u64_pair()).unwrap_or_default();
        out.add_text(fields.id, &text_id);
        out.add_u64(fields.high, bits.0);
        out.add_u64(fields.low, bits.1);
        out.add_u64(fields.frames, document.frames.len() as u64);
        let said = document.said.iter().map(|passage| (&passage.field, &passage.text));
        for (source, text) in document.texts.iter().map(|(source, text)| (source, text)).chain(said) {
            let text = cut(text, LONGEST_TEXT);
            let terms = match source {
                SourceField::FileName | SourceField::Folders => index_terms(&split_name(text), stemmers),
                _ => index_terms(text, stemmers),
            };
            let tokens = terms
                .into_iter()
                .enumerate()
                .map(|(position, text)| Token { text, position, ..Token::default() })
                .collect();
            let text = PreTokenizedString { text: String::new(), tokens };
            out.add_pre_tokenized_text(fields.sources[*source as usize], text);
        }
        for sight in &document.sights {
            // How often a word stands there says how certain it is, in tenths.
            let times = (sight.certainty * CERTAIN).round().clamp(1.0, CERTAIN) as usize;
            let terms = index_terms(&sight.word, stemmers);
            let repeated = std::iter::repeat_n(terms, times).flatten().enumerate();
            let tokens = repeated.map(|(position, text)| Token { text, position, ..Token::default() }).collect();
            let text = PreTokenizedString { text: String::new(), tokens };
            out.add_pre_tokenized_text(fields.sources[SourceField::Seen as usize], text);
        }
        let seen = document.sights.iter().map(|sight| (SourceField::Seen, sight.word.clone()));
        let texts: Vec<(SourceField, String)> = document.texts.iter().cloned().chain(seen).collect();
        if let Ok(json) = serde_json::to_vec(&(&texts, &document.said, &document.frames)) {
            out.add_bytes(fields.texts, &json);
        }
        out
    }
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING);
    let number = NumericOptions::default().set_fast();
    let high = schema.add_u64_field("id_high", number.clone());
    let low = schema.add_u64_field("id_low", number.clone());
    let frames = schema.add_u64_field("frames", number);
    let texts = schema.add_bytes_field("texts", STORED);
    let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    let sources = SourceField::ALL.iter().map(|source| schema.add_text_field(source.name(), options.clone())).collect();
    (schema.build(), Fields { id, high, low, frames, texts, sources })
}

/// Replaces the marker by a rename, so that it is whole at any moment.
fn write_marker(dir: &Path, complete: bool) -> Result<(), TextIndexError> {
    let path = dir.join(MARKER);
    let written = (|| {
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        file.write_all(&serde_json::to_vec(&Marker { version: VERSION, complete })?)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(())
    })();
    written.map_err(|source| TextIndexError::Folder { path, source })
}

fn cut(text: &str, longest: usize) -> &str {
    &text[..text.floor_char_boundary(longest)]
}

/// The guarded values hold no invariant that a panic could break.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> MediaDocument {
        MediaDocument::new(MediaId::new()).with(SourceField::Description, text)
    }

    #[test]
    fn a_fresh_index_needs_a_rebuild_until_it_is_said_to_be_complete() -> Result<(), TextIndexError> {
        let dir = tempfile::tempdir()?;
        let dir = dir.path().join("text");
        let index = TextIndex::open(&dir)?;
        assert!(index.needs_rebuild());
        index.upsert(&[document("a cat")])?;
        drop(index);
        let index = TextIndex::open(&dir)?;
        assert!(index.needs_rebuild(), "an interrupted rebuild is not forgotten");
        index.finish_rebuild()?;
        drop(index);
        let index = TextIndex::open(&dir)?;
        assert!(!index.needs_rebuild());
        assert_eq!(index.len(), 1);
        Ok(())
    }

    #[test]
    fn another_version_or_damage_empties_the_index() -> Result<(), TextIndexError> {
        let dir = tempfile::tempdir()?;
        let dir = dir.path().join("text");
        let index = TextIndex::open(&dir)?;
        index.upsert(&[document("a cat")])?;
        index.finish_rebuild()?;
        drop(index);
        fs::write(dir.join(MARKER), br#"{"version":0,"complete":true}"#)?;
        let index = TextIndex::open(&dir)?;
        assert!(index.needs_rebuild() && index.is_empty());
        index.upsert(&[document("a dog")])?;
        index.finish_rebuild()?;
        drop(index);
        fs::write(dir.join("meta.json"), b"{ half a fi")?;
        let index = TextIndex::open(&dir)?;
        assert!(index.needs_rebuild() && index.is_empty());
        Ok(())
    }

    #[test]
    fn an_upsert_replaces_and_a_delete_removes() -> Result<(), TextIndexError> {
        let dir = tempfile::tempdir()?;
        let index = TextIndex::open(&dir.path().join("text"))?;
        let one = document("a cat");
        index.upsert(&[one.clone(), document("a dog")])?;
        index.upsert(std::slice::from_ref(&one))?;
        assert_eq!(index.len(), 2);
        index.delete(&[one.id, MediaId::new()])?;
        assert_eq!(index.len(), 1);
        index.clear()?;
        assert!(index.is_empty() && index.needs_rebuild());
        Ok(())
    }
}

//! Search by meaning: the vectors of media's texts, in LanceDB.
//!
//! One table a model: its name carries the model's, every row carries the model's name and version, and a vector of
//! another length is refused, so that vectors of different models never mix. One row a text of a medium. Like the word
//! index it is derived: whatever is lost can be encoded again. What a similarity is worth is left to [`super::fusion`].

mod background;
mod model;
mod predicate;
mod rows;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use arrow_array::RecordBatchIterator;
use futures::TryStreamExt;
use lancedb::index::Index;
use lancedb::index::vector::IvfSqIndexBuilder;
use lancedb::query::{ExecutableQuery, QueryBase, Select};
use lancedb::table::{CompactionOptions, OptimizeAction};
use lancedb::{Connection, DistanceType, Session, Table};

pub use background::Background;
pub use model::EncoderModel;
pub use predicate::pushed_down;
use predicate::{IDS, among, predicate_of, quoted};
use rows::{Row, columns};

use super::config::MeaningConfig;
use super::document::{AllowedSet, EmbeddableText, MediaDocument, SourceField, TextVector};
use crate::library::ids::MediaId;

/// Rows at which an index is made; below, comparing with every vector is as quick, and exact. Measured on two busy cores
/// with 20,000 vectors of 384 dimensions: 40 ms without an index and 30 MB read into memory a question, 3 to 18 ms with one
/// (inverted file with 8-bit scalars), which finds 99.6 % of the same texts.
const INDEXED_FROM: usize = 5_000;
/// Most memory that the engine may hold for indexes and for metadata of files, in bytes; its own limits are 6 and 1 GB.
const INDEX_CACHE: usize = 64 << 20;
const METADATA_CACHE: usize = 16 << 20;
/// Versions of the table older than this are removed when it is optimised, in minutes.
const KEPT_MINUTES: i64 = 10;

/// Why the vectors could not be used.
#[derive(Debug, thiserror::Error)]
pub enum VectorError {
    /// The folder cannot be created.
    #[error("cannot use the vector index in {}: {source}. Check that the folder can be written to and that the disk is not full", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The engine failed.
    #[error("the vector index failed: {0}. `recollect index rebuild` makes it anew; nothing is lost")]
    Engine(#[from] lancedb::Error),
    /// A batch cannot be built or read.
    #[error("the vector index holds unexpected data: {0}. `recollect index rebuild` makes it anew; nothing is lost")]
    Data(#[from] arrow_schema::ArrowError),
    /// The vector is of another model.
    #[error(
        "a vector of {found} dimensions cannot be used with {model}, which has {expected}. Encode it with that model"
    )]
    Dimensions {
        /// The model of the table.
        model: String,
        /// Its dimensions.
        expected: usize,
        /// Those of the vector.
        found: usize,
    },
}

/// A text that is near in meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeaningMatch {
    /// The medium.
    pub id: MediaId,
    /// The text of it that is nearest.
    pub source: SourceField,
    /// Its hash ([`EmbeddableText::hash`]) as a number.
    pub text: u128,
    /// Cosine of the angle between the vectors, −1–1.
    pub similarity: f32,
}

impl MeaningMatch {
    /// Whether this text was nearest.
    pub fn is_of(&self, text: &EmbeddableText) -> bool {
        self.source == text.source && rows::number(&text.hash) == self.text
    }
}

/// The vectors of one model.
pub struct VectorTable {
    model: EncoderModel,
    connection: Connection,
    table: Table,
    background: Mutex<Option<Background>>,
}

impl VectorTable {
    /// Opens the model's table in `dir`, or makes an empty one.
    ///
    /// # Errors
    /// When the folder cannot be used or the engine fails. A damaged table is no error: it is dropped and made anew.
    pub async fn open(dir: &Path, model: EncoderModel) -> Result<Self, VectorError> {
        std::fs::create_dir_all(dir).map_err(|source| VectorError::Folder { path: dir.to_owned(), source })?;
        let session = Arc::new(Session::new(INDEX_CACHE, METADATA_CACHE, Arc::default()));
        let connection = lancedb::connect(&dir.to_string_lossy()).session(session).execute().await?;
        let name = model.table();
        let table = match connection.open_table(&name).execute().await {
            Ok(table) => table,
            Err(error) => {
                if !matches!(error, lancedb::Error::TableNotFound { .. }) {
                    tracing::warn!(%error, table = name, "the vector table is damaged: making it anew");
                    connection.drop_table(&name, &[]).await?;
                }
                connection.create_empty_table(&name, rows::schema(model.dimensions)).execute().await?
            }
        };
        Ok(Self { model, connection, table, background: Mutex::new(None) })
    }

    /// The model whose vectors these are.
    pub fn model(&self) -> &EncoderModel {
        &self.model
    }

    /// Number of vectors.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn count(&self) -> Result<usize, VectorError> {
        Ok(self.table.count_rows(None).await?)
    }

    /// Puts vectors in, replacing those of the same text of the same medium. All or nothing.
    ///
    /// # Errors
    /// When a vector has not the model's length, or the engine fails.
    pub async fn upsert(&self, vectors: &[TextVector]) -> Result<(), VectorError> {
        for vector in vectors {
            self.check(&vector.vector)?;
        }
        self.write(vectors.iter().map(|vector| Row::new(vector.clone())).collect()).await
    }

    /// Brings the vectors of these media in line with their texts: removes the vectors of texts that are gone or have
    /// changed, and renews the facts of the others.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn reconcile(&self, documents: &[MediaDocument]) -> Result<(), VectorError> {
        for documents in documents.chunks(IDS) {
            let ids: Vec<MediaId> = documents.iter().map(|document| document.id).collect();
            let by_id: HashMap<MediaId, &MediaDocument> = documents.iter().map(|d| (d.id, d)).collect();
            let mut gone = Vec::new();
            let mut renewed = Vec::new();
            for mut row in self.rows_of(&ids).await? {
                let Some(document) = by_id.get(&row.0.id) else { continue };
                let texts = document.embeddable();
                if !texts.iter().any(|text| text.source == row.0.source && text.hash == row.0.text_hash) {
                    gone.push(row.key());
                } else if row.0.facts != document.facts {
                    row.0.facts = document.facts.clone();
                    renewed.push(row);
                }
            }
            for keys in gone.chunks(IDS) {
                self.table.delete(&format!("key IN ({})", quoted(keys))).await?;
            }
            self.write(renewed).await?;
        }
        Ok(())
    }

    /// The texts of these media that have no vector yet.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn missing(&self, documents: &[MediaDocument]) -> Result<Vec<(MediaId, EmbeddableText)>, VectorError> {
        let mut missing = Vec::new();
        for documents in documents.chunks(IDS) {
            let ids: Vec<MediaId> = documents.iter().map(|document| document.id).collect();
            let known: HashSet<_> = self.hashes(Some(among(&ids))).await?.into_iter().collect();
            for document in documents {
                let texts = document.embeddable().into_iter();
                let new = texts.filter(|text| !known.contains(&(document.id, text.source, text.hash.clone())));
                missing.extend(new.map(|text| (document.id, text)));
            }
        }
        Ok(missing)
    }

    async fn hashes(&self, predicate: Option<String>) -> Result<Vec<(MediaId, SourceField, String)>, VectorError> {
        let columns = Select::columns(&[columns::MEDIA, columns::SOURCE, columns::HASH]);
        let mut query = self.table.query().select(columns);
        if let Some(predicate) = predicate {
            query = query.only_if(predicate);
        }
        let batches: Vec<_> = query.execute().await?.try_collect().await?;
        let mut known = Vec::new();
        for batch in &batches {
            known.extend(rows::hashes(batch)?);
        }
        Ok(known)
    }

    /// Removes the vectors of media; unknown ones are ignored.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn delete(&self, ids: &[MediaId]) -> Result<(), VectorError> {
        for ids in ids.chunks(IDS) {
            self.table.delete(&among(ids)).await?;
        }
        Ok(())
    }

    /// Removes the vectors of every medium that is not in `existing`. Returns how many media were removed.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn prune(&self, existing: &HashSet<MediaId>) -> Result<usize, VectorError> {
        let gone: HashSet<MediaId> =
            self.hashes(None).await?.into_iter().map(|(id, _, _)| id).filter(|id| !existing.contains(id)).collect();
        let gone: Vec<MediaId> = gone.into_iter().collect();
        self.delete(&gone).await?;
        Ok(gone.len())
    }

    /// Removes every vector.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn clear(&self) -> Result<(), VectorError> {
        self.table.delete("true").await?;
        Ok(())
    }

    /// Removes the tables of every other model. Returns how many there were.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn drop_other_models(&self) -> Result<usize, VectorError> {
        let own = self.model.table();
        let others = self.connection.table_names().execute().await?;
        let others: Vec<String> = others.into_iter().filter(|name| name.starts_with("text_") && *name != own).collect();
        for name in &others {
            self.connection.drop_table(name, &[]).await?;
        }
        Ok(others.len())
    }

    /// Joins small files, drops old versions, and makes or extends the index once the table is large. To be called when a
    /// batch of work is done; only one process may have the table open.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn optimize(&self) -> Result<(), VectorError> {
        let options = CompactionOptions::default();
        self.table.optimize(OptimizeAction::Compact { options, remap_options: None }).await?;
        let prune = OptimizeAction::Prune {
            older_than: Some(lancedb::table::Duration::minutes(KEPT_MINUTES)),
            delete_unverified: Some(true),
            error_if_tagged_old_versions: Some(false),
        };
        self.table.optimize(prune).await?;
        if self.count().await? >= INDEXED_FROM {
            let indexed = self.table.list_indices().await?.iter().any(|index| index.columns == [columns::VECTOR]);
            if indexed {
                self.table.optimize(OptimizeAction::Index(Default::default())).await?;
            } else {
                let index = IvfSqIndexBuilder::default().distance_type(DistanceType::Cosine);
                self.table.create_index(&[columns::VECTOR], Index::IvfSq(index)).execute().await?;
            }
        }
        Ok(())
    }

    /// The texts nearest in meaning among the allowed media, the nearest first, one a medium, down to the similarity
    /// `config.unrelated` or to `config.candidates` media.
    ///
    /// # Errors
    /// When the vector has not the model's length, or the engine fails.
    pub async fn nearest(
        &self,
        vector: &[f32],
        allowed: Option<&AllowedSet>,
        config: &MeaningConfig,
    ) -> Result<Vec<MeaningMatch>, VectorError> {
        self.check(vector)?;
        if allowed.is_some_and(|allowed| allowed.ids.is_empty()) {
            return Ok(Vec::new());
        }
        let predicate = allowed.and_then(predicate_of);
        let exact = allowed.is_none_or(|allowed| allowed.ids.len() <= IDS);
        // A medium has a few texts, and a filter that is checked afterwards may take most of what is found.
        let mut limit = config.candidates * if exact { 2 } else { 8 };
        loop {
            let mut query = self.table.vector_search(vector)?.distance_type(DistanceType::Cosine).limit(limit);
            query = query.distance_range(None, Some(1.0 - config.unrelated));
            query = query.select(Select::columns(&[columns::MEDIA, columns::SOURCE, columns::HASH, columns::DISTANCE]));
            if let Some(predicate) = &predicate {
                query = query.only_if(predicate);
            }
            let batches: Vec<_> = query.execute().await?.try_collect().await?;
            let mut seen = HashSet::new();
            let mut matches = Vec::new();
            let mut rows = 0;
            for batch in &batches {
                rows += batch.num_rows();
                for found in rows::matches(batch)? {
                    if allowed.is_none_or(|allowed| allowed.contains(found.id)) && seen.insert(found.id) {
                        matches.push(found);
                    }
                }
            }
            if rows < limit || matches.len() >= config.candidates {
                matches.truncate(config.candidates);
                return Ok(matches);
            }
            limit *= 8;
        }
    }

    /// The vectors of one medium, by the field of their text.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn of(&self, id: MediaId) -> Result<Vec<(SourceField, Vec<f32>)>, VectorError> {
        Ok(self.rows_of(&[id]).await?.into_iter().map(|row| (row.0.source, row.0.vector)).collect())
    }

    /// How similar the library's texts are to a vector on the whole: the mean cosine over a sample, against which a single
    /// similarity is judged.
    ///
    /// # Errors
    /// When the vector has not the model's length, or the engine fails.
    pub async fn background(&self, vector: &[f32], config: &MeaningConfig) -> Result<f32, VectorError> {
        self.check(vector)?;
        let rows = self.count().await?;
        let known = |held: &Option<Background>| {
            held.as_ref().filter(|held| held.still_fits(rows)).map(|held| held.against(vector, config))
        };
        if let Some(mean) = known(&lock(&self.background)) {
            return Ok(mean);
        }
        let offsets = Background::offsets(rows);
        let query = self.table.take_offsets(offsets).select(Select::columns(&[columns::VECTOR]));
        let batches: Vec<_> = query.execute().await?.try_collect().await?;
        let mut sample = Vec::new();
        for batch in &batches {
            sample.extend(rows::vectors(batch)?);
        }
        let background = Background::new(rows, sample);
        let mean = background.against(vector, config);
        *lock(&self.background) = Some(background);
        Ok(mean)
    }

    async fn rows_of(&self, ids: &[MediaId]) -> Result<Vec<Row>, VectorError> {
        let batches: Vec<_> = self.table.query().only_if(among(ids)).execute().await?.try_collect().await?;
        let mut found = Vec::new();
        for batch in &batches {
            found.extend(rows::read(batch)?);
        }
        Ok(found)
    }

    async fn write(&self, rows: Vec<Row>) -> Result<(), VectorError> {
        if rows.is_empty() {
            return Ok(());
        }
        let batch = rows::batch(&rows, &self.model)?;
        let schema = batch.schema();
        let mut merge = self.table.merge_insert(&[columns::KEY]);
        merge.when_matched_update_all(None).when_not_matched_insert_all();
        merge.execute(Box::new(RecordBatchIterator::new([Ok(batch)], schema))).await?;
        Ok(())
    }

    fn check(&self, vector: &[f32]) -> Result<(), VectorError> {
        if vector.len() == self.model.dimensions {
            return Ok(());
        }
        let (expected, found) = (self.model.dimensions, vector.len());
        Err(VectorError::Dimensions { model: self.model.name.clone(), expected, found })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests;

//! How pictures look: their vectors, in LanceDB, in a table of their own.
//!
//! One table a model: its name carries the model's, every row carries the model's name and version, and a vector of
//! another length is refused. One row a medium. The vectors come from the library, so that the table can be made anew at
//! any time; it is made when the first vector says how long they are.

use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{FixedSizeListBuilder, Float32Builder};
use arrow_array::cast::AsArray;
use arrow_array::types::Float32Type;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use futures::TryStreamExt;
use lancedb::index::Index;
use lancedb::index::vector::IvfSqIndexBuilder;
use lancedb::query::{ExecutableQuery, QueryBase, Select};
use lancedb::table::{CompactionOptions, OptimizeAction};
use lancedb::{Connection, DistanceType, Session, Table};
use tokio::sync::RwLock;

use super::vectors::VectorError;
use crate::library::ids::MediaId;

/// Rows at which an index is made, as for texts.
const INDEXED_FROM: usize = 5_000;
/// Most memory that the engine may hold for indexes and for metadata of files, bytes.
const INDEX_CACHE: usize = 64 << 20;
const METADATA_CACHE: usize = 16 << 20;
/// Versions of the table older than this are removed when it is optimised, in minutes.
const KEPT_MINUTES: i64 = 10;
/// Identifiers in one condition.
const IDS: usize = 500;

const MEDIA: &str = "media_id";
const VECTOR: &str = "vector";
const DISTANCE: &str = "_distance";

/// The model that made the vectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureModel {
    /// Name.
    pub name: String,
    /// Which weights.
    pub version: String,
}

impl PictureModel {
    fn table(&self) -> String {
        let readable: String =
            self.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        let whole = format!("{}\n{}", self.name, self.version);
        format!("picture_{:.40}_{:.12}", readable, blake3::hash(whole.as_bytes()).to_hex().as_str())
    }
}

/// The vectors of pictures.
pub struct PictureTable {
    model: PictureModel,
    connection: Connection,
    /// `None` until there is a vector.
    table: RwLock<Option<Table>>,
}

impl PictureTable {
    /// Opens the model's table in `dir`, if there is one.
    ///
    /// # Errors
    /// When the folder cannot be used or the engine fails. A damaged table is no error: it is dropped.
    pub async fn open(dir: &Path, model: PictureModel) -> Result<Self, VectorError> {
        std::fs::create_dir_all(dir).map_err(|source| VectorError::Folder { path: dir.to_owned(), source })?;
        let session = Arc::new(Session::new(INDEX_CACHE, METADATA_CACHE, Arc::default()));
        let connection = lancedb::connect(&dir.to_string_lossy()).session(session).execute().await?;
        let name = model.table();
        let table = match connection.open_table(&name).execute().await {
            Ok(table) => Some(table),
            Err(lancedb::Error::TableNotFound { .. }) => None,
            Err(error) => {
                tracing::warn!(%error, table = name, "the table of pictures is damaged: making it anew");
                connection.drop_table(&name, &[]).await?;
                None
            }
        };
        Ok(Self { model, connection, table: RwLock::new(table) })
    }

    /// The model whose vectors these are.
    pub fn model(&self) -> &PictureModel {
        &self.model
    }

    /// Number of vectors.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn count(&self) -> Result<usize, VectorError> {
        match &*self.table.read().await {
            Some(table) => Ok(table.count_rows(None).await?),
            None => Ok(0),
        }
    }

    /// Puts vectors in, replacing those of the same media. All or nothing.
    ///
    /// # Errors
    /// When vectors have not the table's length, or the engine fails.
    pub async fn upsert(&self, vectors: &[(MediaId, Vec<f32>)]) -> Result<(), VectorError> {
        let Some((_, first)) = vectors.first() else { return Ok(()) };
        let mut held = self.table.write().await;
        let table = match held.as_ref() {
            Some(table) => table,
            None => {
                let made =
                    self.connection.create_empty_table(self.model.table(), schema(first.len())).execute().await?;
                held.insert(made)
            }
        };
        let held_schema = table.schema().await?;
        let length = dimensions(&held_schema);
        if let Some((_, wrong)) = vectors.iter().find(|(_, vector)| Some(vector.len()) != length) {
            let (expected, found) = (length.unwrap_or(0), wrong.len());
            return Err(VectorError::Dimensions { model: self.model.name.clone(), expected, found });
        }
        let batch = batch(vectors, &self.model)?;
        let schema = batch.schema();
        let mut merge = table.merge_insert(&[MEDIA]);
        merge.when_matched_update_all(None).when_not_matched_insert_all();
        merge.execute(Box::new(RecordBatchIterator::new([Ok(batch)], schema))).await?;
        Ok(())
    }

    /// Removes the vectors of media; unknown ones are ignored.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn delete(&self, ids: &[MediaId]) -> Result<(), VectorError> {
        if let Some(table) = &*self.table.read().await {
            for ids in ids.chunks(IDS) {
                table.delete(&among(ids)).await?;
            }
        }
        Ok(())
    }

    /// Removes every vector.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn clear(&self) -> Result<(), VectorError> {
        if let Some(table) = &*self.table.read().await {
            table.delete("true").await?;
        }
        Ok(())
    }

    /// The vector of a medium, if there is one.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn of(&self, id: MediaId) -> Result<Option<Vec<f32>>, VectorError> {
        let Some(table) = &*self.table.read().await else { return Ok(None) };
        let batches: Vec<_> = table.query().only_if(among(&[id])).execute().await?.try_collect().await?;
        for batch in &batches {
            let lists = column(batch, VECTOR)?.as_fixed_size_list();
            if lists.len() > 0 {
                return Ok(Some(lists.value(0).as_primitive::<Float32Type>().values().to_vec()));
            }
        }
        Ok(None)
    }

    /// The media whose pictures look most alike, with the cosine of the angle between the vectors, nearest first.
    ///
    /// # Errors
    /// When the vector has not the table's length, or the engine fails.
    pub async fn nearest(&self, vector: &[f32], limit: usize) -> Result<Vec<(MediaId, f32)>, VectorError> {
        let Some(table) = &*self.table.read().await else { return Ok(Vec::new()) };
        let query = table.vector_search(vector)?.distance_type(DistanceType::Cosine).limit(limit);
        let query = query.select(Select::columns(&[MEDIA, DISTANCE]));
        let batches: Vec<_> = query.execute().await?.try_collect().await?;
        let mut found = Vec::new();
        for batch in &batches {
            let (ids, distances) = (column(batch, MEDIA)?.as_string::<i32>(), column(batch, DISTANCE)?);
            for (id, distance) in ids.iter().zip(distances.as_primitive::<Float32Type>().values()) {
                let id = id.unwrap_or_default();
                let wrong = |_| ArrowError::ParseError(format!("{id} is no identifier of a medium"));
                found.push((id.parse().map_err(wrong)?, 1.0 - distance));
            }
        }
        Ok(found)
    }

    /// Joins small files, drops old versions, and makes or extends the index once the table is large.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn optimize(&self) -> Result<(), VectorError> {
        let Some(table) = &*self.table.read().await else { return Ok(()) };
        let options = CompactionOptions::default();
        table.optimize(OptimizeAction::Compact { options, remap_options: None }).await?;
        let prune = OptimizeAction::Prune {
            older_than: Some(lancedb::table::Duration::minutes(KEPT_MINUTES)),
            delete_unverified: Some(true),
            error_if_tagged_old_versions: Some(false),
        };
        table.optimize(prune).await?;
        if table.count_rows(None).await? >= INDEXED_FROM {
            if table.list_indices().await?.iter().any(|index| index.columns == [VECTOR]) {
                table.optimize(OptimizeAction::Index(Default::default())).await?;
            } else {
                let index = IvfSqIndexBuilder::default().distance_type(DistanceType::Cosine);
                table.create_index(&[VECTOR], Index::IvfSq(index)).execute().await?;
            }
        }
        Ok(())
    }
}

fn among(ids: &[MediaId]) -> String {
    // Identifiers are made here and hold nothing to quote.
    let ids: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
    format!("{MEDIA} IN ({})", ids.join(", "))
}

fn schema(dimensions: usize) -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let item = Arc::new(Field::new("item", DataType::Float32, true));
    let vector = DataType::FixedSizeList(item, i32::try_from(dimensions).unwrap_or(i32::MAX));
    Arc::new(Schema::new(vec![text(MEDIA), text("model"), text("model_version"), Field::new(VECTOR, vector, true)]))
}

fn dimensions(schema: &Schema) -> Option<usize> {
    match schema.field_with_name(VECTOR).ok()?.data_type() {
        DataType::FixedSizeList(_, length) => usize::try_from(*length).ok(),
        _ => None,
    }
}

fn batch(vectors: &[(MediaId, Vec<f32>)], model: &PictureModel) -> Result<RecordBatch, ArrowError> {
    let length = vectors.first().map_or(0, |(_, vector)| vector.len());
    let mut lists = FixedSizeListBuilder::new(Float32Builder::new(), i32::try_from(length).unwrap_or(i32::MAX));
    for (_, vector) in vectors {
        lists.values().append_slice(vector);
        lists.append(true);
    }
    let same = |text: &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(vectors.iter().map(|_| text))) };
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values(vectors.iter().map(|(id, _)| id.to_string())));
    let columns = vec![ids, same(&model.name), same(&model.version), Arc::new(lists.finish())];
    RecordBatch::try_new(schema(length), columns)
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, ArrowError> {
    batch.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(format!("column {name} is missing")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(version: &str) -> PictureModel {
        PictureModel { name: "eye".to_owned(), version: version.to_owned() }
    }

    #[tokio::test]
    async fn the_nearest_are_found_and_versions_do_not_mix() -> Result<(), VectorError> {
        let dir = tempfile::tempdir().unwrap();
        let table = PictureTable::open(dir.path(), model("1")).await?;
        assert!(table.nearest(&[1.0, 0.0], 5).await?.is_empty());
        let [same, near, far] = [MediaId::new(), MediaId::new(), MediaId::new()];
        table.upsert(&[(same, vec![1.0, 0.0]), (near, vec![0.8, 0.6]), (far, vec![0.0, 1.0])]).await?;
        table.upsert(&[(far, vec![-1.0, 0.0])]).await?;
        let found = table.nearest(&[1.0, 0.0], 5).await?;
        assert_eq!(found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [same, near, far]);
        assert!((found[1].1 - 0.8).abs() < 1e-5 && (found[2].1 + 1.0).abs() < 1e-5);
        assert_eq!(table.of(near).await?, Some(vec![0.8, 0.6]));
        assert!(matches!(table.upsert(&[(near, vec![1.0])]).await, Err(VectorError::Dimensions { .. })));
        let other = PictureTable::open(dir.path(), model("2")).await?;
        assert_eq!(other.count().await?, 0);
        let again = PictureTable::open(dir.path(), model("1")).await?;
        assert_eq!(again.count().await?, 3);
        again.delete(&[far]).await?;
        again.optimize().await?;
        assert_eq!(again.of(far).await?, None);
        Ok(())
    }
}

//! How pictures look: their vectors, in LanceDB, in a table of their own.
//!
//! One table a model: its name carries the model's, every row carries the model's name and version, and a vector of
//! another length is refused. One row a picture: a photo has one, a video its poster and its frames. A search gives each
//! medium once, with the picture that is nearest. The vectors come from the library, so that the table can be made anew at
//! any time; it is made when the first vector says how long they are.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{FixedSizeListBuilder, Float32Builder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int64Type};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, RecordBatchIterator, StringArray};
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
use crate::library::seen::{FrameVector, PictureVectors};

/// Rows at which an index is made, as for texts.
const INDEXED_FROM: usize = 5_000;
/// Most memory that the engine may hold for indexes and for metadata of files, bytes.
const INDEX_CACHE: usize = 64 << 20;
const METADATA_CACHE: usize = 16 << 20;
/// Versions of the table older than this are removed when it is optimised, in minutes.
const KEPT_MINUTES: i64 = 10;
/// Identifiers in one condition.
const IDS: usize = 500;
/// Rows that are looked at for one medium, at the most: those of a long video that resembles the question all along.
const FRAMES: usize = 64;
/// Difference of cosines up to which a frame is as near as the poster.
const AS_NEAR: f32 = 0.03;

const MEDIA: &str = "media_id";
/// When the frame of a video is shown, milliseconds; [`STILL`] for a photo and for a poster.
const FRAME: &str = "frame_ms";
const STILL: i64 = -1;
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

/// A medium one of whose pictures is near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The medium.
    pub id: MediaId,
    /// When its nearest frame is shown, milliseconds; `None` for a photo and for a video's poster.
    pub frame_ms: Option<i64>,
    /// Cosine of the angle between the vectors.
    pub cosine: f32,
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
            Ok(table) if table.schema().await?.field_with_name(FRAME).is_ok() => Some(table),
            Ok(_) => {
                tracing::info!(table = name, "the table of pictures knows no frames of videos: making it anew");
                connection.drop_table(&name, &[]).await?;
                None
            }
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

    /// Puts vectors in, replacing all those of the same media. All or nothing.
    ///
    /// # Errors
    /// When vectors have not the table's length, or the engine fails.
    pub async fn upsert(&self, media: &[PictureVectors]) -> Result<(), VectorError> {
        let rows: Vec<(MediaId, &FrameVector)> =
            media.iter().flat_map(|of| of.frames.iter().map(|frame| (of.id, frame))).collect();
        let Some((_, first)) = rows.first() else { return Ok(()) };
        let mut held = self.table.write().await;
        let table = match held.as_ref() {
            Some(table) => table,
            None => {
                let schema = schema(first.vector.len());
                held.insert(self.connection.create_empty_table(self.model.table(), schema).execute().await?)
            }
        };
        let held_schema = table.schema().await?;
        let length = dimensions(&held_schema);
        if let Some((_, wrong)) = rows.iter().find(|(_, frame)| Some(frame.vector.len()) != length) {
            let (expected, found) = (length.unwrap_or(0), wrong.vector.len());
            return Err(VectorError::Dimensions { model: self.model.name.clone(), expected, found });
        }
        let ids: Vec<MediaId> = media.iter().map(|of| of.id).collect();
        let batch = batch(&rows, &self.model)?;
        let schema = batch.schema();
        let mut merge = table.merge_insert(&[MEDIA, FRAME]);
        merge.when_matched_update_all(None).when_not_matched_insert_all();
        merge.when_not_matched_by_source_delete(Some(among(&ids)));
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

    /// The vectors of a medium's pictures, in order of time, the poster first.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn of(&self, id: MediaId) -> Result<Vec<FrameVector>, VectorError> {
        let Some(table) = &*self.table.read().await else { return Ok(Vec::new()) };
        let batches: Vec<_> = table.query().only_if(among(&[id])).execute().await?.try_collect().await?;
        let mut found = Vec::new();
        for batch in &batches {
            let times = column(batch, FRAME)?.as_primitive::<Int64Type>().values();
            for (lists, at) in column(batch, VECTOR)?.as_fixed_size_list().iter().zip(times) {
                let vector = lists.map(|list| list.as_primitive::<Float32Type>().values().to_vec());
                found.push(FrameVector { frame_ms: frame(*at), vector: vector.unwrap_or_default() });
            }
        }
        found.sort_by_key(|of| of.frame_ms);
        Ok(found)
    }

    /// The media one of whose pictures looks most alike, nearest first, each once with the picture that does.
    ///
    /// # Errors
    /// When the vector has not the table's length, or the engine fails.
    pub async fn nearest(&self, vector: &[f32], limit: usize) -> Result<Vec<Near>, VectorError> {
        let Some(table) = &*self.table.read().await else { return Ok(Vec::new()) };
        let mut rows = limit;
        loop {
            let near = nearest_rows(table, vector, rows).await?;
            let exhausted = near.len() < rows || rows >= limit * FRAMES;
            let mut media = once_each(near);
            if exhausted || media.len() >= limit {
                media.truncate(limit);
                return Ok(media);
            }
            // Frames of few videos fill the rows: there are other media behind them.
            rows *= 4;
        }
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

/// The nearest pictures, nearest first.
async fn nearest_rows(table: &Table, vector: &[f32], limit: usize) -> Result<Vec<Near>, VectorError> {
    let query = table.vector_search(vector)?.distance_type(DistanceType::Cosine).limit(limit);
    let query = query.select(Select::columns(&[MEDIA, FRAME, DISTANCE]));
    let batches: Vec<_> = query.execute().await?.try_collect().await?;
    let mut found = Vec::new();
    for batch in &batches {
        let (ids, distances) = (column(batch, MEDIA)?.as_string::<i32>(), column(batch, DISTANCE)?);
        let times = column(batch, FRAME)?.as_primitive::<Int64Type>().values();
        for ((id, distance), at) in ids.iter().zip(distances.as_primitive::<Float32Type>().values()).zip(times) {
            let id = id.unwrap_or_default();
            let wrong = |_| ArrowError::ParseError(format!("{id} is no identifier of a medium"));
            found.push(Near { id: id.parse().map_err(wrong)?, frame_ms: frame(*at), cosine: 1.0 - distance });
        }
    }
    Ok(found)
}

/// Each medium once, with its nearest picture. The poster of a video is one of its frames, or nearly: a frame that is as near
/// says more, for its time is known.
fn once_each(near: Vec<Near>) -> Vec<Near> {
    let mut places: HashMap<MediaId, usize> = HashMap::new();
    let mut media: Vec<Near> = Vec::new();
    for found in near {
        match places.get(&found.id).and_then(|at| media.get_mut(*at)) {
            Some(best) if best.frame_ms.is_none() && best.cosine - found.cosine <= AS_NEAR => best.frame_ms = found.frame_ms,
            Some(_) => {}
            None => {
                places.insert(found.id, media.len());
                media.push(found);
            }
        }
    }
    media
}

fn frame(at: i64) -> Option<i64> {
    Some(at).filter(|at| *at != STILL)
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
    let frame = Field::new(FRAME, DataType::Int64, false);
    let vector = Field::new(VECTOR, vector, true);
    Arc::new(Schema::new(vec![text(MEDIA), frame, text("model"), text("model_version"), vector]))
}

fn dimensions(schema: &Schema) -> Option<usize> {
    match schema.field_with_name(VECTOR).ok()?.data_type() {
        DataType::FixedSizeList(_, length) => usize::try_from(*length).ok(),
        _ => None,
    }
}

fn batch(rows: &[(MediaId, &FrameVector)], model: &PictureModel) -> Result<RecordBatch, ArrowError> {
    let length = rows.first().map_or(0, |(_, frame)| frame.vector.len());
    let mut lists = FixedSizeListBuilder::new(Float32Builder::new(), i32::try_from(length).unwrap_or(i32::MAX));
    for (_, frame) in rows {
        lists.values().append_slice(&frame.vector);
        lists.append(true);
    }
    let same = |text: &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(rows.iter().map(|_| text))) };
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values(rows.iter().map(|(id, _)| id.to_string())));
    let times = rows.iter().map(|(_, frame)| frame.frame_ms.unwrap_or(STILL));
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values(times));
    let columns = vec![ids, times, same(&model.name), same(&model.version), Arc::new(lists.finish())];
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

    fn photo(id: MediaId, vector: Vec<f32>) -> PictureVectors {
        PictureVectors { id, frames: vec![FrameVector { frame_ms: None, vector }] }
    }

    #[tokio::test]
    async fn the_nearest_are_found_and_versions_do_not_mix() -> Result<(), VectorError> {
        let dir = tempfile::tempdir().unwrap();
        let table = PictureTable::open(dir.path(), model("1")).await?;
        assert!(table.nearest(&[1.0, 0.0], 5).await?.is_empty());
        let [same, near, far] = [MediaId::new(), MediaId::new(), MediaId::new()];
        let all = [photo(same, vec![1.0, 0.0]), photo(near, vec![0.8, 0.6]), photo(far, vec![0.0, 1.0])];
        table.upsert(&all).await?;
        table.upsert(&[photo(far, vec![-1.0, 0.0])]).await?;
        let found = table.nearest(&[1.0, 0.0], 5).await?;
        assert_eq!(found.iter().map(|near| near.id).collect::<Vec<_>>(), [same, near, far]);
        assert!((found[1].cosine - 0.8).abs() < 1e-5 && (found[2].cosine + 1.0).abs() < 1e-5);
        assert_eq!(table.of(near).await?, photo(near, vec![0.8, 0.6]).frames);
        assert!(matches!(table.upsert(&[photo(near, vec![1.0])]).await, Err(VectorError::Dimensions { .. })));
        let other = PictureTable::open(dir.path(), model("2")).await?;
        assert_eq!(other.count().await?, 0);
        let again = PictureTable::open(dir.path(), model("1")).await?;
        assert_eq!(again.count().await?, 3);
        again.delete(&[far]).await?;
        again.optimize().await?;
        assert_eq!(again.of(far).await?, []);
        Ok(())
    }

    #[tokio::test]
    async fn a_video_is_found_once_by_its_nearest_frame_and_hides_nobody() -> Result<(), VectorError> {
        let dir = tempfile::tempdir().unwrap();
        let table = PictureTable::open(dir.path(), model("1")).await?;
        let [video, still] = [MediaId::new(), MediaId::new()];
        let angle = |degrees: f32| vec![degrees.to_radians().cos(), degrees.to_radians().sin()];
        let film = |angles: std::ops::Range<i64>| {
            let frame = |at: i64| FrameVector { frame_ms: Some(at * 1000), vector: angle(at as f32) };
            let poster = FrameVector { frame_ms: None, vector: angle(60.0) };
            PictureVectors { id: video, frames: std::iter::once(poster).chain(angles.map(frame)).collect() }
        };
        table.upsert(&[film(0..40), photo(still, angle(50.0))]).await?;
        let found = table.nearest(&angle(7.0), 2).await?;
        assert_eq!((found[0].id, found[0].frame_ms), (video, Some(7000)));
        assert_eq!((found[1].id, found[1].frame_ms, found.len()), (still, None, 2));
        // Other frames were chosen: those before are gone.
        table.upsert(&[film(20..22)]).await?;
        assert_eq!(table.count().await?, 4);
        let times: Vec<_> = table.of(video).await?.iter().map(|frame| frame.frame_ms).collect();
        assert_eq!(times, [None, Some(20_000), Some(21_000)]);
        Ok(())
    }
}

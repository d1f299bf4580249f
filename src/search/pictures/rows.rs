//! The rows of a table of pictures: which columns there are, and how they are written and read.

use std::sync::Arc;

use arrow_array::builder::{FixedSizeListBuilder, Float32Builder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int64Type};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use futures::TryStreamExt;
use lancedb::query::{ExecutableQuery, QueryBase, Select};
use lancedb::{DistanceType, Table};

use super::{Near, PictureModel, index};
use crate::library::ids::MediaId;
use crate::library::seen::FrameVector;
use crate::search::vectors::VectorError;

const MEDIA: &str = "media_id";
/// When the frame of a video is shown, milliseconds; [`STILL`] for a photo and for a poster.
const FRAME: &str = "frame_ms";
const STILL: i64 = -1;
pub(super) const VECTOR: &str = "vector";
const DISTANCE: &str = "_distance";
/// What tells a row.
pub(super) const KEY: [&str; 2] = [MEDIA, FRAME];

/// Whether the table tells frames of videos apart; those of before did not.
pub(super) async fn knows_frames(table: &Table) -> Result<bool, VectorError> {
    Ok(table.schema().await?.field_with_name(FRAME).is_ok())
}

/// The pictures of media, in order of time, posters first.
pub(super) async fn of(table: &Table, ids: &[MediaId]) -> Result<Vec<(MediaId, FrameVector)>, VectorError> {
    let batches: Vec<_> = table.query().only_if(among(ids)).execute().await?.try_collect().await?;
    let mut found = Vec::new();
    for batch in &batches {
        let times = column(batch, FRAME)?.as_primitive::<Int64Type>().values();
        let vectors = vectors(std::slice::from_ref(batch))?;
        for ((id, vector), at) in media(batch)?.into_iter().zip(vectors).zip(times) {
            found.push((id, FrameVector { frame_ms: frame(*at), vector }));
        }
    }
    found.sort_by_key(|(_, of)| of.frame_ms);
    Ok(found)
}

/// The nearest pictures of those that meet a condition, nearest first.
pub(super) async fn nearest(
    table: &Table,
    vector: &[f32],
    condition: Option<&str>,
    limit: usize,
) -> Result<Vec<Near>, VectorError> {
    let query = table.vector_search(vector)?.distance_type(DistanceType::Cosine).limit(limit);
    let query = query.nprobes(index::PROBES)?.refine_factor(index::REFINE);
    let mut query = query.select(Select::columns(&[MEDIA, FRAME, DISTANCE]));
    if let Some(condition) = condition {
        query = query.only_if(condition);
    }
    let batches: Vec<_> = query.execute().await?.try_collect().await?;
    let mut found = Vec::new();
    for batch in &batches {
        let distances = column(batch, DISTANCE)?.as_primitive::<Float32Type>().values();
        let times = column(batch, FRAME)?.as_primitive::<Int64Type>().values();
        for ((id, distance), at) in media(batch)?.into_iter().zip(distances).zip(times) {
            found.push(Near { id, frame_ms: frame(*at), cosine: 1.0 - distance });
        }
    }
    Ok(found)
}

/// The vectors of the rows.
pub(super) fn vectors(batches: &[RecordBatch]) -> Result<Vec<Vec<f32>>, ArrowError> {
    let mut found = Vec::new();
    for batch in batches {
        let lists = column(batch, VECTOR)?.as_fixed_size_list().iter();
        let numbers = |list: ArrayRef| list.as_primitive::<Float32Type>().values().to_vec();
        found.extend(lists.map(|list| list.map(numbers).unwrap_or_default()));
    }
    Ok(found)
}

/// The media of a batch's rows.
fn media(batch: &RecordBatch) -> Result<Vec<MediaId>, ArrowError> {
    let ids = column(batch, MEDIA)?.as_string::<i32>().iter().map(Option::unwrap_or_default);
    let wrong = |id: &str| ArrowError::ParseError(format!("{id} is no identifier of a medium"));
    ids.map(|id| id.parse().map_err(|_| wrong(id))).collect()
}

fn frame(at: i64) -> Option<i64> {
    Some(at).filter(|at| *at != STILL)
}

/// The condition that a row is of one of these media.
pub(super) fn among(ids: &[MediaId]) -> String {
    // Identifiers are made here and hold nothing to quote.
    let ids: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
    format!("{MEDIA} IN ({})", ids.join(", "))
}

/// The columns of a table of vectors of that length.
pub(super) fn schema(dimensions: usize) -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let item = Arc::new(Field::new("item", DataType::Float32, true));
    let vector = DataType::FixedSizeList(item, i32::try_from(dimensions).unwrap_or(i32::MAX));
    let frame = Field::new(FRAME, DataType::Int64, false);
    let vector = Field::new(VECTOR, vector, true);
    Arc::new(Schema::new(vec![text(MEDIA), frame, text("model"), text("model_version"), vector]))
}

/// Length of the vectors of a table with these columns.
pub(super) fn dimensions(schema: &Schema) -> Option<usize> {
    match schema.field_with_name(VECTOR).ok()?.data_type() {
        DataType::FixedSizeList(_, length) => usize::try_from(*length).ok(),
        _ => None,
    }
}

/// Rows as the engine takes them.
pub(super) fn batch(rows: &[(MediaId, &FrameVector)], model: &PictureModel) -> Result<RecordBatch, ArrowError> {
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

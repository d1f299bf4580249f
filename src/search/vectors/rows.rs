//! The rows of the vector table and their Arrow columns.
//!
//! A row is found by its key, `<medium>/<field>`, followed by the text's hash where a field has several. A row that
//! cannot be read is an error, not a gap.

use std::sync::Arc;

use arrow_array::builder::{FixedSizeListBuilder, Float32Builder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use super::{EncoderModel, MeaningMatch};
use crate::library::filter::MediaKind;
use crate::library::ids::MediaId;
use crate::search::document::{Facts, SourceField, TextVector};

/// Names of the columns.
pub(super) mod columns {
    pub const KEY: &str = "key";
    pub const MEDIA: &str = "media_id";
    pub const SOURCE: &str = "source";
    pub const HASH: &str = "text_hash";
    pub const MODEL: &str = "model";
    pub const VERSION: &str = "model_version";
    pub const TAKEN: &str = "taken";
    pub const KIND: &str = "kind";
    pub const COUNTRY: &str = "country_code";
    pub const RATING: &str = "rating";
    pub const VECTOR: &str = "vector";
    /// Added by the engine to what a search returns.
    pub const DISTANCE: &str = "_distance";
}

/// One text's vector.
pub(super) struct Row(pub TextVector);

impl Row {
    /// A row with its vector brought to length 1.
    pub fn new(mut vector: TextVector) -> Self {
        let length = vector.vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 0.0 {
            vector.vector.iter_mut().for_each(|x| *x /= length);
        }
        Self(vector)
    }

    /// What was said has a row for each chunk, everything else one a field.
    pub fn key(&self) -> String {
        let key = format!("{}/{}", self.0.id, self.0.source.name());
        if self.0.source.is_said() { format!("{key}/{}", self.0.text_hash) } else { key }
    }
}

/// The column's word for a kind; `None` for kinds that are photos or videos beside.
pub(super) fn kind_name(kind: MediaKind) -> Option<&'static str> {
    match kind {
        MediaKind::Photo => Some("photo"),
        MediaKind::Video => Some("video"),
        _ => None,
    }
}

pub(super) fn schema(dimensions: usize) -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let item = Arc::new(Field::new("item", DataType::Float32, true));
    Arc::new(Schema::new(vec![
        text(columns::KEY, false),
        text(columns::MEDIA, false),
        text(columns::SOURCE, false),
        text(columns::HASH, false),
        text(columns::MODEL, false),
        text(columns::VERSION, false),
        Field::new(columns::TAKEN, DataType::Int64, true),
        text(columns::KIND, true),
        text(columns::COUNTRY, true),
        Field::new(columns::RATING, DataType::Int32, true),
        Field::new(columns::VECTOR, DataType::FixedSizeList(item, i32::try_from(dimensions).unwrap_or(i32::MAX)), true),
    ]))
}

pub(super) fn batch(rows: &[Row], model: &EncoderModel) -> Result<RecordBatch, ArrowError> {
    let text = |value: &dyn Fn(&Row) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(value)))
    };
    let facts = || rows.iter().map(|row| &row.0.facts);
    let dimensions = i32::try_from(model.dimensions).unwrap_or(i32::MAX);
    let mut vectors = FixedSizeListBuilder::new(Float32Builder::new(), dimensions);
    for row in rows {
        vectors.values().append_slice(&row.0.vector);
        vectors.append(true);
    }
    let columns: Vec<ArrayRef> = vec![
        text(&Row::key),
        text(&|row| row.0.id.to_string()),
        text(&|row| row.0.source.name().to_owned()),
        text(&|row| row.0.text_hash.clone()),
        text(&|_| model.name.clone()),
        text(&|_| model.version.clone()),
        Arc::new(facts().map(|facts| facts.taken).collect::<Int64Array>()),
        Arc::new(facts().map(|facts| facts.kind.and_then(kind_name)).collect::<StringArray>()),
        Arc::new(facts().map(|facts| facts.country_code.as_deref()).collect::<StringArray>()),
        Arc::new(facts().map(|facts| facts.rating.map(i32::from)).collect::<Int32Array>()),
        Arc::new(vectors.finish()),
    ];
    RecordBatch::try_new(schema(model.dimensions), columns)
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, ArrowError> {
    batch.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(format!("column {name} is missing")))
}

fn text<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a StringArray, ArrowError> {
    let wrong = || ArrowError::SchemaError(format!("column {name} is not text"));
    column(batch, name)?.as_string_opt::<i32>().ok_or_else(wrong)
}

fn medium(text: &str) -> Result<MediaId, ArrowError> {
    text.parse().map_err(|_| ArrowError::ParseError(format!("{text} is no identifier of a medium")))
}

fn source(text: &str) -> Result<SourceField, ArrowError> {
    SourceField::from_name(text).ok_or_else(|| ArrowError::ParseError(format!("{text} is no field")))
}

/// A hash as a number; what is no hash is 0.
pub(super) fn number(hash: &str) -> u128 {
    u128::from_str_radix(hash, 16).unwrap_or_default()
}

/// The vectors of a batch.
pub(super) fn vectors(batch: &RecordBatch) -> Result<Vec<Vec<f32>>, ArrowError> {
    let wrong = || ArrowError::SchemaError("the vectors are not lists of 32-bit numbers".to_owned());
    let lists = column(batch, columns::VECTOR)?.as_fixed_size_list_opt().ok_or_else(wrong)?;
    (0..lists.len())
        .map(|at| Ok(lists.value(at).as_primitive_opt::<Float32Type>().ok_or_else(wrong)?.values().to_vec()))
        .collect()
}

/// What a search found, in its order.
pub(super) fn matches(batch: &RecordBatch) -> Result<Vec<MeaningMatch>, ArrowError> {
    let (media, sources) = (text(batch, columns::MEDIA)?, text(batch, columns::SOURCE)?);
    let hashes = text(batch, columns::HASH)?;
    let wrong = || ArrowError::SchemaError("the distances are not 32-bit numbers".to_owned());
    let distances = column(batch, columns::DISTANCE)?.as_primitive_opt::<Float32Type>().ok_or_else(wrong)?;
    (0..batch.num_rows())
        .map(|at| {
            Ok(MeaningMatch {
                id: medium(media.value(at))?,
                source: source(sources.value(at))?,
                text: number(hashes.value(at)),
                similarity: 1.0 - distances.value(at),
            })
        })
        .collect()
}

/// Medium, field and text hash of each row.
pub(super) fn hashes(batch: &RecordBatch) -> Result<Vec<(MediaId, SourceField, String)>, ArrowError> {
    let (media, sources) = (text(batch, columns::MEDIA)?, text(batch, columns::SOURCE)?);
    let hashes = text(batch, columns::HASH)?;
    (0..batch.num_rows())
        .map(|at| Ok((medium(media.value(at))?, source(sources.value(at))?, hashes.value(at).to_owned())))
        .collect()
}

/// Whole rows.
pub(super) fn read(batch: &RecordBatch) -> Result<Vec<Row>, ArrowError> {
    let wrong = |name: &str| ArrowError::SchemaError(format!("column {name} is not a number"));
    let taken = column(batch, columns::TAKEN)?.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong("taken"))?;
    let rating = column(batch, columns::RATING)?.as_primitive_opt::<Int32Type>().ok_or_else(|| wrong("rating"))?;
    let (kind, country) = (text(batch, columns::KIND)?, text(batch, columns::COUNTRY)?);
    let keys = hashes(batch)?.into_iter().zip(vectors(batch)?);
    let rows = keys.enumerate().map(|(at, ((id, source, text_hash), vector))| {
        let facts = Facts {
            taken: taken.is_valid(at).then(|| taken.value(at)),
            kind: kind.is_valid(at).then(|| kind.value(at)).and_then(|name| match name {
                "photo" => Some(MediaKind::Photo),
                "video" => Some(MediaKind::Video),
                _ => None,
            }),
            country_code: country.is_valid(at).then(|| country.value(at).to_owned()),
            rating: rating.is_valid(at).then(|| u8::try_from(rating.value(at)).ok()).flatten(),
        };
        Row(TextVector { id, source, text_hash, vector, facts })
    });
    Ok(rows.collect())
}

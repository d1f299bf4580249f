//! How pictures look: their vectors, in LanceDB, in a table of their own.
//!
//! One table a model: its name carries the model's, every row carries the model's name and version, and a vector of
//! another length is refused. One row a picture: a photo has one, a video its poster and its frames. A search gives each
//! medium once, with the picture that is nearest. The vectors come from the library, so that the table can be made anew at
//! any time; it is made when the first vector says how long they are. When the model changes, the table of the one before
//! goes on telling which pictures are alike until the new one holds nearly as many; each ranking is of one table.

mod index;
mod rows;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::RecordBatchIterator;
use futures::TryStreamExt;
use lancedb::query::{ExecutableQuery, Select};
use lancedb::table::{CompactionOptions, OptimizeAction};
use lancedb::{Connection, Session, Table};
use tokio::sync::RwLock;

use super::config::LooksConfig;
use super::document::AllowedSet;
use super::looks::Spread;
use super::vectors::{Background, VectorError};
use crate::library::ids::MediaId;
use crate::library::seen::{FrameVector, PictureVectors};

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
    /// The table of the model before, as long as it holds many more.
    earlier: RwLock<Option<Table>>,
    /// What the similarities of a question are judged by.
    sample: Mutex<Option<Arc<Background>>>,
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
            Ok(table) if rows::knows_frames(&table).await? => Some(table),
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
        let earlier = RwLock::new(largest_other(&connection, &name).await?);
        Ok(Self { model, connection, table: RwLock::new(table), earlier, sample: Mutex::default() })
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
                let schema = rows::schema(first.vector.len());
                held.insert(self.connection.create_empty_table(self.model.table(), schema).execute().await?)
            }
        };
        let held_schema = table.schema().await?;
        let length = rows::dimensions(&held_schema);
        if let Some((_, wrong)) = rows.iter().find(|(_, frame)| Some(frame.vector.len()) != length) {
            let (expected, found) = (length.unwrap_or(0), wrong.vector.len());
            return Err(VectorError::Dimensions { model: self.model.name.clone(), expected, found });
        }
        let ids: Vec<MediaId> = media.iter().map(|of| of.id).collect();
        let batch = rows::batch(&rows, &self.model)?;
        let schema = batch.schema();
        let mut merge = table.merge_insert(&rows::KEY);
        merge.when_matched_update_all(None).when_not_matched_insert_all();
        merge.when_not_matched_by_source_delete(Some(rows::among(&ids)));
        merge.execute(Box::new(RecordBatchIterator::new([Ok(batch)], schema))).await?;
        Ok(())
    }

    /// Removes the vectors of media; unknown ones are ignored.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn delete(&self, ids: &[MediaId]) -> Result<(), VectorError> {
        for table in [&self.table, &self.earlier] {
            let Some(table) = &*table.read().await else { continue };
            for ids in ids.chunks(IDS) {
                table.delete(&rows::among(ids)).await?;
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
        self.drop_others().await
    }

    /// Removes the tables of all other models.
    async fn drop_others(&self) -> Result<(), VectorError> {
        *self.earlier.write().await = None;
        for name in others(&self.connection, &self.model.table()).await? {
            self.connection.drop_table(&name, &[]).await?;
        }
        Ok(())
    }

    /// The vectors of a medium's pictures, in order of time, the poster first.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn of(&self, id: MediaId) -> Result<Vec<FrameVector>, VectorError> {
        match &*self.table.read().await {
            Some(table) => Ok(rows::of(table, &[id]).await?.into_iter().map(|(_, frame)| frame).collect()),
            None => Ok(Vec::new()),
        }
    }

    /// The vectors of the pictures of media, in no order; media without any are left out.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn of_all(&self, ids: &[MediaId]) -> Result<Vec<(MediaId, FrameVector)>, VectorError> {
        let Some(table) = &*self.table.read().await else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for ids in ids.chunks(IDS) {
            found.extend(rows::of(table, ids).await?);
        }
        Ok(found)
    }

    /// The media one of whose pictures looks most like that of this medium, nearest first, itself left out: by the model in
    /// use, or by the one before while that knows many more pictures and this one. A video is stood for by its poster.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn like(&self, id: MediaId, limit: usize) -> Result<Vec<Near>, VectorError> {
        let mut tables = vec![self.table.read().await.clone()];
        let earlier = self.earlier.read().await.clone();
        if let Some(earlier) = earlier
            && serves(&earlier, self.count().await?).await?
        {
            tables.insert(0, Some(earlier));
        }
        for table in tables.into_iter().flatten() {
            if let Some((_, own)) = rows::of(&table, &[id]).await?.into_iter().next() {
                let mut near = nearest(&table, &own.vector, None, limit + 1).await?;
                near.retain(|near| near.id != id);
                near.truncate(limit);
                return Ok(near);
            }
        }
        Ok(Vec::new())
    }

    /// The media one of whose pictures looks most alike, nearest first, each once with the picture that does.
    ///
    /// # Errors
    /// When the vector has not the table's length, or the engine fails.
    pub async fn nearest(&self, vector: &[f32], limit: usize) -> Result<Vec<Near>, VectorError> {
        self.nearest_among(vector, None, limit).await
    }

    /// The same among the allowed media (`None`: all).
    ///
    /// # Errors
    /// When the vector has not the table's length, or the engine fails.
    pub async fn nearest_among(
        &self,
        vector: &[f32],
        allowed: Option<&AllowedSet>,
        limit: usize,
    ) -> Result<Vec<Near>, VectorError> {
        match &*self.table.read().await {
            Some(table) => nearest(table, vector, allowed, limit).await,
            None => Ok(Vec::new()),
        }
    }

    /// Where the similarities of the library's pictures to a vector lie.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn spread(&self, vector: &[f32], config: &LooksConfig) -> Result<Spread, VectorError> {
        let count = self.count().await?;
        let held = self.sample.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(sample) = held.filter(|sample| sample.still_fits(count)) {
            return Ok(Spread::of(sample.cosines(vector), config));
        }
        let Some(table) = &*self.table.read().await else { return Ok(Spread::of(Vec::new(), config)) };
        let query = table.take_offsets(Background::offsets(count)).select(Select::columns(&[rows::VECTOR]));
        let batches: Vec<_> = query.execute().await?.try_collect().await?;
        let sample = Arc::new(Background::new(count, rows::vectors(&batches)?));
        let spread = Spread::of(sample.cosines(vector), config);
        *self.sample.lock().unwrap_or_else(PoisonError::into_inner) = Some(sample);
        Ok(spread)
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
        let count = table.count_rows(None).await?;
        index::keep(table, count).await?;
        let earlier = self.earlier.read().await.clone();
        if let Some(earlier) = earlier
            && !serves(&earlier, count).await?
        {
            self.drop_others().await?;
        }
        Ok(())
    }
}

/// See [`PictureTable::nearest_among`].
async fn nearest(
    table: &Table,
    vector: &[f32],
    allowed: Option<&AllowedSet>,
    limit: usize,
) -> Result<Vec<Near>, VectorError> {
    if limit == 0 || allowed.is_some_and(|allowed| allowed.ids.is_empty()) {
        return Ok(Vec::new());
    }
    // Few are named to the engine, which then compares with each of them; of many what it finds is looked through.
    let few = allowed.filter(|allowed| allowed.ids.len() <= IDS);
    let few = few.map(|allowed| rows::among(&allowed.ids.iter().copied().collect::<Vec<_>>()));
    let mut asked = if allowed.is_none() || few.is_some() { limit } else { limit * 4 };
    loop {
        let near = rows::nearest(table, vector, few.as_deref(), asked).await?;
        // A filter may take all but a few rows of a large table; frames of a few videos do not fill more than this.
        let exhausted = near.len() < asked || (allowed.is_none() && asked >= limit * FRAMES);
        let near = near.into_iter().filter(|near| allowed.is_none_or(|allowed| allowed.contains(near.id)));
        let mut media = once_each(near);
        if exhausted || media.len() >= limit {
            media.truncate(limit);
            return Ok(media);
        }
        // Frames of few videos fill the rows, or media that are not allowed: there are others behind them.
        asked *= 4;
    }
}

/// Each medium once, with its nearest picture. The poster of a video is one of its frames, or nearly: a frame that is as near
/// says more, for its time is known.
fn once_each(near: impl Iterator<Item = Near>) -> Vec<Near> {
    let mut places: HashMap<MediaId, usize> = HashMap::new();
    let mut media: Vec<Near> = Vec::new();
    for found in near {
        match places.get(&found.id).and_then(|at| media.get_mut(*at)) {
            Some(best) if best.frame_ms.is_none() && best.cosine - found.cosine <= AS_NEAR => {
                best.frame_ms = found.frame_ms
            }
            Some(_) => {}
            None => {
                places.insert(found.id, media.len());
                media.push(found);
            }
        }
    }
    media
}

/// Whether the table of the model before knows much more than one with so many rows. Not every last picture: one that the
/// model in use cannot read would keep it for ever.
async fn serves(earlier: &Table, count: usize) -> Result<bool, VectorError> {
    Ok(earlier.count_rows(None).await? * 19 > count * 20)
}

/// The names of the tables of other models.
async fn others(connection: &Connection, own: &str) -> Result<Vec<String>, VectorError> {
    let names = connection.table_names().execute().await?;
    Ok(names.into_iter().filter(|name| name.starts_with("picture_") && name != own).collect())
}

/// The table of another model with the most rows, if any has one.
async fn largest_other(connection: &Connection, own: &str) -> Result<Option<Table>, VectorError> {
    let mut largest = None;
    let mut most = 0;
    for name in others(connection, own).await? {
        // A damaged one is of no use, and goes with the others later.
        let Ok(table) = connection.open_table(&name).execute().await else { continue };
        if !rows::knows_frames(&table).await? {
            continue;
        }
        let count = table.count_rows(None).await.unwrap_or(0);
        if count > most {
            (most, largest) = (count, Some(table));
        }
    }
    Ok(largest)
}

#[cfg(test)]
mod tests;

//! Text that is read in pictures: lines with their corners, and where their words are.
//!
//! Storing a result replaces what another look at the medium found, and ends the job in the same transaction. What is
//! believed of what a model reads is decided before: whatever lies here is shown and searched.

use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::jobs::{self, Job, ModelKey};
use super::{Library, MediaId, Part, Result, select, touch};

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    /// The first frame of a video that shows it, milliseconds from its start; `None` in a photo, or the poster of a video.
    pub frame_ms: Option<i64>,
    /// The last frame in a row that shows it; the words and corners are those of the one where it is read most surely.
    pub last_ms: Option<i64>,
    /// What it says.
    pub text: String,
    /// How certain that is, 0–1.
    pub certainty: f64,
    /// ISO 639-1 code of its language, where it can be told.
    pub language: Option<String>,
    /// Top left, top right, bottom right and bottom left in the way that it is read; 0–1 of the upright picture.
    pub corners: [[f64; 2]; 4],
    /// Its words, in order.
    pub words: Vec<TextWord>,
}

/// A word of a line.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct TextWord {
    /// The word.
    pub text: String,
    /// How certain it is, 0–1.
    pub certainty: f64,
    /// Where it begins, 0–1 of the line's length.
    pub begins: f64,
    /// Where it ends.
    pub ends: f64,
}

impl TextLine {
    /// Whether a picture of its medium shows it: a frame of a video by its time, a photo or poster by `None`.
    pub fn stands_in(&self, frame_ms: Option<i64>) -> bool {
        match (self.frame_ms.zip(self.last_ms), frame_ms) {
            (Some((first, last)), Some(at)) => (first..=last).contains(&at),
            (None, None) => true,
            _ => false,
        }
    }

    /// The corners of one of its words, as those of the line.
    pub fn corners_of(&self, word: &TextWord) -> [[f64; 2]; 4] {
        let [a, b, c, d] = self.corners;
        let between = |from: [f64; 2], to: [f64; 2], at: f64| {
            [from[0] + (to[0] - from[0]) * at, from[1] + (to[1] - from[1]) * at]
        };
        [between(a, b, word.begins), between(a, b, word.ends), between(d, c, word.ends), between(d, c, word.begins)]
    }

    /// The upright box around it: left, top, width and height in 0–1 of the picture.
    pub fn area(&self) -> [f64; 4] {
        let range = |axis: usize| {
            let values = self.corners.iter().map(|corner| corner[axis].clamp(0.0, 1.0));
            values.fold((1.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)))
        };
        let ((left, right), (top, bottom)) = (range(0), range(1));
        [left, top, (right - left).max(0.0), (bottom - top).max(0.0)]
    }
}

#[derive(FromRow)]
struct Row {
    media_id: MediaId,
    position: i64,
    frame_ms: Option<i64>,
    last_ms: Option<i64>,
    text: String,
    certainty: f64,
    language: Option<String>,
    x1: f64,
    y1: f64,
    x2: f64,
    y2: f64,
    x3: f64,
    y3: f64,
    x4: f64,
    y4: f64,
    model: String,
    version: String,
    settings: String,
}

#[derive(FromRow)]
struct WordRow {
    media_id: MediaId,
    line: i64,
    #[sqlx(flatten)]
    word: TextWord,
}

impl Library {
    /// Stores the lines that a job read, in the order in which a person reads them, and ends it.
    ///
    /// # Errors
    /// [`Superseded`](super::LibraryError::Superseded) when the job's claim no longer holds; then nothing is stored.
    pub async fn store_text(&self, job: &Job, model: &ModelKey, lines: &[TextLine]) -> Result<()> {
        let id = job.medium()?;
        let mut tx = self.begin().await?;
        jobs::finish(&mut tx, job, Some(model)).await?;
        sqlx::query("DELETE FROM media_text_words WHERE media_id = $1").bind(id).execute(&mut *tx).await?;
        let gone = sqlx::query("DELETE FROM media_text WHERE media_id = $1").bind(id).execute(&mut *tx).await?;
        for (position, line) in lines.iter().enumerate() {
            let sql = "INSERT INTO media_text (media_id, position, frame_ms, last_ms, text, certainty, language, \
                       x1, y1, x2, y2, x3, y3, x4, y4, model, version, settings) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
            let mut insert = sqlx::query(sql).bind(id).bind(position as i64).bind(line.frame_ms).bind(line.last_ms);
            insert = insert.bind(&line.text).bind(line.certainty).bind(&line.language);
            for value in line.corners.iter().flatten() {
                insert = insert.bind(*value);
            }
            insert.bind(&model.name).bind(&model.version).bind(&model.settings).execute(&mut *tx).await?;
            for (at, word) in line.words.iter().enumerate() {
                let sql = "INSERT INTO media_text_words (media_id, line, position, text, certainty, begins, ends) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7)";
                let insert = sqlx::query(sql).bind(id).bind(position as i64).bind(at as i64).bind(&word.text);
                insert.bind(word.certainty).bind(word.begins).bind(word.ends).execute(&mut *tx).await?;
            }
        }
        if gone.rows_affected() > 0 || !lines.is_empty() {
            // The word index takes the medium in again.
            sqlx::query("UPDATE media SET version = version + 1 WHERE id = $1").bind(id).execute(&mut *tx).await?;
        }
        touch(&mut tx, Part::Contents).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The lines of text in each of these media, each with what read it; media without text are left out.
    pub async fn text_in(&self, ids: &[MediaId]) -> Result<HashMap<MediaId, Vec<(TextLine, ModelKey)>>> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM media_text WHERE media_id IN (");
        select::push_ids(&mut query, ids);
        query.push(") ORDER BY media_id, position");
        let rows = query.build_query_as::<Row>().fetch_all(&self.read).await?;
        let mut words = if rows.is_empty() { HashMap::new() } else { self.words_of_lines(ids).await? };
        let mut found: HashMap<MediaId, Vec<(TextLine, ModelKey)>> = HashMap::new();
        for row in rows {
            let line = TextLine {
                frame_ms: row.frame_ms,
                last_ms: row.last_ms,
                text: row.text,
                certainty: row.certainty,
                language: row.language,
                corners: [[row.x1, row.y1], [row.x2, row.y2], [row.x3, row.y3], [row.x4, row.y4]],
                words: words.remove(&(row.media_id, row.position)).unwrap_or_default(),
            };
            let by = ModelKey { name: row.model, version: row.version, settings: row.settings };
            found.entry(row.media_id).or_default().push((line, by));
        }
        Ok(found)
    }

    async fn words_of_lines(&self, ids: &[MediaId]) -> Result<HashMap<(MediaId, i64), Vec<TextWord>>> {
        let columns = "SELECT media_id, line, text, certainty, begins, ends FROM media_text_words WHERE media_id IN (";
        let mut query = QueryBuilder::<Sqlite>::new(columns);
        select::push_ids(&mut query, ids);
        query.push(") ORDER BY media_id, line, position");
        let mut words: HashMap<(MediaId, i64), Vec<TextWord>> = HashMap::new();
        for row in query.build_query_as::<WordRow>().fetch_all(&self.read).await? {
            words.entry((row.media_id, row.line)).or_default().push(row.word);
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_around_a_turned_line_lies_within_the_picture() {
        let line = TextLine {
            frame_ms: None,
            last_ms: None,
            text: String::new(),
            certainty: 1.0,
            language: None,
            corners: [[0.1, -0.1], [0.5, 0.1], [0.4, 0.3], [0.0, 0.1]],
            words: Vec::new(),
        };
        assert_eq!(line.area(), [0.0, 0.0, 0.5, 0.3]);
    }

    #[test]
    fn a_word_lies_along_its_line() {
        let line = TextLine {
            frame_ms: None,
            last_ms: None,
            text: String::new(),
            certainty: 1.0,
            language: None,
            corners: [[0.5, 0.0], [0.5, 0.8], [0.4, 0.8], [0.4, 0.0]],
            words: Vec::new(),
        };
        let word = TextWord { text: String::new(), certainty: 1.0, begins: 0.25, ends: 0.5 };
        assert_eq!(line.corners_of(&word), [[0.5, 0.2], [0.5, 0.4], [0.4, 0.4], [0.4, 0.2]]);
    }
}

//! Lines of text in pictures, as the web app shows and highlights them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::library::jobs::ModelKey;
use crate::library::lettering::TextLine;

/// A line of text in a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(super) struct LineView {
    /// What it says.
    text: String,
    /// 0–1.
    certainty: f64,
    /// ISO 639-1, where it can be told.
    language: Option<String>,
    /// When it is shown in a video, seconds from its start; null in a photo or the poster.
    at: Option<f64>,
    /// `[x, y, w, h]` in 0–1 of the upright picture.
    #[serde(rename = "box")]
    area: [f64; 4],
    /// Top left, top right, bottom right, bottom left in the way that it is read, in 0–1 of the picture.
    corners: [[f64; 2]; 4],
    words: Vec<WordView>,
    /// What read it.
    model: String,
    version: String,
}

/// A word of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
struct WordView {
    text: String,
    /// 0–1.
    certainty: f64,
    /// Its corners, as those of the line.
    corners: [[f64; 2]; 4],
}

impl From<&(TextLine, ModelKey)> for LineView {
    fn from((line, by): &(TextLine, ModelKey)) -> Self {
        let words = line.words.iter().map(|word| WordView {
            text: word.text.clone(),
            certainty: word.certainty,
            corners: line.corners_of(word),
        });
        Self {
            text: line.text.clone(),
            certainty: line.certainty,
            language: line.language.clone(),
            at: line.frame_ms.map(|ms| ms as f64 / 1000.0),
            area: line.area(),
            corners: line.corners,
            words: words.collect(),
            model: by.name.clone(),
            version: by.version.clone(),
        }
    }
}

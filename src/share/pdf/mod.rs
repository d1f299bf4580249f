//! Media on paper: a contact sheet or a photo book, as PDF.
//!
//! What must stay true: pages, pictures and fonts are written one after another, so that memory does not grow with their
//! number; every font that a letter is written in is embedded, and letters can be read back out of the file.

mod arrange;
mod book;
mod document;
mod faces;
mod page;
mod sheet;
mod text;

use std::io::Write;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Course, Form, ShareError, Shared, Sharing};
use document::Document;

/// Size of pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8½ × 11 inches.
    Letter,
}

impl Paper {
    /// Width and height upright, in points (1/72 inch).
    fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.276, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }
}

/// Writes a contact sheet or a photo book.
///
/// # Errors
/// When nothing can go on, or there is nothing to show.
pub fn write(sharing: &Sharing, out: &mut dyn Write, course: &Course<'_>) -> Result<Shared, ShareError> {
    if sharing.items.is_empty() {
        return Err(ShareError::Nothing);
    }
    let mut shared = sharing.begun();
    let mut document = Document::begin(out)?;
    match sharing.order.form {
        Form::Book => book::write(sharing, &mut document, &mut shared, course)?,
        _ => sheet::write(sharing, &mut document, &mut shared, course)?,
    }
    document.finish(&sharing.order.title)?;
    Ok(shared)
}

/// A rectangle on a page, in points from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rect {
    x: f32,
    y: f32,
    w: f32,
    h: f32,
}

impl Rect {
    /// The largest rectangle of these proportions within it, in its middle.
    fn fit(self, width: f32, height: f32) -> Self {
        let scale = (self.w / width).min(self.h / height);
        let (w, h) = (width * scale, height * scale);
        Self { x: self.x + (self.w - w) / 2.0, y: self.y + (self.h - h) / 2.0, w, h }
    }
}

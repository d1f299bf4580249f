//! What every reader is to the rest: pages in, lines out.

use futures::future::BoxFuture;

use super::page::Page;
use crate::engine::strips::Corners;
use crate::jobs::{ModelKey, Outcome};

/// Reads text.
pub trait TextReader: Send + Sync {
    /// What it reads with. It names everything that results depend on, and starts nothing.
    fn key(&self) -> &ModelKey;

    /// The lines on a page, as they were read: nothing is left out for being unlikely.
    ///
    /// # Errors
    /// How the job is to end.
    fn read<'a>(&'a self, page: &'a Page) -> BoxFuture<'a, Result<Vec<RawLine>, Outcome>>;
}

/// A line as a reader read it.
#[derive(Debug, Clone, PartialEq)]
pub struct RawLine {
    /// Top left, top right, bottom right, bottom left in the way that it was read; 0–1 of the page.
    pub corners: Corners,
    /// How certain it is that there is text at all, 0–1; `None` when the reader looked for lines by itself.
    pub found: Option<f32>,
    /// Its words, in order.
    pub words: Vec<RawWord>,
}

/// A word as a reader read it.
#[derive(Debug, Clone, PartialEq)]
pub struct RawWord {
    /// The word.
    pub text: String,
    /// How certain the reader is of it, 0–1.
    pub certainty: f32,
    /// Where it begins and ends, 0–1 of the line's length.
    pub span: [f32; 2],
}

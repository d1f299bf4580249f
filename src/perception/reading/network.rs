//! Reads by networks in the engine: one finds lines, one says what they say (feature `text` with a model that reads).

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::page::{EDGE, Page};
use super::reader::{RawLine, RawWord, TextReader};
use super::ways;
use crate::engine::ImageAnnotator;
use crate::engine::protocol::vision::{Feature, PictureFault, TextLine};
use crate::jobs::{ModelKey, Outcome};
use crate::perception::pictures::not_seen;

/// Two networks of the engine.
pub struct Network {
    annotator: Arc<dyn ImageAnnotator>,
    key: ModelKey,
}

impl Network {
    /// The networks of an engine, if it has some that read and not only find. Models are told to by their name: that of a
    /// pair is joined by `+`.
    pub fn new(annotator: &Arc<dyn ImageAnnotator>) -> Option<Self> {
        let model = annotator.models().get(&Feature::Text)?.clone();
        let settings = format!("edge={EDGE},{}", ways::KEY);
        let key = ModelKey { name: model.name, version: model.version, settings };
        key.name.contains('+').then(|| Self { annotator: Arc::clone(annotator), key })
    }
}

impl TextReader for Network {
    fn key(&self) -> &ModelKey {
        &self.key
    }

    fn read<'a>(&'a self, page: &'a Page) -> BoxFuture<'a, Result<Vec<RawLine>, Outcome>> {
        async move { Ok(lines_on(&*self.annotator, page).await?.into_iter().map(raw).collect()) }.boxed()
    }
}

/// The lines that the engine finds on a page.
///
/// # Errors
/// How the job is to end.
pub(super) async fn lines_on(annotator: &dyn ImageAnnotator, page: &Page) -> Result<Vec<TextLine>, Outcome> {
    let jpeg = page.jpeg().map_err(|error| Outcome::failed("picture_unreadable", error))?;
    let seen = annotator.annotate(&[jpeg], &[Feature::Text]).await?.pop().unwrap_or_default();
    match seen.error {
        Some(fault) => Err(not_seen(&PictureFault { message: format!("text: {}", fault.message), ..fault })),
        None => Ok(seen.text.unwrap_or_default()),
    }
}

fn raw(line: TextLine) -> RawLine {
    let word = |word: crate::engine::protocol::vision::ReadWord| RawWord {
        text: word.text,
        certainty: word.certainty,
        span: word.span,
    };
    RawLine {
        corners: line.corners.map(|corner| corner.map(f64::from)),
        found: Some(line.score),
        words: line.read.map(|read| read.words).unwrap_or_default().into_iter().map(word).collect(),
    }
}

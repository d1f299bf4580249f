//! Sees which pictures are in black and white, by the thumbnails that are there.

use std::path::{Path, PathBuf};

use super::{Indexer, JobError};
use crate::ingest::picture::{THUMBNAIL_SIZES, is_colourless, may_be_colourless, thumbnail_path};
use crate::library::colours::Unlooked;

/// Media looked at in one transaction.
const BATCH: u32 = 1000;

impl Indexer {
    /// Looks at every picture that has come since.
    pub(super) async fn look_at_colours(&self) -> Result<(), JobError> {
        loop {
            let unlooked = self.library().unlooked_colours(BATCH).await?;
            if unlooked.is_empty() {
                return Ok(());
            }
            let folder = self.inner.parts.thumbnails.clone();
            let looked = tokio::task::spawn_blocking(move || {
                unlooked.iter().map(|medium| (medium.id, colourless(&folder, medium))).collect::<Vec<_>>()
            });
            let looked = looked.await.map_err(|error| JobError::Ended(error.to_string()))?;
            self.library().set_colourless(&looked).await?;
        }
    }
}

/// Only what its placeholder does not show in colours is opened; of what cannot be opened nothing is said.
fn colourless(folder: &Path, medium: &Unlooked) -> bool {
    use base64::Engine as _;
    let thumbhash = medium.placeholder.as_deref().and_then(|text| base64::prelude::BASE64_STANDARD.decode(text).ok());
    if !thumbhash.is_some_and(|thumbhash| may_be_colourless(&thumbhash)) {
        return false;
    }
    let smallest = THUMBNAIL_SIZES[THUMBNAIL_SIZES.len() - 1];
    let path: PathBuf = thumbnail_path(folder, &medium.hash, smallest);
    image::open(path).is_ok_and(|picture| is_colourless(&picture.to_rgb8()))
}

//! Asks the library what is known of media that are to be shared, through its view.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::library::media::Medium;
use crate::library::shared::Said;
use crate::library::{Library, MediaId, Result};

/// A medium to share.
#[derive(Debug, Clone)]
pub struct Item {
    /// What is known of it.
    pub medium: Medium,
    /// What is said of it.
    pub said: Said,
    /// The video that a live photo moves in.
    pub motion: Option<Box<Item>>,
}

impl Item {
    /// One of its files that is there now.
    ///
    /// # Errors
    /// The reason for people, when none is.
    pub fn file(&self) -> std::result::Result<PathBuf, String> {
        let known = std::iter::once(&self.medium.path).chain(&self.said.paths).map(PathBuf::from);
        let there = known.into_iter().find(|path| path.is_file());
        there.ok_or_else(|| {
            "the file is not there any more; if it lies on a drive or network folder, connect it".to_owned()
        })
    }

    /// Moving pictures.
    pub fn is_video(&self) -> bool {
        self.medium.kind == "video"
    }
}

/// The media with these identifiers that may be seen, the earliest first and the undated last.
pub async fn gather(library: &Library, ids: &[MediaId]) -> Result<Vec<Item>> {
    let mut said = library.said_of(ids).await?;
    let motions: Vec<MediaId> = said.values().filter_map(|said| said.motion).collect();
    let mut motion_said = library.said_of(&motions).await?;
    let motions = library.media_by_ids(&motions).await?.into_iter();
    let mut motions: HashMap<MediaId, Medium> = motions.map(|medium| (medium.id, medium)).collect();
    let mut items = Vec::with_capacity(ids.len());
    for medium in library.media_by_ids(ids).await? {
        let said = said.remove(&medium.id).unwrap_or_default();
        let motion = said.motion.and_then(|id| motions.remove(&id)).map(|medium| {
            let said = motion_said.remove(&medium.id).unwrap_or_default();
            Box::new(Item { medium, said, motion: None })
        });
        items.push(Item { medium, said, motion });
    }
    items.sort_by(|a, b| {
        let key = |item: &Item| (item.medium.taken.is_none(), item.medium.taken.clone(), item.medium.name.clone());
        key(a).cmp(&key(b))
    });
    Ok(items)
}

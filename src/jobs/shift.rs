//! What one process has in hand: jobs claimed and not begun, batches under way.
//!
//! What stays true: every claimed job is either ready, in a batch, or ended; claims are renewed while they are in hand; a
//! batch whose claims are lost is stopped; a job that was begun before without an end is done alone, so that one that
//! takes its process down does not take others with it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::JobError;
use super::presence::Presence;
use super::queue::{Hold, LEASE_S, Pace, Queue, logged};
use super::work::{Outcome, Work};
use crate::library::jobs::{Claimant, Job, JobKind, Offer, PERSON_WAITS};
use crate::library::{JobId, LibraryError};

/// A job that was begun so often without an end takes the process down with it and is given up. Files are decoded in this
/// process; what models do happens in others, and a process that is killed often is then hardly the fault of its jobs.
fn most_attempts(kind: JobKind) -> i64 {
    if kind == JobKind::IngestFile { 12 } else { 200 }
}

/// One kind of job in this process.
struct Lane {
    work: Arc<dyn Work>,
    at_once: usize,
    per_minute: usize,
    /// Claimed and not begun.
    ready: VecDeque<Job>,
    /// Batches under way.
    running: usize,
    /// When jobs were begun within the last minute.
    begun: VecDeque<Instant>,
}

impl Lane {
    /// Jobs that may be begun now as far as the rate goes.
    fn allowance(&mut self) -> usize {
        if self.per_minute == 0 {
            return usize::MAX;
        }
        while self.begun.front().is_some_and(|at| at.elapsed() >= Duration::from_secs(60)) {
            self.begun.pop_front();
        }
        self.per_minute.saturating_sub(self.begun.len())
    }

    /// Jobs worth claiming: what fills the free places.
    fn wants(&mut self) -> usize {
        if !self.ready.is_empty() {
            return 0;
        }
        let free = self.at_once.saturating_sub(self.running);
        (free * self.work.batch().max(1) as usize).min(self.allowance())
    }

    fn next_batch(&mut self) -> Option<Vec<Job>> {
        if self.running >= self.at_once {
            return None;
        }
        let first = self.ready.pop_front()?;
        let mut batch = vec![first];
        while batch.len() < self.work.batch() as usize
            && batch[0].attempts == 1
            && self.ready.front().is_some_and(|job| job.attempts == 1)
        {
            batch.extend(self.ready.pop_front());
        }
        if self.per_minute > 0 {
            self.begun.extend(batch.iter().map(|_| Instant::now()));
        }
        Some(batch)
    }
}

/// A batch that ended: its lane.
type Ended = usize;

pub(super) struct Shift {
    queue: Queue,
    presence: Presence,
    lanes: Vec<Lane>,
    tasks: JoinSet<Ended>,
    batches: HashMap<Id, (usize, Vec<Job>, AbortHandle)>,
}

impl Shift {
    pub fn new(queue: Queue, presence: Presence) -> Self {
        let lane = |work: &Arc<dyn Work>| {
            let limits = queue.inner.config.limits(work.kind());
            Lane {
                at_once: if limits.at_once == 0 { work.at_once().max(1) } else { limits.at_once },
                per_minute: limits.per_minute,
                work: Arc::clone(work),
                ready: VecDeque::new(),
                running: 0,
                begun: VecDeque::new(),
            }
        };
        let lanes = queue.inner.works.iter().map(lane).collect();
        Self { queue, presence, lanes, tasks: JoinSet::new(), batches: HashMap::new() }
    }

    /// Claims and begins whatever is due and may be begun.
    pub async fn begin(&mut self) -> Result<(), JobError> {
        loop {
            self.return_resting().await?;
            self.begin_ready();
            let hold = self.queue.hold().await;
            let offers = self.offers(hold);
            let now = jiff::Timestamp::now().as_second();
            let claimant = Claimant { owner: self.presence.name(), now, until: now + LEASE_S };
            let claimed = self.queue.inner.library.claim_jobs(&offers, claimant).await?;
            let Some(first) = claimed.first() else { break };
            let kind = first.kind;
            if let Some(lane) = self.lanes.iter_mut().find(|lane| lane.work.kind() == kind) {
                lane.ready.extend(claimed);
            }
            self.count();
        }
        Ok(())
    }

    /// Gives back what was claimed of kinds whose engine turned out to be missing.
    async fn return_resting(&mut self) -> Result<(), JobError> {
        for lane in self.lanes.iter_mut().filter(|lane| !lane.ready.is_empty()) {
            if self.queue.rests(lane.work.kind()) {
                while let Some(job) = lane.ready.pop_front() {
                    self.queue.inner.library.give_back_job(&job).await?;
                }
            }
        }
        self.count();
        Ok(())
    }

    fn begin_ready(&mut self) {
        for index in 0..self.lanes.len() {
            while let Some(jobs) = self.lanes[index].next_batch() {
                let lane = &mut self.lanes[index];
                lane.running += 1;
                let (queue, work, batch) = (self.queue.clone(), Arc::clone(&lane.work), jobs.clone());
                let task = self.tasks.spawn(async move {
                    perform(&queue, &*work, batch).await;
                    index
                });
                self.batches.insert(task.id(), (index, jobs, task));
            }
        }
    }

    /// What this process can take on now.
    fn offers(&mut self, hold: Option<Hold>) -> Vec<Offer> {
        let seeing = |lane: &Lane| lane.work.kind() != JobKind::IngestFile;
        let busy: usize = self.lanes.iter().filter(|lane| seeing(lane)).map(|lane| lane.running).sum();
        let full = busy >= self.queue.inner.config.at_once.max(1);
        let later = self.queue.pace() == Pace::FilesOnly;
        let reading = self.lanes.iter().any(|lane| !seeing(lane) && (lane.running > 0 || !lane.ready.is_empty()));
        let mut offers = Vec::new();
        for lane in &mut self.lanes {
            let kind = lane.work.kind();
            let perception = seeing(lane);
            if self.queue.rests(kind) || (perception && (full || later)) {
                continue;
            }
            // A worker that has to wait lets through what a person waits for.
            let floor = match (perception, hold) {
                (true, Some(_)) => PERSON_WAITS,
                (true, None) if reading => JobKind::IngestFile.priority(),
                _ => i64::MIN,
            };
            let limit = u32::try_from(lane.wants()).unwrap_or(u32::MAX);
            offers.push(Offer { kind, model: lane.work.model(), limit, floor });
        }
        offers
    }

    /// Waits until a batch ended; for ever when none is under way.
    pub async fn one_ended(&mut self) {
        let (id, lane) = match self.tasks.join_next_with_id().await {
            None => return std::future::pending().await,
            Some(Ok((id, lane))) => (id, Some(lane)),
            Some(Err(error)) => {
                if error.is_panic() {
                    tracing::error!(%error, "a worker's end could not be recorded; its jobs are done again");
                }
                (error.id(), None)
            }
        };
        if let Some((index, jobs, _)) = self.batches.remove(&id)
            && let Some(lane) = self.lanes.get_mut(lane.unwrap_or(index))
        {
            lane.running = lane.running.saturating_sub(1);
            self.queue.note_ended(lane.work.kind(), jobs.len());
        }
        self.count();
    }

    /// Renews what is in hand, stops what was lost, and frees what dead processes hold.
    pub async fn beat(&mut self) -> Result<(), JobError> {
        let library = &self.queue.inner.library;
        let now = jiff::Timestamp::now().as_second();
        let jobs: Vec<Job> = self.in_hand().cloned().collect();
        if !jobs.is_empty() {
            let lost = library.renew_jobs(&jobs, now + LEASE_S).await?;
            self.stop(&lost);
        }
        let library = &self.queue.inner.library;
        for owner in library.job_owners().await? {
            if !self.presence.is_alive(&owner) {
                let released = library.release_jobs_of(&owner).await?;
                tracing::info!(released, "a process that worked on the library is gone; its jobs are done again");
            }
        }
        library.release_expired_jobs(now).await?;
        Ok(())
    }

    fn in_hand(&self) -> impl Iterator<Item = &Job> {
        let ready = self.lanes.iter().flat_map(|lane| &lane.ready);
        ready.chain(self.batches.values().flat_map(|(_, jobs, _)| jobs))
    }

    fn count(&self) {
        self.queue.note_in_hand(self.in_hand().count());
    }

    /// Stops jobs whose claim was lost. A batch goes on for those that were not.
    fn stop(&mut self, lost: &[Job]) {
        for lane in &mut self.lanes {
            lane.ready.retain(|job| !lost.contains(job));
        }
        for (_, jobs, task) in self.batches.values() {
            if jobs.iter().all(|job| lost.contains(job)) {
                task.abort();
            }
        }
    }

    /// Stops everything and gives it back.
    pub async fn end(mut self) {
        self.tasks.shutdown().await;
        for job in self.in_hand() {
            // What ended meanwhile is no longer claimed, and stays as it is.
            logged(self.queue.inner.library.give_back_job(job).await, "a job could not be given back");
        }
        self.queue.note_in_hand(0);
    }
}

/// Has a batch done and records how each job ended.
async fn perform(queue: &Queue, work: &dyn Work, jobs: Vec<Job>) {
    let kind = work.kind();
    let (hopeless, jobs): (Vec<Job>, Vec<Job>) = jobs.into_iter().partition(|job| job.attempts > most_attempts(kind));
    for job in hopeless {
        let message = format!("it was begun {} times and never ended; it is left out", job.attempts - 1);
        settle(queue, &job, Outcome::failed("never_ends", message)).await;
    }
    if jobs.is_empty() {
        return;
    }
    let began = Instant::now();
    let run = std::panic::AssertUnwindSafe(work.run(jobs.clone())).catch_unwind();
    let ended: HashMap<JobId, Outcome> = match tokio::time::timeout(work.time_limit(), run).await {
        Ok(Ok(outcomes)) => outcomes.into_iter().collect(),
        Ok(Err(_)) => all(&jobs, &Outcome::retry("worker_failed", "the worker failed; the log says more")),
        Err(_) => {
            let seconds = work.time_limit().as_secs();
            all(&jobs, &Outcome::retry("timed_out", format!("it took longer than {seconds} s")))
        }
    };
    let each = began.elapsed() / jobs.len() as u32;
    let mut rest = None;
    for job in &jobs {
        let missing = || Outcome::retry("no_outcome", "the worker did not say how it ended");
        match ended.get(&job.id).cloned().unwrap_or_else(missing) {
            Outcome::Unavailable { code, message } => {
                logged(queue.inner.library.give_back_job(job).await, "a job could not be given back");
                queue.inner.metrics.failed(kind, &code);
                rest = Some((code, message));
            }
            outcome => {
                if outcome == Outcome::Stored {
                    queue.inner.metrics.took(kind, each);
                    queue.rest(kind, None);
                }
                settle(queue, job, outcome).await;
            }
        }
    }
    if rest.is_some() {
        queue.rest(kind, rest);
    }
}

fn all(jobs: &[Job], outcome: &Outcome) -> HashMap<JobId, Outcome> {
    jobs.iter().map(|job| (job.id, outcome.clone())).collect()
}

/// Records a failure; a success is recorded with its result.
async fn settle(queue: &Queue, job: &Job, outcome: Outcome) {
    let (code, message, passing) = match outcome {
        Outcome::Retry { code, message } => (code, message, true),
        Outcome::Failed { code, message } => (code, message, false),
        Outcome::Stored | Outcome::Superseded | Outcome::Unavailable { .. } => return,
    };
    let inner = &queue.inner;
    inner.metrics.failed(job.kind, &code);
    let tries = job.retries + 1;
    let result = if passing && tries < inner.config.tries {
        let wait = inner.config.backoff_s(tries, &job.id.to_string());
        inner.library.retry_job_later(job, jiff::Timestamp::now().as_second() + wait, &code, &message).await
    } else {
        tracing::warn!(kind = %job.kind, subject = %job.subject, %code, "{message}");
        inner.library.fail_job(job, &code, &message).await
    };
    match result {
        Err(LibraryError::Superseded { .. }) => {}
        other => logged(other, "a failure could not be recorded; the job is done again"),
    }
}

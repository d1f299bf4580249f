//! What is going on, kind by kind: how much is left, how fast it goes, what holds it up.
//!
//! Counting many jobs takes a while, and many may want to know at once: an answer serves everybody for ten times as long
//! as it took to make.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use utoipa::ToSchema;

use super::indexer::Indexer;
use super::queue::Hold;
use super::{JobError, JobKind};
use crate::library::jobs::JobCounts;

/// What "of late" means, seconds.
const LATELY_S: i64 = 60;

/// How many jobs are in which state.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Waiting.
    pub queued: i64,
    /// Under way.
    pub running: i64,
    /// Finished.
    pub done: i64,
    /// Given up.
    pub failed: i64,
    /// Not to be done.
    pub cancelled: i64,
}

/// Why a kind does not get on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Obstacle {
    /// Stable code.
    pub code: String,
    /// In words, with what to do.
    pub message: String,
}

/// What is going on with one kind of job, or with an index.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KindActivity {
    /// `find_faces`; of an index `index_text`, `index_looks` or `index_meaning`.
    pub kind: String,
    /// How much is left.
    #[serde(flatten)]
    pub counts: Counts,
    /// The user holds it back.
    pub paused: bool,
    /// It can be held back: indexes cannot.
    pub steerable: bool,
    /// Its engine is missing or failing.
    pub obstacle: Option<Obstacle>,
    /// Jobs finished each second of late.
    pub rate_per_s: Option<f64>,
    /// Seconds until none is left at that rate.
    pub eta_s: Option<f64>,
    /// Half of the jobs since the start took no longer, seconds.
    pub p50_s: Option<f64>,
    /// 95 of 100 took no longer, seconds.
    pub p95_s: Option<f64>,
    /// 99 of 100 took no longer, seconds.
    pub p99_s: Option<f64>,
}

/// What is going on.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Activity {
    /// All kinds together.
    pub counts: Counts,
    /// Each kind, the first to be done first.
    pub by_kind: Vec<KindActivity>,
    /// The user holds everything back.
    pub paused: bool,
    /// Why perception does not begin at the moment.
    pub held: Option<Hold>,
    /// Jobs finished each second of late.
    pub rate_per_s: Option<f64>,
    /// Seconds until nothing is left, when the rate of all that is left is known.
    pub eta_s: Option<f64>,
}

/// The last answer, and how long it serves.
pub(super) type Cached = Mutex<Option<(Instant, Duration, Arc<Activity>)>>;

impl Indexer {
    /// What is going on, or was a moment ago.
    pub async fn activity(&self) -> Result<Arc<Activity>, JobError> {
        let mut cached = self.inner.activity.lock().await;
        if let Some((at, serves, activity)) = cached.as_ref()
            && at.elapsed() < *serves
        {
            return Ok(Arc::clone(activity));
        }
        let began = Instant::now();
        let activity = Arc::new(self.activity_now().await?);
        *cached = Some((Instant::now(), began.elapsed() * 10, Arc::clone(&activity)));
        Ok(activity)
    }

    /// What is going on now.
    pub async fn activity_now(&self) -> Result<Activity, JobError> {
        let (library, queue) = (self.library(), self.queue());
        let mut counts: BTreeMap<String, JobCounts> =
            library.job_counts().await?.into_iter().map(|counts| (counts.kind.clone(), counts)).collect();
        let now = jiff::Timestamp::now().as_second();
        let done = library.jobs_done_since(now - LATELY_S).await?;
        let rates: BTreeMap<String, f64> =
            done.into_iter().map(|(kind, done, first)| (kind, done as f64 / (now - first).max(1) as f64)).collect();
        let (pauses, rests, metrics) = (library.job_pauses().await?, queue.resting(), queue.metrics_of_all().await?);
        let able = queue.kinds();
        let mut activity = Activity { paused: pauses.all, held: queue.held(), ..Activity::default() };
        for kind in JobKind::ALL {
            let counts = counts.remove(kind.name());
            if counts.is_none() && !able.contains(&kind) {
                continue;
            }
            let counts = counts.map_or_else(Counts::default, |c| Counts {
                queued: c.queued,
                running: c.running,
                done: c.done,
                failed: c.failed,
                cancelled: c.cancelled,
            });
            let rate = rates.get(kind.name()).copied();
            let rest = rests.get(&kind).map(|rest| (rest.code.clone(), rest.message.clone()));
            let quantile = |q| metrics.get(&kind).and_then(|metrics| metrics.durations.quantile(q));
            activity.by_kind.push(KindActivity {
                kind: kind.name().to_owned(),
                eta_s: rate.map(|rate| (counts.queued + counts.running) as f64 / rate),
                rate_per_s: rate,
                counts,
                paused: pauses.hold(kind),
                steerable: true,
                obstacle: rest
                    .or_else(|| nobody(able.contains(&kind)))
                    .map(|(code, message)| Obstacle { code, message }),
                p50_s: quantile(0.5),
                p95_s: quantile(0.95),
                p99_s: quantile(0.99),
            });
        }
        for (kind, queued, done) in self.derived().await? {
            let counts = Counts { queued, done, ..Counts::default() };
            activity.by_kind.push(KindActivity { kind: kind.to_owned(), counts, ..KindActivity::default() });
        }
        Ok(summed(activity))
    }
}

/// What to say of jobs of a kind that nobody does here.
fn nobody(does: bool) -> Option<(String, String)> {
    let message = "the model for it is not installed; `recollect doctor` says how to add it";
    (!does).then(|| ("no_worker".to_owned(), message.to_owned()))
}

fn summed(mut activity: Activity) -> Activity {
    for kind in &activity.by_kind {
        activity.counts.queued += kind.counts.queued;
        activity.counts.running += kind.counts.running;
        activity.counts.done += kind.counts.done;
        activity.counts.failed += kind.counts.failed;
        activity.counts.cancelled += kind.counts.cancelled;
    }
    let open = activity.by_kind.iter().filter(|kind| kind.steerable && kind.counts.queued + kind.counts.running > 0);
    let etas: Option<Vec<f64>> = open.map(|kind| kind.eta_s.filter(|_| !kind.paused)).collect();
    activity.eta_s = etas.filter(|etas| !etas.is_empty()).map(|etas| etas.iter().sum());
    let rates: Vec<f64> = activity.by_kind.iter().filter_map(|kind| kind.rate_per_s).collect();
    activity.rate_per_s = (!rates.is_empty()).then(|| rates.iter().sum());
    activity
}

//! The queue at work: workers that succeed, fail, crash and hang, in one process and in several.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::library::jobs::tests::model;
use crate::library::jobs::{JobCounts, Which};
use crate::library::{JobId, Library, MediaId};

type Behaviour = dyn Fn(&Job) -> Option<Outcome> + Send + Sync;

/// A worker that ends jobs as it is told, storing a result that can be counted where it is told nothing.
struct Looks {
    kind: JobKind,
    library: Library,
    batch: u32,
    takes: Duration,
    behaves: Box<Behaviour>,
    /// Sizes of the batches that it was given.
    given: Arc<Mutex<Vec<usize>>>,
}

impl Looks {
    fn new(library: &Library, behaves: impl Fn(&Job) -> Option<Outcome> + Send + Sync + 'static) -> Self {
        let behaves = Box::new(behaves);
        let (kind, takes, given) = (JobKind::FindFaces, Duration::ZERO, Arc::default());
        Self { kind, library: library.clone(), batch: 4, takes, behaves, given }
    }
}

impl Work for Looks {
    fn kind(&self) -> JobKind {
        self.kind
    }

    fn model(&self) -> Option<ModelKey> {
        Some(model("1"))
    }

    fn batch(&self) -> u32 {
        self.batch
    }

    fn time_limit(&self) -> Duration {
        Duration::from_secs(2)
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        self.given.lock().unwrap().push(jobs.len());
        async move {
            let mut outcomes = Vec::new();
            for job in jobs {
                tokio::time::sleep(self.takes).await;
                let outcome = match (self.behaves)(&job) {
                    Some(outcome) => outcome,
                    None => match self.library.store_look(&job, &model("1")).await {
                        Ok(()) => Outcome::Stored,
                        Err(error) => error.into(),
                    },
                };
                outcomes.push((job.id, outcome));
            }
            outcomes
        }
        .boxed()
    }
}

/// A library of so many pictures.
async fn library(media: usize) -> (tempfile::TempDir, Library, Vec<MediaId>) {
    let dir = tempfile::tempdir().unwrap();
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    let mut ids = Vec::new();
    for number in 0..media {
        ids.push(library.add_medium(&format!("{number:03}.jpg")).await);
    }
    (dir, library, ids)
}

fn config() -> JobsConfig {
    JobsConfig { backoff_s: 1, backoff_max_s: 1, tries: 2, after_question_s: 0, ..JobsConfig::default() }
}

fn queue(dir: &tempfile::TempDir, library: &Library, config: JobsConfig, works: Vec<Arc<dyn Work>>) -> Queue {
    Queue::new(QueueParts { library: library.clone(), data: dir.path().to_owned(), config, works }).unwrap()
}

/// Runs the queue until nothing is left that can be done.
async fn run(queue: &Queue) {
    queue.fill().await.unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (queue, stop) = (queue.clone(), stop.clone());
        async move { queue.run(stop).await }
    });
    while queue.is_busy().await.unwrap() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    running.await.unwrap().unwrap();
}

async fn counts(library: &Library) -> JobCounts {
    library.job_counts().await.unwrap().remove(0)
}

/// How many results each medium has.
async fn results(library: &Library, ids: &[MediaId]) -> Vec<i64> {
    library.media_by_ids(ids).await.unwrap().iter().map(|medium| medium.version - 1).collect()
}

#[tokio::test]
async fn every_job_is_done_once_in_batches() {
    let (dir, library, ids) = library(10).await;
    let looks = Looks::new(&library, |_| None);
    let given = Arc::clone(&looks.given);
    let queue = queue(&dir, &library, config(), vec![Arc::new(looks)]);
    run(&queue).await;
    assert_eq!(results(&library, &ids).await, [1; 10]);
    assert_eq!(*given.lock().unwrap(), [4, 4, 2]);
    assert_eq!(queue.metrics()[&JobKind::FindFaces].durations.count, 10);
    run(&queue).await;
    assert_eq!(results(&library, &ids).await, [1; 10], "nothing lacks a result");
}

#[tokio::test]
async fn what_one_process_measures_the_others_tell() {
    let (dir, library, _) = library(3).await;
    let beside = queue(&dir, &library, config(), vec![Arc::new(Looks::new(&library, |_| None))]);
    let server = queue(&dir, &library, config(), Vec::new());
    run(&beside).await;
    assert!(server.metrics().is_empty());
    for queue in [&server, &beside] {
        let all = queue.metrics_of_all().await.unwrap();
        assert_eq!(all[&JobKind::FindFaces].durations.count, 3);
    }
}

#[tokio::test]
async fn passing_failures_are_tried_again_and_lasting_ones_kept_with_their_reason() {
    let (dir, library, ids) = library(4).await;
    let subjects: Vec<String> = ids.iter().map(MediaId::to_string).collect();
    let looks = Looks::new(&library, move |job| match subjects.iter().position(|subject| *subject == job.subject) {
        Some(0) => Some(Outcome::failed("unfit", "it cannot be seen")),
        Some(1) => Some(Outcome::retry("flaky", "the engine stumbled")),
        Some(2) if job.retries == 0 => Some(Outcome::retry("flaky", "the engine stumbled")),
        _ => None,
    });
    let given = Arc::clone(&looks.given);
    let queue = queue(&dir, &library, config(), vec![Arc::new(looks)]);
    run(&queue).await;
    assert_eq!(results(&library, &ids).await, [0, 0, 1, 1]);
    let failed = library.failed_jobs(10).await.unwrap();
    let reasons: Vec<_> = failed.iter().map(|job| (job.path.as_str(), job.error_code.as_str(), job.attempts)).collect();
    assert_eq!(reasons, [("/p/000.jpg", "unfit", 1), ("/p/001.jpg", "flaky", 2)]);
    assert_eq!(queue.metrics()[&JobKind::FindFaces].errors, [("flaky".into(), 3), ("unfit".into(), 1)].into());
    assert_eq!(given.lock().unwrap()[0], 4);
    assert!(given.lock().unwrap()[1..].iter().all(|size| *size == 1), "what was begun before comes alone");
}

#[tokio::test]
async fn a_worker_that_panics_or_hangs_takes_only_its_job_with_it() {
    let (dir, library, ids) = library(3).await;
    let subjects: Vec<String> = ids.iter().map(MediaId::to_string).collect();
    let mut looks = Looks::new(&library, move |job| {
        assert_ne!(job.subject, subjects[1], "this one is poison");
        None
    });
    looks.batch = 1;
    let queue = queue(&dir, &library, config(), vec![Arc::new(looks)]);
    run(&queue).await;
    assert_eq!(results(&library, &ids).await, [1, 0, 1]);
    assert_eq!(library.failed_jobs(10).await.unwrap()[0].error_code, "worker_failed");

    library.retry_jobs(Which::All, None).await.unwrap();
    let mut hangs = Looks::new(&library, |_| None);
    hangs.takes = Duration::from_secs(3600);
    let queue = super::tests::queue(&dir, &library, JobsConfig { tries: 1, ..config() }, vec![Arc::new(hangs)]);
    run(&queue).await;
    assert_eq!(library.failed_jobs(10).await.unwrap()[0].error_code, "timed_out");
}

#[tokio::test]
async fn a_missing_engine_is_no_jobs_fault_and_is_not_waited_for_without_end() {
    let (dir, library, ids) = library(6).await;
    let looks = Looks::new(&library, |_| Some(Outcome::unavailable("engine_unavailable", "it does not start")));
    let queue = queue(&dir, &library, config(), vec![Arc::new(looks)]);
    run(&queue).await;
    let counts = counts(&library).await;
    assert_eq!((counts.queued, counts.failed), (6, 0));
    assert_eq!(queue.resting()[&JobKind::FindFaces].code, "engine_unavailable");
    // The engine is there again: everything is done, as if never begun.
    let looks = Looks::new(&library, |job| (job.attempts > 1).then(|| Outcome::failed("counted", "it was not begun")));
    run(&super::tests::queue(&dir, &library, config(), vec![Arc::new(looks)])).await;
    assert_eq!(results(&library, &ids).await, [1; 6]);
}

#[tokio::test]
async fn perception_yields_to_questions_and_quiet_hours_unless_somebody_waits_for_it() {
    let (dir, library, ids) = library(2).await;
    let queue = queue(&dir, &library, config(), vec![Arc::new(Looks::new(&library, |_| None))]);
    let stop = CancellationToken::new();
    let asking = queue.asking();
    queue.fill().await.unwrap();
    let running = tokio::spawn({
        let (queue, stop) = (queue.clone(), stop.clone());
        async move { queue.run(stop).await }
    });
    while queue.held().is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(queue.held(), Some(Hold::PersonAsks));
    library.queue_first(JobKind::FindFaces, &model("1"), ids[1]).await.unwrap();
    queue.wake();
    while results(&library, &ids).await != [0, 1] {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(asking);
    queue.wake();
    while queue.is_busy().await.unwrap() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.cancel();
    running.await.unwrap().unwrap();
    assert_eq!(results(&library, &ids).await, [1, 1]);

    // The question was told to the workers of other processes, who learn of its end by time.
    let other = super::tests::queue(&dir, &library, config(), vec![Arc::new(Looks::new(&library, |_| None))]);
    assert_eq!(other.hold().await, Some(Hold::PersonAsks));

    let (dir, library, _) = super::tests::library(0).await;
    let always = JobsConfig { quiet_hours: "00:00-00:00".into(), ..config() };
    let quiet = super::tests::queue(&dir, &library, always, vec![Arc::new(Looks::new(&library, |_| None))]);
    assert_eq!(quiet.hold().await, Some(Hold::QuietHours));
    quiet.set_pace(queue::Pace::Hurry);
    assert_eq!(quiet.hold().await, None);
}

#[tokio::test]
async fn limits_of_a_kind_are_kept() {
    let (dir, library, ids) = library(5).await;
    let mut limited = config();
    limited.kinds.get_mut(&JobKind::FindFaces).unwrap().per_minute = 3;
    let looks = Looks::new(&library, |_| None);
    let given = Arc::clone(&looks.given);
    let queue = queue(&dir, &library, limited, vec![Arc::new(looks)]);
    queue.fill().await.unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (queue, stop) = (queue.clone(), stop.clone());
        async move { queue.run(stop).await }
    });
    while results(&library, &ids).await.iter().sum::<i64>() < 3 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    queue.wake();
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.cancel();
    running.await.unwrap().unwrap();
    assert_eq!(given.lock().unwrap().iter().sum::<usize>(), 3);
}

#[tokio::test]
async fn who_stops_gives_back_what_was_begun() {
    let (dir, library, ids) = library(3).await;
    let mut slow = Looks::new(&library, |_| None);
    slow.takes = Duration::from_secs(1);
    let given = Arc::clone(&slow.given);
    let queue = queue(&dir, &library, config(), vec![Arc::new(slow)]);
    queue.fill().await.unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (queue, stop) = (queue.clone(), stop.clone());
        async move { queue.run(stop).await }
    });
    while given.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.cancel();
    running.await.unwrap().unwrap();
    assert_eq!((counts(&library).await.queued, results(&library, &ids).await), (3, vec![0; 3]));
    let other = Looks::new(&library, |job| (job.attempts > 1).then(|| Outcome::failed("counted", "it was not begun")));
    run(&super::tests::queue(&dir, &library, config(), vec![Arc::new(other)])).await;
    assert_eq!(results(&library, &ids).await, [1; 3]);
}

const LIBRARY: &str = "RECOLLECT_TEST_QUEUE";
const MEDIA: usize = 150;
const CRASHES: usize = 12;

/// Not a test by itself: what each process of the next one does.
#[tokio::test]
async fn a_process_of_the_test_with_several() {
    let Some(data) = std::env::var_os(LIBRARY).map(PathBuf::from) else { return };
    let library = Library::open(&data.join("recollect.db")).await.unwrap();
    let mut looks = Looks::new(&library, |_| None);
    looks.takes = Duration::from_millis(2);
    let parts = QueueParts { library: library.clone(), data, config: config(), works: vec![Arc::new(looks)] };
    run(&Queue::new(parts).unwrap()).await;
}

fn another_process(data: &std::path::Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "jobs::tests::a_process_of_the_test_with_several"])
        .env(LIBRARY, data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn several_processes_that_are_killed_store_each_result_once() {
    let (dir, library, ids) = library(MEDIA).await;
    let queue = queue(&dir, &library, config(), vec![Arc::new(Looks::new(&library, |_| None))]);
    queue.fill().await.unwrap();
    let mut processes: Vec<Child> = (0..3).map(|_| another_process(dir.path())).collect();
    let (mut killed, mut stored) = (0, 0);
    // One is killed whenever some more results are stored, so that each kill hits work that is under way.
    while killed < CRASHES {
        let now = results(&library, &ids).await.iter().sum::<i64>() as usize;
        if now >= MEDIA {
            break;
        }
        if now >= stored + MEDIA / (CRASHES + 4) {
            stored = now;
            let mut victim = processes.remove(killed % processes.len());
            victim.kill().unwrap();
            victim.wait().unwrap();
            processes.push(another_process(dir.path()));
            killed += 1;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    assert!(killed >= CRASHES / 2, "only {killed} processes were killed at work: the test does not test enough");
    run(&queue).await;
    assert_eq!(results(&library, &ids).await, [1; MEDIA]);
    let counts = counts(&library).await;
    assert_eq!((counts.done, counts.queued, counts.running, counts.failed), (MEDIA as i64, 0, 0, 0));
}

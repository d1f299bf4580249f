//! The states of the queue against a model of them: whatever happens in whatever order, each job is where it should be,
//! and each result was stored by who held the job.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::*;
use super::{file, library, medium};

/// What may happen to the queue. Files and workers are numbered; a worker's claim is chosen by a number of any size.
#[derive(Debug, Clone)]
enum Step {
    Queue(usize),
    Claim { worker: usize, limit: u32 },
    Renew(usize),
    Wait(i64),
    Expire,
    Finish { worker: usize, claim: usize },
    Fail { worker: usize, claim: usize },
    RetryLater { worker: usize, claim: usize },
    GiveBack { worker: usize, claim: usize },
    Cancel(usize),
    RetryAll,
    Pause,
    Resume,
    Die(usize),
}

const FILES: usize = 4;
const WORKERS: usize = 3;
const LEASE: i64 = 60;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let claim = || (0..WORKERS, 0..8_usize);
    let step = prop_oneof![
        4 => (0..FILES).prop_map(Step::Queue),
        6 => (0..WORKERS, 1..4_u32).prop_map(|(worker, limit)| Step::Claim { worker, limit }),
        1 => (0..WORKERS).prop_map(Step::Renew),
        2 => (1..80_i64).prop_map(Step::Wait),
        1 => Just(Step::Expire),
        4 => claim().prop_map(|(worker, claim)| Step::Finish { worker, claim }),
        2 => claim().prop_map(|(worker, claim)| Step::Fail { worker, claim }),
        2 => claim().prop_map(|(worker, claim)| Step::RetryLater { worker, claim }),
        1 => claim().prop_map(|(worker, claim)| Step::GiveBack { worker, claim }),
        1 => (0..FILES).prop_map(Step::Cancel),
        1 => Just(Step::RetryAll),
        1 => Just(Step::Pause),
        2 => Just(Step::Resume),
        1 => (0..WORKERS).prop_map(Step::Die),
    ];
    proptest::collection::vec(step, 1..60)
}

/// What the queue should be like.
#[derive(Debug, Default)]
struct Expected {
    jobs: BTreeMap<usize, ExpectedJob>,
    paused: bool,
    now: i64,
}

#[derive(Debug, Clone, PartialEq)]
struct ExpectedJob {
    state: &'static str,
    run_after: i64,
    /// Worker, end and number of the claim.
    held: Option<(usize, i64, i64)>,
    attempts: i64,
    results: i64,
}

impl Expected {
    /// The job of a claim, if the claim still holds.
    fn held(&mut self, job: &Job, worker: usize) -> Option<&mut ExpectedJob> {
        let held = self.jobs.get_mut(&number(&job.subject))?;
        let holds =
            held.state == "running" && held.held.is_some_and(|(by, _, claim)| by == worker && claim == job.claim);
        holds.then_some(held)
    }

    fn release(&mut self, which: impl Fn((usize, i64, i64)) -> bool) {
        for job in self.jobs.values_mut().filter(|job| job.state == "running" && job.held.is_some_and(&which)) {
            (job.state, job.held) = ("queued", None);
        }
    }
}

fn number(subject: &str) -> usize {
    subject.trim_start_matches("/p/").trim_end_matches(".jpg").parse().unwrap()
}

/// Takes one step in the library and in what is expected, and compares what the step tells.
async fn take(library: &Library, expected: &mut Expected, claims: &mut [Vec<Job>; WORKERS], step: &Step) {
    let pick = |claims: &[Vec<Job>; WORKERS], worker: usize, claim: usize| {
        let held = &claims[worker];
        (!held.is_empty()).then(|| held[claim % held.len()].clone())
    };
    match *step {
        Step::Queue(n) => {
            library.queue_file(&file(&format!("{n}.jpg"))).await.unwrap();
            let results = expected.jobs.get(&n).map_or(0, |job| job.results);
            let job = ExpectedJob { state: "queued", run_after: 0, held: None, attempts: 0, results };
            expected.jobs.insert(n, job);
        }
        Step::Claim { worker, limit } => {
            let offer = Offer { kind: JobKind::IngestFile, model: None, limit, floor: i64::MIN };
            let owner = worker.to_string();
            let claimant = Claimant { owner: &owner, now: expected.now, until: expected.now + LEASE };
            let jobs = library.claim_jobs(&[offer], claimant).await.unwrap();
            let due =
                expected.jobs.iter_mut().filter(|(_, job)| job.state == "queued" && job.run_after <= expected.now);
            let due: Vec<_> = due.take(if expected.paused { 0 } else { limit as usize }).collect();
            assert_eq!(
                jobs.iter().map(|job| number(&job.subject)).collect::<Vec<_>>(),
                due.iter().map(|(n, _)| **n).collect::<Vec<_>>()
            );
            for (job, (_, due)) in jobs.iter().zip(due) {
                due.attempts += 1;
                (due.state, due.held) = ("running", Some((worker, expected.now + LEASE, job.claim)));
                assert_eq!(job.attempts, due.attempts);
            }
            claims[worker].extend(jobs);
        }
        Step::Renew(worker) => {
            let until = expected.now + LEASE;
            let lost = library.renew_jobs(&claims[worker], until).await.unwrap();
            for job in &claims[worker] {
                let held = expected.held(job, worker);
                assert_eq!(held.is_none(), lost.contains(job));
                if let Some(held) = held {
                    held.held = Some((worker, until, job.claim));
                }
            }
        }
        Step::Wait(seconds) => expected.now += seconds,
        Step::Expire => {
            library.release_expired_jobs(expected.now).await.unwrap();
            let now = expected.now;
            expected.release(|(_, until, _)| until <= now);
        }
        Step::Finish { worker, claim } => {
            let Some(job) = pick(claims, worker, claim) else { return };
            let stored = library.store_read(&job, &file(&job.subject[3..]), &medium(&job.subject)).await;
            let held = expected.held(&job, worker);
            assert_eq!(stored.is_ok(), held.is_some(), "{stored:?}");
            if let Some(held) = held {
                (held.state, held.held, held.results) = ("done", None, held.results + 1);
            }
        }
        Step::Fail { worker, claim } => {
            let Some(job) = pick(claims, worker, claim) else { return };
            let failed = library.fail_job(&job, "code", "reason").await;
            let held = expected.held(&job, worker);
            assert_eq!(failed.is_ok(), held.is_some(), "{failed:?}");
            if let Some(held) = held {
                (held.state, held.held) = ("failed", None);
            }
        }
        Step::RetryLater { worker, claim } => {
            let Some(job) = pick(claims, worker, claim) else { return };
            let after = expected.now + 30;
            library.retry_job_later(&job, after, "code", "reason").await.unwrap();
            if let Some(held) = expected.held(&job, worker) {
                (held.state, held.held, held.run_after) = ("queued", None, after);
            }
        }
        Step::GiveBack { worker, claim } => {
            let Some(job) = pick(claims, worker, claim) else { return };
            library.give_back_job(&job).await.unwrap();
            if let Some(held) = expected.held(&job, worker) {
                (held.state, held.held, held.attempts) = ("queued", None, held.attempts - 1);
            }
        }
        Step::Cancel(n) => {
            let sql = "SELECT id FROM jobs WHERE subject = $1";
            let id: Option<JobId> =
                sqlx::query_scalar(sql).bind(format!("/p/{n}.jpg")).fetch_optional(&library.read).await.unwrap();
            let Some(id) = id else { return };
            let cancelled = library.cancel_jobs(Which::One(id)).await.is_ok();
            let job = expected.jobs.get_mut(&n).unwrap();
            assert_eq!(cancelled, matches!(job.state, "queued" | "running"));
            if cancelled {
                (job.state, job.held) = ("cancelled", None);
            }
        }
        Step::RetryAll => {
            let retried = library.retry_jobs(Which::All, None).await.unwrap();
            let ended = expected.jobs.values_mut().filter(|job| matches!(job.state, "failed" | "cancelled"));
            let ended: Vec<_> = ended.collect();
            assert_eq!(retried, ended.len() as u64);
            for job in ended {
                (job.state, job.run_after, job.attempts) = ("queued", 0, 0);
            }
        }
        Step::Pause => {
            library.pause_jobs(Some(JobKind::IngestFile)).await.unwrap();
            expected.paused = true;
        }
        Step::Resume => {
            library.resume_jobs(None).await.unwrap();
            expected.paused = false;
        }
        Step::Die(worker) => {
            // It forgets what it had; a ghost of it could still try to store, which other steps do.
            library.release_jobs_of(&worker.to_string()).await.unwrap();
            expected.release(|(by, _, _)| by == worker);
        }
    }
}

/// Every job of the library as it should be.
async fn compare(library: &Library, expected: &Expected) {
    let sql = "SELECT subject, state, run_after, attempts, owner FROM jobs ORDER BY subject";
    let rows: Vec<(String, String, i64, i64, Option<String>)> =
        sqlx::query_as(sql).fetch_all(&library.read).await.unwrap();
    let found: Vec<_> = rows
        .iter()
        .map(|(subject, state, after, attempts, owner)| {
            (number(subject), state.as_str(), *after, *attempts, owner.clone())
        })
        .collect();
    let wanted: Vec<_> = expected
        .jobs
        .iter()
        .map(|(n, job)| (*n, job.state, job.run_after, job.attempts, job.held.map(|(worker, _, _)| worker.to_string())))
        .collect();
    assert_eq!(found, wanted);
    for (n, job) in &expected.jobs {
        let sql = "SELECT version FROM media WHERE hash = $1";
        let stored: Option<i64> =
            sqlx::query_scalar(sql).bind(format!("/p/{n}.jpg")).fetch_optional(&library.read).await.unwrap();
        assert_eq!(stored.unwrap_or(0), job.results, "a result was stored without a claim, or lost");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_queue_does_what_its_states_say(steps in steps()) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let (_dir, library) = library().await;
            let mut expected = Expected::default();
            let mut claims: [Vec<Job>; WORKERS] = Default::default();
            for step in &steps {
                take(&library, &mut expected, &mut claims, step).await;
                compare(&library, &expected).await;
            }
        });
    }
}

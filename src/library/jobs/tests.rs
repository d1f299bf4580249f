//! The queue on a real database: its states against a model of them, claims that fence, what lacks a result.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::library::files::ScanOutcome;
use crate::library::media::{NewMedium, SeenFile};

async fn library() -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    (dir, library)
}

fn file(name: &str) -> SeenFile {
    let path = format!("/p/{name}");
    SeenFile { path, folder: "/p".into(), name: name.into(), bytes: 10, modified_ns: 1, sidecars: String::new() }
}

fn medium(name: &str) -> NewMedium {
    let kind = if name.ends_with(".mp4") { "video" } else { "photo" };
    NewMedium { hash: name.into(), kind, mime: "image/jpeg".into(), ..NewMedium::default() }
}

pub(crate) fn model(version: &str) -> ModelKey {
    ModelKey { name: "eye".into(), version: version.into(), settings: "size=8".into() }
}

impl Library {
    /// Adds a medium as reading a file of that name would.
    pub(crate) async fn add_medium(&self, name: &str) -> MediaId {
        self.store_medium(&file(name), &medium(name)).await.unwrap()
    }

    /// Stores a result that can be counted: each raises the medium's version by one.
    pub(crate) async fn store_look(&self, job: &Job, model: &ModelKey) -> Result<()> {
        let mut tx = self.begin().await?;
        finish(&mut tx, job, Some(model)).await?;
        let sql = "UPDATE media SET version = version + 1 WHERE id = $1";
        sqlx::query(sql).bind(job.medium()?).execute(&mut *tx).await?;
        super::super::touch(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn claim_for(&self, kind: JobKind, model: Option<ModelKey>, owner: &str, now: i64) -> Vec<Job> {
        let offer = Offer { kind, model, limit: 10, floor: i64::MIN };
        self.claim_jobs(&[offer], Claimant { owner, now, until: now + 60 }).await.unwrap()
    }

    async fn counts_of(&self, kind: JobKind) -> [i64; 5] {
        let counts = self.job_counts().await.unwrap().into_iter().find(|counts| counts.kind == kind.name());
        counts.map_or([0; 5], |c| [c.queued, c.running, c.done, c.failed, c.cancelled])
    }
}

fn superseded<T: std::fmt::Debug>(result: Result<T>) -> bool {
    matches!(result, Err(LibraryError::Superseded { .. }))
}

#[tokio::test]
async fn who_lost_a_claim_stores_nothing() {
    let (_dir, library) = library().await;
    let id = library.add_medium("a.jpg").await;
    let eye = model("1");
    assert_eq!(library.queue_lacking(JobKind::FindFaces, &eye).await.unwrap(), 1);
    let slow = library.claim_for(JobKind::FindFaces, Some(eye.clone()), "slow", 100).await.remove(0);
    assert!(library.claim_for(JobKind::FindFaces, Some(eye.clone()), "quick", 150).await.is_empty());
    library.release_expired_jobs(159).await.unwrap();
    assert!(
        library.claim_for(JobKind::FindFaces, Some(eye.clone()), "quick", 159).await.is_empty(),
        "60 s are not over"
    );
    library.release_expired_jobs(160).await.unwrap();
    let quick = library.claim_for(JobKind::FindFaces, Some(eye.clone()), "quick", 160).await.remove(0);
    assert_eq!((quick.id, quick.attempts), (slow.id, 2));
    let before = library.medium(id).await.unwrap().version;
    assert!(superseded(library.store_look(&slow, &eye).await));
    assert!(superseded(library.fail_job(&slow, "late", "late").await));
    library.retry_job_later(&slow, 0, "late", "late").await.unwrap();
    library.give_back_job(&slow).await.unwrap();
    assert_eq!(library.renew_jobs(&[slow.clone(), quick.clone()], 300).await.unwrap(), [slow.clone()]);
    assert_eq!(library.medium(id).await.unwrap().version, before);
    library.store_look(&quick, &eye).await.unwrap();
    assert!(superseded(library.store_look(&quick, &eye).await), "a result is stored once");
    assert_eq!(library.medium(id).await.unwrap().version, before + 1);
    assert_eq!(library.counts_of(JobKind::FindFaces).await, [0, 0, 1, 0, 0]);
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_is_read_again() {
    let (_dir, library) = library().await;
    library.queue_file(&file("a.jpg")).await.unwrap();
    let early = library.claim_for(JobKind::IngestFile, None, "w", 0).await.remove(0);
    library.queue_file(&file("a.jpg")).await.unwrap();
    assert!(superseded(library.store_read(&early, &file("a.jpg"), &medium("a.jpg")).await));
    let late = library.claim_for(JobKind::IngestFile, None, "w", 0).await.remove(0);
    library.store_read(&late, &file("a.jpg"), &medium("a.jpg")).await.unwrap();
    assert_eq!(library.file_counts().await.unwrap().indexed, 1);
}

#[tokio::test]
async fn exactly_what_lacks_a_current_result_is_queued() {
    let (_dir, library) = library().await;
    let (eye, kind) = (model("1"), JobKind::FindObjects);
    let a = library.add_medium("a.jpg").await;
    library.add_medium("b.jpg").await;
    let broken = NewMedium { problem: Some(("no_picture".into(), "x".into())), ..medium("c.jpg") };
    library.store_medium(&file("c.jpg"), &broken).await.unwrap();
    assert_eq!(library.queue_lacking(kind, &eye).await.unwrap(), 2, "of one there is no picture");
    assert_eq!(library.queue_lacking(kind, &eye).await.unwrap(), 0, "once is enough");
    for job in library.claim_for(kind, Some(eye.clone()), "w", 0).await {
        if job.subject == a.to_string() {
            library.store_look(&job, &eye).await.unwrap();
        } else {
            library.fail_job(&job, "unfit", "it cannot be seen").await.unwrap();
        }
    }
    assert_eq!(library.queue_lacking(kind, &eye).await.unwrap(), 0, "what was given up stays so");
    // A new medium, and only that.
    library.add_medium("d.jpg").await;
    assert_eq!(library.queue_lacking(kind, &eye).await.unwrap(), 1);
    // Another version, other settings: everything anew, also what the old one failed at. The old result stays.
    let other = ModelKey { settings: "size=16".into(), ..eye.clone() };
    for newer in [model("2"), other] {
        assert_eq!(library.media_lacking(kind, &newer).await.unwrap().len(), 3);
        assert_eq!(library.queue_lacking(kind, &newer).await.unwrap(), 3);
        assert_eq!(library.result_model(kind, a).await.unwrap(), Some(eye.clone()));
        assert!(library.claim_for(kind, Some(eye.clone()), "w", 0).await.is_empty(), "the old model gets no more");
    }
    let newest = ModelKey { settings: "size=16".into(), ..eye.clone() };
    for job in library.claim_for(kind, Some(newest.clone()), "w", 0).await {
        library.store_look(&job, &newest).await.unwrap();
    }
    assert_eq!(library.result_model(kind, a).await.unwrap(), Some(newest.clone()));
    assert!(library.media_lacking(kind, &newest).await.unwrap().is_empty());
    assert_eq!(library.count_results(kind, &newest).await.unwrap(), 3);
}

#[tokio::test]
async fn a_job_waits_for_what_it_is_made_from_and_is_done_again_with_it() {
    let (_dir, library) = library().await;
    let (eye, faces) = (model("1"), JobKind::FindFaces);
    let video = library.add_medium("v.mp4").await;
    let photo = library.add_medium("p.jpg").await;
    library.queue_lacking(faces, &eye).await.unwrap();
    library.queue_lacking(JobKind::Keyframes, &eye).await.unwrap();
    let first = library.claim_for(faces, Some(eye.clone()), "w", 0).await;
    assert_eq!(first.iter().map(|job| job.medium().unwrap()).collect::<Vec<_>>(), [photo]);
    let frames = library.claim_for(JobKind::Keyframes, Some(eye.clone()), "w", 0).await.remove(0);
    assert!(library.claim_for(faces, Some(eye.clone()), "w", 0).await.is_empty(), "they are under way");
    assert!(library.has_open_jobs(&[faces]).await.unwrap(), "the photo is under way");
    library.store_look(&first[0], &eye).await.unwrap();
    assert!(!library.has_open_jobs(&[faces]).await.unwrap(), "what waits for another job is not open by itself");
    library.store_look(&frames, &eye).await.unwrap();
    let job = library.claim_for(faces, Some(eye.clone()), "w", 0).await.remove(0);
    assert_eq!(job.medium().unwrap(), video);
    library.store_look(&job, &eye).await.unwrap();
    // New frames: the faces on them are looked for again, and the photo's are not.
    library.queue_lacking(JobKind::Keyframes, &model("2")).await.unwrap();
    let frames = library.claim_for(JobKind::Keyframes, Some(model("2")), "w", 0).await.remove(0);
    library.store_look(&frames, &model("2")).await.unwrap();
    let again = library.claim_for(faces, Some(eye.clone()), "w", 0).await;
    assert_eq!(again.iter().map(|job| job.medium().unwrap()).collect::<Vec<_>>(), [video]);
    // Frames that cannot be had are not waited for.
    library.queue_lacking(JobKind::Keyframes, &model("3")).await.unwrap();
    library.queue_first(faces, &eye, video).await.unwrap();
    let frames = library.claim_for(JobKind::Keyframes, Some(model("3")), "w", 0).await.remove(0);
    library.fail_job(&frames, "broken", "it is cut off").await.unwrap();
    assert_eq!(library.claim_for(faces, Some(eye), "w", 0).await.len(), 1);
}

#[tokio::test]
async fn what_a_person_waits_for_goes_first() {
    let (_dir, library) = library().await;
    let eye = model("1");
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        library.add_medium(name).await;
    }
    let last = library.add_medium("z.jpg").await;
    library.queue_file(&file("new.jpg")).await.unwrap();
    library.queue_lacking(JobKind::FindFaces, &eye).await.unwrap();
    library.queue_lacking(JobKind::Caption, &eye).await.unwrap();
    library.queue_first(JobKind::ReadText, &eye, last).await.unwrap();
    let one = |kind: JobKind| {
        let model = (kind != JobKind::IngestFile).then(|| eye.clone());
        Offer { kind, model, limit: 1, floor: i64::MIN }
    };
    let offers: Vec<Offer> = JobKind::ALL.into_iter().rev().map(one).collect();
    let claimant = Claimant { owner: "w", now: 0, until: 60 };
    let mut order = Vec::new();
    for _ in 0..6 {
        order.push(library.claim_jobs(&offers, claimant).await.unwrap().remove(0).kind);
    }
    let faces = JobKind::FindFaces;
    assert_eq!(order, [JobKind::ReadText, JobKind::IngestFile, faces, faces, faces, faces]);
    assert!(library.claim_jobs(&offers, claimant).await.unwrap().is_empty(), "captions wait for what they speak of");
}

#[tokio::test]
async fn pauses_outlive_the_process() {
    let (dir, library) = library().await;
    let (eye, faces) = (model("1"), JobKind::FindFaces);
    library.add_medium("a.jpg").await;
    library.queue_lacking(faces, &eye).await.unwrap();
    library.pause_jobs(Some(faces)).await.unwrap();
    library.pause_jobs(Some(faces)).await.unwrap();
    library.close().await;
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    assert!(library.claim_for(faces, Some(eye.clone()), "w", 0).await.is_empty());
    assert!(!library.has_open_jobs(&[faces]).await.unwrap(), "nobody waits for what is held back");
    library.resume_jobs(Some(faces)).await.unwrap();
    library.pause_jobs(None).await.unwrap();
    assert!(library.claim_for(faces, Some(eye.clone()), "w", 0).await.is_empty());
    library.resume_jobs(None).await.unwrap();
    assert_eq!(library.claim_for(faces, Some(eye), "w", 0).await.len(), 1);
    assert_eq!(library.job_pauses().await.unwrap(), Pauses::default());
}

#[tokio::test]
async fn what_was_given_up_or_cancelled_is_tried_again_when_asked() {
    let (_dir, library) = library().await;
    let (eye, faces) = (model("1"), JobKind::FindFaces);
    for name in ["a.jpg", "b.jpg"] {
        library.add_medium(name).await;
    }
    library.queue_file(&file("c.jpg")).await.unwrap();
    library.queue_lacking(faces, &eye).await.unwrap();
    let jobs = library.claim_for(faces, Some(eye.clone()), "w", 0).await;
    library.fail_job(&jobs[0], "unfit", "it cannot be seen").await.unwrap();
    assert_eq!(library.failures_by_code().await.unwrap(), [("find_faces".into(), "unfit".into(), 1)]);
    assert_eq!(library.cancel_jobs(Which::All).await.unwrap(), 2);
    assert!(superseded(library.store_look(&jobs[1], &eye).await), "nobody wants it any more");
    assert_eq!(library.queue_lacking(faces, &eye).await.unwrap(), 0, "and it is not queued by itself");
    assert_eq!(library.failed_files(10).await.unwrap()[0].error_code, "cancelled");
    let seen = [file("a.jpg"), file("b.jpg"), file("c.jpg")];
    let ScanOutcome { queued, .. } = library.reconcile("/p", &seen).await.unwrap();
    assert_eq!(queued, 0, "walking the folder again does not undo it");
    assert_eq!(library.retry_jobs(Which::Kind(faces)).await.unwrap(), 2);
    assert_eq!(library.claim_for(faces, Some(eye), "w", 0).await.len(), 2);
    assert_eq!(library.retry_jobs(Which::All).await.unwrap(), 1);
    assert!(matches!(library.retry_jobs(Which::One(jobs[0].id)).await, Err(LibraryError::NotFound { .. })));
}

#[tokio::test]
async fn a_medium_that_is_gone_leaves_no_jobs() {
    let (_dir, library) = library().await;
    let eye = model("1");
    library.add_medium("a.jpg").await;
    library.queue_lacking(JobKind::FindFaces, &eye).await.unwrap();
    let job = library.claim_for(JobKind::FindFaces, Some(eye.clone()), "w", 0).await.remove(0);
    library.forget_files(&["/p/a.jpg".to_owned()]).await.unwrap();
    assert_eq!(library.drop_orphans().await.unwrap(), 1);
    assert!(superseded(library.store_look(&job, &eye).await));
    assert!(library.job_counts().await.unwrap().is_empty());
}

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
            let retried = library.retry_jobs(Which::All).await.unwrap();
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

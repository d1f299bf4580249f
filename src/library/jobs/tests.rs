//! The queue on a real database: claims that fence, what lacks a result, what waits for what.

mod states;

use super::*;
use crate::library::files::ScanOutcome;
use crate::library::media::{NewMedium, SeenFile};

async fn library() -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
    (dir, library)
}

pub(crate) fn file(name: &str) -> SeenFile {
    let path = format!("/p/{name}");
    SeenFile { path, folder: "/p".into(), name: name.into(), bytes: 10, modified_ns: 1, sidecars: String::new() }
}

pub(crate) fn medium(name: &str) -> NewMedium {
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
        super::super::touch(&mut tx, super::super::Part::Contents).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn claim_for(&self, kind: JobKind, model: Option<ModelKey>, owner: &str, now: i64) -> Vec<Job> {
        let offer = Offer { kind, model, limit: 10, floor: i64::MIN };
        self.claim_jobs(&[offer], Claimant { owner, now, until: now + 60 }).await.unwrap()
    }

    /// Which media have a result, and what each was made with.
    async fn made_with(&self, kind: JobKind) -> Vec<(MediaId, ModelKey)> {
        let sql = "SELECT media_id, model, version, settings FROM media_results WHERE kind = $1 ORDER BY media_id";
        let rows: Vec<(MediaId, String, String, String)> =
            sqlx::query_as(sql).bind(kind.name()).fetch_all(&self.read).await.unwrap();
        rows.into_iter().map(|(id, name, version, settings)| (id, ModelKey { name, version, settings })).collect()
    }

    /// How the file of this name stands: its state, and why it failed.
    async fn file_state(&self, name: &str) -> (String, Option<String>) {
        let sql = "SELECT state, error_code FROM files WHERE name = $1";
        sqlx::query_as(sql).bind(name).fetch_one(&self.read).await.unwrap()
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
    assert_eq!(library.renew_jobs(&[slow.clone(), quick.clone()], 300).await.unwrap(), std::slice::from_ref(&slow));
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
    assert_eq!(library.file_state("a.jpg").await, ("indexed".into(), None));
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
        assert_eq!(library.queue_lacking(kind, &newer).await.unwrap(), 3);
        assert_eq!(library.made_with(kind).await, [(a, eye.clone())]);
        assert!(library.claim_for(kind, Some(eye.clone()), "w", 0).await.is_empty(), "the old model gets no more");
    }
    let newest = ModelKey { settings: "size=16".into(), ..eye.clone() };
    for job in library.claim_for(kind, Some(newest.clone()), "w", 0).await {
        library.store_look(&job, &newest).await.unwrap();
    }
    let made = library.made_with(kind).await;
    assert!(made.len() == 3 && made.iter().all(|(_, model)| *model == newest), "{made:?}");
    assert_eq!(library.queue_lacking(kind, &newest).await.unwrap(), 0);
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
    assert_eq!(library.file_state("c.jpg").await, ("failed".into(), Some("cancelled".into())));
    let seen = [file("a.jpg"), file("b.jpg"), file("c.jpg")];
    let ScanOutcome { queued, .. } = library.reconcile("/p", &seen).await.unwrap();
    assert_eq!(queued, 0, "walking the folder again does not undo it");
    assert_eq!(library.retry_jobs(Which::Kind(faces), Some(Ended::Cancelled)).await.unwrap(), 1);
    assert_eq!(library.retry_jobs(Which::Kind(faces), None).await.unwrap(), 1, "the one that failed");
    assert_eq!(library.claim_for(faces, Some(eye), "w", 0).await.len(), 2);
    assert_eq!(library.retry_jobs(Which::All, None).await.unwrap(), 1);
    assert!(matches!(library.retry_jobs(Which::One(jobs[0].id), None).await, Err(LibraryError::NotFound { .. })));
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

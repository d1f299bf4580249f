//! Photos and videos shown to an eye that sees one thing in each picture: the number in its first byte.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use super::*;
use crate::engine::protocol::vision::Object;
use crate::ingest::picture::write_whole;
use crate::library::MediaId;
use crate::library::jobs::{Claimant, Offer};
use crate::perception::FindObjects;

/// A picture that the model fails at.
const PAIN: u8 = 255;

struct Eye {
    models: BTreeMap<Feature, SeeingModel>,
    /// Pictures in each request.
    requests: Mutex<Vec<usize>>,
    /// What was said to be wanted soon.
    expected: Mutex<Vec<Feature>>,
}

impl ImageAnnotator for Eye {
    fn models(&self) -> &BTreeMap<Feature, SeeingModel> {
        &self.models
    }

    fn annotate<'a>(
        &'a self,
        pictures: &'a [Bytes],
        _: &'a [Feature],
    ) -> BoxFuture<'a, Result<Vec<Annotation>, EngineError>> {
        self.requests.lock().unwrap().push(pictures.len());
        let see = |picture: &Bytes| match picture[0] {
            PAIN => {
                let error = Some(PictureFault { code: "failed".into(), message: "it hurts".into() });
                Annotation { error, ..Annotation::default() }
            }
            number => {
                let object = Object { label: number.to_string(), score: 0.9, area: [0.1, 0.1, 0.5, 0.5] };
                Annotation { objects: Some(vec![object]), ..Annotation::default() }
            }
        };
        let seen = pictures.iter().map(see).collect();
        async move { Ok(seen) }.boxed()
    }

    fn expect(&self, _: &Bytes, features: &[Feature]) {
        self.expected.lock().unwrap().extend(features);
    }
}

struct Scene {
    _dir: tempfile::TempDir,
    library: Library,
    eye: Arc<Eye>,
    work: FindObjects,
    thumbnails: PathBuf,
}

impl Scene {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("recollect.db")).await.unwrap();
        let model = SeeingModel { name: "eye".into(), version: "1".into() };
        let models = BTreeMap::from([(Feature::Objects, model)]);
        let eye = Arc::new(Eye { models, requests: Mutex::default(), expected: Mutex::default() });
        let thumbnails = dir.path().join("thumbnails");
        let kinds = Arc::from([JobKind::FindObjects, JobKind::FindFaces]);
        let (annotator, folder) = (eye.clone(), thumbnails.clone());
        let pictures = Pictures { library: library.clone(), thumbnails: folder, annotator, kinds };
        Self { work: FindObjects::new(&pictures).unwrap(), _dir: dir, library, eye, thumbnails }
    }

    /// A medium with a thumbnail and, of a video, frames at these times.
    async fn add(&self, name: &str, frames: &[i64]) -> MediaId {
        let id = self.library.add_medium(name).await;
        self.write(&thumbnail_path(&self.thumbnails, name, EDGE), 0);
        if !frames.is_empty() {
            let key = ModelKey { name: "scenes".into(), version: "1".into(), settings: String::new() };
            self.library.queue_first(JobKind::Keyframes, &key, id).await.unwrap();
            let job = self.claim(JobKind::Keyframes, &key).await.remove(0);
            for at in frames {
                self.write(&keyframe_path(&self.thumbnails, name, *at), (at / 1000) as u8);
            }
            self.library.store_keyframes(&job, &key, frames).await.unwrap();
        }
        id
    }

    fn write(&self, path: &Path, byte: u8) {
        write_whole(path, &[byte]).unwrap();
    }

    async fn claim(&self, kind: JobKind, key: &ModelKey) -> Vec<Job> {
        let offer = Offer { kind, model: Some(key.clone()), limit: 16, floor: 0 };
        let claimant = Claimant { owner: "test", now: i64::MAX / 2, until: i64::MAX };
        self.library.claim_jobs(&[offer], claimant).await.unwrap()
    }

    async fn look(&self) -> Vec<Outcome> {
        let key = Looks::key(&self.work);
        self.library.queue_lacking(JobKind::FindObjects, key).await.unwrap();
        let jobs = self.claim(JobKind::FindObjects, key).await;
        self.work.run(jobs).await.into_iter().map(|(_, outcome)| outcome).collect()
    }

    async fn seen(&self, id: MediaId) -> Vec<(Option<i64>, String)> {
        let seen = self.library.seen(&[id]).await.unwrap().remove(0);
        let mut seen: Vec<_> = seen.objects.into_iter().map(|(object, _)| (object.frame_ms, object.label)).collect();
        seen.sort();
        seen
    }
}

#[test]
fn a_model_that_failed_is_tried_again_and_a_broken_picture_is_not() {
    let fault = |code: &str| PictureFault { code: code.to_owned(), message: "x".to_owned() };
    assert_eq!(not_seen(&fault("failed")), Outcome::retry("model_failed", "x"));
    for code in ["unreadable", "too_large"] {
        assert_eq!(not_seen(&fault(code)), Outcome::failed("picture_unreadable", "x"));
    }
}

#[tokio::test]
async fn every_frame_of_a_video_is_seen_and_no_request_is_larger_than_a_batch() {
    let scene = Scene::new().await;
    let photo = scene.add("a.jpg", &[]).await;
    let frames: Vec<i64> = (1..=40).map(|at| at * 1000).collect();
    let video = scene.add("b.mp4", &frames).await;
    assert_eq!(scene.look().await, [Outcome::Stored, Outcome::Stored]);
    assert_eq!(scene.seen(photo).await, [(None, "0".to_owned())]);
    let seen = scene.seen(video).await;
    assert_eq!((seen.len(), &seen[0], &seen[40]), (41, &(None, "0".into()), &(Some(40_000), "40".into())));
    assert_eq!(*scene.eye.requests.lock().unwrap(), [16, 16, 10]);
    assert!(scene.look().await.is_empty(), "and nothing is seen twice");
}

#[tokio::test]
async fn a_video_is_not_lost_for_one_of_its_frames() {
    let scene = Scene::new().await;
    let video = scene.add("b.mp4", &[1000, 2000, 3000]).await;
    std::fs::remove_file(keyframe_path(&scene.thumbnails, "b.mp4", 2000)).unwrap();
    std::fs::remove_file(thumbnail_path(&scene.thumbnails, "b.mp4", EDGE)).unwrap();
    scene.write(&keyframe_path(&scene.thumbnails, "b.mp4", 3000), PAIN);
    let key = Looks::key(&scene.work);
    assert_eq!(scene.look().await, [Outcome::retry("model_failed", "it hurts")]);
    assert!(scene.seen(video).await.is_empty());
    // It failed before: what can be seen is stored.
    scene.library.queue_first(JobKind::FindObjects, key, video).await.unwrap();
    let mut job = scene.claim(JobKind::FindObjects, key).await;
    job[0].retries = 1;
    assert_eq!(scene.work.run(job).await[0].1, Outcome::Stored);
    assert_eq!(scene.seen(video).await, [(Some(1000), "1".to_owned())]);
}

#[tokio::test]
async fn what_only_other_processes_do_is_not_looked_for() {
    let scene = Scene::new().await;
    let id = scene.add("a", &[]).await;
    let key = ModelKey { name: "other".into(), version: "1".into(), settings: String::new() };
    for kind in [JobKind::FindFaces, JobKind::Classify, JobKind::EmbedImage] {
        scene.library.queue_first(kind, &key, id).await.unwrap();
    }
    assert!(matches!(scene.look().await[..], [Outcome::Stored]));
    let mut expected = scene.eye.expected.lock().unwrap().clone();
    expected.sort();
    assert_eq!(expected, [Feature::Faces, Feature::Objects]);
}

#[tokio::test]
async fn without_any_picture_there_is_a_reason() {
    let scene = Scene::new().await;
    scene.add("b.mp4", &[]).await;
    std::fs::remove_dir_all(&scene.thumbnails).unwrap();
    assert!(matches!(&scene.look().await[..], [Outcome::Failed { code, .. }] if code == "no_thumbnail"));
}

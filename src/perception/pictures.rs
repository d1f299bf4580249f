//! Shows the pictures of media to a model, several in one request, and ends the jobs that come to nothing.
//!
//! A photo has one picture; a video has its poster and the frames that were chosen for its scenes. What is seen in all of
//! them is stored at once, when the last one was looked at. Only the pictures of one request are in memory, however many
//! frames the videos of a batch have.
//!
//! What must stay true: a reason that may pass (a folder that cannot be read for now, a model that failed) is tried
//! again; one that stays (no picture, a picture that cannot be decoded) is not. A video is not lost for one of its
//! frames: what is missing or cannot be seen is left out as long as something is seen. A kind of job only says what is
//! looked for and how it is stored ([`Looks`]).

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::engine::protocol::vision::{Annotation, Feature, PictureFault, SeeingModel};
use crate::engine::{EngineError, ImageAnnotator};
use crate::ingest::picture::{keyframe_path, thumbnail_path};
use crate::jobs::{Job, JobKind, ModelKey, Outcome, Work};
use crate::library::{JobId, Library, LibraryError, MediaId};

/// Pixels of the longer edge of the pictures that models see.
pub(super) const EDGE: u32 = 1024;

/// Where pictures come from and who looks at them.
#[derive(Clone)]
pub struct Pictures {
    /// The library.
    pub library: Library,
    /// Folder of the thumbnails.
    pub thumbnails: PathBuf,
    /// Sees what is in them.
    pub annotator: Arc<dyn ImageAnnotator>,
    /// The kinds of jobs that are done here. What others will want of a picture, another process asks itself.
    pub kinds: Arc<[JobKind]>,
}

/// What was seen in one picture of a medium.
#[derive(Debug, Clone)]
pub(super) struct Frame<S> {
    /// When it is shown, milliseconds from the start of the video; `None` for a photo and for the poster of a video.
    pub frame_ms: Option<i64>,
    /// What was seen.
    pub seen: S,
}

/// What a look at several pictures gives: one by one what was seen, or why not.
pub(super) type Sights<S> = Result<Vec<Result<S, PictureFault>>, EngineError>;

/// A kind of job that shows the pictures of media to a model once and stores what was seen.
pub(super) trait Looks: Send + Sync {
    /// The kind.
    const KIND: JobKind;

    /// Pictures in one request, and media taken at once.
    const BATCH: u32 = 16;

    /// What is seen in one picture.
    type Seen: Send;

    /// Where pictures come from.
    fn pictures(&self) -> &Pictures;

    /// What it is looked at with.
    fn key(&self) -> &ModelKey;

    /// Looks at pictures, at most [`Looks::BATCH`].
    fn see(&self, pictures: Vec<Bytes>) -> BoxFuture<'_, Sights<Self::Seen>>;

    /// Stores what was seen in all pictures of the job's medium and ends the job, in one transaction. There is at least
    /// one, in order of time, the poster first.
    fn store<'a>(&'a self, job: &'a Job, frames: Vec<Frame<Self::Seen>>) -> BoxFuture<'a, Result<(), LibraryError>>;
}

/// One picture that is to be looked at.
#[derive(Debug)]
struct Shot {
    frame_ms: Option<i64>,
    path: PathBuf,
}

/// A medium that is being looked at.
struct Viewing<S> {
    job: Job,
    name: String,
    left: VecDeque<Shot>,
    seen: Vec<Frame<S>>,
    fault: Option<PictureFault>,
}

impl<T: Looks> Work for T {
    fn kind(&self) -> JobKind {
        T::KIND
    }

    fn model(&self) -> Option<ModelKey> {
        Some(self.key().clone())
    }

    fn batch(&self) -> u32 {
        T::BATCH
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        async move {
            let mut outcomes = Vec::with_capacity(jobs.len());
            let mut open = VecDeque::new();
            for job in jobs {
                match self.pictures().viewing(&job).await {
                    Ok(viewing) => open.push_back(viewing),
                    Err(outcome) => outcomes.push((job.id, outcome)),
                }
            }
            while !open.is_empty() {
                if let Err(outcome) = look(self, &mut open).await {
                    outcomes.extend(open.drain(..).map(|viewing| (viewing.job.id, outcome.clone())));
                }
                while let Some(done) = open.pop_front_if(|viewing| viewing.left.is_empty()) {
                    let id = done.job.id;
                    outcomes.push((id, end(self, done).await));
                }
            }
            outcomes
        }
        .boxed()
    }
}

/// Looks at the next pictures, as many as go into one request: the rest of one medium and the first of the next.
async fn look<T: Looks>(looks: &T, open: &mut VecDeque<Viewing<T::Seen>>) -> Result<(), Outcome> {
    let (mut of, mut pictures) = (Vec::new(), Vec::new());
    for (at, viewing) in open.iter_mut().enumerate() {
        while pictures.len() < T::BATCH as usize
            && let Some(shot) = viewing.left.pop_front()
        {
            match tokio::fs::read(&shot.path).await {
                Ok(picture) => {
                    of.push((at, shot.frame_ms));
                    pictures.push(Bytes::from(picture));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    let message = format!("{}: {error}", shot.path.display());
                    return Err(Outcome::retry("thumbnail_unreadable", message));
                }
            }
        }
    }
    if pictures.is_empty() {
        return Ok(());
    }
    let ids: Vec<MediaId> = open.iter().filter_map(|viewing| viewing.job.medium().ok()).collect();
    let kinds = looks.pictures().library.open_kinds(&ids).await?;
    for ((at, _), picture) in of.iter().zip(&pictures) {
        let open = open.get(*at).and_then(|viewing| kinds.get(&viewing.job.subject)).into_iter().flatten();
        let here = open.filter(|kind| looks.pictures().kinds.contains(kind));
        let wanted: Vec<Feature> = here.flat_map(|kind| features_of(*kind)).copied().collect();
        looks.pictures().annotator.expect(picture, &wanted);
    }
    let sights = looks.see(pictures).await?;
    for ((at, frame_ms), sight) in of.into_iter().zip(sights) {
        let Some(viewing) = open.get_mut(at) else { continue };
        match sight {
            Ok(seen) => viewing.seen.push(Frame { frame_ms, seen }),
            Err(fault) => viewing.fault = Some(fault),
        }
    }
    Ok(())
}

/// What a kind of job asks of each picture.
fn features_of(kind: JobKind) -> &'static [Feature] {
    match kind {
        JobKind::EmbedImage => &[Feature::Embedding],
        JobKind::FindFaces => &[Feature::Faces],
        JobKind::FindObjects => &[Feature::Objects],
        JobKind::Classify => &[Feature::Labels, Feature::Safety],
        _ => &[],
    }
}

/// Stores what was seen of a medium. A model that failed at a frame is asked once more, and then the frame is left out.
async fn end<T: Looks>(looks: &T, done: Viewing<T::Seen>) -> Outcome {
    let Viewing { job, name, seen, fault, .. } = done;
    match fault.map(|fault| not_seen(&fault)) {
        Some(outcome) if seen.is_empty() => outcome,
        Some(outcome @ Outcome::Retry { .. }) if job.retries == 0 => outcome,
        None if seen.is_empty() => Outcome::failed("no_thumbnail", format!("there is no picture of {name}")),
        _ => looks.store(&job, seen).await.map_or_else(Outcome::from, |()| Outcome::Stored),
    }
}

impl Pictures {
    /// The model for a feature, if there is one.
    pub(super) fn model(&self, feature: Feature) -> Option<&SeeingModel> {
        self.annotator.models().get(&feature)
    }

    /// What results of the model for a feature are told by, if there is one.
    pub(super) fn key(&self, feature: Feature) -> Option<ModelKey> {
        let SeeingModel { name, version, .. } = self.model(feature)?.clone();
        Some(ModelKey { name, version, settings: String::new() })
    }

    /// Has the engine look at pictures.
    pub(super) async fn annotate(&self, pictures: &[Bytes], features: &[Feature]) -> Sights<Annotation> {
        let seen = self.annotator.annotate(pictures, features).await?;
        let told = |mut seen: Annotation| seen.error.take().map_or(Ok(seen), Err);
        Ok(seen.into_iter().map(told).collect())
    }

    /// The pictures of the job's medium, none of them read yet.
    async fn viewing<S>(&self, job: &Job) -> Result<Viewing<S>, Outcome> {
        let medium = match self.library.medium(job.medium()?).await {
            Ok(medium) => medium,
            // The job went with the medium.
            Err(LibraryError::NotFound { .. }) => return Err(Outcome::Superseded),
            Err(error) => return Err(error.into()),
        };
        let poster = Shot { frame_ms: None, path: thumbnail_path(&self.thumbnails, &medium.hash, EDGE) };
        let frames = self.library.keyframes(medium.id).await?;
        let frame = |at| Shot { frame_ms: Some(at), path: keyframe_path(&self.thumbnails, &medium.hash, at) };
        let left = std::iter::once(poster).chain(frames.into_iter().map(frame)).collect();
        Ok(Viewing { job: job.clone(), name: medium.name, left, seen: Vec::new(), fault: None })
    }
}

/// How a job ends whose picture the engine could not look at: a model that failed may not fail again, a picture that
/// cannot be read stays so.
pub(super) fn not_seen(fault: &PictureFault) -> Outcome {
    match fault.code.as_str() {
        "failed" => Outcome::retry("model_failed", &fault.message),
        _ => Outcome::failed("picture_unreadable", &fault.message),
    }
}

#[cfg(test)]
mod tests;

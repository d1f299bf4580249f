//! The worker that chooses the frames that stand for a video.
//!
//! Their pictures are written beside the thumbnails before the library knows of them, and those that no longer count are
//! removed after it has forgotten them: what the library names is always there.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::work::{Outcome, Work};
use crate::ingest::picture::{keyframe_path, write_whole};
use crate::ingest::video::{KeyframeSettings, VideoError, VideoLimits, keyframes};
use crate::library::jobs::{Job, JobKind, ModelKey};
use crate::library::media::Medium;
use crate::library::{JobId, Library, LibraryError};

/// Rises when the frames of the same settings become others.
const VERSION: &str = "1";

/// Chooses frames with ffmpeg, one video after another.
pub struct ChooseKeyframes {
    /// The library.
    pub library: Library,
    /// Folder of the thumbnails.
    pub thumbnails: PathBuf,
    /// How frames are chosen.
    pub settings: KeyframeSettings,
    /// Bounds on each run of ffmpeg.
    pub limits: VideoLimits,
}

impl Work for ChooseKeyframes {
    fn kind(&self) -> JobKind {
        JobKind::Keyframes
    }

    fn model(&self) -> Option<ModelKey> {
        let KeyframeSettings { scene, least_gap_s, most_gap_s, most, edge } = self.settings;
        let settings = format!("scene={scene},gap={least_gap_s}-{most_gap_s},most={most},edge={edge}");
        Some(ModelKey { name: "ffmpeg-scenes".into(), version: VERSION.into(), settings })
    }

    fn time_limit(&self) -> Duration {
        // ffmpeg runs twice at the most, and is stopped by its own bounds first.
        self.limits.max_time * 3
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        async move {
            let mut outcomes = Vec::with_capacity(jobs.len());
            for job in jobs {
                let outcome = self.choose(&job).await.unwrap_or_else(|outcome| outcome);
                outcomes.push((job.id, outcome));
            }
            outcomes
        }
        .boxed()
    }
}

impl ChooseKeyframes {
    async fn choose(&self, job: &Job) -> Result<Outcome, Outcome> {
        let id = job.medium()?;
        let medium = match self.library.medium(id).await {
            Err(LibraryError::NotFound { .. }) => return Ok(Outcome::Superseded),
            medium => medium?,
        };
        let Some(model) = self.model() else { return Ok(Outcome::Superseded) };
        let before = self.library.keyframes(id).await?;
        let (settings, limits, folder) = (self.settings, self.limits.clone(), self.thumbnails.clone());
        let hash = medium.hash.clone();
        let chosen = tokio::task::spawn_blocking(move || write(&medium, &settings, &limits, &folder)).await;
        let times = match chosen {
            Ok(Ok(times)) => times,
            Ok(Err(error @ VideoError::DecoderMissing { .. })) => return Ok(Outcome::unavailable(error.code(), error)),
            Ok(Err(error)) if error.is_retryable() => return Ok(Outcome::retry(error.code(), error)),
            Ok(Err(error)) => return Ok(Outcome::failed(error.code(), error)),
            Err(panic) => return Ok(Outcome::retry("worker_failed", panic)),
        };
        self.library.store_keyframes(job, &model, &times).await?;
        let stale: Vec<i64> = before.into_iter().filter(|at| !times.contains(at)).collect();
        remove(Arc::from(self.thumbnails.as_path()), hash, stale).await;
        Ok(Outcome::Stored)
    }
}

/// Chooses the frames of a video and writes their pictures; returns their times.
fn write(
    medium: &Medium,
    settings: &KeyframeSettings,
    limits: &VideoLimits,
    folder: &Path,
) -> Result<Vec<i64>, VideoError> {
    let duration = medium.duration_ms.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
    let mut times = Vec::new();
    for frame in keyframes(Path::new(&medium.path), duration, settings, limits)? {
        write_whole(&keyframe_path(folder, &medium.hash, frame.at_ms), &frame.jpeg)?;
        times.push(frame.at_ms);
    }
    Ok(times)
}

async fn remove(folder: Arc<Path>, hash: String, times: Vec<i64>) {
    let removed = tokio::task::spawn_blocking(move || {
        for at in times {
            // One that stays costs a little room and is never shown.
            drop(std::fs::remove_file(keyframe_path(&folder, &hash, at)));
        }
    });
    drop(removed.await);
}

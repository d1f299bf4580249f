//! The worker that reads text: a photo from its original, a video by its poster and the frames of its scenes.
//!
//! What must stay true: a reason that may pass (a folder that cannot be read for now, a program that was stopped) is tried
//! again; one that stays (no picture) is not. A video is not lost for one of its frames. It has at most as many as were
//! chosen for it (60), and where reading them takes longer than [`ENOUGH`], those that were read by then count: they are
//! spread over all of it. What stands in several frames is kept once, with its beginning and end ([`film`]).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::page::{Original, Page, PageError};
use super::reader::{RawWord, TextReader};
use super::ways::Believed;
use super::{film, ways};
use crate::ingest::picture::{DecodeLimits, keyframe_path, thumbnail_path};
use crate::jobs::{Job, JobKind, ModelKey, Outcome, Work};
use crate::library::lettering::{TextLine, TextWord};
use crate::library::media::Medium;
use crate::library::{JobId, Library, LibraryError};
use crate::perception::pictures::EDGE;
use crate::search::text::language::{self, Language};

/// Pages that are read side by side.
const AT_ONCE: usize = 2;
/// Longest time for one medium: a video has many frames.
const TIME: Duration = Duration::from_secs(1800);
/// After this time no other frame of a video is begun.
const ENOUGH: Duration = Duration::from_secs(900);
/// Lines of one medium that are kept.
const MOST_LINES: usize = 500;

/// Reads the text of media.
pub struct ReadText {
    /// The library.
    pub library: Library,
    /// Folder of the thumbnails.
    pub thumbnails: PathBuf,
    /// Limits of decoding an original.
    pub limits: DecodeLimits,
    /// Reads.
    pub reader: Arc<dyn TextReader>,
}

/// A picture of a medium that is to be read.
struct Shot {
    frame_ms: Option<i64>,
    kept: PathBuf,
    original: Option<Original>,
}

impl ReadText {
    async fn read(&self, job: &Job) -> Outcome {
        match self.lines_of(job).await {
            Ok(lines) => {
                let stored = self.library.store_text(job, self.reader.key(), &lines).await;
                stored.map_or_else(Outcome::from, |()| Outcome::Stored)
            }
            Err(outcome) => outcome,
        }
    }

    async fn lines_of(&self, job: &Job) -> Result<Vec<TextLine>, Outcome> {
        let medium = match self.library.medium(job.medium()?).await {
            Ok(medium) => medium,
            // The job went with the medium.
            Err(LibraryError::NotFound { .. }) => return Err(Outcome::Superseded),
            Err(error) => return Err(error.into()),
        };
        let (began, mut failure, mut read) = (Instant::now(), None, Vec::new());
        for shot in self.shots(&medium).await? {
            if !read.is_empty() && began.elapsed() > ENOUGH {
                tracing::info!(
                    name = medium.name,
                    frames = read.len(),
                    "the text of a long video was read in a part of its frames"
                );
                break;
            }
            let at = shot.frame_ms;
            match self.read_shot(shot).await {
                Ok(found) => read.push((at, found.into_iter().map(|line| told(line, at)).collect())),
                Err(outcome) => failure = Some(outcome),
            }
        }
        match failure {
            // What failed at one frame is tried once more, and then the frame is left out.
            Some(outcome) if read.is_empty() || (job.retries == 0 && matches!(outcome, Outcome::Retry { .. })) => {
                return Err(outcome);
            }
            Some(outcome @ Outcome::Unavailable { .. }) => return Err(outcome),
            _ => {}
        }
        let mut lines = in_time(read);
        lines.truncate(MOST_LINES);
        Ok(lines)
    }

    async fn shots(&self, medium: &Medium) -> Result<Vec<Shot>, Outcome> {
        let kept = thumbnail_path(&self.thumbnails, &medium.hash, EDGE);
        if medium.kind == "photo" {
            let size = medium.width.zip(medium.height);
            let original = Original { path: PathBuf::from(&medium.path), size };
            return Ok(vec![Shot { frame_ms: None, kept, original: Some(original) }]);
        }
        let frames = self.library.keyframes(medium.id).await?;
        let frame = |number| {
            let at: i64 = frames[number];
            Shot { frame_ms: Some(at), kept: keyframe_path(&self.thumbnails, &medium.hash, at), original: None }
        };
        let poster = Shot { frame_ms: None, kept, original: None };
        Ok(film::spread(frames.len()).into_iter().map(frame).chain([poster]).collect())
    }

    /// The believed lines of one picture, in reading order.
    async fn read_shot(&self, shot: Shot) -> Result<Vec<Believed>, Outcome> {
        let limits = self.limits.clone();
        let load = move || match &shot.original {
            Some(original) => Page::of_photo(original, &shot.kept, &limits),
            None => Page::kept(&shot.kept),
        };
        let page = tokio::task::spawn_blocking(load).await;
        let page = page.map_err(|error| Outcome::retry("picture_unreadable", error))?.map_err(|error| match error {
            PageError::Unreadable { .. } => Outcome::retry("picture_unreadable", error),
            PageError::Missing => Outcome::failed("no_thumbnail", error),
            _ => Outcome::failed("picture_unreadable", error),
        })?;
        ways::read(&*self.reader, &page).await
    }
}

/// What was read in the pictures of one medium, put together in order of time.
fn in_time(mut read: Vec<(Option<i64>, Vec<TextLine>)>) -> Vec<TextLine> {
    read.sort_by_key(|(at, _)| *at);
    let (mut frames, mut poster) = (Vec::new(), Vec::new());
    for (at, lines) in read {
        match at {
            Some(at) => frames.push((at, lines)),
            None => poster = lines,
        }
    }
    // All that there is of a photo.
    if frames.is_empty() { poster } else { film::joined(frames, poster) }
}

/// A line as it is kept.
fn told((line, words): Believed, frame_ms: Option<i64>) -> TextLine {
    let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let length = |word: &RawWord| word.text.chars().count() as f64;
    let sum: f64 = words.iter().map(|word| f64::from(word.certainty) * length(word)).sum();
    let certainty = sum / words.iter().map(length).sum::<f64>().max(1.0);
    let word = |word: RawWord| TextWord {
        text: word.text,
        certainty: word.certainty.into(),
        begins: word.span[0].into(),
        ends: word.span[1].into(),
    };
    TextLine {
        frame_ms,
        last_ms: frame_ms,
        certainty,
        language: language::detect(&text).map(Language::code).map(str::to_owned),
        text,
        corners: line.corners,
        words: words.into_iter().map(word).collect(),
    }
}

impl Work for ReadText {
    fn kind(&self) -> JobKind {
        JobKind::ReadText
    }

    fn model(&self) -> Option<ModelKey> {
        Some(self.reader.key().clone())
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn time_limit(&self) -> Duration {
        TIME
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        async move {
            let mut outcomes = Vec::with_capacity(jobs.len());
            for job in &jobs {
                outcomes.push((job.id, self.read(job).await));
            }
            outcomes
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::RawLine;
    use super::*;

    #[test]
    fn a_line_keeps_its_words_and_is_as_certain_as_their_letters() {
        let word =
            |text: &str, certainty, begins| RawWord { text: text.into(), certainty, span: [begins, begins + 0.4] };
        let line = RawLine { corners: [[0.0; 2]; 4], found: Some(0.9), words: Vec::new() };
        let told = told((line, vec![word("the", 0.5, 0.0), word("harbour", 1.0, 0.5)]), Some(1500));
        assert_eq!(
            (told.text.as_str(), told.language.as_deref(), told.frame_ms),
            ("the harbour", Some("en"), Some(1500))
        );
        assert!((told.certainty - 8.5 / 10.0).abs() < 1e-6);
        assert_eq!((told.words[1].begins, told.words.len()), (0.5, 2));
    }
}

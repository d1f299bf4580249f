//! Which workers there are: one for each kind of job that this machine has the means for.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::AppError;
use super::chat::ChatPart;
use super::reading::ReadingPart;
use super::seeing::SeeingPart;
use super::sight::SightPart;
use super::speech::SpeechPart;
use crate::config::{Config, Configured};
use crate::ingest::picture::DecodeLimits;
use crate::ingest::read::{ReadSettings, Reader};
use crate::ingest::video::{KeyframeSettings, VideoLimits};
use crate::jobs::{ChooseKeyframes, JobKind, Queue, QueueParts, ReadFiles, Work};
use crate::library::Library;
use crate::perception::captions::{CaptionParts, WriteCaptions};
use crate::perception::faces::work::FindFaces;
use crate::perception::reading::ReadText;
use crate::perception::{Classify, EmbedImages, FindObjects, Glances, Pictures};
use crate::prompts::Prompts;
use crate::subprocess::find_program;
use crate::voice::recordings::Recordings;
use crate::voice::work::Transcribing;

/// Longest time for choosing the frames of one video. It is decoded as a whole when it has few that stand alone.
const KEYFRAMES_TIME: Duration = Duration::from_secs(300);

/// The part of the application that sees and hears, without the one that reads files, searches and answers: for a
/// process beside the one that holds the data folder.
pub struct WorkerApp {
    /// Does jobs.
    pub queue: Queue,
    library: Library,
    seeing: SeeingPart,
    sight: SightPart,
    speech: SpeechPart,
}

impl WorkerApp {
    /// Opens the library in `data` with the workers for `kinds`; for all when there are none. Nothing runs yet.
    ///
    /// # Errors
    /// When the library cannot be opened or the queue not be set up.
    pub async fn open(data: &Path, configured: Configured, kinds: &[JobKind]) -> Result<Self, AppError> {
        let config = configured.config;
        let library = Library::open(&data.join("recollect.db")).await?;
        let (seeing, speech) = (SeeingPart::new(&config, data).await, SpeechPart::new(&config, data));
        let reading = ReadingPart::new(&config, &seeing);
        let sight = SightPart::new(&config, data, &ChatPart::new(&config, data));
        let captions = captions(&config, data, &library, &sight).await?;
        let means = Means {
            config: &config,
            data,
            library: &library,
            seeing: &seeing,
            reading: &reading,
            speech: &speech,
            captions: &captions,
            kinds,
        };
        Ok(Self { queue: means.queue(means.perception())?, library, seeing, sight, speech })
    }

    /// Ends the engines and closes the library.
    pub async fn close(&self) {
        let engines = [self.speech.supervisor(), self.seeing.supervisor.clone(), self.sight.engine()];
        for supervisor in engines.into_iter().flatten() {
            supervisor.shutdown().await;
        }
        self.library.close().await;
    }
}

/// What workers are made of.
pub(super) struct Means<'a> {
    pub config: &'a Config,
    pub data: &'a Path,
    pub library: &'a Library,
    pub seeing: &'a SeeingPart,
    pub reading: &'a ReadingPart,
    pub speech: &'a SpeechPart,
    pub captions: &'a Arc<WriteCaptions>,
    /// The kinds of jobs that are to be done; all when there are none.
    pub kinds: &'a [JobKind],
}

/// What describes pictures, with the model that may do so at the time.
pub(super) async fn captions(
    config: &Config,
    data: &Path,
    library: &Library,
    sight: &SightPart,
) -> Result<Arc<WriteCaptions>, AppError> {
    Ok(Arc::new(WriteCaptions::new(CaptionParts {
        library: library.clone(),
        thumbnails: data.join("thumbnails"),
        prompts: Prompts::at(data),
        find: super::captions::writer(config, sight),
        language: super::captions::language(&config.captions, library).await?,
    })))
}

impl Means<'_> {
    /// A queue with these workers.
    pub fn queue(&self, works: Vec<Arc<dyn Work>>) -> Result<Queue, AppError> {
        let (library, data, config) = (self.library.clone(), self.data.to_owned(), self.config.jobs.clone());
        Ok(Queue::new(QueueParts { library, data, config, works })?)
    }

    /// The worker that reads files.
    pub fn reading(&self) -> ReadFiles {
        let indexing = &self.config.indexing;
        let workers = match indexing.workers {
            0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            workers => workers,
        };
        let max_time = self.max_time();
        let settings = ReadSettings {
            thumbnails: self.thumbnails(),
            pictures: self.pictures(),
            videos: VideoLimits { max_time, ..VideoLimits::default() },
        };
        ReadFiles {
            library: self.library.clone(),
            reader: Arc::new(Reader::new(settings)),
            workers,
            file_timeout: max_time * 2,
        }
    }

    /// The workers that see and hear. A kind without its means has none, or one that says so: nothing is queued for it,
    /// and nothing waits for it.
    pub fn perception(&self) -> Vec<Arc<dyn Work>> {
        let kinds: Arc<[JobKind]> = JobKind::ALL.into_iter().filter(|kind| self.wants(*kind)).collect();
        let mut works: Vec<Arc<dyn Work>> = Vec::new();
        let recordings = Recordings::at(self.data.join("notes"));
        let longest = Duration::from_secs(self.config.speech.longest_minutes.max(1) * 60);
        works.extend(Transcribing::both(self.library, &recordings, &self.speech.find(), longest));
        works.extend(self.keyframes());
        works.push(Arc::clone(self.captions) as Arc<dyn Work>);
        if let Some(annotator) = self.seeing.annotator.clone() {
            let annotator = Arc::new(Glances::new(annotator));
            let (library, thumbnails) = (self.library.clone(), self.thumbnails());
            let pictures = Pictures { library, thumbnails, annotator, kinds };
            works.extend(EmbedImages::new(&pictures).map(|work| Arc::new(work) as Arc<dyn Work>));
            works.extend(FindObjects::new(&pictures).map(|work| Arc::new(work) as Arc<dyn Work>));
            works.extend(Classify::new(&pictures).map(|work| Arc::new(work) as Arc<dyn Work>));
            works.extend(FindFaces::new(&pictures).map(|work| Arc::new(work) as Arc<dyn Work>));
        }
        if let Ok(reader) = &self.reading.reader {
            works.push(Arc::new(ReadText {
                library: self.library.clone(),
                thumbnails: self.thumbnails(),
                limits: self.pictures(),
                reader: Arc::clone(reader),
            }));
        }
        works.retain(|work| self.wants(work.kind()));
        works
    }

    fn wants(&self, kind: JobKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    fn keyframes(&self) -> Option<Arc<dyn Work>> {
        find_program("ffmpeg")?;
        let limits = VideoLimits { max_time: KEYFRAMES_TIME, max_pixels: self.max_pixels(), ..VideoLimits::default() };
        Some(Arc::new(ChooseKeyframes {
            library: self.library.clone(),
            thumbnails: self.thumbnails(),
            settings: KeyframeSettings::default(),
            limits,
        }))
    }

    fn thumbnails(&self) -> PathBuf {
        self.data.join("thumbnails")
    }

    /// Limits of decoding a picture.
    fn pictures(&self) -> DecodeLimits {
        DecodeLimits { max_pixels: self.max_pixels(), max_time: self.max_time(), ..DecodeLimits::default() }
    }

    fn max_time(&self) -> Duration {
        Duration::from_secs(self.config.indexing.file_timeout_s.max(1))
    }

    fn max_pixels(&self) -> u64 {
        u64::from(self.config.indexing.max_megapixels) * 1_000_000
    }
}

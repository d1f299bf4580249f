//! The queue's work with speech: videos and voice notes are written down in the background.
//!
//! What must stay true: a note that was recorded while there was no speech model is written down when there is one, because
//! the model is asked for anew each time; what the user wrote stays (the library sees to it); one broken recording is
//! recorded with its reason and the others go on.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use super::audio::AudioError;
use super::recordings::Recordings;
use super::{VoiceError, listen};
use crate::engine::SpeechModel;
use crate::jobs::{Outcome, Work};
use crate::library::jobs::{Job, JobKind, ModelKey};
use crate::library::transcripts::Transcript;
use crate::library::{JobId, Library, LibraryError};

/// How a speech model listens: another way of listening gives another text.
const METHOD: &str = "pieces=1";

/// The speech model that there is now.
pub type FindSpeech = Arc<dyn Fn() -> Option<Arc<dyn SpeechModel>> + Send + Sync>;

/// What results of this model are kept under.
pub fn key(speech: &dyn SpeechModel) -> ModelKey {
    ModelKey { name: speech.name().to_owned(), version: speech.version().to_owned(), settings: METHOD.to_owned() }
}

/// Writes down recordings of one kind: [`JobKind::Transcribe`] or [`JobKind::TranscribeNote`].
pub struct Transcribing {
    kind: JobKind,
    library: Library,
    recordings: Recordings,
    speech: FindSpeech,
    longest: Duration,
}

impl Transcribing {
    /// The work on videos and that on notes. `longest`: how much of a recording is listened to.
    pub fn both(
        library: &Library,
        recordings: &Recordings,
        speech: &FindSpeech,
        longest: Duration,
    ) -> [Arc<dyn Work>; 2] {
        [JobKind::TranscribeNote, JobKind::Transcribe].map(|kind| -> Arc<dyn Work> {
            let (library, recordings, speech) = (library.clone(), recordings.clone(), Arc::clone(speech));
            Arc::new(Self { kind, library, recordings, speech, longest })
        })
    }

    async fn file(&self, job: &Job) -> Result<(PathBuf, Option<i64>), LibraryError> {
        if self.kind == JobKind::TranscribeNote {
            let note = self.library.note(job.note()?).await?;
            return Ok((self.recordings.path(&note.audio, &note.mime), note.duration_ms));
        }
        let medium = self.library.medium(job.medium()?).await?;
        Ok((PathBuf::from(medium.path), medium.duration_ms))
    }

    async fn listen(&self, job: &Job) -> Outcome {
        let Some(speech) = (self.speech)() else {
            return Outcome::unavailable("no_speech_model", "no speech model is installed");
        };
        let (path, duration_ms) = match self.file(job).await {
            Ok(found) => found,
            Err(error) => return error.into(),
        };
        let library = self.library.clone();
        let (job_told, length) = (job.clone(), duration_ms.unwrap_or_default().max(1) as f64 / 1000.0);
        let told = move |seconds: f64| {
            let (library, job) = (library.clone(), job_told.clone());
            // How far it is interests nobody so much that the work would wait for it.
            tokio::spawn(async move { library.report_progress(&job, (seconds / length) as f32).await });
        };
        let said = match listen::transcribe_long(&*speech, path, self.longest, told).await {
            Ok(said) => said,
            Err(VoiceError::Audio(AudioError::NoSound)) if self.kind == JobKind::Transcribe => {
                Transcript { language: String::new(), segments: Vec::new() }
            }
            Err(error) => return outcome(error),
        };
        let model = key(&*speech);
        let stored = match self.kind {
            JobKind::TranscribeNote => self.library.store_heard(job, &model, &said.language, &said.segments).await,
            _ => self.library.store_transcript(job, &model, &said).await,
        };
        stored.map_or_else(Into::into, |()| Outcome::Stored)
    }
}

fn outcome(error: VoiceError) -> Outcome {
    match error {
        VoiceError::Audio(error @ AudioError::DecoderMissing) => Outcome::unavailable(error.code(), error),
        VoiceError::Audio(error @ AudioError::Unreadable(_)) => Outcome::retry(error.code(), error),
        VoiceError::Audio(error) => Outcome::failed(error.code(), error),
        VoiceError::Engine(error) => error.into(),
        VoiceError::Decoding => Outcome::retry("decoding", VoiceError::Decoding),
    }
}

impl Work for Transcribing {
    fn kind(&self) -> JobKind {
        self.kind
    }

    fn model(&self) -> Option<ModelKey> {
        (self.speech)().map(|speech| key(&*speech))
    }

    /// Hours of talk on a slow machine.
    fn time_limit(&self) -> Duration {
        self.longest.max(Duration::from_secs(600)) * 3
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        Box::pin(async move {
            let mut done = Vec::with_capacity(jobs.len());
            for job in &jobs {
                done.push((job.id, self.listen(job).await));
            }
            done
        })
    }
}

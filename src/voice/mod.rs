//! Speech: sound of any common format becomes samples, and samples become words.
//!
//! [`audio`] decodes, within bounds; the server and the speech engine use it. Here a recording is decoded and handed to the
//! speech model, always in the one format that every engine takes. `notes` keeps what the user says about pictures
//! (`recordings` on disk), `listen` writes down recordings of any length, `work` does so in the background. Which model
//! listens, and where it runs, is left to [`crate::engine::speech`] and [`crate::app`].

pub mod audio;
#[cfg(feature = "server")]
pub mod listen;
#[cfg(feature = "server")]
pub mod notes;
#[cfg(feature = "server")]
pub mod recordings;
#[cfg(feature = "server")]
pub mod work;

use std::fs::File;
use std::path::PathBuf;

use crate::engine::speech::{SpeechModel, whole};
use crate::engine::{EngineError, SpeechRequest, protocol::Transcription};
use audio::{AudioError, AudioLimits, Recording};

/// Why a recording was not understood.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// It gave no samples.
    #[error(transparent)]
    Audio(#[from] AudioError),
    /// The speech model failed.
    #[error("{error}; {hint}", error = .0, hint = .0.hint())]
    Engine(#[from] EngineError),
    /// The thread that decoded it ended.
    #[error("decoding the recording was broken off; try again")]
    Decoding,
}

/// Decodes an open file on a thread for blocking work.
///
/// # Errors
/// [`VoiceError::Audio`] or [`VoiceError::Decoding`].
pub async fn decode(file: File, limits: AudioLimits) -> Result<Recording, VoiceError> {
    let decoded = tokio::task::spawn_blocking(move || audio::decode(file, &limits)).await;
    Ok(decoded.map_err(|_| VoiceError::Decoding)??)
}

/// What is asked of the speech model about a recording.
pub fn request(recording: &Recording, language: Option<String>) -> SpeechRequest {
    SpeechRequest {
        content: recording.to_wav(),
        file_name: "recording.wav".to_owned(),
        language,
        ..SpeechRequest::default()
    }
}

/// What is said in the file at `path`, which may be a film.
///
/// # Errors
/// [`VoiceError`].
pub async fn transcribe_file(
    speech: &dyn SpeechModel,
    path: PathBuf,
    language: Option<String>,
) -> Result<Transcription, VoiceError> {
    let opened = tokio::task::spawn_blocking(move || File::open(path)).await.map_err(|_| VoiceError::Decoding)?;
    let recording = decode(opened.map_err(AudioError::from)?, AudioLimits::default()).await?;
    Ok(whole(speech.transcribe(request(&recording, language))).await?)
}

//! Voice notes from recording to library and back out: a recording is kept first and a note stored second, so that a kill
//! between the two leaves a file too many and never a note without its recording; leftovers and what was deleted long ago
//! are tidied away.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use super::audio::AudioLimits;
use super::recordings::Recordings;
use super::work::{FindSpeech, key};
use super::{VoiceError, audio::AudioError};
use crate::library::notes::{About, NewNote, Note};
use crate::library::{Library, LibraryError, NoteId};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Why a note was not stored.
#[derive(Debug, thiserror::Error)]
pub enum NoteError {
    /// Its recording is none.
    #[error(transparent)]
    Voice(#[from] VoiceError),
    /// The library failed, or has not what the note is about.
    #[error(transparent)]
    Library(#[from] LibraryError),
}

/// The user's voice notes. Clones share them.
#[derive(Clone)]
pub struct Notes {
    library: Library,
    recordings: Recordings,
    speech: FindSpeech,
}

impl Notes {
    /// Notes of this library whose recordings lie there.
    pub fn new(library: Library, recordings: Recordings, speech: FindSpeech) -> Self {
        Self { library, recordings, speech }
    }

    /// Keeps a recording as a note. It is written down at once where there is a speech model, else when one arrives.
    ///
    /// # Errors
    /// [`NoteError`]; nothing is kept then.
    pub async fn add(&self, about: About, file: File, limits: AudioLimits) -> Result<NoteId, NoteError> {
        // A note on nothing needs no decoding.
        self.library.notes_about(about).await?;
        let held = self.recordings.hold().await;
        let recordings = self.recordings.clone();
        let kept = tokio::task::spawn_blocking(move || recordings.keep(file, &limits)).await;
        let kept = kept.map_err(|_| VoiceError::Decoding)?.map_err(VoiceError::from)?;
        let new =
            NewNote { audio: kept.hash, mime: kept.mime.to_owned(), bytes: kept.bytes, duration_ms: kept.duration_ms };
        let model = (self.speech)().map(|speech| key(&*speech));
        let id = self.library.create_note(about, &new, model.as_ref()).await?;
        drop(held);
        Ok(id)
    }

    /// Has a note written down again; `false` when there is no speech model.
    ///
    /// # Errors
    /// When there is no such note.
    pub async fn hear_again(&self, id: NoteId) -> Result<bool, LibraryError> {
        let Some(speech) = (self.speech)() else { return Ok(false) };
        self.library.hear_again(id, &key(&*speech)).await?;
        Ok(true)
    }

    /// Where a note's recording lies.
    pub fn recording(&self, note: &Note) -> PathBuf {
        self.recordings.path(&note.audio, &note.mime)
    }

    /// Forgets notes that were deleted more than `days` ago, and removes recordings that no note has.
    ///
    /// # Errors
    /// When the library or the disk fails; it can be repeated.
    pub async fn tidy(&self, days: u64) -> Result<(), NoteError> {
        let held = self.recordings.hold().await;
        let until = jiff::Timestamp::now().as_second() - i64::try_from(days).unwrap_or(i64::MAX / DAY) * DAY;
        let mut free = self.library.purge_notes(until).await?;
        let recordings = Arc::new(self.recordings.clone());
        let looking = Arc::clone(&recordings);
        let old = tokio::task::spawn_blocking(move || looking.old()).await.map_err(|_| VoiceError::Decoding)?;
        for hash in old.map_err(unreadable)? {
            if !self.library.has_recording(&hash).await? {
                free.push(hash);
            }
        }
        let removed = tokio::task::spawn_blocking(move || recordings.remove(&free)).await;
        removed.map_err(|_| VoiceError::Decoding)?.map_err(unreadable)?;
        drop(held);
        Ok(())
    }
}

fn unreadable(error: std::io::Error) -> NoteError {
    VoiceError::Audio(AudioError::Unreadable(error)).into()
}

//! `POST /v1/audio/transcriptions` and `/translations`: speech in, text with times out (OpenAI API reference, "Audio").
//!
//! The request is a `multipart/form-data` body: `file`, and optionally `model`, `language`, `prompt`, `temperature`,
//! `response_format` (`json`, `text`, `srt`, `verbose_json`, `vtt`), `timestamp_granularities[]` (`segment`, `word`) and
//! `stream`.

use serde::{Deserialize, Serialize};

/// The answer in `verbose_json`; `json` has its `text` alone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Transcription {
    /// `transcribe` or `translate`.
    #[serde(default)]
    pub task: String,
    /// The language that was spoken: its English name in lower case, as OpenAI's own answers have it.
    #[serde(default)]
    pub language: String,
    /// Length of the recording in seconds.
    #[serde(default)]
    pub duration: f64,
    /// All that was said. Empty when nobody speaks.
    pub text: String,
    /// Its parts, in order of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<Vec<Segment>>,
    /// Its words, in order of time, if they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<Word>>,
}

/// A part of what was said: a sentence or so.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Segment {
    /// Position among the segments, from 0.
    #[serde(default)]
    pub id: usize,
    /// Seconds from the start of the recording.
    pub start: f64,
    /// Seconds from the start of the recording.
    pub end: f64,
    /// What was said.
    pub text: String,
    /// The model's tokens.
    #[serde(default)]
    pub tokens: Vec<i32>,
    /// Mean natural logarithm of the tokens' probabilities.
    #[serde(default)]
    pub avg_logprob: f64,
    /// How likely it is that nobody speaks, from 0 to 1.
    #[serde(default)]
    pub no_speech_prob: f64,
}

/// A word of what was said.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Word {
    /// The word with what belongs to it, such as a comma.
    pub word: String,
    /// Seconds from the start of the recording.
    pub start: f64,
    /// Seconds from the start of the recording.
    pub end: f64,
}

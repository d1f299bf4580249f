//! Settings of the models that hear and see.

use serde::{Deserialize, Serialize};

/// The speech model.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpeechConfig {
    /// A remote engine that speaks OpenAI's `/v1/audio/transcriptions`. Empty: an engine of our own on this machine.
    pub url: String,
    /// Its bearer token.
    pub token: String,
    /// The model: an installed one, a file in ggml format, or the remote engine's name for it. Empty: the first that is
    /// installed.
    pub model: String,
    /// The voice activity detector of our own engine: an installed one or a file in ggml format. Empty: the file named
    /// `ggml-silero…` beside the model or in the models folder, if there is one.
    pub vad: String,
    /// The language that is spoken, such as `de`. Empty: it is heard.
    pub language: String,
    /// Our own engine is stopped after so many seconds without work, to give its memory back. 0: never.
    pub idle_s: u64,
    /// Threads of our own engine. 0: as many as there are cores, eight at most.
    pub threads: usize,
    /// How much of a video is listened to, minutes from its start.
    pub longest_minutes: u64,
    /// Voice notes that were deleted are kept for so many days, to be taken back.
    pub keep_deleted_days: u64,
}

impl Default for SpeechConfig {
    fn default() -> Self {
        let empty = String::new;
        Self {
            url: empty(),
            token: empty(),
            model: empty(),
            vad: empty(),
            language: empty(),
            idle_s: 300,
            threads: 0,
            longest_minutes: 240,
            keep_deleted_days: 30,
        }
    }
}

/// The model that answers questions about a picture.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VisionConfig {
    /// A remote engine that speaks OpenAI's `/v1/chat/completions` and takes pictures. Empty: an engine of our own.
    pub url: String,
    /// Its bearer token.
    pub token: String,
    /// The model: an installed one with a projector, or the remote engine's name for it. Empty: the language model if it
    /// sees, else the first that is installed.
    pub model: String,
}

/// What models write about pictures.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CaptionsConfig {
    /// Who may describe pictures in the background.
    pub write: WriteCaption,
    /// The language to write in, such as `de` or `German`. Empty: that of the captions so far, else of your questions, else
    /// of the system.
    pub language: String,
}

/// Who may describe pictures in the background.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WriteCaption {
    /// A model of [`VisionConfig`] on this machine, when one is installed.
    #[default]
    Auto,
    /// Also a model elsewhere: every picture is sent to it.
    Always,
    /// None.
    Never,
}

/// The models that see. Each is an installed one; empty: the first that is installed, those of the catalogue in its order
/// before any other; `none`: nothing of the kind is looked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeeingConfig {
    /// A remote engine of ours (`recollect engine encoder`), which then has all the models. Empty: an engine on this machine.
    pub url: String,
    /// Its bearer token.
    pub token: String,
    /// Finds faces.
    pub face_detector: String,
    /// Tells whose faces they are.
    pub face_encoder: String,
    /// Finds things and animals.
    pub object_detector: String,
    /// Says what a picture shows.
    pub classifier: String,
    /// Makes pictures vectors.
    pub image_encoder: String,
    /// Says whether a picture is fit for everybody.
    pub safety: String,
    /// Finds lines of text.
    pub text_detector: String,
    /// Says what lines of text say.
    pub text_reader: String,
    /// Our own engine is stopped after so many seconds without work, to give its memory back. 0: never.
    pub idle_s: u64,
    /// Pictures that our own engine looks at together, each on one core. 0: as many as there are cores, four at most.
    pub threads: usize,
}

impl Default for SeeingConfig {
    fn default() -> Self {
        let empty = String::new;
        Self {
            url: empty(),
            token: empty(),
            face_detector: empty(),
            face_encoder: empty(),
            object_detector: empty(),
            classifier: empty(),
            image_encoder: empty(),
            safety: empty(),
            text_detector: empty(),
            text_reader: empty(),
            idle_s: 120,
            threads: 0,
        }
    }
}

/// Reading text in pictures.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadingConfig {
    /// What reads: `tesseract`, `network` (a model of the engine) or `none`. Empty: a model if one that reads is
    /// installed, else tesseract.
    pub reader: String,
    /// The languages that tesseract reads, by its own names, joined by `+`: `eng+deu`. Empty: those that are installed,
    /// four at most.
    pub languages: String,
    /// Longest time that tesseract may take for one picture, seconds.
    pub picture_s: u64,
}

impl Default for ReadingConfig {
    fn default() -> Self {
        Self { reader: String::new(), languages: String::new(), picture_s: 120 }
    }
}

/// The text encoder.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EncoderConfig {
    /// A remote engine that speaks OpenAI's `/v1/embeddings`. Empty: an engine of our own on this machine.
    pub url: String,
    /// Its bearer token.
    pub token: String,
    /// The model: an entry of the catalogue, or the remote engine's name for it.
    pub model: String,
    /// Our own engine is stopped after so many seconds without work, to give its memory back. 0: never.
    pub idle_s: u64,
    /// Threads of our own engine. 0: as many as there are cores, four at most.
    pub threads: usize,
}

impl Default for EncoderConfig {
    fn default() -> Self {
        Self { url: String::new(), token: String::new(), model: "all-MiniLM-L6-v2".into(), idle_s: 600, threads: 0 }
    }
}

//! The kinds of jobs: what each is about, which goes first, which waits for which.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Read one file.
    IngestFile,
    /// Choose frames of a video that stand for its scenes.
    Keyframes,
    /// Make the vector that pictures are compared by.
    EmbedImage,
    /// Find faces and make their vectors.
    FindFaces,
    /// Find objects with their boxes.
    FindObjects,
    /// Say what kind of picture it is: labels, and whether it is fit for everybody.
    Classify,
    /// Read the text in a picture.
    ReadText,
    /// Write down what is said in a video.
    Transcribe,
    /// Write down what the user says in a voice note.
    TranscribeNote,
    /// Describe a picture in a sentence.
    Caption,
}

/// What the subject of a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The path of a file.
    File,
    /// A medium of which there is a picture: every photo, and every video by its poster.
    Picture,
    /// A video.
    Video,
    /// A voice note.
    Note,
}

/// The priority of what a person waits for: it goes before everything.
pub const PERSON_WAITS: i64 = 1000;

impl JobKind {
    /// Every kind, the first to be done first.
    pub const ALL: [Self; 10] = [
        Self::IngestFile,
        Self::TranscribeNote,
        Self::Keyframes,
        Self::EmbedImage,
        Self::FindFaces,
        Self::FindObjects,
        Self::Classify,
        Self::ReadText,
        Self::Transcribe,
        Self::Caption,
    ];

    /// The name stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::IngestFile => "ingest_file",
            Self::Keyframes => "keyframes",
            Self::EmbedImage => "embed_image",
            Self::FindFaces => "find_faces",
            Self::FindObjects => "find_objects",
            Self::Classify => "classify",
            Self::ReadText => "read_text",
            Self::Transcribe => "transcribe",
            Self::TranscribeNote => "transcribe_note",
            Self::Caption => "caption",
        }
    }

    /// What its subject is.
    pub fn subject(self) -> Subject {
        match self {
            Self::IngestFile => Subject::File,
            Self::Keyframes | Self::Transcribe => Subject::Video,
            Self::TranscribeNote => Subject::Note,
            _ => Subject::Picture,
        }
    }

    /// Its usual priority: reading files goes before seeing, the quick kinds before the slow ones. Those that models look at
    /// pictures for have the same: they are done medium by medium, so that each picture is shown once for all of them.
    pub fn priority(self) -> i64 {
        match self {
            Self::IngestFile => 100,
            Self::TranscribeNote => 95,
            Self::Keyframes => 90,
            Self::EmbedImage | Self::FindFaces | Self::FindObjects | Self::Classify => 80,
            Self::ReadText => 40,
            Self::Transcribe => 30,
            Self::Caption => 20,
        }
    }

    /// Kinds that are made from the result of this one: when it changes, they are done again.
    pub fn makes(self) -> &'static [Self] {
        match self {
            Self::Keyframes => &[Self::EmbedImage, Self::FindFaces, Self::FindObjects, Self::Classify, Self::ReadText],
            _ => &[],
        }
    }

    /// Kinds that come first: a job waits while one of these is open for the same subject. One that failed is not waited
    /// for.
    pub fn needs(self) -> &'static [Self] {
        match self {
            Self::EmbedImage | Self::FindFaces | Self::FindObjects | Self::Classify | Self::ReadText => {
                &[Self::Keyframes]
            }
            Self::Caption => &[Self::Keyframes, Self::FindFaces, Self::FindObjects, Self::ReadText],
            Self::IngestFile | Self::Keyframes | Self::Transcribe | Self::TranscribeNote => &[],
        }
    }
}

impl fmt::Display for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no such kind of job.
#[derive(Debug, Clone, thiserror::Error)]
#[error("there is no kind of job `{name}`; there are {}", JobKind::ALL.map(JobKind::name).join(", "))]
pub struct UnknownKind {
    /// What was asked for.
    pub name: String,
}

impl FromStr for JobKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| UnknownKind { name: text.to_owned() })
    }
}

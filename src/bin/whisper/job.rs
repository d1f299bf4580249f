//! What is asked of the model, and what it tells while it works.

use recollect::engine::protocol::Transcription;
use recollect::voice::audio::Recording;
use tokio::sync::mpsc::UnboundedSender;

/// What is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Task {
    /// What was said, in its language.
    #[default]
    Transcribe,
    /// What was said, in English.
    Translate,
}

/// How a recording is to be written down.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// What is written.
    pub task: Task,
    /// Code of the language that is spoken, one that the model knows; heard from the recording when `None`.
    pub language: Option<&'static str>,
    /// Text before the recording: names and style are taken from it.
    pub prompt: String,
    /// First temperature, from 0 to 1.
    pub temperature: f32,
    /// Whether times of words are wanted.
    pub words: bool,
}

/// What happens to a job, in order; `Done` or `Failed` is the last.
#[derive(Debug)]
pub enum Event {
    /// So much is done, from 0 to 1.
    Progress(f64),
    /// More text.
    Text(String),
    /// All of it.
    Done(Box<Transcription>),
    /// The engine failed.
    Failed(String),
}

/// Whoever waits for a job: hears of it, and can go away.
#[derive(Debug, Clone)]
pub struct Listener {
    events: UnboundedSender<Event>,
}

impl Listener {
    /// Sends to `events`; whoever drops the receiver is gone.
    pub fn new(events: UnboundedSender<Event>) -> Self {
        Self { events }
    }

    /// Tells something. Nobody may be listening any more.
    pub fn tell(&self, event: Event) {
        let _gone = self.events.send(event);
    }

    /// Whether nobody waits any more.
    pub fn is_gone(&self) -> bool {
        self.events.is_closed()
    }
}

/// Why a recording was not written down.
#[derive(Debug)]
pub enum Stopped {
    /// Nobody waits for it any more.
    Cancelled,
    /// The model failed.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Stopped {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// What the thread runs: Whisper, or a stand-in in tests.
pub trait Model {
    /// Writes a recording down, and tells `listener` of text and progress on the way.
    fn transcribe(
        &mut self,
        recording: &Recording,
        options: &Options,
        listener: &Listener,
    ) -> Result<Transcription, Stopped>;
}

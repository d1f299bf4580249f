//! The worker that describes pictures: a model that sees writes a title, a sentence and words to find each by.
//!
//! What must stay true: a picture goes to the model with what is known of it and nothing else of the library; what is
//! known is marked as data ([`crate::prompts`]) and told apart from what is seen; what comes back is checked before it
//! is stored ([`answer`]); a person who waits for the same engine goes first; what this model wrote before, with the
//! same settings, is not asked for again. A video is described as a whole, by a few of the frames that stand for it.
//! Who may write, and in which language, is left to the configuration.

pub mod answer;
pub mod language;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::StreamExt as _;
use futures::future::BoxFuture;
use minijinja::context;
use serde_json::{Value, json};

use crate::engine::protocol::chat::{
    ChatRequest, Content, FinishReason, ImageUrl, Message, NamedSchema, Part, ResponseFormat, Role,
};
use crate::engine::protocol::vision::data_url;
use crate::engine::{ChatEvent, ChatModel, EngineError, FindChat, Priority};
use crate::ingest::picture::{keyframe_path, thumbnail_path};
use crate::jobs::{Job, JobKind, ModelKey, Outcome, Work};
use crate::library::captions::Caption;
use crate::library::media::Medium;
use crate::library::{JobId, Library, LibraryError};
use crate::prompts::{Mark, PromptError, Prompts};

/// Pixels of the longer edge of the pictures that the model sees.
const EDGE: u32 = 1024;
/// Frames of a video that the model sees at once: each costs as much as a photo.
const FRAMES: usize = 4;
/// How captions are asked for: another way of asking gives other captions, and all are written anew.
const FORM: &str = "form=1";
/// Name of the prompt.
const PROMPT: &str = "caption";
/// Tokens that an answer may have.
const ANSWER: u32 = 600;
/// What an answer of no use is asked for again with: the likeliest words first, then others.
const TEMPERATURES: [f32; 3] = [0.0, 0.4, 0.8];
/// A large model on a slow machine, asked three times.
const TIME_LIMIT: Duration = Duration::from_secs(1800);

/// What the worker is made of.
pub struct CaptionParts {
    /// The library.
    pub library: Library,
    /// Folder of the thumbnails.
    pub thumbnails: PathBuf,
    /// The prompts.
    pub prompts: Prompts,
    /// The model that may write now, or why there is none.
    pub find: FindChat,
    /// Code of the language to write in.
    pub language: String,
}

/// Describes pictures.
pub struct WriteCaptions {
    parts: CaptionParts,
    mark: Mark,
}

impl WriteCaptions {
    /// The worker. Nothing is started.
    pub fn new(parts: CaptionParts) -> Self {
        Self { parts, mark: Mark::new() }
    }

    /// The model that may write at the time, or why there is none.
    pub fn writer(&self) -> FindChat {
        self.parts.find.clone()
    }

    /// What captions are kept under that are written now.
    ///
    /// # Errors
    /// Why none are.
    pub fn key(&self) -> Result<ModelKey, String> {
        (self.parts.find)().map(|model| self.key_of(&*model))
    }

    fn key_of(&self, model: &dyn ChatModel) -> ModelKey {
        let own = self.parts.prompts.own(PROMPT).map(|own| format!(",prompt={own}")).unwrap_or_default();
        let settings = format!("{FORM},language={}{own}", self.parts.language);
        ModelKey { name: model.name().to_owned(), version: model.version().to_owned(), settings }
    }

    async fn write(&self, job: &Job) -> Result<(), Outcome> {
        let library = &self.parts.library;
        let model = (self.parts.find)().map_err(|hint| Outcome::unavailable("no_vision_model", hint))?;
        let key = self.key_of(&*model);
        if library.adopt_caption(job, &key).await? {
            return Ok(());
        }
        let medium = match library.medium(job.medium()?).await {
            Ok(medium) => medium,
            // The job went with the medium.
            Err(LibraryError::NotFound { .. }) => return Err(Outcome::Superseded),
            Err(error) => return Err(error.into()),
        };
        let pictures = self.pictures(&medium).await?;
        let messages = self.messages(&pictures, &self.known(&medium).await?).map_err(bad_prompt)?;
        let caption = ask(&*model, messages).await?;
        Ok(library.store_caption(job, &key, &self.parts.language, &caption).await?)
    }

    /// The picture of a photo; some frames of a video in order of time, or its poster where there are none.
    async fn pictures(&self, medium: &Medium) -> Result<Vec<Vec<u8>>, Outcome> {
        let mut pictures = Vec::new();
        for at in spread(&self.parts.library.keyframes(medium.id).await?) {
            pictures.extend(kept(&keyframe_path(&self.parts.thumbnails, &medium.hash, at)).await?);
        }
        if pictures.is_empty() {
            pictures.extend(kept(&thumbnail_path(&self.parts.thumbnails, &medium.hash, EDGE)).await?);
        }
        let none = || Outcome::failed("no_thumbnail", format!("there is no picture of {}", medium.name));
        if pictures.is_empty() { Err(none()) } else { Ok(pictures) }
    }

    /// What is known of a picture without looking: whose names a person or the file gave, where, when.
    async fn known(&self, medium: &Medium) -> Result<Value, LibraryError> {
        let people = self.parts.library.people_in(medium.id).await?.into_iter();
        // A likeness that nobody confirmed may be wrong, and a wrong name would be written down as seen.
        let who: Vec<String> =
            people.filter(|who| who.source != "face" && !who.name.is_empty()).map(|who| who.name).collect();
        let exact = match medium.taken_precision.as_deref() {
            Some("year") => 4,
            Some("month") => 7,
            Some("day") => 10,
            _ => 16,
        };
        let taken = medium.taken.as_ref().map(|taken| taken.chars().take(exact).collect::<String>().replace('T', " "));
        Ok(json!({ "who": who, "place": medium.place(), "taken": taken }))
    }

    fn messages(&self, pictures: &[Vec<u8>], known: &Value) -> Result<Vec<Message>, PromptError> {
        let (language, frames) = (language::name(&self.parts.language), pictures.len());
        let system = self.parts.prompts.render(PROMPT, context! { mark => self.mark.word(), language, frames })?;
        let picture = |bytes: &Vec<u8>| Part::ImageUrl { image_url: ImageUrl { url: data_url(bytes) } };
        let known = Part::Text { text: self.mark.block(known) };
        let asked = Content::Parts(pictures.iter().map(picture).chain([known]).collect());
        Ok(vec![
            Message::text(Role::System, system),
            Message { role: Role::User, content: Some(asked), ..Message::default() },
        ])
    }
}

/// A picture that is kept, if it is there.
async fn kept(path: &Path) -> Result<Option<Vec<u8>>, Outcome> {
    match tokio::fs::read(path).await {
        Ok(picture) => Ok(Some(picture)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Outcome::retry("thumbnail_unreadable", format!("{}: {error}", path.display()))),
    }
}

/// Of the times of a video's frames a few, each from the middle of as many of them.
fn spread(times: &[i64]) -> Vec<i64> {
    let most = FRAMES.min(times.len());
    (0..most).map(|part| times[(2 * part + 1) * times.len() / (2 * most)]).collect()
}

/// The user's own prompt uses a value that there is not: it stays so until it is changed.
fn bad_prompt(error: PromptError) -> Outcome {
    Outcome::unavailable("prompt", error)
}

/// Asks until the answer is a caption, a few times.
async fn ask(model: &dyn ChatModel, messages: Vec<Message>) -> Result<Caption, Outcome> {
    let schema = NamedSchema { name: "caption".to_owned(), schema: answer::schema() };
    let mut form = Some(ResponseFormat::JsonSchema { json_schema: schema });
    let mut reason = String::new();
    for temperature in TEMPERATURES {
        let request = ChatRequest {
            messages: messages.clone(),
            response_format: form.clone(),
            temperature: Some(temperature),
            max_completion_tokens: Some(ANSWER),
            ..ChatRequest::default()
        };
        let said = match said(model, request).await {
            Ok(said) => said,
            // Some servers know no schemas: the prompt says the same in words.
            Err(EngineError::Refused { status: 400..=499, .. }) if form.is_some() => {
                form = None;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        match said.and_then(|said| answer::read(&said)) {
            Ok(caption) => return Ok(caption),
            Err(wrong) => reason = wrong,
        }
    }
    Err(Outcome::failed("caption_invalid", format!("what the model wrote is no caption: {reason}")))
}

/// What the model says, or why it is not whole.
async fn said(model: &dyn ChatModel, request: ChatRequest) -> Result<Result<String, String>, EngineError> {
    let mut said = String::new();
    let mut events = model.chat(request, Priority::Background);
    while let Some(event) = events.next().await {
        match event? {
            ChatEvent::Text(text) => said.push_str(&text),
            ChatEvent::Done { reason: FinishReason::Length, .. } => {
                return Ok(Err("it came to no end".to_owned()));
            }
            ChatEvent::Done { .. } | ChatEvent::Reasoning(_) | ChatEvent::ToolCall(_) => {}
        }
    }
    Ok(Ok(said))
}

impl Work for WriteCaptions {
    fn kind(&self) -> JobKind {
        JobKind::Caption
    }

    fn model(&self) -> Option<ModelKey> {
        self.key().ok()
    }

    fn time_limit(&self) -> Duration {
        TIME_LIMIT
    }

    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>> {
        Box::pin(async move {
            let mut outcomes = Vec::with_capacity(jobs.len());
            for job in &jobs {
                outcomes.push((job.id, self.write(job).await.map_or_else(|outcome| outcome, |()| Outcome::Stored)));
            }
            outcomes
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_all_parts_of_a_video_are_shown() {
        assert!(spread(&[]).is_empty());
        assert_eq!(spread(&[0, 5, 9]), [0, 5, 9]);
        assert_eq!(spread(&(0..60).collect::<Vec<_>>()), [7, 22, 37, 52]);
    }
}

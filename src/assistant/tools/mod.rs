//! The tools that answer questions: typed arguments with JSON schemas, one file each.
//!
//! Reading tools run at once. Tools that change something ([`create_album`], [`add_tags`], [`annotate`],
//! [`create_film`]) only propose; [`confirm`] carries a proposal out and [`undo`] takes it back. A tool's failure is
//! data for the assistant. [`dispatch`] calls tools by name, for language models, with [`conditions`] in names and
//! dates.

pub mod add_tags;
pub mod annotate;
pub mod conditions;
pub mod count_media;
pub mod create_album;
pub mod create_film;
pub mod describe_media;
pub mod dispatch;
pub mod edit_film;
pub mod find_similar;
pub mod get_media;
pub mod list_events;
pub mod list_people;
pub mod references;
pub mod search_media;
pub mod summarize;

use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::assistant::albums::Remembered;
use crate::assistant::lexicons::Lexicons;
use crate::assistant::looks::Looks;
use crate::assistant::sight::Sight;
use crate::engine::TextEncoder;
use crate::film::studio::Studio;
use crate::library::conversations::{StoredCall, TurnMedium};
use crate::library::moments::Moment;
use crate::library::{Library, LibraryError, MediaId};
use crate::search::{Hit, Search, SearchError};

/// What tools use.
#[derive(Clone)]
pub struct ToolContext {
    /// The library.
    pub library: Library,
    /// The indexes.
    pub search: Arc<Search>,
    /// The text encoder, if there is one.
    pub encoder: Option<Arc<dyn TextEncoder>>,
    /// What compares pictures and words, if there is an encoder of pictures.
    pub looks: Looks,
    /// What looks at pictures, if there is a model that sees.
    pub sight: Sight,
    /// What makes films.
    pub studio: Studio,
    /// The library's names, as texts are read against them.
    pub lexicons: Lexicons,
    /// The best of albums' rules.
    pub remembered: Remembered,
}

/// Why a tool failed.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// The library failed.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The indexes failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// An argument does not make sense.
    #[error("{0}")]
    Argument(String),
    /// What was to be compared cannot be.
    #[error("{0}")]
    Example(String),
    /// The call cannot be confirmed or undone in the state it is in.
    #[error("this was already {0}")]
    State(String),
}

/// A medium that a tool found, with how well it fits and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// The medium.
    pub id: MediaId,
    /// 0–1.
    pub score: f32,
    /// "person: Anna", "caption: beach".
    pub why: Vec<String>,
    /// Where in a video it is what was asked for, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
}

impl Scored {
    /// A medium that is part of an answer without being found by what it shows.
    pub fn listed(id: MediaId) -> Self {
        Self { id, score: 1.0, why: Vec::new(), moments: Vec::new() }
    }
}

impl Scored {
    /// The shape in which a medium of an answer is stored.
    pub fn to_stored(&self) -> TurnMedium {
        let (why, moments) = (self.why.clone(), self.moments.clone());
        TurnMedium { id: self.id, score: f64::from(self.score), why, moments }
    }
}

impl From<Hit> for Scored {
    fn from(hit: Hit) -> Self {
        let why = hit.why.iter().map(ToString::to_string).collect();
        Self { id: hit.id, score: hit.score, why, moments: hit.moments }
    }
}

/// State of a tool call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToolStatus {
    /// Being carried out.
    Running,
    /// Carried out.
    Done,
    /// Waits for the user.
    NeedsConfirmation,
    /// Failed; the result says why.
    Failed,
    /// The user said no.
    Rejected,
    /// Taken back.
    Undone,
}

impl ToolStatus {
    /// The name stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::NeedsConfirmation => "needs_confirmation",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Undone => "undone",
        }
    }
}

/// A call of a tool.
#[derive(Debug, Clone)]
pub struct ToolCall {
    /// Identifier.
    pub id: Uuid,
    /// Tool.
    pub name: &'static str,
    /// Arguments as called.
    pub arguments: Value,
    /// State.
    pub status: ToolStatus,
    /// A summary of the result.
    pub result: Value,
    /// The media that it found, or that it is about.
    pub media: Vec<MediaId>,
    /// How long it took.
    pub elapsed_ms: u64,
}

impl ToolCall {
    /// A finished call of a reading tool, begun at `started`.
    pub fn done(
        name: &'static str,
        arguments: &impl Serialize,
        result: Value,
        media: Vec<MediaId>,
        started: Instant,
    ) -> Self {
        Self {
            id: Uuid::now_v7(),
            name,
            arguments: serde_json::to_value(arguments).unwrap_or(Value::Null),
            status: ToolStatus::Done,
            result,
            media,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// A call that waits for the user's word.
    pub fn proposed(name: &'static str, arguments: &impl Serialize, media: Vec<MediaId>) -> Self {
        let result = json!({ "media": media.len() });
        Self { status: ToolStatus::NeedsConfirmation, ..Self::done(name, arguments, result, media, Instant::now()) }
    }

    /// The shape in which a call is stored.
    pub fn to_stored(&self) -> Result<(StoredCall, Vec<MediaId>), LibraryError> {
        // Only writes need their media later; those of reading tools are the turn's media.
        let media = if self.status == ToolStatus::NeedsConfirmation { self.media.clone() } else { Vec::new() };
        let call = StoredCall {
            id: self.id.to_string(),
            name: self.name.to_owned(),
            arguments: serde_json::to_string(&self.arguments)?,
            status: self.status.name().to_owned(),
            result: serde_json::to_string(&self.result)?,
            undo: None,
            elapsed_ms: self.elapsed_ms as i64,
        };
        Ok((call, media))
    }
}

/// Carries out a proposed call. Confirming twice acts once.
pub async fn confirm(context: &ToolContext, id: &str) -> Result<StoredCall, ToolError> {
    let (call, media) = context.library.tool_call(id).await?;
    if !context.library.move_call(id, "needs_confirmation", "done", &call.result, None).await? {
        return Err(ToolError::State(call.status.replace('_', " ")));
    }
    let done = match call.name.as_str() {
        create_album::NAME => create_album::apply(context, &call.arguments, &media).await,
        add_tags::NAME => add_tags::apply(context, &call.arguments, &media).await,
        annotate::NAME => annotate::apply(context, &call.arguments, &media).await,
        create_film::NAME => create_film::apply(context, &call.arguments, &media).await,
        other => Err(ToolError::Argument(format!("{other} cannot be carried out yet"))),
    };
    match done {
        Ok(applied) => {
            let undo = applied.undo.to_string();
            context.library.move_call(id, "done", "done", &applied.result.to_string(), Some(&undo)).await?;
        }
        Err(error) => {
            let result = json!({ "error": error.to_string() }).to_string();
            context.library.move_call(id, "done", "failed", &result, None).await?;
        }
    }
    Ok(context.library.tool_call(id).await?.0)
}

/// Drops a proposed call.
pub async fn reject(context: &ToolContext, id: &str) -> Result<StoredCall, ToolError> {
    let (call, _) = context.library.tool_call(id).await?;
    if !context.library.move_call(id, "needs_confirmation", "rejected", &call.result, None).await? {
        return Err(ToolError::State(call.status.replace('_', " ")));
    }
    Ok(context.library.tool_call(id).await?.0)
}

/// Takes back a call that was carried out.
pub async fn undo(context: &ToolContext, id: &str) -> Result<StoredCall, ToolError> {
    let (call, _) = context.library.tool_call(id).await?;
    let Some(undo) = call.undo.clone().filter(|_| call.status == "done") else {
        return Err(ToolError::State(call.status.replace('_', " ")));
    };
    if !context.library.move_call(id, "done", "undone", &call.result, Some(&undo)).await? {
        return Err(ToolError::State(call.status));
    }
    match call.name.as_str() {
        create_album::NAME => create_album::undo(context, &undo).await?,
        add_tags::NAME => add_tags::undo(context, &undo).await?,
        annotate::NAME => annotate::undo(context, &undo).await?,
        create_film::NAME => create_film::undo(context, &undo).await?,
        other => return Err(ToolError::Argument(format!("{other} cannot be undone"))),
    }
    Ok(context.library.tool_call(id).await?.0)
}

/// What a write did, and how to take it back.
pub struct Applied {
    /// Summary for the user.
    pub result: Value,
    /// What `undo` needs.
    pub undo: Value,
}

/// A tool as a language model sees it.
#[derive(Debug, Clone, Serialize)]
pub struct ToolSpecification {
    /// Name.
    pub name: &'static str,
    /// What it does and when to call it.
    pub description: &'static str,
    /// JSON schema of its arguments.
    pub parameters: Value,
}

/// Every tool, as a language model may see it; those that change something come last.
pub fn specifications() -> Vec<ToolSpecification> {
    let mut tools = dispatch::reading_tools();
    tools.extend([
        create_album::specification(),
        add_tags::specification(),
        annotate::specification(),
        create_film::specification(),
    ]);
    tools
}

/// The JSON schema of an argument type.
fn schema<T: utoipa::PartialSchema>() -> Value {
    serde_json::to_value(T::schema()).unwrap_or(Value::Null)
}

/// Reads the arguments of a stored call.
fn arguments<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ToolError> {
    serde_json::from_str(text)
        .map_err(|error| ToolError::Argument(format!("the stored arguments are damaged: {error}")))
}

//! The shapes that the API speaks, made from the library's values.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::assistant::tools::{Scored, ToolCall};
use crate::assistant::understand::{Part, Reading, Role};
use crate::library::changes::Change;
use crate::library::conversations::{StoredCall, TurnMedium};
use crate::library::documents::Document;
use crate::library::media::Medium;
use crate::library::moments::Moment;
use crate::library::{ChangeId, Library, MediaId, Result};
use crate::search::moments::{opens_at, written};
use crate::search::sights;

/// A medium in a list or grid.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MediaCard {
    /// Identifier.
    pub id: MediaId,
    /// `photo` or `video`.
    pub kind: String,
    /// File name.
    pub name: String,
    /// Width as displayed, pixels.
    pub width: Option<i64>,
    /// Height as displayed, pixels.
    pub height: Option<i64>,
    /// Local time at the place, ISO 8601 without offset.
    pub taken: Option<String>,
    /// Length of a video, seconds.
    pub duration_s: Option<f64>,
    /// Has a moment of video.
    pub live: bool,
    /// Rated five stars.
    pub favorite: bool,
    /// 0–5 stars.
    pub rating: Option<i64>,
    /// "Rome, Italy".
    pub place: Option<String>,
    /// ThumbHash, base64.
    pub thumbhash: Option<String>,
    /// Changes when the thumbnail does.
    pub version: String,
}

impl From<&Medium> for MediaCard {
    fn from(medium: &Medium) -> Self {
        Self {
            id: medium.id,
            kind: medium.kind.clone(),
            name: medium.name.clone(),
            width: medium.width,
            height: medium.height,
            taken: medium.taken.clone(),
            duration_s: medium.duration_ms.map(|ms| ms as f64 / 1000.0),
            live: medium.live,
            favorite: medium.rating == Some(5),
            rating: medium.rating,
            place: medium.place(),
            thumbhash: medium.placeholder.clone(),
            version: medium.hash.chars().take(12).collect(),
        }
    }
}

/// A recognised part of a question, to be shown as a removable chip.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Chip {
    /// Identifier within the question.
    pub id: String,
    /// What it is: `person`, `place`, `time` …
    pub role: String,
    /// The words of the question.
    pub text: String,
    /// What they mean.
    pub label: String,
}

/// What a question was understood to mean.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReadingView {
    /// `en`, `de`, `fr`, `es`, `zh`.
    pub language: String,
    /// `find`, `count`, `when` …
    pub intent: String,
    /// The recognised parts.
    pub chips: Vec<Chip>,
    /// 0–1.
    pub certainty: f32,
    /// The conditions.
    #[schema(value_type = Object)]
    pub filter: Value,
    /// What is to be seen.
    pub content: Option<String>,
}

impl From<&Reading> for ReadingView {
    fn from(reading: &Reading) -> Self {
        let name = |value: Option<Value>| value.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        let intent = serde_json::to_value(&reading.intent).ok();
        Self {
            language: name(serde_json::to_value(reading.language).ok()),
            intent: name(intent.and_then(|value| value.get("kind").cloned())),
            chips: reading.parts.iter().enumerate().map(chip).collect(),
            certainty: reading.certainty,
            filter: serde_json::to_value(&reading.filter).unwrap_or(Value::Null),
            content: reading.content.as_ref().map(|content| content.wording.text.clone()),
        }
    }
}

fn chip((position, part): (usize, &Part)) -> Chip {
    let role = match part.role {
        Role::UnknownPerson => "person".to_owned(),
        role => serde_json::to_value(role).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
    };
    Chip { id: position.to_string(), role, text: part.text.clone(), label: part.label.clone() }
}

/// A medium that was found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HitView {
    /// The medium.
    pub media: MediaCard,
    /// 0–1.
    pub score: f64,
    /// Why.
    pub why: Vec<String>,
    /// The second of the video that the player opens at: where its best moment begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment_s: Option<u32>,
    /// Where in the video it is what was asked for, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
}

/// Loads the media of found items; those that are gone are left out.
pub async fn hits(library: &Library, found: &[TurnMedium]) -> Result<Vec<HitView>> {
    let ids: Vec<MediaId> = found.iter().map(|found| found.id).collect();
    let media = library.media_by_ids(&ids).await?;
    let mut views = Vec::with_capacity(media.len());
    let mut media = media.into_iter().peekable();
    for TurnMedium { id, score, why, moments } in found {
        if media.peek().is_some_and(|medium| medium.id == *id)
            && let Some(medium) = media.next()
        {
            views.push(HitView {
                media: (&medium).into(),
                score: *score,
                why: why.clone(),
                moment_s: opens_at(moments, why),
                moments: moments.clone(),
            });
        }
    }
    Ok(views)
}

/// Where in a video each person and each thing is seen and each line of text is written, one by one in order of time;
/// empty for photos.
pub async fn moments(library: &Library, document: &Document) -> Result<Vec<Moment>> {
    let mut moments = library.moments_of_everybody(document.medium.id).await?;
    moments.extend(sights::moments(&document.seen, &document.frames));
    moments.extend(written(document.lines.iter().map(|(line, _)| line), &document.frames));
    moments.sort_by_key(|moment| moment.start_ms);
    Ok(moments)
}

/// What [`hits`] takes, of an answer's media.
pub fn found(media: &[Scored]) -> Vec<TurnMedium> {
    media.iter().map(Scored::to_stored).collect()
}

/// A tool call.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ToolCallView {
    /// Identifier.
    pub id: String,
    /// Tool.
    pub name: String,
    /// Arguments as called.
    #[schema(value_type = Object)]
    pub arguments: Value,
    /// `running`, `done`, `needs_confirmation`, `failed`, `rejected` or `undone`.
    pub status: String,
    /// A summary of the result.
    #[schema(value_type = Object)]
    pub result: Value,
    /// How long it took.
    pub elapsed_ms: i64,
    /// Paths of the media that it found or that it is about; only for clients that ask for paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
}

impl From<&ToolCall> for ToolCallView {
    fn from(call: &ToolCall) -> Self {
        Self {
            id: call.id.to_string(),
            name: call.name.to_owned(),
            arguments: call.arguments.clone(),
            status: call.status.name().to_owned(),
            result: call.result.clone(),
            elapsed_ms: call.elapsed_ms as i64,
            media: Vec::new(),
        }
    }
}

impl From<&StoredCall> for ToolCallView {
    fn from(call: &StoredCall) -> Self {
        let json = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        Self {
            id: call.id.clone(),
            name: call.name.clone(),
            arguments: json(&call.arguments),
            status: call.status.clone(),
            result: json(&call.result),
            elapsed_ms: call.elapsed_ms,
            media: Vec::new(),
        }
    }
}

/// A turn of a conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TurnView {
    /// Identifier.
    pub id: String,
    /// The question.
    pub question: String,
    /// ISO 8601.
    pub created: String,
    /// Markdown with citations as `[[media:ID]]`.
    pub answer: String,
    /// The first media that the answer rests on.
    pub hits: Vec<HitView>,
    /// How many there are.
    pub total: i64,
    /// The number that was asked for, if one was.
    pub count: Option<i64>,
    /// What the question was understood to mean; null when it was stored by another version.
    pub reading: Option<ReadingView>,
    /// What was called.
    pub tool_calls: Vec<ToolCallView>,
    /// `direct` or `agent`.
    pub mode: String,
    /// How long the answer took.
    pub elapsed_ms: i64,
}

/// Unix seconds as ISO 8601.
pub fn instant(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map(|time| time.to_string()).unwrap_or_default()
}

/// Something that was done to people or events.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct ChangeHead {
    id: ChangeId,
    /// ISO 8601.
    made: String,
    /// Which action, or `undo`.
    action: String,
    /// In words.
    summary: String,
    /// The change that it took back.
    undoes: Option<ChangeId>,
    /// The change that took it back; such a one can not be taken back again.
    undone: Option<ChangeId>,
}

impl From<Change> for ChangeHead {
    fn from(change: Change) -> Self {
        let Change { id, made, action, summary, undoes, undone } = change;
        Self { id, made: instant(made), action, summary, undoes, undone }
    }
}

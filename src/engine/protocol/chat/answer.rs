//! What a model answers, whole and piece by piece.

use serde::{Deserialize, Serialize};

use super::super::Usage;
use super::{Message, Role, ToolCallDelta};

/// Answer of `POST /v1/chat/completions` without `stream`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatResponse {
    /// Identifies the answer.
    pub id: String,
    /// Always `chat.completion`.
    #[serde(default)]
    pub object: String,
    /// Unix time in seconds.
    #[serde(default)]
    pub created: u64,
    /// The model's identifier.
    #[serde(default)]
    pub model: String,
    /// The answer: one.
    pub choices: Vec<Choice>,
    /// What it cost.
    #[serde(default)]
    pub usage: Usage,
}

/// A complete answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Always 0.
    #[serde(default)]
    pub index: u32,
    /// The answer.
    pub message: Message,
    /// Why it ends.
    pub finish_reason: Option<FinishReason>,
}

/// Why an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// It is complete.
    Stop,
    /// It was cut off: the limit of tokens or the end of the context.
    Length,
    /// It calls tools.
    ToolCalls,
    /// Another server's reason.
    #[serde(other)]
    Other,
}

/// One event of a streamed answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatChunk {
    /// Identifies the answer; the same in all its chunks.
    pub id: String,
    /// Always `chat.completion.chunk`.
    #[serde(default)]
    pub object: String,
    /// Unix time in seconds.
    #[serde(default)]
    pub created: u64,
    /// The model's identifier.
    #[serde(default)]
    pub model: String,
    /// One, or none in the chunk that says what the answer cost.
    #[serde(default)]
    pub choices: Vec<ChunkChoice>,
    /// What the answer cost, in the last chunk if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ChunkChoice {
    /// Always 0.
    #[serde(default)]
    pub index: u32,
    /// What comes to it.
    pub delta: Delta,
    /// Why it ends, in its last piece.
    #[serde(default)]
    pub finish_reason: Option<FinishReason>,
}

/// What comes to an answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Delta {
    /// Who speaks, in the first piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Thinking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
    /// Calls, or more of their arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<ToolCallDelta>>,
}

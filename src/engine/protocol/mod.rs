//! What goes over the wire: the parts of OpenAI's HTTP API that engines and this program share.
//!
//! The types serialise to the shapes in OpenAI's API reference ([`chat`], [`embeddings`], [`audio`], models);
//! [`vision`] is a route of our own in the same style. Fields of our own (`version`, `dimensions`, `max_input_tokens`,
//! `features` of a model) are additions that other clients ignore and other
//! servers leave out. Unknown fields of a request are ignored, as OpenAI's clients send several that mean nothing here.

pub mod audio;
pub mod chat;
pub mod devices;
pub mod embeddings;
pub mod vision;

pub use audio::{Segment, Transcription, Word};
pub use chat::{ChatChunk, ChatRequest, ChatResponse, Message, Role, ToolCall};
pub use embeddings::{Embedding, EmbeddingInput, EmbeddingRequest, EmbeddingResponse, EncodingFormat, Vector};

use serde::{Deserialize, Serialize};

/// What a request cost, in tokens of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read.
    #[serde(default)]
    pub prompt_tokens: u64,
    /// Tokens written; none of an embedding.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub completion_tokens: u64,
    /// Tokens read and written.
    #[serde(default)]
    pub total_tokens: u64,
    /// Of the tokens read, how many had been evaluated before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_tokens_details: Option<PromptTokens>,
}

/// What the tokens of a prompt cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PromptTokens {
    /// Tokens whose evaluation was taken from the cache.
    #[serde(default)]
    pub cached_tokens: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Answer of `GET /v1/models`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelList {
    /// Always `list`.
    #[serde(default)]
    pub object: String,
    /// The models that the engine serves.
    pub data: Vec<ModelCard>,
}

/// A model that an engine serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// What requests call it.
    pub id: String,
    /// Always `model`.
    #[serde(default)]
    pub object: String,
    /// Unix time in seconds at which the engine loaded it.
    #[serde(default)]
    pub created: u64,
    /// Who serves it.
    #[serde(default)]
    pub owned_by: String,
    /// Which weights these are: vectors of different versions must not mix. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Length of its vectors. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<usize>,
    /// Tokens of a text that it reads; the rest is cut off. Our own addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_input_tokens: Option<usize>,
    /// What it sees in pictures. Our own addition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<vision::Feature>,
}

impl ModelCard {
    /// A model that one of our engines loaded at `created`.
    pub fn ours(id: impl Into<String>, version: Option<String>, created: u64) -> Self {
        Self {
            id: id.into(),
            object: "model".to_owned(),
            created,
            owned_by: "recollect".to_owned(),
            version,
            dimensions: None,
            max_input_tokens: None,
            features: Vec::new(),
        }
    }
}

/// Answer of `GET /health` when the engine is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Always `ok`.
    pub status: String,
    /// What is loaded, where an engine says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
}

/// Body of every answer that is an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// The error.
    pub error: ErrorBody,
}

/// An error in OpenAI's shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What happened and what to do, for a person.
    pub message: String,
    /// Class of the error, such as `invalid_request_error`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// The field of the request that is to blame.
    #[serde(default)]
    pub param: Option<String>,
    /// The error, for a program.
    #[serde(default)]
    pub code: Option<String>,
}

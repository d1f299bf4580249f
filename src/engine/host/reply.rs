//! What a chat engine's computing side says of an answer ([`Event`]), and how it goes out in OpenAI's shape: whole, or piece
//! by piece as server-sent events.

use std::convert::Infallible;

use axum::response::sse::Event as Sent;
use futures::Stream;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::Failure;
use crate::engine::protocol::chat::{
    ChatChunk, ChatResponse, Choice, ChunkChoice, Content, Delta, FinishReason, FunctionDelta, Message, Role, ToolCall,
    ToolCallDelta,
};
use crate::engine::protocol::{PromptTokens, Usage};

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The tool.
    pub name: String,
    /// A JSON object, as text.
    pub arguments: String,
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text for the person.
    Text(String),
    /// Thinking.
    Thinking(String),
    /// A call of a tool.
    Call(Call),
}

/// What comes back.
#[derive(Debug)]
pub enum Event {
    /// A piece of the answer.
    Piece(Piece),
    /// The end.
    Finished(Finished),
    /// The end, by failure.
    Failed(Failure),
}

/// How an answer ended, and what it cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    /// Why.
    pub reason: FinishReason,
    /// Tokens of the prompt.
    pub prompt_tokens: usize,
    /// Of these, how many had been evaluated before.
    pub cached_tokens: usize,
    /// Tokens of the answer.
    pub written_tokens: usize,
}

/// What all parts of an answer say.
#[derive(Debug, Clone)]
pub struct Head {
    /// Identifies the answer.
    pub id: String,
    /// Unix time in seconds.
    pub created: u64,
    /// The model's identifier.
    pub model: String,
}

fn usage(finished: &Finished) -> Usage {
    let (read, written) = (finished.prompt_tokens as u64, finished.written_tokens as u64);
    Usage {
        prompt_tokens: read,
        completion_tokens: written,
        total_tokens: read + written,
        prompt_tokens_details: Some(PromptTokens { cached_tokens: finished.cached_tokens as u64 }),
    }
}

fn call_id() -> String {
    format!("call_{}", Uuid::now_v7().simple())
}

/// The whole answer.
///
/// # Errors
/// What the computing thread failed with.
pub async fn whole(head: Head, mut events: mpsc::UnboundedReceiver<Event>) -> Result<ChatResponse, Failure> {
    let (mut text, mut thinking, mut calls) = (String::new(), String::new(), Vec::new());
    while let Some(event) = events.recv().await {
        match event {
            Event::Piece(Piece::Text(more)) => text.push_str(&more),
            Event::Piece(Piece::Thinking(more)) => thinking.push_str(&more),
            Event::Piece(Piece::Call(call)) => calls.push(ToolCall::new(call_id(), call.name, call.arguments)),
            Event::Failed(failure) => return Err(failure),
            Event::Finished(finished) => {
                let thinking = thinking.trim().to_owned();
                let message = Message {
                    role: Role::Assistant,
                    content: (!text.is_empty() || calls.is_empty()).then_some(Content::Text(text)),
                    reasoning_content: (!thinking.is_empty()).then_some(thinking),
                    tool_calls: (!calls.is_empty()).then_some(calls),
                    ..Message::default()
                };
                return Ok(ChatResponse {
                    id: head.id,
                    object: "chat.completion".to_owned(),
                    created: head.created,
                    model: head.model,
                    choices: vec![Choice { index: 0, message, finish_reason: Some(finished.reason) }],
                    usage: usage(&finished),
                });
            }
        }
    }
    Err(Failure::internal("the engine is ending"))
}

/// The answer piece by piece. Dropping the stream gives the request up.
pub fn stream(
    head: Head,
    mut events: mpsc::UnboundedReceiver<Event>,
    with_usage: bool,
) -> impl Stream<Item = Result<Sent, Infallible>> {
    async_stream::stream! {
        yield Ok(chunk(&head, Delta { role: Some(Role::Assistant), content: Some(String::new()), ..Delta::default() }, None));
        let mut calls = 0;
        while let Some(event) = events.recv().await {
            match event {
                Event::Piece(piece) => yield Ok(chunk(&head, delta(piece, &mut calls), None)),
                Event::Failed(failure) => {
                    yield Ok(Sent::default().json_data(failure.body()).unwrap_or_default());
                    return;
                }
                Event::Finished(finished) => {
                    yield Ok(chunk(&head, Delta::default(), Some(finished.reason)));
                    if with_usage {
                        yield Ok(json(&ChatChunk { usage: Some(usage(&finished)), ..empty(&head) }));
                    }
                    yield Ok(Sent::default().data("[DONE]"));
                    return;
                }
            }
        }
        yield Ok(Sent::default().json_data(Failure::internal("the engine is ending").body()).unwrap_or_default());
    }
}

fn delta(piece: Piece, calls: &mut usize) -> Delta {
    match piece {
        Piece::Text(text) => Delta { content: Some(text), ..Delta::default() },
        Piece::Thinking(text) => Delta { reasoning_content: Some(text), ..Delta::default() },
        Piece::Call(call) => {
            let index = *calls;
            *calls += 1;
            let function = FunctionDelta { name: Some(call.name), arguments: Some(call.arguments) };
            let call = ToolCallDelta { index, id: Some(call_id()), kind: Some("function".to_owned()), function };
            Delta { tool_calls: Some(vec![call]), ..Delta::default() }
        }
    }
}

fn empty(head: &Head) -> ChatChunk {
    ChatChunk {
        id: head.id.clone(),
        object: "chat.completion.chunk".to_owned(),
        created: head.created,
        model: head.model.clone(),
        choices: Vec::new(),
        usage: None,
    }
}

fn chunk(head: &Head, delta: Delta, finish_reason: Option<FinishReason>) -> Sent {
    json(&ChatChunk { choices: vec![ChunkChoice { index: 0, delta, finish_reason }], ..empty(head) })
}

fn json(chunk: &ChatChunk) -> Sent {
    // The shape has nothing that cannot be written.
    Sent::default().json_data(chunk).unwrap_or_default()
}

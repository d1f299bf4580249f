//! A request on its way from the HTTP side to the thread that computes, and what comes back.

use recollect::engine::host::Failure;
use recollect::engine::protocol::chat::FinishReason;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::calls::split;
use crate::prepare::Prepared;

/// A request that can be computed.
#[derive(Debug)]
pub struct Job {
    /// What is asked.
    pub request: Prepared,
    /// Lower goes first; above 0 is background work.
    pub priority: i32,
    /// Where the answer goes; when nobody listens, the request is given up.
    pub events: mpsc::UnboundedSender<Event>,
    /// Its place in the queue; given back when the request is answered or dropped.
    #[expect(dead_code, reason = "held for its drop")]
    pub place: OwnedSemaphorePermit,
}

/// What comes back.
#[derive(Debug)]
pub enum Event {
    /// A piece of the answer.
    Piece(split::Piece),
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

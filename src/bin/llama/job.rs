//! A request on its way from the HTTP side to the thread that computes.

use recollect::engine::host::reply::Event;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

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

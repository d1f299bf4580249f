//! Text to vectors: which files a text encoder has ([`files`]), tokens ([`tokens`]), the queue and its batches
//! ([`worker`], [`schedule`]), the session ([`session`]) with its graph from a file or built at load ([`bert`],
//! [`weights`]), and one vector of many ([`pooling`]).

pub mod bert;
pub mod files;
pub mod pooling;
pub mod schedule;
pub mod session;
pub mod tokens;
pub mod weights;
pub mod worker;

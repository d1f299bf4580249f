//! What engine programs have in common: how one begins and ends ([`run`]), where it listens, who may ask, how errors look;
//! and for those that chat, how an answer goes out ([`reply`]), pictures come in ([`pictures`]) and what a message says stays
//! apart from the template's markers ([`Neutral`]).
//!
//! An engine gives its own routes to [`routes`], which adds `/health`, the token and OpenAI's shape of errors
//! ([`Failure`]), and serves them with [`serve()`] until it is told to stop. What a model computes is left to the engines
//! in `src/bin/`.

mod arguments;
mod failure;
mod guard;
mod markers;
pub mod pictures;
mod processor;
mod program;
pub mod reply;
mod serve;

pub use arguments::{HostArguments, Listen};
pub use failure::Failure;
pub use guard::{routes, routes_with_models};
pub use markers::Neutral;
pub use processor::check_processor;
pub use program::run;
pub use serve::{HostError, serve};

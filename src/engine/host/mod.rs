//! What every engine program has in common: how it begins and ends ([`run`]), where it listens, who may ask, how errors look, and when it ends.
//!
//! An engine gives its own routes to [`routes`], which adds `/health`, the token and OpenAI's shape of errors
//! ([`Failure`]), and serves them with [`serve()`] until it is told to stop. What a model computes is left to the engines
//! in `src/bin/`.

mod arguments;
mod failure;
mod guard;
mod program;
mod serve;

pub use arguments::{HostArguments, Listen};
pub use failure::Failure;
pub use guard::{routes, routes_with_models};
pub use program::run;
pub use serve::{HostError, serve};

//! What can go wrong between this process and an engine, each with what a person can do about it.
//!
//! An error names the engine or its address, and never carries the text that was sent.

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

/// A request to an engine, or its start, failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EngineError {
    /// An engine's address cannot be read.
    #[error("`{text}` is no engine address: {reason}")]
    Address {
        /// The address as given.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The engine's program is not installed.
    #[error("the engine program `{program}` is not in {}", .folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(" or "))]
    ProgramMissing {
        /// File name of the program.
        program: String,
        /// The folders that were searched.
        folders: Vec<PathBuf>,
    },
    /// A local engine did not come up.
    #[error("the engine `{engine}` did not start: {reason}")]
    Start {
        /// The engine's name.
        engine: String,
        /// Why, in the engine's own last words where it had any.
        reason: String,
    },
    /// A local engine ended while it worked on this request.
    #[error("the engine `{engine}` ended while it worked on this request ({status})")]
    Crashed {
        /// The engine's name.
        engine: String,
        /// Exit code or signal, and the engine's last words where it had any.
        status: String,
    },
    /// A local engine failed repeatedly, and the next attempt is not due yet.
    #[error("the engine `{engine}` failed {failures} times; the next attempt is due in {} s: {last}", .retry_after.as_secs().max(1))]
    BackingOff {
        /// The engine's name.
        engine: String,
        /// Failures in a row.
        failures: u32,
        /// Time until the next attempt.
        retry_after: Duration,
        /// The last failure.
        last: String,
    },
    /// A local engine failed so often that it is left alone.
    #[error("the engine `{engine}` failed {failures} times and is not started again for {} minutes: {last}", .retry_after.as_secs().div_ceil(60))]
    GaveUp {
        /// The engine's name.
        engine: String,
        /// Failures in a row.
        failures: u32,
        /// Time until one more attempt.
        retry_after: Duration,
        /// The last failure.
        last: String,
    },
    /// The program is ending; no engine is started any more.
    #[error("the engine `{engine}` was stopped because the program is ending")]
    ShutDown {
        /// The engine's name.
        engine: String,
    },
    /// No connection, or it broke.
    #[error("the engine at {endpoint} cannot be reached: {reason}")]
    Unreachable {
        /// The engine's address.
        endpoint: String,
        /// The innermost cause.
        reason: String,
    },
    /// No answer in time.
    #[error("the engine at {endpoint} did not answer within {} s", .after.as_secs())]
    Timeout {
        /// The engine's address.
        endpoint: String,
        /// The time that was allowed.
        after: Duration,
    },
    /// The engine's queue is full.
    #[error("the engine at {endpoint} has too much to do")]
    Busy {
        /// The engine's address.
        endpoint: String,
        /// When to ask again.
        retry_after: Duration,
    },
    /// The engine wants a token, or another one.
    #[error("the engine at {endpoint} refused the token")]
    Unauthorized {
        /// The engine's address.
        endpoint: String,
    },
    /// The engine answered with an error.
    #[error("the engine at {endpoint} refused the request (HTTP {status}): {message}")]
    Refused {
        /// The engine's address.
        endpoint: String,
        /// HTTP status.
        status: u16,
        /// The engine's message.
        message: String,
    },
    /// The engine failed in the middle of an answer and said so.
    #[error("the engine at {endpoint} failed while it answered: {message}")]
    Failed {
        /// The engine's address.
        endpoint: String,
        /// The engine's message.
        message: String,
    },
    /// The engine answered something that the API does not allow.
    #[error("the engine at {endpoint} gave an answer that cannot be used: {reason}")]
    Answer {
        /// The engine's address.
        endpoint: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The engine serves another model than the one whose vectors are stored.
    #[error("the engine serves the model {found}, but {wanted} was asked for")]
    OtherModel {
        /// The model that was asked for.
        wanted: String,
        /// The model that the engine serves.
        found: String,
    },
    /// A file or folder that an engine needs could not be made.
    #[error("cannot prepare {}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
}

impl EngineError {
    /// What a person can do about it: one sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Address { .. } => "Give `unix:PATH`, `http://HOST:PORT` or `https://HOST`.",
            Self::ProgramMissing { .. } => {
                "Build it (`make build`) so that it lies beside the `recollect` program, or set RECOLLECT_ENGINES to its folder."
            }
            Self::Start { .. } => "Run `recollect doctor`; the engine's log in the data folder says more.",
            Self::Crashed { .. } => "Try again: the engine is started anew. Its log in the data folder says more.",
            Self::BackingOff { .. } => "Run `recollect doctor`; the engine's log in the data folder says why it fails.",
            Self::GaveUp { .. } => {
                "Mend what the message names (`recollect doctor` and the engine's log help), then start the program again."
            }
            Self::ShutDown { .. } => "Start the program again.",
            Self::Unreachable { .. } => {
                "Check that the engine runs and that its address in the configuration is right."
            }
            Self::Timeout { .. } => "Try again, send less at once, or raise the engine's timeout in the configuration.",
            Self::Busy { .. } => "Try again in a moment.",
            Self::Unauthorized { .. } => "Set the engine's token in the configuration.",
            Self::Refused { .. } => "The message says what the engine did not accept.",
            Self::Failed { .. } => "Try again; the engine's log says more.",
            Self::Answer { .. } => {
                "Check that the address is that of an engine with the OpenAI API and of the right kind of model."
            }
            Self::OtherModel { .. } => {
                "Point the configuration at the right model, or run `recollect index rebuild` to use the new one."
            }
            Self::Io { .. } => "Check that the folder exists, is writable and has room.",
        }
    }

    /// Whether the same request may succeed a little later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Crashed { .. }
                | Self::BackingOff { .. }
                | Self::Unreachable { .. }
                | Self::Timeout { .. }
                | Self::Busy { .. }
        )
    }
}

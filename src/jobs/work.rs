//! What a kind of job does: the trait that every worker fulfils, and how its jobs end.
//!
//! A worker reads what it needs, has a model look at it, and hands the result to a function of `library` that stores it
//! and ends the job in one transaction (`jobs::finish` within `library`). It writes nothing else: indexes follow from the
//! library later. It may be stopped at any moment by dropping its future, and two of it may run in two processes.
//!
//! ```ignore
//! match self.library.store_faces(&job, &self.model, &faces).await {
//!     Ok(()) => Outcome::Stored,
//!     Err(error) => error.into(),
//! }
//! ```

use std::time::Duration;

use futures::future::BoxFuture;

use crate::engine::EngineError;
use crate::library::jobs::{Job, JobKind, ModelKey};
use crate::library::{JobId, LibraryError};

/// A worker for one kind of job.
pub trait Work: Send + Sync {
    /// The kind.
    fn kind(&self) -> JobKind;

    /// What it works with; `None` for kinds that use no model. It decides which media lack a current result, so it names
    /// everything that results depend on. Starts nothing.
    fn model(&self) -> Option<ModelKey>;

    /// Jobs that it takes at once, for models that do several together sooner than one after another.
    fn batch(&self) -> u32 {
        1
    }

    /// Batches under way at once, unless the configuration says otherwise.
    fn at_once(&self) -> usize {
        1
    }

    /// Longest time for one batch; what takes longer is stopped and tried again.
    fn time_limit(&self) -> Duration {
        Duration::from_secs(600)
    }

    /// Does the jobs, at most [`Work::batch`] of them, and says how each ended. A job that is not in the answer is tried
    /// again. A job that was begun before without an end comes alone.
    fn run(&self, jobs: Vec<Job>) -> BoxFuture<'_, Vec<(JobId, Outcome)>>;
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its result is stored, and the job ended in the same transaction; or there is nothing left to do it for.
    Stored,
    /// It failed for a reason that may pass: tried again later, and after some tries given up.
    Retry {
        /// Stable code of the reason.
        code: String,
        /// The reason in words.
        message: String,
    },
    /// It failed, and trying again would give the same: given up.
    Failed {
        /// Stable code of the reason.
        code: String,
        /// The reason in words.
        message: String,
    },
    /// It could not be tried, for a reason that is not its own: the engine is missing or busy. The job waits as if it had
    /// not been begun, and its kind rests a while.
    Unavailable {
        /// Stable code of the reason.
        code: String,
        /// The reason in words.
        message: String,
    },
    /// The claim on it was lost; another does it, or nobody wants it any more.
    Superseded,
}

impl Outcome {
    /// [`Outcome::Retry`].
    pub fn retry(code: &str, message: impl ToString) -> Self {
        Self::Retry { code: code.to_owned(), message: message.to_string() }
    }

    /// [`Outcome::Failed`].
    pub fn failed(code: &str, message: impl ToString) -> Self {
        Self::Failed { code: code.to_owned(), message: message.to_string() }
    }

    /// [`Outcome::Unavailable`].
    pub fn unavailable(code: &str, message: impl ToString) -> Self {
        Self::Unavailable { code: code.to_owned(), message: message.to_string() }
    }
}

impl From<LibraryError> for Outcome {
    fn from(error: LibraryError) -> Self {
        match &error {
            LibraryError::Superseded { .. } => Self::Superseded,
            LibraryError::NotFound { .. } | LibraryError::Stored(_) | LibraryError::Refused(_) => {
                Self::failed("not_stored", error)
            }
            LibraryError::Open { .. } | LibraryError::Database(_) => Self::retry("not_stored", error),
        }
    }
}

/// Tells what is wrong with the request from what is wrong with the engine: a picture that ends the engine each time is
/// given up after some tries, an engine that does not start is no picture's fault.
impl From<EngineError> for Outcome {
    fn from(error: EngineError) -> Self {
        let text = format!("{error}; {}", error.hint());
        match &error {
            EngineError::Refused { status: 400..=499, .. } => Self::failed("engine_refused", text),
            EngineError::Refused { .. } | EngineError::Failed { .. } => Self::retry("engine_failed", text),
            EngineError::Answer { .. } => Self::retry("engine_answer", text),
            EngineError::Crashed { .. } => Self::retry("engine_crashed", text),
            EngineError::Timeout { .. } => Self::retry("engine_timeout", text),
            EngineError::Busy { .. } => Self::unavailable("engine_busy", text),
            _ => Self::unavailable("engine_unavailable", text),
        }
    }
}

//! Background work: the queue and its workers, and what follows from the library.
//!
//! [`queue`] runs jobs: it claims them from the library, has [`Work`]ers do them, records how they ended, and may do so in
//! several processes at once. [`read_files`] is the worker for files, [`choose_keyframes`] the one for videos; those that
//! see are in `perception`, those that hear in `voice`. [`indexer`] belongs to the one process that holds the data folder:
//! it walks and watches folders, sees what belongs together, asks which media lack what, and keeps the indexes up to date;
//! what else is found in the whole library is an [`Overview`]; faces have their [`FaceKeeper`].
//!
//! All of it can be killed at any moment: a job is ended in the transaction that stores its result, and what is derived is
//! derived again from versions that only rise.

pub mod activity;
pub mod choose_keyframes;
mod colours;
pub mod config;
mod derive;
pub mod indexer;
mod load;
mod measures;
pub mod metrics;
mod organise;
mod presence;
pub mod queue;
pub mod read_files;
mod shift;
#[cfg(test)]
mod tests;
mod watch;
pub mod work;

use std::io;
use std::path::PathBuf;

pub use self::choose_keyframes::ChooseKeyframes;
pub use self::config::JobsConfig;
pub use self::indexer::{Indexer, IndexerParts};
pub use self::organise::{Caught, FaceKeeper, Overview};
pub use self::queue::{Hold, Pace, Queue, QueueParts};
pub use self::read_files::ReadFiles;
pub use self::work::{Outcome, Work};
use crate::library::LibraryError;
pub use crate::library::jobs::{Job, JobKind, ModelKey};
use crate::search::SearchError;

/// Why background work stopped.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The library failed.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The indexes failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// A setting makes no sense.
    #[error("{0}")]
    Setting(String),
    /// The process cannot announce itself to others.
    #[error("{path} cannot be written to: {source}")]
    Announce {
        /// The data folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder cannot be watched.
    #[error("{path} cannot be watched for changes: {reason}")]
    Watch {
        /// The folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Work that was waited for ended abnormally.
    #[error("background work ended abnormally: {0}")]
    Ended(String),
}

//! What can go wrong with model files, each with what a person can do about it.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Listing, getting, checking, bringing in or removing a model failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The catalogue has no such model.
    #[error("there is no model `{id}` in the catalogue; it has {known}")]
    Unknown {
        /// The identifier that was asked for.
        id: String,
        /// The identifiers there are.
        known: String,
    },
    /// The model is not in the models folder.
    #[error("the model `{id}` is not installed in {}", .folder.display())]
    NotInstalled {
        /// Its identifier.
        id: String,
        /// The models folder.
        folder: PathBuf,
    },
    /// A name that could leave the models folder, or is no file name.
    #[error("`{name}` cannot be the name of a model: {reason}")]
    Name {
        /// The name as given.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The catalogue's text is not valid.
    #[error("the model catalogue is not valid: {reason}")]
    Catalogue {
        /// What is wrong with it.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("{what} {}: {source}", .path.display())]
    Io {
        /// What was tried, such as "cannot read".
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A transfer failed for good.
    #[error("{url} cannot be fetched: {reason}")]
    Transfer {
        /// The address.
        url: String,
        /// Cause.
        reason: String,
    },
    /// A file is not the one that the catalogue describes.
    #[error("{} is not the file that was expected: {reason}", .path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// How it differs.
        reason: String,
    },
    /// A file is not what it was when it was first fetched.
    #[error("{url} is not the file that was pinned in models.lock when `{id}` was first fetched: {reason}")]
    Changed {
        /// The model.
        id: String,
        /// The address.
        url: String,
        /// How it differs.
        reason: String,
    },
    /// The licence forbids something, and nobody has accepted that.
    #[error("the licence of `{id}` ({licence}) allows {restriction}")]
    Licence {
        /// The model.
        id: String,
        /// SPDX identifier, or a reference.
        licence: String,
        /// What it allows, in a few words.
        restriction: String,
    },
    /// The disk has too little room.
    #[error("{} has {} MB free, and {} MB are needed", .folder.display(), .free / 1_000_000, .needed.div_ceil(1_000_000))]
    NoSpace {
        /// The folder.
        folder: PathBuf,
        /// Bytes that are free.
        free: u64,
        /// Bytes that are needed.
        needed: u64,
    },
    /// Nothing may be fetched.
    #[error("the model `{id}` is not here, and nothing is fetched while offline")]
    Offline {
        /// Its identifier.
        id: String,
    },
    /// The package index did not give the package, or it lacks a file.
    #[error("the package {package} cannot serve as mirror: {reason}")]
    Package {
        /// Name and version.
        package: String,
        /// Cause.
        reason: String,
    },
    /// Every source failed.
    #[error("the model `{id}` cannot be fetched from any source:{}", .attempts.iter().map(|a| format!("\n  - {a}")).collect::<String>())]
    AllSources {
        /// Its identifier.
        id: String,
        /// What happened at each source.
        attempts: Vec<String>,
    },
    /// A file that is no model, or none that can be used.
    #[error("{} cannot be used as a model: {reason}", .path.display())]
    NoModel {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Another process is changing the models folder.
    #[error("another process is changing the models in {}", .folder.display())]
    Locked {
        /// The models folder.
        folder: PathBuf,
    },
    /// A model of that name is there already.
    #[error("a model `{id}` is installed already")]
    Exists {
        /// Its identifier.
        id: String,
    },
}

impl ModelError {
    /// What a person can do about it: one sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "`recollect models list` shows what there is.",
            Self::NotInstalled { .. } => "`recollect models pull` fetches it; RECOLLECT_MODELS names another folder.",
            Self::Name { .. } => "Use letters, digits, `.`, `-` and `_`.",
            Self::Catalogue { .. } => "This is a fault of the program: please report it.",
            Self::Io { .. } => "Check that the folder exists, is writable and has room.",
            Self::Transfer { .. } => "Check the network and try again: what has been fetched is kept.",
            Self::Content { .. } => "`recollect models pull` fetches it anew.",
            Self::Changed { .. } => {
                "If its makers have changed it and you trust that, `recollect models pull NAME --repin` takes it as it is now."
            }
            Self::Licence { .. } => "`recollect models pull NAME --accept-licence` fetches it if that suits you.",
            Self::NoSpace { .. } => "Make room, or name another folder with RECOLLECT_MODELS.",
            Self::Offline { .. } => {
                "Go online (unset HF_HUB_OFFLINE, leave out --offline), or bring the files in with `recollect models import`."
            }
            Self::Package { .. } => "Check that `python3 -m pip` works and reaches a package index.",
            Self::AllSources { .. } => {
                "Check the network and try again, or fetch the files elsewhere and use `recollect models import`."
            }
            Self::NoModel { .. } => {
                "Give a GGUF, ONNX or ggml file, a folder of such files, or a folder with `tokenizer.json` and `model.safetensors` or `onnx/model.onnx`."
            }
            Self::Locked { .. } => "Wait until it is done, and try again.",
            Self::Exists { .. } => "Remove it first, or give another name.",
        }
    }

    /// For `map_err`: an input or output error with what was tried on which path.
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { what, path: path.to_owned(), source }
    }
}

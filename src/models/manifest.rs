//! What is written beside an installed model: which model it is, where it came from and what its files must be.
//!
//! The manifest is what makes a folder a model; it is in place before the folder gets its name.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::catalogue::Role;
use super::error::ModelError;

/// File name of the manifest within a model's folder.
pub const MANIFEST: &str = "recollect-model.json";

/// An installed model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Identifier, and name of its folder.
    pub id: String,
    /// What it does.
    pub role: Role,
    /// First 16 hexadecimal digits of the SHA-256 of the weights: vectors of different versions do not mix.
    pub version: String,
    /// The file or folder, within the model's folder, that an engine is given; empty for the folder itself.
    pub entry: String,
    /// The projector, within the model's folder, that lets a language model see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mmproj: Option<String>,
    /// Length of its vectors, if it makes any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<usize>,
    /// It goes on with a text and answers nobody: a language model whose file says nothing of conversations. It is used
    /// where the configuration names it and is not chosen by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub base: bool,
    /// SPDX identifier of its licence, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Where it came from, for a person.
    pub source: String,
    /// Its files.
    pub files: Vec<InstalledFile>,
}

/// A file of an installed model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledFile {
    /// Path within the model's folder, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Reads the manifest in `folder`.
    ///
    /// # Errors
    /// [`ModelError::Io`] when there is none, [`ModelError::Content`] when it is damaged.
    pub fn read(folder: &Path) -> Result<Self, ModelError> {
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(ModelError::io("cannot read", &path))?;
        serde_json::from_str(&text).map_err(|error| ModelError::Content { path, reason: error.to_string() })
    }

    /// Writes the manifest into `folder` and makes it durable.
    ///
    /// # Errors
    /// [`ModelError::Io`].
    pub fn write(&self, folder: &Path) -> Result<(), ModelError> {
        let path = folder.join(MANIFEST);
        let text = serde_json::to_vec_pretty(self).map_err(|error| ModelError::Io {
            what: "cannot describe the model in",
            path: path.clone(),
            source: error.into(),
        })?;
        let write = || -> std::io::Result<()> {
            use std::io::Write as _;
            let mut file = fs::File::create(&path)?;
            file.write_all(&text)?;
            file.sync_all()
        };
        write().map_err(ModelError::io("cannot write", &path))
    }

    /// Bytes of all files.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }
}

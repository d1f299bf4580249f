//! Brings a model that lies on this machine into the models folder, after looking whether it can be one.
//!
//! The source is only read. What is no model, or has no weights, is refused with the reason; nothing of it is copied then.
//! Looking inside goes as far as telling what a file is and that it is whole, not as far as running it: an engine that
//! loads it later may still refuse it.

mod chat_folder;
mod formats;
mod gguf;
mod look;
mod onnx;

use std::fs;
use std::path::{Path, PathBuf};

use super::catalogue::{Role, check_name};
use super::error::ModelError;
use super::folder::{InstalledModel, ModelFolder, sha256_of};
use super::manifest::{InstalledFile, Manifest};
use super::space;
use look::look;
pub use onnx::{PictureGraph, picture_graph};

/// What the user says about a model, instead of what its files say.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Identifier; from the file's or folder's name when absent.
    pub id: Option<String>,
    /// What it does; told from its files when absent.
    pub role: Option<Role>,
    /// SPDX identifier of its licence.
    pub licence: Option<String>,
    /// The projector that lets a language model see; only with a GGUF file.
    pub mmproj: Option<PathBuf>,
    /// Takes the place of an installed model with the same identifier.
    pub replace: bool,
}

/// What a look at a source found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    role: Role,
    /// Pairs of source and path within the model's folder.
    files: Vec<(PathBuf, String)>,
    weights: String,
    /// See [`Manifest::entry`].
    entry: String,
    mmproj: Option<String>,
    dimensions: Option<usize>,
    /// A language model whose file says nothing of conversations.
    base: bool,
}

/// What became of one file or folder.
#[derive(Debug)]
pub struct Outcome {
    /// The file or folder.
    pub source: PathBuf,
    /// The model that it is now, or why it is none.
    pub result: Result<InstalledModel, ModelError>,
}

/// Looks whether the file at `path` is a whole GGUF header with weights behind it.
///
/// # Errors
/// [`ModelError::NoModel`] with the reason, [`ModelError::Io`].
pub fn check_gguf(path: &Path) -> Result<(), ModelError> {
    gguf::read(path).map(drop)
}

/// Looks whether the file at `path` is whole safetensors.
///
/// # Errors
/// [`ModelError::NoModel`] with the reason, [`ModelError::Io`].
pub fn check_safetensors(path: &Path) -> Result<(), ModelError> {
    match formats::recognise(path)? {
        formats::Format::Safetensors(_) => Ok(()),
        _ => Err(formats::no_model(path, "it is no safetensors file")),
    }
}

/// Copies the model at `source` into `folder`. Blocks while it copies.
///
/// `source` is a GGUF, ONNX or ggml file, the safetensors of a classifier's head, or a folder that holds one model: a
/// tokenizer and weights as a model hub lays them out, or a GGUF file beside its projector.
///
/// # Errors
/// [`ModelError::NoModel`] with the reason, [`ModelError::Exists`], [`ModelError::Name`], [`ModelError::Locked`],
/// [`ModelError::NoSpace`], [`ModelError::Io`].
pub fn import(folder: &ModelFolder, source: &Path, options: &ImportOptions) -> Result<InstalledModel, ModelError> {
    let found = look(source, options.mmproj.as_deref())?;
    let id = match &options.id {
        Some(id) => id.clone(),
        None => name_of(source)?,
    };
    check_name(&id).map_err(|reason| ModelError::Name { name: id.clone(), reason })?;
    let lock = folder.lock()?;
    if !options.replace && folder.get(&id).is_ok() {
        return Err(ModelError::Exists { id });
    }
    let parent = folder.root().join(".partial");
    check_space(&found, &parent)?;
    let staging = tempfile::Builder::new().prefix("import-").tempdir_in(&parent);
    let staging = staging.map_err(ModelError::io("cannot make a folder in", &parent))?;
    // The temporary folder is this user's alone; a model is as readable as any other file.
    let target = staging.path().join("model");
    let mut files = Vec::new();
    for (from, path) in &found.files {
        let to = target.join(path);
        let parent = to.parent().unwrap_or(&target);
        fs::create_dir_all(parent).map_err(ModelError::io("cannot make", parent))?;
        let size = fs::copy(from, &to).map_err(ModelError::io("cannot copy", from))?;
        files.push(InstalledFile { path: path.clone(), size, sha256: sha256_of(&to)? });
    }
    let weights = files.iter().find(|file| file.path == found.weights);
    let manifest = Manifest {
        id,
        role: options.role.unwrap_or(found.role),
        version: weights.and_then(|file| file.sha256.get(..16)).unwrap_or("unknown").to_owned(),
        entry: found.entry,
        mmproj: found.mmproj,
        dimensions: found.dimensions,
        base: found.base,
        licence: options.licence.clone(),
        source: format!("imported from {}", source.display()),
        files,
    };
    folder.install(&lock, &target, manifest)
}

/// Brings in what `source` is: one model, or every model that a folder of files and folders holds. What of a folder is
/// no model is told with its reason; files that have no ending of a model file are passed over.
///
/// # Errors
/// [`ModelError::NoModel`] when a folder holds nothing that could be one, [`ModelError::Io`] when it cannot be read.
pub fn import_all(folder: &ModelFolder, source: &Path, options: &ImportOptions) -> Result<Vec<Outcome>, ModelError> {
    let one = |source: &Path| Outcome { source: source.to_owned(), result: import(folder, source, options) };
    if !source.is_dir() || options.id.is_some() || look::is_one_model(source) {
        return Ok(vec![one(source)]);
    }
    let entries = fs::read_dir(source).map_err(ModelError::io("cannot read", source))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(ModelError::io("cannot read", source))?.path();
        let fits = if path.is_dir() { look::is_one_model(&path) } else { look::has_a_models_ending(&path) };
        if fits {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        return Err(formats::no_model(source, "the folder holds no file or folder that looks like a model"));
    }
    paths.sort();
    Ok(paths.iter().map(|path| one(path)).collect())
}

/// Whether the disk has room for a copy.
fn check_space(found: &Found, parent: &Path) -> Result<(), ModelError> {
    let sizes = found.files.iter().map(|(from, _)| fs::metadata(from).map_err(ModelError::io("cannot read", from)));
    let needed = sizes.map(|size| Ok(size?.len())).sum::<Result<u64, ModelError>>()? + space::SPARE;
    let free = space::free(parent).map_err(ModelError::io("cannot ask for the free space of", parent))?;
    if free >= needed { Ok(()) } else { Err(ModelError::NoSpace { folder: parent.to_owned(), free, needed }) }
}

/// An identifier made of a path's last part, without the ending of a model file.
fn name_of(source: &Path) -> Result<String, ModelError> {
    let full = fs::canonicalize(source).map_err(ModelError::io("cannot read", source))?;
    let name = if full.is_dir() { full.file_name() } else { full.file_stem() };
    let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    Ok(name.chars().map(plain).collect::<String>().trim_start_matches('.').to_owned())
}

#[cfg(test)]
mod tests;

//! Brings a model that lies on this machine into the models folder, after looking whether it can be one.
//!
//! The source is only read. What is no model, or has no weights, is refused with the reason; nothing of it is copied then.
//! Looking inside goes as far as telling what a file is and that it is whole, not as far as running it: an engine that
//! loads it later may still refuse it.

mod formats;
mod gguf;

use std::fs;
use std::path::{Path, PathBuf};

use super::catalogue::{Role, check_name};
use super::error::ModelError;
use super::folder::{InstalledModel, ModelFolder, sha256_of};
use super::manifest::{InstalledFile, Manifest};

/// What the user says about a model, instead of what its files say.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Identifier; from the file's or folder's name when absent.
    pub id: Option<String>,
    /// What it does; told from its files when absent.
    pub role: Option<Role>,
    /// SPDX identifier of its licence.
    pub licence: Option<String>,
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
    dimensions: Option<usize>,
}

/// The files that an encoder's folder may have; the first of `WEIGHTS` that is there is what an engine runs.
const ENCODER_FILES: [&str; 6] = [
    "config.json",
    "modules.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
    "tokenizer.json",
    "onnx/model.onnx_data",
];
const WEIGHTS: [&str; 3] = ["onnx/model.onnx", "model.onnx", "model.safetensors"];

/// Looks whether the file at `path` is a whole GGUF header with weights behind it.
///
/// # Errors
/// [`ModelError::NoModel`] with the reason, [`ModelError::Io`].
pub fn check_gguf(path: &Path) -> Result<(), ModelError> {
    gguf::read(path).map(drop)
}

/// Copies the model at `source` into `folder`. Blocks while it copies.
///
/// `source` is a folder with a tokenizer and weights (as a model hub lays it out), a GGUF file or an ONNX file.
///
/// # Errors
/// [`ModelError::NoModel`] with the reason, [`ModelError::Exists`], [`ModelError::Name`], [`ModelError::Locked`],
/// [`ModelError::Io`].
pub fn import(folder: &ModelFolder, source: &Path, options: &ImportOptions) -> Result<InstalledModel, ModelError> {
    let found = look(source)?;
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
        dimensions: found.dimensions,
        licence: options.licence.clone(),
        source: format!("imported from {}", source.display()),
        files,
    };
    folder.install(&lock, &target, manifest)
}

/// What `source` is.
fn look(source: &Path) -> Result<Found, ModelError> {
    let metadata = fs::metadata(source).map_err(ModelError::io("cannot read", source))?;
    if metadata.is_dir() {
        return look_at_folder(source);
    }
    let name = source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (role, dimensions) = match formats::recognise(source)? {
        formats::Format::Gguf => {
            let header = gguf::read(source)?;
            (header.role(), header.dimensions())
        }
        formats::Format::Onnx => (Role::Other, None),
        formats::Format::Safetensors => {
            let reason = "weights alone are not enough: give the folder that holds its tokenizer and config.json too";
            return Err(formats::no_model(source, reason));
        }
    };
    Ok(Found { role, files: vec![(source.to_owned(), name.clone())], weights: name.clone(), entry: name, dimensions })
}

fn look_at_folder(source: &Path) -> Result<Found, ModelError> {
    let Some(weights) = WEIGHTS.into_iter().find(|path| source.join(path).is_file()) else {
        let reason = format!("the folder has none of {}", WEIGHTS.join(", "));
        return Err(formats::no_model(source, reason));
    };
    let expected = if weights.ends_with(".onnx") { formats::Format::Onnx } else { formats::Format::Safetensors };
    if formats::recognise(&source.join(weights))? != expected {
        return Err(formats::no_model(&source.join(weights), "it is not of the format that its name says"));
    }
    if !source.join("tokenizer.json").is_file() {
        return Err(formats::no_model(source, "the folder has no tokenizer.json"));
    }
    let config = source.join("config.json");
    let dimensions = if config.is_file() { hidden_size(&config)? } else { None };
    if weights == "model.safetensors" && dimensions.is_none() {
        return Err(formats::no_model(&config, "it is missing or has no `hidden_size`"));
    }
    let others = ENCODER_FILES.into_iter().filter(|path| source.join(path).is_file());
    let files = others.chain([weights]).map(|path| (source.join(path), path.to_owned())).collect();
    Ok(Found { role: Role::TextEncoder, files, weights: weights.to_owned(), entry: String::new(), dimensions })
}

fn hidden_size(config: &Path) -> Result<Option<usize>, ModelError> {
    let text = fs::read(config).map_err(ModelError::io("cannot read", config))?;
    let value: serde_json::Value =
        serde_json::from_slice(&text).map_err(|error| formats::no_model(config, error.to_string()))?;
    Ok(value.get("hidden_size").and_then(serde_json::Value::as_u64).and_then(|size| usize::try_from(size).ok()))
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

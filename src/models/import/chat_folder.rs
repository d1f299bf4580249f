//! Language and vision models as hubs lay them out for the transformers library: a folder with `config.json`, a
//! tokenizer, and weights in safetensors (in parts when they are large) or UQFF. mistral.rs runs them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Found;
use super::formats::{Format, no_model, recognise};
use crate::models::catalogue::Role;
use crate::models::error::ModelError;

/// Endings of what such a folder holds; everything else (pictures, other formats of the weights) is left behind.
const ENDINGS: [&str; 6] = ["json", "safetensors", "uqff", "jinja", "model", "txt"];

/// What the folder's `config.json` says that it does, if it is such a folder: architectures are called after what they do
/// ("LlamaForCausalLM", "Qwen3VLForConditionalGeneration").
pub(super) fn role(folder: &Path) -> Option<Role> {
    let config: Value = serde_json::from_slice(&fs::read(folder.join("config.json")).ok()?).ok()?;
    let architectures = config.get("architectures")?.as_array()?;
    let named = |ending| architectures.iter().filter_map(Value::as_str).any(|name| name.ends_with(ending));
    let chats = named("ForCausalLM") || named("ForConditionalGeneration");
    let sees = config.get("vision_config").is_some();
    chats.then_some(if sees { Role::Vision } else { Role::Language })
}

/// The model in `folder`, whose files are looked through.
pub(super) fn look(folder: &Path, role: Role) -> Result<Found, ModelError> {
    let entries = fs::read_dir(folder).map_err(ModelError::io("cannot read", folder))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.is_file() && ENDINGS.iter().any(|ending| has_ending(path, ending)));
    paths.sort();
    if !folder.join("tokenizer.json").is_file() {
        return Err(no_model(folder, "the folder has no tokenizer.json"));
    }
    for path in paths.iter().filter(|path| has_ending(path, "safetensors")) {
        if !matches!(recognise(path)?, Format::Safetensors(_)) {
            return Err(no_model(path, "it is not of the format that its name says"));
        }
    }
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let weights = paths.iter().find(|path| has_ending(path, "safetensors") || has_ending(path, "uqff"));
    let Some(weights) = weights.map(|path| name(path)) else {
        return Err(no_model(folder, "the folder has neither *.safetensors nor *.uqff"));
    };
    let files = paths.into_iter().map(|path| (path.clone(), name(&path))).collect();
    Ok(Found { role, files, weights, entry: String::new(), mmproj: None, dimensions: None, base: false })
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

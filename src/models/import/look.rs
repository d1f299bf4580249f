//! Looks at a file or folder and says which model it is, by what is in it and not by what it is called.

use std::fs;
use std::path::{Path, PathBuf};

use super::formats::{Format, no_model, recognise};
use super::{Found, chat_folder, gguf, onnx};
use crate::models::catalogue::Role;
use crate::models::error::ModelError;
use crate::models::ggml::{self, GgmlError};
use crate::models::towers::Towers;
use crate::models::{characters, labels};

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
/// A classifier's head has no more tensors.
const MOST_OF_A_HEAD: usize = 16;

/// What `source` is; `mmproj` is the projector that the user names for it.
pub(super) fn look(source: &Path, mmproj: Option<&Path>) -> Result<Found, ModelError> {
    let metadata = fs::metadata(source).map_err(ModelError::io("cannot read", source))?;
    let found = if metadata.is_dir() { look_at_folder(source)? } else { look_at_file(source)? };
    match mmproj {
        Some(mmproj) => with_projector(found, mmproj),
        None => Ok(found),
    }
}

/// Whether a folder is one model rather than a place for several.
pub(super) fn is_one_model(folder: &Path) -> bool {
    WEIGHTS.iter().any(|path| folder.join(path).is_file())
        || folder.join("tokenizer.json").is_file()
        || Towers::find(folder).is_some()
        || matches!(pair(folder), Ok(Some(_)))
}

/// Whether a file is called as models are.
pub(super) fn has_a_models_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    ["gguf", "onnx", "bin", "ggml", "safetensors"].contains(&ending.as_str())
}

fn look_at_file(source: &Path) -> Result<Found, ModelError> {
    let mut base = false;
    let (role, dimensions) = match recognise(source)? {
        Format::Gguf => {
            let header = gguf::read(source)?;
            if header.is_projector() {
                let reason =
                    "it is a projector, which lets a language model see: import that one, with this as --mmproj";
                return Err(no_model(source, reason));
            }
            base = header.role() == Role::Language && !header.has_chat_template();
            (header.role(), header.dimensions())
        }
        Format::Onnx(graph) => graph
            .role()
            .ok_or_else(|| no_model(source, "it reads tokens: give the folder that holds its tokenizer.json too"))?,
        Format::Ggml => (ggml_role(source)?, None),
        Format::Safetensors(tensors) if is_head(&tensors) => (Role::Classifier, None),
        Format::Safetensors(_) => {
            let reason = "weights alone are not enough: give the folder that holds its tokenizer and config.json too";
            return Err(no_model(source, reason));
        }
    };
    let name = name_of(source);
    let mut files = vec![(source.to_owned(), name.clone())];
    match role {
        Role::Classifier | Role::ObjectDetector => files.extend(labels_of(source)),
        Role::TextReader => files.extend(characters_of(source)),
        _ => {}
    }
    Ok(Found { role, files, weights: name.clone(), entry: name, mmproj: None, dimensions, base })
}

/// The file beside a graph with as many labels as it has classes: the last numbers that it gives, or for a detector of
/// things all of these but the box and its certainty.
fn labels_of(graph: &Path) -> Option<(PathBuf, String)> {
    let outputs = onnx::picture_graph(graph)?.outputs?;
    let folder = graph.parent()?;
    let mut classes = [Some(outputs), outputs.checked_sub(5)].into_iter().flatten();
    let found = classes.find_map(|classes| labels::file_for(folder, classes))?;
    Some((found, labels::LABELS.to_owned()))
}

/// The file beside a graph with the characters that it reads.
fn characters_of(graph: &Path) -> Option<(PathBuf, String)> {
    let found = characters::file_for(graph.parent()?, onnx::picture_graph(graph)?.outputs?)?;
    let name = name_of(&found);
    Some((found, name))
}

/// Whether these are the dense layers that make another model's vector into labels: weights and biases, and what
/// the vector is normalised with, nothing else.
fn is_head(tensors: &[(String, Vec<usize>)]) -> bool {
    let layer = |(name, shape): &(String, Vec<usize>)| match name.rsplit('.').next() {
        Some("weight") => shape.len() == 2,
        Some("bias" | "mean" | "variance") => shape.len() == 1,
        _ => false,
    };
    tensors.len() <= MOST_OF_A_HEAD && tensors.iter().any(|(_, shape)| shape.len() == 2) && tensors.iter().all(layer)
}

/// What a file in ggml's older format does: it detects voices, or writes down what they say.
fn ggml_role(path: &Path) -> Result<Role, ModelError> {
    match ggml::check_silero(path) {
        Err(GgmlError::Other { .. }) => ggml::check_whisper(path).map(|_| Role::Speech),
        result => result.map(|()| Role::VoiceActivity),
    }
    .map_err(|error| no_model(path, error.to_string()))
}

fn with_projector(mut found: Found, mmproj: &Path) -> Result<Found, ModelError> {
    if recognise(mmproj)? != Format::Gguf || !gguf::read(mmproj)?.is_projector() {
        return Err(no_model(mmproj, "it is no projector"));
    }
    if !matches!(found.role, Role::Language | Role::Vision) {
        return Err(no_model(&found.files[0].0, "it is no language model, and only those can be made to see"));
    }
    let name = name_of(mmproj);
    found.files.push((mmproj.to_owned(), name.clone()));
    Ok(Found { role: Role::Vision, mmproj: Some(name), ..found })
}

fn look_at_folder(source: &Path) -> Result<Found, ModelError> {
    if let Some((model, projector)) = pair(source)? {
        return with_projector(look_at_file(&model)?, &projector);
    }
    if let Some(role) = chat_folder::role(source) {
        return chat_folder::look(source, role);
    }
    if let Some(towers) = Towers::find(source) {
        return look_at_towers(source, towers);
    }
    let Some(weights) = WEIGHTS.into_iter().find(|path| source.join(path).is_file()) else {
        let reason = format!("the folder has none of {}", WEIGHTS.join(", "));
        return Err(no_model(source, reason));
    };
    let of_its_name = match recognise(&source.join(weights))? {
        Format::Onnx(_) => weights.ends_with(".onnx"),
        Format::Safetensors(_) => weights.ends_with(".safetensors"),
        _ => false,
    };
    if !of_its_name {
        return Err(no_model(&source.join(weights), "it is not of the format that its name says"));
    }
    if !source.join("tokenizer.json").is_file() {
        return Err(no_model(source, "the folder has no tokenizer.json"));
    }
    let config = source.join("config.json");
    let dimensions = if config.is_file() { hidden_size(&config)? } else { None };
    if weights == "model.safetensors" && dimensions.is_none() {
        return Err(no_model(&config, "it is missing or has no `hidden_size`"));
    }
    let others = ENCODER_FILES.into_iter().filter(|path| source.join(path).is_file());
    let files = others.chain([weights]).map(|path| (source.join(path), path.to_owned())).collect();
    let role = Role::TextEncoder;
    Ok(Found { role, files, weights: weights.to_owned(), entry: String::new(), mmproj: None, dimensions, base: false })
}

/// A model of pictures, and of texts where its folder has all that takes.
fn look_at_towers(source: &Path, towers: Towers) -> Result<Found, ModelError> {
    let vision = source.join(&towers.vision);
    let of_graph = match recognise(&vision)? {
        Format::Onnx(graph) => graph.role().and_then(|(_, dimensions)| dimensions),
        _ => return Err(no_model(&vision, "it is not of the format that its name says")),
    };
    if !source.join("preprocessor_config.json").is_file() {
        return Err(no_model(
            source,
            "the folder has no preprocessor_config.json, which says how pictures are prepared",
        ));
    }
    let dimensions = of_graph.or_else(|| towers.config().dimensions());
    let files = towers.files().into_iter().map(|path| (source.join(&path), path)).collect();
    let (role, entry) = (Role::ImageEncoder, String::new());
    Ok(Found { role, files, weights: towers.vision, entry, mmproj: None, dimensions, base: false })
}

/// The language model and the projector of a folder that holds one of each and no other GGUF file.
fn pair(folder: &Path) -> Result<Option<(PathBuf, PathBuf)>, ModelError> {
    let entries = fs::read_dir(folder).map_err(ModelError::io("cannot read", folder))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|ending| ending == "gguf")).collect();
    let [one, other] = &files[..] else { return Ok(None) };
    let (Ok(first), Ok(second)) = (gguf::read(one), gguf::read(other)) else { return Ok(None) };
    Ok(match (first.is_projector(), second.is_projector()) {
        (false, true) => Some((one.clone(), other.clone())),
        (true, false) => Some((other.clone(), one.clone())),
        _ => None,
    })
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn hidden_size(config: &Path) -> Result<Option<usize>, ModelError> {
    let text = fs::read(config).map_err(ModelError::io("cannot read", config))?;
    let value: serde_json::Value =
        serde_json::from_slice(&text).map_err(|error| no_model(config, error.to_string()))?;
    Ok(value.get("hidden_size").and_then(serde_json::Value::as_u64).and_then(|size| usize::try_from(size).ok()))
}

//! The model: a folder as the field's libraries write it, looked through before mistral.rs loads it.
//!
//! What must stay true: nothing is fetched. mistral.rs takes a name that is no folder for one of a hub, so the folder and the
//! files that it needs are checked first, and an error names the file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use mistralrs::{Model, ModelBuilder, UqffMultimodalModelBuilder, UqffTextModelBuilder, parse_isq_value};
use recollect::engine::host::Neutral;
use recollect::models::folder::fingerprint;
use serde_json::Value;

use crate::arguments::Arguments;
use crate::tokenizer;

/// A model that answers.
pub struct Loaded {
    /// mistral.rs's handle.
    pub model: Model,
    /// What requests call it.
    pub name: String,
    /// Which weights they are.
    pub version: String,
    /// Tokens that a conversation may have, if the model says so.
    pub context: Option<usize>,
    /// Takes the template's markers in messages apart.
    pub neutral: Neutral,
    /// Whether it reads pictures.
    pub sees: bool,
}

/// A folder that holds a model.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    weights: Vec<PathBuf>,
    quantised: bool,
    sees: bool,
}

/// Loads the model.
///
/// # Errors
/// What is missing or broken, and in which file.
pub async fn load(arguments: &Arguments) -> anyhow::Result<Loaded> {
    let folder = Folder::look(&arguments.model)?;
    let (neutral, mended) = tokenizer::read(&folder.path)?;
    let version = version_of(&folder.weights)?;
    let named = folder.path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = arguments.host.name.clone().or(named).unwrap_or_else(|| "model".to_owned());
    let sees = folder.sees;
    let model = build(arguments, &folder, mended.as_ref().map(|file| file.path()))
        .await
        .with_context(|| format!("cannot load the model {}", folder.path.display()))?;
    let context = model.max_sequence_length().ok().flatten();
    tracing::info!(model = name, version, context, vision = sees, "model loaded");
    Ok(Loaded { model, name, version, context, neutral, sees })
}

async fn build(arguments: &Arguments, folder: &Folder, tokenizer: Option<&Path>) -> anyhow::Result<Model> {
    let id = folder.path.to_string_lossy().into_owned();
    let slots = usize::from(arguments.slots);
    let template = arguments.chat_template.as_ref().map(|path| path.to_string_lossy().into_owned());
    // mistral.rs's builders take the same settings and share no trait.
    macro_rules! build {
        ($builder:expr) => {{
            let mut builder = $builder.with_max_num_seqs(slots);
            if let Some(template) = template {
                builder = builder.with_jinja_explicit(template);
            }
            if let Some(tokenizer) = tokenizer {
                builder = builder.with_tokenizer_json(tokenizer.display());
            }
            if arguments.cpu {
                builder = builder.with_force_cpu();
            }
            builder.build().await
        }};
    }
    if !folder.quantised {
        let mut builder = ModelBuilder::new(id).with_dtype(arguments.dtype);
        if let Some(kind) = &arguments.quantize {
            builder = builder.with_isq(parse_isq_value(kind, None).map_err(anyhow::Error::msg)?);
        }
        return build!(builder);
    }
    if arguments.quantize.is_some() {
        bail!("weights in UQFF are quantised already; leave --quantize out");
    }
    // The first of several parts names them all.
    let first = vec![PathBuf::from(folder.weights[0].file_name().unwrap_or_default())];
    if folder.sees {
        build!(UqffMultimodalModelBuilder::new(id, first).into_inner())
    } else {
        build!(UqffTextModelBuilder::new(id, first).into_inner())
    }
}

impl Folder {
    fn look(given: &Path) -> anyhow::Result<Self> {
        let path = if given.is_file() { given.parent().unwrap_or(Path::new(".")) } else { given };
        let path = fs::canonicalize(path).with_context(|| format!("the model {} cannot be read", given.display()))?;
        for needed in ["config.json", "tokenizer.json"] {
            if !path.join(needed).is_file() {
                bail!("{} is no folder of a model: it has no {needed}", path.display());
            }
        }
        let config = read_json::<Value>(&path.join("config.json"))?;
        let mut files: Vec<PathBuf> = fs::read_dir(&path)?.flatten().map(|entry| entry.path()).collect();
        files.sort();
        let of = |kind: &str| -> Vec<PathBuf> {
            files.iter().filter(|file| file.extension().is_some_and(|ending| ending == kind)).cloned().collect()
        };
        let (exact, quantised) = (of("safetensors"), of("uqff"));
        let wants_uqff = given.extension().is_some_and(|ending| ending == "uqff");
        let (weights, quantised) = match (exact.is_empty(), quantised.is_empty()) {
            (true, true) => bail!("{} has no weights: neither *.safetensors nor *.uqff", path.display()),
            (false, _) if !wants_uqff => (exact, false),
            _ => (quantised, true),
        };
        for file in &weights {
            check(file)?;
        }
        let sees = config.get("vision_config").is_some();
        Ok(Self { path, weights, quantised, sees })
    }
}

/// Whether a file of weights is whole (the safetensors format: a length, JSON that says where each tensor lies, the
/// tensors). mistral.rs maps it into memory and would end with a signal or a panic where it is cut off.
fn check(file: &Path) -> anyhow::Result<()> {
    let named = || format!("the weights {} cannot be used", file.display());
    if file.extension().is_some_and(|ending| ending == "uqff") {
        return if fs::metadata(file).with_context(named)?.len() < 16 {
            bail!("{}: it is cut off", named())
        } else {
            Ok(())
        };
    }
    recollect::models::import::check_safetensors(file).with_context(named)
}

/// Which weights these are: together, the fingerprints of their files.
fn version_of(weights: &[PathBuf]) -> anyhow::Result<String> {
    let mut hash = blake3::Hasher::new();
    for file in weights {
        hash.update(fingerprint(file).with_context(|| format!("{} cannot be read", file.display()))?.as_bytes());
    }
    Ok(hash.finalize().to_hex()[..16].to_owned())
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no JSON of a model", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    #[test]
    fn what_is_missing_or_cut_off_is_named() {
        let config: (&str, &[u8]) = ("config.json", br#"{"model_type":"llama"}"#);
        let tokenizer: (&str, &[u8]) = ("tokenizer.json", b"{}");
        for (files, reason) in [
            (vec![tokenizer], "config.json"),
            (vec![config], "tokenizer.json"),
            (vec![config, tokenizer], "no weights"),
            (vec![config, tokenizer, ("model.safetensors", &b"\x40\0\0\0\0\0\0\0{}"[..])], "model.safetensors"),
            (vec![("config.json", b"{"), tokenizer], "config.json"),
        ] {
            let folder = folder(&files);
            let error = format!("{:#}", Folder::look(folder.path()).unwrap_err());
            assert!(error.contains(reason), "{error}");
        }
        let error = format!("{:#}", Folder::look(Path::new("/nowhere/model")).unwrap_err());
        assert!(error.contains("/nowhere/model"), "{error}");
    }
}

//! Models that put pictures and texts into one space: two graphs, the towers, in one folder as model hubs lay it out.
//!
//! The folder has `onnx/vision_model.onnx`, and for texts `onnx/text_model.onnx` with a `tokenizer.json`; either graph may
//! be one of smaller numbers (`_quantized`, `_fp16` …). Looked at are names alone: what the graphs are is found out by the
//! engine that runs them.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// What stands behind a graph's name, the most exact first. Halves come last: most processors are slow with them.
const KINDS: [&str; 8] = ["", "_quantized", "_int8", "_uint8", "_q4", "_bnb4", "_fp16", "_q4f16"];
/// Files that the two graphs need beside them.
pub const COMPANIONS: [&str; 4] =
    ["config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"];

/// The towers of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Towers {
    /// The model's folder.
    pub folder: PathBuf,
    /// The graph that takes pictures, within the folder.
    pub vision: String,
    /// The graph that takes texts, within the folder, if there is one that can be used.
    pub text: Option<String>,
}

/// The fields of `config.json` that matter, by the names that transformers gives them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct TowersConfig {
    /// Family: `siglip`, `siglip2`, `clip` …
    pub model_type: String,
    /// Of the tower that takes texts.
    pub text_config: TextConfig,
    /// Length of the vectors, where the towers end in a projection of their own (CLIP).
    pub projection_dim: Option<usize>,
}

/// What a configuration says of the tower that takes texts.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct TextConfig {
    /// Tokens of a text.
    pub max_position_embeddings: Option<usize>,
    /// Length of a token's vector.
    pub hidden_size: Option<usize>,
    /// Length of the text's vector, where it differs.
    pub projection_size: Option<usize>,
}

impl TowersConfig {
    /// Whether the family is SigLIP, of either version.
    pub fn is_siglip(&self) -> bool {
        self.model_type.starts_with("siglip")
    }

    /// Tokens of a text, special ones included; where the file is silent those of the family, as transformers has them.
    pub fn max_tokens(&self) -> usize {
        self.text_config.max_position_embeddings.unwrap_or(if self.is_siglip() { 64 } else { 77 })
    }

    /// Length of the vectors, as far as it is said or usual for the family.
    pub fn dimensions(&self) -> Option<usize> {
        let text = &self.text_config;
        let own = self.projection_dim.or(text.projection_size).or(text.hidden_size);
        own.or_else(|| self.is_siglip().then_some(768))
    }
}

impl Towers {
    /// The towers in a folder, or those that a graph of pictures belongs to.
    pub fn find(path: &Path) -> Option<Self> {
        if path.is_dir() {
            return Self::in_folder(path);
        }
        let name = path.file_name()?.to_str()?;
        let parent = path.parent()?;
        let folder = if parent.ends_with("onnx") { parent.parent()? } else { parent };
        let vision = path.strip_prefix(folder).ok()?.to_str()?.replace('\\', "/");
        if !name.starts_with("vision_model") || !path.is_file() {
            return None;
        }
        Some(Self { vision, ..Self::in_folder(folder)? })
    }

    fn in_folder(folder: &Path) -> Option<Self> {
        let graph = |tower: &str| {
            let names =
                KINDS.iter().flat_map(|kind| [format!("onnx/{tower}{kind}.onnx"), format!("{tower}{kind}.onnx")]);
            names.into_iter().find(|name| folder.join(name).is_file())
        };
        let vision = graph("vision_model")?;
        let text = graph("text_model").filter(|_| folder.join("tokenizer.json").is_file());
        Some(Self { folder: folder.to_owned(), vision, text })
    }

    /// What the folder's `config.json` says; nothing when there is none or it is damaged.
    pub fn config(&self) -> TowersConfig {
        let text = std::fs::read(self.folder.join("config.json")).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// The files of the model, as far as they are there: both graphs with numbers kept beside them, and what they need.
    pub fn files(&self) -> Vec<String> {
        let graphs = [Some(&self.vision), self.text.as_ref()].into_iter().flatten();
        let graphs = graphs.flat_map(|graph| [graph.clone(), format!("{graph}_data")]);
        let names = COMPANIONS.iter().map(|name| (*name).to_owned()).chain(graphs);
        names.filter(|name| self.folder.join(name).is_file()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("onnx")).unwrap();
        for name in names {
            std::fs::write(folder.path().join(name), "{}").unwrap();
        }
        folder
    }

    #[test]
    fn the_most_exact_graphs_are_taken_and_texts_need_a_tokenizer() {
        let names = ["onnx/vision_model_quantized.onnx", "onnx/vision_model.onnx", "onnx/text_model_quantized.onnx"];
        let dir = folder(&names);
        let towers = Towers::find(dir.path()).unwrap();
        assert_eq!((towers.vision.as_str(), &towers.text), ("onnx/vision_model.onnx", &None));
        std::fs::write(dir.path().join("tokenizer.json"), "{}").unwrap();
        let towers = Towers::find(dir.path()).unwrap();
        assert_eq!(towers.text.as_deref(), Some("onnx/text_model_quantized.onnx"));
        assert_eq!(towers.files(), ["tokenizer.json", "onnx/vision_model.onnx", "onnx/text_model_quantized.onnx"]);
        let named = Towers::find(&dir.path().join("onnx/vision_model_quantized.onnx")).unwrap();
        assert_eq!((named.vision.as_str(), named.folder), ("onnx/vision_model_quantized.onnx", dir.path().to_owned()));
    }

    #[test]
    fn other_folders_and_files_have_no_towers() {
        let dir = folder(&["onnx/model.onnx", "tokenizer.json", "onnx/text_model.onnx"]);
        assert_eq!(Towers::find(dir.path()), None);
        assert_eq!(Towers::find(&dir.path().join("onnx/model.onnx")), None);
        assert_eq!(Towers::find(&dir.path().join("onnx/vision_model.onnx")), None);
    }

    #[test]
    fn what_the_configuration_leaves_out_is_the_familys() {
        let read = |text: &str| serde_json::from_str::<TowersConfig>(text).unwrap();
        let siglip = read(r#"{"model_type": "siglip", "text_config": {"vocab_size": 256000}}"#);
        assert_eq!((siglip.max_tokens(), siglip.dimensions()), (64, Some(768)));
        let clip = read(r#"{"model_type": "clip", "projection_dim": 512}"#);
        assert_eq!((clip.max_tokens(), clip.dimensions()), (77, Some(512)));
        assert_eq!(read("{}").dimensions(), None);
    }
}

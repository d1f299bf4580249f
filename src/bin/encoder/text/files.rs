//! What a model's folder says: which weights there are, how they are built, how tokens become one vector, how long a
//! text may be, what the model is called and which version of it this is.
//!
//! The layout is that of sentence-transformers on a model hub. What the files ask for and this engine does not do is an
//! error at start, never a silent difference.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use recollect::models::{Manifest, Towers, folder::sha256_of};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::text::pooling::Pooling;

/// Tokens of a text that are read when the model's files name no limit.
const USUAL_MAX_TOKENS: usize = 512;

/// A model's weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weights {
    /// A ready graph.
    Onnx(PathBuf),
    /// Tensors of a BERT.
    Safetensors(PathBuf),
}

impl Weights {
    /// Their file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Onnx(path) | Self::Safetensors(path) => path,
        }
    }
}

/// A model's files and what they say.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    /// What requests call it.
    pub name: String,
    /// First 16 hexadecimal digits of the SHA-256 of its weights.
    pub version: String,
    /// The weights.
    pub weights: Weights,
    /// `tokenizer.json`.
    pub tokenizer: PathBuf,
    /// Architecture, as far as `config.json` tells it.
    pub config: Config,
    /// How tokens become one vector.
    pub pooling: Pooling,
    /// Tokens of a text that are read, special ones included.
    pub max_tokens: usize,
    /// How texts are read by a model of pictures and texts; `None` for one of texts alone.
    pub tower: Option<TextTower>,
}

/// How the tower of a model of pictures and texts reads texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTower {
    /// Whether texts are read in small letters.
    pub lower_case: bool,
    /// What fills texts up to the limit, for graphs that are not told where a text ends.
    pub padding: Option<String>,
}

/// The fields of `config.json` that matter, by the names that transformers gives them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Family, such as `bert`.
    pub model_type: String,
    /// Length of a token's vector.
    pub hidden_size: usize,
    /// Layers.
    pub num_hidden_layers: usize,
    /// Heads of each attention.
    pub num_attention_heads: usize,
    /// Length of the vector between the two dense layers.
    pub intermediate_size: usize,
    /// Positions there are.
    pub max_position_embeddings: usize,
    /// Words of the vocabulary.
    pub vocab_size: usize,
    /// Added to the variance.
    pub layer_norm_eps: f32,
    /// Activation between the two dense layers.
    pub hidden_act: String,
    /// How positions are told.
    pub position_embedding_type: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TokenizerConfig {
    pad_token: Option<Special>,
}

/// A special token, alone or with what is said of it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Special {
    Text(String),
    Described { content: String },
}

impl Special {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) | Self::Described { content: text } => text,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SentenceConfig {
    max_seq_length: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct Module {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PoolingConfig {
    pooling_mode_cls_token: bool,
    pooling_mode_mean_tokens: bool,
    pooling_mode_max_tokens: bool,
    pooling_mode_mean_sqrt_len_tokens: bool,
    pooling_mode_weightedmean_tokens: bool,
    pooling_mode_lasttoken: bool,
}

/// Whether the model at `path` reads text: unless it is a graph without a tokenizer in its folder or the one above.
pub fn is_text_encoder(path: &Path) -> bool {
    let is_graph = |path: &Path| path.extension().is_some_and(|ending| ending == "onnx");
    if path.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        let graph = entries.map(|entry| entry.path()).any(|path| is_graph(&path));
        return !graph || path.join("tokenizer.json").is_file();
    }
    let mut folders = path.ancestors().skip(1).take(2);
    !is_graph(path) || folders.any(|folder| folder.join("tokenizer.json").is_file())
}

impl ModelFiles {
    /// Looks at a folder, or at a weights file within one.
    pub fn find(path: &Path, name: Option<&str>) -> anyhow::Result<Self> {
        let path = fs::canonicalize(path).with_context(|| format!("there is no model at {}", path.display()))?;
        let (folder, weights) = if path.is_dir() { (path.clone(), weights_in(&path)?) } else { around(&path)? };
        let tokenizer = folder.join("tokenizer.json");
        ensure!(tokenizer.is_file(), "{} is missing; a text encoder needs it", tokenizer.display());
        let config: Config = optional(&folder.join("config.json"))?.unwrap_or_default();
        if matches!(weights, Weights::Safetensors(_)) {
            config.check().with_context(|| format!("{} cannot be run", folder.join("config.json").display()))?;
        }
        let sentence: SentenceConfig = optional(&folder.join("sentence_bert_config.json"))?.unwrap_or_default();
        let positions =
            if config.max_position_embeddings > 0 { config.max_position_embeddings } else { USUAL_MAX_TOKENS };
        let max_tokens = sentence.max_seq_length.unwrap_or(USUAL_MAX_TOKENS).min(positions);
        ensure!(max_tokens >= 3, "the model reads only {max_tokens} tokens; its files are damaged");
        let manifest = Manifest::read(&folder).ok();
        let folder_name =
            || folder.file_name().map_or_else(|| "model".to_owned(), |n| n.to_string_lossy().into_owned());
        let name =
            name.map(str::to_owned).or_else(|| manifest.as_ref().map(|m| m.id.clone())).unwrap_or_else(folder_name);
        let version = match known_version(manifest.as_ref(), &folder, &weights) {
            Some(version) => version,
            None => sha256_of(weights.path())?.chars().take(16).collect(),
        };
        let pooling = pooling(&folder)?;
        Ok(Self { name, version, pooling, weights, tokenizer, config, max_tokens, tower: None })
    }

    /// The tower that takes texts, of a model called `name`. SigLIP reads all texts in small letters and at one length,
    /// and its files do not say so (transformers' `Siglip2Tokenizer` and `SiglipProcessor` do).
    pub fn of_tower(towers: &Towers, name: &str, version: &str) -> anyhow::Result<Option<Self>> {
        let Some(text) = &towers.text else { return Ok(None) };
        let config = towers.config();
        let written: TokenizerConfig = optional(&towers.folder.join("tokenizer_config.json"))?.unwrap_or_default();
        let padding = written.pad_token.map_or_else(|| "<pad>".to_owned(), Special::into_text);
        let siglip = config.is_siglip();
        ensure!((3..=4096).contains(&config.max_tokens()), "the model reads {} tokens", config.max_tokens());
        Ok(Some(Self {
            name: name.to_owned(),
            version: version.to_owned(),
            weights: Weights::Onnx(towers.folder.join(text)),
            tokenizer: towers.folder.join("tokenizer.json"),
            config: Config::default(),
            pooling: Pooling::First,
            max_tokens: config.max_tokens(),
            tower: Some(TextTower { lower_case: siglip, padding: siglip.then_some(padding) }),
        }))
    }
}

/// The manifest's version, if it is about these weights as they are: reading 90 MB at each start is saved.
fn known_version(manifest: Option<&Manifest>, folder: &Path, weights: &Weights) -> Option<String> {
    let size = fs::metadata(weights.path()).ok()?.len();
    let file = manifest?.files.iter().find(|file| folder.join(&file.path) == weights.path())?;
    (file.size == size).then(|| file.sha256.get(..16).map(str::to_owned))?
}

impl Config {
    /// Whether this is a BERT that [`crate::text::bert`] can build.
    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.model_type == "bert",
            "it is a `{}`; from safetensors this engine runs `bert` only, export the model to onnx/model.onnx instead",
            self.model_type
        );
        let sizes = [self.hidden_size, self.num_hidden_layers, self.num_attention_heads, self.intermediate_size];
        ensure!(sizes.iter().all(|size| (1..=65_536).contains(size)), "a size in it is missing or out of range");
        ensure!(
            self.hidden_size.is_multiple_of(self.num_attention_heads),
            "the hidden size is no multiple of the heads"
        );
        ensure!(self.layer_norm_eps > 0.0, "`layer_norm_eps` is missing");
        let positions = self.position_embedding_type.as_deref().unwrap_or("absolute");
        ensure!(positions == "absolute", "its positions are `{positions}`; only absolute ones are supported");
        Ok(())
    }
}

fn weights_in(folder: &Path) -> anyhow::Result<Weights> {
    for path in ["onnx/model.onnx", "model.onnx"].map(|path| folder.join(path)) {
        if path.is_file() {
            return Ok(Weights::Onnx(path));
        }
    }
    let path = folder.join("model.safetensors");
    ensure!(path.is_file(), "{} holds neither onnx/model.onnx nor model.safetensors", folder.display());
    Ok(Weights::Safetensors(path))
}

/// The folder of a weights file: its own, or the one above for `onnx/model.onnx`.
fn around(path: &Path) -> anyhow::Result<(PathBuf, Weights)> {
    let weights = match path.extension().and_then(|ending| ending.to_str()) {
        Some("onnx") => Weights::Onnx(path.to_owned()),
        Some("safetensors") => Weights::Safetensors(path.to_owned()),
        Some("gguf") => bail!("{} is a GGUF file; recollect-llama runs those", path.display()),
        _ => bail!("{} is neither .onnx nor .safetensors nor a model's folder", path.display()),
    };
    let folders = path.ancestors().skip(1).take(2);
    let folder = folders.into_iter().find(|folder| folder.join("tokenizer.json").is_file());
    let folder = folder.with_context(|| format!("there is no tokenizer.json beside {}", path.display()))?;
    Ok((folder.to_owned(), weights))
}

fn pooling(folder: &Path) -> anyhow::Result<Pooling> {
    let modules: Option<Vec<Module>> = optional(&folder.join("modules.json"))?;
    for module in modules.iter().flatten() {
        let kind = module.kind.rsplit('.').next().unwrap_or_default();
        ensure!(
            matches!(kind, "Transformer" | "Pooling" | "Normalize"),
            "{} asks for a `{kind}` step, which this engine does not have",
            folder.join("modules.json").display()
        );
    }
    let path = folder.join("1_Pooling/config.json");
    let Some(config) = optional::<PoolingConfig>(&path)? else { return Ok(Pooling::Mean) };
    let unknown = config.pooling_mode_max_tokens
        || config.pooling_mode_mean_sqrt_len_tokens
        || config.pooling_mode_weightedmean_tokens
        || config.pooling_mode_lasttoken;
    match (config.pooling_mode_mean_tokens, config.pooling_mode_cls_token, unknown) {
        (true, false, false) => Ok(Pooling::Mean),
        (false, true, false) => Ok(Pooling::First),
        _ => bail!("{} asks for a pooling that this engine does not have; it has mean and cls", path.display()),
    }
}

fn optional<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Option<T>> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    serde_json::from_slice(&text).map(Some).with_context(|| format!("{} is damaged", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    const BERT: &str = r#"{"model_type":"bert","hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,
        "intermediate_size":16,"max_position_embeddings":64,"vocab_size":9,"layer_norm_eps":1e-12,"hidden_act":"gelu"}"#;

    fn with_config(config: &str) -> tempfile::TempDir {
        folder(&[("config.json", config), ("tokenizer.json", "{}"), ("model.safetensors", "weights")])
    }

    #[test]
    fn limits_pooling_and_version_come_from_the_files() {
        let dir = with_config(BERT);
        let model = ModelFiles::find(dir.path(), Some("x")).unwrap();
        assert_eq!((model.max_tokens, model.pooling, model.name.as_str()), (64, Pooling::Mean, "x"));
        // SHA-256 of "weights".
        assert_eq!(model.version, &sha256_of(&dir.path().join("model.safetensors")).unwrap()[..16]);
        fs::write(dir.path().join("sentence_bert_config.json"), r#"{"max_seq_length":32}"#).unwrap();
        fs::create_dir(dir.path().join("1_Pooling")).unwrap();
        fs::write(dir.path().join("1_Pooling/config.json"), r#"{"pooling_mode_cls_token":true}"#).unwrap();
        let model = ModelFiles::find(&dir.path().join("model.safetensors"), None).unwrap();
        assert_eq!((model.max_tokens, model.pooling), (32, Pooling::First));
    }

    #[test]
    fn a_graph_without_a_tokenizer_reads_no_text() {
        let dir =
            folder(&[("a/tokenizer.json", "{}"), ("a/onnx/model.onnx", "x"), ("b/eye.onnx", "x"), ("c/x.txt", "")]);
        let reads = |path: &str| is_text_encoder(&dir.path().join(path));
        assert!(reads("a") && reads("a/onnx/model.onnx") && reads("c") && reads("nowhere"));
        assert!(!reads("b") && !reads("b/eye.onnx"));
    }

    #[test]
    fn a_ready_graph_is_preferred() {
        let dir = folder(&[("tokenizer.json", "{}"), ("onnx/model.onnx", "x"), ("model.safetensors", "y")]);
        let model = ModelFiles::find(dir.path(), None).unwrap();
        assert!(matches!(model.weights, Weights::Onnx(_)));
        assert!(ModelFiles::find(&dir.path().join("onnx/model.onnx"), None).is_ok());
    }

    #[test]
    fn what_would_give_other_vectors_is_refused() {
        let reject = |dir: &tempfile::TempDir| format!("{:#}", ModelFiles::find(dir.path(), None).unwrap_err());
        assert!(reject(&with_config(&BERT.replace("\"bert\"", "\"mpnet\""))).contains("mpnet"));
        assert!(
            reject(&with_config(&BERT.replace("\"num_attention_heads\":2", "\"num_attention_heads\":3")))
                .contains("multiple")
        );
        assert!(reject(&with_config("{")).contains("damaged"));
        let dir = with_config(BERT);
        fs::write(dir.path().join("modules.json"), r#"[{"type":"sentence_transformers.models.Dense"}]"#).unwrap();
        assert!(reject(&dir).contains("Dense"));
        assert!(reject(&folder(&[("tokenizer.json", "{}")])).contains("neither"));
        assert!(reject(&folder(&[("model.onnx", "{}")])).contains("tokenizer.json"));
    }
}

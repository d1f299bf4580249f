//! The command line of the engine.

use std::path::PathBuf;

use clap::Parser;
use recollect::engine::host::HostArguments;

/// Serves a text encoder and models that see by OpenAI's HTTP API: /v1/embeddings, /v1/images/annotations, /v1/models,
/// /health.
#[derive(Debug, Parser)]
#[command(name = "recollect-encoder", version)]
pub struct Arguments {
    /// Folder of a text encoder (tokenizer.json, config.json and onnx/model.onnx or model.safetensors), or a weights file in
    /// it; or an ONNX graph that sees: YuNet, an encoder of faces, YOLOX, a classifier with its labels, an encoder of
    /// pictures, a finder of text, a reader of text with its characters; or the folder of an encoder of pictures and texts
    /// (onnx/vision_model.onnx, preprocessor_config.json; for texts onnx/text_model.onnx and tokenizer.json). Can be
    /// repeated; one of each kind.
    #[arg(long, value_name = "DIR_OR_FILE", required = true)]
    pub model: Vec<PathBuf>,
    /// ONNX Runtime's shared library. Also looked for in RECOLLECT_ONNXRUNTIME, the models folder's `runtime`, the system.
    #[arg(long, value_name = "PATH_TO_libonnxruntime.so")]
    pub runtime: Option<PathBuf>,
    /// Texts that may wait; more are answered with 429.
    #[arg(long, default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub queue: u32,
    /// Pictures that may wait; more are answered with 429.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub pictures: u32,
    /// Where it listens, for whom, and how long it lives.
    #[command(flatten)]
    pub host: HostArguments,
}

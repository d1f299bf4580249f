//! The command line of the engine.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, ValueEnum};
use llama_cpp_2::context::params::KvCacheType;
use recollect::engine::host::HostArguments;

/// Serves a language, vision or embedding model in GGUF by OpenAI's HTTP API: /v1/chat/completions, /v1/embeddings,
/// /v1/models, /health, /metrics.
#[derive(Debug, Parser)]
#[command(name = "recollect-llama", version)]
pub struct Arguments {
    /// The model: a GGUF file.
    #[arg(long, value_name = "FILE")]
    pub model: PathBuf,
    /// The projector of a vision model: a GGUF file.
    #[arg(long, value_name = "FILE")]
    pub mmproj: Option<PathBuf>,
    /// Tokens that all conversations together keep at hand; each may use them all. [default: what the model was trained
    /// for, 8192 at most]
    #[arg(long, value_parser = clap::value_parser!(u32).range(64..=4_194_304))]
    pub context: Option<u32>,
    /// Conversations that are answered at the same time.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub slots: u16,
    /// Tokens of a prompt that are evaluated at once.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(32..=8192))]
    pub batch: u32,
    /// Layers that the GPU computes: a number, or as many as fit its memory.
    #[arg(long, default_value = "auto", value_name = "auto|N")]
    pub gpu_layers: GpuLayers,
    /// How the evaluated tokens are kept: smaller is less exact.
    #[arg(long, default_value = "f16")]
    pub cache_type: CacheType,
    /// A chat template to use instead of the model's own: a Jinja file.
    #[arg(long, value_name = "FILE")]
    pub chat_template: Option<PathBuf>,
    /// Serve embeddings, with a model that is not only made for them.
    #[arg(long)]
    pub embeddings: bool,
    /// Requests that may wait; more are answered with 429.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub queue: u32,
    /// Measures prompt and decode speed (512 and 128 tokens), prints tokens per second, and ends.
    #[arg(long)]
    pub bench: bool,
    /// Prints what there is to compute with, as JSON, and ends; given alone.
    #[arg(long)]
    pub devices: bool,
    /// Where it listens, for whom, and how long it lives.
    #[command(flatten)]
    pub host: HostArguments,
}

/// Layers that the GPU computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GpuLayers {
    /// As many as fit.
    Auto,
    /// So many.
    Count(u32),
}

impl FromStr for GpuLayers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            number => number.parse().map(Self::Count).map_err(|_| "neither `auto` nor a number".to_owned()),
        }
    }
}

/// How evaluated tokens are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CacheType {
    /// 16 bits a number.
    F16,
    /// About 8 bits a number.
    #[value(name = "q8_0")]
    Q8,
    /// About 4 bits a number.
    #[value(name = "q4_0")]
    Q4,
}

impl From<CacheType> for KvCacheType {
    fn from(kind: CacheType) -> Self {
        match kind {
            CacheType::F16 => Self::F16,
            CacheType::Q8 => Self::Q8_0,
            CacheType::Q4 => Self::Q4_0,
        }
    }
}

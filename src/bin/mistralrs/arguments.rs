//! The command line of the engine.

use std::path::PathBuf;

use clap::Parser;
use mistralrs::ModelDType;
use recollect::engine::host::HostArguments;

/// Serves a language or vision model in safetensors or UQFF by OpenAI's HTTP API: /v1/chat/completions, /v1/models, /health.
#[derive(Debug, Parser)]
#[command(name = "recollect-mistralrs", version)]
pub struct Arguments {
    /// The model: a folder with `config.json`, `tokenizer.json` and weights in safetensors or UQFF, or a file in it.
    #[arg(long, value_name = "FOLDER")]
    pub model: PathBuf,
    /// Quantises the weights while they are loaded: 2, 3, 4, 5, 6 or 8 bits, or a name such as `q4k` or `afq4`.
    #[arg(long, value_name = "BITS|NAME")]
    pub quantize: Option<String>,
    /// Numbers that weights in safetensors are computed with: f32 is exact and takes the most memory.
    #[arg(long, default_value = "auto", value_name = "auto|f32|bf16|f16")]
    pub dtype: ModelDType,
    /// Conversations that are answered at the same time.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub slots: u16,
    /// A chat template to use instead of the model's own: a Jinja file.
    #[arg(long, value_name = "FILE")]
    pub chat_template: Option<PathBuf>,
    /// Compute on the processor even where there is a GPU.
    #[arg(long)]
    pub cpu: bool,
    /// Requests that may wait; more are answered with 429.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub queue: u32,
    /// Where it listens, for whom, and how long it lives.
    #[command(flatten)]
    pub host: HostArguments,
}

//! `recollect engine`: runs a model engine, which is a program of its own beside this one.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use crate::engine::program;

/// Which engine.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Engine {
    /// Text encoders
    Encoder,
    /// Language and vision models in GGUF
    Llama,
    /// Speech, in ggml format
    Whisper,
    /// Language and vision models in safetensors or UQFF, by mistral.rs; built with the feature `mistralrs`
    Mistralrs,
}

#[derive(Debug, Args)]
pub(super) struct EngineArguments {
    /// Which engine
    engine: Engine,
    /// Model file or folder
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Projector of a vision model
    #[arg(long, value_name = "FILE")]
    mmproj: Option<PathBuf>,
    /// Voice activity detector of a speech model
    #[arg(long, value_name = "FILE")]
    vad: Option<PathBuf>,
    /// HOST:PORT or unix:PATH
    #[arg(long, value_name = "ADDRESS")]
    listen: String,
    /// What clients must present
    #[arg(long)]
    token: Option<String>,
    /// Tokens that a conversation may have (llama)
    #[arg(long, value_name = "TOKENS")]
    context: Option<u32>,
    /// Conversations at once (llama)
    #[arg(long, value_name = "N")]
    slots: Option<u32>,
    /// Quantise while loading: 2, 3, 4, 5, 6 or 8 bits (mistralrs)
    #[arg(long, value_name = "BITS")]
    quantize: Option<String>,
    /// Layers given to the graphics card; as many as fit if not given (llama)
    #[arg(long, value_name = "auto|N")]
    gpu_layers: Option<String>,
    /// Threads that compute
    #[arg(long, value_name = "N")]
    threads: Option<u16>,
}

pub(super) fn run(arguments: EngineArguments) -> anyhow::Result<()> {
    let name = match arguments.engine {
        Engine::Encoder => "recollect-encoder",
        Engine::Llama => "recollect-llama",
        Engine::Whisper => "recollect-whisper",
        Engine::Mistralrs => "recollect-mistralrs",
    };
    let program = program(name)?;
    let mut command: Vec<OsString> =
        vec!["--model".into(), arguments.model.into(), "--listen".into(), arguments.listen.into()];
    if let Some(projector) = arguments.mmproj {
        command.extend(["--mmproj".into(), projector.into()]);
    }
    let numbers = [
        ("--context", arguments.context.map(|number| number.to_string())),
        ("--slots", arguments.slots.map(|number| number.to_string())),
        ("--gpu-layers", arguments.gpu_layers),
        ("--quantize", arguments.quantize),
        ("--threads", arguments.threads.map(|number| number.to_string())),
    ];
    for (flag, number) in numbers {
        command.extend(number.into_iter().flat_map(|number| [OsString::from(flag), number.into()]));
    }
    if let Some(detector) = arguments.vad {
        command.extend(["--vad".into(), detector.into()]);
    }
    let mut engine = std::process::Command::new(&program);
    engine.args(command);
    if let Some(token) = arguments.token {
        // Arguments can be read by every user of the machine, the environment only by this one.
        engine.env("RECOLLECT_ENGINE_TOKEN", token);
    }
    let status = engine.status().with_context(|| format!("{} cannot be started", program.display()))?;
    match status.success() {
        true => Ok(()),
        false => bail!("{name} ended with {status}"),
    }
}

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
    /// Language and vision models in GGUF (not in this version)
    Llama,
    /// Speech, in ggml format
    Whisper,
    /// mistral.rs (not in this version)
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
}

pub(super) fn run(arguments: EngineArguments) -> anyhow::Result<()> {
    let name = match arguments.engine {
        Engine::Encoder => "recollect-encoder",
        Engine::Whisper => "recollect-whisper",
        other => bail!("this version has no engine for {:?} yet", other),
    };
    let program = program(name)?;
    let mut command: Vec<OsString> =
        vec!["--model".into(), arguments.model.into(), "--listen".into(), arguments.listen.into()];
    if let Some(projector) = arguments.mmproj {
        command.extend(["--mmproj".into(), projector.into()]);
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

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
    /// Speech (not in this version)
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
        other => bail!("this version has no engine for {:?} yet", other),
    };
    let program = program(name)?;
    let mut command: Vec<OsString> =
        vec!["--model".into(), arguments.model.into(), "--listen".into(), arguments.listen.into()];
    for (flag, value) in
        [("--mmproj", arguments.mmproj.map(OsString::from)), ("--token", arguments.token.map(OsString::from))]
    {
        if let Some(value) = value {
            command.extend([flag.into(), value]);
        }
    }
    let status = std::process::Command::new(&program)
        .args(command)
        .status()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    match status.success() {
        true => Ok(()),
        false => bail!("{name} ended with {status}"),
    }
}

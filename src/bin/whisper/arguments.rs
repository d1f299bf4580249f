//! The command line of the engine.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use recollect::engine::host::HostArguments;
use recollect::voice::audio::AudioLimits;

/// Serves a Whisper model by OpenAI's HTTP API: /v1/audio/transcriptions, /v1/audio/translations, /v1/models, /health,
/// /metrics.
#[derive(Debug, Parser)]
#[command(name = "recollect-whisper", version)]
pub struct Arguments {
    /// Whisper model in ggml format, such as ggml-base.bin.
    #[arg(long, value_name = "FILE")]
    pub model: PathBuf,
    /// Voice activity detector in ggml format, such as ggml-silero-v6.2.0.bin: silence gives nothing, and long recordings
    /// are cut at pauses.
    #[arg(long, value_name = "FILE")]
    pub vad: Option<PathBuf>,
    /// Language of requests that name none, such as `de`. [default: it is heard from the recording]
    #[arg(long, value_name = "CODE")]
    pub language: Option<String>,
    /// Ways that are followed at once while writing; 1 is fastest, 5 somewhat more exact.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=8))]
    pub beam: u8,
    /// Writes once, also where the model is unsure, instead of trying again at higher temperatures.
    #[arg(long)]
    pub no_fallback: bool,
    /// Computes attention in full precision: slower, and the same on every processor.
    #[arg(long)]
    pub no_flash_attention: bool,
    /// Recordings that may wait; more are answered with 429.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub queue: u16,
    /// Largest recording in MiB.
    #[arg(long, default_value_t = 256, value_name = "MIB", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub max_size: u16,
    /// Longest recording in minutes.
    #[arg(long, default_value_t = 120, value_name = "MINUTES", value_parser = clap::value_parser!(u16).range(1..=1440))]
    pub max_length: u16,
    /// Where it listens, for whom, and how long it lives.
    #[command(flatten)]
    pub host: HostArguments,
}

impl Arguments {
    /// Bounds on a recording.
    pub fn limits(&self) -> AudioLimits {
        AudioLimits {
            max_bytes: u64::from(self.max_size) << 20,
            max_length: Duration::from_secs(u64::from(self.max_length) * 60),
            ..AudioLimits::default()
        }
    }
}

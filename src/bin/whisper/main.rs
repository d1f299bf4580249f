//! `recollect-whisper`: speech to text behind OpenAI's HTTP API, run by whisper.cpp in a process of its own.
//!
//! A request is read ([`http`]) and its recording decoded (`recollect::voice::audio`), waits in a bounded queue and is
//! written down by the one thread that owns the model ([`worker`], [`transcriber`]); where a voice activity detector is
//! given ([`detector`]), long recordings are cut at their pauses ([`pauses`]). Model files are looked through before
//! whisper.cpp sees them (`recollect::models::ggml`). When its parent ends, so does the engine
//! (`recollect::engine::host`).

mod arguments;
mod detector;
mod http;
mod job;
mod metrics;
mod pauses;
mod subtitles;
mod transcriber;
mod words;
mod worker;

use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use recollect::engine::host;

use arguments::Arguments;
use transcriber::{Settings, Transcriber};

/// More threads than that fight over memory more than they compute.
const MOST_THREADS: usize = 8;

fn main() -> std::process::ExitCode {
    host::run("info", || run(Arguments::parse()))
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    arguments.host.check().map_err(anyhow::Error::msg)?;
    host::check_processor().map_err(anyhow::Error::msg)?;
    let shape = transcriber::check(&arguments.model)?;
    let language = arguments.language.as_deref().map(http::language).transpose();
    let language = language.map_err(|failure| anyhow::Error::msg(failure.message))?.flatten();
    let settings = Settings {
        threads: arguments.host.threads(MOST_THREADS),
        beam: arguments.beam,
        fallback: !arguments.no_fallback,
        flash_attention: !arguments.no_flash_attention,
    };
    let (model, vad) = (arguments.model.clone(), arguments.vad.clone());
    let (queue, thread) =
        worker::start(move || Transcriber::load(&model, vad.as_deref(), settings), usize::from(arguments.queue))?;
    let name = match &arguments.host.name {
        Some(name) => name.clone(),
        None => {
            arguments.model.file_stem().map_or_else(|| "whisper".into(), |stem| stem.to_string_lossy().into_owned())
        }
    };
    tracing::info!(
        model = name,
        audio_layers = shape.audio_layers,
        text_layers = shape.text_layers,
        state = shape.state,
        multilingual = shape.is_multilingual(),
        threads = settings.threads,
        "model loaded"
    );
    let engine = http::Engine::new(
        http::Info { name, multilingual: shape.is_multilingual(), language, limits: arguments.limits() },
        queue,
    );
    let app = http::router(Arc::new(engine), arguments.host.token.as_deref());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let outcome = runtime.block_on(serve(&arguments, app, thread));
    // A read of standard input cannot be cancelled and must not hold up the end.
    runtime.shutdown_background();
    outcome
}

async fn serve(arguments: &Arguments, app: axum::Router, thread: std::thread::JoinHandle<()>) -> anyhow::Result<()> {
    let (died, dead) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("watch".to_owned())
        .spawn(move || died.send(thread.join().is_err()))
        .context("no thread can be started")?;
    host::serve(&arguments.host, app, async {
        let _gone = dead.await;
    })
    .await?;
    Ok(())
}

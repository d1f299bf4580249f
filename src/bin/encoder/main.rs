//! `recollect-encoder`: text encoders, and models that see, behind OpenAI's HTTP API, run by ONNX Runtime in a process of
//! its own.
//!
//! Any number of models is given; each is told by its files. A request ([`http`]) waits in a bounded queue: texts are
//! batched by length for one thread ([`text`]), pictures are taken one by one by several ([`vision`]). ONNX Runtime's
//! library is found at start ([`runtime`]). When its parent ends, so does the engine ([`recollect::engine::host`]).

mod arguments;
mod http;
mod runtime;
mod text;
mod vision;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context as _, ensure};
use clap::Parser as _;
use ort::environment::Environment;
use recollect::engine::host;

use arguments::Arguments;
use vision::files::GraphFile;
use vision::seer::Seer;

/// More threads than that make small texts slower, not faster; each that looks at pictures has models of its own.
const MOST_THREADS: usize = 4;

fn main() -> std::process::ExitCode {
    host::run("info,ort=warn", || run(Arguments::parse()))
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    arguments.host.check().map_err(anyhow::Error::msg)?;
    // Tokenizing is cheap beside inference, and a second pool of threads would fight with that of the runtime.
    tokenizers::utils::parallelism::set_parallelism(false);
    let name = arguments.host.name.as_deref();
    ensure!(name.is_none() || arguments.model.len() == 1, "--name is for one model; of several each has its own name");
    let (encoders, graphs): (Vec<&PathBuf>, Vec<&PathBuf>) =
        arguments.model.iter().partition(|path| text::files::is_text_encoder(path));
    ensure!(encoders.len() <= 1, "several of the models are text encoders; give one");
    let environment = runtime::load(arguments.runtime.as_deref())?;
    let mut threads = Vec::new();
    let encoder = encoders.first().map(|path| load_text(&environment, &arguments, path)).transpose()?;
    let encoder = encoder.map(|(encoder, thread)| {
        threads.push(thread);
        encoder
    });
    let seeing = if graphs.is_empty() { None } else { Some(load_vision(&environment, &arguments, &graphs)?) };
    let seeing = seeing.map(|(seeing, eyes)| {
        threads.extend(eyes);
        seeing
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let outcome = runtime.block_on(serve(&arguments, encoder, seeing, threads));
    // A read of standard input cannot be cancelled and must not hold up the end.
    runtime.shutdown_background();
    outcome
}

fn load_text(
    environment: &Environment,
    arguments: &Arguments,
    path: &Path,
) -> anyhow::Result<(http::Text, JoinHandle<()>)> {
    let model = text::files::ModelFiles::find(path, arguments.host.name.as_deref())?;
    let tokens = text::tokens::Tokens::load(&model.tokenizer, model.max_tokens)?;
    let session = text::session::Encoder::load(environment, &model, arguments.host.threads(MOST_THREADS))
        .with_context(|| format!("cannot load the model {}", model.weights.path().display()))?;
    let info = http::Info {
        name: model.name.clone(),
        version: model.version.clone(),
        dimensions: session.dimensions(),
        max_tokens: model.max_tokens,
    };
    tracing::info!(model = info.name, version = info.version, dimensions = info.dimensions, "model loaded");
    let (queue, thread) = text::worker::start(session, arguments.queue as usize).context("no thread can be started")?;
    let tokenize: http::Tokenize = Arc::new(move |text: &str| tokens.encode(text));
    Ok((http::Text { info: Arc::new(info), tokenize, queue }, thread))
}

fn load_vision(
    environment: &Environment,
    arguments: &Arguments,
    paths: &[&PathBuf],
) -> anyhow::Result<(http::Vision, Vec<JoinHandle<()>>)> {
    let name = arguments.host.name.as_deref();
    let files = paths.iter().map(|path| GraphFile::find(path, name)).collect::<anyhow::Result<Vec<_>>>()?;
    let count = arguments.host.threads(MOST_THREADS);
    // Each takes a second to optimise its graphs.
    let loaded: Vec<_> = std::thread::scope(|scope| {
        let loading: Vec<_> = (0..count).map(|_| scope.spawn(|| Seer::load(environment, &files))).collect();
        loading.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    let (mut eyes, mut models) = (Vec::new(), BTreeMap::new());
    for loaded in loaded {
        let (eye, seen) = loaded.map_err(|_| anyhow::anyhow!("loading the models failed"))??;
        eyes.push(eye);
        models = seen;
    }
    for (feature, model) in &models {
        tracing::info!(%feature, model = model.name, version = model.version, "model loaded");
    }
    let (queue, threads) =
        vision::worker::start(eyes, arguments.pictures as usize).context("no thread can be started")?;
    Ok((http::Vision { models: Arc::new(models), queue }, threads))
}

async fn serve(
    arguments: &Arguments,
    text: Option<http::Text>,
    vision: Option<http::Vision>,
    threads: Vec<JoinHandle<()>>,
) -> anyhow::Result<()> {
    let app = http::router(text, vision, arguments.host.token.as_deref());
    // Whichever thread ends first says so: none does while the engine can compute.
    let (died, mut dead) = tokio::sync::mpsc::channel(1);
    for thread in threads {
        let died = died.clone();
        std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
            let panicked = thread.join().is_err();
            // The others may have said it already, or nobody may be listening any more.
            let _told = died.try_send(panicked);
        })?;
    }
    host::serve(&arguments.host, app, async {
        let _gone = dead.recv().await;
    })
    .await?;
    Ok(())
}

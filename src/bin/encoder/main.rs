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
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context as _, ensure};
use clap::Parser as _;
use ort::environment::Environment;
use recollect::engine::host;

use arguments::Arguments;
use recollect::models::Towers;
use text::files::ModelFiles;
use vision::files::GraphFile;
use vision::seer::Seer;
use vision::tower::{Tower, TowerFiles};

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
    let given = Given::sort(&arguments)?;
    let environment = runtime::load(arguments.runtime.as_deref())?;
    let mut threads = Vec::new();
    let mut texts = Vec::new();
    for files in &given.texts {
        let (text, thread) = load_text(&environment, &arguments, files)?;
        texts.push(text);
        threads.push(thread);
    }
    let seeing = match (&given.tower, &given.graphs[..]) {
        (None, []) => None,
        (tower, graphs) => {
            let (seeing, eyes) = load_vision(&environment, &arguments, graphs, tower.as_ref())?;
            threads.extend(eyes);
            Some(seeing)
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let outcome = runtime.block_on(serve(&arguments, texts, seeing, threads));
    // A read of standard input cannot be cancelled and must not hold up the end.
    runtime.shutdown_background();
    outcome
}

/// What the models that were given are, by their files.
struct Given {
    /// Encoders of texts, that of texts alone first.
    texts: Vec<ModelFiles>,
    /// Graphs that see, each held by every thread.
    graphs: Vec<GraphFile>,
    /// An encoder of pictures and texts.
    tower: Option<TowerFiles>,
}

impl Given {
    fn sort(arguments: &Arguments) -> anyhow::Result<Self> {
        let name = arguments.host.name.as_deref();
        let (mut texts, mut graphs, mut tower) = (Vec::new(), Vec::new(), None);
        for path in &arguments.model {
            if let Some(towers) = Towers::find(path) {
                ensure!(tower.is_none(), "several of the models are encoders of pictures and texts; give one");
                tower = Some(TowerFiles::new(towers, name)?);
            } else if text::files::is_text_encoder(path) {
                ensure!(texts.is_empty(), "several of the models are text encoders; give one");
                texts.push(ModelFiles::find(path, name)?);
            } else {
                graphs.push(GraphFile::find(path, name)?);
            }
        }
        if let Some(tower) = &tower {
            texts.extend(ModelFiles::of_tower(&tower.towers, &tower.graph.name, &tower.graph.version)?);
        }
        Ok(Self { texts, graphs, tower })
    }
}

fn load_text(
    environment: &Environment,
    arguments: &Arguments,
    model: &ModelFiles,
) -> anyhow::Result<(http::Text, JoinHandle<()>)> {
    let tokens = text::tokens::Tokens::load(&model.tokenizer, model.max_tokens, model.tower.as_ref())?;
    let probe = ["a", "two words"].map(|text| tokens.encode(text));
    let [first, second] = probe;
    let (first, second) = (first?, second?);
    let threads = arguments.host.threads(MOST_THREADS);
    let session = text::session::Encoder::load(environment, model, threads, [&first, &second])
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
    graphs: &[GraphFile],
    tower: Option<&TowerFiles>,
) -> anyhow::Result<(http::Vision, Vec<JoinHandle<()>>)> {
    let count = arguments.host.threads(MOST_THREADS);
    let shared = tower.map(|files| {
        let why = || format!("the model {} cannot be used", files.graph.path.display());
        Tower::start(environment, files, count).with_context(why)
    });
    let (shared, tower_thread) = shared.transpose()?.unzip();
    // Each takes a second to optimise its graphs.
    let loaded: Vec<_> = std::thread::scope(|scope| {
        let load = || Seer::load(environment, graphs, tower.zip(shared.clone()));
        let loading: Vec<_> = (0..count).map(|_| scope.spawn(load)).collect();
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
    let (queue, mut threads) =
        vision::worker::start(eyes, arguments.pictures as usize).context("no thread can be started")?;
    threads.extend(tower_thread);
    Ok((http::Vision { models: Arc::new(models), queue }, threads))
}

async fn serve(
    arguments: &Arguments,
    texts: Vec<http::Text>,
    vision: Option<http::Vision>,
    threads: Vec<JoinHandle<()>>,
) -> anyhow::Result<()> {
    let app = http::router(texts, vision, arguments.host.token.as_deref());
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

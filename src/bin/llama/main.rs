//! `recollect-llama`: language, vision and embedding models in GGUF behind OpenAI's HTTP API, run by llama.cpp in a process
//! of its own.
//!
//! A request is checked, rendered with the model's own template and cut into tokens ([`prepare`], [`template`]), waits in
//! a bounded queue, and is computed by one thread that answers several conversations in one batch and never evaluates
//! twice what is evaluated already ([`worker`], [`cells`]). What the model writes becomes text, thinking and calls of tools
//! ([`calls`]), which a grammar keeps valid ([`calls::grammar`]), and goes out whole or piece by piece ([`host::reply`]).
//! A model made for vectors gets another thread ([`embed`]). When its parent ends, so does the engine.

mod answer;
mod arguments;
mod bench;
mod calls;
mod cells;
mod devices;
mod embed;
mod http;
mod images;
mod job;
mod likeliest;
mod memory;
mod metrics;
mod model;
mod prepare;
mod sampling;
mod template;
mod worker;
mod writing;

use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use clap::Parser as _;
use llama_cpp_2::{LogOptions, send_logs_to_tracing};
use recollect::engine::host;
use tokio::sync::{Semaphore, mpsc};
use uuid::Uuid;

use arguments::Arguments;
use http::{Engine, Work};
use metrics::Metrics;
use model::Loaded;
use prepare::Eyes;

fn main() -> std::process::ExitCode {
    host::run("info,llama-cpp-2=warn", || {
        // It needs no model, which everything else does.
        if std::env::args_os().nth(1).is_some_and(|argument| argument == "--devices") {
            send_logs_to_tracing(LogOptions::default().with_logs_enabled(false));
            return devices::print();
        }
        send_logs_to_tracing(LogOptions::default().with_logs_enabled(true));
        run(&Arguments::parse())
    })
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    arguments.host.check().map_err(anyhow::Error::msg)?;
    host::check_processor().map_err(anyhow::Error::msg)?;
    let loaded = Arc::new(Loaded::open(arguments)?);
    if arguments.bench {
        return bench::run(&loaded);
    }
    let (engine, thread) = start(arguments, &loaded)?;
    tracing::info!(
        model = loaded.name,
        version = loaded.version,
        context = loaded.context,
        gpu_layers = loaded.gpu_layers,
        calls = %loaded.template.family,
        vision = engine.eyes.is_some(),
        "model loaded"
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let outcome = runtime.block_on(serve(arguments, engine, thread));
    // A read of standard input cannot be cancelled and must not hold up the end.
    runtime.shutdown_background();
    outcome
}

/// Starts the computing thread.
fn start(arguments: &Arguments, loaded: &Arc<Loaded>) -> anyhow::Result<(Engine, JoinHandle<()>)> {
    let context = loaded.new_context()?;
    let metrics = Arc::new(Metrics::default());
    let mut eyes = None;
    let (work, thread) = if loaded.embeds {
        let (sender, requests) = mpsc::unbounded_channel();
        (Work::Embed(sender), embed::start(context, Arc::clone(&metrics), requests)?)
    } else {
        let marker = format!("<picture {}>", Uuid::now_v7().simple());
        let projector = loaded.projector(arguments, &marker)?.map(|projector| Arc::new(Mutex::new(projector)));
        eyes = projector.clone().map(|projector| Arc::new(Eyes { projector, marker }));
        let runtime = worker::Runtime {
            model: loaded.model,
            context,
            projector,
            slots: usize::from(arguments.slots),
            metrics: Arc::clone(&metrics),
        };
        let (sender, jobs) = mpsc::unbounded_channel();
        (Work::Chat(sender), worker::start(runtime, jobs)?)
    };
    let room = Arc::new(Semaphore::new(arguments.queue as usize + usize::from(arguments.slots)));
    Ok((Engine { loaded: Arc::clone(loaded), eyes, work, room, metrics, started: http::now() }, thread))
}

async fn serve(arguments: &Arguments, engine: Engine, thread: JoinHandle<()>) -> anyhow::Result<()> {
    let app = http::router(engine, arguments.host.token.as_deref());
    let (died, dead) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("watch".to_owned()).spawn(move || died.send(thread.join().is_err()))?;
    host::serve(&arguments.host, app, async {
        let _gone = dead.await;
    })
    .await?;
    Ok(())
}

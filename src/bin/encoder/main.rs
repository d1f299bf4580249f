//! `recollect-encoder`: text encoders behind OpenAI's HTTP API, run by ONNX Runtime in a process of its own.
//!
//! A request is checked and cut into tokens ([`http`], [`tokens`]), waits in a bounded queue, is batched with others of
//! its length ([`schedule`]) and run by one thread that owns the session ([`worker`], [`session`]); its tokens' vectors
//! are pooled ([`pooling`]). The model is an ONNX file, or safetensors of a BERT from which the graph is built at load
//! ([`bert`]). When its parent ends, so does the engine ([`recollect::engine::host`]).

mod arguments;
mod bert;
mod files;
mod http;
mod pooling;
mod runtime;
mod schedule;
mod session;
mod tokens;
mod weights;
mod worker;

use anyhow::Context as _;
use clap::Parser as _;
use recollect::engine::host;

use arguments::Arguments;

/// More threads than that make small texts slower, not faster.
const MOST_THREADS: usize = 4;

fn main() -> std::process::ExitCode {
    host::run("info,ort=warn", || run(Arguments::parse()))
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    arguments.host.check().map_err(anyhow::Error::msg)?;
    // Tokenizing is cheap beside inference, and a second pool of threads would fight with that of the runtime.
    tokenizers::utils::parallelism::set_parallelism(false);
    let model = files::ModelFiles::find(&arguments.model, arguments.host.name.as_deref())?;
    let environment = runtime::load(arguments.runtime.as_deref())?;
    let tokens = tokens::Tokens::load(&model.tokenizer, model.max_tokens)?;
    let session = session::Encoder::load(&environment, &model, arguments.host.threads(MOST_THREADS))
        .with_context(|| format!("cannot load the model {}", model.weights.path().display()))?;
    let info = http::Info {
        name: model.name.clone(),
        version: model.version.clone(),
        dimensions: session.dimensions(),
        max_tokens: model.max_tokens,
    };
    tracing::info!(model = info.name, version = info.version, dimensions = info.dimensions, "model loaded");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let outcome = runtime.block_on(serve(&arguments, info, tokens, session));
    // A read of standard input cannot be cancelled and must not hold up the end.
    runtime.shutdown_background();
    outcome
}

async fn serve(
    arguments: &Arguments,
    info: http::Info,
    tokens: tokens::Tokens,
    encoder: session::Encoder,
) -> anyhow::Result<()> {
    let (queue, thread) = worker::start(encoder, arguments.queue as usize).context("no thread can be started")?;
    let app = http::router(info, tokens, queue, arguments.host.token.as_deref());
    let (died, dead) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("watch".to_owned()).spawn(move || died.send(thread.join().is_err()))?;
    host::serve(&arguments.host, app, async {
        let _gone = dead.await;
    })
    .await?;
    Ok(())
}

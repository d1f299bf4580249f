//! `recollect-encoder`: text encoders behind OpenAI's HTTP API, run by ONNX Runtime in a process of its own.
//!
//! A request is checked and cut into tokens ([`http`], [`tokens`]), waits in a bounded queue, is batched with others of
//! its length ([`schedule`]) and run by one thread that owns the session ([`worker`], [`session`]); its tokens' vectors
//! are pooled ([`pooling`]). The model is an ONNX file, or safetensors of a BERT from which the graph is built at load
//! ([`bert`]). When its parent ends, so does the engine ([`serve`]).

mod arguments;
mod bert;
mod files;
mod http;
mod pooling;
mod runtime;
mod schedule;
mod serve;
mod session;
mod tokens;
mod weights;
mod worker;

use anyhow::Context as _;
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use arguments::Arguments;

fn main() -> std::process::ExitCode {
    let filter = EnvFilter::try_from_env("RECOLLECT_LOG").unwrap_or_else(|_| EnvFilter::new("info,ort=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    match run(Arguments::parse()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    arguments.check()?;
    // Tokenizing is cheap beside inference, and a second pool of threads would fight with that of the runtime.
    tokenizers::utils::parallelism::set_parallelism(false);
    let model = files::ModelFiles::find(&arguments.model, arguments.name.as_deref())?;
    let environment = runtime::load(arguments.runtime.as_deref())?;
    let tokens = tokens::Tokens::load(&model.tokenizer, model.max_tokens)?;
    let session = session::Encoder::load(&environment, &model, arguments.threads())
        .with_context(|| format!("cannot load the model {}", model.weights.path().display()))?;
    let info = http::Info {
        name: model.name.clone(),
        version: model.version.clone(),
        dimensions: session.dimensions(),
        max_tokens: model.max_tokens,
    };
    tracing::info!(model = info.name, version = info.version, dimensions = info.dimensions, "model loaded");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let outcome = runtime.block_on(serve::serve(&arguments, info, tokens, session));
    // A read of standard input cannot be cancelled and must not hold up the end.
    runtime.shutdown_background();
    outcome
}

//! `recollect-mistralrs`: language and vision models in safetensors or UQFF behind OpenAI's HTTP API, run by mistral.rs in a
//! process of its own.
//!
//! A model is a folder ([`model`], [`tokenizer`]), quantised while it is loaded if that is asked for. A request is
//! checked and put into mistral.rs's form ([`prepare`]); mistral.rs applies the model's template, batches conversations
//! and keeps what they share; what the model writes comes back piece by piece ([`answer`]). When its parent ends, so
//! does the engine.

mod answer;
mod arguments;
mod http;
mod model;
mod prepare;
mod tokenizer;

use clap::Parser as _;
use recollect::engine::host;

use arguments::Arguments;

fn main() -> std::process::ExitCode {
    host::run("info,mistralrs_core=warn", || run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    arguments.host.check().map_err(anyhow::Error::msg)?;
    if let Some(threads) = arguments.host.threads {
        rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global()?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(async {
        let engine = http::Engine::new(model::load(arguments).await?, arguments);
        let dead = engine.dead();
        let app = http::router(engine, arguments.host.token.as_deref());
        host::serve(&arguments.host, app, async move { dead.notified().await }).await?;
        Ok(())
    });
    // A read of standard input cannot be cancelled and must not hold up the end.
    runtime.shutdown_background();
    outcome
}

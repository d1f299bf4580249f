//! `recollect worker`: helps with what takes long, beside the server or alone.
//!
//! A worker sees: faces, objects, words, meaning. Reading files, and bringing the indexes up to date, is left to the
//! process that holds the data folder (`recollect run`, `recollect add`).

use std::time::Duration;

use anyhow::bail;
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::run::asked_to_stop;
use super::{Global, print_line};
use crate::app::{self, WorkerApp};
use crate::jobs::{JobKind, Pace};

/// Without a server, media that lack results are looked for so often.
const FILL_EVERY: Duration = Duration::from_secs(600);

/// Whether everything is done is looked at so often.
const ASK_EVERY: Duration = Duration::from_millis(200);

#[derive(Debug, Args)]
pub(super) struct WorkerArguments {
    /// Only these kinds of jobs, such as `find_faces,caption` [default: all that this machine can do]
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kinds: Vec<JobKind>,
    /// End when everything is done
    #[arg(long)]
    until_idle: bool,
}

pub(super) async fn run(global: &Global, arguments: WorkerArguments) -> anyhow::Result<()> {
    if arguments.kinds.contains(&JobKind::IngestFile) {
        bail!("files are read by the process that holds the data folder: `recollect run` or `recollect add`");
    }
    let data = global.existing_library()?;
    let worker = WorkerApp::open(&data, global.configured(&[])?, &arguments.kinds).await?;
    let kinds = worker.queue.kinds();
    if kinds.is_empty() {
        bail!("this machine can do none of these jobs; `recollect doctor` says what is missing");
    }
    let names = kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
    print_line(&format!("Working on {names}"))?;
    let stop = CancellationToken::new();
    let working = tokio::spawn({
        let (queue, stop) = (worker.queue.clone(), stop.clone());
        async move { queue.run(stop).await }
    });
    tokio::select! {
        () = asked_to_stop() => {}
        result = follow(&worker, &data, arguments.until_idle) => result?,
    }
    stop.cancel();
    let worked = working.await;
    let done: u64 = worker.queue.metrics().values().map(|kind| kind.durations.count).sum();
    worker.close().await;
    worked??;
    print_line(&format!("{done} jobs done."))
}

/// Looks for media that lack results while no server does; returns when everything is done, if that is wanted.
async fn follow(worker: &WorkerApp, data: &std::path::Path, until_idle: bool) -> anyhow::Result<()> {
    if until_idle {
        worker.queue.set_pace(Pace::Hurry);
    }
    loop {
        if !app::is_held(data) {
            worker.queue.fill().await?;
        }
        if until_idle {
            while worker.queue.is_busy().await? {
                tokio::time::sleep(ASK_EVERY).await;
            }
            return Ok(());
        }
        tokio::time::sleep(FILL_EVERY).await;
    }
}

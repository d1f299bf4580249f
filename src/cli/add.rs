//! `recollect add`: indexes folders, and with `--wait` says what came of it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::jobs::line;
use super::running::Server;
use super::{Global, existing_folder, print_line};
use crate::app::App;
use crate::http::Jobs;
use crate::jobs::JobKind;
use crate::jobs::activity::KindActivity;
use crate::library::files::ScanOutcome;

/// Failures that are told by name.
const TOLD: usize = 20;

#[derive(Debug, Args)]
pub(super) struct AddArguments {
    /// Folders of photos and videos
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Return when everything is done: read, seen, heard, searchable
    #[arg(long)]
    wait: bool,
}

pub(super) async fn run(global: &Global, arguments: AddArguments) -> anyhow::Result<()> {
    let folders: Vec<PathBuf> =
        arguments.folders.iter().map(|folder| existing_folder(folder)).collect::<anyhow::Result<_>>()?;
    match Server::find(&global.data()).await {
        Some(server) => through_server(&server, &folders, arguments.wait).await,
        None => by_itself(global, &folders, arguments.wait).await,
    }
}

async fn through_server(server: &Server, folders: &[PathBuf], wait: bool) -> anyhow::Result<()> {
    let mut found = ScanOutcome::default();
    for folder in folders {
        let body = serde_json::json!({ "path": folder, "hurry": wait });
        let outcome: Value = server.post("/folders", &body).await?;
        let number = |name: &str| outcome[name].as_u64().unwrap_or(0);
        let (queued, unchanged) = (number("queued"), number("unchanged"));
        found = sum(found, ScanOutcome { queued, unchanged, gone: number("gone") });
        if !wait {
            print_line(&format!("{}: {queued} files to read, {unchanged} unchanged", folder.display()))?;
        }
    }
    if !wait {
        return print_line("The running server reads them now.");
    }
    let bar = bar();
    loop {
        let status: Value = server.get("/status", &[]).await?;
        let open = status["jobs"]["queued"].as_i64().unwrap_or(0) + status["jobs"]["running"].as_i64().unwrap_or(0);
        show(&bar, open);
        if status["indexing"] == false {
            break;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    bar.finish_and_clear();
    let jobs: Jobs = server.get("/jobs", &[]).await?;
    let status: Value = server.get("/status", &[]).await?;
    summarise(status["media"].as_i64().unwrap_or(0), found, &jobs)
}

/// Without a server the command reads the files itself; it cannot leave them to anybody. What is to be seen in them it
/// leaves, unless it is to wait.
async fn by_itself(global: &Global, folders: &[PathBuf], wait: bool) -> anyhow::Result<()> {
    let (_lock, app) = global.open(&[]).await?;
    let result = index(&app, folders, wait).await;
    app.close().await;
    result
}

async fn index(app: &App, folders: &[PathBuf], wait: bool) -> anyhow::Result<()> {
    let mut found = ScanOutcome::default();
    for folder in folders {
        let outcome = app.indexer.add_folder(folder).await.with_context(|| format!("{}", folder.display()))?;
        found = sum(found, outcome);
    }
    let bar = bar();
    if wait {
        app.indexer.run_until_idle(|waiting| show(&bar, waiting)).await?;
    } else {
        app.indexer.run_until_searchable(|waiting| show(&bar, waiting)).await?;
    }
    bar.finish_and_clear();
    let numbers = app.library.numbers().await?;
    let jobs = Jobs::of(app).await?;
    summarise(numbers.media, found, &jobs)?;
    if jobs.activity.counts.queued > 0 {
        print_line("What is left to do goes on with `recollect run` or `recollect worker`.")?;
    }
    Ok(())
}

fn sum(a: ScanOutcome, b: ScanOutcome) -> ScanOutcome {
    ScanOutcome { queued: a.queued + b.queued, unchanged: a.unchanged + b.unchanged, gone: a.gone + b.gone }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let template = "{spinner} {pos}/{len} {wide_bar} {eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// The bar grows with what is found, because folders are walked while files are read.
fn show(bar: &ProgressBar, waiting: i64) {
    let waiting = waiting.max(0) as u64;
    let total = bar.length().unwrap_or(0).max(waiting);
    bar.set_length(total);
    bar.set_position(total - waiting);
}

/// Says what came of it: files first, then what was seen in them, then what failed and why.
fn summarise(media: i64, found: ScanOutcome, jobs: &Jobs) -> anyhow::Result<()> {
    let kinds = &jobs.activity.by_kind;
    let (reading, seeing): (Vec<&KindActivity>, Vec<_>) =
        kinds.iter().filter(|kind| kind.steerable).partition(|kind| kind.kind == JobKind::IngestFile.name());
    let unread: i64 = reading.iter().map(|kind| kind.counts.failed).sum();
    print_line(&format!(
        "{} files read, {} unchanged, {} gone, {unread} failed. The library holds {media} photos and videos.",
        found.queued, found.unchanged, found.gone
    ))?;
    for kind in seeing {
        print_line(&format!("  {}", line(kind)))?;
    }
    for job in jobs.failed.iter().take(TOLD) {
        print_line(&format!("  {} [{}] {}", job.path, job.code, job.message))?;
    }
    let failed = usize::try_from(jobs.activity.counts.failed).unwrap_or(0);
    if failed > TOLD {
        print_line(&format!("  … and {} more: `recollect jobs`", failed - TOLD))?;
    }
    Ok(())
}

//! `recollect add`: indexes folders, and with `--wait` says what came of it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::running::Server;
use super::{Global, existing_folder, print_line};
use crate::app::App;
use crate::library::files::{FailedFile, ScanOutcome};

/// Failures that are told by name.
const TOLD: u32 = 20;

#[derive(Debug, Args)]
pub(super) struct AddArguments {
    /// Folders of photos and videos
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Return when everything is read and searchable
    #[arg(long)]
    wait: bool,
}

pub(super) async fn run(global: &Global, arguments: AddArguments) -> anyhow::Result<()> {
    let folders: Vec<PathBuf> =
        arguments.folders.iter().map(|folder| existing_folder(folder)).collect::<anyhow::Result<_>>()?;
    match Server::find(&global.data()).await {
        Some(server) => through_server(&server, &folders, arguments.wait).await,
        None => by_itself(global, &folders).await,
    }
}

async fn through_server(server: &Server, folders: &[PathBuf], wait: bool) -> anyhow::Result<()> {
    for folder in folders {
        let body = serde_json::json!({ "path": folder });
        let outcome: Value = server.post("/folders", &body).await?;
        let (queued, unchanged) = (outcome["queued"].as_u64().unwrap_or(0), outcome["unchanged"].as_u64().unwrap_or(0));
        print_line(&format!("{}: {queued} files to read, {unchanged} unchanged", folder.display()))?;
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
    let activity: Value = server.get("/jobs", &[]).await?;
    let failed: Vec<FailedFile> = activity["failed"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|job| FailedFile {
            path: job["path"].as_str().unwrap_or_default().to_owned(),
            error_code: job["code"].as_str().unwrap_or_default().to_owned(),
            error: job["message"].as_str().unwrap_or_default().to_owned(),
        })
        .collect();
    let status: Value = server.get("/status", &[]).await?;
    summarise(status["media"].as_i64().unwrap_or(0), None, &failed)
}

/// Without a server the command reads the files itself; it cannot leave them to anybody.
async fn by_itself(global: &Global, folders: &[PathBuf]) -> anyhow::Result<()> {
    let (_lock, app) = global.open(&[]).await?;
    let result = index(&app, folders).await;
    app.close().await;
    result
}

async fn index(app: &App, folders: &[PathBuf]) -> anyhow::Result<()> {
    let mut found = ScanOutcome::default();
    for folder in folders {
        let outcome = app.indexer.add_folder(folder).await.with_context(|| format!("{}", folder.display()))?;
        found.queued += outcome.queued;
        found.unchanged += outcome.unchanged;
        found.gone += outcome.gone;
    }
    let bar = bar();
    app.indexer.run_until_idle(|waiting| show(&bar, waiting)).await?;
    bar.finish_and_clear();
    let numbers = app.library.numbers().await?;
    summarise(numbers.media, Some(found), &app.library.failed_files(u32::MAX).await?)
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

fn summarise(media: i64, found: Option<ScanOutcome>, failed: &[FailedFile]) -> anyhow::Result<()> {
    if let Some(found) = found {
        print_line(&format!(
            "{} files read, {} unchanged, {} gone, {} failed. The library holds {media} photos and videos.",
            found.queued,
            found.unchanged,
            found.gone,
            failed.len()
        ))?;
    } else {
        print_line(&format!("{} files failed. The library holds {media} photos and videos.", failed.len()))?;
    }
    for file in failed.iter().take(TOLD as usize) {
        print_line(&format!("  {} [{}] {}", file.path, file.error_code, file.error))?;
    }
    if failed.len() > TOLD as usize {
        print_line(&format!("  … and {} more: `recollect jobs`", failed.len() - TOLD as usize))?;
    }
    Ok(())
}

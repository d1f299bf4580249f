//! `recollect demo`: draws the pictures of the demo library into a folder.
//!
//! The server has it done by a process of its own: what drawing needs is not kept for as long as the server runs.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::demo;

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// Folder that the pictures are drawn into; what is there already stays
    folder: PathBuf,
}

pub(super) async fn run(arguments: DemoArguments) -> anyhow::Result<()> {
    let drawn = tokio::task::spawn_blocking(move || demo::create(&arguments.folder, |_| {})).await?;
    drawn.context("the demo library cannot be drawn")?;
    Ok(())
}

/// Draws into `folder` in another process, and waits for it.
pub(super) async fn draw_apart(folder: &Path) -> anyhow::Result<()> {
    let program = std::env::current_exe().context("this program is not where it was started from")?;
    let mut command = tokio::process::Command::new(program);
    let status = command.arg("demo").arg(folder).kill_on_drop(true).status().await;
    let status = status.context("the demo library cannot be drawn")?;
    if !status.success() {
        bail!("the demo library cannot be drawn: the process that drew it ended with {status}");
    }
    Ok(())
}

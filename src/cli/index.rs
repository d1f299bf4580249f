//! `recollect index rebuild`: makes the search indexes anew from the library.

use clap::{Args, Subcommand};

use super::{Global, print_line};
use crate::app;
use crate::library::documents::Index;

#[derive(Debug, Args)]
pub(super) struct IndexArguments {
    #[command(subcommand)]
    command: IndexCommand,
}

#[derive(Debug, Subcommand)]
enum IndexCommand {
    /// Throw the indexes away and make them anew; nothing is lost
    Rebuild,
}

pub(super) async fn run(global: &Global, arguments: IndexArguments) -> anyhow::Result<()> {
    let IndexCommand::Rebuild = arguments.command;
    let data = global.data();
    let lock = app::lock(&data)?;
    let index = data.join("index");
    if index.exists() {
        std::fs::remove_dir_all(&index)?;
    }
    drop(lock);
    let (_lock, app) = global.open(&[]).await?;
    app.library.forget_index(Index::Text).await?;
    app.library.forget_index(Index::Vectors).await?;
    app.indexer.run_until_searchable(|_| {}).await?;
    let numbers = app.library.numbers().await?;
    app.close().await;
    print_line(&format!("The indexes hold {} photos and videos.", numbers.media))
}

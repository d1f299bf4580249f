//! `recollect albums|tags list`: what media are gathered under, each with its media.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Global, print_json, print_line};
use crate::app::App;
use crate::assistant::albums::{AlbumError, expanded};
use crate::library::filter::MediaFilter;
use crate::library::media::Ordering;

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    #[command(subcommand)]
    command: ListCommand,
}

#[derive(Debug, Subcommand)]
enum ListCommand {
    /// List them all
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
    media: Vec<String>,
}

/// Paths of media, oldest first.
pub(super) async fn paths(app: &App, filter: MediaFilter) -> anyhow::Result<Vec<String>> {
    let ids = app.library.select(&filter, Ordering::Oldest, None).await?;
    Ok(app.library.media_by_ids(&ids).await?.into_iter().map(|medium| medium.path).collect())
}

/// Prints a list either way: whole as JSON, or a line each.
pub(super) fn print<T: Serialize>(json: bool, items: &[T], line: impl Fn(&T) -> (String, usize)) -> anyhow::Result<()> {
    if json {
        return print_json(&items);
    }
    for item in items {
        let (name, count) = line(item);
        print_line(&format!("{count:>6}  {name}"))?;
    }
    Ok(())
}

pub(super) async fn albums(global: &Global, arguments: ListArguments) -> anyhow::Result<()> {
    let ListCommand::List { json } = arguments.command;
    let app = global.open_to_read().await?;
    let mut albums = Vec::new();
    for album in app.library.albums().await? {
        let filter = MediaFilter { albums: vec![album.id], ..MediaFilter::default() };
        // One whose rule cannot be followed any more is empty; `recollect album show` says why.
        let media = match expanded(app.assistant.context(), &filter).await {
            Ok(filter) => paths(&app, filter.into_owned()).await?,
            Err(AlbumError::Rule(_)) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        albums.push(Named { id: album.id.to_string(), name: album.name, media });
    }
    app.close().await;
    print(json, &albums, |album| (album.name.clone(), album.media.len()))
}

pub(super) async fn tags(global: &Global, arguments: ListArguments) -> anyhow::Result<()> {
    let ListCommand::List { json } = arguments.command;
    let app = global.open_to_read().await?;
    let mut tags = Vec::new();
    for tag in app.library.tags().await? {
        let media = paths(&app, MediaFilter { tags: vec![tag.folded.clone()], ..MediaFilter::default() }).await?;
        tags.push(Named { id: tag.folded, name: tag.name, media });
    }
    app.close().await;
    print(json, &tags, |tag| (tag.name.clone(), tag.media.len()))
}

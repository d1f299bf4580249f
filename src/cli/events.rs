//! `recollect events`: list events and trips, rename, merge and split them, take it back; give them away; clocks that
//! were off.
//!
//! Events are given by name or identifier. Changes go through the running server when there is one, so that both agree.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::{Value, json};

use super::lists::{paths, print};
use super::running::Server;
use super::share::{self, ShareArguments};
use super::{Global, print_json, print_line};
use crate::app::Shareable;
use crate::ingest::gather::clocks_off;
use crate::library::events::change::Action;
use crate::library::filter::MediaFilter;
use crate::library::{ChangeId, EventId, Library, fold};

#[derive(Debug, Args)]
pub(super) struct EventArguments {
    #[command(subcommand)]
    command: EventCommand,
}

#[derive(Debug, Subcommand)]
enum EventCommand {
    /// List them all
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Give an event a name; an empty one gives it back its own
    Rename {
        /// Name or identifier
        event: String,
        /// The new name
        name: String,
    },
    /// Say that several events are one
    Merge {
        /// Which stays: name or identifier
        into: String,
        /// What it is, too
        #[arg(required = true)]
        events: Vec<String>,
    },
    /// Say that what begins with a picture is an event of its own
    Split {
        /// Name or identifier
        event: String,
        /// The first picture of the second part: path or identifier
        at: String,
        /// Its name
        #[arg(long)]
        name: Option<String>,
    },
    /// Have a picture stand for an event
    Cover {
        /// Name or identifier
        event: String,
        /// The picture: path or identifier
        picture: String,
    },
    /// Make a folder, a ZIP, a web page, a contact sheet or a photo book of an event
    Export {
        /// Name or identifier
        event: String,
        #[command(flatten)]
        how: ShareArguments,
    },
    /// Cameras whose clock was off, as far as other cameras tell
    Clocks {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
        /// Put right what is listed
        #[arg(long)]
        apply: bool,
    },
    /// What was changed, the latest last
    Changes {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Take a change back: the latest, or the one with this identifier
    Undo {
        /// Identifier of a change
        change: Option<ChangeId>,
    },
}

#[derive(Serialize)]
struct Event {
    id: String,
    name: String,
    start: Option<String>,
    end: Option<String>,
    place: Option<String>,
    kind: String,
    /// The trip that it is part of.
    parent: Option<String>,
    media: Vec<String>,
}

/// Runs the command.
pub(super) async fn run(global: &Global, arguments: EventArguments) -> anyhow::Result<()> {
    match arguments.command {
        EventCommand::List { json } => list(global, json).await,
        EventCommand::Rename { event, name } => {
            let event = find(&global.open_library().await?, &event).await?;
            change(global, &Action::Rename { event, name }).await
        }
        EventCommand::Merge { into, events } => {
            let library = global.open_library().await?;
            let mut others = Vec::new();
            for event in &events {
                others.push(find(&library, event).await?);
            }
            change(global, &Action::Merge { into: find(&library, &into).await?, events: others }).await
        }
        EventCommand::Split { event, at, name } => {
            let library = global.open_library().await?;
            let (event, at) = (find(&library, &event).await?, picture(&library, &at).await?);
            change(global, &Action::Split { event, at, name }).await
        }
        EventCommand::Cover { event, picture: at } => {
            let library = global.open_library().await?;
            let (event, media) = (find(&library, &event).await?, Some(picture(&library, &at).await?));
            change(global, &Action::Cover { event, media }).await
        }
        EventCommand::Export { event, how } => {
            let app = global.open_to_read().await?;
            let done = match find(&app.library, &event).await {
                Ok(id) => share::export(&app, Shareable::Event(id), how).await,
                Err(error) => Err(error),
            };
            app.close().await;
            done
        }
        EventCommand::Clocks { json, apply } => clocks(global, json, apply).await,
        EventCommand::Changes { json } => changes(global, json).await,
        EventCommand::Undo { change } => undo(global, change).await,
    }
}

async fn list(global: &Global, json: bool) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let mut events = Vec::new();
    for event in app.library.events().await? {
        events.push(Event {
            id: event.id.to_string(),
            media: paths(&app, MediaFilter { events: vec![event.id], ..MediaFilter::default() }).await?,
            name: event.name,
            start: event.starts,
            end: event.ends,
            place: event.place,
            kind: event.kind,
            parent: event.parent.map(|parent| parent.to_string()),
        });
    }
    app.close().await;
    print(json, &events, |event| {
        let day = event.start.as_deref().and_then(|start| start.get(..10)).unwrap_or("undated");
        (format!("{day}  {}", event.name), event.media.len())
    })
}

/// The event with this identifier or name.
pub(super) async fn find(library: &Library, text: &str) -> anyhow::Result<EventId> {
    let events = library.events().await?;
    if let Ok(id) = text.parse::<EventId>()
        && events.iter().any(|event| event.id == id)
    {
        return Ok(id);
    }
    let named: Vec<_> = events.iter().filter(|event| fold(&event.name) == fold(text)).collect();
    match named.as_slice() {
        [event] => Ok(event.id),
        [] => bail!("there is no event {text}; `recollect events list` tells their names"),
        several => bail!("{} events are called {text}; give the identifier of one", several.len()),
    }
}

async fn picture(library: &Library, text: &str) -> anyhow::Result<crate::library::MediaId> {
    if let Ok(id) = text.parse() {
        return Ok(library.medium(id).await?.id);
    }
    let path = std::fs::canonicalize(text).with_context(|| format!("{text} cannot be reached"))?;
    let found = library.medium_at(&path.to_string_lossy()).await?;
    found.with_context(|| format!("{} is not in the library", path.display()))
}

async fn change(global: &Global, action: &Action) -> anyhow::Result<()> {
    match Server::find(&global.data()).await {
        Some(server) => {
            let done: Value = server.post("/events/changes", action).await?;
            print_line(done["summary"].as_str().unwrap_or_default())
        }
        None => {
            let (lock, app) = global.open(&[]).await?;
            let (change, _) = app.library.change_events(action).await?;
            app.close().await;
            drop(lock);
            print_line(&change.summary)
        }
    }
}

async fn undo(global: &Global, change: Option<ChangeId>) -> anyhow::Result<()> {
    let library = global.open_library().await?;
    let id = match change {
        Some(id) => id,
        None => {
            let latest = library.event_changes(100).await?;
            let open = latest.into_iter().find(|change| change.undone.is_none() && change.undoes.is_none());
            open.context("nothing was changed that could be taken back")?.id
        }
    };
    match Server::find(&global.data()).await {
        Some(server) => {
            let done: Value = server.post(&format!("/events/changes/{id}/undo"), &json!({})).await?;
            print_line(done["summary"].as_str().unwrap_or_default())
        }
        None => {
            let (lock, app) = global.open(&[]).await?;
            let (change, _) = app.library.undo_event_change(id).await?;
            app.close().await;
            drop(lock);
            print_line(&change.summary)
        }
    }
}

async fn changes(global: &Global, json: bool) -> anyhow::Result<()> {
    let mut changes = global.open_library().await?.event_changes(200).await?;
    changes.reverse();
    if json {
        let told: Vec<Value> = changes
            .iter()
            .map(
                |c| json!({ "id": c.id, "made": c.made, "action": c.action, "summary": c.summary, "undone": c.undone }),
            )
            .collect();
        return print_json(&told);
    }
    for change in changes {
        let undone = if change.undone.is_some() { "  (taken back)" } else { "" };
        print_line(&format!("{}  {}{undone}", change.id, change.summary))?;
    }
    Ok(())
}

async fn clocks(global: &Global, json: bool, apply: bool) -> anyhow::Result<()> {
    let library = global.open_library().await?;
    let found = clocks_off(&library).await?;
    if json {
        let told: Vec<Value> = found
            .iter()
            .map(|(off, media)| {
                json!({ "camera": off.camera, "media": media, "shift_s": off.shift_s, "compared_with": off.compared_with,
                        "fits": [off.fit.0, off.fit.1, off.fit.2] })
            })
            .collect();
        print_json(&told)?;
    }
    for (off, media) in &found {
        if !json {
            let hours = off.shift_s as f64 / 3600.0;
            let (fit, as_is, of) = off.fit;
            print_line(&format!(
                "{}: {} pictures are {hours:+.2} hours off: then {fit} of {of} moments fit those of {}, now {as_is}",
                off.camera,
                media.len(),
                off.compared_with.join(", ")
            ))?;
        }
        if apply {
            change(global, &Action::SetClock { media: media.clone(), shift_s: off.shift_s }).await?;
        }
    }
    if found.is_empty() && !json {
        print_line("No camera's clock was off, as far as the others tell.")?;
    }
    Ok(())
}

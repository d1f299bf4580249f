//! `recollect themes`: what comes back over the years; name it, hide it, take that back.
//!
//! Themes are given by name or identifier. Changes go through the running server when there is one, so that both agree.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::running::Server;
use super::summarize::paths;
use super::{Global, print_json, print_line};
use crate::assistant::themes::{self, Shown};
use crate::assistant::understand::Language;
use crate::library::themes::change::ThemeEdit;
use crate::library::{ChangeId, Library, fold};

#[derive(Debug, Args)]
pub(super) struct ThemeArguments {
    /// Language of their names: en, de, fr, es, zh
    #[arg(long, global = true, default_value = "en")]
    language: String,
    #[command(subcommand)]
    command: Option<ThemeCommand>,
}

#[derive(Debug, Subcommand)]
enum ThemeCommand {
    /// List them
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
        /// With those that are hidden
        #[arg(long)]
        hidden: bool,
    },
    /// One theme: its years, what sets it apart, its pictures
    Show {
        /// Name or identifier
        theme: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Give a theme a name; an empty one gives it back its own
    Rename {
        /// Name or identifier
        theme: String,
        /// The new name
        name: String,
    },
    /// Do not show a theme any more
    Hide {
        /// Name or identifier
        theme: String,
    },
    /// Show a theme again
    Unhide {
        /// Name or identifier
        theme: String,
    },
    /// Take a change back: the latest, or the one with this identifier
    Undo {
        /// Identifier of a change
        change: Option<ChangeId>,
    },
}

/// Runs the command.
pub(super) async fn run(global: &Global, arguments: ThemeArguments) -> anyhow::Result<()> {
    let language = Language::of(&arguments.language)
        .with_context(|| format!("{} is no language that themes are named in", arguments.language))?;
    let edit = |name: Option<String>, hidden: Option<bool>| ThemeEdit { name, hidden };
    match arguments.command.unwrap_or(ThemeCommand::List { json: false, hidden: false }) {
        ThemeCommand::List { json, hidden } => list(global, language, json, hidden).await,
        ThemeCommand::Show { theme, json } => show(global, language, &theme, json).await,
        ThemeCommand::Rename { theme, name } => change(global, language, &theme, edit(Some(name), None)).await,
        ThemeCommand::Hide { theme } => change(global, language, &theme, edit(None, Some(true))).await,
        ThemeCommand::Unhide { theme } => change(global, language, &theme, edit(None, Some(false))).await,
        ThemeCommand::Undo { change } => undo(global, change).await,
    }
}

async fn list(global: &Global, language: Language, json: bool, hidden: bool) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let mut found = themes::themes(&app.library, language).await?;
    found.retain(|theme| hidden || !theme.hidden);
    if json {
        let mut all: Vec<Value> = Vec::with_capacity(found.len());
        for theme in &found {
            all.push(as_json(theme, paths(&app, &theme.media).await?));
        }
        app.close().await;
        return print_json(&all);
    }
    for theme in &found {
        let years = if theme.years.len() == 1 { "1 year".to_owned() } else { format!("{} years", theme.years.len()) };
        let marks = if theme.hidden { "  (hidden)" } else { "" };
        print_line(&format!("{:>6}  {} · {years}{marks}", theme.media.len(), theme.name))?;
    }
    if found.is_empty() {
        print_line("Nothing comes back over the years yet.")?;
    }
    if app.library.main_picture_model().await?.is_none() {
        print_line("Pictures are not compared by their looks; `recollect models pull --tier laptop` adds what does.")?;
    }
    app.close().await;
    Ok(())
}

fn as_json(theme: &Shown, media: Vec<String>) -> Value {
    let years: Vec<Value> = theme.years.iter().map(|(year, count)| json!({ "year": year, "count": count })).collect();
    let reasons: Vec<Value> =
        theme.reasons.iter().map(|reason| json!({ "text": reason.text, "evidence": reason.evidence })).collect();
    json!({
        "id": theme.id, "kind": theme.kind, "name": theme.name, "named": theme.named, "hidden": theme.hidden,
        "why": theme.why, "years": years, "start": theme.first, "end": theme.last, "reasons": reasons,
        "alike": theme.alike, "media": media,
    })
}

async fn show(global: &Global, language: Language, theme: &str, json: bool) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let theme = find(&app.library, language, theme).await?;
    let media = paths(&app, &theme.media).await?;
    app.close().await;
    if json {
        return print_json(&as_json(&theme, media));
    }
    print_line(&format!("{}\n{}", theme.name, theme.why))?;
    let years: Vec<String> = theme.years.iter().map(|(year, count)| format!("{year}: {count}")).collect();
    print_line(&years.join(", "))?;
    for reason in &theme.reasons {
        print_line(&format!("  {}", reason.line()))?;
    }
    for path in media {
        print_line(&path)?;
    }
    Ok(())
}

/// The theme with this identifier or name.
async fn find(library: &Library, language: Language, text: &str) -> anyhow::Result<Shown> {
    let mut all = themes::themes(library, language).await?;
    let is_it = |theme: &Shown| theme.id.to_string() == text || fold(&theme.name) == fold(text);
    match all.iter().filter(|theme| is_it(theme)).count() {
        0 => bail!("there is no theme {text}; `recollect themes list --hidden` tells their names"),
        1 => all.retain(is_it),
        several => bail!("{several} themes are called {text}; give the identifier of one"),
    }
    all.pop().context("there is no such theme")
}

async fn change(global: &Global, language: Language, theme: &str, edit: ThemeEdit) -> anyhow::Result<()> {
    let theme = find(&global.open_library().await?, language, theme).await?;
    match Server::find(&global.data()).await {
        Some(server) => {
            let path = format!("/themes/{}?language={}", theme.id, language.code());
            let done: Value = server.patch(&path, &edit).await?;
            print_line(done["summary"].as_str().unwrap_or_default())
        }
        None => {
            let (lock, app) = global.open(&[]).await?;
            let change = app.library.change_theme(theme.id, &edit, &theme.name).await?;
            app.close().await;
            drop(lock);
            print_line(&change.summary)
        }
    }
}

async fn undo(global: &Global, change: Option<ChangeId>) -> anyhow::Result<()> {
    let id = match change {
        Some(id) => id,
        None => {
            let latest = global.open_library().await?.theme_changes(100).await?;
            let open = latest.into_iter().find(|change| change.undone.is_none() && change.undoes.is_none());
            open.context("nothing was changed that could be taken back")?.id
        }
    };
    match Server::find(&global.data()).await {
        Some(server) => {
            let done: Value = server.post(&format!("/themes/changes/{id}/undo"), &json!({})).await?;
            print_line(done["summary"].as_str().unwrap_or_default())
        }
        None => {
            let (lock, app) = global.open(&[]).await?;
            let (change, _) = app.library.undo_theme_change(id).await?;
            app.close().await;
            drop(lock);
            print_line(&change.summary)
        }
    }
}

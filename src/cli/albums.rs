//! `recollect album`: make an album, by hand or with a rule; rename, fill, show, explain, give away and delete it; take
//! that back.
//!
//! Albums are given by name or identifier, pictures by path or identifier. Changes go through the running server when there
//! is one. What is wrong with a rule is shown beneath it, at the word.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::running::Access;
use super::share::{self, ShareArguments};
use super::{Global, media_called, print_json, print_line};
use crate::app::{App, Shareable};
use crate::assistant::albums::{self, AlbumError, Problem};
use crate::library::albums::change::AlbumChange;
use crate::library::{AlbumId, ChangeId, MediaId, fold};

#[derive(Debug, Args)]
pub(super) struct AlbumArguments {
    #[command(subcommand)]
    command: AlbumCommand,
}

#[derive(Debug, Subcommand)]
enum AlbumCommand {
    /// Make an album of pictures, or one that keeps itself by a rule
    Create {
        /// Its name
        name: String,
        /// The rule, such as "people: Anna & Ben; place: Norway; rating >= 3; best 40"
        #[arg(long, conflicts_with = "pictures")]
        rule: Option<String>,
        /// Pictures: paths or identifiers
        pictures: Vec<String>,
    },
    /// Print an album's rule, or give it another
    Rule {
        /// Name or identifier
        album: String,
        /// The rule; empty: the album stays as it is now and is filled by hand from then on
        rule: Option<String>,
    },
    /// Give an album another name
    Rename {
        /// Name or identifier
        album: String,
        /// The new name
        name: String,
    },
    /// Put pictures into an album that has no rule
    Add {
        /// Name or identifier
        album: String,
        /// Pictures: paths or identifiers
        #[arg(required = true)]
        pictures: Vec<String>,
    },
    /// Take pictures out of an album that has no rule
    Remove {
        /// Name or identifier
        album: String,
        /// Pictures: paths or identifiers
        #[arg(required = true)]
        pictures: Vec<String>,
    },
    /// Show an album's rule and its pictures
    Show {
        /// Name or identifier
        album: String,
        /// Print a JSON object
        #[arg(long)]
        json: bool,
    },
    /// Say why a picture is in an album that keeps itself, or is not
    Explain {
        /// Name or identifier
        album: String,
        /// Path or identifier
        picture: String,
        /// Print a JSON object
        #[arg(long)]
        json: bool,
    },
    /// Make a folder, a ZIP, a web page, a contact sheet or a photo book of an album
    Export {
        /// Name or identifier
        album: String,
        #[command(flatten)]
        how: ShareArguments,
    },
    /// Delete an album; its pictures stay
    Delete {
        /// Name or identifier
        album: String,
    },
    /// Take back what was done to an album
    Undo {
        /// What the command that did it said
        change: ChangeId,
    },
}

pub(super) async fn run(global: &Global, arguments: AlbumArguments) -> anyhow::Result<()> {
    match arguments.command {
        AlbumCommand::Show { album, json } => {
            let app = global.open_to_read().await?;
            let done = show(&app, &album, json).await;
            app.close().await;
            done
        }
        AlbumCommand::Export { album, how } => {
            let app = global.open_to_read().await?;
            let done = match find(&app, &album).await {
                Ok(id) => share::export(&app, Shareable::Album(id), how).await,
                Err(error) => Err(error),
            };
            app.close().await;
            done
        }
        AlbumCommand::Rule { album, rule: None } => {
            let app = global.open_to_read().await?;
            let id = find(&app, &album).await?;
            let rule = app.library.album(id).await?.rule;
            app.close().await;
            print_line(&rule.with_context(|| format!("{album} has no rule: its pictures were put in by hand"))?)
        }
        AlbumCommand::Explain { album, picture, json } => {
            let app = global.open_to_read().await?;
            let done = explain(&app, &album, &picture, json).await;
            app.close().await;
            done
        }
        command => {
            let access = Access::open(global).await?;
            let done = change(&access, command).await;
            if let (Access::Here { app, .. }, Ok(_)) = (&access, &done) {
                // Pictures are found by the names of the albums they are in.
                app.indexer.run_until_searchable(|_| {}).await?;
            }
            access.app().close().await;
            print_line(&done?)
        }
    }
}

fn now() -> jiff::civil::DateTime {
    jiff::Zoned::now().datetime()
}

/// An album by its identifier or name.
async fn find(app: &App, text: &str) -> anyhow::Result<AlbumId> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let albums = app.library.albums().await?;
    let mut called = albums.iter().filter(|album| fold(&album.name) == fold(text));
    match (called.next(), called.next()) {
        (Some(album), None) => Ok(album.id),
        (Some(_), Some(_)) => {
            bail!("several albums are called {text}; name one by its identifier: `recollect albums list --json`")
        }
        (None, _) => bail!("there is no album called {text}; `recollect albums list` tells which there are"),
    }
}

async fn show(app: &App, album: &str, json: bool) -> anyhow::Result<()> {
    let id = find(app, album).await?;
    let album = app.library.album(id).await?;
    let ids = match (albums::members(app.assistant.context(), id, now()).await, &album.rule) {
        (Err(AlbumError::Rule(problems)), Some(rule)) => bail!("{}", underlined(rule, &problems)),
        (ids, _) => ids?,
    };
    let media: Vec<String> = app.library.media_by_ids(&ids).await?.into_iter().map(|medium| medium.path).collect();
    if json {
        return print_json(&json!({ "id": id, "name": album.name, "rule": album.rule, "media": media }));
    }
    print_line(&format!("{}: {} pictures", album.name, media.len()))?;
    if let Some(rule) = &album.rule {
        print_line(&format!("rule: {rule}"))?;
    }
    media.iter().try_for_each(|path| print_line(path))
}

async fn explain(app: &App, album: &str, picture: &str, json: bool) -> anyhow::Result<()> {
    let album = app.library.album(find(app, album).await?).await?;
    let medium = media_called(app, &[picture.to_owned()]).await?[0];
    let Some(rule) = album.rule else { bail!("{} has no rule: its pictures were put in by hand", album.name) };
    let parsed = albums::parse(&rule).map_err(AlbumError::Rule)?;
    let explanation = albums::explain(app.assistant.context(), &parsed, medium, now()).await?;
    if json {
        return print_json(&explanation);
    }
    print_line(if explanation.kept { "It is in:" } else { "It is not in:" })?;
    for reason in explanation.clauses {
        let by = if reason.by.is_empty() { String::new() } else { format!("  ({})", reason.by.join(", ")) };
        print_line(&format!("  {}  {}{by}", if reason.met { "yes" } else { "no " }, reason.clause))?;
    }
    Ok(())
}

/// Does it, and says what was done and how to take it back.
async fn change(access: &Access, command: AlbumCommand) -> anyhow::Result<String> {
    match command {
        AlbumCommand::Create { name, rule, pictures } => {
            let rule = match rule {
                Some(rule) => Some(checked(access, &rule, None).await?),
                None => None,
            };
            let media = media_called(access.app(), &pictures).await?;
            create(access, &name, rule.as_deref(), &media).await
        }
        AlbumCommand::Rule { album, rule } => {
            let (id, rule) = (find(access.app(), &album).await?, rule.unwrap_or_default());
            let rule = if rule.trim().is_empty() { String::new() } else { checked(access, &rule, Some(id)).await? };
            set_rule(access, id, &rule).await
        }
        AlbumCommand::Rename { album, name } => {
            let id = find(access.app(), &album).await?;
            match access {
                Access::Remote(server, _) => {
                    done(server.patch(&format!("/albums/{id}"), &json!({ "name": name })).await?)
                }
                Access::Here { app, .. } => said(&app.library.rename_album(id, &name).await?),
            }
        }
        AlbumCommand::Add { album, pictures } => {
            let (id, media) = (find(access.app(), &album).await?, media_called(access.app(), &pictures).await?);
            match access {
                Access::Remote(server, _) => {
                    done(server.post(&format!("/albums/{id}/media"), &json!({ "media": media })).await?)
                }
                Access::Here { app, .. } => said(&app.library.add_to_album(id, &media).await?),
            }
        }
        AlbumCommand::Remove { album, pictures } => {
            let (id, media) = (find(access.app(), &album).await?, media_called(access.app(), &pictures).await?);
            match access {
                Access::Remote(server, _) => {
                    done(server.take_out(&format!("/albums/{id}/media"), &json!({ "media": media })).await?)
                }
                Access::Here { app, .. } => said(&app.library.remove_from_album(id, &media).await?),
            }
        }
        AlbumCommand::Delete { album } => {
            let id = find(access.app(), &album).await?;
            match access {
                Access::Remote(server, _) => done(server.delete(&format!("/albums/{id}")).await?),
                Access::Here { app, .. } => said(&app.library.delete_album(id).await?),
            }
        }
        AlbumCommand::Undo { change } => {
            let back = match access {
                Access::Remote(server, _) => {
                    let back: Value = server.post(&format!("/albums/changes/{change}/undo"), &json!({})).await?;
                    back["summary"].as_str().unwrap_or_default().to_owned()
                }
                Access::Here { app, .. } => app.library.undo_album_change(change).await?.summary,
            };
            Ok(format!("Took back: {back}"))
        }
        AlbumCommand::Show { .. } | AlbumCommand::Explain { .. } | AlbumCommand::Export { .. } => {
            bail!("this changes nothing")
        }
    }
}

async fn create(access: &Access, name: &str, rule: Option<&str>, media: &[MediaId]) -> anyhow::Result<String> {
    match access {
        Access::Remote(server, _) => {
            let new = json!({ "name": name, "rule": rule, "media": media });
            done(server.post("/albums", &new).await?)
        }
        Access::Here { app, .. } => said(&app.library.create_album(name, rule, media).await?),
    }
}

async fn set_rule(access: &Access, id: AlbumId, rule: &str) -> anyhow::Result<String> {
    match access {
        Access::Remote(server, _) => done(server.patch(&format!("/albums/{id}"), &json!({ "rule": rule })).await?),
        Access::Here { app, .. } if rule.is_empty() => {
            let media = albums::members(app.assistant.context(), id, now()).await?;
            said(&app.library.set_album_rule(id, None, &media).await?)
        }
        Access::Here { app, .. } => said(&app.library.set_album_rule(id, Some(rule), &[]).await?),
    }
}

/// A rule as it is kept, if it can be followed.
async fn checked(access: &Access, text: &str, of: Option<AlbumId>) -> anyhow::Result<String> {
    let wrong = |problems: Vec<Problem>| anyhow::anyhow!("{}", underlined(text, &problems));
    let parsed = albums::parse(text).map_err(wrong)?;
    match albums::media(access.app().assistant.context(), &parsed, of, now()).await {
        Ok(_) => Ok(parsed.rule.to_string()),
        Err(AlbumError::Rule(problems)) => Err(wrong(problems)),
        Err(error) => Err(error.into()),
    }
}

fn said(change: &AlbumChange) -> anyhow::Result<String> {
    Ok(format!("{}; `recollect album undo {}` takes it back", change.summary, change.id))
}

/// The same of a change that the server made.
fn done(changed: Value) -> anyhow::Result<String> {
    let text = |key: &str| changed[key].as_str().context("the server's answer says not what was done");
    Ok(format!("{}; `recollect album undo {}` takes it back", text("summary")?, text("change")?))
}

/// A rule with what is wrong beneath it, at the word.
fn underlined(rule: &str, problems: &[Problem]) -> String {
    let mut lines = vec!["the rule is wrong".to_owned()];
    for problem in problems {
        let letters = |range: std::ops::Range<usize>| rule.get(range).unwrap_or_default().chars().count();
        let (before, length) = (letters(0..problem.range.start), letters(problem.range.clone()).max(1));
        lines.push(format!("  {rule}"));
        lines.push(format!("  {}{} {}", " ".repeat(before), "^".repeat(length), problem.message));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_stands_beneath_the_word() {
        let rule = "tag: Äpfel; rating >= 9";
        let problems = albums::parse(rule).unwrap_err();
        let text = underlined(rule, &problems);
        assert_eq!(text.lines().nth(2).unwrap().find('^'), Some(2 + "tag: Apfel; rating >= ".len()), "{text}");
    }
}

//! `recollect concepts`: list them, teach a new one by pictures, learn one anew, take one away.
//!
//! Pictures are given by path or identifier, concepts by name or identifier. Changes go through the running server when
//! there is one.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::{Value, json};

use super::running::Access;
use super::{Global, lists, media_called, print_line};
use crate::library::concepts::examples::Said;
use crate::library::filter::MediaFilter;
use crate::library::media::Ordering;
use crate::library::{ConceptId, MediaId};

#[derive(Debug, Args)]
pub(super) struct ConceptsArguments {
    #[command(subcommand)]
    command: ConceptsCommand,
}

#[derive(Debug, Subcommand)]
enum ConceptsCommand {
    /// List them all, each with what belongs to it
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Teach a concept by pictures that belong; one that is there learns more
    Add {
        /// Its name, such as "our cabin"
        name: String,
        /// Pictures that belong: paths or identifiers
        #[arg(required = true)]
        pictures: Vec<String>,
        /// Pictures that do not
        #[arg(long = "not", value_name = "PICTURE", num_args = 1..)]
        others: Vec<String>,
    },
    /// Learn a concept anew, or all of them
    Train {
        /// Name or identifier; without it all
        concept: Option<String>,
    },
    /// Delete a concept; its pictures stay
    Remove {
        /// Name or identifier
        concept: String,
    },
}

pub(super) async fn run(global: &Global, arguments: ConceptsArguments) -> anyhow::Result<()> {
    if let ConceptsCommand::List { json } = arguments.command {
        return list(global, json).await;
    }
    let access = Access::open(global).await?;
    let done = change(&access, arguments.command).await;
    access.app().close().await;
    done
}

async fn change(access: &Access, command: ConceptsCommand) -> anyhow::Result<()> {
    match command {
        ConceptsCommand::List { .. } => bail!("this changes nothing"),
        ConceptsCommand::Add { name, pictures, others } => add(access, &name, &pictures, &others).await,
        ConceptsCommand::Train { concept: Some(concept) } => train(access, find(access, &concept).await?).await,
        ConceptsCommand::Train { concept: None } => {
            for summary in access.app().library.concepts().await? {
                train(access, summary.concept.id).await?;
            }
            Ok(())
        }
        ConceptsCommand::Remove { concept } => remove(access, find(access, &concept).await?).await,
    }
}

/// A concept by its identifier or name.
async fn find(access: &Access, text: &str) -> anyhow::Result<ConceptId> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let found = access.app().library.concept_called(text).await?;
    found.with_context(|| format!("there is no concept called {text}; `recollect concepts list` tells which there are"))
}

async fn add(access: &Access, name: &str, pictures: &[String], others: &[String]) -> anyhow::Result<()> {
    let (belonging, others) = (media_called(access.app(), pictures).await?, media_called(access.app(), others).await?);
    let known = access.app().library.concept_called(name).await?;
    let id = match (access, known) {
        (Access::Remote(server, _), Some(id)) => {
            let said = json!({ "belonging": belonging, "others": others });
            server.post::<Value>(&format!("/concepts/{id}/examples"), &said).await?;
            id
        }
        (Access::Remote(server, _), None) => {
            let new = json!({ "name": name, "belonging": belonging, "others": others });
            let made: Value = server.post("/concepts", &new).await?;
            made["id"].as_str().context("the server named no concept")?.parse()?
        }
        (Access::Here { app, .. }, known) => {
            let said = Said { belonging, others, neither: Vec::new() };
            let id = match known {
                Some(id) => app.library.say_of_concept(id, &said).await.map(|_| id)?,
                None => app.library.create_concept(name, &said).await?,
            };
            app.concepts.learn(id).await?;
            app.indexer.run_until_searchable(|_| {}).await?;
            id
        }
    };
    tell(access, id).await
}

async fn train(access: &Access, id: ConceptId) -> anyhow::Result<()> {
    match access {
        Access::Remote(server, _) => {
            server.post::<Value>(&format!("/concepts/{id}/train"), &json!({})).await?;
        }
        Access::Here { app, .. } => {
            app.concepts.learn(id).await?;
        }
    }
    tell(access, id).await
}

async fn remove(access: &Access, id: ConceptId) -> anyhow::Result<()> {
    let name = access.app().library.concept(id).await?.name;
    match access {
        Access::Remote(server, _) => {
            server.delete::<Value>(&format!("/concepts/{id}")).await?;
        }
        Access::Here { app, .. } => {
            app.library.delete_concept(id).await?;
            app.indexer.run_until_searchable(|_| {}).await?;
        }
    }
    print_line(&format!("{name} is deleted; its pictures stay"))
}

/// Says what a concept is now.
async fn tell(access: &Access, id: ConceptId) -> anyhow::Result<()> {
    let summaries = access.app().library.concepts().await?;
    let summary = summaries.into_iter().find(|summary| summary.concept.id == id).context("the concept is gone")?;
    let (name, count) = (&summary.concept.name, summary.count);
    match &summary.concept.problem {
        Some(problem) => print_line(&format!("{name}: not learned: {problem}")),
        None => {
            print_line(&format!("{name}: {count} belong, learned from {} and {}", summary.belonging, summary.others))
        }
    }
}

#[derive(Serialize)]
struct Listed {
    id: String,
    name: String,
    builtin: Option<String>,
    hides: bool,
    threshold: f64,
    /// Why nothing was learned.
    problem: Option<String>,
    /// Examples and counter-examples.
    belonging: Vec<String>,
    others: Vec<String>,
    media: Vec<String>,
}

async fn list(global: &Global, json: bool) -> anyhow::Result<()> {
    let app = global.open_to_read().await?;
    let mut listed = Vec::new();
    for summary in app.library.concepts().await? {
        let concept = summary.concept;
        let filter = MediaFilter { concepts: vec![concept.id], ..MediaFilter::default() };
        let media = app.library.select(&filter, Ordering::Oldest, None).await?;
        let said = app.library.concept_examples(concept.id).await?;
        let of = |belongs: bool| said.iter().filter(|e| e.belongs == belongs).map(|e| e.id).collect::<Vec<_>>();
        let paths = async |ids: Vec<MediaId>| -> anyhow::Result<Vec<String>> {
            Ok(app.library.media_by_ids(&ids).await?.into_iter().map(|medium| medium.path).collect())
        };
        listed.push(Listed {
            id: concept.id.to_string(),
            name: concept.name,
            builtin: concept.builtin,
            hides: concept.hides,
            threshold: concept.threshold,
            problem: concept.problem,
            belonging: paths(of(true)).await?,
            others: paths(of(false)).await?,
            media: paths(media).await?,
        });
    }
    app.close().await;
    lists::print(json, &listed, |concept| {
        let problem = concept.problem.as_ref().map(|problem| format!("  ({problem})")).unwrap_or_default();
        (format!("{}{problem}", concept.name), concept.media.len())
    })
}

//! `recollect models`: what models there are, where they come from, and which are installed.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{Global, print_json, print_line};
use crate::config::models_folder;
use crate::models::catalogue::Role;
use crate::models::import::{ImportOptions, Outcome, import_all};
use crate::models::{
    Ability, Catalogue, CatalogueEntry, ListedModel, ModelError, ModelFolder, Phase, Progress, PullOptions, Puller,
    Tier,
};

#[derive(Debug, Args)]
pub(super) struct ModelsArguments {
    #[command(subcommand)]
    command: ModelsCommand,
}

#[derive(Debug, Subcommand)]
enum ModelsCommand {
    /// List the catalogue and what is installed
    List(ListArguments),
    /// Get models by name, or the set for a kind of machine
    Pull(PullArguments),
    /// Bring in models from this machine
    Import(ImportArguments),
    /// Remove models
    Remove {
        /// Their names
        #[arg(required = true)]
        names: Vec<String>,
    },
}

#[derive(Debug, Args)]
struct ListArguments {
    #[command(flatten)]
    choice: Choice,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Which models of the catalogue are meant.
#[derive(Debug, Args)]
struct Choice {
    /// The set for a kind of machine: nas, laptop, gpu
    #[arg(long, value_parser = tier)]
    tier: Option<Tier>,
    /// What it is for; to pull without --tier: of the laptop's set. One of chat, vision, text-embedding,
    /// image-embedding, speech, faces, objects, text-in-pictures
    #[arg(long, value_parser = ability)]
    role: Option<Ability>,
}

#[derive(Debug, Args)]
struct PullArguments {
    /// Names from `recollect models list`
    #[arg(required_unless_present_any = ["tier", "role"])]
    names: Vec<String>,
    #[command(flatten)]
    choice: Choice,
    /// Fetch nothing: only check that the models are here and whole
    #[arg(long)]
    offline: bool,
    /// Accept a licence that forbids something, such as commercial use
    #[arg(long)]
    accept_licence: bool,
    /// Take files as they are now, even if they differ from what was first fetched
    #[arg(long)]
    repin: bool,
}

#[derive(Debug, Args)]
struct ImportArguments {
    /// A GGUF, ONNX or ggml file, a folder of such files, or a folder as a model hub lays it out
    source: PathBuf,
    /// Its name [default: from the file]
    #[arg(long)]
    name: Option<String>,
    /// The projector that lets a language model see
    #[arg(long, value_name = "FILE")]
    mmproj: Option<PathBuf>,
    /// Its licence, as an SPDX identifier
    #[arg(long)]
    licence: Option<String>,
    /// Take the place of an installed model of that name
    #[arg(long)]
    replace: bool,
}

fn tier(text: &str) -> Result<Tier, String> {
    Tier::named(text).ok_or_else(|| format!("{text} is none of {}", Tier::ALL.map(Tier::name).join(", ")))
}

fn ability(text: &str) -> Result<Ability, String> {
    Ability::named(text).ok_or_else(|| format!("{text} is none of {}", Ability::ALL.map(Ability::name).join(", ")))
}

impl Choice {
    fn has(&self, role: Role, tiers: &[Tier]) -> bool {
        self.role.is_none_or(|ability| Ability::of(role) == Some(ability))
            && self.tier.is_none_or(|tier| tiers.contains(&tier))
    }
}

pub(super) async fn run(global: &Global, arguments: ModelsArguments) -> anyhow::Result<()> {
    let folder = ModelFolder::at(models_folder(&global.configured(&[])?.config));
    let catalogue = Catalogue::embedded()?;
    let result = match arguments.command {
        ModelsCommand::List(arguments) if arguments.json => {
            let models = chosen(&folder, &catalogue, &arguments.choice).map_err(told)?;
            let models: Vec<Value> = models.iter().map(|model| as_json(model, &catalogue)).collect();
            return print_json(&models);
        }
        ModelsCommand::List(arguments) => list(&folder, &catalogue, &arguments.choice),
        ModelsCommand::Pull(arguments) => pull(folder, &catalogue, &arguments).await,
        ModelsCommand::Import(arguments) => return bring_in(&folder, arguments),
        ModelsCommand::Remove { names } => remove(&folder, &names),
    };
    print_line(result.map_err(told)?.trim_end())
}

/// An error with what can be done about it.
fn told(error: ModelError) -> anyhow::Error {
    let hint = error.hint();
    anyhow::Error::new(error).context(hint)
}

fn chosen(folder: &ModelFolder, catalogue: &Catalogue, choice: &Choice) -> Result<Vec<ListedModel>, ModelError> {
    let tiers = |id: &str| catalogue.get(id).map(|entry| entry.tiers.as_slice()).unwrap_or_default();
    let list = folder.list(catalogue)?;
    Ok(list.into_iter().filter(|model| choice.has(model.role, tiers(&model.id))).collect())
}

fn as_json(model: &ListedModel, catalogue: &Catalogue) -> Value {
    let entry = catalogue.get(&model.id).ok();
    json!({
        "id": model.id,
        "ability": Ability::of(model.role).map(Ability::name),
        "role": model.role,
        "description": model.description,
        "licence": model.licence,
        "restriction": entry.and_then(|entry| entry.restriction.as_deref()),
        "languages": entry.map(|entry| entry.languages.as_slice()).unwrap_or_default(),
        "memory_mb": entry.and_then(|entry| entry.memory_mb),
        "tiers": entry.map(|entry| entry.tiers.as_slice()).unwrap_or_default(),
        "size": model.size,
        "installed": model.installed,
        "outdated": model.outdated,
    })
}

fn list(folder: &ModelFolder, catalogue: &Catalogue, choice: &Choice) -> Result<String, ModelError> {
    let mut text = format!("Models in {}\n", folder.root().display());
    let models = chosen(folder, catalogue, choice)?;
    let abilities = Ability::ALL.into_iter().map(Some).chain([None]);
    for ability in abilities {
        let mut of_it = models.iter().filter(|model| Ability::of(model.role) == ability).peekable();
        if of_it.peek().is_some() {
            let (name, purpose) =
                ability.map_or(("others", "Brought in by you."), |ability| (ability.name(), ability.purpose()));
            text.push_str(&format!("\n{name}: {purpose}\n"));
        }
        for model in of_it {
            text.push_str(&line(model, catalogue));
        }
    }
    Ok(text)
}

fn line(model: &ListedModel, catalogue: &Catalogue) -> String {
    let state = match (&model.installed, model.outdated) {
        (Some(_), true) => "outdated",
        (Some(_), false) => "installed",
        (None, _) => "-",
    };
    let entry = catalogue.get(&model.id).ok();
    let tiers = entry.map(|entry| entry.tiers.iter().map(|tier| tier.name()).collect::<Vec<_>>().join(","));
    let licence = match entry.and_then(|entry| entry.restriction.as_deref()) {
        Some(restriction) => format!("{restriction} (--accept-licence)"),
        None => model.licence.clone().unwrap_or_else(|| "licence unknown".to_owned()),
    };
    format!(
        "  {:<38} {:<10} {:>11}  {:<15} {licence}\n      {}\n",
        model.id,
        state,
        HumanBytes(model.size).to_string(),
        tiers.filter(|tiers| !tiers.is_empty()).unwrap_or_else(|| "-".to_owned()),
        model.description
    )
}

async fn pull(folder: ModelFolder, catalogue: &Catalogue, arguments: &PullArguments) -> Result<String, ModelError> {
    let mut wanted: Vec<&CatalogueEntry> =
        arguments.names.iter().map(|name| catalogue.get(name)).collect::<Result<_, _>>()?;
    let choice = &arguments.choice;
    if choice.tier.is_some() || choice.role.is_some() {
        let tier = choice.tier.unwrap_or(Tier::Laptop);
        wanted.extend(catalogue.tier(tier).filter(|entry| choice.has(entry.role, &[tier])));
    }
    let mut puller = Puller::new(folder);
    puller.hub.offline |= arguments.offline;
    let options = PullOptions { accept_licence: arguments.accept_licence, repin: arguments.repin };
    let mut text = String::new();
    for entry in wanted {
        let model = pull_one(&puller, entry, options).await?;
        text.push_str(&format!("{} lies in {}\n", entry.id, model.folder.display()));
    }
    Ok(text)
}

async fn pull_one(
    puller: &Puller,
    entry: &CatalogueEntry,
    options: PullOptions,
) -> Result<crate::models::InstalledModel, ModelError> {
    let bar = ProgressBar::new(entry.size());
    let template = "{msg} {bytes}/{total_bytes} {bytes_per_sec} {wide_bar} {eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    let shown = bar.clone();
    let progress = Arc::new(move |progress: &Progress| {
        if progress.phase == Phase::Waiting {
            // A bar is shown on a terminal only; this is said everywhere.
            shown.suspend(|| eprintln!("{}: another process is changing the models; waiting for it", progress.model));
        }
        shown.set_message(progress.model.clone());
        shown.set_length(progress.total);
        shown.set_position(progress.done);
    });
    let pulled = puller.pull(entry, options, progress).await;
    bar.finish_and_clear();
    pulled
}

fn bring_in(folder: &ModelFolder, arguments: ImportArguments) -> anyhow::Result<()> {
    let ImportArguments { source, name, mmproj, licence, replace } = arguments;
    let options = ImportOptions { id: name, mmproj, licence, replace, ..ImportOptions::default() };
    let mut outcomes = import_all(folder, &source, &options).map_err(told)?;
    if outcomes.len() == 1
        && outcomes[0].result.is_err()
        && let Some(Outcome { result: Err(error), .. }) = outcomes.pop()
    {
        return Err(told(error));
    }
    let mut brought = 0;
    for Outcome { source, result } in &outcomes {
        match result {
            Ok(model) => {
                brought += 1;
                let role = json!(model.manifest.role);
                let role = role.as_str().unwrap_or_default();
                print_line(&format!("{} ({role}) lies in {}", model.manifest.id, model.folder.display()))?;
            }
            Err(error @ ModelError::NoModel { .. }) => print_line(&format!("left out: {error}"))?,
            Err(error) => print_line(&format!("left out: {}: {error}", source.display()))?,
        }
    }
    anyhow::ensure!(brought > 0, "nothing of {} was brought in", source.display());
    Ok(())
}

fn remove(folder: &ModelFolder, names: &[String]) -> Result<String, ModelError> {
    let mut text = String::new();
    for name in names {
        let bytes = folder.remove(name)?;
        text.push_str(&format!("{name} is removed; {} are free again\n", HumanBytes(bytes)));
    }
    Ok(text)
}

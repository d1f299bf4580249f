//! `recollect models`: what models there are, where they come from, and which are installed.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::{Global, print_line};
use crate::config::models_folder;
use crate::models::import::{ImportOptions, import};
use crate::models::pull::Puller;
use crate::models::{Catalogue, CatalogueEntry, ModelError, ModelFolder, Progress, Tier};

#[derive(Debug, Args)]
pub(super) struct ModelsArguments {
    #[command(subcommand)]
    command: ModelsCommand,
}

#[derive(Debug, Subcommand)]
enum ModelsCommand {
    /// List the catalogue and what is installed
    List,
    /// Get models by name, or the set for a kind of machine
    Pull {
        /// Names from `recollect models list`
        #[arg(required_unless_present = "tier")]
        names: Vec<String>,
        /// The set for a kind of machine: nas, laptop, gpu
        #[arg(long, value_parser = tier)]
        tier: Option<Tier>,
    },
    /// Bring in a model from this machine
    Import {
        /// A GGUF or ONNX file, or a folder as a model hub lays it out
        source: PathBuf,
        /// Its name [default: from the file]
        #[arg(long)]
        name: Option<String>,
        /// Take the place of an installed model of that name
        #[arg(long)]
        replace: bool,
    },
    /// Remove a model
    Remove {
        /// Its name
        name: String,
    },
}

fn tier(text: &str) -> Result<Tier, String> {
    match text {
        "nas" => Ok(Tier::Nas),
        "laptop" => Ok(Tier::Laptop),
        "gpu" => Ok(Tier::Gpu),
        other => Err(format!("{other} is none of nas, laptop, gpu")),
    }
}

pub(super) async fn run(global: &Global, arguments: ModelsArguments) -> anyhow::Result<()> {
    let folder = ModelFolder::at(models_folder(&global.configured(&[])?.config));
    let catalogue = Catalogue::embedded()?;
    let result = match arguments.command {
        ModelsCommand::List => list(&folder, &catalogue),
        ModelsCommand::Pull { names, tier } => pull(folder, &catalogue, &names, tier).await,
        ModelsCommand::Import { source, name, replace } => {
            let options = ImportOptions { id: name, replace, ..ImportOptions::default() };
            import(&folder, &source, &options)
                .map(|model| format!("{} lies in {}", model.manifest.id, model.folder.display()))
        }
        ModelsCommand::Remove { name } => {
            folder.remove(&name).map(|bytes| format!("{name} is removed; {} are free again", HumanBytes(bytes)))
        }
    };
    match result {
        Ok(text) => print_line(text.trim_end()),
        Err(error) => {
            let hint = error.hint();
            Err(anyhow::Error::new(error).context(hint))
        }
    }
}

fn list(folder: &ModelFolder, catalogue: &Catalogue) -> Result<String, ModelError> {
    let mut text = format!("Models in {}\n", folder.root().display());
    for model in folder.list(catalogue)? {
        let state = match (&model.installed, model.outdated) {
            (Some(_), true) => "outdated",
            (Some(_), false) => "installed",
            (None, _) => "-",
        };
        let licence = model.licence.as_deref().unwrap_or("licence unknown");
        text.push_str(&format!(
            "  {:<28} {:<10} {:>10}  {licence}  {}\n",
            model.id,
            state,
            HumanBytes(model.size).to_string(),
            model.description
        ));
    }
    Ok(text)
}

async fn pull(
    folder: ModelFolder,
    catalogue: &Catalogue,
    names: &[String],
    tier: Option<Tier>,
) -> Result<String, ModelError> {
    let mut wanted: Vec<&CatalogueEntry> = names.iter().map(|name| catalogue.get(name)).collect::<Result<_, _>>()?;
    wanted.extend(tier.into_iter().flat_map(|tier| catalogue.tier(tier)));
    let puller = Puller::new(folder);
    let mut text = String::new();
    for entry in wanted {
        let bar = ProgressBar::new(entry.size());
        let template = "{msg} {bytes}/{total_bytes} {wide_bar} {eta}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let shown = bar.clone();
        let progress = Arc::new(move |progress: &Progress| {
            shown.set_message(progress.model.clone());
            shown.set_position(progress.done);
        });
        let model = puller.pull(entry, progress).await?;
        bar.finish_and_clear();
        text.push_str(&format!("{} lies in {}\n", entry.id, model.folder.display()));
    }
    Ok(text)
}

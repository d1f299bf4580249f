//! The command line: one file a subcommand. Commands use the running server when one holds the data folder, otherwise
//! they open the library themselves.

mod add;
mod albums;
mod ask;
mod bench;
mod concepts;
mod demo;
mod doctor;
mod engine;
mod events;
mod film;
mod index;
mod jobs;
mod lists;
mod measure;
mod memories;
mod models;
mod people;
mod run;
mod running;
mod search;
mod share;
mod show;
mod summarize;
mod themes;
mod worker;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::app::{self, App, DataLock};
use crate::config::{Configured, default_data_folder};
use crate::library::{Library, MediaId};

/// A private assistant for your photos and videos, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "recollect", version, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Settings of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Data folder of the library [default: the platform's data folder]
    #[arg(long, global = true, value_name = "DIR", env = "RECOLLECT_DATA")]
    data: Option<PathBuf>,
    /// Configuration file [default: recollect.toml in the data folder]
    #[arg(long, global = true, value_name = "FILE", env = "RECOLLECT_CONFIG")]
    config: Option<PathBuf>,
    /// What to log: error, warn, info, debug, or a filter such as `recollect=debug`
    #[arg(long, global = true, value_name = "LEVEL", env = "RECOLLECT_LOG")]
    log: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Index folders, watch them, and serve the web app; with no folder and an empty library: the demo library
    Run(run::RunArguments),
    /// Index folders
    Add(add::AddArguments),
    /// Ask a question
    Ask(ask::AskArguments),
    /// Find photos and videos
    Search(search::SearchArguments),
    /// People and pets
    People(people::PeopleArguments),
    /// Events and trips
    Events(events::EventArguments),
    /// Albums
    Albums(lists::ListArguments),
    /// One album: make it, give it a rule, show it, say why a picture is in it, delete it
    Album(albums::AlbumArguments),
    /// Keywords
    Tags(lists::ListArguments),
    /// What you taught: list, add by pictures, train, remove
    Concepts(concepts::ConceptsArguments),
    /// Make a film from a prompt
    Film(film::FilmArguments),
    /// Everything known about one photo or video, each value with its source
    Show(show::ShowArguments),
    /// What there is to tell of an event, an album, a year or a person
    Summarize(summarize::SummarizeArguments),
    /// What there is to see again today: on this day, then and now, the best of a year
    Memories(memories::MemoriesArguments),
    /// What comes back over the years: list, show, rename, hide
    Themes(themes::ThemeArguments),
    /// Models: list, get, bring in, remove
    Models(models::ModelsArguments),
    /// What is being done and what failed; pause, resume, retry, cancel
    Jobs(jobs::JobsArguments),
    /// Help a running server with what takes long, or work alone: faces, objects, captions …
    Worker(worker::WorkerArguments),
    /// Draw the pictures of the demo library into a folder
    Demo(demo::DemoArguments),
    /// Check what this machine has and lacks
    Doctor(doctor::DoctorArguments),
    /// The search indexes
    Index(index::IndexArguments),
    /// Measure the speed of searches and questions on a synthetic library
    #[command(hide = true)]
    Bench(bench::BenchArguments),
    /// Run a model engine
    Engine(engine::EngineArguments),
}

/// Starts logging to standard error: warnings for commands, more for the server.
pub fn start_logging(arguments: &Arguments) {
    let usual = match arguments.command {
        Command::Run(_) | Command::Worker(_) => "info,lance=warn,lancedb=warn,tantivy=warn,sqlx=warn",
        _ => "error,recollect=warn",
    };
    let level = arguments.global.log.as_deref().unwrap_or(usual);
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new(usual));
    let coloured = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(coloured).compact().init();
}

/// Runs a command.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let global = arguments.global;
    match arguments.command {
        Command::Run(arguments) => run::run(&global, arguments).await,
        Command::Add(arguments) => add::run(&global, arguments).await,
        Command::Ask(arguments) => ask::run(&global, arguments).await,
        Command::Search(arguments) => search::run(&global, arguments).await,
        Command::People(arguments) => people::run(&global, arguments).await,
        Command::Events(arguments) => events::run(&global, arguments).await,
        Command::Albums(arguments) => lists::albums(&global, arguments).await,
        Command::Album(arguments) => albums::run(&global, arguments).await,
        Command::Tags(arguments) => lists::tags(&global, arguments).await,
        Command::Concepts(arguments) => concepts::run(&global, arguments).await,
        Command::Film(arguments) => film::run(&global, arguments).await,
        Command::Show(arguments) => show::run(&global, arguments).await,
        Command::Summarize(arguments) => summarize::run(&global, arguments).await,
        Command::Memories(arguments) => memories::run(&global, arguments).await,
        Command::Themes(arguments) => themes::run(&global, arguments).await,
        Command::Models(arguments) => models::run(&global, arguments).await,
        Command::Jobs(arguments) => jobs::run(&global, arguments).await,
        Command::Worker(arguments) => worker::run(&global, arguments).await,
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Doctor(arguments) => doctor::run(&global, &arguments).await,
        Command::Index(arguments) => index::run(&global, arguments).await,
        Command::Bench(arguments) => bench::run(&global, arguments).await,
        Command::Engine(arguments) => engine::run(arguments),
    }
}

type Flags<'f> = &'f [(&'static str, &'static str, toml::Value)];

impl Global {
    /// The data folder.
    fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(default_data_folder)
    }

    /// The configuration; `flags` are those of the command.
    fn configured(&self, flags: Flags<'_>) -> anyhow::Result<Configured> {
        let usual = self.data().join("recollect.toml");
        let file = match &self.config {
            Some(file) => Some(file.clone()),
            None => usual.is_file().then_some(usual),
        };
        Ok(Configured::load(file.as_deref(), std::env::vars(), flags)?)
    }

    /// Takes the data folder and opens the application.
    async fn open(&self, flags: Flags<'_>) -> anyhow::Result<(DataLock, App)> {
        let data = self.data();
        let lock = app::lock(&data)?;
        let app = App::open(&data, self.configured(flags)?).await?;
        Ok((lock, app))
    }

    /// Opens the application beside whatever process holds the folder, for commands that only read.
    async fn open_to_read(&self) -> anyhow::Result<App> {
        Ok(App::open(&self.existing_library()?, self.configured(&[])?).await?)
    }

    /// Opens the library alone, beside whatever process holds the folder.
    async fn open_library(&self) -> anyhow::Result<Library> {
        Ok(Library::open(&self.existing_library()?.join("recollect.db")).await?)
    }

    /// The data folder, if there is a library in it.
    fn existing_library(&self) -> anyhow::Result<PathBuf> {
        let data = self.data();
        anyhow::ensure!(
            data.join("recollect.db").is_file(),
            "there is no library in {}; make one with `recollect add FOLDER`, or name another folder with --data",
            data.display()
        );
        Ok(data)
    }
}

/// Prints a value as JSON.
fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(value).context("the result cannot be written as JSON")?;
    print_line(&text)
}

/// Prints a line; a reader that has gone away, such as `head`, is no error.
fn print_line(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Media by their identifiers or the paths of their files.
async fn media_called(app: &App, pictures: &[String]) -> anyhow::Result<Vec<MediaId>> {
    let mut ids = Vec::with_capacity(pictures.len());
    for picture in pictures {
        let id = match picture.parse() {
            Ok(id) => Some(id),
            Err(_) => {
                let path = std::path::absolute(picture)?;
                let path = std::fs::canonicalize(&path).unwrap_or(path);
                app.library.medium_at(&path.to_string_lossy()).await?
            }
        };
        ids.push(id.with_context(|| format!("{picture} is not in the library"))?);
    }
    Ok(ids)
}

/// An absolute path of a folder that is there.
fn existing_folder(path: &Path) -> anyhow::Result<PathBuf> {
    anyhow::ensure!(path.exists(), "there is no folder {}", path.display());
    anyhow::ensure!(path.is_dir(), "{} is not a folder", path.display());
    std::fs::canonicalize(path).with_context(|| format!("{} cannot be reached", path.display()))
}

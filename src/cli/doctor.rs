//! `recollect doctor`: what this machine has and lacks, and where every setting comes from.

use std::process::{Command, Stdio};

use clap::Args;

use super::{Global, measure, print_line};
use crate::app::{self, App};
use crate::config::{Configured, Source, models_folder};
use crate::engine::program;
use crate::film::render::{Allowed, Codec, choose, hardware_encoders};
use crate::ingest::picture::installed_heif_decoder;
use crate::models::catalogue::Role;
use crate::models::{Ability, Catalogue, ModelFolder};
use crate::perception::reading::Pack;
use crate::subprocess::find_program;

#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// Also measure how many tokens a second the language model reads and writes
    #[arg(long)]
    measure: bool,
    /// List every setting, not only those that differ from their defaults
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(global: &Global, arguments: &DoctorArguments) -> anyhow::Result<()> {
    let configured = global.configured(&[])?;
    let models = models_folder(&configured.config);
    print_line(&format!("recollect {}", env!("CARGO_PKG_VERSION")))?;
    print_line(&format!("data folder    {}", global.data().display()))?;
    print_line(&format!("models folder  {}", models.display()))?;
    print_line("")?;
    for (name, found, without) in programs() {
        let state = if found { "found" } else { "MISSING" };
        let note = if found { "" } else { without };
        print_line(&format!("{name:<20} {state:<8} {note}"))?;
    }
    for engine in ["recollect-encoder", "recollect-llama", "recollect-whisper"] {
        let found = program(engine).is_ok();
        let note = if found { "" } else { "it is built beside recollect by `make build`" };
        print_line(&format!("{engine:<20} {:<8} {note}", if found { "found" } else { "MISSING" }))?;
    }
    let listed = ModelFolder::at(models).list(&Catalogue::embedded()?)?;
    for ability in Ability::ALL {
        let of_it = listed.iter().filter(|model| Ability::of(model.role) == Some(ability));
        let (there, lacking): (Vec<_>, Vec<_>) = of_it.partition(|model| model.installed.is_some());
        // A part of it may be there: faces are found, and nothing tells whose they are.
        let reads = |role: Role| role == Role::TextReader && find_program("tesseract").is_some();
        let done = |role: Role| there.iter().any(|model| model.role == role) || reads(role);
        let whole = lacking.iter().all(|lacks| done(lacks.role));
        let names = there.iter().map(|model| model.id.as_str()).collect::<Vec<_>>().join(", ");
        let note = if whole { names } else { format!("recollect models pull --role {}", ability.name()) };
        print_line(&format!("{:<20} {:<8} {note}", ability.name(), if whole { "found" } else { "MISSING" }))?;
    }
    if let Ok(packs) = app::text_packs(&configured.config) {
        print_line(&format!("{:<20} {:<8} {}", "text languages", "found", languages(&packs)))?;
    }
    let chat = app::language_model(&configured.config);
    print_line(&format!(
        "{:<20} {:<8} {}",
        "language model",
        if chat.is_ok() { "found" } else { "MISSING" },
        match &chat {
            Ok(name) => name.clone(),
            Err(hint) => format!("questions are answered by reading alone; {hint}"),
        }
    ))?;
    let captions = app::captions_writer(&configured.config, &global.data());
    print_line(&format!(
        "{:<20} {:<8} {}",
        "captions",
        if captions.is_ok() { "found" } else { "MISSING" },
        match &captions {
            Ok(name) => format!("written by {name}"),
            Err(hint) => hint.clone(),
        }
    ))?;
    let speech = App::speech_state(&configured.config, &global.data());
    print_line(&format!(
        "{:<20} {:<8} {}",
        "speech model",
        if speech.state == "ready" { "found" } else { "MISSING" },
        speech.hint.unwrap_or(speech.name)
    ))?;
    encoders(configured.config.film.encoder)?;
    print_line("")?;
    measure::devices().await?;
    if arguments.measure {
        match app::measurable(&configured.config, &global.data()) {
            Ok(model) => measure::measure(model).await?,
            Err(hint) => print_line(&format!("{:<20} there is no language model to measure; {hint}", "speed"))?,
        }
    }
    print_line("")?;
    settings(&configured, arguments.all)
}

/// What encodes films, and what of the hardware could.
fn encoders(allowed: Allowed) -> anyhow::Result<()> {
    for codec in Codec::ALL {
        let (state, note) = match choose(codec, allowed) {
            Ok(coder) => ("found", coder.name.to_owned()),
            Err(missing) => ("MISSING", missing.to_string()),
        };
        print_line(&format!("{:<20} {state:<8} {note}", format!("films in {}", codec.title())))?;
    }
    let tried = hardware_encoders();
    let named = |works: bool| {
        tried.iter().filter(|(_, did)| *did == works).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    };
    let (state, note) = match (named(true), named(false)) {
        (works, _) if !works.is_empty() && allowed == Allowed::Software => {
            ("unused", format!("{works}; film.encoder = \"software\""))
        }
        (works, _) if !works.is_empty() => ("found", works),
        (_, fails) if !fails.is_empty() => {
            ("none", format!("the processor encodes films; tried without success: {fails}"))
        }
        _ => ("none", "the processor encodes films".to_owned()),
    };
    print_line(&format!("{:<20} {state:<8} {note}", "hardware encoders"))
}

/// What tesseract reads with, of what is here, and how another language is added.
fn languages(packs: &[Pack]) -> String {
    let names = |which: fn(&Pack) -> bool| -> Vec<&str> {
        packs.iter().filter(|pack| which(pack)).map(|pack| pack.name.as_str()).collect()
    };
    let (used, here) = (names(|pack| pack.used), names(|pack| pack.installed));
    let of = if here.len() > used.len() { format!(" of {}", here.join(", ")) } else { String::new() };
    let wanted: Vec<&str> = packs.iter().filter(|pack| pack.wanted).map(|pack| pack.package.as_str()).collect();
    let add = if wanted.is_empty() {
        "another one: sudo apt-get install tesseract-ocr-jpn (by its code of three letters)".to_owned()
    } else {
        format!("for yours: sudo apt-get install {}", wanted.join(" "))
    };
    format!("{}{of}; {add}", used.join("+"))
}

/// Settings with their values and where these come from: those that somebody made, or all.
fn settings(configured: &Configured, all: bool) -> anyhow::Result<()> {
    let made: Vec<_> =
        configured.settings().into_iter().filter(|(_, _, origin)| all || **origin != Source::Default).collect();
    if made.is_empty() {
        print_line("settings             all are as they come; `recollect doctor --all` lists them")?;
    }
    for (key, value, origin) in made {
        print_line(&format!("{key:<36} {value:<28} {origin}"))?;
    }
    Ok(())
}

fn programs() -> [(&'static str, bool, &'static str); 5] {
    [
        (
            "ffmpeg",
            runs("ffmpeg", "-version"),
            "videos have no poster frame, recordings no words; apt-get install ffmpeg",
        ),
        ("ffprobe", runs("ffprobe", "-version"), "videos cannot be read; apt-get install ffmpeg"),
        (
            "tesseract",
            runs("tesseract", "--version"),
            "text in pictures is read only by a model; apt-get install tesseract-ocr tesseract-ocr-script-latn",
        ),
        ("heif decoder", has_heif(), "HEIC and AVIF pictures are not shown; apt-get install libheif-examples"),
        ("python3", runs("python3", "--version"), "the mirror of the text encoder cannot be used"),
    ]
}

fn has_heif() -> bool {
    installed_heif_decoder().is_some()
}

fn runs(program: &str, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

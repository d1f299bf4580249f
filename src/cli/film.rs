//! `recollect film`: a film from a prompt, as a storyboard and as a video file.

mod music;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::DateTime;
use serde_json::json;

use super::running::Server;
use super::{Global, print_json, print_line};
use crate::film::render::{Codec, Encoding, Quality};
use crate::film::storyboard::{Music, Show, Storyboard};
use crate::film::studio;
use crate::http::{CreateFilmRequest, FilmView};
use crate::library::FilmId;

/// How often a server that renders is asked how far it is.
const ASKS: Duration = Duration::from_millis(500);
/// What is said of a version whose music was chosen here.
const OTHER_MUSIC: &str = "music was chosen";

#[derive(Debug, Args)]
pub(super) struct FilmArguments {
    /// What the film is to be: "a one-minute film of our summer in Norway, gentle"
    prompt: String,
    /// Render it to this MP4 file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A storyboard: written here when it is not there, used in place of a planned one when it is
    #[arg(long, value_name = "FILE")]
    storyboard: Option<PathBuf>,
    /// What is heard: a file of yours, music made in a mood (gentle, happy, nostalgic, epic, energetic), or none
    #[arg(long, value_name = "FILE|MOOD|none")]
    music: Option<music::Choice>,
    /// Render small and fast
    #[arg(long)]
    preview: bool,
    /// How it is compressed: h264 plays everywhere, hevc is about half as large, av1 smaller still
    #[arg(long, value_enum, default_value_t)]
    codec: Codec,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// What "today" is, local time such as 2026-11-21T12:00:00
    #[arg(long, value_name = "LOCAL_TIME")]
    now: Option<DateTime>,
}

/// What came of it.
struct Made {
    id: FilmId,
    version: i64,
    board: Storyboard,
    /// Why another encoder was used than was to be.
    notice: Option<String>,
}

pub(super) async fn run(global: &Global, arguments: FilmArguments) -> anyhow::Result<()> {
    let mut given = arguments.storyboard.as_deref().filter(|path| path.is_file()).map(read_storyboard).transpose()?;
    if let Some(music) = arguments.music.clone() {
        given.iter_mut().for_each(|board| music.apply(board));
        tokio::task::spawn_blocking(move || music.check()).await?.map_err(|reason| anyhow!("--music: {reason}"))?;
    }
    let quality = if arguments.preview { Quality::Preview } else { Quality::Full };
    let encoding = Encoding { quality, codec: arguments.codec };
    let bar = progress_bar(arguments.json);
    let made = match Server::find(&global.data()).await {
        Some(server) => remote(&server, &arguments, given, encoding, &bar).await?,
        None => local(global, &arguments, given, encoding, &bar).await?,
    };
    bar.finish_and_clear();
    if let Some(path) = arguments.storyboard.as_deref().filter(|path| !path.is_file()) {
        let text = serde_json::to_string_pretty(&made.board).context("the storyboard cannot be written as JSON")?;
        std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    if arguments.json {
        let out = arguments.out.as_deref().map(std::path::absolute).transpose()?;
        return print_json(
            &json!({ "film": made.id, "version": made.version, "storyboard": made.board, "out": out, "notice": made.notice }),
        );
    }
    print(&made.board)?;
    if let Some(notice) = &made.notice {
        print_line(notice)?;
    }
    match &arguments.out {
        Some(out) => print_line(&format!("written to {}", out.display())),
        None => print_line(&format!("(film {}; --out FILE renders it)", made.id)),
    }
}

fn read_storyboard(path: &Path) -> anyhow::Result<Storyboard> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let board = studio::read(&text).with_context(|| path.display().to_string())?;
    match board.check() {
        Ok(()) => Ok(board),
        Err(reason) => bail!("{}: {reason}", path.display()),
    }
}

fn progress_bar(hidden: bool) -> ProgressBar {
    if hidden {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent}% {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

async fn local(
    global: &Global,
    arguments: &FilmArguments,
    given: Option<Storyboard>,
    encoding: Encoding,
    bar: &ProgressBar,
) -> anyhow::Result<Made> {
    global.existing_library()?;
    let (_lock, app) = global.open(&[]).await?;
    let made = async {
        let planned = given.is_none();
        let mut film = app.create_film(&arguments.prompt, given, arguments.now).await?;
        if let Some(music) = arguments.music.as_ref().filter(|_| planned) {
            music.apply(&mut film.board);
            film = app.studio.put(film.film, film.version, film.board, OTHER_MUSIC).await?;
        }
        let mut notice = None;
        if let Some(out) = &arguments.out {
            let bar = bar.clone();
            let told = move |progress: crate::film::render::Progress| {
                bar.set_length(progress.of as u64);
                bar.set_position(progress.done as u64);
            };
            app.studio.can_encode(encoding.codec).await?;
            let rendered = app.studio.render_now(film.film, encoding, out, told).await?;
            notice = rendered.notice;
        }
        anyhow::Ok(Made { id: film.film, version: film.version, board: film.board, notice })
    };
    let made = made.await;
    app.close().await;
    made
}

async fn remote(
    server: &Server,
    arguments: &FilmArguments,
    storyboard: Option<Storyboard>,
    Encoding { quality, codec }: Encoding,
    bar: &ProgressBar,
) -> anyhow::Result<Made> {
    let now = arguments.now.map(|now| now.to_string());
    let prompt = arguments.prompt.clone();
    let planned = storyboard.is_none();
    let request = CreateFilmRequest { prompt, storyboard, media: Vec::new(), name: None, now };
    let mut film: FilmView = server.post("/films", &request).await?;
    if let Some(music) = arguments.music.as_ref().filter(|_| planned) {
        music.apply(&mut film.storyboard);
        let put = json!({ "version": film.version, "storyboard": film.storyboard });
        film = server.put(&format!("/films/{}/storyboard", film.card.id), &put).await?;
    }
    let (id, mut notice) = (film.card.id, None);
    if let Some(out) = &arguments.out {
        let which = format!("quality={}", quality.name());
        let how = format!("{which}&codec={}", codec.name());
        let mut film: FilmView = server.post(&format!("/films/{id}/render?{how}"), &json!({})).await?;
        loop {
            let render = film.card.renders.iter().find(|render| render.quality == quality.name());
            let render = render.context("the server does not know of the render")?;
            match render.state.as_str() {
                "done" => {
                    notice.clone_from(&render.notice);
                    break;
                }
                "failed" => {
                    bail!("{}", render.error.clone().unwrap_or_else(|| "the film could not be rendered".to_owned()))
                }
                "cancelled" => bail!("the render was cancelled"),
                _ => {}
            }
            bar.set_length(1000);
            bar.set_position((render.progress * 1000.0) as u64);
            tokio::time::sleep(ASKS).await;
            film = server.get(&format!("/films/{id}"), &[]).await?;
        }
        server.download(&format!("/films/{id}/video?{which}"), out).await?;
    }
    Ok(Made { id, version: film.version, board: film.storyboard, notice })
}

fn print(board: &Storyboard) -> anyhow::Result<()> {
    let subtitle = if board.subtitle.is_empty() { String::new() } else { format!(" — {}", board.subtitle) };
    print_line(&format!("{}{subtitle}", board.title))?;
    let mut section = usize::MAX;
    let mut number = 0;
    for (shot, from) in board.shots.iter().zip(board.cuts_ms()).filter(|(shot, _)| shot.show != Show::Card) {
        if shot.section != section {
            section = shot.section;
            if let Some(section) = board.sections.get(section) {
                print_line(&format!("  {} {}", section.title, section.subtitle))?;
            }
        }
        number += 1;
        let clip = if matches!(shot.show, Show::Clip { .. }) { " (clip)" } else { "" };
        let seconds = shot.duration_ms as f64 / 1000.0;
        print_line(&format!("  {number:3}. {:6.1} s  {seconds:4.1} s{clip}  {}", from as f64 / 1000.0, shot.reason))?;
    }
    if let Music::File { path, beats } = &board.music {
        let beats = match beats {
            Some(beats) if beats.clear() => format!("{:.0} beats a minute, and cuts lie on them", beats.tempo),
            _ => "no clear beat".to_owned(),
        };
        print_line(&format!("music: {path} ({beats})"))?;
    }
    print_line(&format!("{:.0} s, {number} shots", board.length_ms() as f64 / 1000.0))
}

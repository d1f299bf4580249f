//! `recollect search`: photos and videos that fit a query.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::running::Server;
use super::{Global, print_json, print_line};
use crate::app::App;
use crate::assistant::pictured::Pictured;
use crate::assistant::sight::GivenPicture;
use crate::assistant::tools::Scored;
use crate::http::views::HitView;
use crate::http::{AskedPicture, PictureResults, PictureSearch};
use crate::library::moments::{Moment, clock};

#[derive(Debug, Args)]
pub(super) struct SearchArguments {
    /// What to look for; with --like what is different: "at night", "with snow"
    #[arg(required_unless_present = "like")]
    query: Option<String>,
    /// Find what looks like a picture: a file, of the library or not, or a medium's identifier
    #[arg(long, value_name = "PATH|ID")]
    like: Option<String>,
    /// Only a part of that picture: left, top, width, height in 0–1
    #[arg(long = "box", value_name = "X,Y,W,H", value_parser = area, requires = "like")]
    area: Option<[f64; 4]>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Most results
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

#[derive(Serialize)]
struct Results {
    total: usize,
    media: Vec<Found>,
}

#[derive(Serialize)]
struct Found {
    id: String,
    path: String,
    score: f64,
    why: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moments: Vec<Moment>,
}

#[derive(Deserialize)]
struct Remote {
    hits: Vec<HitView>,
    total: usize,
}

pub(super) async fn run(global: &Global, arguments: SearchArguments) -> anyhow::Result<()> {
    let server = Server::find(&global.data()).await;
    let results = match (&arguments.like, server) {
        (None, Some(server)) => remote(&server, &arguments).await?,
        (None, None) => local(global, &arguments).await?,
        (Some(like), Some(server)) => remote_like(&server, &arguments, example(like).await?).await?,
        (Some(like), None) => local_like(global, &arguments, example(like).await?).await?,
    };
    if arguments.json {
        return print_json(&results);
    }
    for found in &results.media {
        print_line(&format!("{:.2}  {}  {}", found.score, found.path, found.why.join(", ")))?;
        for moment in &found.moments {
            let (start, end) = (clock(moment.start_ms), clock(moment.end_ms));
            print_line(&format!("      {start}–{end}  {}", moment.why.join(", ")))?;
        }
    }
    print_line(&format!("{} found", results.total))
}

async fn remote(server: &Server, arguments: &SearchArguments) -> anyhow::Result<Results> {
    let limit = arguments.limit.clamp(1, 500).to_string();
    let remote: Remote = server.get("/search", &[("q", &arguments.words()), ("limit", &limit)]).await?;
    with_paths(server, remote.hits, remote.total).await
}

async fn with_paths(server: &Server, hits: Vec<HitView>, total: usize) -> anyhow::Result<Results> {
    let mut media = Vec::new();
    for hit in hits {
        let detail: serde_json::Value = server.get(&format!("/media/{}", hit.media.id), &[]).await?;
        let path = detail["paths"][0].as_str().unwrap_or(&hit.media.name).to_owned();
        media.push(Found { id: hit.media.id.to_string(), path, score: hit.score, why: hit.why, moments: hit.moments });
    }
    Ok(Results { total, media })
}

async fn local(global: &Global, arguments: &SearchArguments) -> anyhow::Result<Results> {
    let app = global.open_to_read().await?;
    let (_, found) = app.assistant.search(&arguments.words(), None, &[]).await?;
    let results = here(&app, &found, arguments.limit).await;
    app.close().await;
    results
}

/// The first of what was found, with paths.
async fn here(app: &App, found: &[Scored], limit: usize) -> anyhow::Result<Results> {
    let page: Vec<_> = found.iter().take(limit).collect();
    let ids: Vec<_> = page.iter().map(|scored| scored.id).collect();
    let media = app.library.media_by_ids(&ids).await?;
    let paths: std::collections::HashMap<_, _> = media.into_iter().map(|medium| (medium.id, medium.path)).collect();
    let media = page
        .into_iter()
        .filter_map(|scored| {
            let path = paths.get(&scored.id)?.clone();
            let (why, moments) = (scored.why.clone(), scored.moments.clone());
            Some(Found { id: scored.id.to_string(), path, score: f64::from(scored.score), why, moments })
        })
        .collect();
    Ok(Results { total: found.len(), media })
}

impl SearchArguments {
    fn words(&self) -> String {
        self.query.clone().unwrap_or_default()
    }
}

/// Four numbers between commas.
fn area(text: &str) -> Result<[f64; 4], String> {
    let numbers: Vec<f64> = text.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    numbers.try_into().map_err(|_| "four numbers are wanted, such as 0.2,0.3,0.4,0.4".to_owned())
}

/// The picture that is named.
async fn example(like: &str) -> anyhow::Result<Pictured> {
    if let Ok(id) = like.parse() {
        return Ok(Pictured::Medium(id));
    }
    let path = PathBuf::from(like);
    let read = tokio::task::spawn_blocking(move || GivenPicture::read(&path)).await?;
    Ok(Pictured::Given(Box::new(read.with_context(|| like.to_owned())?)))
}

async fn remote_like(server: &Server, arguments: &SearchArguments, picture: Pictured) -> anyhow::Result<Results> {
    let picture = match picture {
        Pictured::Medium(id) => AskedPicture { id: Some(id), ..AskedPicture::default() },
        Pictured::Given(given) => {
            AskedPicture { url: Some(given.to_data_url()), hash: given.hash, ..AskedPicture::default() }
        }
    };
    let limit = u32::try_from(arguments.limit.clamp(1, 500)).ok();
    let search = PictureSearch { picture, area: arguments.area, but: arguments.words(), limit };
    let found: PictureResults = server.post("/search/pictures", &search).await?;
    let total = found.hits.len();
    with_paths(server, found.hits, total).await
}

async fn local_like(global: &Global, arguments: &SearchArguments, picture: Pictured) -> anyhow::Result<Results> {
    let app = global.open_to_read().await?;
    let found = app.assistant.like(&picture, arguments.area, arguments.words().trim(), arguments.limit).await;
    let results = match found {
        Ok(found) => here(&app, &found, arguments.limit).await,
        Err(error) => Err(error.into()),
    };
    app.close().await;
    results
}

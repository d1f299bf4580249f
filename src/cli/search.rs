//! `recollect search`: photos and videos that fit a query.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::running::Server;
use super::{Global, print_json, print_line};
use crate::http::views::HitView;
use crate::library::moments::{Moment, clock};

#[derive(Debug, Args)]
pub(super) struct SearchArguments {
    /// What to look for
    query: String,
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
    let results = match Server::find(&global.data()).await {
        Some(server) => remote(&server, &arguments).await?,
        None => local(global, &arguments).await?,
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
    let remote: Remote = server.get("/search", &[("q", &arguments.query), ("limit", &limit)]).await?;
    let mut media = Vec::new();
    for hit in remote.hits {
        let detail: serde_json::Value = server.get(&format!("/media/{}", hit.media.id), &[]).await?;
        let path = detail["paths"][0].as_str().unwrap_or(&hit.media.name).to_owned();
        media.push(Found { id: hit.media.id.to_string(), path, score: hit.score, why: hit.why, moments: hit.moments });
    }
    Ok(Results { total: remote.total, media })
}

async fn local(global: &Global, arguments: &SearchArguments) -> anyhow::Result<Results> {
    let app = global.open_to_read().await?;
    let (_, found) = app.assistant.search(&arguments.query, None, &[]).await?;
    let page: Vec<_> = found.iter().take(arguments.limit).collect();
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
    app.close().await;
    Ok(Results { total: found.len(), media })
}

//! `recollect run`: indexes folders, watches them, serves the web app.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::demo::draw_apart;
use super::running::Listening;
use super::{Global, existing_folder, print_line};
use crate::app::{App, DEMO_FOLDER};
use crate::http;

/// Ports that are tried before any free one, so that a bookmark keeps working.
const USUAL_PORTS: std::ops::Range<u16> = 7260..7270;

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Folders of photos and videos
    #[arg(value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Port to listen on [default: 7260 or the next free one]
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on; anything but loopback needs a token [default: 127.0.0.1]
    #[arg(long)]
    host: Option<String>,
    /// What clients beyond this machine must present
    #[arg(long)]
    token: Option<String>,
}

impl RunArguments {
    fn flags(&self) -> Vec<(&'static str, &'static str, toml::Value)> {
        let mut flags = Vec::new();
        if let Some(port) = self.port {
            flags.push(("server.port", "--port", toml::Value::Integer(i64::from(port))));
        }
        if let Some(host) = &self.host {
            flags.push(("server.host", "--host", toml::Value::String(host.clone())));
        }
        if let Some(token) = &self.token {
            flags.push(("server.token", "--token", toml::Value::String(token.clone())));
        }
        flags
    }
}

pub(super) async fn run(global: &Global, arguments: RunArguments) -> anyhow::Result<()> {
    let folders: Vec<PathBuf> =
        arguments.folders.iter().map(|folder| existing_folder(folder)).collect::<anyhow::Result<_>>()?;
    let (_lock, app) = global.open(&arguments.flags()).await?;
    let server = app.configured.config.server.clone();
    let any_port = arguments.port == Some(0);
    let listener = listen(&server.host, server.port, any_port).await?;
    let address = listener.local_addr()?;
    let token = Some(server.token).filter(|token| !token.is_empty());
    if !http::is_private(&address) && token.is_none() {
        bail!(
            "{} can be reached from other machines, so clients must present a token; set one with --token, or listen on 127.0.0.1",
            address.ip()
        );
    }
    let url = format!("http://{}", reachable(address));
    Listening { url: url.clone(), token: token.clone(), pid: std::process::id() }.announce(app.data())?;
    print_line(&format!("Recollect is at {url}"))?;

    let stop = CancellationToken::new();
    let tidying = tokio::spawn(tidy(app.clone()));
    let filling = tokio::spawn(fill(app.clone(), folders));
    let working = tokio::spawn({
        let (indexer, stop) = (app.indexer.clone(), stop.clone());
        async move { indexer.run(stop).await }
    });
    let filming = tokio::spawn({
        let (studio, stop) = (app.studio.clone(), stop.clone());
        async move { studio.run(stop).await }
    });
    let ended = stop.clone();
    let router = http::router(app.clone(), token);
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move { ended.cancelled().await });
    let mut serving = tokio::spawn(async move { serving.await });
    tokio::select! {
        () = asked_to_stop() => tracing::info!("stopping"),
        result = &mut serving => tracing::error!(?result, "the server ended"),
    }
    stop.cancel();
    filling.abort();
    tidying.abort();
    // Streams to open pages have no end of their own; what they show is stored already.
    drop(tokio::time::timeout(std::time::Duration::from_secs(2), serving).await);
    // A render that is interrupted goes on when the server is back.
    drop(filming.await);
    let worked = working.await;
    Listening::withdraw(app.data());
    app.close().await;
    Ok(worked.context("background work ended abnormally")??)
}

/// Clears voice notes away that were deleted long ago, now and every day.
async fn tidy(app: App) {
    loop {
        if let Err(error) = app.notes.tidy(app.configured.config.speech.keep_deleted_days).await {
            tracing::warn!(%error, "deleted voice notes are not cleared away");
        }
        if let Err(error) = app.studio.tidy().await {
            tracing::warn!(%error, "deleted films are not cleared away");
        }
        tokio::time::sleep(std::time::Duration::from_secs(24 * 3600)).await;
    }
}

/// Walks the folders, old and new, and watches them. An empty library without folders becomes the demo library.
async fn fill(app: App, folders: Vec<PathBuf>) {
    if let Err(error) = try_fill(&app, folders).await {
        tracing::error!("{error:#}");
    }
}

async fn try_fill(app: &App, folders: Vec<PathBuf>) -> anyhow::Result<()> {
    let demo = app.data().join(DEMO_FOLDER);
    let known: Vec<PathBuf> = app.library.roots().await?.into_iter().map(|root| PathBuf::from(root.path)).collect();
    if folders.is_empty() && known.is_empty() {
        tracing::info!("drawing the demo library; name a folder to use your own pictures: recollect run ~/Pictures");
        draw_apart(&demo).await?;
        app.indexer.add_folder(&demo).await?;
        return Ok(());
    }
    if !folders.is_empty() && known.contains(&demo) {
        // The first pictures of their own take the place of the invented ones.
        app.library.remove_root(&demo.to_string_lossy()).await?;
    }
    for folder in known.iter().filter(|folder| **folder != demo || folders.is_empty()).chain(&folders) {
        app.indexer.add_folder(folder).await.with_context(|| format!("{} cannot be indexed", folder.display()))?;
    }
    Ok(())
}

async fn listen(host: &str, port: u16, any: bool) -> anyhow::Result<TcpListener> {
    let bind = |port: u16| TcpListener::bind((host.to_owned(), port));
    if port != 0 {
        return bind(port).await.with_context(|| format!("{host}:{port} cannot be listened on; is it in use?"));
    }
    if !any {
        for port in USUAL_PORTS {
            if let Ok(listener) = bind(port).await {
                return Ok(listener);
            }
        }
    }
    bind(0).await.with_context(|| format!("{host} cannot be listened on"))
}

/// The address as a browser on this machine types it.
fn reachable(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("localhost:{}", address.port()) } else { address.to_string() }
}

/// Returns when the user or the system asks the process to end.
pub(super) async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    drop(tokio::signal::ctrl_c().await);
}

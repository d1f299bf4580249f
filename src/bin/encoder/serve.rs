//! Listens, and stops listening: on SIGTERM or SIGINT, when the parent is gone, or when the computing thread dies.
//!
//! What stays true: requests in flight are answered before the end, within a limit; a socket file is removed at the end
//! and a stale one is replaced at the start, but never one that another process listens on.

use std::io::ErrorKind;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::Router;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::arguments::{Arguments, Listen};
use crate::http::{self, Info};
use crate::session::Encoder;
use crate::tokens::Tokens;
use crate::worker;

/// How long requests in flight may take at the end.
const FINISH_WITHIN: Duration = Duration::from_secs(10);

/// Serves until it is told to stop.
pub async fn serve(arguments: &Arguments, info: Info, tokens: Tokens, encoder: Encoder) -> anyhow::Result<()> {
    let (queue, thread) = worker::start(encoder, arguments.queue as usize).context("no thread can be started")?;
    let app = http::router(info, tokens, queue, arguments.token.as_deref());
    let (stop, stopping) = watch::channel(false);
    let serving = listen(&arguments.listen, app, stopping);
    tokio::pin!(serving);
    let (died, dead) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("watch".to_owned()).spawn(move || died.send(thread.join().is_err()))?;
    let outcome = tokio::select! {
        result = &mut serving => return result,
        reason = told_to_stop(arguments.exit_with_stdin) => {
            tracing::info!("ending: {}", reason?);
            Ok(())
        }
        _ = dead => Err(anyhow::anyhow!("the computing thread ended unexpectedly")),
    };
    stop.send_replace(true);
    if outcome.is_ok() && tokio::time::timeout(FINISH_WITHIN, &mut serving).await.is_err() {
        tracing::warn!("requests were not done within {} s and are dropped", FINISH_WITHIN.as_secs());
    }
    if let Listen::Unix(path) = &arguments.listen {
        // A parent may have removed the whole folder already.
        let _gone = std::fs::remove_file(path);
    }
    outcome
}

async fn listen(address: &Listen, app: Router, mut stopping: watch::Receiver<bool>) -> anyhow::Result<()> {
    let stopped = async move {
        // An error means that the sender is gone: that is a stop too.
        let _stop = stopping.wait_for(|stop| *stop).await;
    };
    match address {
        Listen::Tcp(address) => {
            let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
            tracing::info!("listening on http://{}", listener.local_addr()?);
            axum::serve(listener, app).with_graceful_shutdown(stopped).await?;
        }
        Listen::Unix(path) => {
            let listener = bind(path).await?;
            tracing::info!("listening on unix:{}", path.display());
            axum::serve(listener, app).with_graceful_shutdown(stopped).await?;
        }
    }
    Ok(())
}

async fn bind(path: &Path) -> anyhow::Result<UnixListener> {
    let cannot = || format!("cannot listen on the socket {}", path.display());
    let listener = match UnixListener::bind(path) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let is_socket = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket());
            if !is_socket || UnixStream::connect(path).await.is_ok() {
                bail!("{}: it is in use", cannot());
            }
            std::fs::remove_file(path).with_context(cannot)?;
            UnixListener::bind(path)
        }
        result => result,
    };
    let listener = listener.with_context(cannot)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).with_context(cannot)?;
    Ok(listener)
}

/// Waits for a reason to stop.
async fn told_to_stop(with_stdin: bool) -> anyhow::Result<&'static str> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(tokio::select! {
        _ = terminate.recv() => "terminated",
        _ = interrupt.recv() => "interrupted",
        () = stdin_closed(), if with_stdin => "the parent is gone",
    })
}

async fn stdin_closed() {
    let mut input = tokio::io::stdin();
    let mut buffer = [0; 64];
    // Whatever a parent may write means nothing; only the end counts.
    while matches!(input.read(&mut buffer).await, Ok(read) if read > 0) {}
}

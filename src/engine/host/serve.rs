//! Listens, and stops listening: on SIGTERM or SIGINT, when the parent is gone, or when the computing thread dies.
//!
//! What stays true: requests in flight are answered before the end, within a limit; a socket file is removed at the end
//! and a stale one is replaced at the start, but never one that another process listens on.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use thiserror::Error;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{HostArguments, Listen};

/// How long requests in flight may take at the end.
const FINISH_WITHIN: Duration = Duration::from_secs(10);

/// An engine cannot listen, or had to end.
#[derive(Debug, Error)]
pub enum HostError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Address {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The socket cannot be made.
    #[error("cannot listen on the socket {path}: {source}")]
    Socket {
        /// The socket's file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process listens there, or the file is no socket.
    #[error("cannot listen on the socket {path}: it is in use")]
    InUse {
        /// The socket's file.
        path: PathBuf,
    },
    /// Signals or connections failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What computes is gone.
    #[error("the computing thread ended unexpectedly")]
    Dead,
}

/// Serves `app` until a signal, the end of the parent, or until `dead` resolves: then the engine can no longer compute.
///
/// # Errors
/// [`HostError`]; told to stop is no error.
pub async fn serve(arguments: &HostArguments, app: Router, dead: impl Future<Output = ()>) -> Result<(), HostError> {
    let (stop, stopping) = watch::channel(false);
    let serving = listen(&arguments.listen, app, stopping);
    tokio::pin!(serving);
    let outcome = tokio::select! {
        result = &mut serving => return result,
        reason = told_to_stop(arguments.exit_with_stdin) => {
            tracing::info!("ending: {}", reason?);
            Ok(())
        }
        () = dead => Err(HostError::Dead),
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

async fn listen(address: &Listen, app: Router, mut stopping: watch::Receiver<bool>) -> Result<(), HostError> {
    let stopped = async move {
        // An error means that the sender is gone: that is a stop too.
        let _stop = stopping.wait_for(|stop| *stop).await;
    };
    match address {
        Listen::Tcp(address) => {
            let listener =
                TcpListener::bind(address).await.map_err(|source| HostError::Address { address: *address, source })?;
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

async fn bind(path: &Path) -> Result<UnixListener, HostError> {
    let failed = |source| HostError::Socket { path: path.to_owned(), source };
    let listener = match UnixListener::bind(path) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let is_socket = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket());
            if !is_socket || UnixStream::connect(path).await.is_ok() {
                return Err(HostError::InUse { path: path.to_owned() });
            }
            std::fs::remove_file(path).map_err(failed)?;
            UnixListener::bind(path)
        }
        result => result,
    };
    let listener = listener.map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(listener)
}

/// Waits for a reason to stop.
async fn told_to_stop(with_stdin: bool) -> io::Result<&'static str> {
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

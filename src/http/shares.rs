//! Albums and events to take away: files in a ZIP, a web page, a contact sheet, a photo book; made while they are sent.
//!
//! Few are made at a time; one whose receiver has gone, or takes nothing for long, is given up.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Api;
use super::error::ApiError;
use crate::app::{Shareable, SharingError};
use crate::library::{AlbumId, EventId};
use crate::share::{Course, Form, ShareError, Sharing, Wish, safe_name};

/// As many are made at the same time.
pub(super) const AT_ONCE: usize = 2;
/// Parts that wait to be sent, each of up to 64 KiB.
const WAITING: usize = 8;
/// A receiver that takes nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(600);

/// Routes of this resource.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(export_album)).routes(routes!(export_event))
}

impl From<SharingError> for ApiError {
    fn from(error: SharingError) -> Self {
        match error {
            SharingError::Wish(message) => Self::bad_request(message),
            SharingError::Album(error) => error.into(),
            SharingError::Library(error) => error.into(),
            SharingError::Nothing => Self::new(StatusCode::CONFLICT, "nothing_to_share", error.to_string())
                .hint("what is kept from others is left out unless `private=true`"),
        }
    }
}

/// An album to take away. What cannot be read is left out, and a list in it says which and why.
#[utoipa::path(get, path = "/albums/{id}/export", params(Wish),
    responses((status = 200, description = "A ZIP, or a PDF", content_type = "application/octet-stream", body = Vec<u8>)))]
async fn export_album(
    State(api): State<Api>,
    Path(id): Path<AlbumId>,
    Query(wish): Query<Wish>,
) -> Result<Response, ApiError> {
    export(&api, Shareable::Album(id), &wish).await
}

/// An event or trip to take away. What cannot be read is left out, and a list in it says which and why.
#[utoipa::path(get, path = "/events/{id}/export", params(Wish),
    responses((status = 200, description = "A ZIP, or a PDF", content_type = "application/octet-stream", body = Vec<u8>)))]
async fn export_event(
    State(api): State<Api>,
    Path(id): Path<EventId>,
    Query(wish): Query<Wish>,
) -> Result<Response, ApiError> {
    export(&api, Shareable::Event(id), &wish).await
}

async fn export(api: &Api, what: Shareable, wish: &Wish) -> Result<Response, ApiError> {
    if wish.form == Form::Folder {
        return Err(ApiError::bad_request(ShareError::Folder.to_string()).hint("form=zip"));
    }
    let sharing = api.app.sharing(what, wish).await?;
    let permit = Arc::clone(&api.shares).try_acquire_owned().map_err(|_| {
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "enough is being downloaded at the moment")
            .hint("try again when a download has ended")
    })?;
    let (kind, ending) = match sharing.order.form {
        Form::Sheet | Form::Book => ("application/pdf", "pdf"),
        _ => ("application/zip", "zip"),
    };
    let name = safe_name(&sharing.order.title);
    let name = percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC);
    let mut response = Response::new(stream(sharing, permit));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}.{ending}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// What is made, as it is made. A body that breaks off tells the receiver that it is not whole.
fn stream(sharing: Sharing, permit: OwnedSemaphorePermit) -> Body {
    let (parts, received) = mpsc::channel(WAITING);
    let (ended, end) = oneshot::channel::<()>();
    let stop = Arc::<AtomicBool>::default();
    let (watched, stopped) = (parts.clone(), Arc::clone(&stop));
    tokio::spawn(async move {
        tokio::select! {
            () = watched.closed() => stopped.store(true, Ordering::Relaxed),
            _ = end => {}
        }
    });
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let _ended = ended;
        let course = Course { told: &|_, _| {}, stop: &stop };
        match sharing.to_stream(Pipe { parts: parts.clone(), runtime }, &course) {
            Ok(shared) if shared.left_out.is_empty() => {}
            Ok(shared) => tracing::warn!(left_out = shared.left_out.len(), "not everything could be shared"),
            Err(error) => {
                tracing::info!(%error, "a download ended early");
                let _ = parts.try_send(Err(io::Error::other(error)));
            }
        }
    });
    Body::from_stream(futures::stream::unfold(received, |mut received| async move {
        received.recv().await.map(|part: io::Result<Bytes>| (part, received))
    }))
}

/// Bytes on their way from a thread that makes them.
struct Pipe {
    parts: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What is written at once may be a whole picture; it is sent in parts.
        let some = &bytes[..bytes.len().min(1 << 16)];
        let sent = self.parts.send_timeout(Ok(Bytes::copy_from_slice(some)), PATIENCE);
        match self.runtime.block_on(sent) {
            Ok(()) => Ok(some.len()),
            Err(_) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the receiver has gone")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

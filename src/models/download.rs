//! Fetches one file over HTTP into a partial file, resuming where an earlier attempt stopped.
//!
//! What stays true: the partial file is a prefix of the wanted file or is thrown away; success means that size and
//! checksum are right as far as they are known; a transfer that makes progress goes on for as long as it takes, one
//! that does not is given up after a few attempts. Redirects are followed, but never from HTTPS to HTTP.

use std::path::Path;
use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, RANGE, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode};
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt as _;

use super::catalogue::CatalogueFile;
use super::error::ModelError;
use super::folder::inspect;
use super::hub::Hub;

/// How patient a transfer is.
#[derive(Debug, Clone)]
pub struct Patience {
    /// Attempts without a single new byte before it gives up.
    pub attempts: u32,
    /// Wait before the second attempt; doubles with each further one.
    pub first_wait: Duration,
    /// Time without a byte after which a transfer counts as broken.
    pub stall: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { attempts: 3, first_wait: Duration::from_millis(500), stall: Duration::from_secs(30) }
    }
}

/// A client for downloads.
///
/// # Errors
/// [`ModelError::Transfer`] when the system's certificates cannot be read.
pub fn client() -> Result<Client, ModelError> {
    let redirects = reqwest::redirect::Policy::custom(|attempt| {
        let downgraded =
            attempt.url().scheme() != "https" && attempt.previous().iter().any(|url| url.scheme() == "https");
        if downgraded {
            attempt.error("it redirects from HTTPS to an address that is not encrypted")
        } else if attempt.previous().len() > 10 {
            attempt.error("it redirects more than ten times")
        } else {
            attempt.follow()
        }
    });
    Client::builder()
        .connect_timeout(Duration::from_secs(8))
        .redirect(redirects)
        .user_agent(concat!("recollect/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| ModelError::Transfer { url: String::new(), reason: chain(&error) })
}

/// One attempt's outcome that is no success.
enum Failure {
    /// Another attempt may help; not before this time has passed.
    Temporary(String, Duration),
    /// It will be the same the next time.
    Permanent(String),
    /// The disk or the content is to blame, not the transfer.
    Other(ModelError),
}

/// One file to fetch.
#[derive(Debug, Clone, Copy)]
pub struct Transfer<'a> {
    /// Who asks; see [`client`].
    pub http: &'a Client,
    /// The hub, which is shown a token.
    pub hub: &'a Hub,
    /// Where the file is.
    pub url: &'a str,
    /// Where it is written.
    pub part: &'a Path,
    /// What it must be, as far as that is known.
    pub expected: &'a CatalogueFile,
    /// How long it is tried.
    pub patience: &'a Patience,
}

/// Hears the bytes that are there.
type Heard<'a> = &'a (dyn Fn(u64) + Send + Sync);

/// Fetches a file until it is what it must be; returns its bytes and SHA-256. A partial file of an earlier process is
/// taken up only if a checksum will tell whether both parts are of one file.
///
/// # Errors
/// [`ModelError::Transfer`] when the server does not give it, [`ModelError::Content`] when it gives another file,
/// [`ModelError::Io`] when the disk fails. The partial file stays unless its content is wrong.
pub async fn fetch(transfer: Transfer<'_>, progress: Heard<'_>) -> Result<(u64, String), ModelError> {
    let Transfer { url, part, expected, patience, .. } = transfer;
    // Without a checksum, only what this very call has written may be joined to; an older part stays until its
    // successor begins to come.
    let mut joinable = expected.sha256.is_some();
    let mut idle_attempts = 0;
    // A wrong checksum after resuming may be the fault of an older prefix: worth one attempt from the start.
    let mut resumed = length(part).await > 0;
    loop {
        let before = length(part).await;
        let failure = match attempt(&transfer, &mut joinable, progress).await {
            Ok(()) => match check(part, expected).await {
                Ok(found) => return Ok(found),
                Err(error) => {
                    discard(part).await?;
                    if !resumed {
                        return Err(error);
                    }
                    resumed = false;
                    continue;
                }
            },
            Err(failure) => failure,
        };
        let (reason, wait) = match failure {
            Failure::Temporary(reason, wait) => (reason, wait),
            Failure::Permanent(reason) => return Err(ModelError::Transfer { url: url.to_owned(), reason }),
            Failure::Other(error) => return Err(error),
        };
        let after = length(part).await;
        resumed = after > 0;
        idle_attempts = if after > before { 1 } else { idle_attempts + 1 };
        if idle_attempts >= patience.attempts {
            return Err(ModelError::Transfer { url: url.to_owned(), reason });
        }
        tracing::info!(url, reason, have = after, "transfer broke off and is taken up again");
        tokio::time::sleep(wait.max(patience.first_wait * (1 << (idle_attempts - 1).min(6)))).await;
    }
}

/// Asks for the bytes that are missing and appends what comes.
async fn attempt(transfer: &Transfer<'_>, joinable: &mut bool, progress: Heard<'_>) -> Result<(), Failure> {
    let Transfer { http, hub, url, part, expected, patience } = *transfer;
    let have = match length(part).await {
        _ if !*joinable => 0,
        have if expected.size.is_some_and(|size| have > size) => {
            discard(part).await.map_err(Failure::Other)?;
            0
        }
        have => have,
    };
    if have > 0 && Some(have) == expected.size {
        return Ok(());
    }
    // `request` asks for no compressed transfer, which would make byte ranges mean something else.
    let mut request = hub.request(http, Method::GET, url);
    if have > 0 {
        request = request.header(RANGE, format!("bytes={have}-"));
    }
    let response = tokio::time::timeout(patience.stall, request.send())
        .await
        .map_err(|_| Failure::Temporary("the server does not answer".to_owned(), Duration::ZERO))?
        .map_err(|error| refused(&error))?;
    let from = accept(&response, have, transfer)?;
    if from == 0 {
        discard(part).await.map_err(Failure::Other)?;
        *joinable = true;
    } else if from != have {
        discard(part).await.map_err(Failure::Other)?;
        return Err(Failure::Temporary("the server sends another range than was asked for".to_owned(), Duration::ZERO));
    }
    let mut file = open(part).await.map_err(Failure::Other)?;
    let received = receive(response, &mut file, from, transfer, progress).await;
    // What came is kept even if more should have come.
    let kept = async {
        file.flush().await?;
        file.sync_all().await
    };
    kept.await.map_err(|error| Failure::Other(ModelError::io("cannot write", part)(error)))?;
    received
}

async fn receive(
    mut response: Response,
    file: &mut File,
    from: u64,
    transfer: &Transfer<'_>,
    progress: Heard<'_>,
) -> Result<(), Failure> {
    let Transfer { part, expected, patience, .. } = *transfer;
    // Without a known size, the length that the server announces says where the file ends.
    let announced = response.content_length().map(|length| from + length);
    let end = expected.size.or(announced);
    let mut have = from;
    progress(have);
    loop {
        let chunk = match tokio::time::timeout(patience.stall, response.chunk()).await {
            Err(_) => return Err(Failure::Temporary("no byte came for too long".to_owned(), Duration::ZERO)),
            Ok(Err(error)) => return Err(Failure::Temporary(chain(&error), Duration::ZERO)),
            Ok(Ok(None)) => match end.filter(|end| have < *end) {
                Some(end) => {
                    let reason = format!("it ended after {have} of {end} bytes");
                    return Err(Failure::Temporary(reason, Duration::ZERO));
                }
                None => return Ok(()),
            },
            Ok(Ok(Some(chunk))) => chunk,
        };
        have += chunk.len() as u64;
        if let Some(size) = expected.size.filter(|size| have > *size) {
            discard(part).await.map_err(Failure::Other)?;
            return Err(other_file(transfer, format!("it is longer than the {size} bytes that are expected")));
        }
        file.write_all(&chunk).await.map_err(|error| Failure::Other(ModelError::io("cannot write", part)(error)))?;
        progress(have);
    }
}

/// The server has another file than the one that is wanted.
fn other_file(transfer: &Transfer<'_>, reason: String) -> Failure {
    Failure::Other(ModelError::Content { path: transfer.part.to_owned(), reason })
}

/// The position at which the server's bytes begin.
fn accept(response: &Response, have: u64, transfer: &Transfer<'_>) -> Result<u64, Failure> {
    let wait = || {
        let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        Duration::from_secs(seconds.unwrap_or(0).min(30))
    };
    let (status, size) = (response.status(), transfer.expected.size);
    match status {
        StatusCode::OK => Ok(0),
        StatusCode::PARTIAL_CONTENT => {
            let range = response.headers().get(CONTENT_RANGE).and_then(|value| content_range(value.to_str().ok()?));
            match (range, size) {
                (Some((_, Some(total))), Some(size)) if total != size => {
                    Err(other_file(transfer, format!("it has {total} bytes there instead of {size}")))
                }
                (Some((start, _)), _) => Ok(start),
                (None, _) => Err(Failure::Permanent("the server sends a part without saying which".to_owned())),
            }
        }
        StatusCode::RANGE_NOT_SATISFIABLE if have > 0 => {
            let wanted = size.map_or_else(|| "more".to_owned(), |size| size.to_string());
            Err(other_file(transfer, format!("it has no more than {have} bytes there instead of {wanted}")))
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Failure::Permanent(format!(
            "the server answers {status}: its makers may ask you to sign in and agree to their terms; HF_TOKEN then names you"
        ))),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            Err(Failure::Temporary(format!("the server answers {status}"), wait()))
        }
        _ if status.is_server_error() => Err(Failure::Temporary(format!("the server answers {status}"), wait())),
        _ => Err(Failure::Permanent(format!("the server answers {status}"))),
    }
}

/// First byte and full length of a `Content-Range` (RFC 9110 section 14.4).
fn content_range(value: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let total = match total.trim() {
        "*" => None,
        number => Some(number.parse().ok()?),
    };
    (first <= last && total.is_none_or(|total| last < total)).then_some((first, total))
}

fn refused(error: &reqwest::Error) -> Failure {
    if error.is_redirect() || error.is_builder() {
        Failure::Permanent(chain(error))
    } else {
        Failure::Temporary(chain(error), Duration::ZERO)
    }
}

/// The innermost cause, which says more than "error sending request".
fn chain(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

async fn length(path: &Path) -> u64 {
    tokio::fs::metadata(path).await.map_or(0, |metadata| metadata.len())
}

async fn discard(path: &Path) -> Result<(), ModelError> {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ModelError::io("cannot remove", path)(error)),
        _ => Ok(()),
    }
}

async fn open(path: &Path) -> Result<File, ModelError> {
    OpenOptions::new().create(true).append(true).open(path).await.map_err(ModelError::io("cannot write", path))
}

async fn check(path: &Path, expected: &CatalogueFile) -> Result<(u64, String), ModelError> {
    let (path, expected) = (path.to_owned(), expected.clone());
    let copy = path.clone();
    tokio::task::spawn_blocking(move || inspect(&path, expected.size, expected.sha256.as_deref()))
        .await
        .unwrap_or_else(|error| Err(ModelError::io("cannot check", &copy)(std::io::Error::other(error))))
}

#[cfg(test)]
mod tests;

//! Downloads from a server that resumes, redirects, breaks off, lies and fails.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use futures::StreamExt as _;

use super::super::folder::hexadecimal;
use super::*;

/// What a server does with the requests for one file.
#[derive(Clone)]
struct File {
    content: Arc<Vec<u8>>,
    /// Breaks a transfer off after so many bytes.
    breaks_after: usize,
    /// Knows no ranges.
    whole_only: bool,
    requests: Arc<AtomicUsize>,
    ranges: Arc<Mutex<Vec<String>>>,
}

impl File {
    fn new(length: usize) -> Self {
        Self {
            content: Arc::new((0..length).map(|n| (n * 31 % 251) as u8).collect()),
            breaks_after: usize::MAX,
            whole_only: false,
            requests: Arc::default(),
            ranges: Arc::default(),
        }
    }

    fn expected(&self) -> CatalogueFile {
        use sha2::Digest as _;
        let sha256 = hexadecimal(&sha2::Sha256::digest(&*self.content));
        CatalogueFile { path: "w".into(), size: Some(self.content.len() as u64), sha256: Some(sha256), about_mb: None }
    }

    fn answer(self, headers: &HeaderMap) -> Response {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let total = self.content.len();
        let range = headers.get("range").map(|range| range.to_str().unwrap().to_owned());
        self.ranges.lock().unwrap().push(range.clone().unwrap_or_default());
        let from = match range.filter(|_| !self.whole_only) {
            Some(range) => range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap(),
            None => 0,
        };
        if from >= total {
            return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
        }
        let mut response = Response::new(cut(self.content[from..].to_vec(), self.breaks_after));
        response.headers_mut().insert("content-length", (total - from).into());
        if from > 0 {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let value = format!("bytes {from}-{}/{total}", total - 1);
            response.headers_mut().insert("content-range", value.parse().unwrap());
        }
        response
    }

    fn route(&self) -> Router {
        let file = self.clone();
        Router::new().route("/w", get(move |headers: HeaderMap| async move { file.answer(&headers) }))
    }
}

/// A body that ends with an error after `after` bytes.
fn cut(bytes: Vec<u8>, after: usize) -> Body {
    let broken = bytes.len() > after;
    let bytes = Bytes::from(bytes).slice(..);
    let kept = bytes.slice(..after.min(bytes.len()));
    let first = futures::stream::iter([Ok(kept)]);
    // The error comes later than the bytes, or they would be lost with it.
    let end = futures::stream::once(async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        Err(std::io::Error::other("the line is cut"))
    });
    if broken { Body::from_stream(first.chain(end)) } else { Body::from_stream(first) }
}

async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

fn patience() -> Patience {
    Patience { attempts: 2, first_wait: Duration::from_millis(5), stall: Duration::from_secs(2) }
}

struct Target {
    folder: tempfile::TempDir,
}

impl Target {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn part(&self) -> std::path::PathBuf {
        self.folder.path().join("w.part")
    }

    async fn fetch(&self, url: &str, expected: &CatalogueFile) -> Result<(), ModelError> {
        self.fetch_and_tell(url, expected, &|_| {}).await.map(|_| ())
    }

    async fn fetch_and_tell(
        &self,
        url: &str,
        expected: &CatalogueFile,
        progress: Heard<'_>,
    ) -> Result<(u64, String), ModelError> {
        let (http, hub, part, patience) = (client().unwrap(), Hub::default(), self.part(), patience());
        let transfer = Transfer { http: &http, hub: &hub, url, part: &part, expected, patience: &patience };
        fetch(transfer, progress).await
    }
}

#[tokio::test]
async fn a_file_arrives_whole_and_progress_ends_at_its_size() {
    let file = File::new(200_000);
    let (target, seen) = (Target::new(), Mutex::new(Vec::new()));
    let url = format!("{}/w", serve(file.route()).await);
    let progress = |have: u64| seen.lock().unwrap().push(have);
    target.fetch_and_tell(&url, &file.expected(), &progress).await.unwrap();
    assert_eq!(std::fs::read(target.part()).unwrap(), *file.content);
    let seen = seen.into_inner().unwrap();
    assert!(seen.is_sorted() && seen.last() == Some(&200_000), "{seen:?}");
}

#[tokio::test]
async fn a_transfer_that_breaks_off_again_and_again_is_resumed_to_the_end() {
    let file = File { breaks_after: 30_000, ..File::new(100_000) };
    let target = Target::new();
    target.fetch(&format!("{}/w", serve(file.route()).await), &file.expected()).await.unwrap();
    assert_eq!(std::fs::read(target.part()).unwrap(), *file.content);
    assert_eq!(*file.ranges.lock().unwrap(), ["", "bytes=30000-", "bytes=60000-", "bytes=90000-"]);
}

#[tokio::test]
async fn an_earlier_attempt_is_taken_up_even_by_a_server_without_ranges() {
    for whole_only in [false, true] {
        let file = File { whole_only, ..File::new(1000) };
        let target = Target::new();
        std::fs::write(target.part(), &file.content[..400]).unwrap();
        target.fetch(&format!("{}/w", serve(file.route()).await), &file.expected()).await.unwrap();
        assert_eq!(std::fs::read(target.part()).unwrap(), *file.content);
        assert_eq!(*file.ranges.lock().unwrap(), ["bytes=400-"]);
    }
}

#[tokio::test]
async fn a_wrong_prefix_is_thrown_away_and_the_file_fetched_anew() {
    let file = File::new(1000);
    let target = Target::new();
    std::fs::write(target.part(), [7; 400]).unwrap();
    target.fetch(&format!("{}/w", serve(file.route()).await), &file.expected()).await.unwrap();
    assert_eq!(std::fs::read(target.part()).unwrap(), *file.content);
    assert_eq!(*file.ranges.lock().unwrap(), ["bytes=400-", ""]);
}

#[tokio::test]
async fn another_file_is_refused_and_not_kept() {
    let file = File::new(1000);
    let url = format!("{}/w", serve(file.route()).await);
    let target = Target::new();
    let wrong = CatalogueFile { sha256: Some("0".repeat(64)), ..file.expected() };
    assert!(matches!(target.fetch(&url, &wrong).await.unwrap_err(), ModelError::Content { .. }));
    assert!(!target.part().exists());
    assert_eq!(file.requests.load(Ordering::SeqCst), 1, "the same bytes would come again");
    let shorter = CatalogueFile { size: Some(900), ..file.expected() };
    assert!(target.fetch(&url, &shorter).await.unwrap_err().to_string().contains("longer than the 900"));
    std::fs::write(target.part(), &file.content[..400]).unwrap();
    let longer = CatalogueFile { size: Some(2000), ..file.expected() };
    assert!(target.fetch(&url, &longer).await.unwrap_err().to_string().contains("1000 bytes there instead of 2000"));
}

#[tokio::test]
async fn a_file_of_which_nothing_is_known_is_fetched_whole_and_never_joined_to_an_older_part() {
    let file = File { breaks_after: 30_000, ..File::new(50_000) };
    let unknown = CatalogueFile { size: None, sha256: None, ..file.expected() };
    let target = Target::new();
    std::fs::write(target.part(), [7; 400]).unwrap();
    assert!(target.fetch("http://127.0.0.1:1/w", &unknown).await.is_err());
    assert!(target.part().exists(), "a server that is away costs nothing");
    let url = format!("{}/w", serve(file.route()).await);
    let found = target.fetch_and_tell(&url, &unknown, &|_| {}).await.unwrap();
    assert_eq!(std::fs::read(target.part()).unwrap(), *file.content);
    assert_eq!(found, (50_000, file.expected().sha256.unwrap()));
    assert_eq!(*file.ranges.lock().unwrap(), ["", "bytes=30000-"], "within one process it is resumed");
}

#[tokio::test]
async fn a_server_that_wants_to_know_who_asks_is_told_apart_from_one_that_lacks_the_file() {
    let app = Router::new().route("/gated", get(|| async { StatusCode::UNAUTHORIZED }));
    let url = format!("{}/gated", serve(app).await);
    let error = Target::new().fetch(&url, &File::new(5).expected()).await.unwrap_err().to_string();
    assert!(error.contains("HF_TOKEN"), "{error}");
}

#[tokio::test]
async fn redirects_are_followed_but_not_in_circles() {
    let file = File::new(5000);
    let app = file
        .route()
        .route("/a", get(|| async { Redirect::temporary("/b?signature=x%2Fy") }))
        .route("/b", get(|| async { Redirect::permanent("/w") }))
        .route("/circle", get(|| async { Redirect::temporary("/circle") }));
    let address = serve(app).await;
    let target = Target::new();
    target.fetch(&format!("{address}/a"), &file.expected()).await.unwrap();
    let error = Target::new().fetch(&format!("{address}/circle"), &file.expected()).await.unwrap_err();
    assert!(error.to_string().contains("more than ten"), "{error}");
}

#[tokio::test]
async fn a_passing_failure_is_waited_out_and_a_lasting_one_is_not() {
    let file = File::new(5000);
    let (calls, served) = (Arc::new(AtomicUsize::new(0)), file.clone());
    let counted = Arc::clone(&calls);
    let app = Router::new()
        .route(
            "/w",
            get(move |headers: HeaderMap| async move {
                match counted.fetch_add(1, Ordering::SeqCst) {
                    0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                    _ => served.answer(&headers),
                }
            }),
        )
        .route("/down", get(|| async { StatusCode::BAD_GATEWAY }));
    let address = serve(app).await;
    Target::new().fetch(&format!("{address}/w"), &file.expected()).await.unwrap();
    for (path, why) in [("none", "404"), ("down", "502")] {
        let error = Target::new().fetch(&format!("{address}/{path}"), &file.expected()).await.unwrap_err();
        assert!(matches!(&error, ModelError::Transfer { reason, .. } if reason.contains(why)), "{error}");
    }
    let error = Target::new().fetch("http://127.0.0.1:1/w", &file.expected()).await.unwrap_err();
    assert!(matches!(error, ModelError::Transfer { .. }));
}

#[test]
fn content_ranges_are_read_as_the_standard_has_them() {
    assert_eq!(content_range("bytes 5-9/10"), Some((5, Some(10))));
    assert_eq!(content_range("bytes 5-9/*"), Some((5, None)));
    for wrong in ["", "bytes */10", "bytes 9-5/10", "bytes 5-10/10", "items 1-2/3", "bytes -1-2/3"] {
        assert_eq!(content_range(wrong), None, "{wrong}");
    }
}

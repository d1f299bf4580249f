//! Pulls of a server: one after the other, paused and taken up again, given up without a trace.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use futures::StreamExt as _;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::models::folder::hexadecimal;
use crate::models::hub::Hub;

const SIZE: usize = 400_000;

fn content() -> Vec<u8> {
    (0..SIZE).map(|n| (n * 31 % 251) as u8).collect()
}

/// A server that sends 20,000 bytes every 20 milliseconds and knows ranges.
async fn slow() -> String {
    let serve = |headers: HeaderMap| async move {
        let from = headers.get("range").map_or(0, |range| {
            let text = range.to_str().unwrap();
            text.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap()
        });
        let bytes = Bytes::from(content()).slice(from..);
        let chunks: Vec<Bytes> = bytes.chunks(20_000).map(Bytes::copy_from_slice).collect();
        let body = futures::stream::iter(chunks).then(|chunk| async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok::<_, std::io::Error>(chunk)
        });
        let response = Response::builder().header("content-length", SIZE - from);
        let response = match from {
            0 => response,
            _ => response.status(206).header("content-range", format!("bytes {from}-{}/{SIZE}", SIZE - 1)),
        };
        response.body(Body::from_stream(body)).unwrap()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/m/w.bin", get(serve))).await });
    format!("http://{address}/m/")
}

fn pulls(folder: &std::path::Path, base: &str) -> Pulls {
    let sha256 = hexadecimal(&Sha256::digest(content()));
    let model = |id: &str, more: &str| {
        format!(
            "[[model]]\nid = \"{id}\"\nrole = \"language\"\nengine = \"llama\"\ntiers = []\ndescription = \"d\"\n\
             licence = \"MIT\"\nhome = \"https://example.org\"\nbase = \"{base}\"\nweights = \"w.bin\"\n{more}\
             [[model.file]]\npath = \"w.bin\"\nsize = {SIZE}\nsha256 = \"{sha256}\"\n"
        )
    };
    let text = [model("a", ""), model("b", ""), model("c", "restriction = \"research only\"\n")].concat();
    let mut puller = Puller::new(ModelFolder::at(folder.join("models")));
    puller.hub = Hub::default();
    puller.patience.attempts = 1;
    Pulls::with(puller, Catalogue::parse(&text).unwrap())
}

async fn until(pulls: &Pulls, id: &str, wanted: impl Fn(&PullState) -> bool) -> PullState {
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        let mut changes = pulls.changes();
        loop {
            if let Some(state) = pulls.states().into_iter().find(|state| state.model == id && wanted(state)) {
                return state;
            }
            changes.changed().await.unwrap();
        }
    });
    waited.await.unwrap_or_else(|_| panic!("{:?}", pulls.states()))
}

#[tokio::test]
async fn a_pull_tells_how_far_it_is_and_ends_with_an_installed_model() {
    let home = tempfile::tempdir().unwrap();
    let pulls = pulls(home.path(), &slow().await);
    assert_eq!(pulls.start("a", PullOptions::default()).unwrap().phase, "waiting");
    let half = until(&pulls, "a", |state| state.done > 100_000).await;
    assert_eq!((half.phase, half.total, half.file.as_deref()), ("download", SIZE as u64, Some("w.bin")));
    assert!(pulls.start("a", PullOptions::default()).unwrap().done > 0, "the same one goes on");
    until(&pulls, "a", |state| state.phase == "done").await;
    assert!(pulls.folder().verify("a").is_ok());
    assert_eq!(pulls.remove("a").await.unwrap(), SIZE as u64);
    assert!(pulls.states().is_empty() && pulls.folder().get("a").is_err());
}

#[tokio::test]
async fn a_paused_pull_keeps_what_has_come_and_goes_on_from_there() {
    let home = tempfile::tempdir().unwrap();
    let pulls = pulls(home.path(), &slow().await);
    pulls.start("a", PullOptions::default()).unwrap();
    until(&pulls, "a", |state| state.done > 100_000).await;
    pulls.pause("a").await;
    let paused = pulls.states().remove(0);
    assert_eq!(paused.phase, "paused");
    // What was being written when it was stopped is still written.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let there = pulls.folder().partial("a");
    assert!(there > 50_000, "{there}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(pulls.folder().partial("a"), there, "nothing comes any more");
    assert_eq!(pulls.start("a", PullOptions::default()).unwrap().done, there);
    until(&pulls, "a", |state| state.phase == "done").await;
}

#[tokio::test]
async fn a_pull_that_is_given_up_leaves_nothing_and_lets_the_next_one_go() {
    let home = tempfile::tempdir().unwrap();
    let pulls = pulls(home.path(), &slow().await);
    pulls.start("a", PullOptions::default()).unwrap();
    until(&pulls, "a", |state| state.done > 40_000).await;
    pulls.start("b", PullOptions::default()).unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    let waiting = pulls.states().into_iter().find(|state| state.model == "b").unwrap();
    assert_eq!((waiting.phase, waiting.done), ("waiting", 0), "one at a time");
    pulls.pause("b").await;
    pulls.cancel("a").await.unwrap();
    assert_eq!(pulls.folder().partial("a"), 0);
    assert!(pulls.states().iter().all(|state| state.model == "b"));
    pulls.start("b", PullOptions::default()).unwrap();
    until(&pulls, "b", |state| state.phase == "done").await;
}

#[tokio::test]
async fn what_cannot_be_pulled_says_why() {
    let home = tempfile::tempdir().unwrap();
    let pulls = pulls(home.path(), "http://127.0.0.1:1/");
    assert!(matches!(pulls.start("nothing", PullOptions::default()), Err(ModelError::Unknown { .. })));
    assert!(matches!(pulls.start("c", PullOptions::default()), Err(ModelError::Licence { .. })));
    pulls.start("a", PullOptions::default()).unwrap();
    let failed = until(&pulls, "a", |state| state.phase == "failed").await;
    assert!(failed.error.is_some() && failed.hint.is_some(), "{failed:?}");
    assert!(!failed.is_active());
}

//! Models through the real program: two processes at once, and the API with its progress.

use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Method;
use axum::response::Response;
use axum::routing::any;
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::llama::fixture;
use crate::program::{Home, Photo, Server, block, client};

const MODEL: &str = "silero-vad-v5.1.2";
const PATH: &str = "/ggml-org/whisper-vad/resolve/main/ggml-silero-v5.1.2.bin";
const CHUNKS: usize = 20;
const CHUNK: usize = 10_000;

/// A hub on this machine that has one file and takes its time with it.
struct Hub {
    url: String,
    downloads: Arc<AtomicUsize>,
    _runtime: tokio::runtime::Runtime,
}

impl Hub {
    fn start(pause: Duration) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let downloads = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&downloads);
        let answer = move |method: Method| {
            let counted = Arc::clone(&counted);
            async move {
                let response = Response::builder().header("content-length", CHUNKS * CHUNK);
                if method == Method::HEAD {
                    return response.body(Body::empty()).unwrap();
                }
                counted.fetch_add(1, Ordering::SeqCst);
                let body = futures::stream::iter(0..CHUNKS).then(move |n| async move {
                    tokio::time::sleep(pause).await;
                    Ok::<_, std::io::Error>(Bytes::from(vec![n as u8; CHUNK]))
                });
                response.body(Body::from_stream(body)).unwrap()
            }
        };
        let app = Router::new().route(PATH, any(answer));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { url, downloads, _runtime: runtime }
    }

    fn environment(&self) -> [(&str, &str); 3] {
        [("HF_ENDPOINT", &self.url), ("NO_PROXY", "127.0.0.1"), ("HF_HUB_OFFLINE", "")]
    }

    fn run(&self, home: &Home, arguments: &[&str]) -> Output {
        home.command(arguments).envs(self.environment()).output().unwrap()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn model(server: &Server, id: &str) -> Value {
    let listed = server.get("/models")["data"]["models"].clone();
    listed.as_array().unwrap().iter().find(|model| model["id"] == id).unwrap().clone()
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not come to pass");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn of_two_processes_that_pull_at_once_the_second_waits_and_says_so() {
    let (home, hub) = (Home::new(), Hub::start(Duration::from_millis(60)));
    let first = std::thread::scope(|scope| {
        let first = scope.spawn(|| hub.run(&home, &["models", "pull", MODEL]));
        until("the first download", || hub.downloads.load(Ordering::SeqCst) == 1);
        let second = hub.run(&home, &["models", "pull", MODEL]);
        assert!(second.status.success() && said(&second).contains("waiting"), "{}", said(&second));
        first.join().unwrap()
    });
    assert!(first.status.success(), "{}", said(&first));
    assert_eq!(hub.downloads.load(Ordering::SeqCst), 1);
    let offline = hub.run(&home, &["models", "pull", MODEL, "--offline"]);
    assert!(offline.status.success(), "what is here needs no network: {}", said(&offline));
    let listed = home.json(&["models", "list", "--role", "speech", "--json"]);
    let listed = listed.as_array().unwrap();
    assert!(listed.iter().all(|model| model["ability"] == "speech"));
    assert_eq!(listed.iter().filter(|model| !model["installed"].is_null()).count(), 1);
    home.run(&["models", "remove", MODEL]);
    let offline = hub.run(&home, &["models", "pull", MODEL, "--offline"]);
    assert!(!offline.status.success() && said(&offline).contains("offline"), "{}", said(&offline));
}

#[test]
fn what_the_command_line_refuses_says_what_to_do() {
    let (home, hub) = (Home::new(), Hub::start(Duration::ZERO));
    for (arguments, part) in [
        (vec!["models", "pull", "no-such-model"], "models list"),
        (vec!["models", "pull", "buffalo_l-recognition"], "--accept-licence"),
        (vec!["models", "pull"], "required"),
        (vec!["models", "pull", "--tier", "toaster"], "nas, laptop, gpu"),
        (vec!["models", "pull", "whisper-tiny"], "404"),
        (vec!["models", "import", "/nowhere"], "/nowhere"),
    ] {
        let output = hub.run(&home, &arguments);
        assert!(!output.status.success() && said(&output).contains(part), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn the_api_pulls_with_progress_pauses_goes_on_and_removes() {
    let (home, hub) = (Home::new(), Hub::start(Duration::from_millis(40)));
    let server = home.serve_with(&[home.photos().to_str().unwrap()], &hub.environment());
    let all = server.get("/models")["data"].clone();
    assert_eq!(all["tiers"].as_array().unwrap().len(), 3);
    assert!(all["free"].as_u64() > Some(0) && all["abilities"].as_array().unwrap().len() == 8);
    assert_eq!(model(&server, MODEL)["installed"], false);

    let started = server.post(&format!("/models/{MODEL}/pull"), &json!({}));
    assert_eq!(started["data"]["model"], MODEL, "{started}");
    until("some bytes", || model(&server, MODEL)["pull"]["done"].as_u64() > Some(20_000));
    server.post(&format!("/models/{MODEL}/pull/pause"), &json!({}));
    let paused = model(&server, MODEL);
    assert_eq!(paused["pull"]["phase"], "paused");
    assert!(paused["partial"].as_u64() > Some(0), "{paused}");
    server.delete(&format!("/models/{MODEL}/pull"));
    assert_eq!(
        (model(&server, MODEL)["partial"].clone(), model(&server, MODEL)["pull"].clone()),
        (json!(0), Value::Null)
    );

    server.post(&format!("/models/{MODEL}/pull"), &json!({}));
    let phases = stream(&server);
    assert!(phases.contains(&"download".to_owned()) && phases.last().unwrap() == "done", "{phases:?}");
    let installed = model(&server, MODEL);
    assert_eq!((&installed["installed"], &installed["size"]), (&json!(true), &json!(CHUNKS * CHUNK)));
    let removed = server.delete(&format!("/models/{MODEL}"));
    assert_eq!(removed["data"]["freed"], CHUNKS * CHUNK, "{removed}");
    assert_eq!(model(&server, MODEL)["installed"], false);
}

/// The phases that the stream of events tells until the pull has ended.
fn stream(server: &Server) -> Vec<String> {
    block(async {
        let response = client().get(server.address("/models/events-stream")).send().await.unwrap();
        let mut bytes = response.bytes_stream();
        let (mut text, mut phases) = (String::new(), Vec::new());
        while let Some(chunk) = bytes.next().await {
            text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
            while let Some((event, rest)) = text.split_once("\n\n") {
                let line = event.lines().find_map(|line| line.strip_prefix("data: "));
                let state: Value = line.map_or(Value::Null, |line| serde_json::from_str(line).unwrap());
                let phase = state["phase"].as_str().unwrap_or_default().to_owned();
                text = rest.to_owned();
                if !phase.is_empty() {
                    phases.push(phase.clone());
                }
                if ["done", "failed"].contains(&phase.as_str()) {
                    return phases;
                }
            }
        }
        phases
    })
}

#[test]
fn the_api_refuses_with_a_code_and_a_hint() {
    let (home, hub) = (Home::new(), Hub::start(Duration::ZERO));
    let server = home.serve_with(&[home.photos().to_str().unwrap()], &hub.environment());
    let unknown = server.post("/models/no-such-model/pull", &json!({}));
    assert_eq!(unknown["error"]["code"], "model_not_found");
    let restricted = server.post("/models/buffalo_l-recognition/pull", &json!({}));
    assert_eq!(restricted["error"]["code"], "licence_not_accepted");
    assert_eq!(server.delete("/models/whisper-base")["error"]["code"], "model_not_found");
    assert_eq!(server.delete("/models/..%2Fsecret")["error"]["code"], "bad_request");
    let failed = server.post("/models/whisper-tiny/pull", &json!({}));
    assert_eq!(failed["error"], Value::Null);
    until("the failure", || model(&server, "whisper-tiny")["pull"]["phase"] == "failed");
    let pull = model(&server, "whisper-tiny")["pull"].clone();
    assert!(pull["error"].as_str().unwrap().contains("404") && pull["hint"].is_string(), "{pull}");
}

/// What the server says of a part that needs a model: its state and its name.
fn part(server: &Server, role: &str) -> (String, String) {
    let status = server.get("/status")["data"].clone();
    let part = status["models"].as_array().unwrap().iter().find(|part| part["role"] == role).unwrap().clone();
    (part["state"].as_str().unwrap().to_owned(), part["name"].as_str().unwrap().to_owned())
}

#[test]
fn models_for_chat_and_vision_count_from_the_next_question_on() {
    let home = Home::new();
    Photo::default().write(&home.photos().join("one.jpg"));
    home.add();
    let server = home.serve(&[]);
    let id = server.get("/media?limit=1")["data"][0]["id"].clone();
    let question = json!({ "question": "why did we go there twice?", "mode": "agent" });
    let about = json!({ "question": "what is it?", "picture": { "id": id } });
    let look = || server.post("/ask", &about)["data"]["tool_calls"].as_array().unwrap().last().unwrap().clone();
    let none = || {
        assert_eq!(server.post("/ask", &question)["error"]["code"], "no_language_model");
        assert_eq!(look()["status"], "failed");
        assert_eq!((part(&server, "chat").0.as_str(), part(&server, "vision").0.as_str()), ("missing", "missing"));
    };
    none();
    let (model, projector) = (fixture("tiny-qwen3.gguf"), fixture("tiny-projector.gguf"));
    home.run(&["models", "import", model.to_str().unwrap(), "--name", "talks"]);
    let sees = ["--mmproj", projector.to_str().unwrap(), "--name", "sees"];
    home.run(&[&["models", "import", model.to_str().unwrap()][..], &sees].concat());
    assert_eq!(part(&server, "chat"), ("ready".to_owned(), "talks".to_owned()));
    assert_eq!(part(&server, "vision"), ("ready".to_owned(), "sees".to_owned()));
    let answer = server.post("/ask", &question);
    assert!(answer["data"]["answer"].is_string(), "random weights say nothing of use, and something is said: {answer}");
    assert_eq!(look()["status"], "done");
    for name in ["talks", "sees"] {
        let removed = server.delete(&format!("/models/{name}"));
        assert_eq!(removed["error"], Value::Null, "{removed}");
    }
    none();
}

//! A speech engine that hears what a test has written down: an OpenAI-compatible server with a script.

use std::sync::{Arc, Mutex};

use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;

/// What is heard in a recording of so many seconds.
type Script = dyn Fn(f64) -> Heard + Send + Sync;

/// What the engine answers.
pub enum Heard {
    /// Sentences with their times in seconds.
    Said(Vec<(f64, f64, &'static str)>),
    /// An error.
    Status(u16),
}

#[derive(Clone)]
struct Shared {
    script: Arc<Script>,
    asked: Arc<Mutex<Vec<f64>>>,
}

/// The server.
pub struct SpeechScript {
    pub url: String,
    asked: Arc<Mutex<Vec<f64>>>,
}

impl SpeechScript {
    pub fn play(script: impl Fn(f64) -> Heard + Send + Sync + 'static) -> Self {
        let asked: Arc<Mutex<Vec<f64>>> = Arc::default();
        let state = Shared { script: Arc::new(script), asked: Arc::clone(&asked) };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().route("/v1/audio/transcriptions", post(answer));
        let app = routes.layer(DefaultBodyLimit::max(1 << 30)).with_state(state);
        std::thread::spawn(move || {
            crate::program::block(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, app).await.unwrap();
            });
        });
        Self { url, asked }
    }

    /// The lengths of all recordings so far, in seconds.
    pub fn asked(&self) -> Vec<f64> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State(state): State<Shared>, mut form: Multipart) -> Response {
    let mut bytes = 0;
    while let Some(field) = form.next_field().await.unwrap() {
        if field.name() == Some("file") {
            bytes = field.bytes().await.unwrap().len();
        }
    }
    // 16 kHz, 16 bits, one channel, behind the header of a WAV file.
    let seconds = (bytes - 44) as f64 / 32_000.0;
    state.asked.lock().unwrap().push(seconds);
    match (state.script)(seconds) {
        Heard::Said(said) => {
            let text: Vec<&str> = said.iter().map(|(.., text)| *text).collect();
            let segments: Vec<_> =
                said.iter().map(|(start, end, text)| json!({ "start": start, "end": end, "text": text })).collect();
            Json(json!({ "text": text.join(" "), "language": "english", "duration": seconds, "segments": segments }))
                .into_response()
        }
        Heard::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
    }
}

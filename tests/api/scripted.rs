//! A language model that says what a test has written down: an OpenAI-compatible server with a script.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

/// What the model says to one request.
#[derive(Clone)]
pub enum Reply {
    /// Text, in pieces of a few characters.
    Text(&'static str),
    /// Calls of tools: name and arguments.
    Calls(Vec<(&'static str, &'static str)>),
    /// Thinking, then text.
    Thinking(&'static str, &'static str),
    /// Text, and then the connection breaks.
    Cut(&'static str),
    /// Text, and then nothing for as long as anybody listens.
    Endless(&'static str),
    /// An error.
    Status(u16),
}

/// The server. Its last reply is repeated.
pub struct Scripted {
    pub url: String,
    state: Arc<Shared>,
}

struct Shared {
    script: Vec<Reply>,
    requests: Mutex<Vec<Value>>,
    /// Answers that somebody stopped listening to.
    abandoned: Mutex<usize>,
}

impl Scripted {
    pub fn play(script: Vec<Reply>) -> Self {
        let state = Arc::new(Shared { script, requests: Mutex::default(), abandoned: Mutex::default() });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().route("/v1/chat/completions", post(answer)).with_state(Arc::clone(&state));
        std::thread::spawn(move || {
            crate::program::block(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, app).await.unwrap();
            });
        });
        Self { url, state }
    }

    /// The bodies of all requests so far.
    pub fn requests(&self) -> Vec<Value> {
        self.state.requests.lock().unwrap().clone()
    }

    pub fn abandoned(&self) -> usize {
        *self.state.abandoned.lock().unwrap()
    }
}

/// Notices that nobody listens any more.
struct Ear(Arc<Shared>);

impl Drop for Ear {
    fn drop(&mut self) {
        *self.0.abandoned.lock().unwrap() += 1;
    }
}

async fn answer(State(state): State<Arc<Shared>>, Json(request): Json<Value>) -> Response {
    let number = {
        let mut requests = state.requests.lock().unwrap();
        requests.push(request);
        requests.len() - 1
    };
    let reply = state.script[number.min(state.script.len() - 1)].clone();
    match reply {
        Reply::Text(text) => [said("content", text), end("stop")].concat().into_response(),
        Reply::Thinking(thought, text) => {
            [said("reasoning_content", thought), said("content", text), end("stop")].concat().into_response()
        }
        Reply::Calls(calls) => {
            let calls = calls.iter().enumerate().flat_map(|(index, (name, arguments))| {
                let (first, rest) = arguments.split_at(arguments.len() / 2);
                let id = format!("call_{number}_{index}");
                [
                    json!({ "index": index, "id": id, "type": "function", "function": { "name": name, "arguments": first } }),
                    json!({ "index": index, "function": { "arguments": rest } }),
                ]
            });
            let calls: String = calls.map(|call| chunk(&json!({ "tool_calls": [call] }), None)).collect();
            [calls, end("tool_calls")].concat().into_response()
        }
        Reply::Cut(text) => said("content", text).into_response(),
        Reply::Endless(text) => {
            let ear = Ear(state);
            let stream = async_stream::stream! {
                let _ear = ear;
                yield Ok::<_, Infallible>(Bytes::from(said("content", text)));
                loop {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    yield Ok(Bytes::from(": still here\n\n"));
                }
            };
            Body::from_stream(stream).into_response()
        }
        Reply::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
    }
}

fn said(field: &str, text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(5).map(|piece| chunk(&json!({ field: piece.iter().collect::<String>() }), None)).collect()
}

fn end(reason: &str) -> String {
    format!("{}data: [DONE]\n\n", chunk(&json!({}), Some(reason)))
}

fn chunk(delta: &Value, reason: Option<&str>) -> String {
    let choice = json!({ "index": 0, "delta": delta, "finish_reason": reason });
    format!("data: {}\n\n", json!({ "id": "c", "object": "chat.completion.chunk", "choices": [choice] }))
}

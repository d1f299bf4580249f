//! Streaming chat against engines that behave and engines that do not: over TCP, and as a real child that is killed.

use std::convert::Infallible;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::Stream;
use serde_json::json;
use tokio::net::TcpListener;

use super::*;
use crate::engine::supervisor::EngineSpec;

fn settings() -> ChatSettings {
    ChatSettings {
        model: "m".into(),
        version: String::new(),
        context: 4096,
        idle: Duration::from_millis(500),
        slots: 2,
        waiting: 4,
    }
}

async fn model(app: Router) -> EngineChat {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let client = EngineClient::new(address.parse().unwrap(), None, Duration::from_secs(2)).unwrap();
    EngineChat::remote(client, settings())
}

fn text(text: &str) -> String {
    format!("data: {}\n\n", json!({ "id": "c", "choices": [{ "delta": { "content": text } }] }))
}

fn end() -> String {
    let usage = json!({ "prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5 });
    let last = json!({ "id": "c", "choices": [{ "delta": {}, "finish_reason": "stop" }] });
    let cost = json!({ "id": "c", "choices": [], "usage": usage });
    format!("data: {last}\n\ndata: {cost}\n\ndata: [DONE]\n\n")
}

fn streamed(pieces: impl Stream<Item = String> + Send + 'static) -> Response {
    Body::from_stream(pieces.map(|piece| Ok::<_, Infallible>(Bytes::from(piece)))).into_response()
}

fn answering(answer: impl Fn(usize) -> Response + Clone + Send + Sync + 'static) -> (Router, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let handler = move || {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        std::future::ready(answer(number))
    };
    (Router::new().route("/v1/chat/completions", post(handler)), asked)
}

async fn hear(model: &EngineChat) -> (String, Option<EngineError>) {
    let mut stream = model.chat(ChatRequest::default(), Priority::Chat);
    let mut said = String::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(ChatEvent::Text(text)) => said.push_str(&text),
            Ok(_) => {}
            Err(error) => return (said, Some(error)),
        }
    }
    (said, None)
}

#[tokio::test]
async fn text_comes_in_pieces_and_the_end_says_what_it_cost() {
    let (app, _) = answering(|_| [": hello\n\n".to_owned(), text("a"), text("b"), end()].concat().into_response());
    let events: Vec<_> = model(app).await.chat(ChatRequest::default(), Priority::Chat).collect().await;
    let events: Vec<ChatEvent> = events.into_iter().map(Result::unwrap).collect();
    assert_eq!(events[..2], [ChatEvent::Text("a".into()), ChatEvent::Text("b".into())]);
    assert!(
        matches!(&events[2], ChatEvent::Done { reason: FinishReason::Stop, usage: Some(usage) } if usage.total_tokens == 5)
    );
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_but_only_before_the_first_piece() {
    let (app, asked) = answering(|number| match number {
        0 => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "0")]).into_response(),
        1 => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "0")]).into_response(),
        _ => [text("yes"), end()].concat().into_response(),
    });
    let (said, error) = hear(&model(app).await).await;
    assert_eq!((said.as_str(), error.is_none(), asked.load(Ordering::SeqCst)), ("yes", true, 3));

    let (app, asked) = answering(|_| text("half an ans").into_response());
    let (said, error) = hear(&model(app).await).await;
    assert_eq!(said, "half an ans");
    assert!(matches!(error, Some(EngineError::Unreachable { .. })), "{error:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "nothing is said twice");

    let (app, asked) = answering(|_| (StatusCode::BAD_REQUEST, "too long").into_response());
    let (_, error) = hear(&model(app).await).await;
    assert!(matches!(error, Some(EngineError::Refused { status: 400, .. })), "{error:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "what will not change is not asked again");
}

#[tokio::test]
async fn an_engine_that_asks_for_much_patience_is_told_on() {
    let (app, asked) = answering(|_| (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "600")]).into_response());
    let (_, error) = hear(&model(app).await).await;
    assert!(matches!(error, Some(EngineError::Busy { .. })), "{error:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_error_in_the_middle_and_nonsense_are_errors() {
    for (body, expected) in [
        (
            format!("{}data: {}\n\n", text("a"), json!({ "error": { "message": "out of memory", "code": 500 } })),
            "out of memory",
        ),
        (format!("{}data: not json\n\n", text("a")), "cannot be read"),
    ] {
        let (app, _) = answering(move |_| body.clone().into_response());
        let (said, error) = hear(&model(app).await).await;
        let message = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(said == "a" && message.contains(expected), "{said}: {message}");
    }
}

#[tokio::test]
async fn slowness_is_borne_and_silence_is_not() {
    let (app, _) = answering(|_| {
        streamed(async_stream::stream! {
            for _ in 0..4 {
                tokio::time::sleep(Duration::from_millis(250)).await;
                yield text("z");
            }
            yield end();
        })
    });
    let (said, error) = hear(&model(app).await).await;
    assert!(said == "zzzz" && error.is_none(), "{error:?}");

    let (app, _) = answering(|_| {
        streamed(async_stream::stream! {
            yield text("a");
            std::future::pending::<()>().await;
        })
    });
    let (said, error) = hear(&model(app).await).await;
    assert!(said == "a" && matches!(error, Some(EngineError::Timeout { .. })), "{error:?}");
}

#[tokio::test]
async fn whoever_stops_listening_ends_the_work() {
    struct Ended(Arc<Mutex<bool>>);
    impl Drop for Ended {
        fn drop(&mut self) {
            *self.0.lock().unwrap() = true;
        }
    }
    let ended = Arc::new(Mutex::new(false));
    let flag = Arc::clone(&ended);
    let (app, _) = answering(move |_| {
        let guard = Ended(Arc::clone(&flag));
        streamed(async_stream::stream! {
            let _guard = guard;
            loop {
                yield text("and ");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
    });
    let model = model(app).await;
    let mut stream = model.chat(ChatRequest::default(), Priority::Chat);
    assert!(stream.next().await.unwrap().is_ok());
    drop(stream);
    for _ in 0..100 {
        if *ended.lock().unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the engine goes on");
}

const BEHAVIOUR: &str = "RECOLLECT_TEST_CHAT_ENGINE";

/// No test: an engine that begins an answer and never ends it. Runs only in a child that the test below has started.
#[tokio::test]
async fn engine_for_the_test_below() {
    if std::env::var(BEHAVIOUR).is_err() {
        return;
    }
    let socket = std::env::args().find_map(|argument| argument.strip_prefix("unix:").map(str::to_owned));
    let listener = tokio::net::UnixListener::bind(socket.unwrap()).unwrap();
    let (app, _) = answering(|_| {
        streamed(async_stream::stream! {
            yield text("Once upon");
            std::future::pending::<()>().await;
        })
    });
    std::thread::spawn(|| {
        let mut byte = [0];
        while matches!(std::io::Read::read(&mut std::io::stdin(), &mut byte), Ok(1)) {}
        std::process::exit(0);
    });
    axum::serve(listener, app.route("/health", get(|| async {}))).await.unwrap();
}

#[tokio::test]
async fn an_engine_that_is_killed_in_the_middle_has_crashed_and_the_next_request_gets_another() {
    let mut spec = EngineSpec::new("test", "/bin/sh".into());
    let name = format!("{}::engine_for_the_test_below", module_path!().split_once("::").unwrap().1);
    let script = r#"exec "$0" "$1" --exact --nocapture --test-threads 1 "$3""#;
    spec.arguments = vec!["-c".into(), script.into(), std::env::current_exe().unwrap().into(), name.into()];
    spec.environment = vec![(BEHAVIOUR.to_owned(), "1".into())];
    let supervisor = Supervisor::new(spec);
    let settings = ChatSettings { idle: Duration::from_secs(20), ..settings() };
    let model = EngineChat::local(supervisor.clone(), settings);
    let mut last = None;
    for _ in 0..3 {
        let mut stream = model.chat(ChatRequest::default(), Priority::Chat);
        assert_eq!(stream.next().await.unwrap().unwrap(), ChatEvent::Text("Once upon".into()));
        let crate::engine::EngineState::Running { pid } = supervisor.state() else { panic!("it runs") };
        assert_ne!(last.replace(pid), Some(pid));
        std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
        let error = stream.next().await.unwrap().unwrap_err();
        assert!(matches!(&error, EngineError::Crashed { status, .. } if status.contains('9')), "{error}");
        assert!(stream.next().await.is_none());
    }
    supervisor.shutdown().await;
}

//! The client against real servers: over TCP and a Unix socket, well-behaved and not.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tokio::net::{TcpListener, UnixListener};

use super::*;

async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

fn client(address: &str, token: Option<&str>) -> EngineClient {
    EngineClient::new(address.parse().unwrap(), token.map(str::to_owned), Duration::from_secs(2)).unwrap()
}

async fn embed_at(app: Router, texts: usize) -> Result<Vec<Vec<f32>>, EngineError> {
    let texts = vec!["a".to_owned(); texts];
    client(&serve(app).await, None).embed("m", &texts).await
}

fn answering(body: &'static str) -> Router {
    Router::new().route("/v1/embeddings", post(move || async move { body }))
}

#[test]
fn addresses_are_read_and_written() {
    for (text, written) in [
        ("unix:/run/e.sock", "unix:/run/e.sock"),
        ("unix:///run/e.sock", "unix:/run/e.sock"),
        ("http://localhost:11434/v1", "http://localhost:11434"),
        ("http://localhost:11434/v1/", "http://localhost:11434"),
        ("https://gpu.example/engine", "https://gpu.example/engine"),
    ] {
        assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), written);
    }
    for text in ["", "unix:relative", "ftp://a", "localhost:80", "http://user:pw@host", "http://host/?q=1"] {
        let error = text.parse::<Endpoint>().unwrap_err();
        assert!(matches!(error, EngineError::Address { .. }), "{text}");
    }
}

#[tokio::test]
async fn vectors_are_put_in_the_order_of_the_texts() {
    let body = r#"{"object":"list","model":"m","data":[{"index":1,"embedding":[0,1]},{"index":0,"embedding":"AACAPwAAAAA="}]}"#;
    assert_eq!(embed_at(answering(body), 2).await.unwrap(), [[1.0, 0.0], [0.0, 1.0]]);
}

#[tokio::test]
async fn answers_that_cannot_be_right_are_refused() {
    for (body, texts, why) in [
        (r#"{"object":"list","model":"m","data":[{"index":0,"embedding":[1]}]}"#, 2, "lacks"),
        (r#"{"object":"list","model":"m","data":[{"index":7,"embedding":[1]}]}"#, 1, "text 7"),
        (r#"{"object":"list","model":"m","data":[{"index":0,"embedding":[]}]}"#, 1, "empty"),
        (
            r#"{"object":"list","model":"m","data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}"#,
            2,
            "unequal",
        ),
        (r#"{"object":"list","model":"m","data":[{"index":0,"embedding":"AADAfw=="}]}"#, 1, "finite"),
        ("<html>a login page</html>", 1, "expected value"),
    ] {
        let error = embed_at(answering(body), texts).await.unwrap_err();
        assert!(matches!(&error, EngineError::Answer { reason, .. } if reason.contains(why)), "{body}: {error}");
    }
}

#[tokio::test]
async fn refusals_carry_the_engines_words_and_a_full_queue_its_time() {
    let app = Router::new()
        .route("/v1/models", get(|| async { (StatusCode::NOT_FOUND, r#"{"error":{"message":"no such model"}}"#) }))
        .route(
            "/v1/embeddings",
            post(|| async { (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")]).into_response() }),
        );
    let client = client(&serve(app).await, None);
    let error = client.models().await.unwrap_err();
    assert!(
        matches!(&error, EngineError::Refused { status: 404, message, .. } if message == "no such model"),
        "{error}"
    );
    let error = client.embed("m", &["a".to_owned()]).await.unwrap_err();
    assert!(matches!(error, EngineError::Busy { retry_after, .. } if retry_after == Duration::from_secs(7)));
}

#[tokio::test]
async fn the_token_is_sent_and_never_to_another_address() {
    let stranger = serve(Router::new().route("/v1/models", get(|| async { r#"{"data":[{"id":"stranger"}]}"# }))).await;
    let app = Router::new()
        .route(
            "/health",
            get(move || async move { axum::response::Redirect::temporary(&format!("{stranger}/v1/models")) }),
        )
        .route(
            "/v1/models",
            get(|headers: HeaderMap| async move {
                if headers.get("authorization").is_some_and(|value| value == "Bearer s3cret") {
                    r#"{"data":[{"id":"m"}]}"#.into_response()
                } else {
                    StatusCode::UNAUTHORIZED.into_response()
                }
            }),
        );
    let address = serve(app).await;
    assert_eq!(client(&address, Some("s3cret")).models().await.unwrap()[0].id, "m");
    assert!(matches!(client(&address, None).models().await.unwrap_err(), EngineError::Unauthorized { .. }));
    let error = client(&address, Some("s3cret")).health().await.unwrap_err();
    assert!(matches!(error, EngineError::Refused { status: 307, .. }), "{error}");
    assert!(!format!("{:?}", client(&address, Some("s3cret"))).contains("s3cret"));
}

#[tokio::test]
async fn a_server_without_a_health_route_is_asked_for_its_models() {
    let app = Router::new().route("/v1/models", get(|| async { r#"{"data":[]}"# }));
    client(&serve(app).await, None).health().await.unwrap();
}

#[tokio::test]
async fn silence_is_a_timeout_and_nobody_is_unreachable() {
    let app = Router::new().route("/v1/embeddings", post(std::future::pending::<()>));
    let address: Endpoint = serve(app).await.parse().unwrap();
    let client_of = |endpoint| EngineClient::new(endpoint, None, Duration::from_millis(200)).unwrap();
    let error = client_of(address).embed("m", &["a".to_owned()]).await.unwrap_err();
    assert!(matches!(error, EngineError::Timeout { .. }), "{error}");
    let error = client_of("unix:/nowhere/e.sock".parse().unwrap()).health().await.unwrap_err();
    assert!(matches!(&error, EngineError::Unreachable { .. }) && error.is_transient(), "{error}");
}

#[tokio::test]
async fn a_unix_socket_serves_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("e.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let app = Router::new().route("/v1/models", get(|| async { r#"{"data":[{"id":"m","dimensions":3}]}"# }));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let client = client(&format!("unix:{}", path.display()), None);
    assert_eq!(client.models().await.unwrap()[0].dimensions, Some(3));
}

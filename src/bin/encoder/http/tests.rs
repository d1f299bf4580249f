//! The routes, with a model that is no model: a text's vector is its length and its number of words.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use recollect::engine::protocol::vision::{Annotation, PictureFault};

use super::*;
use crate::text::worker::{self, Model, Queue};
use crate::vision::worker::Eye;

struct Counting;

impl Model for Counting {
    fn embed(&mut self, texts: &[&[u32]]) -> anyhow::Result<Vec<Vec<f32>>> {
        Ok(texts.iter().map(|text| text.iter().map(|token| *token as f32).collect()).collect())
    }
}

fn app(queue: &Queue, token: Option<&str>) -> Router {
    let info = Info { name: "counting".to_owned(), version: "v1".to_owned(), dimensions: 2, max_tokens: 16 };
    let tokenize: Tokenize = Arc::new(|text| {
        anyhow::ensure!(text != "poison", "a text cannot be tokenized");
        Ok(vec![text.len() as u32, text.split_whitespace().count() as u32])
    });
    router(vec![Text { info: Arc::new(info), tokenize, queue: queue.clone() }], None, token)
}

fn queue(capacity: usize) -> Queue {
    worker::start(Counting, capacity).unwrap().0
}

async fn send(
    app: Router,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: impl Into<Body>,
) -> (StatusCode, HeaderMap, Value) {
    let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let response = app.oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn embed(body: Value) -> (StatusCode, Value) {
    let (status, _, answer) = send(app(&queue(100), None), "POST", "/v1/embeddings", None, body.to_string()).await;
    (status, answer)
}

#[tokio::test]
async fn one_text_and_several_get_their_vectors_in_order() {
    let (status, answer) = embed(json!({"model": "counting", "input": "two words"})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        answer,
        json!({
            "object": "list", "model": "counting",
            "data": [{"object": "embedding", "index": 0, "embedding": [9.0, 2.0]}],
            "usage": {"prompt_tokens": 2, "total_tokens": 2},
        })
    );
    let (_, answer) = embed(json!({"input": ["", "a b c", "x"]})).await;
    let vectors: Vec<&Value> = answer["data"].as_array().unwrap().iter().map(|item| &item["embedding"]).collect();
    assert_eq!(vectors, [&json!([0.0, 0.0]), &json!([5.0, 3.0]), &json!([1.0, 1.0])]);
}

#[tokio::test]
async fn base64_holds_the_same_numbers() {
    let (_, answer) = embed(json!({"input": "a b", "encoding_format": "base64", "dimensions": 2})).await;
    // 3.0 and 2.0 as little-endian binary32: 00 00 40 40, 00 00 00 40.
    assert_eq!(answer["data"][0]["embedding"], "AABAQAAAAEA=");
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said_in_openais_shape() {
    for (body, status, code) in [
        (json!({"input": []}), 400, "invalid_value"),
        (json!({"input": vec!["a"; 2049]}), 400, "invalid_value"),
        (json!({"input": vec!["a"; 101]}), 400, "invalid_value"),
        (json!({"input": [[1, 2]]}), 400, "invalid_body"),
        (json!({"text": "a"}), 400, "invalid_body"),
        (json!({"input": "a", "model": "other"}), 404, "model_not_found"),
        (json!({"input": "a", "dimensions": 3}), 400, "invalid_value"),
        (json!({"input": ["fine", "poison"]}), 400, "invalid_value"),
    ] {
        let (found, answer) = embed(body.clone()).await;
        assert_eq!((found.as_u16(), &answer["error"]["code"]), (status, &json!(code)), "{body}");
        assert!(!answer["error"]["message"].as_str().unwrap().is_empty());
    }
    let queue = queue(1);
    let (status, _, _) = send(app(&queue, None), "POST", "/v1/embeddings", None, "not json").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let large = format!("{{\"input\":\"{}\"}}", "x".repeat(LARGEST_TEXTS));
    let (status, _, answer) = send(app(&queue, None), "POST", "/v1/embeddings", None, large).await;
    assert_eq!((status, &answer["error"]["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("too_large")));
    for (method, path, status) in [("GET", "/nothing", 404), ("GET", "/v1/embeddings", 405)] {
        let (found, _, answer) = send(app(&queue, None), method, path, None, "").await;
        assert_eq!(found.as_u16(), status);
        assert!(answer["error"]["message"].is_string());
    }
}

#[tokio::test]
async fn a_full_queue_is_answered_with_429_and_when_to_ask_again() {
    let queue = queue(20);
    let _held = queue.reserve(20).unwrap();
    let body = json!({"input": vec!["a"; 10]}).to_string();
    let (status, headers, answer) = send(app(&queue, None), "POST", "/v1/embeddings", None, body).await;
    assert_eq!((status, headers["retry-after"].to_str().unwrap()), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert_eq!(answer["error"]["type"], "rate_limit_error");
}

#[tokio::test]
async fn the_token_guards_all_but_health() {
    let queue = queue(10);
    let body = json!({"input": "a"}).to_string();
    for (token, status) in [(None, 401), (Some("wrong"), 401), (Some("right"), 200)] {
        let (found, _, _) = send(app(&queue, Some("right")), "POST", "/v1/embeddings", token, body.clone()).await;
        assert_eq!(found.as_u16(), status, "{token:?}");
        let (found, _, _) = send(app(&queue, Some("right")), "GET", "/v1/models", token, "").await;
        assert_eq!(found.as_u16(), status, "{token:?}");
    }
    let (status, _, answer) = send(app(&queue, Some("right")), "GET", "/health", None, "").await;
    assert_eq!((status, answer), (StatusCode::OK, json!({"status": "ok", "models": ["counting"]})));
}

#[tokio::test]
async fn the_model_says_which_weights_it_has() {
    let (_, _, answer) = send(app(&queue(1), None), "GET", "/v1/models", None, "").await;
    let card = &answer["data"][0];
    assert_eq!((&card["id"], &card["version"], &card["dimensions"]), (&json!("counting"), &json!("v1"), &json!(2)));
}

/// Sees nothing but how long a picture's address is; an address of four letters cannot be read.
struct Blink;

impl Eye for Blink {
    fn see(&mut self, url: &str, features: &[Feature]) -> Annotation {
        if url.len() == 4 {
            let fault = PictureFault { code: "unreadable".to_owned(), message: "it is none".to_owned() };
            return Annotation { error: Some(fault), ..Annotation::default() };
        }
        let objects = features.contains(&Feature::Objects).then(Vec::new);
        Annotation { width: url.len() as u32, height: 1, objects, ..Annotation::default() }
    }
}

fn seeing(capacity: usize) -> Vision {
    let model = |name: &str| SeeingModel { name: name.to_owned(), version: "v".to_owned() };
    let models = BTreeMap::from([(Feature::Objects, model("things")), (Feature::Labels, model("words"))]);
    Vision { models: Arc::new(models), queue: crate::vision::worker::start(vec![Blink, Blink], capacity).unwrap().0 }
}

async fn annotate(vision: Vision, body: Value) -> (StatusCode, HeaderMap, Value) {
    send(router(Vec::new(), Some(vision), None), "POST", "/v1/images/annotations", None, body.to_string()).await
}

#[tokio::test]
async fn each_picture_has_its_own_outcome() {
    let body = json!({"images": ["abc", "none", "a"], "features": ["objects", "objects"]});
    let (status, _, answer) = annotate(seeing(9), body).await;
    assert_eq!(status, StatusCode::OK);
    let widths: Vec<&Value> = answer["data"].as_array().unwrap().iter().map(|seen| &seen["width"]).collect();
    assert_eq!(widths, [&json!(3), &json!(0), &json!(1)]);
    assert_eq!(answer["data"][1]["error"]["code"], "unreadable");
    assert_eq!((&answer["data"][2]["index"], &answer["data"][2]["objects"]), (&json!(2), &json!([])));
    assert_eq!(answer["models"], json!({"objects": {"name": "things", "version": "v"}}));
}

#[tokio::test]
async fn what_is_wrong_with_a_request_to_see_is_said() {
    for (body, status, code) in [
        (json!({"images": [], "features": ["objects"]}), 400, "invalid_value"),
        (json!({"images": ["a"], "features": []}), 400, "invalid_value"),
        (json!({"images": ["a"], "features": ["faces"]}), 400, "invalid_value"),
        (json!({"images": ["a"], "features": ["smells"]}), 400, "invalid_body"),
        (json!({"images": "a", "features": ["objects"]}), 400, "invalid_body"),
        (json!({"images": vec!["a"; 257], "features": ["objects"]}), 400, "invalid_value"),
        (json!({"images": vec!["a"; 10], "features": ["objects"]}), 400, "invalid_value"),
    ] {
        let (found, _, answer) = annotate(seeing(9), body.clone()).await;
        assert_eq!((found.as_u16(), &answer["error"]["code"]), (status, &json!(code)), "{body}");
    }
    let vision = seeing(9);
    let _held = vision.queue.reserve(9).unwrap();
    let (status, headers, _) = annotate(vision, json!({"images": ["a"], "features": ["objects"]})).await;
    assert_eq!((status, headers["retry-after"].to_str().unwrap()), (StatusCode::TOO_MANY_REQUESTS, "1"));
}

#[tokio::test]
async fn an_engine_without_a_model_says_so_and_lists_those_it_has() {
    let texts = queue(1);
    let body = json!({"images": ["a"], "features": ["objects"]}).to_string();
    let (status, _, answer) = send(app(&texts, None), "POST", "/v1/images/annotations", None, body).await;
    assert_eq!((status.as_u16(), &answer["error"]["code"]), (404, &json!("model_not_found")));
    let app = || router(Vec::new(), Some(seeing(1)), None);
    let (status, _, _) = send(app(), "POST", "/v1/embeddings", None, json!({"input": "a"}).to_string()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (_, _, models) = send(app(), "GET", "/v1/models", None, "").await;
    assert_eq!((&models["data"][0]["id"], &models["data"][0]["features"]), (&json!("things"), &json!(["objects"])));
    let (_, _, health) = send(app(), "GET", "/health", None, "").await;
    assert_eq!(health["models"], json!(["things", "words"]));
}

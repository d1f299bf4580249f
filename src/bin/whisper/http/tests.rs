//! The routes, with a model that is no model: it says how many seconds it heard, in which language, word by word.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use recollect::engine::protocol::{Segment, Transcription, Word};
use recollect::voice::audio::Recording;
use serde_json::{Value, json};
use tokio::sync::mpsc::error::TryRecvError;
use tower::ServiceExt as _;

use super::*;
use crate::job::{Event, Listener, Model, Options, Stopped};
use crate::worker;

struct Counting;

impl Model for Counting {
    fn transcribe(
        &mut self,
        heard: &Recording,
        options: &Options,
        listener: &Listener,
    ) -> Result<Transcription, Stopped> {
        if options.prompt == "wait until nobody waits" {
            while !listener.is_gone() {
                std::thread::sleep(Duration::from_millis(2));
            }
            return Err(Stopped::Cancelled);
        }
        if options.prompt == "fail" {
            return Err(Stopped::Failed(anyhow::anyhow!("out of luck")));
        }
        let text = format!("{} seconds of {}", heard.seconds(), options.language.unwrap_or("something"));
        listener.tell(Event::Progress(0.5));
        for word in text.split_inclusive(' ') {
            listener.tell(Event::Text(word.to_owned()));
        }
        let segment = Segment { end: heard.seconds(), text: text.clone(), tokens: vec![1, 2], ..Segment::default() };
        Ok(Transcription {
            task: if options.task == Task::Translate { "translate" } else { "transcribe" }.to_owned(),
            language: "english".to_owned(),
            duration: heard.seconds(),
            text,
            segments: Some(vec![segment]),
            words: options.words.then(|| vec![Word { word: "2".to_owned(), start: 0.0, end: 0.5 }]),
        })
    }
}

fn engine(capacity: usize, multilingual: bool) -> Arc<Engine> {
    let limits = AudioLimits { max_bytes: 1 << 20, ..AudioLimits::default() };
    let info = Info { name: "counting".to_owned(), multilingual, language: None, limits };
    Arc::new(Engine::new(info, worker::start(|| Ok(Counting), capacity).unwrap().0))
}

fn sound() -> Vec<u8> {
    Recording { samples: vec![1000; 32_000] }.to_wav()
}

fn form(file: Option<&[u8]>, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some(file) = file {
        body.extend(b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    body
}

async fn send(engine: &Arc<Engine>, route: &str, body: Vec<u8>) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().method("POST").uri(format!("/v1/audio/{route}"));
    let request = request.header("content-type", "multipart/form-data; boundary=b").body(Body::from(body)).unwrap();
    let response = router(Arc::clone(engine), None).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

async fn transcribe(fields: &[(&str, &str)]) -> (StatusCode, String) {
    let (status, _, body) = send(&engine(4, true), "transcriptions", form(Some(&sound()), fields)).await;
    (status, body)
}

async fn get(engine: &Arc<Engine>, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router(Arc::clone(engine), None).oneshot(request).await.unwrap();
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn every_format_has_its_shape() {
    let said = "2 seconds of de";
    let de = ("language", "German");
    assert_eq!(transcribe(&[de]).await.1, json!({ "text": said }).to_string());
    assert_eq!(transcribe(&[de, ("response_format", "text")]).await.1, format!("{said}\n"));
    let srt = transcribe(&[de, ("response_format", "srt")]).await.1;
    assert_eq!(srt, format!("1\n00:00:00,000 --> 00:00:02,000\n{said}\n\n"));
    assert!(transcribe(&[de, ("response_format", "vtt")]).await.1.starts_with("WEBVTT\n\n00:00:00.000"));
    let verbose = |body: String| serde_json::from_str::<Value>(&body).unwrap();
    let answer = verbose(transcribe(&[de, ("response_format", "verbose_json")]).await.1);
    assert_eq!((&answer["duration"], &answer["segments"][0]["tokens"]), (&json!(2.0), &json!([1, 2])));
    assert_eq!(answer.get("words"), None);
    let words = [("response_format", "verbose_json"), ("timestamp_granularities[]", "word")];
    let answer = verbose(transcribe(&words).await.1);
    assert_eq!((&answer["words"][0]["word"], answer.get("segments")), (&json!("2"), None));
    let both = [words[0], words[1], ("timestamp_granularities[]", "segment")];
    let answer = verbose(transcribe(&both).await.1);
    assert!(answer["words"].is_array() && answer["segments"].is_array());
}

#[tokio::test]
async fn a_stream_has_progress_the_text_in_parts_and_then_the_whole() {
    let (_, headers, body) =
        send(&engine(1, true), "transcriptions", form(Some(&sound()), &[("stream", "true"), ("language", "en")])).await;
    assert!(headers["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    let data: Vec<&str> = body.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    assert_eq!(data.last(), Some(&"[DONE]"));
    let events: Vec<Value> = data[..data.len() - 1].iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    assert_eq!(events[0], json!({ "type": "transcript.progress", "progress": 0.5 }));
    let parts: String = events.iter().filter_map(|event| event["delta"].as_str()).collect();
    let done = events.last().unwrap();
    assert_eq!((done["type"].as_str(), done["text"].as_str()), (Some("transcript.text.done"), Some(parts.as_str())));
    assert_eq!(parts, "2 seconds of en");
}

#[tokio::test]
async fn a_failure_is_an_error_or_its_event() {
    let (status, body) = transcribe(&[("prompt", "fail")]).await;
    assert!(status == StatusCode::INTERNAL_SERVER_ERROR && body.contains("out of luck"), "{body}");
    let (status, body) = transcribe(&[("prompt", "fail"), ("stream", "true")]).await;
    assert!(status == StatusCode::OK && body.contains("\"error\":{\"message\":\"out of luck\""), "{body}");
    assert!(!body.contains("[DONE]"));
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said_in_openais_shape() {
    for (fields, status, code) in [
        (&[("model", "other")][..], 404, "model_not_found"),
        (&[("language", "klingon")], 400, "invalid_value"),
        (&[("language", "e\0n")], 400, "invalid_value"),
        (&[("temperature", "2")], 400, "invalid_value"),
        (&[("temperature", "warm")], 400, "invalid_value"),
        (&[("response_format", "xml")], 400, "invalid_value"),
        (&[("timestamp_granularities[]", "letter")], 400, "invalid_value"),
        (&[("model", "counting"), ("language", "en-US"), ("include[]", "logprobs")], 200, ""),
        (&[("model", "whisper-1"), ("language", "auto")], 200, ""),
    ] {
        let (found, body) = transcribe(fields).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (found.as_u16(), body["error"]["code"].as_str().unwrap_or("")),
            (status, code),
            "{fields:?}: {body}"
        );
    }
}

#[tokio::test]
async fn a_recording_that_cannot_be_used_is_refused_with_its_reason() {
    let engine = engine(2, true);
    for (file, status, code) in [
        (None, 400, "invalid_value"),
        (Some(&b""[..]), 400, "empty_file"),
        (Some(&vec![0; (1 << 20) + 1][..]), 413, "too_large"),
        (Some(&vec![0; 3 << 20][..]), 413, "too_large"),
    ] {
        let (found, _, body) = send(&engine, "transcriptions", form(file, &[])).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((found.as_u16(), body["error"]["code"].as_str().unwrap()), (status, code), "{body}");
    }
    let (status, _, body) = send(&engine, "transcriptions", b"--b\r\nno form".to_vec()).await;
    assert!(status == StatusCode::BAD_REQUEST && body.contains("invalid_body"), "{body}");
    assert_eq!(engine.queue.len(), 0, "a refused recording takes no room");
}

#[tokio::test]
async fn a_model_that_knows_english_only_says_so_and_translation_is_a_task() {
    let engine = engine(2, false);
    let (status, _, body) = send(&engine, "transcriptions", form(Some(&sound()), &[("language", "de")])).await;
    assert!(status == StatusCode::BAD_REQUEST && body.contains("English only"), "{body}");
    let (_, _, body) =
        send(&engine, "translations", form(Some(&sound()), &[("response_format", "verbose_json")])).await;
    assert!(body.contains("\"task\":\"translate\""), "{body}");
}

#[tokio::test]
async fn who_goes_away_is_given_up_and_a_full_queue_says_when_to_come_back() {
    let engine = engine(1, true);
    let place = engine.queue.reserve().unwrap();
    let options = Options { prompt: "wait until nobody waits".to_owned(), ..Options::default() };
    let recording = Recording { samples: vec![1; 16_000] };
    let mut first = engine.queue.transcribe(place, recording.clone(), options.clone());
    let second = engine.queue.transcribe(engine.queue.reserve().unwrap(), recording, options);
    let (status, headers, _) = send(&engine, "transcriptions", form(Some(&sound()), &[])).await;
    assert_eq!((status, headers["retry-after"].to_str().unwrap()), (StatusCode::TOO_MANY_REQUESTS, "2"));
    assert!(matches!(first.try_recv(), Err(TryRecvError::Empty)));
    drop((first, second));
    for _ in 0..500 {
        if engine.queue.len() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (status, _, _) = send(&engine, "transcriptions", form(Some(&sound()), &[])).await;
    assert_eq!(status, StatusCode::OK);
    let metrics = get(&engine, "/metrics").await;
    for line in
        ["{outcome=\"cancelled\"} 2", "{outcome=\"refused\"} 1", "{outcome=\"done\"} 1", "recollect_whisper_queue 0"]
    {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert!(get(&engine, "/v1/models").await.contains("\"id\":\"counting\""));
}
